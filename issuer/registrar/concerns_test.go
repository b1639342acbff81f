package registrar

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// sees lists who of the cast is shown a concern, and holds their desks to it.
func (c *cast) sees(id issuer.ConcernID) string {
	c.t.Helper()
	var who []string
	for _, name := range []string{"lea", "max", "ola", "com", "lee", "far", "owen", "pat", "root", "spo", "none"} {
		_, err := c.Concern(c.t.Context(), c.as(name), id)
		if err != nil && !errors.Is(err, issuer.NotFound) {
			c.t.Error(err)
		}
		if err == nil {
			who = append(who, name)
		}
		all, lists := c.Concerns(c.t.Context(), c.as(name), true)
		c.must(lists)
		listed := slices.ContainsFunc(append(all.Mine, all.Desk...), func(l ConcernLine) bool { return l.ID == id })
		if listed != (err == nil) {
			c.t.Errorf("%s: listed %v, shown %v", name, listed, err == nil)
		}
	}
	return strings.Join(who, " ")
}

func (c *cast) concern(who string, in NewConcern) *ConcernReceipt {
	c.t.Helper()
	if in.Words == "" {
		in.Words = "It was not right."
	}
	r, err := c.ReportConcern(c.t.Context(), c.as(who), in)
	c.must(err)
	return r
}

// TestWhoReadsAConcern: those at its desk, and never one whom it is about.
func TestWhoReadsAConcern(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		_, err := c.AddAdmin(t.Context(), system, "ruth@example.org", "Ruth Rooted")
		c.must(err)
		owner, err := c.Person(t.Context(), system, c.ids["owen"])
		c.must(err)
		admin, err := c.Person(t.Context(), system, c.ids["root"])
		c.must(err)
		part := func(name string) string { first, _, _ := strings.Cut(name, " "); return first }
		lea := c.complete("lea", "M1", "2026-10-01", "").Credentials[0].ID
		worked := c.badgeOfWork(c.approved("max"), "max")
		for _, test := range []struct {
			name string
			who  string
			in   NewConcern
			want string
			desk issuer.ConcernDesk
		}{
			{"of a program", "lea", NewConcern{Kind: issuer.AboutConduct, Program: "makers"}, "lea owen pat root", issuer.DeskProgram},
			{"of no program", "lea", NewConcern{Kind: issuer.AboutOther}, "lea root", issuer.DeskAdmins},
			{"without a name", "lea", NewConcern{Kind: issuer.AboutConduct, Program: "makers", Nameless: true}, "owen pat root", issuer.DeskProgram},
			{"without an account", "", NewConcern{Kind: issuer.AboutConduct}, "root", issuer.DeskAdmins},
			{"about the owner, named", "lea", NewConcern{Kind: issuer.AboutConduct, Program: "makers", About: owner.Name}, "lea root", issuer.DeskAdmins},
			{"about the owner, by address", "lea", NewConcern{Kind: issuer.AboutConduct, Program: "makers", Words: "Owen@Example.org shouted."}, "lea root", issuer.DeskAdmins},
			{"about the owner, by a part of the name", "lea", NewConcern{Kind: issuer.AboutConduct, Program: "makers", About: "our " + strings.ToUpper(part(owner.Name))}, "lea root", issuer.DeskAdmins},
			{"about who runs it, not named", "lea", NewConcern{Kind: issuer.AboutConduct, Program: "makers", AboutRunner: true}, "lea root", issuer.DeskAdmins},
			{"about an admin", "lea", NewConcern{Kind: issuer.AboutConduct, Program: "makers", Words: admin.Name + " did it."}, "lea owen pat", issuer.DeskProgram},
			{"about an admin, of no program", "", NewConcern{Kind: issuer.AboutConduct, About: admin.Name}, "", issuer.DeskAdmins},
			{"by the owner", "owen", NewConcern{Kind: issuer.AboutConduct, Program: "makers", Words: "I, " + owner.Name + ", saw it."}, "owen pat root", issuer.DeskProgram},
			{"about a badge", "", NewConcern{Kind: issuer.AboutBadge, Badge: strings.ToLower(string(lea))}, "owen pat root", issuer.DeskProgram},
			{"about a badge, by its holder", "lea", NewConcern{Kind: issuer.AboutBadge, Badge: string(lea)}, "lea owen pat root", issuer.DeskProgram},
			{"about a badge of work", "none", NewConcern{Kind: issuer.AboutBadge, Badge: string(worked)}, "owen pat root none", issuer.DeskProgram},
		} {
			r := c.concern(test.who, test.in)
			if got := c.sees(r.ID); got != test.want || r.GoesTo != test.desk {
				t.Errorf("%s: at the desk of %s %q see it, want %s and %q", test.name, r.GoesTo, got, test.desk, test.want)
			}
			if (r.Code == "") != (test.who != "" && !test.in.Nameless) {
				t.Errorf("%s: the code is %q", test.name, r.Code)
			}
		}
		_, err = c.GrantRole(t.Context(), system, NewGrant{Person: c.ids["lee"], Role: issuer.Owner, Program: "makers"})
		c.must(err)
		r := c.concern("none", NewConcern{Kind: issuer.AboutBadge, Badge: string(worked)})
		if got := c.sees(r.ID); got != "root none" {
			t.Errorf("about a badge that an owner approved: %q see it", got)
		}
		for _, wrong := range []NewConcern{{Kind: "x", Words: "x"}, {Kind: issuer.AboutOther}, {Kind: issuer.AboutBadge, Words: "x", Badge: "NONE"}, {Kind: issuer.AboutOther, Words: "x", Program: "none"}} {
			if _, err := c.ReportConcern(t.Context(), c.as("lea"), wrong); !errors.Is(err, issuer.Invalid) {
				t.Errorf("%+v: %v", wrong, err)
			}
		}
		if _, err := c.ReportConcern(t.Context(), issuer.Caller{}, NewConcern{Kind: issuer.AboutOther, Words: "x", Program: "makers"}); !errors.Is(err, issuer.Invalid) && !errors.Is(err, issuer.Unsigned) {
			t.Errorf("a stranger asks which programs there are: %v", err)
		}
	})
}

// TestConcernToItsAnswer: reported without a name, answered, added to, closed and
// forgotten; and no word of it stands anywhere else.
func TestConcernToItsAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx := t.Context()
		_, err := c.ReportConcern(ctx, c.as("lea"), NewConcern{Kind: issuer.AboutProject, Program: "makers", Words: "Secretword one.", Nameless: true})
		c.must(err)
		r := c.concern("lea", NewConcern{Kind: issuer.AboutConduct, Program: "makers", About: "Secretword two", Words: "Secretword three.", Nameless: true})
		if len(r.Code) != issuer.ConcernCodeSize {
			t.Fatalf("code %q", r.Code)
		}
		handle := func(who string, step ConcernStep, words, to string) error {
			_, err := c.HandleConcern(ctx, c.as(who), r.ID, step, words, c.ids[to])
			return err
		}
		for _, who := range []string{"lea", "lee", "far", "spo", "none"} {
			if err := handle(who, StepTake, "", ""); !errors.Is(err, issuer.NotFound) {
				t.Errorf("%s handles it: %v", who, err)
			}
		}
		if err := handle("owen", StepAssign, "", "lee"); !errors.Is(err, issuer.Invalid) {
			t.Errorf("given to a mentor: %v", err)
		}
		c.must(handle("owen", StepAssign, "", "pat"))
		c.must(handle("pat", StepNote, "Secretword inside.", ""))
		if err := handle("pat", StepClose, "", ""); !errors.Is(err, issuer.Conflict) {
			t.Errorf("closed without an answer: %v", err)
		}
		if err := handle("pat", StepAnswer, " ", ""); !errors.Is(err, issuer.Invalid) {
			t.Errorf("an empty answer: %v", err)
		}
		c.must(handle("pat", StepAnswer, "Secretword answer.", ""))
		spelt := strings.ToLower(r.Code[:5] + "-" + r.Code[5:])
		v, err := c.FollowConcern(ctx, spelt)
		if err != nil || v.State != issuer.ConcernAnswered || len(v.Notes) != 1 || v.Notes[0].Author != (PersonName{}) || v.Assigned != (PersonName{}) || v.Reporter != (PersonName{}) || len(v.Handlers) != 0 {
			t.Errorf("what the reporter sees: %+v, %v", v, err)
		}
		v, err = c.AddByCode(ctx, r.Code, "Secretword more.")
		if err != nil || v.State != issuer.ConcernWorking || len(v.Notes) != 2 {
			t.Errorf("what they add: %+v, %v", v, err)
		}
		for _, code := range []string{"", "x", strings.Repeat("A", issuer.ConcernCodeSize)} {
			if _, err := c.FollowConcern(ctx, code); !errors.Is(err, issuer.Invalid) {
				t.Errorf("code %q: %v", code, err)
			}
		}
		full, err := c.Concern(ctx, c.as("pat"), r.ID)
		if err != nil || len(full.Notes) != 3 || full.Reporter != (PersonName{}) || full.Assigned.ID != c.ids["pat"] {
			t.Errorf("what is handled: %+v, %v", full, err)
		}
		c.must(handle("pat", StepClose, "", ""))

		for _, cell := range c.cells() {
			table, _, _ := strings.Cut(cell.column, ".")
			if strings.Contains(cell.text, "Secretword") && !strings.HasPrefix(table, "concern") {
				t.Errorf("%s has a word of it: %s", cell.column, cell.text)
			}
		}
		entries, err := store.Read(ctx, c.Store, func(tx *store.Tx) ([]issuer.AuditEntry, error) { return tx.WaitingAudit(10_000) })
		c.must(err)
		for _, e := range entries {
			if (e.Act == "concern.report" || e.Act == "concern.add") && e.Actor != reporter.Actor() {
				t.Errorf("the trail tells who reported: %+v", e)
			}
		}

		c.later(issuer.ConcernLife - time.Hour)
		c.must(c.TendConcerns(ctx))
		_, err = c.FollowConcern(ctx, r.Code)
		c.must(err)
		c.later(2 * time.Hour)
		c.must(c.TendConcerns(ctx))
		if _, err := c.FollowConcern(ctx, r.Code); !errors.Is(err, issuer.Invalid) {
			t.Errorf("after its time: %v", err)
		}
		all, err := c.Concerns(ctx, c.as("owen"), true)
		if err != nil || len(all.Desk) != 1 {
			t.Errorf("what is left: %+v, %v", all, err)
		}
	})
}

// TestConcernsAreRemembered: those who handle them hear of each, and again when
// nothing happened for a week; mails say nothing of what it is about.
func TestConcernsAreRemembered(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx := t.Context()
		told := func() map[string]int {
			t.Helper()
			mails, err := store.Read(ctx, c.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 1000) })
			c.must(err)
			n := map[string]int{}
			for _, m := range mails {
				if m.Template != "concern" {
					continue
				}
				var data struct{ What string }
				c.must(json.Unmarshal([]byte(m.Data), &data))
				n[m.Recipient+" "+data.What]++
				if strings.Contains(m.Data, "Secretword") {
					t.Errorf("a mail says %s", m.Data)
				}
			}
			return n
		}
		r := c.concern("lea", NewConcern{Kind: issuer.AboutConduct, Program: "makers", Words: "Secretword."})
		if got := fmt.Sprint(told()); got != "map[owen@example.org new:1 pat@example.org new:1 root@example.org new:1]" {
			t.Error(got)
		}
		c.later(issuer.ConcernPatience - time.Second)
		c.must(c.TendConcerns(ctx))
		if n := told()["owen@example.org waiting"]; n != 0 {
			t.Error("reminded early")
		}
		c.later(time.Second)
		c.must(c.TendConcerns(ctx))
		c.must(c.TendConcerns(ctx))
		if n := told()["owen@example.org waiting"]; n != 1 {
			t.Errorf("reminded %d times", n)
		}
		_, err := c.HandleConcern(ctx, c.as("owen"), r.ID, StepAnswer, "Secretword answer.", "")
		c.must(err)
		if n := told()["lea@example.org answered"]; n != 1 {
			t.Errorf("the reporter was told %d times", n)
		}
		c.later(2 * issuer.ConcernPatience)
		c.must(c.TendConcerns(ctx))
		if n := told()["owen@example.org waiting"]; n != 1 {
			t.Errorf("reminded %d times, also of what was answered", n)
		}
		_, err = c.AddToConcern(ctx, c.as("lea"), r.ID, "Secretword more.")
		c.must(err)
		if n := told()["owen@example.org added"]; n != 1 {
			t.Errorf("told %d times that there is more", n)
		}
	})
}
