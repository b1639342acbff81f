package registrar

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
)

// deedsInCode lists the kinds of acts that leave entries: texts like "capstone.review"
// that are handed to a function on their way there.
func deedsInCode(t *testing.T) map[string]bool {
	t.Helper()
	leave := regexp.MustCompile(`^(act|audit|entry|fixCompletion|moderate|changeStatus|change[A-Z][a-z]+)$`)
	shape := regexp.MustCompile(`^[a-z]+(\.[a-z-]+)+$`)
	found := map[string]bool{}
	note := func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.BasicLit:
			if s := strings.Trim(e.Value, `"`); shape.MatchString(s) {
				found[s] = true
			}
		case *ast.BinaryExpr:
			if l, ok := e.X.(*ast.BasicLit); ok && l.Value == `"credential."` {
				for _, kind := range []string{ledger.Issue, ledger.Supersede, ledger.Revoke, ledger.Suspend, ledger.Reinstate} {
					found["credential."+kind] = true
				}
			}
		}
	}
	for _, dir := range []string{".", "../jobs", "../signin", "../store"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					name := ""
					switch f := n.Fun.(type) {
					case *ast.Ident:
						name = f.Name
					case *ast.SelectorExpr:
						name = f.Sel.Name
					}
					if leave.MatchString(name) {
						for _, arg := range n.Args {
							note(arg)
						}
					}
				case *ast.KeyValueExpr:
					if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Act" {
						note(n.Value)
					}
				}
				return true
			})
		}
	}
	return found
}

// TestEveryDeedIsTold: the trail has a sentence for every kind of act that there is,
// and for no other.
func TestEveryDeedIsTold(t *testing.T) {
	code := deedsInCode(t)
	if len(code) < 100 || !code["capstone.review"] || !code["award.expire"] || !code["credential.suspend"] || !code["cohort.close"] {
		t.Fatalf("the code was not read: %d acts", len(code))
	}
	told := map[string]bool{}
	for _, d := range issuer.Deeds("", false) {
		told[d.Act] = true
		if !code[d.Act] {
			t.Errorf("no act is called %q", d.Act)
		}
	}
	for act := range code {
		if !told[act] {
			t.Errorf("the trail does not tell of %q: name it in issuer/trail.go, and its sentence below deed in the catalogue", act)
		}
	}
}

// chain gives the entries that wait their positions.
func (c *cast) chain() {
	c.t.Helper()
	c.write(func(tx *store.Tx) error {
		last, err := tx.LastAudit()
		if err != nil {
			return err
		}
		next, previous := int64(0), ledger.Start()
		if last != nil {
			next, previous = *last.Sequence+1, last.Hash
		}
		waiting, err := tx.WaitingAudit(100_000)
		for i := 0; err == nil && i < len(waiting); i++ {
			e := &waiting[i]
			at := next
			e.Sequence, e.Previous, e.Hash = &at, previous, ledger.Audit(previous, e)
			next, previous = next+1, e.Hash
			err = tx.ChainAudit(e)
		}
		return err
	})
}

func (c *cast) trailOf(who string, f TrailFilter) *TrailView {
	c.t.Helper()
	v, err := c.Trail(c.t.Context(), c.as(who), f)
	c.must(err)
	return v
}

// actsOf lists the acts of a page.
func actsOf(v *TrailView) []string {
	var acts []string
	for _, l := range v.Items {
		acts = append(acts, l.Act)
	}
	return acts
}

// TestTrail: who runs the installation reads everything, who runs a program what was
// done about it, and nobody who it was that reported a concern.
func TestTrail(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx := t.Context()
		capstone := c.handIn("C1", "lea")
		_, err := c.ReviewCapstone(ctx, c.as("lee"), capstone, NewReview{Submission: 1, Decision: issuer.Return, Note: "Say who uses it."})
		c.must(err)
		receipt, err := c.ReportConcern(ctx, c.as("lea"), NewConcern{Kind: issuer.AboutConduct, Program: "makers", Words: "Something happened."})
		c.must(err)
		_, err = c.GrantRole(ctx, c.as("root"), NewGrant{Person: c.ids["none"], Role: issuer.Admin})
		c.must(err)
		if err := c.RemoveGrant(ctx, c.as("lea"), "X"); err == nil {
			t.Fatal("a learner took a role away")
		}
		c.chain()

		all := c.trailOf("root", TrailFilter{})
		if acts := actsOf(all); !slices.Contains(acts, "capstone.review") || !slices.Contains(acts, "concern.report") || all.Items[0].Position < all.Items[1].Position {
			t.Errorf("an admin reads %v", acts)
		}
		for _, l := range all.Items {
			switch {
			case l.Act == "capstone.review" && (l.Sentence != "deed.capstone.review.return" || l.Who.Name == "" || l.What.Name != goodDraft.Title || l.What.Ref != string(capstone)):
				t.Errorf("a review is told as %+v", l)
			case strings.HasPrefix(l.Act, "concern.") && (l.Who.Kind != "nameless" || l.Object != "" || l.Actor != "" || len(l.Facts)+len(l.Words) > 0):
				t.Errorf("a concern is told as %+v", l)
			case l.Act == "role.remove" && (!l.Refused || l.Sentence != "trail.refused"):
				t.Errorf("a refusal is told as %+v", l)
			}
			if strings.Contains(l.Object, string(receipt.ID)) {
				t.Errorf("the id of a concern is told: %+v", l)
			}
		}
		owner := actsOf(c.trailOf("owen", TrailFilter{}))
		if !slices.Contains(owner, "capstone.review") {
			t.Errorf("an owner does not read of a review: %v", owner)
		}
		for _, act := range owner {
			if d := issuer.DeedOf(act); !d.Ours {
				t.Errorf("an owner reads of %s", act)
			}
		}
		if _, err := c.Trail(ctx, c.as("owen"), TrailFilter{Who: "root@example.org"}); err == nil {
			t.Error("an owner learns that someone is here who has nothing to do with the program")
		}

		mine := c.trailOf("root", TrailFilter{Who: "lee@example.org"})
		if got := actsOf(mine); len(got) == 0 || slices.ContainsFunc(mine.Items, func(l TrailLine) bool { return l.Who.Name != mine.Who.Name }) {
			t.Errorf("what lee did: %v", got)
		}
		if got := actsOf(c.trailOf("root", TrailFilter{Group: issuer.DeedWork, About: string(capstone)})); len(got) == 0 || got[0] != "capstone.review" {
			t.Errorf("what was done about the capstone: %v", got)
		}
		if got := c.trailOf("root", TrailFilter{Refused: true}); len(got.Items) != 1 {
			t.Errorf("%d entries were refused", len(got.Items))
		}
		today := issuer.Day(c.now().UTC().Format("2006-01-02"))
		if got := c.trailOf("root", TrailFilter{From: today, Until: today}); len(got.Items) != len(all.Items) {
			t.Errorf("today has %d entries of %d", len(got.Items), len(all.Items))
		}
		if got := c.trailOf("root", TrailFilter{Until: "2001-01-01"}); len(got.Items) != 0 {
			t.Errorf("%d entries are older than the installation", len(got.Items))
		}
		for _, bad := range []TrailFilter{{Group: "x"}, {Who: "nobody@example.org"}, {From: "x"}, {Until: "2026-02-31"}, {Before: "x"}, {Before: "-1"}} {
			if _, err := c.Trail(ctx, c.as("root"), bad); err == nil {
				t.Errorf("%+v is taken", bad)
			}
		}

		var paged []int64 // page by page it is the same, whole and in order
		for f := (TrailFilter{Limit: 3}); ; {
			v := c.trailOf("root", f)
			for _, l := range v.Items {
				paged = append(paged, l.Position)
			}
			if f.Before = v.Next; v.Next == "" {
				break
			}
		}
		c.write(func(tx *store.Tx) error {
			last, err := tx.LastAudit()
			if err == nil && len(paged) != int(*last.Sequence)+1 || !slices.IsSortedFunc(paged, func(a, b int64) int { return int(b - a) }) {
				t.Errorf("by pages there are %d entries of %d: %v", len(paged), *last.Sequence+1, paged)
			}
			return err
		})
	})
}

// TestRolesKeepTheirGivers: a role says since when and by whom, the last owner of a
// program stays, and who never signed in is found.
func TestRolesKeepTheirGivers(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx := t.Context()
		v, err := c.GrantRole(ctx, c.as("root"), NewGrant{Person: c.ids["none"], Role: issuer.Owner, Program: "makers"})
		c.must(err)
		if g := v.Grants[0]; g.By.ID != c.ids["root"] || g.Since.IsZero() {
			t.Errorf("the role says %+v", g)
		}
		owner := c.as("owen").Grants[0]
		c.must(c.RemoveGrant(ctx, c.as("none"), owner.ID))
		if err := c.RemoveGrant(ctx, c.as("none"), v.Grants[0].ID); err == nil {
			t.Error("the last owner of a program was removed")
		}
		never := func() int {
			t.Helper()
			people, err := c.People(ctx, c.as("root"), PeopleFilter{NeverIn: true})
			c.must(err)
			return people.Total
		}
		before := never()
		c.must(c.Arrive(ctx, c.ids["lea"], "BROWSER", "Firefox on Linux", ""))
		if after := never(); after != before-1 {
			t.Errorf("%d never signed in, and after one did %d", before, after)
		}
		mails := c.Mails(t)
		c.must(c.SendSignin(ctx, c.as("none"), c.ids["lea"], issuer.SigninLink{Token: "T", Purpose: "signin", ExpiresAt: c.now().AddDate(0, 0, 1)}, SigninMail{Link: "https://example.org", Minutes: 15}))
		if got := c.Mails(t); got != mails+1 {
			t.Errorf("a sign-in link made %d mails", got-mails)
		}
	})
}
