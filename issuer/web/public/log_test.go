package public_test

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/ledger"
	"hallmark/issuer/registrar"
	"hallmark/verifier"
	"hallmark/verifier/inclusion"
)

// stranger knows the log by what it serves, and its key.
type stranger struct {
	t    *testing.T
	s    *issuertest.Service
	key  string
	last tlog.Tree
}

func newStranger(t *testing.T, s *issuertest.Service) *stranger {
	key := get(t, s, "/log/key").Want(t, 200).Body
	return &stranger{t: t, s: s, key: strings.TrimSpace(string(key))}
}

func (x *stranger) Height() int                     { return 8 }
func (x *stranger) SaveTiles([]tlog.Tile, [][]byte) {}

// ReadTiles fetches tiles as C2SP tlog-tiles names them.
func (x *stranger) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		a := get(x.t, x.s, "/log/"+strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if a.Status != 200 || len(a.Body) != tile.W*32 {
			return nil, fmt.Errorf("%s: %d, %d bytes", tile.Path(), a.Status, len(a.Body))
		}
		if full := strings.Contains(a.Header.Get("Cache-Control"), "immutable"); full != (tile.W == 256) {
			return nil, fmt.Errorf("%s: Cache-Control %q", tile.Path(), a.Header.Get("Cache-Control"))
		}
		all = append(all, a.Body)
	}
	return all, nil
}

// look fetches the head, holds it against the one it saw before, and gives it
// with a reader of its hashes.
func (x *stranger) look() (tlog.Tree, tlog.HashReader) {
	x.t.Helper()
	a := get(x.t, x.s, "/log/checkpoint").Want(x.t, 200)
	if a.Header.Get("Content-Type") != "text/plain; charset=utf-8" || a.Header.Get("Cache-Control") != "no-store" {
		x.t.Errorf("checkpoint: %v", a.Header)
	}
	v, err := note.NewVerifier(x.key)
	if err != nil {
		x.t.Fatal(err)
	}
	opened, err := note.Open(a.Body, note.VerifierList(v))
	if err != nil {
		x.t.Fatal(err)
	}
	var tree tlog.Tree
	var origin, root string
	if _, err := fmt.Sscanf(opened.Text, "%s\n%d\n%s\n", &origin, &tree.N, &root); err != nil || origin != ledger.Origin(x.s.URL) {
		x.t.Fatalf("checkpoint %q: %v", opened.Text, err)
	}
	if tree.Hash, err = tlog.ParseHash(root); err != nil {
		x.t.Fatal(err)
	}
	hashes := tlog.TileHashReader(tree, x)
	if x.last.N > 0 {
		proof, err := tlog.ProveTree(tree.N, x.last.N, hashes)
		if err != nil {
			x.t.Fatalf("from %d to %d: %v", x.last.N, tree.N, err)
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, x.last.N, x.last.Hash); err != nil {
			x.t.Fatalf("the log of %d leaves does not go on from %d: %v", tree.N, x.last.N, err)
		}
	}
	x.last = tree
	return tree, hashes
}

// readEntries fetches the data of every leaf and holds it against the tree.
func (x *stranger) readEntries(tree tlog.Tree, hashes tlog.HashReader) {
	x.t.Helper()
	for first := int64(0); first < tree.N; first += 256 {
		tile := tlog.Tile{H: 8, L: -1, N: first / 256, W: int(min(256, tree.N-first))}
		path := "/log/" + strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		bundle := get(x.t, x.s, path).Want(x.t, 200).Body
		for n := first; n < first+int64(tile.W); n++ {
			length := int(binary.BigEndian.Uint16(bundle))
			data := bundle[2 : 2+length]
			bundle = bundle[2+length:]
			want, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, n)})
			if err != nil || tlog.RecordHash(data) != want[0] {
				x.t.Fatalf("leaf %d is not the one in the tree: %v", n, err)
			}
			if _, err := inclusion.ParseLeaf(data); err != nil {
				x.t.Fatalf("leaf %d: %v", n, err)
			}
		}
		if len(bundle) > 0 {
			x.t.Errorf("%s goes on", path)
		}
	}
}

// stir pauses and reinstates a badge, which is two leaves a time.
func stir(t *testing.T, s *issuertest.Service, id issuer.CredentialID, times int) {
	operator := issuer.Caller{System: "test"}
	for range times {
		if _, err := s.Registrar.SuspendCredential(t.Context(), operator, id, registrar.StatusChange{Reason: "x"}); err != nil {
			t.Error(err)
		}
		if _, err := s.Registrar.ReinstateCredential(t.Context(), operator, id, registrar.StatusChange{}); err != nil {
			t.Error(err)
		}
	}
}

func sequence(t testing.TB, s *issuertest.Service) {
	t.Helper()
	if err := s.Jobs.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestLogForStrangers: someone who knows the log by its key and its addresses
// alone follows it while it grows.
func TestLogForStrangers(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		id := completed(t, s)
		sequence(t, s)
		x := newStranger(t, s)
		if tree, hashes := x.look(); tree.N != 1 {
			t.Fatalf("%d leaves", tree.N)
		} else {
			x.readEntries(tree, hashes)
		}
		var growing sync.WaitGroup
		done := make(chan struct{})
		growing.Go(func() { defer close(done); stir(t, s, id, 140) })
		growing.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if err := s.Jobs.Sequence(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
		for seen := 0; seen < 8; {
			before := x.last.N
			if tree, _ := x.look(); tree.N > before {
				seen++
			}
			select {
			case <-done:
				seen = 8
			default:
			}
		}
		growing.Wait()
		sequence(t, s)
		tree, hashes := x.look()
		if tree.N != 281 {
			t.Fatalf("%d leaves, want 281", tree.N)
		}
		x.readEntries(tree, hashes)
		x.holdBadge(id, tree)
	})
}

// holdBadge checks the proof of a badge from its bytes to the checkpoint.
func (x *stranger) holdBadge(id issuer.CredentialID, tree tlog.Tree) {
	x.t.Helper()
	signed := get(x.t, x.s, "/v/"+string(id)+".json").Want(x.t, 200).Body
	a := get(x.t, x.s, "/v/"+string(id)+"/proof").Want(x.t, 200)
	proof, err := inclusion.Parse(bytes.TrimSpace(a.Body))
	if err != nil {
		x.t.Fatal(err)
	}
	place, err := proof.Check(signed, []string{x.key})
	if err != nil || place.Size != tree.N {
		x.t.Errorf("%+v, %v", place, err)
	}
	if _, err := proof.Check(append(signed, ' '), []string{x.key}); err == nil {
		x.t.Error("the proof is good for other bytes")
	}
}

// TestLogAddresses: what is not there, or not yet.
func TestLogAddresses(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := string(completed(t, s))
	const problem = "application/problem+json"
	wantPending := func(path string) {
		t.Helper()
		a := get(t, s, path)
		if a.Status != 404 || a.Header.Get("Content-Type") != problem || !strings.Contains(string(a.Body), "urn:hallmark:problem:pending") || a.Header.Get("Retry-After") != "1" {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	wantPending("/log/checkpoint")
	wantPending("/v/" + id + "/proof")
	wantPending("/log/tile/0/000.p/1")
	wantPending("/log/tile/entries/000.p/1")
	sequence(t, s)
	for _, path := range []string{"/log/checkpoint", "/log/key", "/v/" + id + "/proof", "/V/" + id + "/proof", "/log/tile/0/000.p/1", "/log/tile/entries/000.p/1"} {
		if a := get(t, s, path).Want(t, 200); a.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s is not open to other origins", path)
		}
	}
	for _, path := range []string{"/log/tile/0/000", "/log/tile/0/000.p/2", "/log/tile/1/000.p/1", "/log/tile/0/001.p/1", "/log/tile/entries/000", "/log/tile/entries/000.p/2"} {
		wantPending(path)
	}
	for _, path := range []string{"/log", "/log/", "/log/x", "/log/tile/", "/log/tile/0", "/log/tile/8/0/000", "/log/tile/0/0", "/log/tile/0/000.p/0", "/log/tile/data/000", "/v/ABC/proof", "/v/" + strings.Repeat("A", 26) + "/proof"} {
		if a := get(t, s, path); a.Status != 404 || strings.Contains(string(a.Body), "pending") {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	if _, err := s.Registrar.SetVisibility(t.Context(), s.Caller(t, "learner"), issuer.CredentialID(id), issuer.Hidden); err != nil {
		t.Fatal(err)
	}
	if hidden, never := get(t, s, "/v/"+id+"/proof"), get(t, s, "/v/"+strings.Repeat("A", 26)+"/proof"); hidden.Status != 404 || len(hidden.Body) != len(never.Body) {
		t.Errorf("a badge that was taken down: %d %s", hidden.Status, hidden.Body)
	}
}

// TestLogDamaged: a bundle of leaves that lacks one is not given out, whether the
// one was the last or came before.
func TestLogDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hallmark.db")
	s := issuertest.New(t, issuertest.Options{DSN: path})
	stir(t, s, completed(t, s), 2)
	sequence(t, s)
	get(t, s, "/log/tile/entries/000.p/5").Want(t, 200)
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, statement := range []string{"DROP TRIGGER tg_log_leaves_kept", "DELETE FROM log_leaves WHERE sequence = 4"} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	get(t, s, "/log/tile/entries/000.p/4").Want(t, 200)
	get(t, s, "/log/tile/entries/000.p/5").Want(t, 500)
	if _, err := db.Exec("DELETE FROM log_leaves WHERE sequence = 2"); err != nil {
		t.Fatal(err)
	}
	get(t, s, "/log/tile/entries/000.p/4").Want(t, 500)
}

// TestLogCheck: what a report and a badge's page say of the log.
func TestLogCheck(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		id := string(completed(t, s))
		signed := get(t, s, "/v/"+id+".json").Want(t, 200).Body
		check := func(doc []byte) verifier.Check {
			t.Helper()
			report, err := s.Verifier.Verify(t.Context(), doc, verifier.Ask{})
			if err != nil {
				t.Fatal(err)
			}
			if report.Verdict != verifier.Verified {
				t.Errorf("the log decided: %s", report.Summary)
			}
			return report.Checks[10]
		}
		if c := check(signed); c.Name != "log" || c.Outcome != verifier.Undetermined || c.Detail["state"] != "pending" {
			t.Errorf("before it is sequenced: %+v", c)
		}
		sequence(t, s)
		c := check(signed)
		if c.Outcome != verifier.Verified || c.Detail["index"] != int64(0) || c.Detail["size"] != int64(1) {
			t.Errorf("%+v", c)
		}
		if at, err := time.Parse(time.RFC3339, fmt.Sprint(c.Detail["at"])); err != nil || time.Since(at) > 10*time.Minute {
			t.Errorf("at %v", c.Detail["at"])
		}
		respelt := bytes.Replace(signed, []byte(`{"@context"`), []byte(`{ "@context"`), 1)
		if c := check(respelt); c.Outcome != verifier.Verified {
			t.Errorf("written in another way: %+v", c)
		}
		page := get(t, s, "/v/"+id, "Accept", "text/html").Want(t, 200)
		if !strings.Contains(string(page.Body), "It has stood in the public log "+ledger.Origin(s.URL)) {
			t.Error("the badge's page says nothing of the log")
		}
	})
}
