package registrar

import (
	"context"
	"slices"
	"strings"

	"hallmark/issuer"
)

// TakeBackResult answers TakeBackApproval.
type TakeBackResult struct {
	Capstone CapstoneView
	Review   ReviewView
	Revoked  []BadgeView // what the approval had issued and what stood on it
	Unsent   int         // mails about them that had not gone out, and will not
}

// TakeBackApproval undoes an approval of the caller's within issuer.Grace. The
// capstone waits again. What the approval issued, and what rests on it, is
// revoked as issued in error, in the same transaction; the team is told, and mail
// about those badges that still waits is not sent. Approvals of others stand, and
// so does what the mentor earned by reviewing: they did review it.
func (r *Registrar) TakeBackApproval(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, review issuer.ReviewID) (*TakeBackResult, error) {
	return act(ctx, r, by, "capstone.take-back", string(id), func(w *work) (*TakeBackResult, error) {
		h, err := w.hold(id, w.reviewer()...)
		if err != nil {
			return nil, err
		}
		given, err := w.approvalOf(h.Capstone, h.team, review)
		if err != nil {
			return nil, err
		}
		here, err := w.Unerased(unique(h.team, func(m issuer.Member) issuer.PersonID { return m.PersonID })...)
		if err != nil {
			return nil, err
		}
		if len(here) == 0 {
			return nil, issuer.Refuse(issuer.Conflict, "Nobody of this team is here any more.")
		}
		if err := h.TakeBack(given, w.by.Person, w.Now); err != nil {
			return nil, err
		}
		if err := w.SaveTakenBack(given); err != nil {
			return nil, err
		}
		if err := w.VoidEndorsementsOf(given.ID); err != nil {
			return nil, err
		}
		w.note("review", given.ID)
		out := &TakeBackResult{}
		if h.was == issuer.Approved {
			if err := w.save(h); err != nil {
				return nil, err
			}
			if err := w.unissue(h, out); err != nil {
				return nil, err
			}
		}
		return out, w.afterTakeBack(h, given, out)
	})
}

// approvalOf finds a decision that the caller made about a capstone.
func (w *work) approvalOf(c *issuer.Capstone, team []issuer.Member, id issuer.ReviewID) (*issuer.Review, error) {
	if err := w.maySeeCapstone(c, team); err != nil {
		return nil, err
	}
	all, err := w.ReviewsEver(c.ID)
	if err != nil {
		return nil, err
	}
	review := find(all, func(r issuer.Review) bool { return r.ID == id })
	if review == nil {
		return nil, issuer.Refuse(issuer.NotFound, "There is no such review.")
	}
	return review, nil
}

// earnedBy lists the awards that the approval of a capstone brought about and
// those that rest on them, which stand as long as it does.
func (w *work) earnedBy(c issuer.CapstoneID, team []issuer.Member) ([]issuer.Award, error) {
	members := unique(team, func(m issuer.Member) issuer.PersonID { return m.PersonID })
	awards, err := w.awardsOfFact(string(c), members...)
	if err != nil {
		return nil, err
	}
	var all []issuer.Award
	for _, a := range awards {
		if !a.Live() || a.Fact != issuer.FactReview {
			continue
		}
		resting, err := w.restingOn(&a)
		if err != nil {
			return nil, err
		}
		for _, award := range append([]issuer.Award{a}, resting...) {
			switch {
			case award.Term > 0 && award.FactID == string(c):
				return nil, issuer.Refuse(issuer.Conflict, "This approval renewed a badge that was earned before, so it cannot be taken back here. Ask who runs the program.")
			case award.CreatedAt.Before(a.CreatedAt): // it was held without this one
			case !slices.ContainsFunc(all, func(have issuer.Award) bool { return have.ID == award.ID }):
				all = append(all, award)
			}
		}
	}
	return all, nil
}

// mistaken is why the badges of an approval that was taken back are revoked.
var mistaken = StatusChange{Code: "issued-in-error", Reason: "The approval was given by mistake and taken back."}

// unissue revokes what an approval issued.
func (w *work) unissue(h *heldCapstone, out *TakeBackResult) error {
	awards, err := w.earnedBy(h.ID, h.team)
	if err != nil {
		return err
	}
	views, err := w.badgeViews(awards)
	if err != nil {
		return err
	}
	for i := range awards {
		if err := w.revokeWithin(&awards[i], views[i].ID, mistaken, map[string]any{"capstone": h.ID}); err != nil {
			return err
		}
		dropped, err := w.RemoveMessages(string(views[i].ID))
		if err != nil {
			return err
		}
		out.Unsent += dropped
	}
	out.Revoked, err = w.badgeViews(awards)
	return err
}

// afterTakeBack tells the team and puts the answer together.
func (w *work) afterTakeBack(h *heldCapstone, given *issuer.Review, out *TakeBackResult) error {
	for _, m := range h.team {
		person, err := w.Person(m.PersonID)
		if err != nil {
			return err
		}
		var names []string
		for _, b := range out.Revoked {
			if b.Person.ID == m.PersonID {
				names = append(names, "“"+b.Achievement.Name+"”")
			}
		}
		if err := w.mail(person, "approval-taken-back", map[string]any{"Title": h.Title, "Badges": strings.Join(names, ", "),
			"Link": w.r.BaseURL + "/capstones/" + string(h.ID)}); err != nil {
			return err
		}
	}
	view, err := w.capstoneView(h.Capstone)
	if err != nil {
		return err
	}
	names, err := w.names(given.ReviewerID)
	if err != nil {
		return err
	}
	out.Capstone, out.Review = *view, reviewView(*given, names, nil)
	return nil
}

// TakeBack tells a mentor, before they take an approval back, which badges that
// revokes.
func (r *Registrar) TakeBack(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, review issuer.ReviewID) (*TakeBackResult, error) {
	return look(ctx, r, by, func(w *work) (*TakeBackResult, error) {
		c, err := w.seenCapstone(id)
		if err != nil {
			return nil, err
		}
		team, err := w.Members(id)
		if err != nil {
			return nil, err
		}
		given, err := w.approvalOf(c, team, review)
		if err != nil {
			return nil, err
		}
		was := c.State
		if err := c.TakeBack(given, w.by.Person, w.Now); err != nil {
			return nil, err
		}
		out := &TakeBackResult{}
		if was == issuer.Approved {
			awards, err := w.earnedBy(id, team)
			if err != nil {
				return nil, err
			}
			if out.Revoked, err = w.badgeViews(awards); err != nil {
				return nil, err
			}
		}
		c.State = was
		given.TakenBackAt = nil
		view, err := w.capstoneView(c)
		if err != nil {
			return nil, err
		}
		names, err := w.names(given.ReviewerID)
		out.Capstone, out.Review = *view, reviewView(*given, names, nil)
		return out, err
	})
}
