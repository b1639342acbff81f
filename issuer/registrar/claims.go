package registrar

import (
	"context"
	"errors"

	"hallmark/issuer"
)

// ClaimCapstone says that the caller, a mentor, is at work on a capstone that
// waits, until issuer.ClaimLasts is over. Claiming again renews it. What another
// mentor has is taken over only with a sentence to them.
func (r *Registrar) ClaimCapstone(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, in NewClaim) (*CapstoneView, error) {
	return act(ctx, r, by, "capstone.claim", string(id), func(w *work) (*CapstoneView, error) {
		h, err := w.reviewing(id)
		if err != nil {
			return nil, err
		}
		note, err := issuer.CleanText("note", in.Note, 1000)
		if err != nil {
			return nil, err
		}
		had, err := w.claim(h, in.TakeOver)
		if err != nil {
			return nil, err
		}
		if had.HeldByOther(w.by.Person, w.Now) {
			if note == "" {
				return nil, issuer.Wrong("note", "Say to the other mentor in a sentence why you take it over.")
			}
			if err := w.tellOfClaim(h, had.PersonID, "claim-taken", note); err != nil {
				return nil, err
			}
		}
		return w.capstoneView(h.Capstone)
	})
}

// reviewing holds a capstone that the caller may judge.
func (w *work) reviewing(id issuer.CapstoneID) (*heldCapstone, error) {
	h, err := w.hold(id, w.reviewer()...)
	if err != nil {
		return nil, err
	}
	_, err = w.mayReview(h.Capstone, h.team)
	return h, err
}

// workClaim reads the claim of a capstone; nil if there is none.
func (w *work) workClaim(id issuer.CapstoneID) (*issuer.Claim, error) {
	claims, err := w.Claims(id)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	return &claims[0], nil
}

// claim makes or renews the caller's claim of a capstone that the act holds, and
// gives the claim that was there before.
func (w *work) claim(h *heldCapstone, takeOver bool) (had *issuer.Claim, err error) {
	decided, err := w.decidedAlready(h)
	if err != nil {
		return nil, err
	}
	if decided {
		return nil, issuer.Refuse(issuer.Conflict, "You have decided about this submission already; it waits for someone else.")
	}
	if had, err = w.workClaim(h.ID); err != nil {
		return nil, err
	}
	c, err := h.Claim(had, w.by.Person, takeOver, w.Now)
	if err != nil {
		return nil, err
	}
	if had == nil {
		return nil, w.AddClaim(c)
	}
	return had, w.SaveClaim(c, had)
}

// decidedAlready tells whether the caller decided about what waits.
func (w *work) decidedAlready(h *heldCapstone) (bool, error) {
	if h.State != issuer.Submitted {
		return false, nil
	}
	reviews, err := w.Reviews(h.ID)
	return find(reviews, func(r issuer.Review) bool { return r.Submission == h.Submission && r.ReviewerID == w.by.Person }) != nil, err
}

// free refuses to decide while another mentor is at work on a capstone.
func (w *work) free(h *heldCapstone) error {
	claim, err := w.workClaim(h.ID)
	if err != nil || !claim.HeldByOther(w.by.Person, w.Now) {
		return err
	}
	names, err := w.names(claim.PersonID)
	if err != nil {
		return err
	}
	return issuer.Refuse(issuer.Conflict, "%s is at work on this capstone. Take it over first if it cannot wait.", names[claim.PersonID].Name)
}

// tellOfClaim mails another mentor, in the caller's words, that a capstone
// changed hands.
func (w *work) tellOfClaim(h *heldCapstone, to issuer.PersonID, template, note string) error {
	other, err := w.Person(to)
	if err != nil {
		return err
	}
	w.note("mentor", to)
	return w.mail(other, template, map[string]any{"Title": h.Title, "By": w.by.Name, "Note": note, "Link": w.r.BaseURL + "/review/" + string(h.ID)})
}

// ReleaseCapstone gives a capstone back that the caller claimed, so that any
// mentor can take it. Without a claim of theirs it changes nothing.
func (r *Registrar) ReleaseCapstone(ctx context.Context, by issuer.Caller, id issuer.CapstoneID) (*CapstoneView, error) {
	return act(ctx, r, by, "capstone.release", string(id), func(w *work) (*CapstoneView, error) {
		h, err := w.reviewing(id)
		if err != nil {
			return nil, err
		}
		claim, err := w.workClaim(id)
		if err != nil {
			return nil, err
		}
		if claim.HeldBy(w.by.Person, w.Now) {
			if err := w.DropClaim(id); err != nil {
				return nil, err
			}
		}
		return w.capstoneView(h.Capstone)
	})
}

// HandOverCapstone gives the caller's claim to another mentor who may decide,
// with a sentence to them.
func (r *Registrar) HandOverCapstone(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, to issuer.PersonID, note string) (*CapstoneView, error) {
	return act(ctx, r, by, "capstone.hand-over", string(id), func(w *work) (*CapstoneView, error) {
		note := note // the act may be run again
		h, err := w.hold(id, append(w.reviewer(), to)...)
		if err != nil {
			return nil, err
		}
		if _, err := w.mayReview(h.Capstone, h.team); err != nil {
			return nil, err
		}
		if note, err = issuer.CleanText("note", note, 1000); err != nil {
			return nil, err
		}
		if err := w.handOver(h, to); err != nil {
			return nil, err
		}
		if err := w.tellOfClaim(h, to, "claim-handed", note); err != nil {
			return nil, err
		}
		return w.capstoneView(h.Capstone)
	})
}

// handOver moves the caller's claim of a capstone that the act holds.
func (w *work) handOver(h *heldCapstone, to issuer.PersonID) error {
	claim, err := w.workClaim(h.ID)
	if err != nil {
		return err
	}
	if !claim.HeldBy(w.by.Person, w.Now) {
		return issuer.Refuse(issuer.Conflict, "You have not claimed this capstone.")
	}
	can, err := w.awaited(h)
	if err != nil {
		return err
	}
	if to == w.by.Person || find(can, func(a AwaitedMentor) bool { return a.ID == to }) == nil {
		return issuer.Wrong("to", "Choose a mentor of this cohort who may decide about this capstone.")
	}
	theirs := *claim
	theirs.PersonID, theirs.ClaimedAt = to, w.Now
	theirs.Renew(w.Now)
	return w.SaveClaim(&theirs, claim)
}

// SaveReview keeps what a mentor has of a review, which begins or renews their
// claim unless someone else is at work. reply, if it is not "", names one of
// their saved replies, which is put under the note first.
func (r *Registrar) SaveReview(ctx context.Context, by issuer.Caller, id issuer.CapstoneID, in NewReview, reply issuer.ReplyID) (*CapstoneView, error) {
	return act(ctx, r, by, "review.save", string(id), func(w *work) (*CapstoneView, error) {
		in := in // the act may be run again
		h, err := w.reviewing(id)
		if err != nil {
			return nil, err
		}
		if !h.State.Waits() {
			return nil, issuer.Refuse(issuer.Conflict, "This capstone does not wait for a mentor any more; it is %s.", h.State)
		}
		if reply != "" {
			if in.Note, err = w.withReply(in.Note, reply); err != nil {
				return nil, err
			}
		}
		if in.Note, err = issuer.CleanText("note", in.Note, 8000); err != nil {
			return nil, err
		}
		if err := h.brief.Rubric.Judge(in.Scores, false); err != nil {
			return nil, err
		}
		if err := w.checkReason(h, issuer.Return, in.Reason); err != nil {
			return nil, err
		}
		if err := w.PutReviewDraft(&issuer.ReviewDraft{CapstoneID: id, PersonID: w.by.Person, IssuerID: w.us.ID,
			Scores: in.Scores, Reason: in.Reason, Note: in.Note, SavedAt: w.Now}); err != nil {
			return nil, err
		}
		if _, err := w.claim(h, false); err != nil && !errors.Is(err, issuer.Conflict) { // they may look while another is at work
			return nil, err
		}
		return w.capstoneView(h.Capstone)
	})
}

func (w *work) withReply(note string, id issuer.ReplyID) (string, error) {
	replies, err := w.SavedReplies(w.by.Person)
	if err != nil {
		return "", err
	}
	reply := find(replies, func(r issuer.SavedReply) bool { return r.ID == id })
	if reply == nil {
		return "", issuer.Wrong("reply", "Choose one of your saved replies.")
	}
	return issuer.AddReply(note, reply.Text), nil
}

// checkReason refuses a reason that the program does not have.
func (w *work) checkReason(h *heldCapstone, d issuer.Decision, code string) error {
	p, err := w.Program(h.ProgramID)
	if err != nil {
		return err
	}
	return p.ReturnReasons.OrUsual().Check(d, code)
}

// offDesk clears the caller's desk of a capstone that they decided about.
func (w *work) offDesk(h *heldCapstone) error {
	if err := w.DropClaim(h.ID); err != nil {
		return err
	}
	return w.DropReviewDraft(h.ID, w.by.Person)
}
