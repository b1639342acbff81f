package public_test

import (
	"context"
	"fmt"
	"math/bits"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
	"hallmark/issuer/store/storetest"
	"hallmark/verifier"
	"hallmark/verifier/statuslist"
	"hallmark/verifier/strictjson"
)

// The promises about revocations: our own verifier sees one within 5 seconds, a
// new list is at the origin within 5, and no answer of ours is kept by others for
// longer than makes 60 in all.
const (
	atOrigin = 5 * time.Second
	inAll    = 60 * time.Second
)

// watcher reads status lists as others do, and holds each answer against the
// one before: a whole list, signed by us, of a version that does not go back,
// with no bit that is cleared again.
type watcher struct {
	t       *testing.T
	version int
	bits    []byte // as they were seen last
}

func (w *watcher) look(s *issuertest.Service, path string) {
	w.t.Helper()
	a := get(w.t, s, path).Want(w.t, 200)
	if err := s.Ring.CheckStatusList(a.Body, s.Clock.Now()); err != nil {
		w.t.Errorf("%s: %v", path, err)
	}
	version, err := strconv.Atoi(strings.Trim(a.Header.Get("ETag"), `"v`))
	if err != nil || version < w.version {
		w.t.Errorf("version %s came after %d", a.Header.Get("ETag"), w.version)
	}
	w.version = version
	keep, err := time.ParseDuration(strings.TrimPrefix(a.Header.Get("Cache-Control"), "public, max-age=") + "s")
	if err != nil || keep+atOrigin > inAll {
		w.t.Errorf("Cache-Control %q", a.Header.Get("Cache-Control"))
	}
	doc, err := strictjson.Parse(a.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	encoded := doc.Get("credentialSubject").Get("encodedList").Text()
	list, err := statuslist.Decode(encoded)
	if err != nil {
		w.t.Fatal(err)
	}
	now := list.Bits()
	for i, before := range w.bits {
		if before&^now[i] != 0 {
			w.t.Errorf("a place from %d on was revoked and is not any more", 8*i)
		}
	}
	w.bits = now
}

// sees tells whether a place was revoked at the last look.
func (w *watcher) sees(index uint64) bool { return w.bits[index/8]&(0x80>>(index%8)) != 0 }

// revoked counts the places that were.
func (w *watcher) revoked() (n int) {
	for _, b := range w.bits {
		n += bits.OnesCount8(b)
	}
	return n
}

// placed gives the list and the index of a badge.
func placed(t *testing.T, s *issuertest.Service, id issuer.CredentialID) (list string, index uint64, doc []byte) {
	t.Helper()
	var c struct {
		CredentialStatus struct{ StatusListCredential, StatusListIndex string }
	}
	a := get(t, s, "/v/"+string(id)+".json").Want(t, 200)
	a.JSON(t, &c)
	index, err := statuslist.ParseIndex(c.CredentialStatus.StatusListIndex)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(c.CredentialStatus.StatusListCredential, s.URL), index, a.Body
}

// patience is for how long a revocation is waited for. How long it took is told,
// not judged: on a machine at work it measures the machine.
const patience = 2 * time.Minute

// TestRevocationsAreSeen revokes badge after badge while copies of the program
// work and others read its lists: two copies on PostgreSQL, on SQLite one that
// is followed by another.
func TestRevocationsAreSeen(t *testing.T) {
	for name, dsn := range map[string]func(testing.TB) string{
		"sqlite":   func(t testing.TB) string { return filepath.Join(t.TempDir(), "hallmark.db") },
		"postgres": storetest.Postgres,
	} {
		t.Run(name, func(t *testing.T) {
			at := dsn(t)
			one := issuertest.New(t, issuertest.Options{DSN: at})
			two := issuertest.NewEmpty(t, issuertest.Options{DSN: at, Base: one.URL})
			revocationsAreSeen(t, one, two, name == "postgres")
		})
	}
}

func revocationsAreSeen(t *testing.T, one, two *issuertest.Service, together bool) {
	const times = 6
	w := &watcher{t: t}
	var own, origin time.Duration
	for n := range times {
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		serving := []*issuertest.Service{one, two}
		if !together {
			serving = serving[2*n/times : 2*n/times+1]
		}
		for _, s := range serving {
			running.Go(func() { s.Jobs.Run(ctx) })
		}
		asked, answers := serving[0], serving[len(serving)-1] // what one did, the other must know
		r, err := asked.Registrar.AwardAchievement(ctx, issuer.Caller{System: "test"}, registrar.NewAward{Achievement: "honour", Person: registrar.PersonRef{ID: one.People["other"]}, Reason: "x"})
		if err != nil {
			t.Fatal(err)
		}
		list, index, doc := placed(t, answers, r.Badge.ID)
		w.look(answers, list)
		if _, err := asked.Registrar.RevokeCredential(ctx, issuer.Caller{System: "test"}, r.Badge.ID, registrar.StatusChange{Code: "issued-in-error"}); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		report, err := answers.Verifier.Verify(ctx, doc, verifier.Ask{})
		if err != nil || report.Verdict != verifier.Refused {
			t.Errorf("our own verifier says %+v (%v)", report, err)
		}
		own = max(own, time.Since(begun))
		for !w.sees(index) && time.Since(begun) < patience {
			w.look(answers, list)
			w.look(asked, list)
		}
		origin = max(origin, time.Since(begun))
		stop()
		running.Wait()
	}
	if w.revoked() != times {
		t.Errorf("%d of %d revocations were seen within %v", w.revoked(), times, patience)
	}
	t.Logf("%d revocations: seen by our own verifier within %v, at the origin within %v", times, own.Round(time.Millisecond), origin.Round(time.Millisecond))
}

// TestPlacesAreDrawn: where a badge stands in a list tells nothing about when it
// was issued: the places of many, in the order of their issue, spread evenly
// and do not follow each other. No place is given twice.
func TestPlacesAreDrawn(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	const people, parts = 1600, 32
	rows := make([]registrar.PersonRow, people)
	items := make([]registrar.BatchItem, people)
	for n := range rows {
		email := fmt.Sprintf("p%d@lists.example", n)
		rows[n] = registrar.PersonRow{Row: n + 2, Email: email, Name: fmt.Sprint("Person ", n), Role: "learner", Cohort: "craft-1", TimeZone: "Europe/Berlin"}
		items[n] = registrar.BatchItem{Row: n + 1, Achievement: "honour", Person: registrar.PersonRef{Email: email}, Reason: "x"}
	}
	operator := issuer.Caller{System: "test"}
	if r, err := s.Registrar.ImportPeople(t.Context(), operator, rows, registrar.ImportOptions{}); err != nil || len(r.Refused) > 0 {
		t.Fatalf("%+v %v", r, err)
	}
	job, err := s.Registrar.AwardBatch(t.Context(), operator, registrar.NewBatch{Items: items})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Registrar.RunBatches(t.Context()); err != nil {
		t.Fatal(err)
	}
	if job, err = s.Registrar.Job(t.Context(), operator, job.ID); err != nil || len(job.Credentials) != people {
		t.Fatalf("%+v %v", job, err)
	}
	entries, err := store.Read(t.Context(), s.Store, func(tx *store.Tx) ([]issuer.StatusEntry, error) { return tx.StatusEntriesOf(job.Credentials...) })
	if err != nil {
		t.Fatal(err)
	}
	places := make([]uint64, people)
	for _, e := range entries {
		places[slices.Index(job.Credentials, e.CredentialID)] = uint64(e.StatusIndex)
	}
	const size = 131_072
	spread := func(of func(n int) uint64) (chi float64) {
		counts := make([]float64, parts)
		for n := range places {
			counts[of(n)*parts/size]++
		}
		even := float64(people) / parts
		for _, c := range counts {
			chi += (c - even) * (c - even) / even
		}
		return chi
	}
	// χ² of 31 degrees of freedom is above 80 once in 300,000 times.
	where := spread(func(n int) uint64 { return places[n] })
	steps := spread(func(n int) uint64 { return (places[n] + size - places[(n+people-1)%people]) % size })
	if where > 80 || steps > 80 {
		t.Errorf("χ² of the places is %.0f, and of the steps between them %.0f", where, steps)
	}
	sorted := slices.Clone(places)
	slices.Sort(sorted)
	if len(slices.Compact(sorted)) != people {
		t.Error("a place was given twice")
	}
}
