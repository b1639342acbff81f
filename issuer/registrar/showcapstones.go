package registrar

import (
	"context"
	"slices"
	"time"

	"hallmark/issuer"
)

func reviewView(r issuer.Review, names map[issuer.PersonID]PersonName, words []issuer.Endorsement) ReviewView {
	return ReviewView{ID: r.ID, Submission: r.Submission, Reviewer: asMentor(names[r.ReviewerID]), Tier: r.Tier, Decision: r.Decision,
		Scores: r.Scores, Reason: r.Reason, Note: r.Note, At: r.At, TakenBackAt: r.TakenBackAt, Signed: slices.ContainsFunc(words, func(e issuer.Endorsement) bool { return e.ReviewID == r.ID })}
}

func evidenceView(e *issuer.Evidence) EvidenceView {
	return EvidenceView{ID: e.ID, Capstone: e.CapstoneID, Kind: e.Kind, Name: e.Name, URL: e.URL, MediaType: e.MediaType, Size: e.Size, Digest: e.Digest, AddedAt: e.AddedAt}
}

func evidenceViews(list []issuer.Evidence, submission int) []EvidenceView {
	out := []EvidenceView{}
	for _, e := range list {
		if e.Submission == submission {
			out = append(out, evidenceView(&e))
		}
	}
	return out
}

// Capstone shows a capstone, with all its rounds, to its team, the mentors of
// its cohort and who runs its program.
func (r *Registrar) Capstone(ctx context.Context, by issuer.Caller, id issuer.CapstoneID) (*CapstoneView, error) {
	return look(ctx, r, by, func(w *work) (*CapstoneView, error) {
		c, err := w.seenCapstone(id)
		if err != nil {
			return nil, err
		}
		return w.capstoneView(c)
	})
}

// seenCapstone reads a capstone that the caller may see. To others it is not
// there.
func (w *work) seenCapstone(id issuer.CapstoneID) (*issuer.Capstone, error) {
	if err := w.signed(); err != nil {
		return nil, err
	}
	c, err := w.Tx.Capstone(id)
	if err != nil {
		return nil, err
	}
	team, err := w.Members(id)
	if err != nil {
		return nil, err
	}
	return c, w.maySeeCapstone(c, team)
}

// capstoneView shows a capstone to a caller who may see it.
func (w *work) capstoneView(c *issuer.Capstone) (*CapstoneView, error) {
	s := &capstoneStudy{work: w, c: c}
	if err := s.read(); err != nil {
		return nil, err
	}
	v := &CapstoneView{ID: c.ID, State: c.State, Title: c.Title, Summary: c.Summary, Impact: c.Impact, Revision: c.Revision, Plan: c.Plan,
		Evidence: evidenceViews(s.evidence, 0), Asked: s.asked, Program: s.at.programs[c.ProgramID], Cohort: s.at.cohorts[c.CohortID],
		Brief: briefView(s.brief, s.level), Submission: c.Submission, ChangedAt: c.ChangedAt, Missing: []string{}}
	for _, m := range s.team {
		v.Team = append(v.Team, MemberView{s.names[m.PersonID], m.Part})
	}
	for i := range s.submissions {
		round, err := s.submission(i)
		if err != nil {
			return nil, err
		}
		v.Submissions = append(v.Submissions, round)
	}
	for i := range s.scopes {
		v.Scopes = append(v.Scopes, s.scope(i))
	}
	s.keepDraft(v)
	if c.State == issuer.Submitted {
		v.Missing = s.brief.Missing(s.current())
		v.WaitingSince = &s.submissions[0].SubmittedAt
	}
	if c.State == issuer.ScopeSubmitted && len(s.scopes) > 0 {
		v.WaitingSince = &s.scopes[0].SubmittedAt
	}
	if err := s.rights(v); err != nil {
		return nil, err
	}
	if err := s.desk(v); err != nil {
		return nil, err
	}
	awards, err := w.awardsOfFact(string(c.ID), unique(s.team, func(m issuer.Member) issuer.PersonID { return m.PersonID })...)
	if err != nil {
		return nil, err
	}
	awards = slices.DeleteFunc(awards, func(a issuer.Award) bool { return a.State == issuer.Erased || !s.maySee(a) })
	if err := w.inOrder(awards); err != nil {
		return nil, err
	}
	if v.Badges, err = w.badgeViews(awards); err != nil {
		return nil, err
	}
	return v, s.foresee(v)
}

// capstoneStudy is what a view of a capstone is made of.
type capstoneStudy struct {
	*work
	c           *issuer.Capstone
	team        []issuer.Member
	brief       *issuer.Brief
	level       issuer.Level
	scopes      []issuer.CapstoneScope // newest first
	asked       []ConfirmationView
	submissions []issuer.Submission // newest first
	evidence    []issuer.Evidence
	reviews     []issuer.Review
	words       []issuer.Endorsement
	reasons     issuer.ReturnReasons
	names       map[issuer.PersonID]PersonName
	at          *places
}

func (s *capstoneStudy) read() error {
	var err error
	if s.team, err = s.Members(s.c.ID); err != nil {
		return err
	}
	if s.brief, err = s.Brief(s.c.BriefID); err != nil {
		return err
	}
	program, err := s.Program(s.c.ProgramID)
	if err != nil {
		return err
	}
	s.reasons = program.ReturnReasons.OrUsual()
	levels, err := s.Levels(s.c.ProgramID)
	if err != nil {
		return err
	}
	s.level = (&syllabus{levels: levels}).level(s.brief.LevelID)
	if s.submissions, err = s.Submissions(s.c.ID); err != nil {
		return err
	}
	if s.evidence, err = s.Evidence(s.c.ID); err != nil {
		return err
	}
	if s.reviews, err = s.ReviewsEver(s.c.ID); err != nil {
		return err
	}
	if s.words, err = s.EndorsementsOfReviews(unique(s.reviews, func(r issuer.Review) issuer.ReviewID { return r.ID })...); err != nil {
		return err
	}
	if s.scopes, err = s.Scopes(s.c.ID); err != nil {
		return err
	}
	asked, err := s.Confirmations(s.c.ID)
	if err != nil {
		return err
	}
	people := unique(s.team, func(m issuer.Member) issuer.PersonID { return m.PersonID })
	for _, sc := range s.scopes {
		people = append(people, sc.SubmittedBy)
		if sc.ReviewerID != nil {
			people = append(people, *sc.ReviewerID)
		}
	}
	for _, a := range asked {
		if a.PersonID != nil {
			people = append(people, *a.PersonID)
		}
	}
	people = append(people, unique(s.reviews, func(r issuer.Review) issuer.PersonID { return r.ReviewerID })...)
	people = append(people, unique(s.submissions, func(s issuer.Submission) issuer.PersonID { return s.SubmittedBy })...)
	if s.names, err = s.work.names(people...); err != nil {
		return err
	}
	s.asked = confirmationViews(asked, s.names)
	s.at, err = s.places()
	return err
}

// keepDraft takes what nobody handed in yet out of the view of those who are not
// in the team: they see what was handed in last.
func (s *capstoneStudy) keepDraft(v *CapstoneView) {
	if s.member() {
		return
	}
	v.Summary, v.Impact, v.Evidence, v.Plan = "", issuer.Impact{}, []EvidenceView{}, issuer.Plan{}
	for i := range v.Asked {
		v.Asked[i].Address = ""
	}
	if len(v.Submissions) > 0 {
		last := v.Submissions[0]
		v.Title, v.Summary, v.Impact, v.Evidence = last.Title, last.Summary, last.Impact, last.Evidence
	}
}

// scope shows a round of the scope.
func (s *capstoneStudy) scope(i int) ScopeView {
	sc := &s.scopes[i]
	v := ScopeView{Number: sc.Number, Plan: sc.Plan, Policy: sc.Policy, SubmittedBy: s.names[sc.SubmittedBy], SubmittedAt: sc.SubmittedAt,
		Decision: sc.Decision, Tier: sc.Tier, Note: sc.Note, DecidedAt: sc.DecidedAt}
	if sc.ReviewerID != nil {
		v.Reviewer = asMentor(s.names[*sc.ReviewerID])
	}
	if i+1 < len(s.scopes) {
		v.Changes = sc.Plan.Compare(&s.scopes[i+1].Plan)
	}
	return v
}

// compare marks in a round what the round before did not have, and says what is
// gone.
func (s *capstoneStudy) compare(v *SubmissionView, i int) {
	if i+1 == len(s.submissions) {
		return
	}
	sub, before := &s.submissions[i], &s.submissions[i+1]
	v.Changes = sub.Compare(before)
	has := func(number int, e *issuer.Evidence) bool {
		return slices.ContainsFunc(s.evidence, func(o issuer.Evidence) bool { return o.Submission == number && o.SameThing(e) })
	}
	for n := range v.Evidence {
		e := find(s.evidence, func(e issuer.Evidence) bool { return e.ID == v.Evidence[n].ID })
		v.Evidence[n].New = e != nil && !has(before.Number, e)
	}
	for n := range s.evidence {
		if e := &s.evidence[n]; e.Submission == before.Number && !has(sub.Number, e) {
			v.Dropped = append(v.Dropped, evidenceView(e))
		}
	}
}

func (s *capstoneStudy) submission(i int) (SubmissionView, error) {
	sub := &s.submissions[i]
	v := SubmissionView{Number: sub.Number, Title: sub.Title, Summary: sub.Summary, Impact: sub.Impact,
		SubmittedBy: s.names[sub.SubmittedBy], SubmittedAt: sub.SubmittedAt, Evidence: evidenceViews(s.evidence, sub.Number),
		Confirmed: confirming(s.asked, sub.Impact)}
	s.compare(&v, i)
	for _, r := range s.reviews {
		if r.Submission == sub.Number {
			review := reviewView(r, s.names, s.words)
			review.ReasonName = s.reasons.Name(r.Reason)
			v.Reviews = append(v.Reviews, review)
		}
	}
	var err error
	v.Digest, err = digestOf(sub, s.evidence)
	return v, err
}

// current lists the decisions about the current submission that stand.
func (s *capstoneStudy) current() []issuer.Review {
	return slices.DeleteFunc(slices.Clone(s.reviews), func(r issuer.Review) bool {
		return r.Submission != s.c.Submission || r.TakenBackAt != nil
	})
}

func (s *capstoneStudy) decided() bool {
	return slices.ContainsFunc(s.current(), func(r issuer.Review) bool { return r.ReviewerID == s.by.Person })
}

func (s *capstoneStudy) member() bool {
	return s.by.Person != "" && issuer.InTeam(s.team, s.by.Person)
}

func (s *capstoneStudy) rights(v *CapstoneView) error {
	member := s.member()
	v.MayEdit = member && !s.c.Closed()
	v.MaySubmit = v.MayEdit && s.c.MayHandIn(s.brief)
	v.MayPlan = member && s.brief.Scope && s.c.MayPlan()
	v.MayLeave = s.c.Leave(s.team, s.by.Person) == nil
	v.MayWithdraw = (member || s.by.Manages(s.c.ProgramID)) && !s.c.Closed()
	tier, err := s.mayReview(s.c, s.team)
	v.MayDecide = err == nil && s.c.State == issuer.ScopeSubmitted
	v.MayReview = err == nil && s.c.State == issuer.Submitted && !s.decided()
	if v.MayReview {
		theirs := issuer.Review{Decision: issuer.Approve, Tier: tier}
		v.Completes = len(s.brief.Missing(append(s.current(), theirs))) == 0
	}
	if _, err := s.c.Join(s.brief, s.team, s.by.Person, "", s.Now); err != nil {
		return nil
	}
	v.MayJoin, err = s.peers(s.c.CohortID)
	v.MayJoin = slices.DeleteFunc(v.MayJoin, func(p PersonName) bool { return issuer.InTeam(s.team, p.ID) })
	return err
}

// maySee tells whether the badge of a member is for the caller to see: their
// own, or the cohort is theirs to run or mentor.
func (s *capstoneStudy) maySee(a issuer.Award) bool {
	_, mentor := s.by.MentorIn(s.c.CohortID)
	return a.PersonID == s.by.Person || mentor || s.by.Manages(s.c.ProgramID)
}

// foresee counts the badges that the caller's approval would issue now.
func (s *capstoneStudy) foresee(v *CapstoneView) error {
	if !v.Completes {
		return nil
	}
	p, err := s.path(s.c.ProgramID)
	if err != nil {
		return err
	}
	cohort, err := s.Cohort(s.c.CohortID)
	if err != nil {
		return err
	}
	today := issuer.DayOf(s.Now, cohort.Zone())
	for _, m := range s.team {
		awards, err := s.LiveAwards(s.c.ProgramID, m.PersonID)
		if err != nil {
			return err
		}
		held, due := map[string]bool{}, p.due(awards, today, s.Now)
		for _, a := range awards {
			held[p.code[a.AchievementID]] = !a.Lapsed(s.Now)
		}
		v.WouldIssue += len(issuer.Earned(p.offers, held, due, issuer.News{Capstone: s.brief.Code}))
	}
	return nil
}

// Capstones lists the capstones that the caller may see.
func (r *Registrar) Capstones(ctx context.Context, by issuer.Caller, f CapstoneFilter) (*List[CapstoneLine], error) {
	return look(ctx, r, by, func(w *work) (*List[CapstoneLine], error) {
		q, err := w.capstoneQuery(f)
		if err != nil {
			return nil, err
		}
		found, err := w.Tx.Capstones(*q)
		if err != nil {
			return nil, err
		}
		lines, err := w.capstoneLines(found)
		if err != nil {
			return nil, err
		}
		return paged(lines, q.Limit-1, func(l CapstoneLine) string { return string(l.ID) }), nil
	})
}

// capstoneLines shows capstones in the order given.
func (w *work) capstoneLines(list []issuer.Capstone) ([]CapstoneLine, error) {
	ids := unique(list, func(c issuer.Capstone) issuer.CapstoneID { return c.ID })
	members, err := w.Members(ids...)
	if err != nil {
		return nil, err
	}
	reviews, err := w.Reviews(ids...)
	if err != nil {
		return nil, err
	}
	submissions, err := w.Submissions(ids...)
	if err != nil {
		return nil, err
	}
	people := unique(members, func(m issuer.Member) issuer.PersonID { return m.PersonID })
	names, err := w.names(append(people, unique(reviews, func(r issuer.Review) issuer.PersonID { return r.ReviewerID })...)...)
	if err != nil {
		return nil, err
	}
	at, err := w.places()
	if err != nil {
		return nil, err
	}
	briefs := map[issuer.BriefID]*issuer.Brief{}
	lines := make([]CapstoneLine, 0, len(list))
	for _, c := range list {
		b, err := cached(briefs, c.BriefID, func() (*issuer.Brief, error) { return w.Brief(c.BriefID) })
		if err != nil {
			return nil, err
		}
		l := CapstoneLine{ID: c.ID, State: c.State, Title: c.Title, Brief: namedBrief(b), Program: at.programs[c.ProgramID],
			Cohort: at.cohorts[c.CohortID], Submission: c.Submission, ChangedAt: c.ChangedAt}
		for _, m := range members {
			if m.CapstoneID == c.ID {
				l.Team = append(l.Team, MemberView{names[m.PersonID], m.Part})
			}
		}
		w.decisions(&l, &c, b, reviews, names)
		if c.State == issuer.Submitted {
			l.WaitingSince = handedIn(submissions, &c)
		}
		if c.State == issuer.ScopeSubmitted {
			l.WaitingSince = &c.ChangedAt
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// decisions puts what was decided about the current submission on a line.
func (w *work) decisions(l *CapstoneLine, c *issuer.Capstone, b *issuer.Brief, reviews []issuer.Review, names map[issuer.PersonID]PersonName) {
	var current []issuer.Review
	for _, r := range reviews {
		if r.CapstoneID != c.ID || r.Submission != c.Submission {
			continue
		}
		current = append(current, r)
		l.Decided = l.Decided || r.ReviewerID == w.by.Person
		if r.Decision == issuer.Return {
			l.Note, l.Reviewer = r.Note, asMentor(names[r.ReviewerID]).Name
		}
	}
	if c.State == issuer.Submitted {
		l.Missing = b.Missing(current)
	}
}

func handedIn(submissions []issuer.Submission, c *issuer.Capstone) *time.Time {
	s := find(submissions, func(s issuer.Submission) bool { return s.CapstoneID == c.ID && s.Number == c.Submission })
	if s == nil {
		return nil
	}
	return &s.SubmittedAt
}
