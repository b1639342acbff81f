package registrar

import (
	"context"
	"crypto/rand"
	"strings"

	"hallmark/issuer"
)

// ScopeDraft is a plan as a team writes it. HandIn asks for its approval; then
// Accepted is the version of the policy that they accept.
type ScopeDraft struct {
	Plan     issuer.Plan
	Accepted string
	HandIn   bool
}

// NewScopeDecision is what a mentor decides about the scope of a number.
type NewScopeDecision struct {
	Scope    int
	Decision issuer.Decision
	Note     string
}

// SaveScope keeps what a team means to build and, if they ask for it, hands it in
// for approval. The mentors of the cohort are told then.
func (r *Registrar) SaveScope(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, d ScopeDraft) (*CapstoneView, error) {
	return act(ctx, r, by, "capstone.scope", string(id), func(w *work) (*CapstoneView, error) {
		h, err := w.mine(id)
		if err != nil {
			return nil, err
		}
		if err := h.MayEdit(h.team, w.by.Person); err != nil {
			return nil, err
		}
		plan, err := cleanPlan(d.Plan)
		if err != nil {
			return nil, err
		}
		if err := h.Replan(h.brief, h.team, w.by.Person, plan, w.Now); err != nil {
			return nil, err
		}
		if d.HandIn {
			if err := w.handInScope(h, d.Accepted); err != nil {
				return nil, err
			}
		}
		if err := w.save(h); err != nil {
			return nil, err
		}
		return w.capstoneView(h.Capstone)
	})
}

func (w *work) handInScope(h *heldCapstone, accepted string) error {
	scopes, err := w.Scopes(h.ID)
	if err != nil {
		return err
	}
	s, err := h.SubmitScope(h.brief, h.team, accepted, len(scopes)+1, w.by.Person, w.Now)
	if err != nil {
		return err
	}
	s.ID = issuer.ScopeID(rand.Text())
	w.note("scope", s.Number)
	if err := w.AddScope(s); err != nil {
		return err
	}
	return w.tellMentors(h, "scope-submitted", "/scopes/")
}

// cleanPlan brings a plan into the form in which it is kept.
func cleanPlan(p issuer.Plan) (issuer.Plan, error) {
	var err error
	if p.What, err = issuer.CleanText("what", p.What, 4000); err != nil {
		return p, err
	}
	if p.DataNote, err = issuer.CleanText("dataNote", p.DataNote, 2000); err != nil {
		return p, err
	}
	var tools issuer.Strings
	for _, tool := range p.Tools {
		if tool, err = issuer.CleanText("tools", tool, issuer.MaxName); err != nil {
			return p, err
		}
		if tool != "" && !tools.Has(tool) {
			tools = append(tools, strings.Join(strings.Fields(tool), " "))
		}
	}
	p.Tools = tools
	var data issuer.Strings
	for _, class := range issuer.DataClasses { // in their order, once
		if p.Data.Has(class) {
			data = append(data, class)
		}
	}
	if err := p.Check(); err != nil { // while it names classes that are none
		return p, err
	}
	p.Data = data
	return p, nil
}

// DecideScope records a mentor's answer to the scope that waits.
func (r *Registrar) DecideScope(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, in NewScopeDecision) (*CapstoneView, error) {
	return act(ctx, r, by, "capstone.scope.decide", string(id), func(w *work) (*CapstoneView, error) {
		h, err := w.hold(id, w.reviewer()...)
		if err != nil {
			return nil, err
		}
		if err := w.maySeeCapstone(h.Capstone, h.team); err != nil {
			return nil, err
		}
		tier, err := w.mayReview(h.Capstone, h.team)
		if err != nil {
			return nil, err
		}
		note, err := issuer.CleanText("note", in.Note, 8000)
		if err != nil {
			return nil, err
		}
		scopes, err := w.Scopes(id)
		if err != nil {
			return nil, err
		}
		if len(scopes) == 0 {
			return nil, issuer.Refuse(issuer.Conflict, "No scope of this capstone waits for a decision.")
		}
		s := &scopes[0] // the newest
		if err := s.Decide(h.Capstone, h.team, in.Scope, w.by.Person, tier, in.Decision, note, w.Now); err != nil {
			return nil, err
		}
		if err := w.free(h); err != nil {
			return nil, err
		}
		if err := w.SaveScopeDecision(s); err != nil {
			return nil, err
		}
		if err := w.save(h); err != nil {
			return nil, err
		}
		w.note("scope", s.Number)
		w.note("decision", s.Decision)
		if err := w.tellOfScope(h, s); err != nil {
			return nil, err
		}
		return w.capstoneView(h.Capstone)
	})
}

// tellOfScope mails the team what was decided about their scope.
func (w *work) tellOfScope(h *heldCapstone, s *issuer.CapstoneScope) error {
	template := "scope-approved"
	if s.Decision == issuer.Return {
		template = "scope-returned"
	}
	var letters []letter
	for _, m := range h.team {
		person, err := w.Person(m.PersonID)
		if err != nil {
			return err
		}
		letters = append(letters, letter{to: person, template: template, data: map[string]any{"Title": orName(h.Title, h.brief.Name),
			"Reviewer": w.by.Name, "Note": s.Note, "Link": w.r.BaseURL + "/capstones/" + string(h.ID)}})
	}
	return w.mailAll(letters)
}
