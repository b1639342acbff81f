package store

import (
	"fmt"
	"slices"
	"time"

	"hallmark/issuer"
)

// Capstone reads a capstone by id.
func (tx *Tx) Capstone(id issuer.CapstoneID) (*issuer.Capstone, error) {
	return take[issuer.Capstone](tx, "There is no such capstone.", "id = ?", id)
}

// AddCapstone keeps a new capstone.
func (tx *Tx) AddCapstone(c *issuer.Capstone) error { return tx.add("capstone", c) }

// SaveCapstone keeps a capstone's draft and state. It refuses if another act
// moved the capstone on since it was read in state was.
func (tx *Tx) SaveCapstone(c *issuer.Capstone, was issuer.CapstoneState, submission int) error {
	res := tx.db.Model(&issuer.Capstone{}).Where("id = ? AND state = ? AND submission = ?", c.ID, was, submission).
		Updates(map[string]any{"title": c.Title, "summary": c.Summary, "impact": c.Impact, "plan": c.Plan,
			"state": c.State, "submission": c.Submission, "revision": c.Revision, "changed_at": c.ChangedAt})
	if res.Error != nil {
		return fmt.Errorf("update capstone %s: %w", c.ID, res.Error)
	}
	if res.RowsAffected == 0 {
		return issuer.Refuse(issuer.Conflict, "Someone else changed this capstone a moment ago; look at it again.")
	}
	return nil
}

// Members lists the teams of capstones, each in the order of joining.
func (tx *Tx) Members(ids ...issuer.CapstoneID) ([]issuer.Member, error) {
	return list[issuer.Member](tx, "capstone_id, joined_at, person_id", "capstone_id IN ?", none(ids))
}

// AddMember puts a person into a team.
func (tx *Tx) AddMember(m *issuer.Member) error { return tx.add("member", m) }

// CapstonesOf lists the capstones whose team a person is in, the last changed
// first.
func (tx *Tx) CapstonesOf(p issuer.PersonID) ([]issuer.Capstone, error) {
	return list[issuer.Capstone](tx, "changed_at DESC, id",
		"id IN (SELECT capstone_id FROM members WHERE person_id = ?)", p)
}

// CapstonesByID reads capstones by id.
func (tx *Tx) CapstonesByID(ids ...issuer.CapstoneID) ([]issuer.Capstone, error) {
	return list[issuer.Capstone](tx, "id", "id IN ?", none(ids))
}

// CapstonesIn lists the capstones of cohorts in some states, by when they
// changed, the longest ago first.
func (tx *Tx) CapstonesIn(cohorts []issuer.CohortID, states ...issuer.CapstoneState) ([]issuer.Capstone, error) {
	return list[issuer.Capstone](tx, "changed_at, id", "cohort_id IN ? AND state IN ?", none(cohorts), none(states))
}

// CapstoneQuery narrows Capstones; empty members do not.
type CapstoneQuery struct {
	Programs []issuer.ProgramID
	Cohorts  []issuer.CohortID
	Member   issuer.PersonID // their own, beside those of Programs and Cohorts
	All      bool
	Cohort   issuer.CohortID
	State    issuer.CapstoneState
	After    issuer.CapstoneID
	Limit    int
}

// Capstones lists a page of capstones by id.
func (tx *Tx) Capstones(q CapstoneQuery) ([]issuer.Capstone, error) {
	page, err := tx.capstonesPage(&q, farthest)
	return page, fault(err, "list capstones")
}

// capstonesPage looks at so many capstones, whose ids are random, before it asks
// for those that are meant.
func (tx *Tx) capstonesPage(q *CapstoneQuery, far int) ([]issuer.Capstone, error) {
	const order = " ORDER BY id LIMIT ?"
	if q.Cohort == "" && (q.All || len(q.Programs)+len(q.Cohorts) > 0) { // a cohort has few, and a learner
		c := q.asked("EXISTS (SELECT 1 FROM members m WHERE m.capstone_id = capstones.id AND m.person_id = ?)")
		ids, whole, err := walk[issuer.CapstoneID](tx, q.Limit, far, "SELECT id, "+c.column()+" FROM capstones WHERE id > ?"+order, append(slices.Clone(c.args), q.After, far)...)
		if err != nil {
			return nil, err
		}
		if whole {
			return tx.CapstonesByID(ids...)
		}
	}
	c := q.asked("id IN (SELECT capstone_id FROM members WHERE person_id = ?)")
	return read[issuer.Capstone](tx, "WHERE id > ? AND "+c.where()+order, append(append([]any{q.After}, c.args...), q.Limit)...)
}

// asked is what the query asks of a capstone; member asks whether someone is in
// its team.
func (q *CapstoneQuery) asked(member string) *condition {
	c := &condition{}
	if !q.All {
		c.and("program_id IN ? OR cohort_id IN ? OR "+member, none(q.Programs), none(q.Cohorts), q.Member)
	}
	if q.Cohort != "" {
		c.and("cohort_id = ?", q.Cohort)
	}
	if q.State != "" {
		c.and("state = ?", q.State)
	}
	return c
}

// AddSubmission keeps what a team handed in.
func (tx *Tx) AddSubmission(s *issuer.Submission) error { return tx.add("submission", s) }

// Submissions lists what was handed in for capstones, the newest first.
func (tx *Tx) Submissions(ids ...issuer.CapstoneID) ([]issuer.Submission, error) {
	return list[issuer.Submission](tx, "capstone_id, number DESC", "capstone_id IN ?", none(ids))
}

// Evidence lists the evidence of a capstone, all rounds and the draft.
func (tx *Tx) Evidence(id issuer.CapstoneID) ([]issuer.Evidence, error) {
	return list[issuer.Evidence](tx, "submission, added_at, id", "capstone_id = ?", id)
}

// AddEvidence keeps one piece of evidence.
func (tx *Tx) AddEvidence(e *issuer.Evidence) error { return tx.add("evidence", e) }

// DropDraftEvidence takes back the evidence of a draft; what was handed in
// stays.
func (tx *Tx) DropDraftEvidence(id issuer.CapstoneID) error {
	if err := tx.db.Where("capstone_id = ? AND submission = 0", id).Delete(&issuer.Evidence{}).Error; err != nil {
		return fmt.Errorf("drop draft evidence of %s: %w", id, err)
	}
	return nil
}

// AddReview keeps a mentor's decision.
func (tx *Tx) AddReview(r *issuer.Review) error { return tx.add("review", r) }

// Reviews lists the decisions about capstones that stand, the oldest first.
func (tx *Tx) Reviews(ids ...issuer.CapstoneID) ([]issuer.Review, error) {
	return list[issuer.Review](tx, "at, id", "capstone_id IN ? AND taken_back_at IS NULL", none(ids))
}

// ReviewsEver lists the decisions about capstones, those that were taken back
// too, the oldest first.
func (tx *Tx) ReviewsEver(ids ...issuer.CapstoneID) ([]issuer.Review, error) {
	return list[issuer.Review](tx, "at, id", "capstone_id IN ?", none(ids))
}

// ReviewsBy lists what a mentor decided, the newest first.
func (tx *Tx) ReviewsBy(p issuer.PersonID, limit int) ([]issuer.Review, error) {
	return found[issuer.Review](tx.db.Where("reviewer_id = ?", p).Order("at DESC, id").Limit(limit), "reviews")
}

// CountReviewed counts the different capstones of a program that a person
// reviewed after a moment.
func (tx *Tx) CountReviewed(p issuer.PersonID, program issuer.ProgramID, after time.Time) (int, error) {
	var n int64
	err := tx.db.Model(&issuer.Review{}).Distinct("capstone_id").
		Where("reviewer_id = ? AND at > ? AND capstone_id IN (SELECT id FROM capstones WHERE program_id = ?)", p, after, program).
		Count(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count reviews: %w", err)
	}
	return int(n), nil
}
