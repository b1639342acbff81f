package backup_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/issuer/auditor"
	"hallmark/issuer/backup"
	"hallmark/issuer/highwater"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
	"hallmark/issuer/store/storetest"
	"hallmark/verifier"
)

// The restore drill: a backup is made, badges are issued, revoked and suspended
// after it, and the database is put back to it. Nothing is issued until what
// was published since is taken over; then no place of a status list was given
// twice, no revocation is forgotten, and the log goes on from where it was
// published.

var operator = issuer.Caller{System: "test"}

// drill is the service before, and then the one that was restored.
type drill struct {
	*testing.T
	*issuertest.Service
	mark *highwater.File
}

func (d *drill) sync() {
	d.Helper()
	for _, duty := range []func(context.Context) error{d.Jobs.Sequence, d.Jobs.PublishNow, d.Jobs.Raise} {
		if err := duty(d.Context()); err != nil {
			d.Fatal(err)
		}
	}
}

func (d *drill) award(kind, achievement string) *registrar.BadgeView {
	d.Helper()
	r, err := d.Registrar.AwardAchievement(d.Context(), operator, registrar.NewAward{Achievement: achievement,
		Person: registrar.PersonRef{Email: issuertest.Address(kind)}, Reason: "Drill."})
	if err != nil {
		d.Fatal(err)
	}
	return &r.Badge
}

func (d *drill) verdict(id issuer.CredentialID) verifier.Outcome {
	d.Helper()
	report, err := d.Verifier.Verify(d.Context(), d.file(id), verifier.Ask{})
	if err != nil {
		d.Fatal(err)
	}
	return report.Verdict
}

// file is a badge as its holder has it.
func (d *drill) file(id issuer.CredentialID) []byte {
	d.Helper()
	bytes, err := d.Published.Credential(d.Context(), id)
	if err != nil {
		d.Fatal(err)
	}
	return bytes
}

// state is what has to outlive a restore.
type state struct {
	checkpoint string // signed
	size       int64
	places     map[string]issuer.CredentialID // list and index
}

func (d *drill) state() state {
	d.Helper()
	s, err := store.Read(d.Context(), d.Store, func(tx *store.Tx) (state, error) {
		s := state{places: map[string]issuer.CredentialID{}}
		last, err := tx.LastCheckpoint()
		if err != nil {
			return s, err
		}
		s.checkpoint, s.size = last.Note, last.Size
		found, err := tx.Credentials(store.CredentialQuery{All: true, Limit: 1000})
		for _, c := range found {
			s.places[fmt.Sprintf("%s#%d", c.StatusListID, c.StatusIndex)] = c.ID
		}
		return s, err
	})
	if err != nil {
		d.Fatal(err)
	}
	return s
}

func TestDrill(t *testing.T) {
	databases := map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "hallmark.db") },
		"postgres": func(t *testing.T) string { return storetest.Postgres(t) },
	}
	for from, before := range databases {
		for to, after := range databases {
			t.Run(from+" to "+to, func(t *testing.T) { drillBetween(t, before(t), after(t)) })
		}
	}
}

func drillBetween(t *testing.T, from, to string) {
	const base = "https://badges.example.org"
	dir := t.TempDir()
	d := &drill{t, issuertest.New(t, issuertest.Options{DSN: from, Base: base}), highwater.New(filepath.Join(dir, "high-water"))}
	d.Jobs.Mark = d.mark
	revoked, suspended, paused, kept := d.award("learner", "saws"), d.award("other", "saws"), d.award("mate", "saws"), d.award("lead", "saws")
	if _, err := d.Registrar.SuspendCredential(t.Context(), operator, paused.ID, registrar.StatusChange{}); err != nil {
		t.Fatal(err)
	}
	d.sync()
	waits := d.award("community", "saws") // in the backup without a position
	file := filepath.Join(dir, "backup")
	if _, err := backup.Write(t.Context(), backup.Source{Store: d.Store, Evidence: filepath.Join(dir, "none"), Now: time.Now}, file); err != nil {
		t.Fatal(err)
	}
	lost := d.award("learner", "honour")
	lostAndRevoked := d.award("other", "honour")
	for _, id := range []issuer.CredentialID{revoked.ID, lostAndRevoked.ID} {
		if _, err := d.Registrar.RevokeCredential(t.Context(), operator, id, registrar.StatusChange{Code: "misconduct", Reason: "Copied."}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Registrar.SuspendCredential(t.Context(), operator, suspended.ID, registrar.StatusChange{}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Registrar.ReinstateCredential(t.Context(), operator, paused.ID, registrar.StatusChange{}); err != nil {
		t.Fatal(err)
	}
	d.sync()
	want := d.state()
	files := map[issuer.CredentialID][]byte{lost.ID: d.file(lost.ID), lostAndRevoked.ID: d.file(lostAndRevoked.ID)}

	a, err := backup.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	empty, err := store.Open(t.Context(), store.Config{DSN: to})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(a.Restore(t.Context(), empty, filepath.Join(dir, "evidence"), registrar.HoldRestored), empty.Close()); err != nil {
		t.Fatal(err)
	}

	d.Service = issuertest.NewEmpty(t, issuertest.Options{DSN: to, Base: base})
	d.mark = highwater.New(d.mark.Path()) // as another process reads it
	d.Jobs.Mark = d.mark
	known, err := d.mark.Read()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Registrar.HoldIfBehind(t.Context(), known); err != nil {
		t.Fatal(err)
	}
	d.held(revoked.ID, kept.ID)

	r, err := d.Registrar.Reconcile(t.Context(), operator, d.mark, false)
	if err != nil {
		t.Fatal(err)
	}
	gone := []issuer.CredentialID{lost.ID, lostAndRevoked.ID}
	slices.Sort(gone)
	slices.Sort(r.Lost)
	if d := cmp.Diff(gone, r.Lost); d != "" || len(r.Changed) != 3 || len(r.Unread) != 0 {
		t.Errorf("%+v %s", r, d)
	}
	for id, want := range map[issuer.CredentialID]verifier.Outcome{lost.ID: verifier.Verified, lostAndRevoked.ID: verifier.Refused} {
		page := d.Send(t, "nobody", "GET", "/v/"+string(id), "", "Accept", "text/html").Want(t, 404)
		if !strings.Contains(string(page.Body), "its records were lost") {
			t.Errorf("the page of a lost badge: %.2000s", page.Body)
		}
		if report, err := d.Verifier.Verify(t.Context(), files[id], verifier.Ask{}); err != nil || report.Verdict != want {
			t.Errorf("the file of a lost badge is %+v (%v), want %s", report, err, want)
		}
	}
	if page := d.Send(t, "nobody", "GET", "/v/"+strings.Repeat("A", 26), "", "Accept", "text/html").Want(t, 404); strings.Contains(string(page.Body), "lost") {
		t.Error("a badge that never was is called lost")
	}
	next := d.award("plain", "saws")
	d.sync()
	d.goesOn(want, next.ID)
	for id, verdict := range map[issuer.CredentialID]verifier.Outcome{revoked.ID: verifier.Refused, suspended.ID: verifier.Refused,
		paused.ID: verifier.Verified, kept.ID: verifier.Verified, waits.ID: verifier.Verified, next.ID: verifier.Verified} {
		if got := d.verdict(id); got != verdict {
			t.Errorf("%s is %s, want %s", id, got, verdict)
		}
	}
	badge, err := d.Registrar.Badge(t.Context(), operator, revoked.ID)
	if err != nil || badge.State != issuer.Revoked || badge.RevokedCode != "misconduct" {
		t.Errorf("the revoked badge is %+v, %v", badge, err)
	}
}

// held holds a restored service to what it may not do, and may.
func (d *drill) held(revoked, kept issuer.CredentialID) {
	d.Helper()
	was := d.state()
	_, err := d.Registrar.AwardAchievement(d.Context(), operator, registrar.NewAward{Achievement: "joints",
		Person: registrar.PersonRef{Email: issuertest.Address("mate")}, Reason: "Too early."})
	if !errors.Is(err, issuer.Unavailable) || !strings.Contains(err.Error(), "hallmark doctor --reconcile") {
		d.Errorf("issuing from restored records: %v", err)
	}
	d.sync()
	if now := d.state(); now.checkpoint != was.checkpoint {
		d.Errorf("restored records signed another head: %s, before %s", now.checkpoint, was.checkpoint)
	}
	if got := d.verdict(kept); got != verifier.Verified {
		d.Errorf("a good badge is %s while issuing is held", got)
	}
	if got := d.verdict(revoked); got != verifier.Refused {
		d.Errorf("a badge revoked after the backup is %s while issuing is held", got)
	}
	if behind, err := store.Read(d.Context(), d.Store, func(tx *store.Tx) (bool, error) {
		m, err := d.mark.Read()
		if err != nil {
			return false, err
		}
		return registrar.Behind(tx, m)
	}); err != nil || !behind {
		d.Errorf("behind: %v, %v", behind, err)
	}
}

// goesOn holds the reconciled service to what was published before.
func (d *drill) goesOn(want state, next issuer.CredentialID) {
	d.Helper()
	now := d.state()
	for place, id := range now.places {
		if had, taken := want.places[place]; taken && had != id {
			d.Errorf("place %s was given to %s and to %s", place, had, id)
		}
		if list, _, _ := strings.Cut(place, "#"); id == next {
			for old := range want.places {
				if strings.HasPrefix(old, list+"#") {
					d.Fatalf("the next badge is in list %s, which had places before", list)
				}
			}
		}
	}
	if now.size <= want.size {
		d.Errorf("the log has %d leaves, it had %d", now.size, want.size)
	}
	// The log check holds every head, tile and leaf against each other, and the
	// log as a whole against the head that was published before.
	a := &auditor.Auditor{Store: d.Store, Ring: d.Ring, BaseURL: d.URL, Known: []byte(want.checkpoint)}
	result, err := a.Check(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	for _, f := range result.Findings {
		d.Errorf("log check: %s %s: %s", f.Record, f.ID, f.Reason)
	}
}
