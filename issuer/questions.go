package issuer

import (
	"slices"
	"time"
)

// QuestionState is where a question about a badge stands. Answered and closed are
// final: who wants to know more asks again.
type QuestionState string

// The states of a question. One that was asked counts only once it is open.
const (
	QuestionAsked    QuestionState = "asked"
	QuestionOpen     QuestionState = "open"
	QuestionAnswered QuestionState = "answered"
	QuestionClosed   QuestionState = "closed"
)

// What bounds a question.
const (
	MaxAsking         = 2000
	MaxQuestionAnswer = 5000
	MaxAsker          = 100            // characters of the name that an asker gives
	QuestionLinkLife  = 48 * time.Hour // in which an asker confirms their address
	QuestionsPerHour  = 3              // that are mailed about to one address
	QuestionPatience  = 7 * 24 * time.Hour
)

// Question is what a reader of a badge asks its issuer. Anyone can type anyone's
// address into a form, so it counts only once whoever reads the mail there has
// confirmed it by the link whose hash is Hash; the same link shows them where it
// stands from then on.
//
// The holder of the badge is told that there was a question and that it was
// answered, with the days, and neither who asked nor what: that a firm looks at
// someone may be known to nobody yet, and a question asked in confidence is
// answered more honestly. Whoever wants the holder to know writes to them.
type Question struct {
	ID           QuestionID
	IssuerID     IssuerID
	ProgramID    ProgramID
	CohortID     CohortID // "" if no cohort brought the badge about
	AwardID      AwardID
	CredentialID CredentialID
	Hash         string
	Name         string // as the asker gave it
	Address      string
	Language     string // BCP 47, of the page they asked on
	Words        string
	State        QuestionState
	Answer       string
	AnsweredBy   PersonID // who answered or closed it; "" for its asker
	AskedAt      time.Time
	ConfirmedAt  *time.Time
	ChangedAt    time.Time
	RemindedAt   time.Time // when those who answer were last told
}

// Check brings what was asked into the form that is kept.
func (q *Question) Check() (err error) {
	if q.Name, _, err = CleanName(q.Name); err != nil {
		return err
	}
	if _, err = CleanText("name", q.Name, MaxAsker); err != nil {
		return err
	}
	if q.Address, _, err = NormalEmail(q.Address); err != nil {
		return err
	}
	if q.Words, err = CleanText("words", q.Words, MaxAsking); err != nil {
		return err
	}
	if q.Words == "" {
		return Wrong("words", "Write your question.")
	}
	return nil
}

// Confirm makes a question count. Doing so again changes nothing, and says so.
func (q *Question) Confirm(at time.Time) (now bool, err error) {
	switch {
	case q.State != QuestionAsked:
		return false, nil
	case !at.Before(q.AskedAt.Add(QuestionLinkLife)):
		return false, Refuse(Gone, "This link has ended. Ask your question again.")
	}
	q.State, q.ConfirmedAt, q.ChangedAt, q.RemindedAt = QuestionOpen, &at, at, at
	return true, nil
}

// Withdraw ends a question for who asked it.
func (q *Question) Withdraw(at time.Time) error {
	if q.State == QuestionAnswered {
		return Refuse(Conflict, "This question has been answered.")
	}
	if q.State != QuestionClosed {
		q.State, q.ChangedAt = QuestionClosed, at
	}
	return nil
}

// Settle answers a question, or closes it without an answer.
func (q *Question) Settle(by PersonID, answer bool, words string, at time.Time) error {
	words, err := CleanText("answer", words, MaxQuestionAnswer)
	switch {
	case err != nil:
		return err
	case q.State != QuestionOpen:
		return Refuse(Conflict, "This question is not open any more.")
	case answer && words == "":
		return Wrong("answer", "Write an answer first.")
	case !answer && words != "":
		return Wrong("answer", "Nobody gets what you wrote if you close the question. Send it as an answer, or empty the field.")
	}
	q.State, q.Answer, q.AnsweredBy, q.ChangedAt = QuestionClosed, words, by, at
	if answer {
		q.State = QuestionAnswered
	}
	return nil
}

// AnswersQuestions tells whether someone answers questions about badges of a program and
// cohort: who runs the program and the lead mentors of the cohort, but nobody
// about a badge of their own.
func AnswersQuestions(by Caller, program ProgramID, cohort CohortID, holder PersonID) bool {
	if by.Person == "" || by.Person == holder {
		return false
	}
	tier, mentor := by.MentorIn(cohort)
	return by.Manages(program) || cohort != "" && mentor && tier == Lead
}

// QuestionReaders lists whom of those with roles in a program a question about a
// badge of a cohort is mailed to: its lead mentors and who runs the program.
func QuestionReaders(grants []Grant, program ProgramID, cohort CohortID, holder PersonID) []PersonID {
	var ids []PersonID
	for _, g := range grants {
		runs := g.CohortID == "" && (g.Role == Admin || g.Role == Owner) && (g.ProgramID == program || g.ProgramID == "")
		leads := cohort != "" && g.CohortID == cohort && g.Role == Mentor && g.Tier == Lead
		if (runs || leads) && g.PersonID != holder && !slices.Contains(ids, g.PersonID) {
			ids = append(ids, g.PersonID)
		}
	}
	return ids
}

// Due tells whether an open question waited so long that those who answer are
// reminded.
func (q *Question) Due(at time.Time) bool {
	return q.State == QuestionOpen && !at.Before(q.RemindedAt.Add(QuestionPatience))
}
