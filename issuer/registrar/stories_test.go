package registrar

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

var storyText = issuer.StoryText{Title: "Expenses without paper", Words: "Receipts were lost. Now a **form** reads them, and three teams use it.", Department: "Finance",
	Impact: issuer.Impact{Measure: "hours saved", Before: "9", After: "2", Period: "a month", ConfirmedBy: "Finance"}}

// approved hands in a capstone of a team and has it approved.
func (c *cast) approved(team ...string) issuer.CapstoneID {
	c.t.Helper()
	id := c.handIn("C1", team...)
	_, err := c.ReviewCapstone(c.t.Context(), c.as("lee"), id, approve(1))
	c.must(err)
	return id
}

// tell writes a story that all of a team agree to, with their names.
func (c *cast) tell(text issuer.StoryText, team ...string) issuer.CapstoneID {
	c.t.Helper()
	id := c.approved(team...)
	_, err := c.WriteStory(c.t.Context(), c.as(team[0]), id, text)
	c.must(err)
	for _, who := range team {
		_, err := c.AgreeToStory(c.t.Context(), c.as(who), id, 1, true, true)
		c.must(err)
	}
	return id
}

// titles lists what the gallery shows, and holds it to the rule, story by story.
func (c *cast) titles(f GalleryFilter) string {
	c.t.Helper()
	v, err := c.published().Gallery(c.t.Context(), f)
	c.must(err)
	shown := map[issuer.StoryID]bool{}
	var titles []string
	for _, s := range v.Items {
		shown[s.ID] = true
		titles = append(titles, s.Title)
	}
	if f == (GalleryFilter{}) {
		desk, err := c.StoryDesk(c.t.Context(), c.as("owen"), "makers", "")
		c.must(err)
		for _, s := range desk.Stories {
			if shown[s.ID] != (s.Standing == issuer.StoryShown) {
				c.t.Errorf("%q is %s, and in the gallery: %v", s.Text.Title, s.Standing, shown[s.ID])
			}
			if _, err := c.published().Story(c.t.Context(), s.ID); (err == nil) != shown[s.ID] {
				c.t.Errorf("%q: its page: %v", s.Text.Title, err)
			}
		}
	}
	return strings.Join(titles, ", ")
}

// TestGallery: a story is shown while each of its team agrees to its words, and
// no longer.
func TestGallery(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx := t.Context()
		id := c.approved("lea", "max")
		v, err := c.Story(ctx, c.as("lea"), id)
		c.must(err)
		if v.Edition != 0 || v.Text.Title != goodDraft.Title || v.Text.Words != goodDraft.Summary {
			t.Errorf("before it is written: %+v", v)
		}
		if _, err := c.AgreeToStory(ctx, c.as("lea"), id, 0, true, true); !errors.Is(err, issuer.Conflict) {
			t.Errorf("agreeing to nothing: %v", err)
		}
		wrote, err := c.WriteStory(ctx, c.as("lea"), id, storyText)
		c.must(err)
		agree := func(who string, edition int, agreed, named bool) {
			t.Helper()
			_, err := c.AgreeToStory(ctx, c.as(who), id, edition, agreed, named)
			c.must(err)
		}
		step := func(what, want string) {
			t.Helper()
			if got := c.titles(GalleryFilter{}); got != want {
				t.Errorf("%s: the gallery shows %q, want %q", what, got, want)
			}
		}
		step("nobody agreed", "")
		agree("lea", 1, true, true)
		step("one agreed", "")
		agree("max", 1, true, false)
		step("both agreed", storyText.Title)
		story, err := c.published().Story(ctx, wrote.ID)
		c.must(err)
		if diff := cmp.Diff([]GalleryPerson{{Name: "Lea Learner"}}, story.People); diff != "" || story.Others != 1 {
			t.Errorf("who is named: %s, and %d others", diff, story.Others)
		}
		if story.Achievement.Code != "C1" || len(story.Words) == 0 || story.Impact != storyText.Impact {
			t.Errorf("%+v", story)
		}

		badge := c.badgeOfWork(id, "lea")
		_, err = c.SetVisibility(ctx, c.as("lea"), badge, issuer.Public)
		c.must(err)
		_, err = c.SetVisibility(ctx, c.as("max"), c.badgeOfWork(id, "max"), issuer.Public)
		c.must(err)
		story, err = c.published().Story(ctx, wrote.ID)
		c.must(err)
		if diff := cmp.Diff([]GalleryPerson{{"Lea Learner", kitBase + "/v/" + string(badge)}}, story.People); diff != "" {
			t.Errorf("with public badges, of which one is of who is not named: %s", diff)
		}

		agree("max", 1, false, true)
		step("one took it back", "")
		agree("max", 1, true, true)
		step("and agreed again", storyText.Title)
		other := storyText
		other.Title = "Paper no more"
		_, err = c.WriteStory(ctx, c.as("max"), id, other)
		c.must(err)
		step("the words changed", "")
		if _, err := c.AgreeToStory(ctx, c.as("lea"), id, 1, true, true); !errors.Is(err, issuer.Conflict) {
			t.Errorf("agreeing to words that are no more: %v", err)
		}
		agree("lea", 2, true, true)
		agree("max", 2, true, true)
		step("both agreed anew", other.Title)

		_, err = c.HideStory(ctx, c.as("owen"), id, "It names a customer.")
		c.must(err)
		step("hidden", "")
		_, err = c.ShowStory(ctx, c.as("owen"), id)
		c.must(err)
		step("shown again", other.Title)
		_, err = c.SuspendCredential(ctx, c.as("owen"), badge, StatusChange{Reason: "It is looked into."})
		c.must(err)
		step("a badge is paused", "")
		_, err = c.ReinstateCredential(ctx, c.as("owen"), badge, StatusChange{})
		c.must(err)
		step("it counts again", other.Title)
		c.must(c.ErasePerson(ctx, c.as("max"), c.ids["max"]))
		step("one left", other.Title)
		if story, err = c.published().Story(ctx, wrote.ID); err != nil || len(story.People) != 1 || story.Others != 0 {
			t.Errorf("who left is still there: %+v %v", story, err)
		}
		_, err = c.RevokeCredential(ctx, c.as("owen"), badge, StatusChange{Code: "misconduct"})
		c.must(err)
		step("a badge was revoked", "")
		c.must(c.ErasePerson(ctx, c.as("lea"), c.ids["lea"]))
		left, err := store.Read(ctx, c.Store, func(tx *store.Tx) ([]issuer.Story, error) { return tx.StoriesBy(id) })
		if err != nil || len(left) != 0 {
			t.Errorf("all left: %+v %v", left, err)
		}
	})
}

// badgeOfWork is the badge of a capstone that someone holds.
func (c *cast) badgeOfWork(id issuer.CapstoneID, who string) issuer.CredentialID {
	c.t.Helper()
	v, err := c.Capstone(c.t.Context(), system, id)
	c.must(err)
	for _, b := range v.Badges {
		if b.Person.ID == c.ids[who] && b.Fact == issuer.FactReview {
			return b.ID
		}
	}
	c.t.Fatalf("%s has no badge of %s", who, id)
	return ""
}

// TestGalleryIsNarrowed by what its stories are of, page by page.
func TestGalleryIsNarrowed(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		second := storyText
		second.Title, second.Department, second.Words = "Ordering 100% ÄPFEL", "Kitchen", "Orders came on slips of paper. Now there is a form for all of them."
		c.tell(storyText, "lea")
		c.later(1e9)
		c.tell(second, "max")
		for _, test := range []struct {
			f    GalleryFilter
			want string
		}{
			{GalleryFilter{}, second.Title + ", " + storyText.Title},
			{GalleryFilter{Department: "Finance"}, storyText.Title},
			{GalleryFilter{Department: "finance"}, ""},
			{GalleryFilter{Program: "makers"}, second.Title + ", " + storyText.Title},
			{GalleryFilter{Program: "none"}, ""},
			{GalleryFilter{Skill: "none"}, ""},
			{GalleryFilter{Words: "FORM reads"}, storyText.Title},
			{GalleryFilter{Words: "form äpfel"}, second.Title},
			{GalleryFilter{Words: "100%"}, second.Title},
			{GalleryFilter{Words: "1_0"}, ""},
			{GalleryFilter{Words: "confirmed nothing"}, ""},
		} {
			if got := c.titles(test.f); got != test.want {
				t.Errorf("%+v: %q, want %q", test.f, got, test.want)
			}
		}
		v, err := c.published().Gallery(t.Context(), GalleryFilter{})
		c.must(err)
		if diff := cmp.Diff([]string{"Finance", "Kitchen"}, v.Departments); diff != "" || len(v.Programs) != 1 || v.Total != 2 || v.Next != "" {
			t.Errorf("%s %+v", diff, v)
		}
		if diff := cmp.Diff(second.Title, v.Items[0].Title); diff != "" {
			t.Error(diff)
		}
		after, err := c.published().Gallery(t.Context(), GalleryFilter{After: v.Items[0].ID})
		c.must(err)
		if len(after.Items) != 1 || after.Items[0].Title != storyText.Title || after.Total != 2 {
			t.Errorf("after the first: %+v", after.Items)
		}
	})
}
