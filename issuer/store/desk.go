package store

import (
	"database/sql"
	"time"

	"hallmark/issuer"
)

// Claims lists the claims of capstones, those whose time is over too.
func (tx *Tx) Claims(ids ...issuer.CapstoneID) ([]issuer.Claim, error) {
	return list[issuer.Claim](tx, "capstone_id", "capstone_id IN ?", none(ids))
}

// ClaimsOf lists the claims of a mentor, those whose time is over too, in the
// order of claiming.
func (tx *Tx) ClaimsOf(p issuer.PersonID) ([]issuer.Claim, error) {
	return list[issuer.Claim](tx, "claimed_at, capstone_id", "person_id = ?", p)
}

// ClaimsEnding lists the claims whose time is over after one time and not after
// another.
func (tx *Tx) ClaimsEnding(after, until time.Time) ([]issuer.Claim, error) {
	return list[issuer.Claim](tx, "until, capstone_id", "until > ? AND until <= ?", after, until)
}

// AddClaim keeps a claim where there is none. A second one of the same capstone
// is ErrDuplicate.
func (tx *Tx) AddClaim(c *issuer.Claim) error { return tx.add("claim", c) }

// SaveClaim keeps whose a claim is and until when. It refuses if it is not any
// more the one that was read.
func (tx *Tx) SaveClaim(c, was *issuer.Claim) error {
	n, err := change[issuer.Claim](tx, map[string]any{"person_id": c.PersonID, "claimed_at": c.ClaimedAt, "until": c.Until},
		"capstone_id = ? AND person_id = ? AND until = ?", c.CapstoneID, was.PersonID, was.Until)
	if err == nil && n == 0 {
		return issuer.Refuse(issuer.Conflict, "Someone else took this capstone a moment ago; look at it again.")
	}
	return err
}

// DropClaim ends the claim of a capstone, if there is one.
func (tx *Tx) DropClaim(c issuer.CapstoneID) error {
	_, err := remove[issuer.Claim](tx, "capstone_id = ?", c)
	return err
}

// ReviewDraft reads what a mentor has of a review.
func (tx *Tx) ReviewDraft(c issuer.CapstoneID, p issuer.PersonID) (*issuer.ReviewDraft, error) {
	return take[issuer.ReviewDraft](tx, "There is no draft of a review.", "capstone_id = ? AND person_id = ?", c, p)
}

// PutReviewDraft keeps what a mentor has of a review, in place of what they had.
func (tx *Tx) PutReviewDraft(d *issuer.ReviewDraft) error {
	if err := tx.DropReviewDraft(d.CapstoneID, d.PersonID); err != nil {
		return err
	}
	return tx.add("review draft", d)
}

// DropReviewDraft forgets what a mentor had of a review.
func (tx *Tx) DropReviewDraft(c issuer.CapstoneID, p issuer.PersonID) error {
	_, err := remove[issuer.ReviewDraft](tx, "capstone_id = ? AND person_id = ?", c, p)
	return err
}

// SavedReplies lists what a mentor saved, by name.
func (tx *Tx) SavedReplies(p issuer.PersonID) ([]issuer.SavedReply, error) {
	return list[issuer.SavedReply](tx, "name, id", "person_id = ?", p)
}

// AddSavedReply keeps a reply; a second one of a name is ErrDuplicate.
func (tx *Tx) AddSavedReply(r *issuer.SavedReply) error { return tx.add("saved reply", r) }

// DropSavedReply removes a reply of a mentor.
func (tx *Tx) DropSavedReply(p issuer.PersonID, id issuer.ReplyID) error {
	_, err := remove[issuer.SavedReply](tx, "id = ? AND person_id = ?", id, p)
	return err
}

// Conflicts lists the conflicts of interest about capstones or about someone in
// their teams, in the order in which they were declared.
func (tx *Tx) Conflicts(ids ...issuer.CapstoneID) ([]issuer.ConflictOfInterest, error) {
	return list[issuer.ConflictOfInterest](tx, "declared_at, id",
		`id IN (SELECT id FROM conflicts WHERE capstone_id IN ?
		UNION SELECT k.id FROM conflicts k JOIN members m ON m.person_id = k.person_id WHERE m.capstone_id IN ?)`, none(ids), none(ids))
}

// ConflictOfInterest reads one by id.
func (tx *Tx) ConflictOfInterest(id issuer.ConflictID) (*issuer.ConflictOfInterest, error) {
	return take[issuer.ConflictOfInterest](tx, "Nothing of that kind was declared.", "id = ?", id)
}

// AddConflict keeps what was declared, and tells whether it is new.
func (tx *Tx) AddConflict(c *issuer.ConflictOfInterest) (added bool, err error) {
	return tx.addOnce("conflict of interest", c)
}

// DropConflict removes what was declared.
func (tx *Tx) DropConflict(id issuer.ConflictID) error {
	_, err := remove[issuer.ConflictOfInterest](tx, "id = ?", id)
	return err
}

// Absences lists the absences of people that end on a day or later, the first
// first.
func (tx *Tx) Absences(since issuer.Day, ids ...issuer.PersonID) ([]issuer.Absence, error) {
	return list[issuer.Absence](tx, "from_on, id", "until_on >= ? AND person_id IN ?", since, none(ids))
}

// AddAbsence keeps an absence.
func (tx *Tx) AddAbsence(a *issuer.Absence) error { return tx.add("absence", a) }

// DropAbsence removes an absence of a mentor.
func (tx *Tx) DropAbsence(p issuer.PersonID, id issuer.AbsenceID) error {
	_, err := remove[issuer.Absence](tx, "id = ? AND person_id = ?", id, p)
	return err
}

// SaveTakenBack keeps since when a review does not count.
func (tx *Tx) SaveTakenBack(r *issuer.Review) error {
	return save[issuer.Review](tx, "review", string(r.ID), map[string]any{"taken_back_at": r.TakenBackAt})
}

// VoidEndorsementsOf voids what was signed with a decision and is in no badge.
func (tx *Tx) VoidEndorsementsOf(r issuer.ReviewID) error {
	_, err := change[issuer.Endorsement](tx, map[string]any{"voided_at": tx.Now}, "sent_at IS NULL AND voided_at IS NULL AND review_id = ?", r)
	return err
}

// Answered is how long one submission waited for its first decision.
type Answered struct {
	CohortID    issuer.CohortID
	SubmittedAt time.Time
	At          time.Time
}

// AnsweredLately lists the last submissions of each cohort that were decided
// about, at most limit of each.
func (tx *Tx) AnsweredLately(limit int, cohorts ...issuer.CohortID) ([]Answered, error) {
	return tx.answered(`SELECT cohort_id, submitted_at, at FROM (
		SELECT c.cohort_id, s.submitted_at, r.at, row_number() OVER (PARTITION BY c.cohort_id ORDER BY r.at DESC, r.id) AS place
		FROM reviews r JOIN capstones c ON c.id = r.capstone_id JOIN submissions s ON s.capstone_id = r.capstone_id AND s.number = r.submission
		WHERE c.cohort_id IN ? AND NOT EXISTS (SELECT 1 FROM reviews e WHERE e.capstone_id = r.capstone_id AND e.submission = r.submission AND (e.at < r.at OR e.at = r.at AND e.id < r.id))
	) answered WHERE place <= ?`, none(cohorts), limit)
}

// AnsweredBy lists the last submissions that a mentor decided about.
func (tx *Tx) AnsweredBy(p issuer.PersonID, limit int) ([]Answered, error) {
	return tx.answered(`SELECT c.cohort_id, s.submitted_at, r.at FROM reviews r JOIN capstones c ON c.id = r.capstone_id
		JOIN submissions s ON s.capstone_id = r.capstone_id AND s.number = r.submission
		WHERE r.reviewer_id = ? AND r.taken_back_at IS NULL ORDER BY r.at DESC LIMIT ?`, p, limit)
}

func (tx *Tx) answered(query string, args ...any) (all []Answered, err error) {
	err = tx.query(query, args, func(rows *sql.Rows) error {
		var a Answered
		all = append(all, a)
		last := &all[len(all)-1]
		return rows.Scan(&last.CohortID, &last.SubmittedAt, &last.At)
	})
	return all, fault(err, "list what was answered")
}

// Mentoring counts what a mentor decided that stands, and the people of the
// teams that it was about.
func (tx *Tx) Mentoring(p issuer.PersonID) (reviews, people int, err error) {
	err = tx.query(`SELECT count(*), (SELECT count(DISTINCT m.person_id) FROM members m WHERE m.capstone_id IN
			(SELECT capstone_id FROM reviews WHERE reviewer_id = ? AND taken_back_at IS NULL))
		FROM reviews WHERE reviewer_id = ? AND taken_back_at IS NULL`, []any{p, p}, func(rows *sql.Rows) error { return rows.Scan(&reviews, &people) })
	return reviews, people, fault(err, "count reviews")
}

// Ahead counts the submissions of a cohort that were handed in before a moment
// and still wait.
func (tx *Tx) Ahead(c issuer.CohortID, since time.Time) (n int, err error) {
	err = tx.query(`SELECT count(*) FROM capstones c JOIN submissions s ON s.capstone_id = c.id AND s.number = c.submission
		WHERE c.cohort_id = ? AND c.state = 'submitted' AND s.submitted_at < ?`, []any{c, since}, func(rows *sql.Rows) error { return rows.Scan(&n) })
	return n, fault(err, "count who waits")
}

// Stamp is what there is to see of a capstone: if any of it is another, the
// capstone looks different.
type Stamp struct {
	CapstoneID issuer.CapstoneID
	Text       string
}

// Stamps reads the stamps of capstones.
func (tx *Tx) Stamps(ids ...issuer.CapstoneID) (all []Stamp, err error) {
	err = tx.query(`SELECT c.id, c.state || ' ' || c.submission || ' ' || (SELECT count(*) + count(taken_back_at) FROM reviews r WHERE r.capstone_id = c.id)
			|| ' ' || coalesce((SELECT person_id FROM claims k WHERE k.capstone_id = c.id), '')
		FROM capstones c WHERE c.id IN ?`, []any{none(ids)}, func(rows *sql.Rows) error {
		var s Stamp
		err := rows.Scan(&s.CapstoneID, &s.Text)
		all = append(all, s)
		return err
	})
	return all, fault(err, "read stamps")
}
