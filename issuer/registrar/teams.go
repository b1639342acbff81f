package registrar

import (
	"context"

	"hallmark/issuer"
)

// JoinTeam takes a learner of the cohort into the team of a capstone, on the word
// of a member, until the team hands something in. They are told.
func (r *Registrar) JoinTeam(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, who issuer.PersonID) (*CapstoneView, error) {
	return act(ctx, r, by, "capstone.join", string(id), func(w *work) (*CapstoneView, error) {
		h, err := w.hold(id, who)
		if err != nil {
			return nil, err
		}
		if err := w.maySeeCapstone(h.Capstone, h.team); err != nil {
			return nil, err
		}
		m, err := h.Join(h.brief, h.team, w.by.Person, who, w.Now)
		if err != nil {
			return nil, err
		}
		cohort, err := w.Cohort(h.CohortID)
		if err != nil {
			return nil, err
		}
		if err := w.checkTeam(h.brief, cohort, []issuer.PersonID{who}); err != nil {
			return nil, err
		}
		if err := w.AddMember(m); err != nil {
			return nil, err
		}
		w.note("person", who)
		person, err := w.Person(who)
		if err != nil {
			return nil, err
		}
		if err := w.mail(person, "team-joined", map[string]any{"Title": orName(h.Title, h.brief.Name), "By": w.by.Name,
			"Link": w.r.BaseURL + "/capstones/" + string(id)}); err != nil {
			return nil, err
		}
		return w.capstoneView(h.Capstone)
	})
}

func orName(title, name string) string {
	if title == "" {
		return name
	}
	return title
}

// LeaveTeam takes the caller out of the team of a capstone, until the team hands
// something in. What they wrote stays with the team.
func (r *Registrar) LeaveTeam(ctx context.Context, by issuer.Caller, id issuer.CapstoneID) error {
	_, err := act(ctx, r, by, "capstone.leave", string(id), func(w *work) (struct{}, error) {
		h, err := w.mine(id)
		if err != nil {
			return struct{}{}, err
		}
		if err := h.Leave(h.team, w.by.Person); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.RemoveMember(id, w.by.Person)
	})
	return err
}

// SetPart keeps what the caller does in the team of a capstone.
func (r *Registrar) SetPart(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, part string) (*CapstoneView, error) {
	return act(ctx, r, by, "capstone.part", string(id), func(w *work) (*CapstoneView, error) {
		part := part // the act may be run again
		h, err := w.mine(id)
		if err != nil {
			return nil, err
		}
		if err := h.MayEdit(h.team, w.by.Person); err != nil {
			return nil, err
		}
		if part, err = issuer.CleanText("part", part, issuer.MaxName); err != nil {
			return nil, err
		}
		if err := w.SavePart(&issuer.Member{CapstoneID: id, PersonID: w.by.Person, Part: part}); err != nil {
			return nil, err
		}
		return w.capstoneView(h.Capstone)
	})
}
