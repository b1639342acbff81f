package registrar

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hallmark/issuer"
)

// renew brings an award into another term. One that another term would not
// serve (it is paused, say, or would end sooner) stays as it is.
func (w *work) renew(a *issuer.Award, next issuer.Term) (renewed bool, err error) {
	past, err := a.Renew(next, w.Now)
	if errors.Is(err, issuer.Conflict) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, w.keepTerm(a, past)
}

func (w *work) keepTerm(a *issuer.Award, past *issuer.PastTerm) error {
	if err := w.RenewAward(a, past); err != nil {
		return err
	}
	return w.AddAuditEntry(w.entry("award.renew", string(a.ID), "done", fmt.Sprintf(`{"term":%d,"fact":%q}`, a.Term, a.Fact)))
}

// Renewed answers RenewCredential.
type Renewed struct {
	Badge BadgeView // the one of the newest term
	Done  bool      // false: it had been renewed before
}

// RenewCredential adds a term to a badge on someone's word, with a reason that
// is kept: a badge beside the old one that says the same, word for word, from
// today on. What the old one says is not judged anew; where something was
// completed or approved anew, that fact renews by itself, under the wording of
// now. Who runs the program may, and clients with credentials:write; nobody
// renews their own. A badge that was renewed already is answered with the one
// that came of it.
func (r *Registrar) RenewCredential(ctx context.Context, by issuer.Caller, id issuer.CredentialID, reason string) (*Renewed, error) {
	return act(ctx, r, by, "credential.renew", string(id), func(w *work) (*Renewed, error) {
		reason := reason // the act may be run again
		l, err := w.lockAward(id)
		if err != nil {
			return nil, err
		}
		if err := w.mayAward(l.ProgramID); err != nil {
			return nil, err
		}
		if w.by.Person == l.PersonID {
			return nil, forbid("No one renews their own badge.")
		}
		if reason, err = issuer.CleanText("reason", reason, 1000); err != nil {
			return nil, err
		}
		if reason == "" {
			return nil, issuer.Wrong("reason", "Say why this person still has earned it.")
		}
		if l.credential.Term < l.Term {
			v, err := w.badgeOf(l.Award)
			if err != nil {
				return nil, err
			}
			w.note("done", false)
			return &Renewed{Badge: *v}, nil
		}
		if err := w.mayIssue(); err != nil {
			return nil, err
		}
		return w.renewByWord(ctx, l.Award, reason)
	})
}

func (w *work) renewByWord(ctx context.Context, a *issuer.Award, reason string) (*Renewed, error) {
	if of, err := w.Achievement(a.AchievementID); err != nil {
		return nil, err
	} else if of.RetiredAt != nil {
		return nil, notAwarded(of)
	}
	next, err := w.wordTerm(a, reason)
	if err != nil {
		return nil, err
	}
	running, err := w.running(*a)
	if err != nil {
		return nil, err
	}
	holder, err := w.Person(a.PersonID)
	if err != nil {
		return nil, err
	}
	s := &restatement{award: a, old: currentIn(running, a), rename: true, holder: holder, renew: true}
	past, err := a.Renew(next, w.Now)
	if err != nil {
		return nil, err
	}
	if s.old == nil {
		return nil, fmt.Errorf("renew award %s: it has no current credential", a.ID)
	}
	if err := w.keepTerm(a, past); err != nil {
		return nil, err
	}
	if err := w.reissue(ctx, s); err != nil {
		return nil, err
	}
	w.note("done", true)
	w.note("by", s.new.ID)
	v, err := (&awarded{a, s.new}).view(w)
	if err != nil {
		return nil, err
	}
	return &Renewed{Badge: *v, Done: true}, w.mailAll([]letter{w.renewalLetter(holder, v.Achievement.Name, a, v.ID)})
}

// wordTerm is the term that someone's word begins today, as the cohort counts
// days, under the wording that the badge has.
func (w *work) wordTerm(a *issuer.Award, reason string) (issuer.Term, error) {
	next := a.AsTerm()
	next.Fact, next.FactID, next.Reason = issuer.FactExplicit, "", reason
	zone := time.UTC
	if a.CohortID != "" {
		cohort, err := w.Cohort(a.CohortID)
		if err != nil {
			return next, err
		}
		zone = cohort.Zone()
	}
	next.AwardedOn = issuer.DayOf(w.Now, zone)
	versions, err := w.versions(a.AchievementVersionID)
	if err != nil {
		return next, err
	}
	version := versions[a.AchievementVersionID]
	next.ValidUntil = version.Until(next.AwardedOn)
	return next, nil
}

// renewalLetter tells someone that a badge of theirs was renewed.
func (w *work) renewalLetter(to *issuer.Person, badge string, a *issuer.Award, id issuer.CredentialID) letter {
	data := map[string]any{"Badge": badge, "Issuer": w.us.Name, "Until": "", "Link": badgeURL(w.r.BaseURL, id)}
	if a.ValidUntil != nil {
		data["Until"] = issuer.DayOf(*a.ValidUntil, time.UTC)
	}
	return letter{to: to, template: "badge-renewed", data: data}
}

// Renewal is what renews a badge.
type Renewal struct {
	From issuer.Day // a fact of this day or later does
	How  string     // "module", "capstone", "badges", "reviews"; "word": only that of who runs the program
	What string     // names of the module, capstone or badges
}

// renewal tells how a badge is renewed; nil if it has no end, was renewed or
// does not count.
func (w *work) renewal(a *issuer.Award, s *syllabus) *Renewal {
	if a.State != issuer.Issued || a.ValidUntil == nil {
		return nil
	}
	r := &Renewal{From: a.RenewFrom(), How: "word"}
	offer := find(s.offers, func(o issuer.Offer) bool { return o.ID == a.AchievementID })
	if offer == nil {
		return r
	}
	switch rule := offer.Current.Rule; {
	case rule.Module != "":
		if m := s.module(rule.Module); m != nil {
			r.How, r.What = "module", m.Name
		}
	case rule.Capstone != "":
		if b := s.brief(rule.Capstone); b != nil {
			r.How, r.What = "capstone", b.Name
		}
	case rule.Reviews > 0:
		r.How, r.What = "reviews", strconv.Itoa(rule.Reviews)
	case len(rule.All) > 0:
		var names []string
		for _, code := range rule.All {
			if o := s.offer(code); o != nil {
				names = append(names, o.Current.Name)
			}
		}
		r.How, r.What = "badges", strings.Join(names, ", ")
	}
	return r
}
