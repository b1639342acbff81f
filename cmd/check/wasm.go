package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// The verifier for browsers, where it is kept once it is built, and how large
// it may be when compressed: it is loaded over telephones, and net/http alone
// would add 1.8 MB.
const (
	wasmPackage = "./cmd/hallmark-wasm"
	wasmFile    = "templates/static/hallmark.wasm"
	wasmLimit   = 2_300_000
)

var (
	wasmEnv   = []string{"GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0"}
	wasmBuild = []string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o"}

	wasmCommand = strings.Join(wasmEnv, " ") + " go build -trimpath -buildvcs=false -ldflags='-s -w' -o " + wasmFile + " " + wasmPackage
)

func (c *checker) hasWASM() bool {
	_, err := os.Stat(filepath.Join(c.root, wasmPackage))
	return err == nil
}

// wasm builds the verifier for browsers as it is shipped and weighs it.
func (c *checker) wasm(ctx context.Context) {
	if !c.hasWASM() {
		c.fail("%s is missing", wasmPackage)
		return
	}
	dir, err := os.MkdirTemp("", "hallmark-check-")
	if err != nil {
		c.fail("%v", err)
		return
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "hallmark.wasm")
	output, err := c.run(c.command(ctx, wasmEnv, "go", append(wasmBuild, file, wasmPackage)...))
	if err != nil {
		c.show(output)
		c.fail("build %s: %v", wasmPackage, err)
		return
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		c.fail("%v", err)
		return
	}
	c.weigh(raw, wasmLimit)
	c.compare(raw)
}

// compare holds the file that the server hands to browsers, if there is one,
// to what this tree builds: nobody need take the committed bytes on trust.
func (c *checker) compare(built []byte) {
	committed, err := os.ReadFile(filepath.Join(c.root, wasmFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		c.fail("%v", err)
	case !bytes.Equal(committed, built):
		c.fail("%s is not what this tree builds with %s: run %s", wasmFile, runtime.Version(), wasmCommand)
	}
}

// weigh prints how large a file is and fails if it is more than limit bytes
// when compressed.
func (c *checker) weigh(raw []byte, limit int) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(raw)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		c.fail("%v", err)
		return
	}
	const mega = 1e6
	fmt.Fprintf(c.out, "   %.2f MB, %.2f MB gzip, limit %.2f MB\n",
		float64(len(raw))/mega, float64(packed.Len())/mega, float64(limit)/mega)
	if packed.Len() > limit {
		c.fail("%d bytes compressed are over the limit of %d: see what %s has come to import", packed.Len(), limit, wasmPackage)
	}
}
