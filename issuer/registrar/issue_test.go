package registrar

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier"
	"hallmark/verifier/strictjson"
)

func TestCompletionEarns(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	first := c.complete("lea", "M1", "2026-10-01", "")
	if !first.Recorded || codes(first.Credentials) != "M1 " {
		t.Errorf("first module: %v %s", first.Recorded, codes(first.Credentials))
	}
	if attempt := c.complete("lea", "M2", "2026-10-02", "79.9"); !attempt.Recorded || attempt.Completion.Passed || len(attempt.Credentials) != 0 {
		t.Errorf("79.9 of 80: %+v", attempt.Completion)
	}
	passed := c.complete("lea", "M2", "2026-10-05", "80.0")
	if codes(passed.Credentials) != "M2 base " {
		t.Errorf("second module earned %s", codes(passed.Credentials))
	}
	again := c.complete("lea", "M2", "2026-10-05", "80")
	if again.Recorded {
		t.Error("the same fact was recorded twice")
	}
	if diff := cmp.Diff(passed.Credentials, again.Credentials); diff != "" {
		t.Errorf("the same fact again was answered otherwise: %s", diff)
	}
	if better := c.complete("lea", "M2", "2026-10-09", "95"); !better.Recorded || len(better.Credentials) != 0 {
		t.Errorf("a second pass earned %s", codes(better.Credentials))
	}
	base := passed.Credentials[1]
	if base.AwardedOn != "2026-10-05" || base.ValidUntil != nil || passed.Credentials[0].ValidUntil.Format(time.RFC3339) != "2028-10-05T23:59:59Z" {
		t.Errorf("days: %+v", passed.Credentials)
	}
	if n := c.Mails(t); n != 3 {
		t.Errorf("%d mails for 3 badges", n)
	}
}

// TestStackedDay: facts may arrive in any order; what stacks was earned on
// the day of the last of them.
func TestStackedDay(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.complete("lea", "M2", "2026-10-20", "90")
	late := c.complete("lea", "M1", "2026-09-10", "")
	if codes(late.Credentials) != "M1 base " || late.Credentials[1].AwardedOn != "2026-10-20" {
		t.Errorf("%s %s", codes(late.Credentials), late.Credentials[1].AwardedOn)
	}
}

func TestCompletionRefusals(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	lea := PersonRef{ID: c.ids["lea"]}
	tests := []struct {
		name  string
		in    NewCompletion
		kind  issuer.Kind
		field string
	}{
		{"unknown person", NewCompletion{Person: PersonRef{Email: "who@example.org"}, Module: "M1"}, issuer.Invalid, "person"},
		{"no address", NewCompletion{Person: PersonRef{Email: "who"}, Module: "M1"}, issuer.Invalid, "person"},
		{"not enrolled", NewCompletion{Person: PersonRef{ID: c.ids["none"]}, Module: "M1"}, issuer.Invalid, "person"},
		{"not in that cohort", NewCompletion{Person: lea, Module: "M1", Cohort: "spring"}, issuer.Invalid, "person"},
		{"unknown module", NewCompletion{Person: lea, Module: "M9"}, issuer.Invalid, "module"},
		{"unknown cohort", NewCompletion{Person: lea, Module: "M1", Cohort: "winter"}, issuer.Invalid, "cohort"},
		{"no calendar has it", NewCompletion{Person: lea, Module: "M1", CompletedAt: "2026-02-31"}, issuer.Invalid, "completedAt"},
		// It is 09:30 UTC, so 18:30 in Tokyo: tomorrow has not begun there.
		{"tomorrow in the cohort's zone", NewCompletion{Person: lea, Module: "M1", CompletedAt: "2026-11-22"}, issuer.Invalid, "completedAt"},
		{"an instant that is tomorrow there", NewCompletion{Person: lea, Module: "M1", CompletedAt: "2026-11-21T15:00:00Z"}, issuer.Invalid, "completedAt"},
		{"score in words", NewCompletion{Person: lea, Module: "M1", Score: "good"}, issuer.Invalid, "score.value"},
		{"score in points", NewCompletion{Person: lea, Module: "M1", Score: "9", Unit: "points"}, issuer.Invalid, "score.unit"},
		{"script for a link", NewCompletion{Person: lea, Module: "M1", Evidence: []Link{{"javascript:alert(1)", "x"}}}, issuer.Invalid, "evidence.url"},
		{"their own", NewCompletion{Person: PersonRef{ID: c.ids["owen"]}, Module: "M1"}, issuer.Forbidden, ""},
	}
	if _, err := c.Enroll(t.Context(), system, PersonRef{ID: c.ids["owen"]}, "autumn"); err != nil {
		t.Fatal(err)
	}
	before := c.rows(t)
	for _, test := range tests {
		_, err := c.RecordCompletion(t.Context(), c.as("owen"), test.in)
		var refusal *issuer.Error
		if !errors.As(err, &refusal) || refusal.Kind != test.kind || refusal.Field != test.field {
			t.Errorf("%s: %v, want %s of %q", test.name, err, test.kind, test.field)
		}
	}
	after := c.rows(t)
	delete(before, "audit_entries")
	delete(after, "audit_entries")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("refused completions left something behind: %s", diff)
	}
}

// TestDayInZone: the day is the one in the cohort's zone, and outside its
// dates it is recorded with a warning.
func TestDayInZone(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	for at, want := range map[string]issuer.Day{"2026-10-01T16:00:00Z": "2026-10-02", "2026-10-01T23:30:00+09:00": "2026-10-01", "2026-08-31": "2026-08-31", "": "2026-11-21"} {
		r, err := c.RecordCompletion(t.Context(), c.as("owen"), NewCompletion{Person: PersonRef{Email: " LEA@example.org"}, Module: "M1", CompletedAt: at})
		if err != nil {
			t.Fatal(err)
		}
		if r.Completion.CompletedOn != want || (len(r.Warnings) > 0) != (want == "2026-08-31") {
			t.Errorf("%q is %s with %v, want %s", at, r.Completion.CompletedOn, r.Warnings, want)
		}
	}
}

// TestRevokedStaysAway: a revoked badge does not come back because something
// else is recorded; a new fact earns it anew.
func TestRevokedStaysAway(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.complete("lea", "M1", "2026-10-01", "")
	stacked := c.complete("lea", "M2", "2026-10-02", "90")
	for _, b := range stacked.Credentials {
		if _, err := c.RevokeCredential(t.Context(), c.as("owen"), b.ID, StatusChange{Code: "issued-in-error"}); err != nil {
			t.Fatal(err)
		}
	}
	if r := c.complete("lea", "M1", "2026-10-03", ""); len(r.Credentials) != 0 {
		t.Errorf("another module brought back %s", codes(r.Credentials))
	}
	if r := c.complete("lea", "M2", "2026-10-02", "90"); r.Recorded || r.Credentials[0].State != issuer.Revoked {
		t.Errorf("the old fact again: %v %+v", r.Recorded, r.Credentials)
	}
	if r := c.complete("lea", "M2", "2026-10-09", "91"); codes(r.Credentials) != "M2 base " {
		t.Errorf("a new fact earned %s", codes(r.Credentials))
	}
}

// TestRenewal: an award whose term is over does not stand in the way, and a
// fact whose term is over already earns nothing.
func TestRenewal(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.complete("lea", "M2", "2026-10-02", "90")
	c.complete("max", "M1", "2024-09-01", "")
	if r := c.complete("max", "M2", "2024-10-01", "90"); !r.Recorded || len(r.Credentials) != 0 {
		t.Errorf("a pass of two years ago earned %s", codes(r.Credentials))
	}
	c.later(2 * 366 * 24 * time.Hour)
	if r := c.complete("lea", "M2", "2028-11-01", "90"); codes(r.Credentials) != "M2 " {
		t.Errorf("after the term: %s", codes(r.Credentials))
	}
	badges, err := c.Registrar.Badges(t.Context(), c.as("lea"))
	if err != nil || len(badges) != 2 || badges[0].State != issuer.Issued || badges[1].State != issuer.Expired {
		t.Errorf("%v %+v", err, badges)
	}
}

// TestExactlyOne: of many identical requests at once one records the fact and
// all are answered with the same badge.
func TestExactlyOne(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		by, in := c.as("owen"), NewCompletion{Person: PersonRef{ID: c.ids["lea"]}, Module: "M1", CompletedAt: "2026-10-01"}
		var mu sync.Mutex
		recorded, seen := 0, map[issuer.CredentialID]int{}
		began := time.Now()
		parallel(t, 500, func(int) error {
			r, err := c.RecordCompletion(t.Context(), by, in)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if r.Recorded {
				recorded++
			}
			for _, b := range r.Credentials {
				seen[b.ID]++
			}
			return nil
		})
		t.Logf("500 at once in %v", time.Since(began))
		if recorded != 1 || len(seen) != 1 {
			t.Errorf("%d recorded, %d different badges", recorded, len(seen))
		}
		for id, n := range seen {
			if n != 500 {
				t.Errorf("%d of 500 were answered with %s", n, id)
			}
		}
	})
}

func parallel(t *testing.T, n int, do func(i int) error) {
	t.Helper()
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = do(i) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// TestLastTwoAtOnce: the stacked badge is neither lost nor doubled when the
// last two modules of many people arrive at the same moment.
func TestLastTwoAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		const people = 200
		var rows []PersonRow
		for i := range people {
			rows = append(rows, PersonRow{Row: i, Email: fmt.Sprintf("p%d@example.org", i), Name: "P", Cohort: "autumn"})
		}
		if _, err := c.ImportPeople(t.Context(), system, rows, ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		parallel(t, 2*people, func(i int) error {
			_, err := c.RecordCompletion(t.Context(), system, NewCompletion{Person: PersonRef{Email: fmt.Sprintf("p%d@example.org", i/2)},
				Module: []string{"M1", "M2"}[i%2], CompletedAt: "2026-10-01", Score: "90"})
			return err
		})
		t.Logf("400 completions, 600 badges in %v", time.Since(began))
		if diff := cmp.Diff(map[string]int{"M1": people, "M2": people, "base": people}, c.Live(t)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestBadSigner: what our own verifier does not find right is not kept, and
// neither is the fact.
func TestBadSigner(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	before := c.rows(t)
	good := c.Ring.SignCredential
	tests := map[string]func(doc []byte, at time.Time) ([]byte, issuer.KeyID, error){
		"signs something else": func(doc []byte, at time.Time) ([]byte, issuer.KeyID, error) {
			return good([]byte(strings.Replace(string(doc), "First Step", "Last Step", 1)), at)
		},
		"damages the signature": func(doc []byte, at time.Time) ([]byte, issuer.KeyID, error) {
			signed, kid, err := good(doc, at)
			return []byte(strings.Replace(string(signed), `"proofValue":"z`, `"proofValue":"zz`, 1)), kid, err
		},
		"swaps the signature": func(doc []byte, at time.Time) ([]byte, issuer.KeyID, error) {
			signed, kid, err := good([]byte(strings.Replace(string(doc), "First Step", "Last Step", 1)), at)
			return []byte(strings.Replace(string(signed), "Last Step", "First Step", 1)), kid, err
		},
		"does not sign": func(doc []byte, at time.Time) ([]byte, issuer.KeyID, error) { return doc, "", nil },
		"signs with a list's key": func(doc []byte, at time.Time) ([]byte, issuer.KeyID, error) {
			signed, err := c.Ring.SignStatusList([]byte(strings.Replace(string(doc), c.Ring.DID(), "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", 1)), at)
			return signed, "", err
		},
		"fails":          func([]byte, time.Time) ([]byte, issuer.KeyID, error) { return nil, "", errors.New("no signer") },
		"panics":         func([]byte, time.Time) ([]byte, issuer.KeyID, error) { panic("no signer") },
		"signs too late": func(doc []byte, at time.Time) ([]byte, issuer.KeyID, error) { return good(doc, at.Add(time.Hour)) },
	}
	for name, sign := range tests {
		c.sign = sign
		_, err := c.RecordCompletion(t.Context(), c.as("owen"), NewCompletion{Person: PersonRef{ID: c.ids["lea"]}, Module: "M1", CompletedAt: "2026-10-01"})
		var refusal *issuer.Error
		if err == nil || errors.As(err, &refusal) {
			t.Errorf("a signer that %s: %v", name, err)
		}
	}
	if diff := cmp.Diff(before, c.rows(t)); diff != "" {
		t.Errorf("something was kept: %s", diff)
	}
	c.sign = nil
	if r := c.complete("lea", "M1", "2026-10-01", ""); codes(r.Credentials) != "M1 " {
		t.Error("a good signer after bad ones issues nothing")
	}
}

// TestBadSignerAmongMany: one badge of a file that cannot be signed undoes the
// file, whichever hand it falls to and however far the others are.
func TestBadSignerAmongMany(t *testing.T) {
	test := func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		const people = 2*atOnce + 20
		var roster []PersonRow
		var rows []CompletionRow
		for i := range people {
			roster = append(roster, PersonRow{Row: i, Email: address(i), Name: "P", Cohort: "autumn"})
			rows = append(rows, CompletionRow{Row: i, Email: address(i), Module: "M1", CompletedOn: "2026-10-01"})
		}
		if _, err := c.ImportPeople(t.Context(), system, roster, ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []int64{1, 7, atOnce + 3, people} {
			for _, panics := range []bool{false, true} {
				var n atomic.Int64
				c.sign = func(doc []byte, at time.Time) ([]byte, issuer.KeyID, error) {
					if n.Add(1) != bad {
						return c.Ring.SignCredential(doc, at)
					}
					if panics {
						panic("no signer")
					}
					return nil, "", errors.New("no signer")
				}
				_, err := c.ImportCompletions(t.Context(), system, rows, ImportOptions{})
				if err == nil || !strings.Contains(err.Error(), "no signer") {
					t.Errorf("badge %d, panics %v: %v", bad, panics, err)
				}
				if live := c.Live(t); len(live) != 0 {
					t.Errorf("badge %d, panics %v: kept %v", bad, panics, live)
				}
			}
		}
		c.sign = nil
		result, err := c.ImportCompletions(t.Context(), system, rows, ImportOptions{})
		if err != nil || result.Credentials != people || c.Live(t)["M1"] != people {
			t.Errorf("%v: %+v, live %v", err, result, c.Live(t))
		}
	}
	// Once each, or the second run would find the signer mended.
	t.Run("sqlite", func(t *testing.T) { test(t, newKit(t, false, false)) })
	t.Run("postgres", func(t *testing.T) { test(t, newKit(t, true, false)) })
}

// TestRepeatDoesNotWait: a fact that is recorded is answered while another act
// holds the person.
func TestRepeatDoesNotWait(t *testing.T) {
	c := newCast(t, NewKit(t, true)) // SQLite has one writer at a time, and no locks to wait for
	first := c.complete("lea", "M1", "2026-10-01", "")
	held, release := make(chan struct{}), make(chan struct{})
	hold, ended := sync.OnceFunc(func() { close(held) }), make(chan error)
	go func() {
		_, err := store.Write(t.Context(), c.Store, func(tx *store.Tx) (bool, error) {
			err := tx.LockPeople(c.ids["lea"])
			hold()
			<-release
			return true, err
		})
		ended <- err
	}()
	<-held
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	again, err := c.RecordCompletion(ctx, c.as("owen"), NewCompletion{Person: PersonRef{ID: c.ids["lea"]}, Module: "M1", CompletedAt: "2026-10-01"})
	close(release)
	if err != nil {
		t.Fatalf("while the person was held: %v", err)
	}
	first.Recorded = false
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("-first +again\n%s", diff)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// rows counts the rows of every table an act can write to.
func (k *Kit) rows(t testing.TB) map[string]int {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+k.dsn+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	counts := map[string]int{}
	for _, table := range strings.Fields(`people emails grants enrollments completions completion_evidence capstones members submissions evidence
		reviews achievement_versions awards credentials signed_copies status_entries audit_entries log_leaves log_salts messages answers consent_records`) {
		n := 0
		if err := db.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		counts[table] = n
	}
	return counts
}

// TestFaultAtEachStep: whatever step of an act fails, nothing of it stays.
func TestFaultAtEachStep(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.complete("max", "M1", "2026-10-01", "")
	capstone := c.handIn("C1", "lea", "max")
	db, err := sql.Open("sqlite", "file:"+c.dsn+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	acts := map[string]func(ctx context.Context) error{
		"completions completion_evidence awards status_entries credentials signed_copies log_salts log_leaves audit_entries messages": func(ctx context.Context) error {
			_, err := c.RecordCompletion(ctx, c.as("owen"), NewCompletion{Person: PersonRef{ID: c.ids["lea"]}, Module: "M1", CompletedAt: "2026-10-01",
				Evidence: []Link{{"https://lms.example.org/1", "LMS"}}})
			return err
		},
		"reviews awards status_entries credentials signed_copies log_salts log_leaves audit_entries messages": func(ctx context.Context) error {
			_, err := c.ReviewCapstone(ctx, c.as("lee"), capstone, approve(1))
			return err
		},
		"consent_records status_entries credentials signed_copies log_salts log_leaves audit_entries": func(ctx context.Context) error {
			return c.AnswerConsent(ctx, c.as("max"), true)
		},
	}
	before := c.rows(t)
	for tables, do := range acts {
		for _, table := range strings.Fields(tables) {
			if _, err := db.Exec("CREATE TRIGGER broken BEFORE INSERT ON " + table + " BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END"); err != nil {
				t.Fatal(err)
			}
			err := do(t.Context())
			var refusal *issuer.Error
			if err == nil || errors.As(err, &refusal) {
				t.Errorf("%s cannot be written: %v", table, err)
			}
			if _, err := db.Exec("DROP TRIGGER broken"); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, c.rows(t)); diff != "" {
				t.Errorf("%s cannot be written and something stayed: %s", table, diff)
			}
		}
	}
	for _, do := range acts {
		if err := do(t.Context()); err != nil {
			t.Errorf("after the faults: %v", err)
		}
	}
}

// TestDocument: what a badge says, what it keeps to itself, and that our own
// verifier and the public door agree about it.
func TestDocument(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.complete("lea", "M1", "2026-10-01", "93")
	p := &Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}
	b, err := p.Badge(t.Context(), c.badge())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := strictjson.Parse(b.Credential)
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range []struct{ got, want string }{
		{doc.Get("id").Text(), kitBase + "/v/" + string(b.ID)},
		{doc.Get("issuer").Get("id").Text(), "did:web:badges.example.org"},
		{doc.Get("validFrom").Text(), "2026-11-21T09:30:00Z"},
		{doc.Get("awardedDate").Text(), "2026-10-01T00:00:00Z"},
		{doc.Get("credentialStatus").Get("statusPurpose").Text(), "revocation"},
		{doc.Get("credentialSubject").Get("achievement").Get("version").Text(), "1"},
		{doc.Get("credentialSubject").Get("achievement").Get("id").Text(), kitBase + "/achievements/" + string(b.Achievement.ID)},
	} {
		if member.got != member.want {
			t.Errorf("%q, want %q", member.got, member.want)
		}
	}
	for _, private := range []string{"Lea Learner", "lea@example.org", "score", string(c.ids["lea"]), "autumn", "Autumn", "Owen", "identifier\":["} {
		if strings.Contains(string(b.Credential), private) {
			t.Errorf("the badge tells %q", private)
		}
	}
	v := verifier.Verifier{Keys: p, Status: p, Records: p, Now: c.now}
	report, err := v.Verify(t.Context(), b.Credential, verifier.Ask{})
	if err != nil || report.Verdict != verifier.Verified {
		t.Errorf("%v %+v", err, report)
	}
}

// TestOnce: a repeated request gets its first answer, another request with
// the same key is refused, and a refused act leaves the key free.
func TestOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		by := c.as("owen")
		ask := func(hash, module string) error {
			once := &Once{Key: "k", RequestHash: []byte(hash), Answer: func(result any) (int, []byte, error) {
				return 201, fmt.Appendf(nil, "%v", result.(*CompletionResult).Recorded), nil
			}}
			_, err := c.RecordCompletion(WithOnce(t.Context(), once), by, NewCompletion{Person: PersonRef{ID: c.ids["lea"]}, Module: module, CompletedAt: "2026-10-01"})
			return err
		}
		if err := ask("a", "M9"); !errors.Is(err, issuer.Invalid) {
			t.Fatal(err)
		}
		if err := ask("a", "M1"); err != nil {
			t.Fatal(err)
		}
		var first *Replay
		if err := ask("a", "M1"); !errors.As(err, &first) || first.Status != 201 || string(first.Body) != "true" {
			t.Errorf("the same request again: %v", err)
		}
		if err := ask("b", "M1"); !errors.Is(err, issuer.Invalid) {
			t.Errorf("another request with the key: %v", err)
		}
	})
}

// TestLog: every badge has an audit entry, a salt and a leaf.
func TestLog(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.complete("lea", "M1", "2026-10-01", "")
	id := c.badge()
	if _, err := c.SuspendCredential(t.Context(), c.as("owen"), id, StatusChange{Reason: "Checking."}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ReinstateCredential(t.Context(), c.as("owen"), id, StatusChange{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.RevokeCredential(t.Context(), c.as("owen"), id, StatusChange{Code: "other", Note: "private"}); err != nil {
		t.Fatal(err)
	}
	kinds, err := store.Read(t.Context(), c.Store, func(tx *store.Tx) ([]string, error) {
		all, err := tx.WaitingLeaves(1000)
		var leaves []issuer.LogLeaf
		for _, l := range all {
			if l.CredentialID == id {
				leaves = append(leaves, l)
			}
		}
		kinds := map[string]bool{}
		for _, l := range leaves {
			kinds[l.Type] = true
			if strings.Contains(string(l.Data), string(id)) {
				t.Error("a leaf names its badge")
			}
		}
		if len(leaves) != 4 || !kinds["issue"] || !kinds["suspend"] || !kinds["reinstate"] || !kinds["revoke"] {
			t.Errorf("leaves: %v", kinds)
		}
		_, salt := tx.Salt(id)
		return nil, errors.Join(err, salt)
	})
	if err != nil {
		t.Error(kinds, err)
	}
}
