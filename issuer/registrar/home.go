package registrar

import (
	"context"
	"maps"
	"slices"

	"hallmark/issuer"
)

// Home is where a person starts: what is next, what they hold and what is
// coming, what waits for them in each of their roles.
func (r *Registrar) Home(ctx context.Context, by issuer.Caller) (*HomeView, error) {
	return look(ctx, r, by, func(w *work) (*HomeView, error) {
		if err := w.signed(); err != nil {
			return nil, err
		}
		if w.by.Person == "" {
			return nil, forbid("Only people have a home here.")
		}
		h := &homeMaking{work: w, view: &HomeView{}}
		for _, part := range []func() error{h.who, h.roles, h.done, h.standing, h.learning, h.mentoring, h.asked} {
			if err := part(); err != nil {
				return nil, err
			}
		}
		return h.view, nil
	})
}

// homeMaking is a home in the making.
type homeMaking struct {
	*work
	view        *HomeView
	at          *places
	completions []issuer.Completion
	capstones   []issuer.Capstone
	passed      map[issuer.ModuleID]bool
}

func (h *homeMaking) who() error {
	p, err := h.Person(h.by.Person)
	if err != nil {
		return err
	}
	emails, err := h.Emails(p.ID)
	if err != nil {
		return err
	}
	h.view.Person, h.view.Consent = PersonName{p.ID, p.Name}, p.NameConsent
	if len(emails) > 0 {
		h.view.Email = emails[0].Address
	}
	if h.view.Halt, err = h.halted(); err != nil {
		return err
	}
	h.at, err = h.places()
	return err
}

// roles lists what the caller is in each place, and the programs they run or
// sponsor.
func (h *homeMaking) roles() error {
	d, err := h.definitions()
	if err != nil {
		return err
	}
	role := func(role issuer.Role, tier issuer.Tier, program issuer.ProgramID, cohort issuer.CohortID) {
		v := RoleView{Role: role, Tier: tier, Program: h.at.programs[program], Cohort: h.at.cohorts[cohort]}
		if p := d.programs[program]; p != nil {
			v.Expects = p.Guidance.For(role, tier)
		}
		h.view.Roles = append(h.view.Roles, v)
	}
	for _, e := range h.by.Enrollments {
		role(issuer.Learner, "", e.ProgramID, e.CohortID)
	}
	for _, g := range h.by.Grants {
		role(g.Role, g.Tier, g.ProgramID, g.CohortID)
	}
	h.view.Programs, err = h.overseen()
	return err
}

// done reads what the caller has done so far.
func (h *homeMaking) done() error {
	var err error
	if h.completions, err = h.CompletionsOf(h.by.Person); err != nil {
		return err
	}
	if h.view.Completions, err = h.completionViews(h.completions); err != nil {
		return err
	}
	h.passed = map[issuer.ModuleID]bool{}
	for _, c := range h.completions {
		h.passed[c.ModuleID] = h.passed[c.ModuleID] || c.Earns()
	}
	if h.capstones, err = h.CapstonesOf(h.by.Person); err != nil {
		return err
	}
	if h.view.Capstones, err = h.capstoneLines(h.capstones); err != nil {
		return err
	}
	h.view.Badges, err = h.badgesOf(h.by.Person)
	return err
}

// standing says of the caller's capstones what came of them: the badge, what
// became of the mail about it, whether someone else looks at a return.
func (h *homeMaking) standing() error {
	lines := map[issuer.CapstoneID]*CapstoneLine{}
	for i := range h.view.Capstones {
		lines[h.view.Capstones[i].ID] = &h.view.Capstones[i]
	}
	letters := map[issuer.MessageID]*CapstoneLine{}
	for i := range h.view.Badges {
		b := &h.view.Badges[i]
		if l := lines[issuer.CapstoneID(b.FactID)]; l != nil && b.Fact == issuer.FactReview && l.Badge == nil {
			l.Badge, letters[issuedLetter(b.ID)] = b, l
		}
	}
	messages, err := h.MessagesNamed(slices.Collect(maps.Keys(letters))...)
	if err != nil {
		return err
	}
	for _, m := range messages {
		letters[m.ID].Letter = m.Standing()
	}
	appeals, err := h.Tx.Appeals(slices.Collect(maps.Keys(lines))...)
	for _, a := range appeals {
		if l := lines[a.CapstoneID]; a.Submission == l.Submission {
			l.Appeal = a.State
		}
	}
	return err
}

// asked lists what people ask that the caller can answer, and counts what is
// stuck in what they run.
func (h *homeMaking) asked() error {
	if len(h.by.Grants) == 0 {
		return nil
	}
	var err error
	if h.view.Requests, err = h.requests(); err != nil || h.mayManageAny() != nil {
		return err
	}
	stuck, err := h.stuck()
	if err == nil {
		h.view.Runs, h.view.Stuck = true, stuck.All
	}
	return err
}

// learning says what is next and what is coming, program by program.
func (h *homeMaking) learning() error {
	for i := range h.view.Capstones {
		c := &h.view.Capstones[i]
		switch c.State {
		case issuer.Returned:
			h.view.Next = append(h.view.Next, NextStep{Kind: "mend", Capstone: c, Cohort: c.Cohort})
		case issuer.Draft:
			h.view.Next = append(h.view.Next, NextStep{Kind: "submit", Capstone: c, Cohort: c.Cohort})
		}
	}
	for _, program := range unique(h.by.Enrollments, func(e issuer.Enrollment) issuer.ProgramID { return e.ProgramID }) {
		s, err := h.syllabus(program)
		if err != nil {
			return err
		}
		cohort := find(s.cohorts, func(c issuer.Cohort) bool { return h.by.EnrolledIn(c.ID) }) // the latest first
		if cohort == nil {
			continue
		}
		if err := h.starts(s, cohort); err != nil {
			return err
		}
		h.modules(s, cohort)
		h.coming(s)
	}
	return nil
}

// modules puts the modules that can be taken now among what is next: those
// not passed whose prerequisites are.
func (h *homeMaking) modules(s *syllabus, cohort *issuer.Cohort) {
	for i := range s.modules {
		m := &s.modules[i]
		if m.RetiredAt != nil || h.passed[m.ID] || !h.meets(s, m.Requires) {
			continue
		}
		v := s.moduleView(m, h.completions)
		h.view.Next = append(h.view.Next, NextStep{Kind: "module", Module: &v, Cohort: namedCohort(cohort)})
	}
}

func (h *homeMaking) meets(s *syllabus, requires []string) bool {
	for _, code := range requires {
		if m := s.module(code); m != nil && m.RetiredAt == nil && !h.passed[m.ID] {
			return false
		}
	}
	return true
}

// starts lists the capstones that the caller can begin; one whose
// prerequisites are met is among what is next.
func (h *homeMaking) starts(s *syllabus, cohort *issuer.Cohort) error {
	var peers []PersonName
	for i := range s.briefs {
		b := &s.briefs[i]
		begun := slices.ContainsFunc(h.capstones, func(c issuer.Capstone) bool { return c.BriefID == b.ID && c.State != issuer.Withdrawn })
		if begun || b.RetiredAt != nil {
			continue
		}
		v := briefView(b, s.level(b.LevelID))
		start := BriefStart{Brief: v, Cohort: namedCohort(cohort)}
		if b.TeamMax > 1 {
			if peers == nil {
				var err error
				if peers, err = h.peers(cohort.ID); err != nil {
					return err
				}
			}
			start.Peers = peers
		}
		h.view.CanStart = append(h.view.CanStart, start)
		if h.meets(s, b.Requires) {
			h.view.Next = append(h.view.Next, NextStep{Kind: "capstone", Brief: &v, Cohort: namedCohort(cohort)})
		}
	}
	return nil
}

// coming lists the achievements that facts of a learner can bring about and
// that are not held, with what is missing.
func (h *homeMaking) coming(s *syllabus) {
	held := map[string]bool{}
	for _, b := range h.view.Badges {
		if b.Program.ID == string(s.program.ID) && b.State.Live() {
			held[b.Achievement.Code] = true
		}
	}
	begun := map[issuer.BriefID]bool{}
	for _, c := range h.capstones {
		begun[c.BriefID] = begun[c.BriefID] || !c.Closed() && c.State != issuer.Draft
	}
	for _, o := range s.offers {
		if held[o.Code] || !s.open(&o, held, begun) {
			continue
		}
		c := ComingBadge{Achievement: achievementRef(o.Code, &o.Current), Need: 1}
		switch rule := o.Current.Rule; {
		case rule.Module != "":
			c.Missing = []Named{namedModule(s.module(rule.Module))}
		case rule.Capstone != "":
			c.Missing = []Named{namedBrief(s.brief(rule.Capstone))}
		case len(rule.All) > 0:
			c.Need = len(rule.All)
			for _, code := range rule.All {
				if other := s.offer(code); held[code] {
					c.Have++
				} else if other != nil {
					c.Missing = append(c.Missing, Named{string(other.ID), other.Code, other.Current.Name})
				}
			}
		default:
			continue
		}
		h.view.Coming = append(h.view.Coming, c)
	}
}

// open tells whether a learner can still earn an achievement: neither it nor
// what it takes was retired, but for what they hold and the capstones that they
// have under way.
func (s *syllabus) open(o *issuer.Offer, held map[string]bool, begun map[issuer.BriefID]bool) bool {
	if o.RetiredAt != nil {
		return false
	}
	if m := s.module(o.Current.Rule.Module); m != nil && m.RetiredAt != nil {
		return false
	}
	if b := s.brief(o.Current.Rule.Capstone); b != nil && b.RetiredAt != nil && !begun[b.ID] {
		return false
	}
	for _, code := range o.Current.Rule.All {
		if other := s.offer(code); !held[code] && (other == nil || !s.open(other, held, begun)) {
			return false
		}
	}
	return true
}

// mentoring says what waits for a mentor, and how far their own badge is.
func (h *homeMaking) mentoring() error {
	if len(h.mentored()) == 0 {
		return nil
	}
	q, err := h.queue(QueueFilter{})
	if err != nil {
		return err
	}
	tally, err := h.tally()
	if err != nil {
		return err
	}
	h.view.Mentoring = &tally
	h.view.QueueWaiting = len(q.Waiting)
	if len(q.Waiting) > 0 {
		h.view.QueueOldest = q.Waiting[0].WaitingSince
	}
	mentors := slices.DeleteFunc(slices.Clone(h.by.Grants), func(g issuer.Grant) bool { return g.Role != issuer.Mentor })
	for _, program := range unique(mentors, func(g issuer.Grant) issuer.ProgramID { return g.ProgramID }) {
		if err := h.reviewing(program); err != nil {
			return err
		}
	}
	return nil
}

// reviewing puts the badges that reviewing earns among what is coming.
func (h *homeMaking) reviewing(program issuer.ProgramID) error {
	p, err := h.path(program)
	if err != nil {
		return err
	}
	held := map[issuer.AchievementID]bool{}
	for _, b := range h.view.Badges {
		held[b.Achievement.ID] = held[b.Achievement.ID] || b.State.Live()
	}
	for _, o := range p.offers {
		if o.Current.Rule.Reviews == 0 || held[o.ID] || o.RetiredAt != nil {
			continue
		}
		have, err := h.reviewed(p, &o, h.by.Person)
		if err != nil {
			return err
		}
		h.view.Coming = append(h.view.Coming, ComingBadge{Achievement: achievementRef(o.Code, &o.Current), Have: have, Need: o.Current.Rule.Reviews})
	}
	return nil
}
