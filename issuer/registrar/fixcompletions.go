package registrar

import (
	"context"
	"fmt"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
)

// CompletionFix is what withdrawing or correcting a completion does, or would
// do: to badges that rest on it, and what the right one earns.
type CompletionFix struct {
	Completion CompletionView  // the wrong one
	Right      *CompletionView // what takes its place; nil if it is withdrawn
	Revoked    []BadgeView     // nothing else earns them
	Replaced   []BadgeView     // they were earned on another day; as they are before
	Kept       []BadgeView     // another completion earns them as well
	Issued     []BadgeView     // by the right one
	Written    bool
}

// WithdrawCompletion takes a completion back, with a reason that its learner
// reads. A badge that nothing else earns is revoked, and what was earned by
// holding it; one that another completion of the module earns as well stays, or
// is replaced if that was on another day. With dryRun nothing is done but told.
// Who runs the program may, and mentors and clients what they recorded
// themselves.
func (r *Registrar) WithdrawCompletion(ctx context.Context, by issuer.Caller, id issuer.CompletionID, reason string, dryRun bool) (*CompletionFix, error) {
	return r.fixCompletion(ctx, by, "completion.withdraw", id, reason, nil, dryRun)
}

// CorrectCompletion withdraws a completion and records the right one in its
// place, in one act: what still is enough for a badge keeps it. Where right says
// no module, cohort or day, it is that of the wrong one. A delivery or a note that
// alone is different is put right where it stands.
func (r *Registrar) CorrectCompletion(ctx context.Context, by issuer.Caller, id issuer.CompletionID, right NewCompletion, reason string, dryRun bool) (*CompletionFix, error) {
	return r.fixCompletion(ctx, by, "completion.correct", id, reason, &right, dryRun)
}

func (r *Registrar) fixCompletion(ctx context.Context, by issuer.Caller, name string, id issuer.CompletionID, reason string, right *NewCompletion, dryRun bool) (*CompletionFix, error) {
	return rehearsed(act(ctx, r, by, name, string(id), func(w *work) (*CompletionFix, error) {
		f := &completionFixing{work: w, book: w.book(), dryRun: dryRun, out: &CompletionFix{Written: !dryRun}}
		if err := f.read(id, reason, right); err != nil {
			return nil, err
		}
		if err := f.fix(ctx); err != nil {
			return nil, err
		}
		if dryRun {
			return nil, &unkept[*CompletionFix]{f.out}
		}
		return f.out, nil
	}))
}

// completionFixing is the withdrawal or correction of a completion under way.
type completionFixing struct {
	*work
	book   *book
	wrong  *issuer.Completion
	right  *prepared // nil: it is withdrawn
	reason string
	dryRun bool
	out    *CompletionFix
}

// read finds what is to be fixed, for who may, and holds everyone it is about.
func (f *completionFixing) read(id issuer.CompletionID, reason string, right *NewCompletion) error {
	c, cohort, err := f.seenCompletion(id)
	if err != nil {
		return err
	}
	if err := f.mayFix(c); err != nil {
		return err
	}
	if err := cohort.Writable(); err != nil {
		return err
	}
	if f.reason, err = issuer.CleanText("reason", reason, 1000); err != nil {
		return err
	}
	people := []issuer.PersonID{c.PersonID}
	if right != nil {
		if right.Person == (PersonRef{}) {
			right.Person.ID = c.PersonID
		}
		if right.Module == "" {
			right.Module = string(c.ModuleID)
		}
		if right.Cohort == "" {
			right.Cohort = string(c.CohortID)
		}
		if right.CompletedAt == "" {
			right.CompletedAt = string(c.CompletedOn)
		}
		right.Source = byHand
		if f.right, err = f.book.prepare(*right); err != nil {
			return err
		}
		people = append(people, f.right.person.ID)
	}
	if err := f.LockPeople(people...); err != nil {
		return err
	}
	if _, err := f.living(c.PersonID); err != nil {
		return err
	}
	if f.right != nil {
		if f.right.person, err = f.living(f.right.person.ID); err != nil {
			return err
		}
	}
	f.wrong, err = f.Completion(id) // as it is under the lock
	return err
}

// seenCompletion reads a completion and its cohort. To those who have nothing to
// do with the cohort it is not there.
func (w *work) seenCompletion(id issuer.CompletionID) (*issuer.Completion, *issuer.Cohort, error) {
	if err := w.signed(); err != nil {
		return nil, nil, err
	}
	c, err := w.Completion(id)
	if err != nil {
		return nil, nil, err
	}
	cohort, err := w.Cohort(c.CohortID)
	if err != nil {
		return nil, nil, err
	}
	if !w.inCohort(cohort) {
		return nil, nil, hidden("completion")
	}
	return c, cohort, nil
}

// mayFix lets through who may take back or correct a completion.
func (w *work) mayFix(c *issuer.Completion) error {
	if err := w.mayRecord(c.ProgramID, c.CohortID); err != nil {
		return err
	}
	switch {
	case w.by.Person != "" && w.by.Person == c.PersonID:
		return forbid("No one corrects their own completion.")
	case !w.by.Manages(c.ProgramID) && w.by.Actor() != c.RecordedBy:
		return forbid("Only whoever recorded a completion, or who runs the program, may correct it.")
	}
	return nil
}

func (f *completionFixing) fix(ctx context.Context) error {
	if f.right != nil && sameFact(f.wrong, &f.right.Completion) && f.wrong.WithdrawnAt == nil {
		f.wrong.Delivery, f.wrong.Note = f.right.Delivery, f.right.Note
		if err := f.SaveCompletion(f.wrong); err != nil {
			return err
		}
		return f.show()
	}
	if err := f.wrong.Withdraw(f.by.Actor(), f.reason, f.Now); err != nil {
		return err
	}
	if f.right != nil {
		stands, same, err := f.put(&f.right.Completion)
		if err != nil {
			return err
		}
		if !stands {
			f.right.Completion = *same
		}
		f.wrong.ReplacedBy = f.right.ID
		f.note("by", f.right.ID)
	}
	f.say("reason", f.reason)
	if err := f.SaveCompletion(f.wrong); err != nil {
		return err
	}
	if err := f.settle(ctx); err != nil {
		return err
	}
	return f.show()
}

func sameFact(a, b *issuer.Completion) bool {
	return a.PersonID == b.PersonID && a.ModuleID == b.ModuleID && a.CompletedOn == b.CompletedOn && a.Score == b.Score && a.Unit == b.Unit
}

// settle brings the badges to what is recorded now.
func (f *completionFixing) settle(ctx context.Context) error {
	fates, err := f.fates()
	if err != nil {
		return err
	}
	var ends, moved, stay []issuer.Award
	for _, fate := range fates {
		switch {
		case fate.Ends:
			ends = append(ends, fate.Award)
		case fate.Moved:
			moved = append(moved, fate.Award)
		default:
			stay = append(stay, fate.Award)
		}
	}
	for _, list := range []struct {
		awards []issuer.Award
		views  *[]BadgeView
	}{{ends, &f.out.Revoked}, {moved, &f.out.Replaced}, {stay, &f.out.Kept}} {
		if *list.views, err = f.badgeViews(list.awards); err != nil {
			return err
		}
	}
	if err := f.end(ends); err != nil {
		return err
	}
	for i := range stay {
		if err := f.SaveAwardFact(&stay[i]); err != nil {
			return err
		}
	}
	if err := f.move(ctx, moved); err != nil || f.right == nil {
		return err
	}
	awards, err := f.earnByCompletion(f.book, f.right)
	f.out.Issued = f.newBadges(awards, f.right.cohort)
	f.note("issued", len(awards))
	return err
}

// fates asks what becomes of the badges of whom the wrong completion was of.
func (f *completionFixing) fates() ([]issuer.Fate, error) {
	path, err := f.path(f.wrong.ProgramID)
	if err != nil {
		return nil, err
	}
	if err := f.readLive(path, []issuer.PersonID{f.wrong.PersonID}); err != nil {
		return nil, err
	}
	s := issuer.Holdings{Live: path.live[f.wrong.PersonID], Codes: path.code}
	if err := f.inOrder(s.Live); err != nil {
		return nil, err
	}
	if s.Versions, err = f.versions(unique(s.Live, func(a issuer.Award) issuer.AchievementVersionID { return a.AchievementVersionID })...); err != nil {
		return nil, err
	}
	done, err := f.CompletionsOf(f.wrong.PersonID)
	if err != nil {
		return nil, err
	}
	var rest []issuer.Completion
	for _, c := range done {
		if c.ModuleID == f.wrong.ModuleID && c.ID != f.wrong.ID && c.Earns() {
			rest = append(rest, c)
		}
	}
	return s.Fates(f.wrong.ID, rest, issuer.DayOf(f.Now, time.UTC)), nil
}

// end revokes what nothing earns any more, and tells its holder.
func (f *completionFixing) end(awards []issuer.Award) error {
	if len(awards) == 0 {
		return nil
	}
	in := StatusChange{Code: "issued-in-error", Reason: "The completion on which it rests was withdrawn.", Note: f.reason}
	a := &awards[0]
	changed, err := f.revoke(a, in)
	if err != nil || !changed {
		return err
	}
	if err := f.SaveAward(a); err != nil {
		return err
	}
	if err := f.leaves(a, ledger.Revoke, in.Code); err != nil {
		return err
	}
	if err := f.AddAuditEntry(f.entry("credential."+ledger.Revoke, string(f.out.Revoked[0].ID), "done",
		fmt.Sprintf(`{"changed":true,"code":%q,"completion":%q}`, in.Code, f.wrong.ID))); err != nil {
		return err
	}
	f.note("revoked", len(awards))
	return f.revokeWith(a, awards[1:], in)
}

// move replaces the badges of awards that were earned on another day than they
// say, and tells their holder.
func (f *completionFixing) move(ctx context.Context, awards []issuer.Award) error {
	if len(awards) == 0 {
		return nil
	}
	if err := f.mayIssue(); err != nil {
		return err
	}
	running, err := f.running(awards...)
	if err != nil {
		return err
	}
	all := make([]*restatement, len(awards))
	for i := range awards {
		if err := f.SaveAwardFact(&awards[i]); err != nil {
			return err
		}
		if all[i] = (&restatement{award: &awards[i], old: currentIn(running, &awards[i]), redate: true}); all[i].old == nil {
			return fmt.Errorf("correct award %s: it has no current credential", awards[i].ID)
		}
	}
	f.note("replaced", len(awards))
	if f.dryRun { // nobody needs the signatures
		return nil
	}
	if err := f.reissue(ctx, all...); err != nil {
		return err
	}
	now, err := f.badgeViews(awards)
	if err != nil {
		return err
	}
	holder, err := f.Person(f.wrong.PersonID)
	if err != nil {
		return err
	}
	return f.tellOfNew(holder, now, f.reason)
}

// show puts both completions into the answer.
func (f *completionFixing) show() error {
	list := []issuer.Completion{*f.wrong}
	if f.wrong.ReplacedBy != "" {
		list = append(list, f.right.Completion)
	}
	views, err := f.completionViews(list)
	if err != nil {
		return err
	}
	f.out.Completion = views[0]
	if len(views) > 1 {
		f.out.Right = &views[1]
	}
	return nil
}

// CompletionDetail is a completion as who may correct it sees it, with the badges
// that rest on it.
type CompletionDetail struct {
	CompletionView
	MayFix bool
	Badges []BadgeView
}

// Completion shows a completion to mentors of its cohort and who runs the
// program.
func (r *Registrar) Completion(ctx context.Context, by issuer.Caller, id issuer.CompletionID) (*CompletionDetail, error) {
	return look(ctx, r, by, func(w *work) (*CompletionDetail, error) {
		c, _, err := w.seenCompletion(id)
		if err != nil {
			return nil, err
		}
		if err := w.mayRecord(c.ProgramID, c.CohortID); err != nil {
			return nil, err
		}
		views, err := w.completionViews([]issuer.Completion{*c})
		if err != nil {
			return nil, err
		}
		awards, err := w.awardsOfFact(string(c.ID), c.PersonID)
		if err != nil {
			return nil, err
		}
		badges, err := w.badgeViews(awards)
		return &CompletionDetail{views[0], w.mayFix(c) == nil && c.WithdrawnAt == nil, badges}, err
	})
}
