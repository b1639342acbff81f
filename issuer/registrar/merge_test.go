package registrar

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// mayHoldEnded are the columns in which the id of a person who became someone else
// may stand, by why.
var mayHoldEnded = map[string]string{
	"people.id": "their row, which names who they became", "audit_entries.object": "what happened to that account",
	"lost_mentor_keys.person_id": "the account whose key it was",
}

// newPerson adds someone to the cast.
func (c *cast) newPerson(who string) issuer.PersonID {
	c.t.Helper()
	p, err := c.AddPerson(c.t.Context(), system, NewPerson{Email: who + "@example.org", Name: "New " + who})
	c.must(err)
	c.ids[who] = p.ID
	return p.ID
}

// learns puts someone of the cast into a cohort.
func (c *cast) learns(who, cohort string) {
	c.t.Helper()
	_, err := c.Enroll(c.t.Context(), system, PersonRef{ID: c.ids[who]}, cohort)
	c.must(err)
}

// settle ends what is under way of who is merged in these tests.
func (c *cast) settle(job issuer.JobID) {
	c.t.Helper()
	c.write(func(tx *store.Tx) error {
		j, err := tx.IssueJob(job)
		c.must(err)
		j.State, j.EndedAt = issuer.JobFailed, &tx.Now
		return tx.SaveIssueJob(j)
	})
	c.later(5 * time.Hour) // claims end
}

// TestMergeMovesEverything merges someone who did everything that can be done into
// someone who did much of the same: no column but those that are named holds the id
// of the one who ended, and erasing who is left takes away every word of both.
func TestMergeMovesEverything(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx := t.Context()
		c.markLife()
		zara := c.newPerson("zara")
		c.learns("zara", "autumn")
		for _, r := range []NewGrant{{Person: zara, Role: issuer.Mentor, Tier: issuer.Community, Cohort: "autumn"}, {Person: zara, Role: issuer.Owner, Program: "makers"}} {
			_, err := c.GrantRole(ctx, system, r)
			c.must(err)
		}
		c.must(c.IssueDeferred(ctx))
		c.complete("zara", "M1", "2026-10-01", "")
		c.complete("zara", "M2", "2026-10-01", "90")
		_, err := c.SavePortfolio(ctx, c.as("zara"), PortfolioInput{Handle: "zara", Shown: true})
		c.must(err)
		_, err = c.SaveReply(ctx, c.as("zara"), "Quagga's usual", "Zara says: once more.")
		c.must(err)
		c.must(c.AnswerConsent(ctx, c.as("zara"), false))
		c.write(func(tx *store.Tx) error {
			shared := issuer.CapstoneID(c.ids["shared"])
			return tx.AddMember(&issuer.Member{CapstoneID: shared, PersonID: zara, IssuerID: c.issuerOf(tx), Part: "Quagga's other half", JoinedAt: tx.Now})
		})

		m, err := c.Merge(ctx, c.as("root"), zara, c.ids["zoe"])
		c.must(err)
		if len(m.Against) == 0 || !strings.Contains(strings.Join(m.Against, " "), "being issued") {
			t.Errorf("a job of theirs runs, and this speaks against it: %q", m.Against)
		}
		if err := c.MergePeople(ctx, c.as("root"), zara, c.ids["zoe"], false); !errors.Is(err, issuer.Conflict) {
			t.Errorf("merged while a job runs: %v", err)
		}
		c.settle(issuer.JobID(c.ids["begun"]))
		if m, err = c.Merge(ctx, c.as("root"), zara, c.ids["zoe"]); err != nil || len(m.Against) > 0 {
			t.Fatalf("%v %q", err, m.Against)
		}
		if len(m.BothIn) != 1 || m.Together != 1 || m.Page != "quagga-zoe" || !m.Key || m.Passkeys != 1 || m.Same == 0 || m.Consent != issuer.ConsentRefused {
			t.Errorf("%+v", m)
		}
		c.must(c.MergePeople(ctx, c.as("root"), zara, c.ids["zoe"], false))
		c.must(c.MergePeople(ctx, c.as("root"), zara, c.ids["zoe"], false)) // once more changes nothing
		for _, k := range c.cells() {
			if k.text == string(c.ids["zoe"]) && mayHoldEnded[k.column] == "" {
				t.Errorf("%s holds who ended", k.column)
			}
		}
		if _, err := c.Caller(ctx, c.ids["zoe"]); !errors.Is(err, issuer.Unsigned) {
			t.Errorf("signed in as who ended: %v", err)
		}
		if p, err := c.FindPerson(ctx, system, markAddress); err != nil || p.ID != zara {
			t.Errorf("%s is of %+v, %v", markAddress, p, err)
		}
		c.once(zara)
		for i := range c.as("zara").Grants {
			if g := c.as("zara").Grants[i]; g.Role == issuer.Mentor && g.Tier != issuer.Lead {
				t.Error("the lead mentor became a community mentor")
			}
		}
		all, err := c.Credentials(ctx, system, CredentialFilter{Person: zara})
		c.must(err)
		for _, b := range all.Items {
			if b.State.Live() && b.NameSigned {
				t.Errorf("%s carries the name of someone of whom one said no", b.Achievement.Code)
			}
		}
		c.must(c.ErasePerson(ctx, c.as("root"), zara))
		for column, text := range c.marked() {
			t.Errorf("%s: %.200q is left", column, text)
		}
	})
}

// once tells of what a person holds twice.
func (c *cast) once(p issuer.PersonID) {
	c.t.Helper()
	all, err := c.Credentials(c.t.Context(), system, CredentialFilter{Person: p})
	c.must(err)
	live := map[string]int{}
	for _, b := range all.Items {
		if b.State.Live() && b.RenewedBy == "" {
			if live[b.Achievement.Code]++; live[b.Achievement.Code] > 1 {
				c.t.Errorf("%s is held twice", b.Achievement.Code)
			}
		}
	}
}

// TestMergeBadges: of two badges the earlier one stays and the later one leads to
// it; what stacks on badges of both is earned.
func TestMergeBadges(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx := t.Context()
		c.newPerson("two")
		c.learns("two", "autumn")
		c.later(time.Second)
		early := c.complete("two", "M1", "2026-10-01", "").Credentials[0].ID
		c.later(time.Second)
		late := c.complete("lea", "M1", "2026-10-02", "").Credentials[0].ID
		c.complete("two", "M2", "2026-10-02", "90")
		c.must(c.MergePeople(ctx, c.as("root"), c.ids["lea"], c.ids["two"], false))
		c.once(c.ids["lea"])
		if got := c.heldCodes(c.ids["lea"]); got != "M1 M2 base" {
			t.Errorf("holds %s", got)
		}
		kept, err := c.Registrar.Badge(ctx, c.as("lea"), early)
		if err != nil || kept.State != issuer.Issued {
			t.Errorf("the earlier one: %+v %v", kept, err)
		}
		ended, err := c.published().Badge(ctx, late)
		if err != nil || ended.State != issuer.Revoked || ended.RevokedCode != issuer.Duplicate || ended.ReplacedBy != early {
			t.Errorf("the later one: %+v %v", ended, err)
		}
		// An LMS that knows them by the id they had goes on.
		if r, err := c.RecordCompletion(ctx, c.as("owen"), NewCompletion{Person: PersonRef{ID: c.ids["two"]}, Module: "M1", CompletedAt: "2026-10-03"}); err != nil || r.Completion.Person.ID != c.ids["lea"] {
			t.Errorf("%+v %v", r, err)
		}
		// And who became someone goes on to who they become.
		c.must(c.MergePeople(ctx, c.as("root"), c.ids["none"], c.ids["lea"], false))
		if p, err := c.FindPerson(ctx, system, "two@example.org"); err != nil || p.ID != c.ids["none"] {
			t.Errorf("%+v %v", p, err)
		}
	})
}

// TestMergeRefuses is what speaks against two being one, each on people of its own.
func TestMergeRefuses(t *testing.T) {
	tests := []struct {
		name, kept, gone, want string
		before                 func(c *cast, t *testing.T)
	}{
		{"themselves", "lea", "lea", "the same person", nil},
		{"a review of the other's work", "lea", "lee", "Nobody approves their own work", func(c *cast, t *testing.T) {
			_, err := c.ReviewCapstone(t.Context(), c.as("lee"), c.handIn("C1", "lea"), approve(1))
			c.must(err)
		}},
		{"the same the other way round", "lee", "lea", "Nobody approves their own work", func(c *cast, t *testing.T) {
			_, err := c.ReviewCapstone(t.Context(), c.as("lee"), c.handIn("C1", "lea"), NewReview{Submission: 1, Decision: issuer.Return, Note: "Once more."})
			c.must(err)
		}},
		{"two approvals of one", "com", "lee", "Two decisions of one person", func(c *cast, t *testing.T) {
			id := c.handIn("C2", "lea")
			for _, who := range []string{"com", "lee"} {
				_, err := c.ReviewCapstone(t.Context(), c.as(who), id, approve(1))
				c.must(err)
			}
		}},
		{"a completion of the other", "max", "owen", "Nobody records their own", func(c *cast, t *testing.T) { c.complete("max", "M1", "2026-10-01", "") }},
		{"a badge for the other", "max", "pat", "No one awards a badge to themselves", func(c *cast, t *testing.T) {
			_, err := c.AwardAchievement(t.Context(), c.as("pat"), NewAward{Achievement: "thanks", Person: PersonRef{ID: c.ids["max"]}, Reason: "Helped."})
			c.must(err)
		}},
		{"a project waits", "max", "ola", "waits for a mentor", func(c *cast, t *testing.T) { c.handIn("C1", "ola") }},
		{"a claim holds", "com", "far", "at work on a review", func(c *cast, t *testing.T) {
			_, err := c.GrantRole(t.Context(), system, NewGrant{Person: c.ids["far"], Role: issuer.Mentor, Tier: issuer.Lead, Cohort: "autumn"})
			c.must(err)
			_, err = c.ClaimCapstone(t.Context(), c.as("far"), c.handIn("C2", "lea"), NewClaim{})
			c.must(err)
		}},
		{"one of two badges is paused", "max", "none", "is suspended", func(c *cast, t *testing.T) {
			c.learns("none", "autumn")
			c.complete("none", "M2", "2026-10-01", "90")
			paused := c.complete("max", "M2", "2026-10-02", "90").Credentials[0].ID
			_, err := c.SuspendCredential(t.Context(), c.as("owen"), paused, StatusChange{Reason: "Looked into."})
			c.must(err)
		}},
		{"the caller would end", "lea", "root", "signed in with the account that would end", nil},
		{"nothing is issued", "spo", "far", "No badges are issued just now", func(c *cast, t *testing.T) { c.stop() }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newCast(t, NewKit(t, false))
			if tt.before != nil {
				tt.before(c, t)
			}
			err := c.MergePeople(t.Context(), c.as("root"), c.ids[tt.kept], c.ids[tt.gone], false)
			var refusal *issuer.Error
			if !errors.As(err, &refusal) || !strings.Contains(refusal.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if p, err := c.FindPerson(t.Context(), system, tt.gone+"@example.org"); err != nil || p.ID != c.ids[tt.gone] {
				t.Errorf("they are not there any more: %+v %v", p, err)
			}
		})
	}
}

// TestMergeAdmin: nobody becomes an admin unless that is said, and never by
// themselves.
func TestMergeAdmin(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx := t.Context()
		for _, who := range []string{"silent", "told"} {
			c.newPerson(who)
			_, err := c.GrantRole(ctx, system, NewGrant{Person: c.ids[who], Role: issuer.Admin})
			c.must(err)
		}
		c.must(c.MergePeople(ctx, c.as("root"), c.ids["lea"], c.ids["silent"], false))
		if c.as("lea").Manages("") {
			t.Error("a learner became an admin silently")
		}
		c.must(c.MergePeople(ctx, c.as("root"), c.ids["max"], c.ids["told"], true))
		if !c.as("max").Manages("") {
			t.Error("it was said that the role comes along, and it did not")
		}
		sure := c.as("ola")
		sure.SteppedUp = c.now()
		c.must(c.ClaimAddress(ctx, sure, "root@example.org", "to an admin", "https://badges.example.org/account/address?t=x"))
		if err := c.MergeOwn(ctx, sure, "to an admin"); !errors.Is(err, issuer.Conflict) {
			t.Errorf("an admin's account became a learner's: %v", err)
		}
	})
}

// TestMergeOwn: who reads the mail of both addresses makes both accounts one, and
// nobody else does.
func TestMergeOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx := t.Context()
		c.newPerson("mine")
		sure := c.as("lea")
		sure.SteppedUp = c.now()
		c.must(c.ClaimAddress(ctx, sure, "mine@example.org", "hash", "https://badges.example.org/account/address?t=x"))
		for name, tt := range map[string]struct {
			by    issuer.Caller
			token string
		}{
			"someone else": {c.sure("max", 0), "hash"}, "without a fresh confirmation": {c.as("lea"), "hash"},
			"with one that is old": {c.sure("lea", time.Hour), "hash"}, "with another link": {sure, "other"}, "nobody": {issuer.Caller{}, "hash"},
		} {
			if err := c.MergeOwn(ctx, tt.by, tt.token); err == nil {
				t.Errorf("merged by %s", name)
			}
		}
		m, err := c.OwnMerge(ctx, sure, "hash")
		if err != nil || m == nil || m.Gone.ID != c.ids["mine"] {
			t.Fatalf("%+v %v", m, err)
		}
		c.must(c.MergeOwn(ctx, sure, "hash"))
		emails, _, err := c.Emails(ctx, c.as("lea"))
		c.must(err)
		if !slices.ContainsFunc(emails, func(e EmailView) bool { return e.Address == "mine@example.org" && !e.Main }) {
			t.Errorf("%+v", emails)
		}
		if err := c.MergeOwn(ctx, sure, "hash"); err == nil {
			t.Error("the link works twice")
		}
	})
}

// TestMergeMeanwhile merges in every order at once, while completions come in for
// all: nobody is lost, nothing is held twice, and nobody is answered with a fault.
func TestMergeMeanwhile(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		who := []string{"one", "two", "six"}
		for _, w := range who {
			c.newPerson(w)
			c.learns(w, "autumn")
		}
		root, owen := c.as("root"), c.as("owen")
		var acts []func(ctx context.Context) error
		for i, w := range who {
			next := c.ids[who[(i+1)%len(who)]]
			acts = append(acts,
				func(ctx context.Context) error { return c.MergePeople(ctx, root, c.ids[w], next, false) },
				func(ctx context.Context) error { return c.MergePeople(ctx, root, next, c.ids[w], false) },
				func(ctx context.Context) error {
					_, err := c.RecordCompletion(ctx, owen, NewCompletion{Person: PersonRef{Email: w + "@example.org"}, Module: "M1", CompletedAt: "2026-10-01"})
					return err
				},
				func(ctx context.Context) error {
					_, err := c.ImportCompletions(ctx, owen, []CompletionRow{{Row: 2, Email: w + "@example.org", Module: "M2", CompletedOn: "2026-10-01", Score: "90"}}, ImportOptions{SkipWrong: true})
					return err
				})
		}
		var wg sync.WaitGroup
		start := make(chan struct{})
		for n := range 2 * len(acts) {
			wg.Go(func() {
				<-start
				var refusal *issuer.Error
				if err := acts[n%len(acts)](t.Context()); err != nil && !errors.As(err, &refusal) {
					t.Errorf("act %d: %v", n%len(acts), err)
				}
			})
		}
		close(start)
		wg.Wait()
		for n := range acts { // what something else was in the way of is asked for again
			var refusal *issuer.Error
			if err := acts[n](t.Context()); err != nil && !errors.As(err, &refusal) {
				t.Errorf("act %d: %v", n, err)
			}
		}
		last, err := c.FindPerson(t.Context(), system, "one@example.org")
		c.must(err)
		for _, w := range who {
			if p, err := c.FindPerson(t.Context(), system, w+"@example.org"); err != nil || p.ID != last.ID {
				t.Errorf("%s is %+v, %v", w, p, err)
			}
		}
		c.once(last.ID)
		for _, k := range c.cells() {
			if k.text == string(last.ID) || mayHoldEnded[k.column] != "" {
				continue
			}
			if slices.ContainsFunc(who, func(w string) bool { return k.text == string(c.ids[w]) }) && k.column != "people.merged_into" {
				t.Errorf("%s holds who ended", k.column)
			}
		}
	})
}
