package store

import (
	"time"

	"hallmark/issuer"
)

const noQuestion = "There is no such question."

// AddQuestion keeps a question.
func (tx *Tx) AddQuestion(q *issuer.Question) error { return tx.add("question", q) }

// Question reads a question by id.
func (tx *Tx) Question(id issuer.QuestionID) (*issuer.Question, error) {
	return take[issuer.Question](tx, noQuestion, "id = ?", id)
}

// QuestionOf reads a question by the hash of the secret in its link.
func (tx *Tx) QuestionOf(hash string) (*issuer.Question, error) {
	return take[issuer.Question](tx, noQuestion, "hash = ?", hash)
}

// LockQuestion reads a question and holds it until the transaction ends.
func (tx *Tx) LockQuestion(id issuer.QuestionID) (*issuer.Question, error) {
	if err := tx.lock("questions", []string{string(id)}); err != nil {
		return nil, err
	}
	return tx.Question(id)
}

// SaveQuestion keeps where a question stands.
func (tx *Tx) SaveQuestion(q *issuer.Question) error {
	return save[issuer.Question](tx, "question", string(q.ID), map[string]any{"state": q.State, "answer": q.Answer, "answered_by": q.AnsweredBy,
		"confirmed_at": q.ConfirmedAt, "changed_at": q.ChangedAt, "reminded_at": q.RemindedAt})
}

// SaveQuestionWords keeps the words of a question where some were taken out.
func (tx *Tx) SaveQuestionWords(q *issuer.Question) error {
	return save[issuer.Question](tx, "question", string(q.ID), map[string]any{"name": q.Name, "words": q.Words, "answer": q.Answer})
}

// QuestionsFrom lists what was asked with an address since a moment, the newest
// first.
func (tx *Tx) QuestionsFrom(address string, since time.Time) ([]issuer.Question, error) {
	return list[issuer.Question](tx, "asked_at DESC, id", "address = ? AND asked_at > ?", address, since)
}

// OpenQuestions lists the questions that wait for an answer in programs, or in all
// of them, and those about badges of cohorts, the longest waiting first.
func (tx *Tx) OpenQuestions(all bool, programs []issuer.ProgramID, cohorts []issuer.CohortID, limit int) ([]issuer.Question, error) {
	db := tx.db.Where("state = 'open'")
	if !all {
		db = db.Where("program_id IN ? OR cohort_id <> '' AND cohort_id IN ?", none(programs), none(cohorts))
	}
	return found[issuer.Question](db.Order("confirmed_at, id").Limit(limit), "questions")
}

// QuestionsAbout lists the questions about an award that were confirmed, the
// newest first.
func (tx *Tx) QuestionsAbout(a issuer.AwardID) ([]issuer.Question, error) {
	return list[issuer.Question](tx, "confirmed_at DESC, id", "award_id = ? AND confirmed_at IS NOT NULL", a)
}

// QuietQuestions lists open questions whose readers were told before a moment.
func (tx *Tx) QuietQuestions(before time.Time) ([]issuer.Question, error) {
	return list[issuer.Question](tx, "id", "state = 'open' AND reminded_at <= ?", before)
}

// AllQuestions lists every question; there are few, as old ones are forgotten.
func (tx *Tx) AllQuestions() ([]issuer.Question, error) {
	return list[issuer.Question](tx, "id", "1 = 1")
}

// ForgetQuestions removes questions that were asked before a moment and not
// confirmed, and those of which nothing was heard since another, and tells how
// many they were.
func (tx *Tx) ForgetQuestions(asked, changed time.Time) (int, error) {
	n, err := remove[issuer.Question](tx, "changed_at <= ? OR state = 'asked' AND asked_at <= ?", changed, asked)
	return int(n), err
}
