package registrar

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/verifier"
)

// ReviewCapstone records a mentor's decision about the current submission.
// The approval that was still missing issues a badge to every member of the
// team, and what stacks on it, in the same transaction: there is no approved
// capstone without its badges. An approval that is signed stands in them as the
// mentor's own word. Reviewing earns the mentor's badge likewise.
func (r *Registrar) ReviewCapstone(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, in NewReview) (*ReviewResult, error) {
	return act(ctx, r, by, "capstone.review", string(id), func(w *work) (*ReviewResult, error) {
		h, err := w.hold(id, w.reviewer()...)
		if err != nil {
			return nil, err
		}
		tier, err := w.mayReview(h.Capstone, h.team)
		if err != nil {
			return nil, err
		}
		if in.Decision == issuer.Approve {
			if err := w.mayIssue(); err != nil {
				return nil, err
			}
		}
		if in.Sign && in.Decision != issuer.Approve {
			return nil, issuer.Wrong("sign", "Only an approval can be signed.")
		}
		note, err := issuer.CleanText("note", in.Note, 8000)
		if err != nil {
			return nil, err
		}
		if err := w.checkReason(h, in.Decision, in.Reason); err != nil {
			return nil, err
		}
		all, err := w.Reviews(id)
		if err != nil {
			return nil, err
		}
		before := slices.DeleteFunc(all, func(r issuer.Review) bool { return r.Submission != h.Submission })
		review := issuer.Review{ID: issuer.ReviewID(rand.Text()), IssuerID: w.us.ID, CapstoneID: id, Submission: in.Submission,
			ReviewerID: w.by.Person, Tier: tier, Decision: in.Decision, Scores: in.Scores, Reason: in.Reason, Note: note, At: w.Now}
		missing, err := h.Review(review, h.brief, h.team, before)
		if err != nil {
			return nil, err
		}
		if err := w.free(h); err != nil {
			return nil, err
		}
		if in.Sign {
			if err := w.mayEndorse(); err != nil {
				return nil, err
			}
		}
		return w.keepReview(ctx, h, review, in.Sign, append(before, review), missing)
	})
}

// reviewer is the caller, whose row is locked too: reviewing can earn a badge.
func (w *work) reviewer() []issuer.PersonID {
	if w.by.Person == "" {
		return nil
	}
	return []issuer.PersonID{w.by.Person}
}

func (w *work) keepReview(ctx context.Context, h *heldCapstone, review issuer.Review, sign bool, reviews []issuer.Review, missing []string) (*ReviewResult, error) {
	if h.State != h.was {
		if err := w.save(h); err != nil {
			return nil, err
		}
	}
	if err := w.AddReview(&review); err != nil {
		return nil, err
	}
	w.note("submission", review.Submission)
	w.note("decision", review.Decision)
	w.note("review", review.ID)
	if err := w.offDesk(h); err != nil {
		return nil, err
	}
	if err := w.keepWord(ctx, h, &review, sign); err != nil {
		return nil, err
	}
	path, err := w.path(h.ProgramID)
	if err != nil {
		return nil, err
	}
	cohort, err := w.Cohort(h.CohortID)
	if err != nil {
		return nil, err
	}
	var awards []*earned
	if h.State == issuer.Approved {
		if awards, err = w.earnByApproval(path, h, cohort, reviews); err != nil {
			return nil, err
		}
	}
	if err := w.earnByReviewing(path, h.Capstone, w.by.Person, w.Now); err != nil {
		return nil, err
	}
	if err := w.issue(ctx); err != nil { // before the capstone is shown with its badges
		return nil, err
	}
	switch {
	case review.Decision == issuer.Return:
		err = w.tellTeam(h, review)
	case h.State == issuer.Submitted: // one more is to approve it
		err = w.tellMentors(h, "approval-awaited", "/review/", unique(append(reviews, review), func(r issuer.Review) issuer.PersonID { return r.ReviewerID })...)
	}
	if err != nil {
		return nil, err
	}
	return w.reviewResult(h, review, missing, w.newBadges(awards, cohort))
}

// earnByApproval gives every member of the team what the approval earns: the
// capstone's badges first, then what stacks on them.
func (w *work) earnByApproval(p *path, h *heldCapstone, cohort *issuer.Cohort, reviews []issuer.Review) ([]*earned, error) {
	work, err := w.approvals(h, reviews)
	if err != nil {
		return nil, err
	}
	f := fact{kind: issuer.FactReview, id: string(h.ID), day: issuer.DayOf(w.Now, cohort.Zone()), cohort: h.CohortID,
		news: issuer.News{Capstone: h.brief.Code}, work: work}
	var direct, stacked []*earned
	for _, m := range h.team {
		person, err := w.Person(m.PersonID)
		if err != nil {
			return nil, err
		}
		if person.ErasedAt != nil {
			continue
		}
		awards, err := w.earn(p, person, f)
		if err != nil {
			return nil, err
		}
		for _, a := range awards {
			if a.Fact == issuer.FactRequirement {
				stacked = append(stacked, a)
			} else {
				direct = append(direct, a)
			}
		}
	}
	return append(direct, stacked...), w.sent(h, direct)
}

// approvals is what the badges say of the decisions.
func (w *work) approvals(h *heldCapstone, reviews []issuer.Review) (*approvedWork, error) {
	sealed, err := w.sealed(h.ID, h.Submission)
	if err != nil {
		return nil, err
	}
	a := &approvedWork{brief: h.brief, digest: verifier.Digest(sealed), scores: lowest(h.brief.Rubric, reviews)}
	for _, r := range reviews {
		if r.Decision == issuer.Approve {
			a.approvals = append(a.approvals, r)
		}
	}
	return a, w.wordsAbout(h, a)
}

// earnByReviewing gives a reviewer what reviewing the capstones of others
// earns, by a decision made at a time. Each capstone counts once; a badge that ended counts from there on.
func (w *work) earnByReviewing(p *path, c *issuer.Capstone, reviewer issuer.PersonID, at time.Time) error {
	news := issuer.News{Reviews: map[string]int{}}
	for _, o := range p.offers {
		if o.Current.Rule.Reviews == 0 {
			continue
		}
		var err error
		if news.Reviews[o.Code], err = w.reviewed(p, &o, reviewer); err != nil {
			return err
		}
	}
	if len(news.Reviews) == 0 {
		return nil
	}
	if later, err := w.deferred(issuer.DeferredReviewing, string(c.ID), reviewer, false); err != nil || later {
		return err
	}
	mentor, err := w.Person(reviewer)
	if err != nil {
		return err
	}
	cohort, err := w.Cohort(c.CohortID)
	if err != nil {
		return err
	}
	_, err = w.earn(p, mentor, fact{kind: issuer.FactRequirement, id: string(c.ID), cohort: c.CohortID,
		day: issuer.DayOf(at, cohort.Zone()), news: news})
	return err
}

// reviewed counts the capstones of others that someone reviewed towards an
// achievement.
func (w *work) reviewed(p *path, o *issuer.Offer, reviewer issuer.PersonID) (int, error) {
	since, err := w.CountedSince(reviewer, o.ID)
	if err != nil {
		return 0, err
	}
	return w.CountReviewed(reviewer, p.program.ID, since)
}

func (w *work) tellTeam(h *heldCapstone, review issuer.Review) error {
	for _, m := range h.team {
		person, err := w.Person(m.PersonID)
		if err != nil {
			return err
		}
		if err := w.mail(person, "capstone-returned", map[string]any{"Title": h.Title, "Reviewer": w.by.Name, "Note": review.Note,
			"Link": w.r.BaseURL + "/capstones/" + string(h.ID)}); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) reviewResult(h *heldCapstone, review issuer.Review, missing []string, badges []BadgeView) (*ReviewResult, error) {
	view, err := w.capstoneView(h.Capstone)
	if err != nil {
		return nil, err
	}
	names, err := w.names(review.ReviewerID)
	if err != nil {
		return nil, err
	}
	if len(badges) > 0 {
		w.note("credentials", fmt.Sprint(len(badges)))
	}
	words, err := w.EndorsementsOfReviews(review.ID)
	if err != nil {
		return nil, err
	}
	return &ReviewResult{Review: reviewView(review, names, words), Capstone: *view, Missing: missing, Credentials: badges}, nil
}
