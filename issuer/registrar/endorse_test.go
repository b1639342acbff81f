package registrar

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier"
	"hallmark/verifier/ob3"
	"hallmark/verifier/strictjson"
)

// sure is someone whose session showed again, some time ago, that it is them.
func (c *cast) sure(who string, ago time.Duration) issuer.Caller {
	by := c.as(who)
	by.SteppedUp = c.now().Add(-ago)
	return by
}

// signed is an approval that its mentor signs.
func signed(submission int) NewReview {
	in := approve(submission)
	in.Sign = true
	return in
}

// ready hands in a capstone of brief C1, which needs two approvals, one of a
// lead.
func (c *cast) ready(team ...string) issuer.CapstoneID {
	c.t.Helper()
	for _, who := range team {
		c.complete(who, "M1", "2026-10-01", "")
		c.complete(who, "M2", "2026-10-01", "90")
	}
	return c.handIn("C1", team...)
}

func (c *cast) decide(by issuer.Caller, id issuer.CapstoneID, in NewReview) *ReviewResult {
	c.t.Helper()
	r, err := c.ReviewCapstone(c.t.Context(), by, id, in)
	if err != nil {
		c.t.Fatal(err)
	}
	c.later(time.Second) // decisions have an order
	return r
}

// words reads every row of what mentors signed.
func (c *cast) words(id issuer.CapstoneID) []issuer.Endorsement {
	c.t.Helper()
	all, err := store.Read(c.t.Context(), c.Store, func(tx *store.Tx) ([]issuer.Endorsement, error) {
		reviews, err := tx.Reviews(id)
		if err != nil {
			return nil, err
		}
		return tx.EndorsementsOfReviews(unique(reviews, func(r issuer.Review) issuer.ReviewID { return r.ID })...)
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return all
}

func (c *cast) published() *Published {
	return &Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}
}

// badgeOf gives a badge as anyone sees it, and its document.
func (c *cast) badgeOf(id issuer.CredentialID) (*PublicBadge, *ob3.AchievementCredential) {
	c.t.Helper()
	b, err := c.published().Badge(c.t.Context(), id)
	if err != nil {
		c.t.Fatal(err)
	}
	var doc ob3.AchievementCredential
	if err := json.Unmarshal(b.Credential, &doc); err != nil {
		c.t.Fatal(err)
	}
	return b, &doc
}

// TestOwnWord: what two mentors sign waits, unsent, for its badges, stands in
// each of them, and is genuine there and on its own.
func TestOwnWord(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		if err := c.AnswerConsent(t.Context(), c.as("lee"), true); err != nil {
			t.Fatal(err)
		}
		id := c.ready("lea", "max")
		if r := c.decide(c.sure("com", time.Minute), id, signed(1)); !r.Review.Signed || len(r.Credentials) != 0 {
			t.Fatalf("%+v", r)
		}
		waiting := c.words(id)
		if len(waiting) != 2 || waiting[0].SentAt != nil || waiting[0].VoidedAt != nil {
			t.Fatalf("after the first: %+v", waiting)
		}
		if _, err := c.published().Endorsements(t.Context(), waiting[0].CredentialID); !errors.Is(err, issuer.NotFound) {
			t.Errorf("what was signed before there is a badge: %v", err)
		}
		done := c.decide(c.sure("lee", 4*time.Minute), id, signed(1))
		for _, b := range done.Credentials[:2] {
			c.holdsWords(b.ID)
		}
		for _, b := range done.Credentials[2:] { // what stacks is the issuer's word alone
			if _, doc := c.badgeOf(b.ID); len(doc.Endorsement) != 0 {
				t.Errorf("%s has endorsements", b.Achievement.Code)
			}
		}
		if all := c.words(id); len(all) != 4 || slices.ContainsFunc(all, func(e issuer.Endorsement) bool { return e.SentAt == nil }) {
			t.Errorf("after both: %+v", all)
		}
		view, err := c.Capstone(t.Context(), c.as("lea"), id)
		if err != nil || len(view.Submissions[0].Reviews) != 2 || !view.Submissions[0].Reviews[0].Signed {
			t.Errorf("what the team sees: %v %+v", err, view.Submissions[0].Reviews)
		}
	})
}

// holdsWords: a badge that com, who did not consent to be named, and then lee,
// who did, signed.
func (c *cast) holdsWords(id issuer.CredentialID) {
	t := c.t
	t.Helper()
	b, doc := c.badgeOf(id)
	if len(doc.Endorsement) != 2 {
		t.Fatalf("%d endorsements", len(doc.Endorsement))
	}
	served, err := c.published().Endorsements(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var all []json.RawMessage
	if err := json.Unmarshal(served, &all); err != nil || len(all) != 2 {
		t.Fatalf("%v: %s", err, served)
	}
	for i, name := range []string{"a mentor of Makers", "Lee"} {
		if !strings.Contains(string(b.Credential), string(all[i])) {
			t.Errorf("the badge carries other bytes than\n%s", all[i])
		}
		e := doc.Endorsement[i]
		if e.CredentialSubject.ID != badgeURL(c.BaseURL, id) || !strings.HasPrefix(e.Issuer.ID, "did:key:z6Mk") || !strings.HasPrefix(e.Issuer.Name, name) {
			t.Errorf("%+v", e)
		}
		if said := e.CredentialSubject.EndorsementComment; !strings.Contains(said, ": sound (") || !strings.Contains(said, "whose digest is zQm") || strings.Contains(said, "example.org") {
			t.Errorf("it says: %s", said)
		}
		alone, err := (&verifier.Verifier{Now: c.now}).Verify(t.Context(), all[i], verifier.Ask{})
		if err != nil || alone.Verdict != verifier.Verified {
			t.Errorf("on its own: %v %+v", err, alone)
		}
	}
	if doc.Endorsement[0].CredentialSubject.EndorsementComment == "" || doc.Endorsement[0].ID == doc.Endorsement[1].ID || doc.Endorsement[0].Issuer.ID == doc.Endorsement[1].Issuer.ID {
		t.Error("two mentors signed the same")
	}
	if got := doc.Evidence[len(doc.Evidence)-1].Narrative; got != "Reviewed and signed by 2 mentors, a lead mentor among them, of Makers." {
		t.Errorf("the badge says: %s", got)
	}
	if len(b.Approvals) != 2 || b.Approvals[0] != (Approval{Tier: issuer.Community, Signed: true, Of: id}) || b.Approvals[1].Name == "" || b.Approvals[1].Tier != issuer.Lead {
		t.Errorf("approvals: %+v", b.Approvals)
	}
	p := c.published()
	report, err := (&verifier.Verifier{Keys: p, Records: p, Now: c.now}).Verify(t.Context(), b.Credential, verifier.Ask{})
	if err != nil || report.Verdict != verifier.Verified {
		t.Fatalf("%v %+v", err, report)
	}
	at := slices.IndexFunc(report.Checks, func(c verifier.Check) bool { return c.Name == "endorsement" })
	if report.Checks[at].Outcome != verifier.Verified || !strings.HasPrefix(report.Checks[at].Reason, "2 of 2") {
		t.Errorf("%+v", report.Checks[at])
	}
	read, err := strictjson.Parse(b.Credential)
	if err != nil || len(ob3.Check(read)) > 0 {
		t.Errorf("%v %+v", err, ob3.Check(read))
	}
}

// TestSignedAndApproved: one signs, one approves; the badge says so of each,
// and the key of a mentor is the same the next time.
func TestSignedAndApproved(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	first := c.ready("lea")
	c.decide(c.as("com"), first, approve(1))
	one := c.decide(c.sure("lee", 0), first, signed(1)).Credentials[0]
	b, doc := c.badgeOf(one.ID)
	if got := doc.Evidence[1].Narrative; got != "Reviewed and signed by a lead mentor of Makers. Approved by a mentor of Makers." {
		t.Errorf("the badge says: %s", got)
	}
	if len(b.Approvals) != 2 || b.Approvals[0].Signed || !b.Approvals[1].Signed || b.Approvals[1].Name != "" {
		t.Errorf("approvals: %+v", b.Approvals)
	}
	second := c.ready("max")
	c.decide(c.as("com"), second, approve(1))
	_, other := c.badgeOf(c.decide(c.sure("lee", 0), second, signed(1)).Credentials[0].ID)
	if doc.Endorsement[0].Issuer.ID != other.Endorsement[0].Issuer.ID {
		t.Error("a mentor signs with two keys")
	}
	third := c.ready("ola")
	c.decide(c.as("com"), third, approve(1))
	plain := c.decide(c.as("lee"), third, approve(1)).Credentials[0]
	if b, doc := c.badgeOf(plain.ID); len(doc.Endorsement) != 0 || len(doc.Evidence) != 1 || b.Approvals[0].Signed {
		t.Errorf("nobody signed: %+v", doc.Evidence)
	}
	if none, err := c.published().Endorsements(t.Context(), plain.ID); err != nil || string(none) != "[]" {
		t.Errorf("%v %s", err, none)
	}
}

// TestWhoMaySign is every way in which an approval must not be signed; a plain
// one counts all the same where its mentor may approve.
func TestWhoMaySign(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	id := c.ready("lea", "max")
	other := c.sure("none", 0).SteppedUp
	token := c.as("com")
	token.Scopes = []issuer.Scope{issuer.CapstonesReview}
	program := issuer.Caller{Client: "C", Scopes: issuer.Scopes}
	returning := signed(1)
	returning.Decision, returning.Note = issuer.Return, "More."
	learner, far := c.sure("lea", 0), c.sure("far", 0)
	tests := []struct {
		name string
		by   issuer.Caller
		in   NewReview
		want issuer.Kind
	}{
		{"nobody", issuer.Caller{SteppedUp: other}, signed(1), issuer.Unsigned},
		{"never confirmed", c.as("com"), signed(1), issuer.Forbidden},
		{"confirmed five minutes ago", c.sure("com", issuer.StepUpLife), signed(1), issuer.Forbidden},
		{"confirmed in the future", c.sure("com", -time.Hour), signed(1), issuer.Forbidden},
		{"their own", learner, signed(1), issuer.Forbidden},
		{"of another cohort", far, signed(1), issuer.Forbidden},
		{"not a mentor", c.sure("root", 0), signed(1), issuer.Forbidden},
		{"another submission", c.sure("com", 0), signed(2), issuer.Conflict},
		{"a return", c.sure("com", 0), returning, issuer.Invalid},
		{"a token without the scope", token, signed(1), issuer.Forbidden},
		{"a program that is nobody", program, signed(1), issuer.Forbidden},
	}
	for _, test := range tests {
		if _, err := c.ReviewCapstone(t.Context(), test.by, id, test.in); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
	if all := c.words(id); len(all) != 0 {
		t.Fatalf("something was signed: %+v", all)
	}
	token.Scopes = []issuer.Scope{issuer.Endorse}
	if r := c.decide(token, id, signed(1)); !r.Review.Signed {
		t.Error("a token with the scope does not sign")
	}
	if r := c.decide(c.as("lee"), id, approve(1)); r.Review.Signed || len(r.Credentials) == 0 {
		t.Errorf("plain approval: %+v", r)
	}
}

// TestWordsAreVoid: what was signed about a submission that is gone is in no
// badge, and what is signed about the next is about other badges.
func TestWordsAreVoid(t *testing.T) {
	ends := map[string]func(c *cast, id issuer.CapstoneID) error{
		"handed in anew": func(c *cast, id issuer.CapstoneID) error {
			_, err := c.SubmitCapstone(c.t.Context(), c.as("lea"), id)
			return err
		},
		"withdrawn": func(c *cast, id issuer.CapstoneID) error {
			_, err := c.WithdrawCapstone(c.t.Context(), c.as("lea"), id)
			return err
		},
		"returned": func(c *cast, id issuer.CapstoneID) error {
			_, err := c.ReviewCapstone(c.t.Context(), c.as("lee"), id, NewReview{Submission: 1, Decision: issuer.Return, Note: "Test it."})
			return err
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			c := newCast(t, NewKit(t, false))
			id := c.ready("lea")
			c.decide(c.sure("com", 0), id, signed(1))
			if err := end(c, id); err != nil {
				t.Fatal(err)
			}
			old := c.words(id)
			if len(old) != 1 || old[0].VoidedAt == nil || old[0].SentAt != nil {
				t.Fatalf("%+v", old)
			}
			if name == "withdrawn" {
				return
			}
			if name == "returned" {
				if _, err := c.SubmitCapstone(t.Context(), c.as("lea"), id); err != nil {
					t.Fatal(err)
				}
			}
			c.decide(c.as("com"), id, approve(2))
			badge := c.decide(c.sure("lee", 0), id, signed(2)).Credentials[0]
			if _, doc := c.badgeOf(badge.ID); len(doc.Endorsement) != 1 || badge.ID == old[0].CredentialID {
				t.Errorf("badge %s carries %+v", badge.ID, doc.Endorsement)
			}
		})
	}
}

// TestWordsOfReplaced: a badge that replaces an endorsed one does not carry
// what was signed about the other, and leads there.
func TestWordsOfReplaced(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	id := c.ready("lea")
	c.decide(c.sure("com", 0), id, signed(1))
	old := c.decide(c.sure("lee", 0), id, signed(1)).Credentials[0].ID
	anew := old
	for range 2 {
		r, err := c.ReissueCredential(t.Context(), c.as("owen"), anew, "Misspelt.")
		if err != nil {
			t.Fatal(err)
		}
		anew = r.Badge.ID
	}
	b, doc := c.badgeOf(anew)
	if said := doc.Evidence[1].Narrative; len(doc.Endorsement) != 0 || strings.Count(said, "before this one") != 1 || !strings.HasSuffix(said, badgeURL(c.BaseURL, old)) {
		t.Errorf("the new badge says: %s", said)
	}
	if len(b.Approvals) != 2 || !b.Approvals[0].Signed || b.Approvals[0].Of != old {
		t.Errorf("%+v", b.Approvals)
	}
	for at, want := range map[issuer.CredentialID]int{old: 2, anew: 0} {
		var all []any
		served, err := c.published().Endorsements(context.Background(), at)
		if err != nil || json.Unmarshal(served, &all) != nil || len(all) != want {
			t.Errorf("%v: %s", err, served)
		}
	}
}

// TestMentorIsNotNamed: without consent, or once it is taken back, no view of
// ours names a mentor.
func TestMentorIsNotNamed(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	answer := func(yes bool) {
		if err := c.AnswerConsent(t.Context(), c.as("lee"), yes); err != nil {
			t.Fatal(err)
		}
	}
	answer(true)
	id := c.ready("lea")
	c.decide(c.as("com"), id, approve(1))
	badge := c.decide(c.sure("lee", 0), id, signed(1)).Credentials[0].ID
	if b, _ := c.badgeOf(badge); b.Approvals[1].Name == "" {
		t.Errorf("%+v", b.Approvals)
	}
	answer(false)
	if b, _ := c.badgeOf(badge); b.Approvals[1].Name != "" {
		t.Errorf("after taking it back: %+v", b.Approvals)
	}
	next := c.ready("max")
	c.decide(c.as("com"), next, approve(1))
	if _, doc := c.badgeOf(c.decide(c.sure("lee", 0), next, signed(1)).Credentials[0].ID); doc.Endorsement[0].Issuer.Name != "a lead mentor of Makers" {
		t.Errorf("signed as %q", doc.Endorsement[0].Issuer.Name)
	}
}

// TestStolenMentorKey: what a mentor's key signed before it was in other hands
// stays their word; what it signed since is an approval and no more, what waited
// goes into no badge, and the next approval is signed with a new key.
func TestStolenMentorKey(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	ctx, keeper := t.Context(), issuer.Caller{System: "keys"}
	badge := func(team string) (*PublicBadge, *ob3.AchievementCredential) {
		t.Helper()
		id := c.ready(team)
		c.decide(c.sure("com", 0), id, signed(1))
		return c.badgeOf(c.decide(c.as("lee"), id, approve(1)).Credentials[0].ID)
	}
	before, doc := badge("lea")
	c.later(time.Hour)
	theft := c.now()
	after, _ := badge("max")
	waits := c.ready("ola")
	c.decide(c.sure("com", 0), waits, signed(1))
	key, doc0 := doc.Endorsement[0].Issuer.ID, c.words(waits)[0]
	if _, err := c.CompromiseMentorKey(ctx, c.as("com"), key, theft); !errors.Is(err, issuer.Forbidden) && !errors.Is(err, issuer.NotFound) {
		t.Errorf("a mentor gives up a key: %v", err)
	}
	if _, err := c.CompromiseMentorKey(ctx, keeper, key, theft.Add(time.Hour)); !errors.Is(err, issuer.Invalid) {
		t.Errorf("stolen in the future: %v", err)
	}
	if _, err := c.CompromiseMentorKey(ctx, keeper, "z6MkNone", theft); !errors.Is(err, issuer.NotFound) {
		t.Errorf("a key that is none: %v", err)
	}
	for range 2 { // again changes nothing
		if lost, err := c.CompromiseMentorKey(ctx, keeper, key, theft); err != nil || "did:key:"+lost.Public != key {
			t.Fatalf("%+v, %v", lost, err)
		}
	}
	if _, err := c.CompromiseMentorKey(ctx, keeper, key, theft.Add(time.Second)); !errors.Is(err, issuer.Conflict) {
		t.Errorf("set later: %v", err)
	}
	for _, test := range []struct {
		id           issuer.CredentialID
		signed, lost bool
	}{{before.ID, true, false}, {after.ID, false, true}} {
		b, _ := c.badgeOf(test.id)
		if a := b.Approvals[0]; a.Signed != test.signed || a.Lost != test.lost || a.Lost && a.Name != "" {
			t.Errorf("%s: %+v", test.id, a)
		}
	}
	unsent := c.decide(c.sure("lee", 0), waits, signed(1)).Credentials[0]
	if _, doc := c.badgeOf(unsent.ID); len(doc.Endorsement) != 1 || doc.Endorsement[0].Issuer.ID == key {
		t.Errorf("a badge carries what a stolen key signed: %+v", doc.Endorsement)
	}
	anew, err := store.Write(ctx, c.Store, func(tx *store.Tx) (*issuer.MentorKey, error) {
		return (&work{Tx: tx, r: c.Registrar, us: &issuer.Issuer{ID: doc0.IssuerID}, detail: map[string]any{}}).mentorKey(c.ids["com"])
	})
	if err != nil || "did:key:"+anew.Public == key {
		t.Errorf("the next approval is signed with %+v, %v", anew, err)
	}
}
