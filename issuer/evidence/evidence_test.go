package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/verifier"
)

func put(t *testing.T, d *Disk, content string) *File {
	t.Helper()
	f, err := d.Put(t.Context(), strings.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// files lists what lies in a folder.
func files(t *testing.T, dir string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			found = append(found, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return found
}

func read(t *testing.T, d *Disk, digest string) (string, error) {
	t.Helper()
	r, err := d.Open(t.Context(), digest)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), nil
}

// TestKept: what was put is read back under the digest that a badge would seal,
// is there once, and lies with nobody else to read it.
func TestKept(t *testing.T) {
	d := NewDisk(filepath.Join(t.TempDir(), "evidence"))
	const content = "Hours per report,before,after\n1,6,2\n"
	f := put(t, d, content)
	if f.Digest() != verifier.Digest([]byte(content)) || f.Size() != int64(len(content)) || f.MediaType("hours.csv") != "text/csv; charset=utf-8" {
		t.Errorf("%+v", f)
	}
	if got, err := read(t, d, f.Digest()); err != nil || got != content {
		t.Errorf("read back: %q %v", got, err)
	}
	put(t, d, content)
	found := files(t, d.dir)
	if len(found) != 1 {
		t.Fatalf("put twice: %q", found)
	}
	if info, err := os.Stat(found[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	for _, name := range []string{"", "z", "../../etc/passwd", "z../" + f.Digest(), f.Digest() + "x", verifier.Digest(nil)} {
		if _, err := d.Open(t.Context(), name); !errors.Is(err, issuer.NotFound) {
			t.Errorf("open %q: %v", name, err)
		}
	}
}

// archived is a ZIP archive of a file.
func archived(name string, content []byte) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	to, err := w.Create(name)
	if err == nil {
		_, err = to.Write(content)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		panic(err)
	}
	return b.String()
}

// TestHostile: what is taken, as what and under which name it is given, by its
// bytes alone.
func TestHostile(t *testing.T) {
	d := NewDisk(t.TempDir())
	picture := "\x89PNG\r\n\x1a\n" + string(chunk("IHDR", strings.Repeat("x", 13))) + string(chunk("IDAT", "x")) + string(chunk("IEND", ""))
	tests := []struct {
		what, name, content string
		media, given        string // "" is refused
	}{
		{"a PDF", "report.pdf", "%PDF-1.7\nx", "application/pdf", "report.pdf"},
		{"a picture", "Shot.PNG", picture, "image/png", "Shot.PNG"},
		{"a photograph", "a.jpeg", "\xff\xd8\xff\xda\x00\x02coded", "image/jpeg", "a.jpeg"},
		{"a table", "hours.csv", "a,b\r\n1,=cmd()\r\n", "text/csv; charset=utf-8", "hours.csv"},
		{"a text", "notes.txt", "Grüße\n\tund mehr", "text/plain; charset=utf-8", "notes.txt"},
		{"a document", "plan.docx", archived("[Content_Types].xml", []byte("<x/>")), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "plan.docx"},
		{"an archive", "all.zip", archived("x", nil), "application/zip", "all.zip"},
		{"a bomb is bytes", "bomb.zip", archived("x", make([]byte, 1<<22)), "application/zip", "bomb.zip"},
		{"a picture that is an archive, too", "x.zip", picture + archived("x", nil), "image/png", "x.zip.png"},
		{"a PDF with a page in it", "x.html", "%PDF-1.4 <html><script>alert(1)</script>", "application/pdf", "x.html.pdf"},
		{"a text that calls itself a program", "run.exe", "echo hello", "text/plain; charset=utf-8", "run.exe.txt"},
		{"a script", "x.bat", "del *.*", "text/plain; charset=utf-8", "x.bat.txt"},
		{"an archive that calls itself a program", "x.jar", archived("x", nil), "application/zip", "x.jar.zip"},
		{"a name with folders", "../../etc/cron.d/x.txt", "x", "text/plain; charset=utf-8", "x.txt"},
		{"a name with other folders", `C:\Users\lea\x.txt`, "x", "text/plain; charset=utf-8", "x.txt"},
		{"a name with control characters", "a\x00b\r\nc\x1b[2J.txt", "x", "text/plain; charset=utf-8", "abc[2J.txt"},
		{"a name that turns around", "gnp.\u202etxt.exe", "x", "text/plain; charset=utf-8", "gnp.txt.exe.txt"},
		{"a name of dots", "..", "x", "text/plain; charset=utf-8", "file.txt"},
		{"no name", "", "x", "text/plain; charset=utf-8", "file.txt"},
		{"a long name", strings.Repeat("é", 400) + ".pdf", "%PDF-1.7", "application/pdf", strings.Repeat("é", 96) + ".pdf"},
		{"nothing", "x.txt", "", "", ""},
		{"a page", "x.txt", "\n \ufeff<!DOCTYPE html><script>", "", ""},
		{"a drawing", "x.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "", ""},
		{"XML", "x.txt", `<?xml version="1.0"?>`, "", ""},
		{"a program", "x.pdf", "MZ\x90\x00", "", ""},
		{"another program", "x.txt", "\x7fELF\x02", "", ""},
		{"an old document", "x.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", ""},
		{"a GIF", "x.png", "GIF89a\x01\x00", "", ""},
		{"text in UTF-16", "x.txt", "\xff\xfea\x00b\x00", "", ""},
		{"bytes after the text", "x.txt", strings.Repeat("text ", 9000) + "\x00", "", ""},
		{"half a character", "x.txt", "caf\xc3", "", ""},
		{"an archive that is none", "x.zip", "PK\x05\x06", "", ""},
	}
	for _, test := range tests {
		before := len(files(t, d.dir))
		f, err := d.Put(t.Context(), strings.NewReader(test.content), 1<<20)
		if test.media == "" {
			if !errors.Is(err, issuer.Unsuitable) && !errors.Is(err, issuer.Invalid) {
				t.Errorf("%s: %v", test.what, err)
			}
			if len(files(t, d.dir)) != before {
				t.Errorf("%s left something", test.what)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.what, err)
			continue
		}
		if media := f.MediaType(CleanName(test.name)); media != test.media || Filename(test.name, media) != test.given {
			t.Errorf("%s: %s as %q, want %s as %q", test.what, media, Filename(test.name, media), test.media, test.given)
		}
	}
}

// TestSize: a file of as many bytes as are taken is taken, one byte more is not,
// and what the sender says of its size counts for nothing.
func TestSize(t *testing.T) {
	d := NewDisk(t.TempDir())
	for n, want := range map[int]error{9: nil, 10: nil, 11: issuer.TooLarge, 1 << 20: issuer.TooLarge} {
		if _, err := d.Put(t.Context(), strings.NewReader(strings.Repeat("a", n)), 10); !errors.Is(err, want) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	if found := files(t, d.dir); len(found) != 2 {
		t.Errorf("%q", found)
	}
}

// broken gives some bytes and then an error, as a sender who goes away.
type broken struct{ left int }

func (b *broken) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := min(len(p), b.left, 1000)
	b.left -= n
	return copy(p[:n], strings.Repeat("a", n)), nil
}

// TestNothingHalfWritten: a full disk, a sender who goes away and one whose time
// is over leave nothing.
func TestNothingHalfWritten(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err == nil {
		d := NewDisk(t.TempDir())
		d.create = func(string) (*os.File, error) { return os.OpenFile("/dev/full", os.O_WRONLY, 0) }
		_, err := d.Put(t.Context(), strings.NewReader(strings.Repeat("a", 1<<18)), 1<<20)
		var refusal *issuer.Error
		if !errors.As(err, &refusal) || refusal.Kind != issuer.Unavailable || len(files(t, d.dir)) != 0 {
			t.Errorf("a full disk: %v %q", err, files(t, d.dir))
		}
	}
	d := NewDisk(t.TempDir())
	d.Free = func(string) (uint64, bool) { return reserve + 99, true }
	if _, err := d.Put(t.Context(), strings.NewReader("a"), 100); !errors.Is(err, issuer.Unavailable) {
		t.Errorf("into the last of the room: %v", err)
	}
	d.Free = nil
	ended, end := context.WithCancel(t.Context())
	end()
	for name, try := range map[string]func() error{
		"gone away": func() error { _, err := d.Put(t.Context(), &broken{50_000}, 1<<20); return err },
		"cancelled": func() error { _, err := d.Put(ended, strings.NewReader(strings.Repeat("a", 99)), 1<<20); return err },
	} {
		if err := try(); err == nil || len(files(t, d.dir)) != 0 {
			t.Errorf("%s: %v %q", name, err, files(t, d.dir))
		}
	}
}

// TestSweep: what nobody asks for goes once it is old, what came back meanwhile
// stays, and what a sweep that was broken off took aside is there again.
func TestSweep(t *testing.T) {
	ctx, d := t.Context(), NewDisk(t.TempDir())
	used, orphan, fresh, back, taken := put(t, d, "used"), put(t, d, "orphan"), put(t, d, "fresh"), put(t, d, "back"), put(t, d, "taken")
	long := time.Now().Add(-48 * time.Hour)
	for _, f := range []*File{used, orphan, back, taken} {
		if err := os.Chtimes(d.path(f.digest), long, long); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(d.path(taken.digest), d.path(taken.digest)+aside); err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(d.dir, TemporaryDir, "HALF")
	if err := errors.Join(os.WriteFile(half, []byte("x"), 0o600), os.Chtimes(half, long, long)); err != nil {
		t.Fatal(err)
	}
	n, err := Sweep(ctx, d, time.Now().Add(-24*time.Hour), func(digests ...string) (map[string]bool, error) {
		if slices.Contains(digests, fresh.digest) {
			t.Error("what was just put is looked at")
		}
		put(t, d, "back") // while the sweep asks
		return map[string]bool{used.digest: true}, nil
	})
	if err != nil || n != 2 {
		t.Errorf("%d %v", n, err)
	}
	for name, f := range map[string]*File{"used": used, "fresh": fresh, "back": back, "taken": taken} {
		if got, err := read(t, d, f.digest); err != nil || got != name {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	if _, err := read(t, d, orphan.digest); !errors.Is(err, issuer.NotFound) {
		t.Errorf("the orphan: %v", err)
	}
	if _, err := os.Stat(half); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is left of an upload: %v", err)
	}
	if err := d.Remove(ctx, "../"+used.digest, time.Now()); err != nil {
		t.Error(err)
	}
}
