package registrar

import (
	"context"
	"time"

	"hallmark/issuer"
)

// QuestionView is a question as who answers it sees it.
type QuestionView struct {
	ID      issuer.QuestionID
	Badge   Named // by the id of its page
	Holder  PersonName
	Program Named
	Cohort  Named
	Name    string // of who asks, as they gave it
	Address string // that they confirmed
	Words   string
	AskedAt time.Time
}

// maxQuestions is how many questions a desk shows.
const maxQuestions = 200

// openQuestions lists the questions that the caller can answer, the longest waiting
// first.
func (w *work) openQuestions() ([]QuestionView, error) {
	programs, all := w.managed()
	var cohorts []issuer.CohortID
	for _, c := range w.mentored() {
		if tier, _ := w.by.MentorIn(c); tier == issuer.Lead {
			cohorts = append(cohorts, c)
		}
	}
	if !all && len(programs)+len(cohorts) == 0 {
		return nil, nil
	}
	open, err := w.OpenQuestions(all, programs, cohorts, maxQuestions)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	awards, err := w.Awards(unique(open, func(q issuer.Question) issuer.AwardID { return q.AwardID })...)
	if err != nil {
		return nil, err
	}
	versions, err := w.AchievementVersions(unique(awards, func(a issuer.Award) issuer.AchievementVersionID { return a.AchievementVersionID })...)
	if err != nil {
		return nil, err
	}
	names, err := w.names(unique(awards, func(a issuer.Award) issuer.PersonID { return a.PersonID })...)
	if err != nil {
		return nil, err
	}
	at, err := w.places()
	if err != nil {
		return nil, err
	}
	award := byID(awards, func(a issuer.Award) issuer.AwardID { return a.ID })
	version := byID(versions, func(v issuer.AchievementVersion) issuer.AchievementVersionID { return v.ID })
	var views []QuestionView
	for _, q := range open {
		a := award[q.AwardID]
		if !issuer.AnswersQuestions(w.by, q.ProgramID, q.CohortID, a.PersonID) {
			continue
		}
		views = append(views, QuestionView{ID: q.ID, Badge: Named{ID: string(q.CredentialID), Name: version[a.AchievementVersionID].Name},
			Holder: names[a.PersonID], Program: at.programs[q.ProgramID], Cohort: at.cohorts[q.CohortID],
			Name: q.Name, Address: q.Address, Words: q.Words, AskedAt: *q.ConfirmedAt})
	}
	return views, nil
}

// AnswerQuestion mails an answer to who asked a question, or closes it without one.
// Who runs the program may, and a lead mentor of the cohort, but nobody about a
// badge of their own; to all others it is not there. The holder is told that it was
// answered.
func (r *Registrar) AnswerQuestion(ctx context.Context, by issuer.Caller, id issuer.QuestionID, answer bool, words string) error {
	_, err := act(ctx, r, by, "question.answer", "", func(w *work) (struct{}, error) {
		if err := w.onlyPeople("Only people answer questions."); err != nil {
			return struct{}{}, err
		}
		q, err := w.LockQuestion(id)
		if err != nil {
			return struct{}{}, err
		}
		a, err := w.Award(q.AwardID)
		if err != nil {
			return struct{}{}, err
		}
		if !issuer.AnswersQuestions(w.by, q.ProgramID, q.CohortID, a.PersonID) || q.State == issuer.QuestionAsked {
			return struct{}{}, hidden("question")
		}
		w.object = string(q.CredentialID)
		if err := q.Settle(w.by.Person, answer, words, w.Now); err != nil {
			return struct{}{}, err
		}
		w.note("state", q.State)
		if err := w.SaveQuestion(q); err != nil || !answer {
			return struct{}{}, err
		}
		badge, err := w.badgeName(a)
		if err != nil {
			return struct{}{}, err
		}
		if err := w.mailAsker(q, "question-answered", map[string]any{"Name": q.Name, "Badge": badge, "Issuer": w.us.Name, "Words": q.Words, "Answer": q.Answer,
			"Link": badgeURL(w.r.BaseURL, q.CredentialID)}); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.tellHolder(q, "answered")
	})
	return err
}

// QuestionTold is what the holder of a badge is told of a question about it.
type QuestionTold struct {
	State     issuer.QuestionState
	AskedAt   time.Time
	ChangedAt time.Time
}

// QuestionsAbout lists what the holder of a badge, and who runs its program, is
// told of questions about it, the newest first.
func (r *Registrar) QuestionsAbout(ctx context.Context, by issuer.Caller, id issuer.CredentialID) ([]QuestionTold, error) {
	return look(ctx, r, by, func(w *work) ([]QuestionTold, error) {
		a, err := w.seeAward(id)
		if err != nil {
			return nil, err
		}
		asked, err := w.Tx.QuestionsAbout(a.ID)
		told := make([]QuestionTold, len(asked))
		for i, q := range asked {
			told[i] = QuestionTold{q.State, *q.ConfirmedAt, q.ChangedAt}
		}
		return told, err
	})
}

// tendQuestions reminds those who answer of questions that wait, and forgets old
// ones: what was not confirmed once its link ended, everything else when nothing was
// heard of it for as long as a closed concern is kept.
func (w *work) tendQuestions() error {
	quiet, err := w.QuietQuestions(w.Now.Add(-issuer.QuestionPatience))
	if err != nil {
		return err
	}
	for i := range quiet {
		q := &quiet[i]
		if !q.Due(w.Now) {
			continue
		}
		if err := w.tellReaders(q, "waiting"); err != nil {
			return err
		}
		q.RemindedAt = w.Now
		if err := w.SaveQuestion(q); err != nil {
			return err
		}
	}
	n, err := w.ForgetQuestions(w.Now.Add(-issuer.QuestionLinkLife), w.Now.Add(-w.r.Retention.Usual().Concerns))
	if err != nil || n == 0 {
		return err
	}
	sub := &work{Tx: w.Tx, r: w.r, by: w.by, us: w.us, detail: map[string]any{"questions": n}}
	return sub.audit("question.forget", "done")
}

// eraseFromQuestions takes the names of someone erased out of what others asked and
// were answered.
func (w *work) eraseFromQuestions(out func(...*string) bool) error {
	all, err := w.AllQuestions()
	for i := 0; err == nil && i < len(all); i++ {
		if out(&all[i].Name, &all[i].Words, &all[i].Answer) {
			err = w.SaveQuestionWords(&all[i])
		}
	}
	return err
}
