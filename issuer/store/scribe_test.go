package store

import (
	"bytes"
	"errors"
	"log/slog"
	"testing"
	"time"

	"hallmark/issuer"
)

// TestLogHasNoValues: statements are logged, and never what is bound to them, in
// whichever way they are asked.
func TestLogHasNoValues(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	var log bytes.Buffer
	s.read.Logger = scribe{slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	const secret = "Quagga-7"
	for name, ask := range map[string]func(tx *Tx) error{
		"one row":  func(tx *Tx) error { _, err := tx.Person(secret); return err },
		"a list":   func(tx *Tx) error { _, err := tx.Emails(secret, "B"); return err },
		"a sum":    func(tx *Tx) error { _, err := tx.LiveByAchievement(secret); return err },
		"a number": func(tx *Tx) error { _, err := tx.FileBytes(secret); return err },
		"rows":     func(tx *Tx) error { _, err := tx.QuestionsFrom(secret, time.Now()); return err },
	} {
		log.Reset()
		_, err := Read(t.Context(), s, func(tx *Tx) (bool, error) { return true, ask(tx) })
		if err != nil && !errors.Is(err, issuer.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
		if text := log.Bytes(); !bytes.Contains(text, []byte("SELECT")) || bytes.Contains(text, []byte(secret)) {
			t.Errorf("%s: the log says %s", name, text)
		}
	}
}
