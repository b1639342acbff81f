package registrar

import (
	"context"
	"errors"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// ConcernsView is what someone reported and what they handle.
type ConcernsView struct {
	Mine    []ConcernLine
	Desk    []ConcernLine
	Handles bool
	Closed  bool // closed ones are listed, too
}

// ConcernLine is a concern in a list.
type ConcernLine struct {
	ID        issuer.ConcernID
	Kind      issuer.ConcernKind
	State     issuer.ConcernState
	Program   Named
	About     string
	Assigned  PersonName
	CreatedAt time.Time
	ChangedAt time.Time
}

// ConcernView is a concern as its reporter sees it, or who handles it. The former
// sees what they said and were answered, and no names.
type ConcernView struct {
	ConcernLine
	GoesTo   issuer.ConcernDesk
	Badge    string // its address; "" for none
	Words    string
	Reporter PersonName // nobody for one without a name
	Notes    []ConcernNoteView
	Handles  bool
	Handlers []PersonName // who could take it
	Nobody   bool         // there is none
}

// ConcernNoteView is something that was said about a concern.
type ConcernNoteView struct {
	Kind   issuer.NoteKind
	Author PersonName // who handles it; nobody for its reporter
	Words  string
	At     time.Time
}

func (w *work) concernLines(list []issuer.Concern) ([]ConcernLine, error) {
	at, err := w.places()
	if err != nil {
		return nil, err
	}
	names, err := w.names(unique(list, func(c issuer.Concern) issuer.PersonID { return c.AssignedTo })...)
	if err != nil {
		return nil, err
	}
	lines := make([]ConcernLine, len(list))
	for i, c := range list {
		lines[i] = ConcernLine{c.ID, c.Kind, c.State, at.programs[c.ProgramID], c.About, names[c.AssignedTo], c.CreatedAt, c.ChangedAt}
	}
	return lines, nil
}

func (w *work) concernView(c *issuer.Concern, as role) (*ConcernView, error) {
	lines, err := w.concernLines([]issuer.Concern{*c})
	if err != nil {
		return nil, err
	}
	v := &ConcernView{ConcernLine: lines[0], GoesTo: c.GoesTo, Words: c.Words, Handles: as == asHandler}
	if c.CredentialID != "" {
		v.Badge = badgeURL(w.r.BaseURL, c.CredentialID)
	}
	handlers, err := w.handlers(c)
	if err != nil {
		return nil, err
	}
	v.Nobody = len(handlers) == 0
	notes, err := w.ConcernNotes(c.ID)
	if err != nil {
		return nil, err
	}
	names, err := w.names(append(unique(notes, func(n issuer.ConcernNote) issuer.PersonID { return n.AuthorID }), c.ReporterID)...)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		switch {
		case as == asHandler:
			v.Notes = append(v.Notes, ConcernNoteView{n.Kind, names[n.AuthorID], n.Words, n.At})
		case n.Kind != issuer.NoteInner:
			v.Notes = append(v.Notes, ConcernNoteView{Kind: n.Kind, Words: n.Words, At: n.At})
		}
	}
	if as == asReporter {
		v.Assigned = PersonName{}
		return v, nil
	}
	v.Reporter = names[c.ReporterID]
	for _, p := range handlers {
		v.Handlers = append(v.Handlers, PersonName{p.ID, p.Name})
	}
	return v, nil
}

// Concern shows a concern to its reporter and to who handles it.
func (r *Registrar) Concern(ctx context.Context, by issuer.Caller, id issuer.ConcernID) (*ConcernView, error) {
	return look(ctx, r, by, func(w *work) (*ConcernView, error) {
		c, as, err := w.seenConcern(id, w.Tx.Concern)
		if err != nil {
			return nil, err
		}
		return w.concernView(c, as)
	})
}

// FollowConcern shows a concern to who has its code.
func (r *Registrar) FollowConcern(ctx context.Context, code string) (*ConcernView, error) {
	return look(ctx, r, reporter, func(w *work) (*ConcernView, error) {
		c, err := w.concernOf(code)
		if err != nil {
			return nil, err
		}
		return w.concernView(c, asReporter)
	})
}

func (w *work) concernOf(code string) (*issuer.Concern, error) {
	c, err := w.ConcernOfCode(concernHash(issuer.ConcernCode(code)))
	if errors.Is(err, issuer.NotFound) {
		return nil, issuer.Wrong("code", "There is no concern with this code. Look at each character; what was closed is forgotten after %d days.", int(w.r.Retention.Usual().Concerns.Hours()/24))
	}
	return c, err
}

// AddToConcern adds what else its reporter has to say, to a concern of theirs.
func (r *Registrar) AddToConcern(ctx context.Context, by issuer.Caller, id issuer.ConcernID, words string) (*ConcernView, error) {
	return act(ctx, r, reporter, "concern.add", string(id), func(w *work) (*ConcernView, error) {
		asked := &work{Tx: w.Tx, r: w.r, by: by, us: w.us}
		c, as, err := asked.seenConcern(id, w.LockConcern)
		if err == nil && as != asReporter {
			err = forbid("Only its reporter adds to a concern; leave a note instead.")
		}
		if err != nil {
			return nil, err
		}
		return w.addTo(c, words)
	})
}

// AddByCode adds what else a reporter without a name has to say.
func (r *Registrar) AddByCode(ctx context.Context, code, words string) (*ConcernView, error) {
	return act(ctx, r, reporter, "concern.add", "", func(w *work) (*ConcernView, error) {
		c, err := w.concernOf(code)
		if err != nil {
			return nil, err
		}
		w.object = string(c.ID)
		if c, err = w.LockConcern(c.ID); err != nil {
			return nil, err
		}
		return w.addTo(c, words)
	})
}

func (w *work) addTo(c *issuer.Concern, words string) (*ConcernView, error) {
	if err := w.addNote(c, issuer.NoteAdded, "", words); err != nil {
		return nil, err
	}
	c.Add(w.Now)
	if err := w.SaveConcern(c); err != nil {
		return nil, err
	}
	if _, err := w.tellHandlers(c, "added"); err != nil {
		return nil, err
	}
	return w.concernView(c, asReporter)
}

func (w *work) addNote(c *issuer.Concern, kind issuer.NoteKind, by issuer.PersonID, words string) error {
	words, err := issuer.CleanText("words", words, issuer.MaxConcern)
	if err != nil {
		return err
	}
	if words == "" {
		return issuer.Wrong("words", "Write something first.")
	}
	return w.AddConcernNote(&issuer.ConcernNote{ID: issuer.ConcernNoteID(rowID()), IssuerID: w.us.ID, ConcernID: c.ID, Kind: kind, AuthorID: by, Words: words, At: w.Now})
}

// ConcernStep is what someone does with a concern that they handle.
type ConcernStep string

// The steps: take it, or give it to someone who handles it, too; answer its
// reporter; note something for those who handle it; close it.
const (
	StepTake   ConcernStep = "take"
	StepAssign ConcernStep = "assign"
	StepAnswer ConcernStep = "answer"
	StepNote   ConcernStep = "note"
	StepClose  ConcernStep = "close"
)

// HandleConcern does a step with a concern. Who handles it may: who runs its
// program or the installation, never one whom it is about.
func (r *Registrar) HandleConcern(ctx context.Context, by issuer.Caller, id issuer.ConcernID, step ConcernStep, words string, to issuer.PersonID) (*ConcernView, error) {
	return act(ctx, r, by, "concern.handle", string(id), func(w *work) (*ConcernView, error) {
		c, as, err := w.seenConcern(id, w.LockConcern)
		if err == nil && as != asHandler {
			err = forbid("Who reported a concern does not handle it.")
		}
		if err != nil {
			return nil, err
		}
		if err := w.step(c, step, words, to); err != nil {
			return nil, err
		}
		w.note("state", c.State)
		if err := w.SaveConcern(c); err != nil {
			return nil, err
		}
		return w.concernView(c, asHandler)
	})
}

func (w *work) step(c *issuer.Concern, step ConcernStep, words string, to issuer.PersonID) error {
	switch step {
	case StepTake:
		return c.Take(w.by.Person, w.Now)
	case StepAssign:
		able, err := w.handlers(c)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(able, func(p issuer.Person) bool { return p.ID == to }) {
			return issuer.Wrong("to", "Choose one of those who may handle it.")
		}
		return c.Take(to, w.Now)
	case StepNote:
		if err := w.addNote(c, issuer.NoteInner, w.by.Person, words); err != nil {
			return err
		}
		c.ChangedAt = w.Now
		return nil
	case StepAnswer:
		if err := c.Answer(w.by.Person, w.Now); err != nil {
			return err
		}
		if err := w.addNote(c, issuer.NoteAnswer, w.by.Person, words); err != nil {
			return err
		}
		return w.tellReporter(c)
	case StepClose:
		notes, err := w.ConcernNotes(c.ID)
		if err != nil {
			return err
		}
		return c.Close(slices.ContainsFunc(notes, func(n issuer.ConcernNote) bool { return n.Kind == issuer.NoteAnswer }), w.Now)
	}
	return issuer.Wrong("step", "Choose what to do with it.")
}

// tellReporter mails a reporter with a name that there is an answer.
func (w *work) tellReporter(c *issuer.Concern) error {
	if c.ReporterID == "" {
		return nil
	}
	p, err := w.Person(c.ReporterID)
	if err != nil {
		return err
	}
	return w.mailAll([]letter{w.concernLetter(p, c, "answered")})
}

// TendConcerns reminds those who handle concerns of which nothing was heard for
// a while, and forgets those that were closed long ago; questions about badges, too.
func (r *Registrar) TendConcerns(ctx context.Context) error {
	_, err := store.Write(ctx, r.Store, func(tx *store.Tx) (struct{}, error) {
		w := &work{Tx: tx, r: r, by: issuer.Caller{System: "jobs"}, detail: map[string]any{}}
		if mine, err := tx.TryLock("concerns"); err != nil || !mine {
			return struct{}{}, err
		}
		if err := w.identify(); err != nil {
			return struct{}{}, err
		}
		if err := w.remindOfConcerns(); err != nil {
			return struct{}{}, err
		}
		if err := w.tendQuestions(); err != nil {
			return struct{}{}, err
		}
		n, err := w.ForgetConcerns(w.Now.Add(-r.Retention.Usual().Concerns))
		if err != nil || n == 0 {
			return struct{}{}, err
		}
		w.note("concerns", n)
		return struct{}{}, w.audit("concern.forget", "done")
	})
	return err
}

func (w *work) remindOfConcerns() error {
	quiet, err := w.QuietConcerns(w.Now.Add(-issuer.ConcernPatience))
	if err != nil {
		return err
	}
	for i := range quiet {
		c := &quiet[i]
		if !c.Due(w.Now) {
			continue
		}
		if _, err := w.tellHandlers(c, "waiting"); err != nil {
			return err
		}
		c.RemindedAt = w.Now
		if err := w.SaveConcern(c); err != nil {
			return err
		}
	}
	return nil
}
