package backup_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/auditor"
	"hallmark/issuer/backup"
	"hallmark/issuer/highwater"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
	"hallmark/verifier"
)

// TestErasedStayErased: a backup that is put back does not bring back who was
// erased after it was made, neither while the records are held nor once they go
// on; whether someone with badges or without, and whether the service was begun
// before it was reconciled or not.
func TestErasedStayErased(t *testing.T) {
	for name, held := range map[string]bool{"held first": true, "reconciled at once": false} {
		t.Run(name, func(t *testing.T) { erasedAndRestored(t, held) })
	}
}

func erasedAndRestored(t *testing.T, held bool) {
	const base = "https://badges.example.org"
	dir := t.TempDir()
	d := &drill{t, issuertest.New(t, issuertest.Options{Base: base}), highwater.New(filepath.Join(dir, "high-water"))}
	d.Jobs.Mark = d.mark
	learner, plain := d.People["learner"], d.People["plain"]
	badge, kept := d.award("learner", "saws"), d.award("mate", "saws")
	d.sync()
	copied := d.file(badge.ID)
	file := filepath.Join(dir, "backup")
	if _, err := backup.Write(t.Context(), backup.Source{Store: d.Store, Evidence: filepath.Join(dir, "none"), Now: time.Now}, file); err != nil {
		t.Fatal(err)
	}
	for _, id := range []issuer.PersonID{learner, plain} {
		if err := d.Registrar.ErasePerson(t.Context(), operator, id); err != nil {
			t.Fatal(err)
		}
	}
	d.sync()

	a, err := backup.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	to := filepath.Join(t.TempDir(), "hallmark.db")
	empty, err := store.Open(t.Context(), store.Config{DSN: to})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(a.Restore(t.Context(), empty, filepath.Join(dir, "evidence"), registrar.HoldRestored), empty.Close()); err != nil {
		t.Fatal(err)
	}
	d.Service = issuertest.NewEmpty(t, issuertest.Options{DSN: to, Base: base})
	d.mark = highwater.New(d.mark.Path())
	d.Jobs.Mark = d.mark
	if held {
		known, err := d.mark.Read()
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Registrar.HoldIfBehind(t.Context(), known); err != nil {
			t.Fatal(err)
		}
		d.gone(badge.ID, learner, plain)
	}
	r, err := d.Registrar.Reconcile(t.Context(), operator, d.mark, false)
	if err != nil {
		t.Fatal(err)
	}
	if want := map[bool]int{true: 0, false: 2}[held]; r.Erased != want || len(r.Unread)+len(r.Lost)+len(r.Changed) != 0 {
		t.Errorf("%+v", r)
	}
	d.gone(badge.ID, learner, plain)
	d.award("other", "saws")
	d.sync()
	d.sync()
	for id, want := range map[string]string{string(copied): "refused", string(d.file(kept.ID)): "verified"} {
		report, err := d.Verifier.Verify(t.Context(), []byte(id), verifier.Ask{})
		if err != nil || string(report.Verdict) != want {
			t.Errorf("%+v, %v; want %s", report, err, want)
		}
	}
	found, err := (&auditor.Auditor{Store: d.Store, Ring: d.Ring, BaseURL: base}).Check(t.Context())
	if err != nil || len(found.Findings) > 0 {
		t.Errorf("%+v, %v", found, err)
	}
}

// gone holds a service to having erased people.
func (d *drill) gone(badge issuer.CredentialID, people ...issuer.PersonID) {
	d.Helper()
	if _, err := d.Published.Badge(d.Context(), badge); !errors.Is(err, issuer.Gone) || !strings.Contains(err.Error(), "withdrawn by its holder") {
		d.Errorf("the badge: %v", err)
	}
	for _, id := range people {
		if _, err := d.Registrar.Person(d.Context(), operator, id); !errors.Is(err, issuer.Gone) {
			d.Errorf("the person: %v", err)
		}
		if _, err := d.Registrar.Caller(d.Context(), id); !errors.Is(err, issuer.Unsigned) {
			d.Errorf("they sign in: %v", err)
		}
	}
}
