package registrar

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hallmark/issuer"
)

// held lists by code the live badges of someone.
func (c *cast) held(p issuer.PersonID) map[string]BadgeView {
	c.t.Helper()
	all, err := c.Credentials(c.t.Context(), system, CredentialFilter{Person: p, State: issuer.Issued})
	if err != nil {
		c.t.Fatal(err)
	}
	out := map[string]BadgeView{}
	for _, b := range all.Items {
		if b.ReplacedBy == "" {
			out[b.Achievement.Code] = b
		}
	}
	return out
}

func (c *cast) heldCodes(p issuer.PersonID) string {
	return strings.Join(slices.Sorted(maps.Keys(c.held(p))), " ")
}

// TestWithdrawCompletion: a badge whose fact falls away ends, one that something
// else earns stays or is replaced, and the rehearsal says so before.
func TestWithdrawCompletion(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		lea := c.ids["lea"]
		wrong := c.complete("lea", "M1", "2026-10-01", "").Completion
		c.complete("lea", "M2", "2026-10-02", "90")
		if _, err := c.WithdrawCompletion(ctx, c.as("owen"), wrong.ID, " ", false); !errors.Is(err, issuer.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		mails := k.Mails(t)
		would, err := c.WithdrawCompletion(ctx, c.as("owen"), wrong.ID, "It was someone else.", true)
		if err != nil || codes(would.Revoked) != "M1 base " || len(would.Replaced)+len(would.Kept) > 0 || would.Written {
			t.Fatal(err, would)
		}
		if got := c.heldCodes(lea); got != "M1 M2 base" || k.Mails(t) != mails {
			t.Errorf("the rehearsal did something: %s", got)
		}

		// With a second one the badge stays, dated anew, and says which it replaces.
		old := c.held(lea)
		c.complete("lea", "M1", "2026-10-05", "")
		did, err := c.WithdrawCompletion(ctx, c.as("owen"), wrong.ID, "It was someone else.", false)
		if err != nil || codes(did.Replaced) != "M1 base " || len(did.Revoked) > 0 {
			t.Fatal(err, did)
		}
		now := c.held(lea)
		for _, code := range []string{"M1", "base"} {
			if n := now[code]; n.AwardedOn != "2026-10-05" || n.Supersedes != old[code].ID {
				t.Errorf("%s was earned on %s and replaces %q", code, n.AwardedOn, n.Supersedes)
			}
		}
		if now["M2"].ID != old["M2"].ID {
			t.Error("a badge that rests on something else was touched")
		}
		if _, err := c.WithdrawCompletion(ctx, c.as("owen"), wrong.ID, "Again.", false); !errors.Is(err, issuer.Conflict) {
			t.Errorf("again: %v", err)
		}

		// The same file again adds nothing; by hand the fact stands again.
		row := CompletionRow{Row: 2, Email: "lea@example.org", Module: "M1", CompletedOn: "2026-10-01"}
		if r, err := c.ImportCompletions(ctx, c.as("owen"), []CompletionRow{row}, ImportOptions{}); err != nil || r.Added+r.Credentials != 0 || r.Unchanged != 1 {
			t.Error(err, r)
		}
		if r, err := c.RecordCompletion(ctx, c.as("client"), NewCompletion{Person: PersonRef{ID: lea}, Module: "M1", CompletedAt: "2026-10-01"}); err != nil || r.Recorded || len(r.Warnings) == 0 {
			t.Error(err, r)
		}
		if r, err := c.RecordCompletion(ctx, c.as("owen"), NewCompletion{Person: PersonRef{ID: lea}, Module: "M1", CompletedAt: "2026-10-01", Source: "hand"}); err != nil || !r.Recorded || r.Completion.ID != wrong.ID {
			t.Error(err, r)
		}
		if got := c.heldCodes(lea); got != "M1 M2 base" {
			t.Errorf("%s are held", got)
		}
	})
}

// TestCorrectCompletion: the right fact takes the place of the wrong one in one
// act, whoever it is of.
func TestCorrectCompletion(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c, ctx := newCast(t, k), t.Context()
		correct := func(wrong issuer.CompletionID, right NewCompletion) *CompletionFix {
			t.Helper()
			f, err := c.CorrectCompletion(ctx, c.as("owen"), wrong, right, "A slip of the pen.", false)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		// Another score that passes keeps the badge as it is.
		first := c.complete("lea", "M2", "2026-10-02", "90").Completion
		before := c.held(c.ids["lea"])["M2"]
		f := correct(first.ID, NewCompletion{CompletedAt: "2026-10-02", Score: "85"})
		if codes(f.Kept) != "M2 " || c.held(c.ids["lea"])["M2"].ID != before.ID || f.Right == nil || f.Completion.ReplacedBy != f.Right.ID {
			t.Error(f)
		}
		// What is said beside the fact is put right where it stands.
		if n := correct(f.Right.ID, NewCompletion{CompletedAt: "2026-10-02", Score: "85", Delivery: "strong", Note: "Led the team."}); n.Right != nil || n.Completion.Delivery != "strong" || n.Completion.Note == "" {
			t.Error(n)
		}
		// One that does not pass ends it, and one that passes earns it anew.
		f = correct(f.Right.ID, NewCompletion{CompletedAt: "2026-10-02", Score: "70"})
		if codes(f.Revoked) != "M2 " || c.heldCodes(c.ids["lea"]) != "" {
			t.Error(f)
		}
		f = correct(f.Right.ID, NewCompletion{CompletedAt: "2026-10-02", Score: "85"}) // as it was before
		if codes(f.Issued) != "M2 " || c.heldCodes(c.ids["lea"]) != "M2" || f.Completion.Passed {
			t.Error(f)
		}
		// It was someone else: hers ends, theirs begins.
		f = correct(f.Right.ID, NewCompletion{Person: PersonRef{ID: c.ids["max"]}, CompletedAt: "2026-10-02", Score: "85"})
		if codes(f.Revoked) != "M2 " || codes(f.Issued) != "M2 " || c.heldCodes(c.ids["lea"]) != "" || c.heldCodes(c.ids["max"]) != "M2" {
			t.Error(f)
		}
		// Nobody comes to a completion of their own by way of a correction.
		byCom, err := c.RecordCompletion(ctx, c.as("com"), NewCompletion{Person: PersonRef{ID: c.ids["ola"]}, Module: "M1", Source: "hand"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Enroll(ctx, system, PersonRef{ID: c.ids["com"]}, "autumn"); err != nil {
			t.Fatal(err)
		}
		if _, err := c.CorrectCompletion(ctx, c.as("com"), byCom.Completion.ID, NewCompletion{Person: PersonRef{ID: c.ids["com"]}}, "Me.", false); !errors.Is(err, issuer.Forbidden) {
			t.Errorf("for oneself: %v", err)
		}
		if _, err := c.WithdrawCompletion(ctx, c.as("com"), byCom.Completion.ID, "A slip.", false); err != nil {
			t.Errorf("what one recorded oneself: %v", err)
		}
		if _, err := c.WithdrawCompletion(ctx, c.as("com"), f.Right.ID, "A slip.", true); !errors.Is(err, issuer.Forbidden) {
			t.Errorf("what someone else recorded: %v", err)
		}
	})
}

// TestBadgesFollowFacts: whatever the order in which a cohort's facts arrive,
// are withdrawn, corrected or recorded again, and whenever the program's wording
// changes in between, people hold in the end what the facts that stand earn.
func TestBadgesFollowFacts(t *testing.T) {
	c, n := newCast(t, NewKit(t, false)), 0
	ctx := t.Context()
	edit := func() error {
		n++
		r, err := c.EditProgram(ctx, c.as("owen"), "makers", ProgramEdit{Module: &FileModule{Code: "M1", Name: fmt.Sprint("First, ", n), Level: "base", Kind: "short", Hours: 2, Skills: []string{"data"}}}, false)
		if err == nil && !r.Written {
			err = fmt.Errorf("refused: %v", r.Refused)
		}
		return err
	}
	rapid.Check(t, func(r *rapid.T) {
		n++
		p, err := c.AddPerson(ctx, system, NewPerson{Email: fmt.Sprintf("p%d@example.org", n), Name: "P"})
		if err != nil {
			r.Fatal(err)
		}
		c.ids["one"] = p.ID
		enrolled, approved := false, false
		standing := map[string]CompletionView{} // by what is said of it
		fact := func(v CompletionView) string { return fmt.Sprint(v.Module.Code, " ", v.CompletedOn, " ", v.Score) }
		record := func(module string, day int, score string) error {
			in := NewCompletion{Person: PersonRef{ID: p.ID}, Module: module, Cohort: "autumn", CompletedAt: fmt.Sprintf("2026-10-%02d", day), Score: score, Source: "hand"}
			done, err := c.RecordCompletion(ctx, c.as("owen"), in)
			if err == nil {
				standing[fact(done.Completion)] = done.Completion
			}
			return err
		}
		facts := rapid.Permutation([]func() error{
			func() error { return record("M1", rapid.IntRange(1, 3).Draw(r, "day"), "") },
			func() error { return record("M1", rapid.IntRange(1, 3).Draw(r, "day"), "") },
			func() error { return record("M2", 4, rapid.SampledFrom([]string{"70", "80", "95"}).Draw(r, "score")) },
			func() error { return record("M2", 5, "81") },
			edit,
			func() error {
				if !enrolled {
					return issuer.Wrong("person", "not enrolled")
				}
				id := c.handIn("C1", "one")
				_, err := c.ReviewCapstone(ctx, c.as("lee"), id, approve(1))
				approved = true
				return err
			},
			func() error {
				_, err := c.Enroll(ctx, system, PersonRef{ID: p.ID}, "autumn")
				enrolled = true
				return err
			},
		}).Draw(r, "order")
		again := facts // what came before the enrolment is refused and comes again
		for _, fact := range facts {
			again = again[1:]
			if err := fact(); errors.Is(err, issuer.Invalid) {
				facts, again = append(facts, fact), append(again, fact)
			} else if err != nil {
				r.Fatal(err)
			}
		}
		for _, fact := range again {
			if err := fact(); err != nil {
				r.Fatal(err)
			}
		}
		for range rapid.IntRange(0, 4).Draw(r, "fixes") {
			keys := slices.Sorted(maps.Keys(standing))
			if len(keys) == 0 {
				break
			}
			key := rapid.SampledFrom(keys).Draw(r, "which")
			was := standing[key]
			delete(standing, key)
			switch rapid.IntRange(0, 2).Draw(r, "how") {
			case 0:
				_, err = c.WithdrawCompletion(ctx, c.as("owen"), was.ID, "It was wrong.", false)
			case 1:
				score := rapid.SampledFrom([]string{"60", "99"}).Draw(r, "right score")
				var f *CompletionFix
				f, err = c.CorrectCompletion(ctx, c.as("owen"), was.ID, NewCompletion{CompletedAt: string(was.CompletedOn), Score: score}, "It was wrong.", false)
				if right := was; err == nil {
					if f.Right != nil { // else it said so already
						right = *f.Right
					}
					standing[fact(right)] = right
				}
			case 2:
				if _, err = c.WithdrawCompletion(ctx, c.as("owen"), was.ID, "It was wrong.", false); err == nil {
					in := NewCompletion{Person: PersonRef{ID: p.ID}, Module: was.Module.Code, Cohort: "autumn", CompletedAt: string(was.CompletedOn), Score: was.Score, Source: "hand"}
					_, err = c.RecordCompletion(ctx, c.as("owen"), in)
					standing[key] = was
				}
			}
			if err != nil {
				r.Fatal(err)
			}
		}
		want := map[string]bool{"C1": approved}
		for _, s := range standing {
			want[s.Module.Code] = want[s.Module.Code] || s.Passed
		}
		want["base"] = want["M1"] && want["M2"]
		want["all"] = want["base"] && want["C1"]
		maps.DeleteFunc(want, func(_ string, held bool) bool { return !held })
		if diff := cmp.Diff(strings.Join(slices.Sorted(maps.Keys(want)), " "), c.heldCodes(p.ID)); diff != "" {
			r.Error(diff)
		}
	})
}
