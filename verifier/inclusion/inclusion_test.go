package inclusion

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const origin = "badges.example.org/log"

var at = time.Date(2026, 11, 21, 10, 53, 0, 0, time.UTC)

// sample is a log of a size with a credential of ours at an index, and the
// proof of it.
func sample(t testing.TB, size, index int64) (p *Proof, signed []byte, key string) {
	t.Helper()
	private, key, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	signed, salt := []byte(`{"id":"https://badges.example.org/v/X"}`), bytes.Repeat([]byte{7}, 32)
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, i := range indexes {
			found = append(found, stored[i])
		}
		return found, nil
	})
	p = &Proof{Salt: salt, Index: index}
	for n := range size {
		data := Leaf{At: at, Type: Issue, Commit: Commit(salt, fmt.Append(nil, n))}.Data()
		if n == index {
			p.Leaf = Leaf{At: at, Type: Issue, Commit: Commit(salt, signed)}.Data()
			data = p.Leaf
		}
		hashes, err := tlog.StoredHashes(n, data, read)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(size, read)
	if err != nil {
		t.Fatal(err)
	}
	if p.Path, err = tlog.ProveRecord(size, index, read); err != nil {
		t.Fatal(err)
	}
	p.Checkpoint, err = note.Sign(&note.Note{Text: Checkpoint{origin, size, root}.Text()}, signer)
	if err != nil {
		t.Fatal(err)
	}
	return p, signed, key
}

func TestProof(t *testing.T) {
	for _, size := range []int64{1, 2, 3, 7, 256, 300} {
		for _, index := range []int64{0, size / 2, size - 1} {
			p, signed, key := sample(t, size, index)
			raw, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			again, err := Parse(raw)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(p, again); diff != "" {
				t.Errorf("read back: %s", diff)
			}
			place, err := again.Check(signed, []string{key})
			if err != nil {
				t.Fatalf("leaf %d of %d: %v", index, size, err)
			}
			if diff := cmp.Diff(&Place{Origin: origin, Index: index, Size: size, At: at}, place); diff != "" {
				t.Error(diff)
			}
		}
	}
}

// TestForgedProof changes one part of a good proof at a time.
func TestForgedProof(t *testing.T) {
	_, _, other := sample(t, 1, 0)
	tests := []struct {
		name   string
		change func(p *Proof, signed *[]byte, keys *[]string)
	}{
		{"other bytes", func(_ *Proof, signed *[]byte, _ *[]string) {
			*signed = []byte(`{"id":"https://badges.example.org/v/Y"}`)
		}},
		{"no bytes", func(_ *Proof, signed *[]byte, _ *[]string) { *signed = nil }},
		{"another salt", func(p *Proof, _ *[]byte, _ *[]string) { p.Salt = make([]byte, 32) }},
		{"a longer salt", func(p *Proof, _ *[]byte, _ *[]string) { p.Salt = append(p.Salt, 0) }},
		{"no salt", func(p *Proof, _ *[]byte, _ *[]string) { p.Salt = nil }},
		{"another type", func(p *Proof, _ *[]byte, _ *[]string) {
			p.Leaf = bytes.Replace(p.Leaf, []byte("issue"), []byte("revoke"), 1)
		}},
		{"another time", func(p *Proof, _ *[]byte, _ *[]string) {
			p.Leaf = bytes.Replace(p.Leaf, []byte("10:53"), []byte("10:52"), 1)
		}},
		{"seconds", func(p *Proof, _ *[]byte, _ *[]string) {
			p.Leaf = bytes.Replace(p.Leaf, []byte("53:00"), []byte("53:01"), 1)
		}},
		{"a space", func(p *Proof, _ *[]byte, _ *[]string) { p.Leaf = append(p.Leaf, ' ') }},
		{"no leaf", func(p *Proof, _ *[]byte, _ *[]string) { p.Leaf = nil }},
		{"another index", func(p *Proof, _ *[]byte, _ *[]string) { p.Index++ }},
		{"an index before the first", func(p *Proof, _ *[]byte, _ *[]string) { p.Index = -1 }},
		{"an index beyond the log", func(p *Proof, _ *[]byte, _ *[]string) { p.Index = 9 }},
		{"another hash", func(p *Proof, _ *[]byte, _ *[]string) { p.Path[1][0] ^= 1 }},
		{"a hash less", func(p *Proof, _ *[]byte, _ *[]string) { p.Path = p.Path[1:] }},
		{"a hash more", func(p *Proof, _ *[]byte, _ *[]string) { p.Path = append(p.Path, tlog.Hash{}) }},
		{"another size", func(p *Proof, _ *[]byte, _ *[]string) {
			p.Checkpoint = bytes.Replace(p.Checkpoint, []byte("\n9\n"), []byte("\n8\n"), 1)
		}},
		{"another key", func(_ *Proof, _ *[]byte, keys *[]string) { *keys = []string{other} }},
		{"no key", func(_ *Proof, _ *[]byte, keys *[]string) { *keys = nil }},
		{"no checkpoint", func(p *Proof, _ *[]byte, _ *[]string) { p.Checkpoint = nil }},
		{"no signature", func(p *Proof, _ *[]byte, _ *[]string) { p.Checkpoint, _, _ = bytes.Cut(p.Checkpoint, []byte("\u2014")) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, signed, key := sample(t, 9, 4)
			keys := []string{key}
			test.change(p, &signed, &keys)
			if place, err := p.Check(signed, keys); err == nil {
				t.Errorf("taken: %+v", place)
			}
		})
	}
}

// TestOtherLeaves: what stands in the log as anything else than the canonical
// leaf of an issue does not show that a credential was issued.
func TestOtherLeaves(t *testing.T) {
	private, key, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	signed, salt := []byte(`{"id":"https://badges.example.org/v/X"}`), bytes.Repeat([]byte{7}, SaltSize)
	good := Leaf{At: at, Type: Issue, Commit: Commit(salt, signed)}
	other := good
	other.Type = "revoke"
	for name, leaf := range map[string][]byte{
		"":                good.Data(),
		"another type":    other.Data(),
		"a space":         append(good.Data(), ' '),
		"another version": bytes.Replace(good.Data(), []byte(`"v":1`), []byte(`"v":2`), 1),
		"seconds":         bytes.Replace(good.Data(), []byte("53:00"), []byte("53:01"), 1),
		"more":            bytes.Replace(good.Data(), []byte(`"v":1`), []byte(`"v":1,"w":1`), 1),
	} {
		checkpoint, err := note.Sign(&note.Note{Text: Checkpoint{origin, 1, tlog.RecordHash(leaf)}.Text()}, signer)
		if err != nil {
			t.Fatal(err)
		}
		p := &Proof{Leaf: leaf, Salt: salt, Checkpoint: checkpoint}
		if _, err := p.Check(signed, []string{key}); (err == nil) != (name == "") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestOrigin: a key is good for the log whose name it bears and no other.
func TestOrigin(t *testing.T) {
	private, key, err := note.GenerateKey(rand.Reader, "elsewhere.example/log")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: Checkpoint{Origin: origin, Size: 1}.Text()}, signer)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := OpenCheckpoint(signed, []string{key}); !errors.Is(err, ErrUnsigned) {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestParseCheckpoint(t *testing.T) {
	root := strings.Repeat("A", 43) + "="
	good := origin + "\n12\n" + root + "\n"
	if c, err := ParseCheckpoint(good); err != nil || c.Size != 12 || c.Text() != good {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := ParseCheckpoint(good + "more\nlines\n"); err != nil || c.Text() != good {
		t.Errorf("extensions: %+v, %v", c, err)
	}
	for _, bad := range []string{"", "\n", origin, origin + "\n12", origin + "\n12\n" + root, "\n12\n" + root + "\n", origin + "\n-1\n" + root + "\n",
		origin + "\n012\n" + root + "\n", origin + "\n+12\n" + root + "\n", origin + "\n12\n" + root[1:] + "\n", origin + "\n12\nAA==\n", origin + "\n99999999999999999999\n" + root + "\n"} {
		if c, err := ParseCheckpoint(bad); err == nil {
			t.Errorf("%q was read as %+v", bad, c)
		}
	}
}

func TestParse(t *testing.T) {
	p, _, _ := sample(t, 3, 1)
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"nothing": "", "no object": "[]", "another member": strings.Replace(string(raw), "{", `{"x":1,`, 1),
		"salt": strings.Replace(string(raw), `"salt":"`, `"salt":"=`, 1), "hash": strings.Replace(string(raw), `"inclusion":["`, `"inclusion":["A`, 1),
		"long": strings.Replace(string(raw), `"inclusion":[`, `"inclusion":[`+strings.Repeat(`"`+tlog.Hash{}.String()+`",`, maxPath), 1),
	} {
		if _, err := Parse([]byte(bad)); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	p, signed, key := sample(f, 5, 2)
	raw, err := json.Marshal(p)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"leaf":"","salt":"","index":0,"inclusion":[],"checkpoint":""}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := Parse(raw)
		if err != nil {
			return
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Parse(again); err != nil || cmp.Diff(p, back) != "" {
			t.Errorf("%v: %s", err, cmp.Diff(p, back))
		}
		if place, err := p.Check(signed, []string{key}); err == nil && (place.Index != 2 || place.Size != 5) {
			t.Errorf("a proof of another place: %+v", place)
		}
	})
}
