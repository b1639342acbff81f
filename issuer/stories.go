package issuer

import (
	"strings"
	"time"
)

// The most characters that the words of a story, and the other texts of one,
// may have.
const (
	MaxStory       = 6000
	MaxStoryImpact = 300
	MinStory       = 40 // less than this tells nobody anything
)

// Story is what a team tells everyone about its approved capstone, for the
// gallery. Every change of its words is a new edition, which each member agrees
// to anew: nobody's work is shown under words that they did not see.
type Story struct {
	ID           StoryID
	IssuerID     IssuerID
	ProgramID    ProgramID
	CohortID     CohortID
	BriefID      BriefID
	CapstoneID   CapstoneID
	Edition      int // counts from 1
	Title        string
	Words        string // Markdown
	Department   string // where it is at work, as the team puts it; "" = not told
	Impact       Impact
	Folded       string // all its words in lower case, to search in
	WrittenBy    PersonID
	CreatedAt    time.Time
	ChangedAt    time.Time
	HiddenAt     *time.Time // since when who runs the program keeps it out of the gallery
	HiddenBy     PersonID
	HiddenReason string // for the team
}

// StoryConsent is what a member of the team says to an edition of a story: that
// it may be shown at all, and whether with their name.
type StoryConsent struct {
	StoryID  StoryID
	PersonID PersonID
	IssuerID IssuerID
	Edition  int
	Agreed   bool
	Named    bool
	At       time.Time
}

// StoryText is what a team writes.
type StoryText struct {
	Title, Words, Department string
	Impact                   Impact
}

// clean brings the texts into the form that is kept, and names every one that
// is wrong.
func (t StoryText) clean() (StoryText, error) {
	var wrong []Field
	for _, f := range []struct {
		name string
		text *string
		max  int
	}{
		{"title", &t.Title, MaxName}, {"words", &t.Words, MaxStory}, {"department", &t.Department, MaxName},
		{"measure", &t.Impact.Measure, MaxStoryImpact}, {"before", &t.Impact.Before, MaxStoryImpact}, {"after", &t.Impact.After, MaxStoryImpact},
		{"unit", &t.Impact.Unit, MaxStoryImpact}, {"period", &t.Impact.Period, MaxStoryImpact}, {"confirmedBy", &t.Impact.ConfirmedBy, MaxStoryImpact},
	} {
		clean, err := CleanText(f.name, *f.text, f.max)
		if err != nil {
			wrong = append(wrong, Field{f.name, err.Error()})
			continue
		}
		*f.text = clean
	}
	if t.Title == "" && !named(wrong, "title") {
		wrong = append(wrong, Field{"title", "Give the story a title."})
	}
	if len([]rune(t.Words)) < MinStory && !named(wrong, "words") {
		wrong = append(wrong, Field{"words", "Tell in a few sentences what was wrong before, what you built and who uses it."})
	}
	if i := t.Impact; i.Measure == "" && (i.Before != "" || i.After != "" || i.Period != "" || i.ConfirmedBy != "") {
		wrong = append(wrong, Field{"measure", "Say what was measured, or leave the impact empty."})
	}
	if len(wrong) > 0 {
		return t, &Error{Kind: Invalid, Reason: wrong[0].Reason, Field: wrong[0].Field, Fields: wrong}
	}
	return t, nil
}

func named(fields []Field, name string) bool {
	for _, f := range fields {
		if f.Field == name {
			return true
		}
	}
	return false
}

// Write puts new words into a story, as a member of the team of an approved
// capstone may. The same words again are no new edition.
func (s *Story) Write(t StoryText, c *Capstone, team []Member, by PersonID, at time.Time) (changed bool, err error) {
	if !inTeam(team, by) {
		return false, Refuse(Forbidden, "Only the team tells the story of its capstone.")
	}
	if c.State != Approved {
		return false, Refuse(Conflict, "A story can be told once the capstone is approved.")
	}
	if t, err = t.clean(); err != nil {
		return false, err
	}
	if s.Edition > 0 && t == (StoryText{s.Title, s.Words, s.Department, s.Impact}) {
		return false, nil
	}
	s.Title, s.Words, s.Department, s.Impact = t.Title, t.Words, t.Department, t.Impact
	s.Edition, s.WrittenBy, s.ChangedAt = s.Edition+1, by, at
	s.Fold()
	return true, nil
}

// Fold brings what is searched in up to the words.
func (s *Story) Fold() {
	i := s.Impact
	s.Folded = strings.ToLower(strings.Join([]string{s.Title, s.Words, s.Department, i.Measure, i.Before, i.After, i.Unit, i.Period, i.ConfirmedBy}, "\n"))
}

// Hide keeps a story out of the gallery, for a reason that its team reads.
func (s *Story) Hide(reason string, by PersonID, at time.Time) error {
	reason, err := CleanText("reason", reason, MaxStoryImpact)
	if err != nil {
		return err
	}
	if reason == "" {
		return Wrong("reason", "Say why; the team reads it.")
	}
	s.HiddenAt, s.HiddenBy, s.HiddenReason = &at, by, reason
	return nil
}

// Show lets a story back into the gallery, as far as its team agrees.
func (s *Story) Show() { s.HiddenAt, s.HiddenBy, s.HiddenReason = nil, "", "" }

// StoryStanding says whether a story is in the gallery and, if not, the first
// reason why.
type StoryStanding string

// The standings of a story.
const (
	StoryShown   StoryStanding = "shown"
	StoryHidden  StoryStanding = "hidden"  // by who runs the program
	StoryRevoked StoryStanding = "revoked" // a badge of it was taken back, or is paused
	StoryWaits   StoryStanding = "waits"   // a member has not agreed to these words
)

// Standing judges a story: living are the members who were not erased, awards
// the badges that the capstone brought. Everyone in the team must agree; a name
// is each one's own. The gallery asks the same of all stories in one statement
// (store.Tx.ShownStories); a test holds the two together.
func (s *Story) Standing(living []PersonID, consents []StoryConsent, awards []Award) StoryStanding {
	if s.HiddenAt != nil {
		return StoryHidden
	}
	for _, a := range awards {
		if a.State == Revoked || a.State == Suspended {
			return StoryRevoked
		}
	}
	agreed := map[PersonID]bool{}
	for _, c := range consents {
		agreed[c.PersonID] = c.Agreed && c.Edition == s.Edition
	}
	for _, p := range living {
		if !agreed[p] {
			return StoryWaits
		}
	}
	if len(living) == 0 {
		return StoryWaits
	}
	return StoryShown
}
