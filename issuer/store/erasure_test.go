package store

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"hallmark/issuer"
)

// TestScrub: what was removed is in the file no more, nor in its log; where
// somebody reads an older state it is said, and done later.
func TestScrub(t *testing.T) {
	path := sqliteFile(t)
	s := migrated(t, path)
	sample(t, s)
	const word = "a-word-to-be-gone"
	left := func() (n int) {
		for _, end := range []string{"", "-wal"} {
			raw, err := os.ReadFile(path + end)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			n += bytes.Count(raw, []byte(word))
		}
		return n
	}
	must(t, s, func(tx *Tx) error {
		return tx.AddMessage(&issuer.Message{ID: "GONE", IssuerID: us, Kind: "mail", Recipient: word, Data: "{}", State: "queued", NextAt: tx.Now, CreatedAt: tx.Now})
	})
	if err := s.Scrub(t.Context()); err != nil || left() == 0 {
		t.Fatalf("%v, %d", err, left())
	}
	_, err := Read(t.Context(), s, func(tx *Tx) (int, error) {
		if _, err := tx.Messages("", 10); err != nil { // the reader's state begins here
			return 0, err
		}
		must(t, s, func(tx *Tx) error { _, err := tx.exec("DELETE FROM messages WHERE id = 'GONE'"); return err })
		return 0, s.Scrub(t.Context())
	})
	if !errors.Is(err, issuer.Unavailable) || left() == 0 {
		t.Errorf("beside a reader: %v, %d", err, left())
	}
	if err := s.Rescrub(t.Context()); err != nil || left() != 0 {
		t.Errorf("later: %v, %d left", err, left())
	}
}
