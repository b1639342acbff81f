package registrar

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"hallmark/issuer"
)

// Questions come from people without an account, who are known by nothing but an
// address that they read the mail of. Unlike a concern, a question has no one to be
// kept from but the holder: whoever can say what a badge means answers it.

// asker acts for who asks a question.
var asker = issuer.Caller{System: "asker"}

// NewQuestion is a question to ask about a badge.
type NewQuestion struct {
	Badge    issuer.CredentialID
	Name     string
	Email    string
	Words    string
	Language string // of the page that it is asked on
}

// Askable tells of the badge that a question is to be asked about; one that is not
// shown is not there.
func (r *Registrar) Askable(ctx context.Context, id issuer.CredentialID) (*AskableView, error) {
	return look(ctx, r, issuer.Caller{}, func(w *work) (*AskableView, error) {
		c, a, err := shown(w.Tx, id)
		if err != nil {
			return nil, err
		}
		name, err := w.badgeName(a)
		return &AskableView{c.ID, name, w.us.Name}, err
	})
}

// AskableView names a badge and who answers questions about it.
type AskableView struct {
	ID     issuer.CredentialID
	Badge  string
	Issuer string
}

// badgeName is what the badge of an award is called.
func (w *work) badgeName(a *issuer.Award) (string, error) {
	versions, err := w.AchievementVersions(a.AchievementVersionID)
	if err != nil {
		return "", err
	}
	for _, v := range versions {
		return v.Name, nil
	}
	return "", nil
}

// AskQuestion takes a question from anyone and mails the address that they give a
// link to confirm it by. Nothing that was typed is in that mail, so that the
// service is nobody's way to write to others. The answer is the same whoever has
// the address, whether it was asked before, and after more questions within an hour
// than are mailed about.
func (r *Registrar) AskQuestion(ctx context.Context, in NewQuestion) error {
	id, secret := issuer.QuestionID(rand.Text()), rand.Text()
	_, err := act(ctx, r, asker, "question.ask", "", func(w *work) (struct{}, error) {
		c, a, err := shown(w.Tx, in.Badge)
		if err != nil {
			return struct{}{}, err
		}
		w.object = string(c.ID)
		q := &issuer.Question{ID: id, IssuerID: w.us.ID, ProgramID: a.ProgramID, CohortID: a.CohortID, AwardID: a.ID, CredentialID: c.ID,
			Hash: secretHash(secret), Name: in.Name, Address: in.Email, Language: in.Language, Words: in.Words, State: issuer.QuestionAsked,
			AskedAt: w.Now, ChangedAt: w.Now, RemindedAt: w.Now}
		if err := q.Check(); err != nil {
			return struct{}{}, err
		}
		lately, err := w.QuestionsFrom(q.Address, w.Now.Add(-time.Hour))
		again := find(lately, func(o issuer.Question) bool { return o.CredentialID == q.CredentialID && o.Words == q.Words }) != nil
		if err != nil || again || len(lately) >= issuer.QuestionsPerHour {
			return struct{}{}, err
		}
		if err := w.AddQuestion(q); err != nil {
			return struct{}{}, err
		}
		name, err := w.badgeName(a)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.mailAsker(q, "question-confirm", map[string]any{"Badge": name, "Issuer": w.us.Name,
			"Hours": int(issuer.QuestionLinkLife / time.Hour), "Link": w.r.BaseURL + "/asked/" + secret})
	})
	return err
}

// mailAsker puts a mail to who asked a question into the outbox, in the language
// that they asked in.
func (w *work) mailAsker(q *issuer.Question, template string, said map[string]any) error {
	said["Language"] = q.Language
	data, err := encoded(said)
	if err != nil {
		return err
	}
	return w.AddMessages(&issuer.Message{ID: issuer.MessageID(rowID()), IssuerID: w.us.ID, Kind: "mail", Recipient: q.Address,
		Template: template, Data: data, State: "queued", NextAt: w.Now, CreatedAt: w.Now})
}

// AskedView is a question as who asked it sees it.
type AskedView struct {
	State     issuer.QuestionState
	Badge     string
	Link      string // of the badge; "" while it is not shown
	Issuer    string
	Name      string
	Words     string
	Answer    string
	Withdrawn bool // closed by who asked
	AskedAt   time.Time
	ChangedAt time.Time
	EndsAt    time.Time // until when it can be confirmed
}

// Asked shows a question to whoever has its link.
func (r *Registrar) Asked(ctx context.Context, secret string) (*AskedView, error) {
	return look(ctx, r, asker, func(w *work) (*AskedView, error) {
		q, err := w.askedBy(secret)
		if err != nil {
			return nil, err
		}
		return w.askedView(q)
	})
}

func (w *work) askedBy(secret string) (*issuer.Question, error) {
	q, err := w.QuestionOf(secretHash(secret))
	if errors.Is(err, issuer.NotFound) {
		err = issuer.Refuse(issuer.NotFound, "There is no question behind this link. Old ones are forgotten; ask again.")
	}
	return q, err
}

func (w *work) askedView(q *issuer.Question) (*AskedView, error) {
	awards, err := w.Awards(q.AwardID)
	if err != nil || len(awards) == 0 {
		return nil, err
	}
	v := &AskedView{State: q.State, Issuer: w.us.Name, Name: q.Name, Words: q.Words, Answer: q.Answer, AskedAt: q.AskedAt, ChangedAt: q.ChangedAt,
		Withdrawn: q.State == issuer.QuestionClosed && q.AnsweredBy == "", EndsAt: q.AskedAt.Add(issuer.QuestionLinkLife)}
	if awards[0].Visibility != issuer.Hidden {
		v.Link = badgeURL(w.r.BaseURL, q.CredentialID)
	}
	v.Badge, err = w.badgeName(&awards[0])
	return v, err
}

// ConfirmQuestion makes a question count, by the link that was mailed. Then those
// who answer are told, and the holder of the badge that there is one.
func (r *Registrar) ConfirmQuestion(ctx context.Context, secret string) (*AskedView, error) {
	return act(ctx, r, asker, "question.confirm", "", behind(secret, func(w *work, q *issuer.Question) error {
		now, err := q.Confirm(w.Now)
		if err != nil || !now {
			return err
		}
		if err := w.SaveQuestion(q); err != nil {
			return err
		}
		if err := w.tellReaders(q, "new"); err != nil {
			return err
		}
		return w.tellHolder(q, "asked")
	}))
}

// WithdrawQuestion ends a question for who asked it.
func (r *Registrar) WithdrawQuestion(ctx context.Context, secret string) (*AskedView, error) {
	return act(ctx, r, asker, "question.withdraw", "", behind(secret, func(w *work, q *issuer.Question) error {
		if err := q.Withdraw(w.Now); err != nil {
			return err
		}
		return w.SaveQuestion(q)
	}))
}

// behind does something with the question behind a link, and shows what became of
// it.
func behind(secret string, do func(*work, *issuer.Question) error) func(*work) (*AskedView, error) {
	return func(w *work) (*AskedView, error) {
		q, err := w.askedBy(secret)
		if err != nil {
			return nil, err
		}
		w.object = string(q.CredentialID)
		if q, err = w.LockQuestion(q.ID); err != nil {
			return nil, err
		}
		if err := do(w, q); err != nil {
			return nil, err
		}
		return w.askedView(q)
	}
}

// tellReaders mails those who answer a question that there is one, or that it
// waits. What it says stands on the page alone.
func (w *work) tellReaders(q *issuer.Question, what string) error {
	awards, err := w.Awards(q.AwardID)
	if err != nil || len(awards) == 0 {
		return err
	}
	grants, err := w.GrantsIn(q.ProgramID)
	if err != nil {
		return err
	}
	ids := issuer.QuestionReaders(grants, q.ProgramID, q.CohortID, awards[0].PersonID)
	if len(ids) == 0 {
		admins, err := w.GrantsOfAdmins()
		if err != nil {
			return err
		}
		ids = issuer.QuestionReaders(admins, q.ProgramID, q.CohortID, awards[0].PersonID)
	}
	people, err := w.Unerased(ids...)
	if err != nil {
		return err
	}
	badge, err := w.badgeName(&awards[0])
	if err != nil {
		return err
	}
	letters := make([]letter, len(people))
	for i := range people {
		letters[i] = letter{to: &people[i], template: "question-asked", data: map[string]any{"What": what, "Badge": badge, "Link": w.r.BaseURL + "/requests"}}
	}
	return w.mailAll(letters)
}

// tellHolder mails the holder of a badge that there was a question about it, or
// that it was answered: see issuer.Question.
func (w *work) tellHolder(q *issuer.Question, what string) error {
	awards, err := w.Awards(q.AwardID)
	if err != nil || len(awards) == 0 {
		return err
	}
	holder, err := w.Person(awards[0].PersonID)
	if err != nil || holder.ErasedAt != nil {
		return err
	}
	badge, err := w.badgeName(&awards[0])
	if err != nil {
		return err
	}
	return w.mail(holder, "badge-asked", map[string]any{"What": what, "Badge": badge, "Link": w.r.BaseURL + "/badges/" + string(q.CredentialID)})
}
