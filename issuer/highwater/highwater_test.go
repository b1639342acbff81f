package highwater

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
)

func leaves(from, to int64) (out []issuer.LogLeaf) {
	for i := from; i < to; i++ {
		at := i
		out = append(out, issuer.LogLeaf{ID: issuer.LeafID(fmt.Sprint("L", i)), Type: "issue", At: time.Unix(0, 0).UTC(), Data: []byte{byte(i)}, Sequence: &at})
	}
	return out
}

func raise(t *testing.T, f *File, from, to int64) {
	t.Helper()
	m := &Mark{Issuer: "I", Size: to, Root: []byte{1}, Lists: map[issuer.StatusListID]List{"S": {Size: 8, Set: []int{1, 3}}}}
	if old, err := f.Last(); err != nil {
		t.Fatal(err)
	} else if old != nil {
		m.From = old.From
	}
	if err := f.Raise(m, leaves(from, to)); err != nil {
		t.Fatal(err)
	}
}

// kept gives the leaves that another process would read.
func kept(t *testing.T, path string, from int64) (string, error) {
	t.Helper()
	f := New(path)
	m, err := f.Read()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	err = f.Leaves(m, from, func(l *issuer.LogLeaf) error { ids = append(ids, string(l.ID)); return nil })
	return strings.Join(ids, " "), err
}

func TestLeaves(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mark")
	f := New(path)
	if m, err := f.Read(); err != nil || m != nil {
		t.Fatalf("a mark before the first: %v, %v", m, err)
	}
	raise(t, f, 0, 3)
	// A process died while it appended, and the one before it between leaves
	// and mark: a torn line, and leaves that come a second time.
	out, err := os.OpenFile(path+".leaves", os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.WriteString(`{"ID":"L3","Sequ`); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.append(leaves(3, 4)); err != nil {
		t.Fatal(err)
	}
	raise(t, New(path), 3, 6)
	if got, err := kept(t, path, 1); err != nil || got != "L1 L2 L3 L4 L5" {
		t.Errorf("leaves from 1: %q, %v", got, err)
	}
	if err := f.Forget(4); err != nil { // f has not seen the later mark
		t.Fatal(err)
	}
	if _, err := f.Read(); err != nil {
		t.Fatal(err)
	}
	if err := f.Forget(4); err != nil {
		t.Fatal(err)
	}
	if got, err := kept(t, path, 4); err != nil || got != "L4 L5" {
		t.Errorf("leaves from 4: %q, %v", got, err)
	}
	if got, err := kept(t, path, 3); err == nil {
		t.Errorf("a leaf that was forgotten: %q", got)
	}
	raise(t, f, 6, 7)
	if m, err := New(path).Read(); err != nil || m.From != 4 || m.Size != 7 || !m.Lists["S"].Has([]int{1, 3}) || m.Lists["S"].Has([]int{2}) {
		t.Errorf("the mark is %+v, %v", m, err)
	}
}

func TestBrokenMark(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mark")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if m, err := New(path).Read(); err == nil {
		t.Errorf("a broken mark is %+v", m)
	}
}
