package export

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hallmark/issuer"
)

func fill(text string) func(string) error {
	return func(part string) error { return os.WriteFile(filepath.Join(part, "made"), []byte(text), 0o644) }
}

func holds(t *testing.T, dir, want string) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(dir, "made"))
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v; want %q", dir, got, err, want)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%s holds %v besides, %v", dir, left, err)
	}
}

// A folder is whole under its name, or as it was before.
func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	if err := Folder(dir, false, fill("one")); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, "one")
	if err := Folder(dir, false, fill("two")); !errors.Is(err, issuer.Conflict) {
		t.Errorf("a folder that is there: %v", err)
	}
	broken := errors.New("broken off")
	if err := Folder(dir, true, func(string) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("broken off: %v", err)
	}
	holds(t, dir, "one")
	if err := Folder(dir, true, fill("three")); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, "three")
	if left, err := filepath.Glob(dir + ".*"); err != nil || len(left) > 0 {
		t.Errorf("left beside it: %q %v", left, err)
	}
}

// What a broken run left is begun anew; what is somebody's stays.
func TestFolderInTheWay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	part := dir + ".tmp"
	if err := os.MkdirAll(part, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"old", unfinished} {
		if err := os.WriteFile(filepath.Join(part, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := Folder(dir, false, fill("one")); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, "one")
	if err := os.MkdirAll(filepath.Join(part, "mine"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Folder(dir, true, fill("two")); !errors.Is(err, issuer.Conflict) {
		t.Errorf("somebody's folder in the way: %v", err)
	}
	holds(t, dir, "one")
}

// Hosts are told of every file whose name says nothing, by the address that it
// has, and of nothing twice.
func TestHostingFiles(t *testing.T) {
	text := headersFile("/badges", "/did.json", true)
	for _, want := range []string{"/badges/*\n  Access-Control-Allow-Origin: *", "/badges/did.json\n  Content-Type: application/did+json",
		"/badges/v/*.json\n  Content-Type: application/vc\n  X-Robots-Tag: noindex, nofollow", "/badges/log/tile/*\n", "Strict-Transport-Security", "X-Content-Type-Options: nosniff"} {
		if !strings.Contains(text, want) {
			t.Errorf("_headers lacks %q", want)
		}
	}
	if strings.Contains(text, "Content-Security-Policy") || strings.Contains(headersFile("", "/did.json", false), "Strict-Transport") {
		t.Error("_headers says what the pages say, or speaks of https where there is none")
	}
	apache := htaccess("", "/.well-known/did.json", true)
	for _, want := range []string{`=~ m#^/v/[^/]*\.json$#`, `=~ m#^/log/tile/.*$#`, `=~ m#^/\.well-known/did\.json$#`, "ErrorDocument 404 /404.html"} {
		if !strings.Contains(apache, want) {
			t.Errorf(".htaccess lacks %q", want)
		}
	}
}
