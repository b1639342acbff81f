package registrar

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
)

// AwardAchievement awards on someone's word, with a reason that is kept. Who
// runs the program may, and clients with credentials:write; nobody awards
// themselves. Who holds the badge already keeps the one they have.
func (r *Registrar) AwardAchievement(ctx context.Context, by issuer.Caller, in NewAward) (*AwardResult, error) {
	return act(ctx, r, by, "credential.award", "", func(w *work) (*AwardResult, error) {
		if err := w.mayAwardAny(); err != nil {
			return nil, err
		}
		a, err := w.achievementNamed(in.Achievement, in.Program)
		if err != nil {
			return nil, err
		}
		if err := w.mayAward(a.ProgramID); err != nil {
			return nil, err
		}
		if err := w.mayIssue(); err != nil {
			return nil, err
		}
		reason, err := issuer.CleanText("reason", in.Reason, 1000)
		if err != nil {
			return nil, err
		}
		if reason == "" {
			return nil, issuer.Wrong("reason", "Say why this person earned it.")
		}
		p, err := w.person(in.Person)
		if err != nil {
			return nil, err
		}
		if w.by.Person == p.ID {
			return nil, forbid("No one awards a badge to themselves.")
		}
		if _, err := w.living(p.ID); err != nil {
			return nil, err
		}
		return w.awardByWord(a, p.ID, reason)
	})
}

// mayAwardAny refuses, before anything is said about people, whoever could
// not award anything.
func (w *work) mayAwardAny() error {
	if programs, all := w.managed(); all || len(programs) > 0 {
		return nil
	}
	return w.mayAward("")
}

// achievementNamed finds the achievement that a code or id means.
func (w *work) achievementNamed(name, program string) (*issuer.Achievement, error) {
	found, err := w.AchievementsNamed(name)
	if err != nil {
		return nil, err
	}
	if program != "" {
		p, err := w.ProgramNamed(program)
		if err != nil {
			return nil, unknown(err, "program", program)
		}
		if a := find(found, func(a issuer.Achievement) bool { return a.ProgramID == p.ID }); a != nil {
			return a, nil
		}
		found = nil
	}
	switch len(found) {
	case 0:
		return nil, issuer.Wrong("achievement", "There is no achievement “%s”.", clip(name))
	case 1:
		return &found[0], nil
	}
	return nil, issuer.Wrong("program", "Several programs have an achievement “%s”; say which program.", clip(name))
}

func (w *work) awardByWord(a *issuer.Achievement, to issuer.PersonID, reason string) (*AwardResult, error) {
	person, err := w.Person(to)
	if err != nil {
		return nil, err
	}
	p, err := w.path(a.ProgramID)
	if err != nil {
		return nil, err
	}
	cohort, err := w.cohortOf(to, a.ProgramID)
	if err != nil {
		return nil, err
	}
	f := fact{kind: issuer.FactExplicit, day: issuer.DayOf(w.Now, time.UTC), reason: reason, news: issuer.News{Explicit: a.Code}}
	if cohort != nil {
		f.cohort, f.day = cohort.ID, issuer.DayOf(w.Now, cohort.Zone())
	}
	w.object = string(to)
	w.note("achievement", a.ID)
	awards, err := w.earn(p, person, f)
	if err != nil {
		return nil, err
	}
	w.note("issued", len(awards) > 0)
	if len(awards) > 0 {
		badges := w.newBadges(awards, cohort)
		return &AwardResult{Badge: badges[0], Issued: true, Further: badges[1:]}, nil
	}
	for _, have := range p.live[to] {
		if have.AchievementID == a.ID {
			badges, err := w.badgeViews([]issuer.Award{have})
			if err != nil {
				return nil, err
			}
			return &AwardResult{Badge: badges[0]}, nil
		}
	}
	return nil, notAwarded(a)
}

// notAwarded refuses a badge that came about by nobody's word.
func notAwarded(a *issuer.Achievement) error {
	if a.RetiredAt != nil {
		return issuer.Refuse(issuer.Conflict, "This badge was retired; it is issued no more.")
	}
	return issuer.Refuse(issuer.Conflict, "This badge could not be awarded just now; try again.")
}

// awarded is a credential with its award.
type awarded struct {
	*issuer.Award
	credential *issuer.Credential
}

// readAward reads the award of a credential.
func (w *work) readAward(id issuer.CredentialID) (*awarded, error) {
	c, err := w.Credential(id)
	if err != nil {
		return nil, err
	}
	a, err := w.Award(c.AwardID)
	return &awarded{a, c}, err
}

// seeAward reads an award for who may see it.
func (w *work) seeAward(id issuer.CredentialID) (*awarded, error) {
	if err := w.signed(); err != nil {
		return nil, err
	}
	a, err := w.readAward(id)
	if err != nil {
		return nil, err
	}
	return a, w.maySeeAward(a.Award)
}

// lockAward reads an award that the act changes, under the lock of its holder.
func (w *work) lockAward(id issuer.CredentialID) (*awarded, error) {
	a, err := w.seeAward(id)
	if err != nil {
		return nil, err
	}
	return w.lockAwardOf(a.credential)
}

// lockAwardOf reads the award of a credential under the lock of its holder, and
// refuses one that was erased.
func (w *work) lockAwardOf(c *issuer.Credential) (*awarded, error) {
	a, err := w.Award(c.AwardID)
	if err != nil {
		return nil, err
	}
	if err := w.LockPeople(a.PersonID); err != nil {
		return nil, err
	}
	l, err := w.readAward(c.ID)
	if err != nil {
		return nil, err
	}
	return l, l.gone()
}

// gone refuses what was erased.
func (a *awarded) gone() error {
	if a.State == issuer.Erased {
		return issuer.Refuse(issuer.Gone, "This badge was erased.")
	}
	return nil
}

func (a *awarded) view(w *work) (*BadgeView, error) {
	views, err := w.credentialViews([]issuer.Credential{*a.credential}, []issuer.Award{*a.Award})
	if err != nil {
		return nil, err
	}
	return &views[0], nil
}

// SuspendCredential pauses a badge until it is reinstated. Our server alone
// knows of it: the badge itself carries one status purpose, revocation.
func (r *Registrar) SuspendCredential(ctx context.Context, by issuer.Caller, id issuer.CredentialID, in StatusChange) (*BadgeView, error) {
	return changeStatus(ctx, r, by, ledger.Suspend, id, in, func(w *work, a *issuer.Award, in StatusChange) (bool, error) {
		return a.Suspend(in.Reason, w.Now)
	})
}

// ReinstateCredential ends a suspension. A revoked badge cannot come back.
func (r *Registrar) ReinstateCredential(ctx context.Context, by issuer.Caller, id issuer.CredentialID, in StatusChange) (*BadgeView, error) {
	return changeStatus(ctx, r, by, ledger.Reinstate, id, in, func(_ *work, a *issuer.Award, _ StatusChange) (bool, error) {
		return a.Reinstate()
	})
}

// changeStatus is what the three acts have in common.
func changeStatus(ctx context.Context, r *Registrar, by issuer.Caller, kind string, id issuer.CredentialID, in StatusChange,
	change func(w *work, a *issuer.Award, in StatusChange) (bool, error)) (*BadgeView, error) {
	return act(ctx, r, by, "credential."+kind, string(id), func(w *work) (*BadgeView, error) {
		l, err := w.lockAward(id)
		if err != nil {
			return nil, err
		}
		if err := w.mayRevoke(l.ProgramID); err != nil {
			return nil, err
		}
		in := in // the act may be run again
		if err := in.clean(); err != nil {
			return nil, err
		}
		if l.Lapsed(w.Now) && kind != ledger.Revoke {
			return nil, issuer.Refuse(issuer.Conflict, "This badge has expired; it cannot be changed any more.")
		}
		changed, err := change(w, l.Award, in)
		if err != nil {
			return nil, err
		}
		w.note("changed", changed)
		if changed {
			w.note("code", in.Code)
			if err := w.SaveAward(l.Award); err != nil {
				return nil, err
			}
			if err := w.leaves(l.Award, kind, in.Code); err != nil {
				return nil, err
			}
		}
		return l.view(w)
	})
}

// clean brings the words of a change of status into the form that is kept.
func (in *StatusChange) clean() error {
	for _, text := range []struct {
		field string
		of    *string
	}{{"reason", &in.Reason}, {"note", &in.Note}} {
		var err error
		if *text.of, err = issuer.CleanText(text.field, *text.of, 1000); err != nil {
			return err
		}
	}
	in.Code = strings.TrimSpace(in.Code)
	return nil
}

// leaves logs what happened to the credentials of an award that were not
// replaced.
func (w *work) leaves(a *issuer.Award, kind, reason string) error {
	credentials, err := w.EveryCredentialOf(a.ID)
	if err != nil {
		return err
	}
	for _, c := range credentials {
		if c.SupersededBy != "" {
			continue
		}
		if err := w.leaf(c.ID, kind, ledger.Event(kind, string(c.ID), w.Now, reason)); err != nil {
			return err
		}
	}
	return nil
}

// SetVisibility says who finds a badge's page. Only its holder may.
func (r *Registrar) SetVisibility(ctx context.Context, by issuer.Caller, id issuer.CredentialID, v issuer.Visibility) (*BadgeView, error) {
	return act(ctx, r, by, "credential.visibility", string(id), func(w *work) (*BadgeView, error) {
		l, err := w.lockAward(id)
		if err != nil {
			return nil, err
		}
		if w.by.Person == "" || w.by.Person != l.PersonID {
			return nil, forbid("Only its holder decides who sees a badge.")
		}
		if v != issuer.Public && v != issuer.Unlisted && v != issuer.Hidden {
			return nil, issuer.Wrong("visibility", "A badge is “unlisted”, “public” or “withdrawn”.")
		}
		w.note("visibility", v)
		if l.Visibility != v {
			l.Visibility = v
			if err := w.SaveAward(l.Award); err != nil {
				return nil, err
			}
		}
		return l.view(w)
	})
}

// Badges lists the caller's own badges, the newest first, each once.
func (r *Registrar) Badges(ctx context.Context, by issuer.Caller) ([]BadgeView, error) {
	return look(ctx, r, by, func(w *work) ([]BadgeView, error) {
		if err := w.signed(); err != nil {
			return nil, err
		}
		if w.by.Person == "" {
			return nil, forbid("Only people have badges.")
		}
		return w.badgesOf(w.by.Person)
	})
}

func (w *work) badgesOf(p issuer.PersonID) ([]BadgeView, error) {
	awards, err := w.AwardsOf(p)
	if err != nil {
		return nil, err
	}
	kept := awards[:0]
	for _, a := range awards {
		if a.State != issuer.Erased {
			kept = append(kept, a)
		}
	}
	views, err := w.badgeViews(kept)
	for i := range views {
		views[i].lapse(w)
	}
	slices.SortStableFunc(views, func(a, b BadgeView) int {
		return cmp.Or(cmp.Compare(b.AwardedOn, a.AwardedOn), cmp.Compare(a.Achievement.Code, b.Achievement.Code))
	})
	return views, err
}

// lapse shows a badge whose term is over as expired, also before the job that
// moves it there has come by.
func (v *BadgeView) lapse(w *work) {
	if v.State.Live() && v.ValidUntil != nil && w.Now.After(*v.ValidUntil) {
		v.State = issuer.Expired
	}
}

// Badge shows a badge to its holder, to who runs its program and to clients
// that read credentials; to others it is not there.
func (r *Registrar) Badge(ctx context.Context, by issuer.Caller, id issuer.CredentialID) (*BadgeView, error) {
	return look(ctx, r, by, func(w *work) (*BadgeView, error) {
		a, err := w.seeAward(id)
		if err != nil {
			return nil, err
		}
		if err := a.gone(); err != nil {
			return nil, err
		}
		v, err := a.view(w)
		if err != nil {
			return nil, err
		}
		v.lapse(w)
		if v.State == issuer.Issued && v.ValidUntil != nil && v.RenewedBy == "" {
			s, err := w.syllabus(a.ProgramID)
			if err != nil {
				return nil, err
			}
			v.Renewal = w.renewal(a.Award, s)
		}
		return v, nil
	})
}
