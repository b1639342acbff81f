package templates

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
)

// mediaTypes of the files that pages ask for.
var mediaTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".wasm":  "application/wasm",
	".woff2": "font/woff2",
}

// digest names the whole of the static files: their address changes when one
// of them does, so that browsers may keep them for ever.
func digest() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		h.Write([]byte(name))
		h.Write(b)
		return nil
	})
	return hex.EncodeToString(h.Sum(nil))[:16], err
}

// assetURL is the address of a static file, below the base path.
func (s *Set) assetURL(name string) string { return s.base + "/static/" + s.digest + "/" + name }

// Asset gives the static file behind a path "/static/<digest>/<name>". Current
// tells whether the digest is today's: if not, the answer must not be kept.
func (s *Set) Asset(p string) (body []byte, mediaType string, current, ok bool) {
	rest, found := strings.CutPrefix(p, "/static/")
	sum, name, cut := strings.Cut(rest, "/")
	if !found || !cut || strings.Contains(name, "/") {
		return nil, "", false, false
	}
	mediaType, ok = mediaTypes[path.Ext(name)]
	if !ok {
		return nil, "", false, false
	}
	body, err := files.ReadFile("static/" + name)
	return body, mediaType, sum == s.digest, err == nil
}

// AssetPaths lists the addresses of the static files that pages need where no
// script runs, below the base path.
func (s *Set) AssetPaths() ([]string, error) {
	names, err := fs.Glob(files, "static/*")
	var paths []string
	for _, name := range names {
		if ext := path.Ext(name); ext != ".js" && ext != ".wasm" {
			paths = append(paths, "/static/"+s.digest+"/"+path.Base(name))
		}
	}
	return paths, err
}
