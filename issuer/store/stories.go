package store

import (
	"database/sql"
	"maps"
	"slices"
	"strings"

	"hallmark/issuer"
)

// AddStory keeps a new story; a capstone has one.
func (tx *Tx) AddStory(s *issuer.Story) error { return tx.add("story", s) }

// Story reads a story by id.
func (tx *Tx) Story(id issuer.StoryID) (*issuer.Story, error) {
	return take[issuer.Story](tx, "There is no such story.", "id = ?", id)
}

// StoryOf reads the story of a capstone.
func (tx *Tx) StoryOf(c issuer.CapstoneID) (*issuer.Story, error) {
	return take[issuer.Story](tx, "There is no such story.", "capstone_id = ?", c)
}

// SaveStory keeps what may change of a story.
func (tx *Tx) SaveStory(s *issuer.Story) error {
	return save[issuer.Story](tx, "story", string(s.ID), map[string]any{
		"edition": s.Edition, "title": s.Title, "words": s.Words, "department": s.Department, "impact": s.Impact, "folded": s.Folded,
		"written_by": s.WrittenBy, "changed_at": s.ChangedAt, "hidden_at": s.HiddenAt, "hidden_by": s.HiddenBy, "hidden_reason": s.HiddenReason})
}

// StoriesOf lists a page of the stories of a program, the newest first.
func (tx *Tx) StoriesOf(p issuer.ProgramID, after issuer.StoryID, limit int) ([]issuer.Story, error) {
	page := tx.db.Where("program_id = ?", p).Order("created_at DESC, id").Limit(limit)
	if after != "" {
		page = page.Where(afterStory, after, after, after)
	}
	return found[issuer.Story](page, "stories")
}

// afterStory is what comes after a story, the newest first.
const afterStory = `(stories.created_at < (SELECT created_at FROM stories s WHERE s.id = ?)
	OR stories.created_at = (SELECT created_at FROM stories s WHERE s.id = ?) AND stories.id > ?)`

// StoryConsents lists what members said to stories.
func (tx *Tx) StoryConsents(ids ...issuer.StoryID) ([]issuer.StoryConsent, error) {
	return list[issuer.StoryConsent](tx, "story_id, person_id", "story_id IN ?", none(ids))
}

// KeepStoryConsent keeps what a member says in place of what they said before.
func (tx *Tx) KeepStoryConsent(c *issuer.StoryConsent) error {
	if _, err := remove[issuer.StoryConsent](tx, "story_id = ? AND person_id = ?", c.StoryID, c.PersonID); err != nil {
		return err
	}
	return tx.add("story consent", c)
}

// shownStory is issuer.Story.Standing for all stories at once.
const shownStory = `stories.hidden_at IS NULL
	AND EXISTS (SELECT 1 FROM members m JOIN people p ON p.id = m.person_id WHERE m.capstone_id = stories.capstone_id AND p.erased_at IS NULL)
	AND NOT EXISTS (SELECT 1 FROM members m JOIN people p ON p.id = m.person_id
		WHERE m.capstone_id = stories.capstone_id AND p.erased_at IS NULL AND NOT EXISTS (SELECT 1 FROM story_consents c
			WHERE c.story_id = stories.id AND c.person_id = m.person_id AND c.agreed AND c.edition = stories.edition))
	AND NOT EXISTS (SELECT 1 FROM members m JOIN awards a ON a.person_id = m.person_id
		WHERE m.capstone_id = stories.capstone_id AND a.state IN ('revoked', 'suspended') AND (a.fact = 'review' AND a.fact_id = stories.capstone_id
			OR EXISTS (SELECT 1 FROM past_terms t WHERE t.award_id = a.id AND t.fact = 'review' AND t.fact_id = stories.capstone_id)))`

// AwardsOfWork lists the awards that approved capstones brought about for some
// people, by capstone, in the term that they are in or one before, without what
// stacks on them.
func (tx *Tx) AwardsOfWork(capstones []issuer.CapstoneID, people ...issuer.PersonID) (map[issuer.CapstoneID][]issuer.Award, error) {
	of := map[issuer.AwardID][]issuer.CapstoneID{}
	err := tx.query(`SELECT id, fact_id FROM awards WHERE person_id IN ? AND fact = 'review' AND fact_id IN ?
		UNION SELECT a.id, t.fact_id FROM past_terms t JOIN awards a ON a.id = t.award_id WHERE a.person_id IN ? AND t.fact = 'review' AND t.fact_id IN ? AND t.fact_id <> ''`,
		[]any{none(people), none(capstones), none(people), none(capstones)}, func(rows *sql.Rows) error {
			var id issuer.AwardID
			var c issuer.CapstoneID
			err := rows.Scan(&id, &c)
			of[id] = append(of[id], c)
			return err
		})
	if err != nil || len(of) == 0 {
		return nil, fault(err, "list the badges of capstones")
	}
	awards, err := list[issuer.Award](tx, "person_id, created_at, id", "id IN ?", slices.Collect(maps.Keys(of)))
	all := map[issuer.CapstoneID][]issuer.Award{}
	for _, a := range awards {
		for _, c := range of[a.ID] {
			all[c] = append(all[c], a)
		}
	}
	return all, err
}

// StoryQuery narrows ShownStories; empty members do not.
type StoryQuery struct {
	Program    issuer.ProgramID
	Briefs     []issuer.BriefID // of one of these, if not nil
	Department string
	Words      string // every word of it stands in the story, any case
	After      issuer.StoryID
	Limit      int
}

// maxWords is how many words of a search count.
const maxWords = 8

// ShownStories lists a page of the stories that are in the gallery, the newest
// first.
func (tx *Tx) ShownStories(q StoryQuery) ([]issuer.Story, error) {
	c := q.asked()
	if q.After != "" {
		c.and(afterStory, q.After, q.After, q.After)
	}
	stories, err := read[issuer.Story](tx, "WHERE "+c.where()+" ORDER BY stories.created_at DESC, stories.id LIMIT ?", append(c.args, q.Limit)...)
	return stories, fault(err, "list stories")
}

// CountShown counts what a query means, up to most.
func (tx *Tx) CountShown(q StoryQuery, most int) (n int, err error) {
	c := q.asked()
	err = tx.query("SELECT count(*) FROM (SELECT 1 FROM stories WHERE "+c.where()+" LIMIT ?) AS shown", append(c.args, most),
		func(rows *sql.Rows) error { return rows.Scan(&n) })
	return n, fault(err, "count stories")
}

// asked is what the query asks of a story in the gallery.
func (q *StoryQuery) asked() *condition {
	c := &condition{}
	c.and(shownStory)
	if q.Program != "" {
		c.and("stories.program_id = ?", q.Program)
	}
	if q.Briefs != nil {
		c.and("stories.brief_id IN ?", none(q.Briefs))
	}
	if q.Department != "" {
		c.and("stories.department = ?", q.Department)
	}
	words := strings.Fields(q.Words)
	for _, word := range words[:min(len(words), maxWords)] {
		c.and("stories.folded LIKE ? ESCAPE '!'", containing(word))
	}
	return c
}

// ShownStory reads a story that is in the gallery. Any other is not there.
func (tx *Tx) ShownStory(id issuer.StoryID) (*issuer.Story, error) {
	return take[issuer.Story](tx, "There is no such story.", "stories.id = ? AND "+shownStory, id)
}

// ShownPlaces counts the stories in the gallery by program, brief and department.
func (tx *Tx) ShownPlaces() ([]issuer.PlaceSum, error) {
	var places []issuer.PlaceSum
	err := tx.db.Model(&issuer.Story{}).Select("program_id, brief_id, department, count(*) AS stories").Where(shownStory).
		Group("program_id, brief_id, department").Order("program_id, brief_id, department").Find(&places).Error
	return places, fault(err, "list the places of stories")
}

// StoriesBy lists the stories of capstones.
func (tx *Tx) StoriesBy(ids ...issuer.CapstoneID) ([]issuer.Story, error) {
	return list[issuer.Story](tx, "id", "capstone_id IN ?", none(ids))
}
