package registrar

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
)

// asks makes someone ask for another name.
func (c *cast) asks(who string) issuer.NameRequestID {
	c.t.Helper()
	q, err := c.AskName(c.t.Context(), c.as(who), "Right Name", "")
	c.must(err)
	return q.ID
}

// returned is a capstone of a team that the lead mentor returned, the same when
// asked again.
func (c *cast) returned(team ...string) issuer.CapstoneID {
	c.t.Helper()
	name := "returned to " + team[0]
	if c.ids[name] != "" {
		return issuer.CapstoneID(c.ids[name])
	}
	id := c.handIn("C2", team...)
	c.ids[name] = issuer.PersonID(id)
	_, err := c.ReviewCapstone(c.t.Context(), c.as("lee"), id, NewReview{Submission: 1, Decision: issuer.Return, Note: "Say more."})
	c.must(err)
	return id
}

// TestShareLinks: a link shows the badge, also one that is taken down, until its
// day, its end or the erasure of its holder; and it follows the badge.
func TestShareLinks(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx, lea, p := t.Context(), c.as("lea"), c.published()
		id := c.complete("lea", "M1", "2026-10-01", "").Credentials[0].ID
		link := func(days int) string {
			_, secret, err := c.AddShareLink(ctx, lea, id, "  For\nan  aunt ", days)
			c.must(err)
			return secret
		}
		day, week := link(1), link(7)
		_, err := c.SetVisibility(ctx, lea, id, issuer.Hidden)
		c.must(err)
		again, err := c.ReissueCredential(ctx, c.as("owen"), id, "A test.")
		c.must(err)
		if b, err := p.Shared(ctx, day); err != nil || b.ID != again.Badge.ID {
			t.Errorf("%+v, %v", b, err)
		}
		if _, err := p.Badge(ctx, again.Badge.ID); !errors.Is(err, issuer.NotFound) {
			t.Errorf("the badge itself: %v", err)
		}
		gone := func(secret string) {
			t.Helper()
			_, never := p.Shared(ctx, "NEVER")
			if _, err := p.Shared(ctx, secret); !errors.Is(err, issuer.NotFound) || err.Error() != never.Error() {
				t.Errorf("%v, %v", err, never)
			}
		}
		c.later(24 * time.Hour)
		gone(day)
		s, err := c.Sharing(ctx, lea, id)
		c.must(err)
		if len(s.Links) != 2 || s.Links[0].Label != "For an aunt" || s.Links[0].Open == s.Links[1].Open {
			t.Errorf("%+v", s.Links)
		}
		for range 2 { // ending again changes nothing
			for _, l := range s.Links {
				c.must(c.EndShareLink(ctx, lea, id, l.ID))
			}
		}
		gone(week)
		for _, days := range []int{0, 367, -1} {
			if _, _, err := c.AddShareLink(ctx, lea, id, "", days); !errors.Is(err, issuer.Invalid) {
				t.Errorf("%d days: %v", days, err)
			}
		}
		last := ""
		for range issuer.MaxShareLinks {
			last = link(1)
		}
		if _, _, err := c.AddShareLink(ctx, lea, id, "", 1); !errors.Is(err, issuer.Conflict) {
			t.Errorf("one too many: %v", err)
		}
		c.must(c.ErasePerson(ctx, lea, lea.Person))
		gone(last)
	})
}

// TestSightings: what was counted is kept once, by day, and adds up.
func TestSightings(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx, lea := t.Context(), c.as("lea")
		id := c.complete("lea", "M1", "2026-10-01", "").Credentials[0].ID
		_, _, err := c.AddShareLink(ctx, lea, id, "", 1)
		c.must(err)
		before, err := c.Sharing(ctx, lea, id)
		c.must(err)
		s := &Sightings{Store: c.Store}
		s.Seen(id, c.now().AddDate(0, 0, -LatelyDays)) // a day too far back
		for range 2 {
			s.Seen(id, c.now())
			s.Opened(before.Links[0].ID)
			c.must(s.Keep(ctx))
			c.must(s.Keep(ctx))
		}
		s.Seen("NEVER", c.now())
		c.must(s.Keep(ctx))
		after, err := c.Sharing(ctx, lea, id)
		c.must(err)
		summed := func() int {
			v, err := c.Report(ctx, c.as("owen"), "makers")
			c.must(err)
			for _, r := range v.Cohorts {
				if r.Cohort.Code == "autumn" {
					return r.Seen
				}
			}
			return -1
		}
		if n := summed(); n != 0 {
			t.Errorf("views of one person's badges are told: %d", n)
		}
		for i := range issuer.Fewest - 1 {
			who := fmt.Sprint("one", i)
			_, err := c.ImportPeople(ctx, system, []PersonRow{{Row: 2, Email: who + "@example.org", Name: who, Role: "learner", Cohort: "autumn"}}, ImportOptions{})
			c.must(err)
			p, err := c.FindPerson(ctx, system, who+"@example.org")
			c.must(err)
			c.ids[who] = p.ID
			s.Seen(c.complete(who, "M1", "2026-10-01", "").Credentials[0].ID, c.now())
		}
		c.must(s.Keep(ctx))
		if n := summed(); n != 3+issuer.Fewest-1 {
			t.Errorf("views of %d people's badges are summed as %d", issuer.Fewest, n)
		}
		if after.Seen != 3 || after.Lately != 2 || after.Links[0].Opened != 2 {
			t.Errorf("%+v", after)
		}
	})
}

// TestNameRequests: the answer corrects the name and every badge with it in one
// act, or changes nothing.
func TestNameRequests(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx, lea := t.Context(), c.as("lea")
		c.must(c.AnswerConsent(ctx, lea, true))
		id := c.complete("lea", "M1", "2026-10-01", "").Credentials[0].ID
		q, err := c.AskName(ctx, lea, "Léa Learner", "An accent is missing.")
		c.must(err)
		if same, err := c.AskName(ctx, lea, "Léa Learner", "An accent is missing."); err != nil || same.ID != q.ID {
			t.Errorf("asking the same again: %+v, %v", same, err)
		}
		if _, err := c.AskName(ctx, lea, "Lena", ""); !errors.Is(err, issuer.Conflict) {
			t.Errorf("asking for another: %v", err)
		}
		if _, err := c.AskName(ctx, c.as("max"), "Max Member", ""); !errors.Is(err, issuer.Invalid) {
			t.Errorf("asking for the name one has: %v", err)
		}
		open, err := c.Requests(ctx, c.as("owen"))
		c.must(err)
		if len(open.Names) != 1 || open.Names[0].Person.Name != "Lea Learner" {
			t.Errorf("%+v", open)
		}
		if _, err := c.AnswerName(ctx, c.as("owen"), q.ID, false, ""); !errors.Is(err, issuer.Invalid) {
			t.Errorf("no without a reason: %v", err)
		}
		_, err = c.AnswerName(ctx, c.as("owen"), q.ID, true, "")
		c.must(err)
		if _, err := c.AnswerName(ctx, c.as("owen"), q.ID, false, "x"); !errors.Is(err, issuer.Conflict) {
			t.Errorf("answering again: %v", err)
		}
		b, err := c.published().Badge(ctx, id)
		c.must(err)
		if b, err = c.published().Badge(ctx, b.ReplacedBy); err != nil || b.Name != "Léa Learner" || !strings.Contains(string(b.Credential), "Léa Learner") {
			t.Errorf("%+v, %v", b, err)
		}
		c.later(time.Minute)
		later, err := c.AskName(ctx, lea, "Lea L.", "")
		c.must(err)
		c.must(c.WithdrawNameRequest(ctx, lea, later.ID))
		c.must(c.WithdrawNameRequest(ctx, lea, later.ID))
		all, err := c.MyNameRequests(ctx, lea)
		c.must(err)
		if len(all) != 2 || all[0].State != issuer.RequestWithdrawn || all[1].State != issuer.RequestDone {
			t.Errorf("%+v", all)
		}
	})
}

// TestAppeals: an appeal goes to who did not return it, once for each round; what
// is reopened waits as it was, for another mentor.
func TestAppeals(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx, lea := t.Context(), c.as("lea")
		id := c.returned("lea", "max")
		a, err := c.AppealReturn(ctx, lea, id, "It is all there.")
		c.must(err)
		if same, err := c.AppealReturn(ctx, lea, id, "It is all there."); err != nil || same.ID != a.ID {
			t.Errorf("the same again: %+v, %v", same, err)
		}
		if _, err := c.AppealReturn(ctx, c.as("max"), id, "Indeed."); !errors.Is(err, issuer.Conflict) {
			t.Errorf("a second one: %v", err)
		}
		for who, want := range map[string]int{"lee": 0, "com": 1, "owen": 1, "far": 0, "lea": 0} {
			if open, err := c.Requests(ctx, c.as(who)); err != nil || len(open.Appeals) != want {
				t.Errorf("%s is asked %+v, %v", who, open, err)
			}
		}
		_, err = c.AnswerAppeal(ctx, c.as("com"), a.ID, true, "It is.")
		c.must(err)
		v, err := c.Capstone(ctx, lea, id)
		c.must(err)
		if v.State != issuer.Submitted || v.Submission != 1 {
			t.Errorf("%s, submission %d", v.State, v.Submission)
		}
		if _, err := c.ReviewCapstone(ctx, c.as("lee"), id, approve(1)); !errors.Is(err, issuer.Conflict) {
			t.Errorf("who returned it decides again: %v", err)
		}
		if _, err := c.AnswerAppeal(ctx, c.as("owen"), a.ID, false, "No."); !errors.Is(err, issuer.Conflict) {
			t.Errorf("answering again: %v", err)
		}
		if _, err := c.AppealReturn(ctx, lea, id, "Again."); !errors.Is(err, issuer.Conflict) {
			t.Errorf("against what waits: %v", err)
		}

		other := c.returned("ola")
		late, err := c.AppealReturn(ctx, c.as("ola"), other, "Look.")
		c.must(err)
		_, err = c.SubmitCapstone(ctx, c.as("ola"), other)
		c.must(err)
		if _, err := c.AnswerAppeal(ctx, c.as("com"), late.ID, true, "Yes."); !errors.Is(err, issuer.Conflict) {
			t.Errorf("after they went on: %v", err)
		}
	})
}

// TestPortfolios: a page shows what its owner chose and nothing else.
func TestPortfolios(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx, lea, p := t.Context(), c.as("lea"), c.published()
		open, hidden := c.complete("lea", "M1", "2026-10-01", "").Credentials[0].ID, c.complete("lea", "M2", "2026-10-01", "90").Credentials[0].ID
		_, err := c.SetVisibility(ctx, lea, open, issuer.Public)
		c.must(err)
		work := c.handIn("C1", "lea", "max")
		_, err = c.ReviewCapstone(ctx, c.as("lee"), work, approve(1))
		c.must(err)
		in := PortfolioInput{Handle: "Lea-Makes", Headline: "I make\nthings", Links: []string{"https://lea.example/", "", "https://lea.example/"},
			Capstones: []issuer.CapstoneID{work, "NONE"}}
		v, err := c.SavePortfolio(ctx, lea, in)
		c.must(err)
		if v.URL != kitBase+"/p/lea-makes" || v.Listed != 1 || len(v.Choices) != 1 || !v.Choices[0].Chosen {
			t.Errorf("%+v", v)
		}
		_, never := p.Portfolio(ctx, "never")
		if _, err := p.Portfolio(ctx, "lea-makes"); !errors.Is(err, issuer.NotFound) || err.Error() != never.Error() {
			t.Errorf("before it is shown: %v, %v", err, never)
		}
		in.Shown = true
		_, err = c.SavePortfolio(ctx, lea, in)
		c.must(err)
		page, err := p.Portfolio(ctx, "LEA-makes")
		c.must(err)
		if page.Name != "" || page.Headline != "I make things" || len(page.Links) != 1 || len(page.Badges) != 1 || page.Badges[0].ID == hidden ||
			len(page.Capstones) != 1 || page.Capstones[0].Team != 2 || page.Capstones[0].Impact.ConfirmedBy != "" {
			t.Errorf("%+v", page)
		}
		in.Named, in.Capstones = true, nil
		_, err = c.SavePortfolio(ctx, lea, in)
		c.must(err)
		if page, err := p.Portfolio(ctx, "lea-makes"); err != nil || page.Name != "Lea Learner" || len(page.Capstones) != 0 {
			t.Errorf("%+v, %v", page, err)
		}
		for _, taken := range []string{"lea-makes", "LEAMAKES", "1ea-makes"} {
			if _, err := c.SavePortfolio(ctx, c.as("max"), PortfolioInput{Handle: taken}); err == nil {
				t.Errorf("someone else has %s", taken)
			}
		}
		in.Handle = "lea-builds"
		_, err = c.SavePortfolio(ctx, lea, in)
		c.must(err)
		if _, err := p.Portfolio(ctx, "lea-makes"); !errors.Is(err, issuer.NotFound) {
			t.Errorf("the old name: %v", err)
		}
		c.must(c.ErasePerson(ctx, lea, lea.Person))
		if _, err := p.Portfolio(ctx, "lea-builds"); !errors.Is(err, issuer.NotFound) {
			t.Errorf("after erasure: %v", err)
		}
	})
}
