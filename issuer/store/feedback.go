package store

import (
	"slices"
	"strings"

	"hallmark/issuer"
)

// AddRound keeps a new round of feedback.
func (tx *Tx) AddRound(r *issuer.FeedbackRound) error { return tx.add("feedback round", r) }

// Round reads a round by id.
func (tx *Tx) Round(id issuer.RoundID) (*issuer.FeedbackRound, error) {
	return take[issuer.FeedbackRound](tx, "There is no such round.", "id = ?", id)
}

// LockRound reads a round and holds it until the transaction ends.
func (tx *Tx) LockRound(id issuer.RoundID) (*issuer.FeedbackRound, error) {
	if err := tx.lock("feedback_rounds", []string{string(id)}); err != nil {
		return nil, err
	}
	return tx.Round(id)
}

// SaveRoundEnd keeps when a round was closed.
func (tx *Tx) SaveRoundEnd(r *issuer.FeedbackRound) error {
	return save[issuer.FeedbackRound](tx, "feedback round", string(r.ID), map[string]any{"closed_at": r.ClosedAt})
}

// RoundsToTell lists the rounds that are, or are about to be, open between two
// days and of which something is not told yet.
func (tx *Tx) RoundsToTell(from, until issuer.Day) ([]issuer.FeedbackRound, error) {
	return list[issuer.FeedbackRound](tx, "id", "closed_at IS NULL AND closes_on >= ? AND opens_on <= ? AND (opened_told_at IS NULL OR ending_told_at IS NULL)", from, until)
}

// SaveRoundTold keeps what was told of a round.
func (tx *Tx) SaveRoundTold(r *issuer.FeedbackRound) error {
	return save[issuer.FeedbackRound](tx, "feedback round", string(r.ID), map[string]any{"opened_told_at": r.OpenedToldAt, "ending_told_at": r.EndingToldAt})
}

// RoundsIn lists the rounds of a cohort, the latest first.
func (tx *Tx) RoundsIn(c issuer.CohortID) ([]issuer.FeedbackRound, error) {
	return list[issuer.FeedbackRound](tx, "opens_on DESC, created_at DESC, id", "cohort_id = ?", c)
}

// RoundsOf lists the rounds that a person gives or gets feedback in, the latest
// first.
func (tx *Tx) RoundsOf(p issuer.PersonID) ([]issuer.FeedbackRound, error) {
	return list[issuer.FeedbackRound](tx, "opens_on DESC, created_at DESC, id",
		"id IN (SELECT round_id FROM peer_notes WHERE giver_id = ? OR receiver_id = ?)", p, p)
}

// AddNotes keeps who is asked for feedback to whom.
func (tx *Tx) AddNotes(notes ...*issuer.PeerNote) error { return addAll(tx, "notes", notes) }

// Note reads a note by id.
func (tx *Tx) Note(id issuer.NoteID) (*issuer.PeerNote, error) {
	return take[issuer.PeerNote](tx, "There is no such feedback.", "id = ?", id)
}

// LockNote reads a note and holds it until the transaction ends.
func (tx *Tx) LockNote(id issuer.NoteID) (*issuer.PeerNote, error) {
	if err := tx.lock("peer_notes", []string{string(id)}); err != nil {
		return nil, err
	}
	return tx.Note(id)
}

// SaveNote keeps what was said in a note and what became of it.
func (tx *Tx) SaveNote(n *issuer.PeerNote) error {
	return save[issuer.PeerNote](tx, "note", string(n.ID), map[string]any{"answers": n.Answers, "given_at": n.GivenAt,
		"reported_at": n.ReportedAt, "reported_why": n.ReportedWhy, "removed_at": n.RemovedAt})
}

// Notes lists the notes of rounds. Their ids are random, so that the order says
// nothing of who gave them when.
func (tx *Tx) Notes(rounds ...issuer.RoundID) ([]issuer.PeerNote, error) {
	return list[issuer.PeerNote](tx, "id", "round_id IN ?", none(rounds))
}

// NotesOf lists the notes that a person is asked for or gets, in the order of
// Notes.
func (tx *Tx) NotesOf(p issuer.PersonID) ([]issuer.PeerNote, error) {
	return list[issuer.PeerNote](tx, "id", "giver_id = ? OR receiver_id = ?", p, p)
}

// AddOpinion keeps what a learner says of a module.
func (tx *Tx) AddOpinion(o *issuer.Opinion) error { return tx.add("opinion", o) }

// SaveOpinion keeps what they say instead.
func (tx *Tx) SaveOpinion(o *issuer.Opinion) error {
	return save[issuer.Opinion](tx, "opinion", string(o.ID), map[string]any{"rating": o.Rating, "helped": o.Helped, "hindered": o.Hindered,
		"asked_helped": o.AskedHelped, "asked_hindered": o.AskedHindered, "changed_at": o.ChangedAt})
}

// OpinionsOf lists what a person said of modules, the newest first.
func (tx *Tx) OpinionsOf(p issuer.PersonID) ([]issuer.Opinion, error) {
	return list[issuer.Opinion](tx, "created_at DESC, id", "person_id = ?", p)
}

// OpinionOf reads what was said after a completion.
func (tx *Tx) OpinionOf(c issuer.CompletionID) (*issuer.Opinion, error) {
	return take[issuer.Opinion](tx, "Nothing was said about this module.", "completion_id = ?", c)
}

// Ratings counts the opinions of a program by module and rating.
func (tx *Tx) Ratings(p issuer.ProgramID) ([]Rating, error) {
	var ratings []Rating
	err := tx.db.Model(&issuer.Opinion{}).Select("module_id, rating, count(*) AS n").Where("program_id = ?", p).
		Group("module_id, rating").Order("module_id, rating").Find(&ratings).Error
	return ratings, fault(err, "count opinions")
}

// Rating is how many gave a module so many points.
type Rating struct {
	ModuleID issuer.ModuleID
	Rating   int
	N        int
}

// Remarks lists some opinions of each of some modules that have words, in the
// order of their ids, which are random.
func (tx *Tx) Remarks(limit int, modules ...issuer.ModuleID) ([]issuer.Opinion, error) {
	var all []issuer.Opinion
	for some := range slices.Chunk(modules, remarksAtOnce) {
		parts, args := make([]string, len(some)), []any{}
		for i, m := range some {
			parts[i] = "SELECT * FROM (SELECT * FROM opinions WHERE module_id = ? AND (helped <> '' OR hindered <> '') ORDER BY id LIMIT ?) m"
			args = append(args, m, limit)
		}
		rows, err := found[issuer.Opinion](tx.db.Raw(strings.Join(parts, " UNION ALL "), args...), "remarks")
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// remarksAtOnce is of how many modules the remarks are read in one statement.
const remarksAtOnce = 100

// OpinionsNaming lists opinions in whose words a text stands.
func (tx *Tx) OpinionsNaming(text string) ([]issuer.Opinion, error) {
	like := containing(text)
	return list[issuer.Opinion](tx, "id", "lower(helped) LIKE ? ESCAPE '!' OR lower(hindered) LIKE ? ESCAPE '!'", like, like)
}
