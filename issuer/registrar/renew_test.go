package registrar

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier"
)

const aDay = 24 * time.Hour

// until moves the clock to the middle of a day.
func (c *cast) until(day string) {
	c.t.Helper()
	c.later(issuer.Day(day).Time().Add(12 * time.Hour).Sub(c.now()))
}

// end is how a badge says when it ends.
func end(b *BadgeView) string {
	if b.ValidUntil == nil {
		return ""
	}
	return b.ValidUntil.UTC().Format(time.DateOnly)
}

// verdict verifies the signed bytes of a badge as the public door would.
func (c *cast) verdict(id issuer.CredentialID) (string, map[string]any) {
	c.t.Helper()
	p := &Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}
	bytes, err := p.Credential(c.t.Context(), id)
	if err != nil {
		c.t.Fatal(err)
	}
	v := verifier.Verifier{Keys: p, Records: p, Now: c.now}
	report, err := v.Verify(c.t.Context(), bytes, verifier.Ask{})
	if err != nil {
		c.t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(report.Credential, &doc); err != nil {
		c.t.Fatal(err)
	}
	return string(report.Verdict), doc
}

// TestRenewedByCompletion: the module completed anew near the end of its badge
// adds a term. Before that it is held; the old badge runs to its own end; the
// same completion again is answered with what it brought about.
func TestRenewedByCompletion(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { renewedByCompletion(t, newCast(t, k)) })
}

func renewedByCompletion(t *testing.T, c *cast) {
	p := &Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}
	c.complete("lea", "M1", "2026-11-20", "")
	first := c.complete("lea", "M2", "2026-11-21", "90").Credentials[0]
	c.until("2028-08-22")
	if r := c.complete("lea", "M2", "2028-08-22", "91"); len(r.Credentials) != 0 {
		t.Errorf("91 days before the end: %s", codes(r.Credentials))
	}
	c.until("2028-08-24")
	if r := c.complete("lea", "M2", "2028-08-20", "92"); len(r.Credentials) != 0 {
		t.Errorf("done too early and recorded later: %s", codes(r.Credentials))
	}
	if r := c.complete("lea", "M2", "2028-08-24", "70"); len(r.Credentials) != 0 {
		t.Errorf("an attempt: %s", codes(r.Credentials))
	}
	r := c.complete("lea", "M2", "2028-08-24", "85")
	if codes(r.Credentials) != "M2 " { // "base" has no end: there is nothing to renew
		t.Fatalf("renewed: %s", codes(r.Credentials))
	}
	next := r.Credentials[0]
	if next.ID == first.ID || next.AwardedOn != "2028-08-24" || end(&next) != "2030-08-24" {
		t.Errorf("the new term: %+v", next)
	}
	if again := c.complete("lea", "M2", "2028-08-24", "85"); len(again.Credentials) != 1 || again.Credentials[0].ID != next.ID {
		t.Errorf("the same completion again: %+v", again.Credentials)
	}
	if again := c.complete("lea", "M2", "2026-11-21", "90"); len(again.Credentials) != 2 || again.Credentials[0].ID != first.ID {
		t.Errorf("the first completion again: %+v", again.Credentials)
	}
	for _, test := range []struct {
		id            issuer.CredentialID
		renews, by    issuer.CredentialID
		until, signed string
	}{{first.ID, "", next.ID, "2028-11-21", "2028-11-21T23:59:59Z"}, {next.ID, first.ID, "", "2030-08-24", "2030-08-24T23:59:59Z"}} {
		b, err := p.Badge(t.Context(), test.id)
		if err != nil || b.State != issuer.Issued || b.Renews != test.renews || b.RenewedBy != test.by || b.ValidUntil.UTC().Format(time.DateOnly) != test.until || b.Supersedes != "" || b.ReplacedBy != "" {
			t.Errorf("%v %+v", err, b)
		}
		verdict, doc := c.verdict(test.id)
		if verdict != "verified" || fmt.Sprint(doc["validUntil"]) != test.signed {
			t.Errorf("%s until %v", verdict, doc["validUntil"])
		}
	}
	if bits := c.bits(t); len(bits) != 0 {
		t.Errorf("renewal is no blame, and set bits: %v", bits)
	}
	if n := c.Live(t)["M2"]; n != 1 {
		t.Errorf("%d live awards", n)
	}
	if m := c.mailed(t, "badge-renewed"); len(m) != 1 || m[0].Recipient != "lea@example.org" || !strings.Contains(m[0].Data, string(next.ID)) {
		t.Errorf("mail: %+v", m)
	}
	c.until("2028-11-22")
	if was, err := p.Badge(t.Context(), first.ID); err != nil || was.State != issuer.Expired || was.RenewedBy != next.ID {
		t.Errorf("the first badge after its end: %v %+v", err, was)
	}
	if verdict, _ := c.verdict(first.ID); verdict != "refused" {
		t.Errorf("the first badge after its end is %s", verdict)
	}
	if verdict, _ := c.verdict(next.ID); verdict != "verified" {
		t.Errorf("the second badge is %s", verdict)
	}
	c.inState("issued", next.ID)
	c.inState("expired", first.ID)
	c.until("2030-08-25")
	anew := c.complete("lea", "M2", "2030-08-25", "85").Credentials
	if len(anew) == 0 || anew[0].Renews != "" || c.Live(t)["M2"] != 1 {
		t.Errorf("after the last end it is earned anew: %+v", anew)
	}
	c.inState("expired", first.ID, next.ID)
}

// inState compares the badges of M2 that are listed as of a state.
func (c *cast) inState(state issuer.AwardState, want ...issuer.CredentialID) {
	c.t.Helper()
	list, err := c.Credentials(c.t.Context(), system, CredentialFilter{Person: c.ids["lea"], Achievement: "M2", State: state})
	if err != nil {
		c.t.Fatal(err)
	}
	have := map[issuer.CredentialID]bool{}
	for _, b := range list.Items {
		have[b.ID] = true
		if b.State != state {
			c.t.Errorf("listed as %s: %+v", state, b)
		}
	}
	for _, id := range want {
		if !have[id] {
			c.t.Errorf("%s is not listed as %s", id, state)
		}
	}
	if len(have) != len(want) {
		c.t.Errorf("%d badges are %s, want %d", len(have), state, len(want))
	}
}

// due gives lea a badge of M2 whose end is near.
func (c *cast) due() issuer.CredentialID {
	c.t.Helper()
	c.complete("lea", "M2", "2026-11-21", "90")
	c.until("2028-10-01")
	return c.current("lea", "M2")[0]
}

// TestRenewedByWord: who runs the program adds a term, with a reason; the new
// badge says the same as the old one but for its dates.
func TestRenewedByWord(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { renewedByWord(t, newCast(t, k)) })
}

func renewedByWord(t *testing.T, c *cast) {
	ctx, owner := t.Context(), c.as("owen")
	c.complete("lea", "M2", "2026-11-21", "90")
	first := c.current("lea", "M2")[0]
	if _, err := c.RenewCredential(ctx, owner, first, "Still knows it."); !errors.Is(err, issuer.Conflict) || !strings.Contains(err.Error(), "2028-08-23") {
		t.Errorf("too early: %v", err)
	}
	c.until("2028-10-01")
	var refusal *issuer.Error
	if _, err := c.RenewCredential(ctx, owner, first, " "); !errors.As(err, &refusal) || refusal.Field != "reason" {
		t.Errorf("without a reason: %v", err)
	}
	c.stop()
	if _, err := c.RenewCredential(ctx, owner, first, "Still knows it."); !errors.Is(err, issuer.Unavailable) {
		t.Errorf("while nothing is issued: %v", err)
	}
	c.resume()
	done, err := c.RenewCredential(ctx, owner, first, "Still knows it.")
	if err != nil || !done.Done || done.Badge.Renews != first || done.Badge.Fact != issuer.FactExplicit || end(&done.Badge) != "2030-10-01" {
		t.Fatalf("%v %+v", err, done)
	}
	again, err := c.RenewCredential(ctx, owner, first, "Still knows it.")
	if err != nil || again.Done || again.Badge.ID != done.Badge.ID {
		t.Errorf("again: %v %+v", err, again)
	}
	if _, err := c.RenewCredential(ctx, owner, done.Badge.ID, "And again."); !errors.Is(err, issuer.Conflict) {
		t.Errorf("the new one at once: %v", err)
	}
	own, err := c.AwardAchievement(ctx, c.as("pat"), NewAward{Achievement: "thanks", Person: PersonRef{ID: c.ids["owen"]}, Reason: "For the help."})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.RenewCredential(ctx, owner, own.Badge.ID, "I still help."); !errors.Is(err, issuer.Forbidden) {
		t.Errorf("their own: %v", err)
	}
	_, was := c.verdict(first)
	verdict, now := c.verdict(done.Badge.ID)
	if verdict != "verified" || fmt.Sprint(now["credentialSubject"]) != fmt.Sprint(was["credentialSubject"]) || fmt.Sprint(now["awardedDate"]) != "2028-10-01T00:00:00Z" {
		t.Errorf("%s, from %v to %v", verdict, was, now)
	}
	if held, err := c.AwardAchievement(ctx, owner, NewAward{Achievement: "M2", Person: PersonRef{ID: c.ids["lea"]}, Reason: "Once more."}); err != nil || held.Issued || held.Badge.ID != done.Badge.ID {
		t.Errorf("an award by word is no renewal: %v %+v", err, held)
	}
}

// TestRenewAtOnce: of many who renew a badge at once, by word and by fact, one
// does.
func TestRenewAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		first, owner := c.due(), c.as("owen")
		const n = 12
		done := make([]bool, n)
		parallel(t, n, func(i int) error {
			if i%2 == 0 {
				r, err := c.RenewCredential(t.Context(), owner, first, "Still knows it.")
				done[i] = err == nil && r.Done
				return err
			}
			r, err := c.RecordCompletion(t.Context(), owner, NewCompletion{Person: PersonRef{ID: c.ids["lea"]}, Module: "M2", CompletedAt: "2028-10-01", Score: fmt.Sprint(80 + i)})
			done[i] = err == nil && len(r.Credentials) == 1
			return err
		})
		winners := 0
		for _, d := range done {
			if d {
				winners++
			}
		}
		if live := c.current("lea", "M2"); winners != 1 || len(live) != 2 || c.Live(t)["M2"] != 1 {
			t.Errorf("%d renewed it; current: %v", winners, live)
		}
	})
}

// TestRenewedGoOnTogether: what is done to a renewed award is done to every
// badge of it that runs, and to none that does not.
func TestRenewedGoOnTogether(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { renewedTogether(t, newCast(t, k)) })
}

func renewedTogether(t *testing.T, c *cast) {
	ctx, owner, p := t.Context(), c.as("owen"), &Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}
	first := c.due()
	renewed, err := c.RenewCredential(ctx, owner, first, "Still knows it.")
	if err != nil {
		t.Fatal(err)
	}
	second := renewed.Badge.ID
	named := func(want bool, ids ...issuer.CredentialID) {
		t.Helper()
		for _, id := range ids {
			if b, err := p.Credential(ctx, id); err != nil || namesSomeone(b) != want {
				t.Errorf("%s: named is not %v (%v)", id, want, err)
			}
		}
	}
	if err := c.AnswerConsent(ctx, c.as("lea"), true); err != nil {
		t.Fatal(err)
	}
	both := c.current("lea", "M2")
	if len(both) != 2 {
		t.Fatalf("current: %v", both)
	}
	named(true, both...)
	of := func(old issuer.CredentialID) issuer.CredentialID {
		t.Helper()
		b, err := c.Badge(ctx, owner, old)
		if err != nil || b.State != issuer.Superseded || b.ReplacedBy == "" {
			t.Fatalf("%v %+v", err, b)
		}
		return b.ReplacedBy
	}
	first, second = of(first), of(second)
	if b, err := p.Badge(ctx, first); err != nil || b.RenewedBy != second || b.ValidUntil.UTC().Format(time.DateOnly) != "2028-11-21" {
		t.Errorf("the first term, issued anew: %v %+v", err, b)
	}
	one, err := c.ReissueCredential(ctx, owner, first, "A slip of the pen.")
	if err != nil || !one.Done || end(&one.Badge) != "2028-11-21" || one.Badge.RenewedBy != second {
		t.Fatalf("the first term alone: %v %+v", err, one)
	}
	if again, err := c.ReissueCredential(ctx, owner, first, "A slip of the pen."); err != nil || again.Done || again.Badge.ID != one.Badge.ID {
		t.Errorf("again: %v %+v", err, again)
	}
	first = one.Badge.ID
	if _, err := c.SuspendCredential(ctx, owner, first, StatusChange{Reason: "We look into it."}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []issuer.CredentialID{first, second} {
		if verdict, _ := c.verdict(id); verdict != "refused" {
			t.Errorf("suspended, and %s", verdict)
		}
	}
	if _, err := c.ReinstateCredential(ctx, owner, second, StatusChange{}); err != nil {
		t.Fatal(err)
	}
	c.until("2028-11-25")
	if _, err := c.ReissueCredential(ctx, owner, first, "Too late."); !errors.Is(err, issuer.Conflict) {
		t.Errorf("the first term is over: %v", err)
	}
	if err := c.AnswerConsent(ctx, c.as("lea"), false); err != nil {
		t.Fatal(err)
	}
	if b, err := c.Badge(ctx, owner, first); err != nil || b.State != issuer.Expired || b.ReplacedBy != "" {
		t.Errorf("the first term is over and was left: %v %+v", err, b)
	}
	second = of(second)
	named(false, second)
	if _, err := c.RevokeCredential(ctx, owner, second, StatusChange{Code: "misconduct"}); err != nil {
		t.Fatal(err)
	}
	bits := c.bits(t)
	for _, id := range []issuer.CredentialID{first, second} {
		if bits[id] != "revoked" {
			t.Errorf("revoked with the award: %q", bits[id])
		}
	}
}

// TestRenewals: an award that was renewed has its reminders in each term, and
// expires with the last of them.
func TestRenewals(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		c.due()
		expire := func() (n int) {
			gone, err := store.Write(t.Context(), c.Store, func(tx *store.Tx) ([]issuer.Award, error) { return tx.Expire(100) })
			if err != nil {
				t.Fatal(err)
			}
			return len(gone)
		}
		told := func(want int) {
			t.Helper()
			if err := c.Remind(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := len(c.mailed(t, "badge-ending")); n != want {
				t.Errorf("on %s: %d reminders, want %d", c.now().Format(time.DateOnly), n, want)
			}
		}
		c.until("2028-10-23") // 30 days before the first end
		told(1)
		c.complete("lea", "M2", "2028-10-23", "85")
		c.until("2028-11-15") // 7 days before it, which is none of the award now
		told(1)
		c.until("2028-11-22")
		if expire() != 0 {
			t.Error("a renewed award expired with its first term")
		}
		c.until("2030-07-26") // 90, 30 and 7 days before the second end
		told(2)
		c.until("2030-09-24")
		told(3)
		c.until("2030-10-17")
		told(4)
		c.until("2030-10-24")
		if expire() != 1 {
			t.Error("the last term ended, and the award did not")
		}
	})
}

// TestRenewedVersion: a fact renews under the wording of now, a word under that
// which the badge has.
func TestRenewedVersion(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.due()
	c.complete("max", "M2", "2026-11-21", "90")
	file := program()
	file.Achievements[1].Description = "Did the second, and more of it."
	if r, err := c.ImportProgram(t.Context(), system, file, false); err != nil || !r.Written {
		t.Fatal(err, r)
	}
	byFact := c.complete("lea", "M2", "2028-10-01", "85").Credentials[0]
	byWord, err := c.RenewCredential(t.Context(), c.as("owen"), c.current("max", "M2")[0], "Still knows it.")
	if err != nil {
		t.Fatal(err)
	}
	if byFact.Achievement.Version != 2 || byWord.Badge.Achievement.Version != 1 {
		t.Errorf("versions %d and %d", byFact.Achievement.Version, byWord.Badge.Achievement.Version)
	}
	if _, doc := c.verdict(byFact.ID); !strings.Contains(fmt.Sprint(doc), "and more of it") {
		t.Errorf("signed: %v", doc)
	}
	list, err := c.Credentials(t.Context(), system, CredentialFilter{Person: c.ids["lea"], Achievement: "M2"})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range list.Items {
		if want := map[bool]int{true: 2, false: 1}[b.ID == byFact.ID]; b.Achievement.Version != want {
			t.Errorf("%s is shown in version %d", b.ID, b.Achievement.Version)
		}
	}
	if touched, err := c.Touched(t.Context(), system, TouchedFilter{Achievement: "M2", Version: 1}); err != nil || len(touched) != 2 {
		t.Errorf("touched by the first version: %v %+v", err, touched)
	}
}

// TestRenewedByApproval: a new approved capstone renews, with the results of
// the new work, and who approves is told of the badge beforehand.
func TestRenewedByApproval(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	file := program()
	file.Achievements[3].ValidMonths = 12
	if r, err := c.ImportProgram(t.Context(), system, file, false); err != nil || !r.Written {
		t.Fatal(err, r)
	}
	review := func(want int) BadgeView {
		t.Helper()
		id := c.handIn("C1", "lea")
		v, err := c.Capstone(t.Context(), c.as("lee"), id)
		if err != nil || v.WouldIssue != want {
			t.Errorf("%v: would issue %d, want %d", err, v.WouldIssue, want)
		}
		r, err := c.ReviewCapstone(t.Context(), c.as("lee"), id, approve(1))
		if err != nil || len(r.Credentials) != want || len(r.Capstone.Badges) != want {
			t.Fatalf("%v: %+v", err, r)
		}
		if want == 0 {
			return BadgeView{}
		}
		return r.Credentials[0]
	}
	first := review(1)
	review(0)
	c.later(300 * aDay)
	next := review(1)
	if b, err := c.Badge(t.Context(), c.as("lea"), first.ID); err != nil || b.RenewedBy != next.ID || b.FactID == next.FactID {
		t.Errorf("%v %+v", err, b)
	}
	for _, b := range []BadgeView{first, next} {
		v, err := c.Capstone(t.Context(), c.as("lea"), issuer.CapstoneID(b.FactID))
		if err != nil || len(v.Badges) != 1 || v.Badges[0].ID != b.ID {
			t.Errorf("the capstone of %s: %v %+v", b.ID, err, v.Badges)
		}
	}
}
