package registrar

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"hallmark/issuer"
)

// NameRequestView is a request that a name be corrected.
type NameRequestView struct {
	ID         issuer.NameRequestID
	Person     PersonName // with the name as it is
	Name       string     // as it should be
	Note       string
	State      issuer.RequestState
	Answer     string
	CreatedAt  time.Time
	AnsweredAt *time.Time
}

// AskName asks those who run the programs of the caller to correct their name.
// Someone has one such request open at a time; asking for the same again changes
// nothing.
func (r *Registrar) AskName(ctx context.Context, by issuer.Caller, name, note string) (*NameRequestView, error) {
	return act(ctx, r, by, "name.ask", "", func(w *work) (*NameRequestView, error) {
		p, err := w.self()
		if err != nil {
			return nil, err
		}
		clean, _, err := issuer.CleanName(name)
		if err != nil {
			return nil, err
		}
		if clean == p.Name {
			return nil, issuer.Wrong("name", "This is your name here already.")
		}
		why, err := issuer.CleanText("note", note, 1000)
		if err != nil {
			return nil, err
		}
		q := &issuer.NameRequest{ID: issuer.NameRequestID(rand.Text()), IssuerID: w.us.ID, PersonID: p.ID, Name: clean, Note: why,
			State: issuer.RequestOpen, CreatedAt: w.Now}
		w.object = string(q.ID)
		added, err := w.AddNameRequestOnce(q)
		if err != nil {
			return nil, err
		}
		if added {
			return nameRequestView(q, p), w.tellOfRequest(p)
		}
		all, err := w.NameRequestsOf(p.ID)
		if err != nil {
			return nil, err
		}
		open := find(all, func(q issuer.NameRequest) bool { return q.State == issuer.RequestOpen })
		if open == nil || open.Name != clean {
			return nil, issuer.Refuse(issuer.Conflict, "You have asked already. Take that request back first, or wait for the answer.")
		}
		w.object = string(open.ID)
		return nameRequestView(open, p), nil
	})
}

func nameRequestView(q *issuer.NameRequest, p *issuer.Person) *NameRequestView {
	return &NameRequestView{q.ID, PersonName{p.ID, p.Name}, q.Name, q.Note, q.State, q.Answer, q.CreatedAt, q.AnsweredAt}
}

// tellOfRequest mails who runs a program of the person's. Who runs the
// installation sees the request on their home.
func (w *work) tellOfRequest(p *issuer.Person) error {
	programs, _, err := w.partsOf(p.ID)
	if err != nil {
		return err
	}
	var letters []letter
	for _, program := range unique(programs, func(p issuer.ProgramID) issuer.ProgramID { return p }) {
		grants, err := w.GrantsIn(program)
		if err != nil {
			return err
		}
		for _, g := range grants {
			if g.CohortID != "" || g.Role != issuer.Owner && g.Role != issuer.Admin || g.PersonID == p.ID {
				continue
			}
			who, err := w.Person(g.PersonID)
			if err != nil {
				return err
			}
			letters = append(letters, letter{to: who, template: "name-asked", data: map[string]any{"Person": p.Name, "Link": w.r.BaseURL + "/requests"}})
		}
	}
	return w.mailAll(uniqueReaders(letters))
}

// uniqueReaders keeps the first letter to each person.
func uniqueReaders(letters []letter) []letter {
	seen := map[issuer.PersonID]bool{}
	kept := letters[:0]
	for _, l := range letters {
		if !seen[l.to.ID] {
			seen[l.to.ID] = true
			kept = append(kept, l)
		}
	}
	return kept
}

// WithdrawNameRequest takes a request of the caller's back.
func (r *Registrar) WithdrawNameRequest(ctx context.Context, by issuer.Caller, id issuer.NameRequestID) error {
	_, err := act(ctx, r, by, "name.withdraw", string(id), func(w *work) (struct{}, error) {
		p, err := w.self()
		if err != nil {
			return struct{}{}, err
		}
		q, err := w.NameRequest(id)
		if err != nil {
			return struct{}{}, err
		}
		if q.PersonID != p.ID {
			return struct{}{}, hidden("request")
		}
		if q.State == issuer.RequestWithdrawn {
			return struct{}{}, nil
		}
		if err := q.Settle(issuer.RequestWithdrawn, "", p.ID, w.Now); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.SaveNameRequest(q)
	})
	return err
}

// AnswerName corrects the name as it was asked, with the badges that carry the old
// one in the programs that the caller runs, or says why it stays. Who manages the
// person may; nobody answers their own request.
func (r *Registrar) AnswerName(ctx context.Context, by issuer.Caller, id issuer.NameRequestID, correct bool, words string) (*NameRequestView, error) {
	return act(ctx, r, by, "name.answer", string(id), func(w *work) (*NameRequestView, error) {
		p, err := w.asker(id)
		if err != nil {
			return nil, err
		}
		q, err := w.NameRequest(id) // as it is under the lock
		if err != nil {
			return nil, err
		}
		answer, err := issuer.CleanText("answer", words, 1000)
		if err != nil {
			return nil, err
		}
		to := issuer.RequestRefused
		if correct {
			to = issuer.RequestDone
		}
		if err := q.Settle(to, answer, w.by.Person, w.Now); err != nil {
			return nil, err
		}
		w.note("state", q.State)
		if err := w.SaveNameRequest(q); err != nil {
			return nil, err
		}
		if correct {
			if err := w.mayIssue(); err != nil {
				return nil, err
			}
			if err := w.rename(p, q.Name); err != nil {
				return nil, err
			}
			if _, err := w.reissueOutdated(ctx, p, ""); err != nil {
				return nil, err
			}
		}
		return nameRequestView(q, p), w.mail(p, "name-answered", map[string]any{"Done": correct, "Wanted": q.Name, "Answer": answer,
			"Link": w.r.BaseURL + "/account/name"})
	})
}

// asker reads who made a request, under their lock, for who manages them. For
// others who manage someone the request is not there.
func (w *work) asker(id issuer.NameRequestID) (*issuer.Person, error) {
	if err := w.mayManageAny(); err != nil {
		return nil, err
	}
	q, err := w.NameRequest(id)
	if err != nil {
		return nil, err
	}
	if err := w.LockPeople(q.PersonID); err != nil {
		return nil, err
	}
	p, err := w.mayKnow(q.PersonID)
	if errors.Is(err, issuer.NotFound) {
		return nil, hidden("request")
	}
	return p, err
}

// MyNameRequests lists what the caller asked, the newest first.
func (r *Registrar) MyNameRequests(ctx context.Context, by issuer.Caller) ([]NameRequestView, error) {
	return look(ctx, r, by, func(w *work) ([]NameRequestView, error) {
		p, err := w.me()
		if err != nil {
			return nil, err
		}
		all, err := w.NameRequestsOf(p.ID)
		var views []NameRequestView
		for i := range all {
			views = append(views, *nameRequestView(&all[i], p))
		}
		return views, err
	})
}

// nameRequests lists the open requests that the caller can answer.
func (w *work) nameRequests() ([]NameRequestView, error) {
	if err := w.mayManageAny(); err != nil {
		return nil, nil
	}
	all, err := w.OpenNameRequests()
	if err != nil {
		return nil, err
	}
	ids := unique(all, func(q issuer.NameRequest) issuer.PersonID { return q.PersonID })
	people, err := w.Unerased(ids...)
	if err != nil {
		return nil, err
	}
	theirs, err := w.managedOf(ids...)
	if err != nil {
		return nil, err
	}
	person := byID(people, func(p issuer.Person) issuer.PersonID { return p.ID })
	var views []NameRequestView
	for i := range all {
		if p, there := person[all[i].PersonID]; there && theirs[p.ID] && p.ID != w.by.Person {
			views = append(views, *nameRequestView(&all[i], &p))
		}
	}
	return views, nil
}
