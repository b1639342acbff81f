package registrar

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"hallmark/issuer"
)

// OpinionView is what a learner said of a module after a completion; Rating is
// 0 if nothing yet.
type OpinionView struct {
	Completion  issuer.CompletionID
	Module      Named
	Program     Named
	CompletedOn issuer.Day
	Rating      int
	Helped      string
	Hindered    string
	ChangedAt   time.Time

	Asks  Wording // what is asked now
	Asked Wording // what was, when they answered
}

// Wording is what learners are asked of a module, in the words of its program;
// "" is asked in those of the product.
type Wording struct{ Helped, Hindered string }

// ModuleOpinions is what learners said of a module, together. Below OpinionsFrom
// opinions nothing is told but that there are too few.
type ModuleOpinions struct {
	Module  Named
	Enough  bool
	Count   int
	Average float64
	Ratings [5]int // how many gave 1, 2 … 5
	Remarks []Remark
}

// Remark is what someone who is not named wrote of a module.
type Remark struct {
	Helped, Hindered string
	Asked            Wording
}

// OpinionsView is what learners said of the modules of a program.
type OpinionsView struct {
	Program Named
	Modules []ModuleOpinions
}

// maxRemarks is how many remarks about a module are shown.
const maxRemarks = 200

// opinionsAsked lists the completions of the caller with what they said of the
// modules.
func (w *work) opinionsAsked() ([]OpinionView, error) {
	completions, err := w.CompletionsOf(w.by.Person)
	if err != nil || len(completions) == 0 {
		return nil, err
	}
	said, err := w.OpinionsOf(w.by.Person)
	if err != nil {
		return nil, err
	}
	modules, err := w.AllModules()
	if err != nil {
		return nil, err
	}
	d, err := w.definitions()
	if err != nil {
		return nil, err
	}
	var views []OpinionView
	for i := range completions {
		c := &completions[i]
		m := find(modules, func(m issuer.Module) bool { return m.ID == c.ModuleID })
		if m == nil {
			continue
		}
		views = append(views, opinionView(c, m, d, find(said, func(o issuer.Opinion) bool { return o.CompletionID == c.ID })))
	}
	return views, nil
}

func opinionView(c *issuer.Completion, m *issuer.Module, d *defined, o *issuer.Opinion) OpinionView {
	v := OpinionView{Completion: c.ID, Module: namedModule(m), Program: d.names.programs[c.ProgramID], CompletedOn: c.CompletedOn}
	if p := d.programs[c.ProgramID]; p != nil {
		v.Asks = Wording{p.Questions.Helped, p.Questions.Hindered}
	}
	if o != nil {
		v.Asked = Wording{o.AskedHelped, o.AskedHindered}
		v.Rating, v.Helped, v.Hindered, v.ChangedAt = o.Rating, o.Helped, o.Hindered, o.ChangedAt
	}
	return v
}

// Opinion shows the caller what they said after a completion of theirs.
func (r *Registrar) Opinion(ctx context.Context, by issuer.Caller, id issuer.CompletionID) (*OpinionView, error) {
	return look(ctx, r, by, func(w *work) (*OpinionView, error) {
		c, err := w.ownCompletion(id)
		if err != nil {
			return nil, err
		}
		return w.opinion(c)
	})
}

// ownCompletion reads a completion of the caller. Of others there is none.
func (w *work) ownCompletion(id issuer.CompletionID) (*issuer.Completion, error) {
	if err := w.onlyPeople("Only who completed a module says something of it."); err != nil {
		return nil, err
	}
	c, err := w.Completion(id)
	if err != nil {
		return nil, err
	}
	if c.PersonID != w.by.Person {
		return nil, hidden("completion")
	}
	return c, nil
}

func (w *work) opinion(c *issuer.Completion) (*OpinionView, error) {
	all, err := w.opinionsAsked()
	if err != nil {
		return nil, err
	}
	v := find(all, func(v OpinionView) bool { return v.Completion == c.ID })
	if v == nil {
		return nil, issuer.Refuse(issuer.NotFound, "There is no such completion.")
	}
	return v, nil
}

// NewOpinion is what a learner says of a module.
type NewOpinion struct {
	Rating   int // 1 to 5
	Helped   string
	Hindered string

	Asked *Wording // what they answer; nil: what is asked now
}

// OpinionResult answers NewOpinion. Added is false if it took the place of one
// from before.
type OpinionResult struct {
	Opinion OpinionView
	Added   bool
}

// errAskedAnew refuses answers to questions that are not asked any more.
var errAskedAnew = issuer.Refuse(issuer.Conflict, "The questions were changed meanwhile. Look at what is asked now; your answers are kept below.")

// GiveOpinion keeps what the caller says of a module after a completion of
// theirs: once for each, and as often changed as they like.
func (r *Registrar) GiveOpinion(ctx context.Context, by issuer.Caller, id issuer.CompletionID, in NewOpinion) (*OpinionResult, error) {
	return act(ctx, r, by, "module.feedback", string(id), func(w *work) (*OpinionResult, error) {
		if err := w.onlyPeople("Only who completed a module says something of it."); err != nil {
			return nil, err
		}
		if _, err := w.living(w.by.Person); err != nil {
			return nil, err
		}
		c, err := w.ownCompletion(id)
		if err != nil {
			return nil, err
		}
		o, err := w.OpinionOf(id)
		added := errors.Is(err, issuer.NotFound)
		if added {
			o, err = &issuer.Opinion{ID: issuer.OpinionID(rand.Text()), IssuerID: w.us.ID, ProgramID: c.ProgramID, ModuleID: c.ModuleID,
				CompletionID: id, PersonID: c.PersonID, CreatedAt: w.Now}, nil
		}
		if err != nil {
			return nil, err
		}
		d, err := w.definitions()
		if err != nil {
			return nil, err
		}
		var asks issuer.QuestionSets
		if p := d.programs[c.ProgramID]; p != nil {
			asks = p.Questions
		}
		if in.Asked != nil && *in.Asked != (Wording{asks.Helped, asks.Hindered}) {
			return nil, errAskedAnew
		}
		if err := o.Say(asks, in.Rating, in.Helped, in.Hindered, w.Now); err != nil {
			return nil, err
		}
		save := w.SaveOpinion
		if added {
			save = w.AddOpinion
		}
		if err := save(o); err != nil {
			return nil, err
		}
		v, err := w.opinion(c)
		if err != nil {
			return nil, err
		}
		return &OpinionResult{*v, added}, nil
	})
}

// remarksTold gives remarks with what they answer. Of a module that was asked about in
// several wordings, those in a wording that few answered are left out: when it
// was asked would tell about someone.
func remarksTold(remarks []issuer.Opinion) []Remark {
	in := map[Wording]int{}
	for _, m := range remarks {
		in[Wording{m.AskedHelped, m.AskedHindered}]++
	}
	var out []Remark
	for _, m := range remarks {
		if asked := (Wording{m.AskedHelped, m.AskedHindered}); len(in) == 1 || in[asked] >= issuer.OpinionsFrom {
			out = append(out, Remark{m.Helped, m.Hindered, asked})
		}
	}
	return out
}

// Opinions shows what learners said of the modules of a program, by code or id,
// to who runs it: sums and words without names, from OpinionsFrom on.
func (r *Registrar) Opinions(ctx context.Context, by issuer.Caller, program string) (*OpinionsView, error) {
	return look(ctx, r, by, func(w *work) (*OpinionsView, error) {
		p, err := w.seenProgram(program)
		if err != nil {
			return nil, err
		}
		if err := w.mayManage(p.ID); err != nil {
			return nil, err
		}
		modules, err := w.Modules(p.ID)
		if err != nil {
			return nil, err
		}
		ratings, err := w.Ratings(p.ID)
		if err != nil {
			return nil, err
		}
		v := &OpinionsView{Program: namedProgram(p)}
		var enough []issuer.ModuleID
		for i := range modules {
			o := ModuleOpinions{Module: namedModule(&modules[i])}
			sum := 0
			for _, n := range ratings {
				if n.ModuleID == modules[i].ID {
					o.Ratings[n.Rating-1], o.Count, sum = n.N, o.Count+n.N, sum+n.N*n.Rating
				}
			}
			if o.Enough = o.Count >= issuer.OpinionsFrom; !o.Enough {
				v.Modules = append(v.Modules, ModuleOpinions{Module: o.Module})
				continue
			}
			o.Average = float64(sum) / float64(o.Count)
			enough = append(enough, modules[i].ID)
			v.Modules = append(v.Modules, o)
		}
		remarks, err := w.Remarks(maxRemarks, enough...)
		if err != nil {
			return nil, err
		}
		of := map[string][]issuer.Opinion{}
		for _, m := range remarks {
			of[string(m.ModuleID)] = append(of[string(m.ModuleID)], m)
		}
		for i := range v.Modules {
			v.Modules[i].Remarks = remarksTold(of[v.Modules[i].Module.ID])
		}
		return v, nil
	})
}
