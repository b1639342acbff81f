package registrar

import (
	"errors"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
)

// personExport is what is known of a person in the making.
type personExport struct {
	*work
	p    *issuer.Person
	out  *PersonExport
	at   *places
	mail []string // their addresses
}

func (x *personExport) profile() error {
	emails, err := x.Emails(x.p.ID)
	if err != nil {
		return err
	}
	x.out.Profile = ExportProfile{ID: x.p.ID, Name: x.p.Name, Department: x.p.Department, Experience: x.p.Experience, TimeZone: x.p.TimeZone,
		Locale: x.p.Locale, NameConsent: x.p.NameConsent, CreatedAt: x.p.CreatedAt, Emails: []ExportEmail{}}
	for _, e := range emails {
		x.mail = append(x.mail, e.Address)
		x.out.Profile.Emails = append(x.out.Profile.Emails, ExportEmail{e.Address, e.Main, e.VerifiedAt})
	}
	answers, err := x.ConsentRecords(x.p.ID)
	x.out.Consents = []ExportConsent{}
	for _, a := range answers {
		x.out.Consents = append(x.out.Consents, ExportConsent{a.Kind, a.Answer, a.Version, a.At})
	}
	return err
}

func (x *personExport) places() error {
	var err error
	if x.at, err = x.work.places(); err != nil {
		return err
	}
	grants, err := x.Grants(x.p.ID)
	if err != nil {
		return err
	}
	x.out.Roles, x.out.Enrollments = []ExportRole{}, []ExportRole{}
	for _, g := range grants {
		x.out.Roles = append(x.out.Roles, ExportRole{g.Role, g.Tier, x.at.programs[g.ProgramID].Code, x.at.cohorts[g.CohortID].Code, g.CreatedAt, nil})
	}
	enrollments, err := x.Enrollments(x.p.ID)
	for _, e := range enrollments {
		x.out.Enrollments = append(x.out.Enrollments, ExportRole{issuer.Learner, "", x.at.programs[e.ProgramID].Code, x.at.cohorts[e.CohortID].Code, e.CreatedAt, e.LeftAt})
	}
	return err
}

func (x *personExport) completions() error {
	done, err := x.CompletionsOf(x.p.ID)
	if err != nil {
		return err
	}
	links, err := x.CompletionEvidence(unique(done, func(c issuer.Completion) issuer.CompletionID { return c.ID })...)
	if err != nil {
		return err
	}
	modules := map[issuer.ModuleID]issuer.Module{}
	for _, program := range unique(done, func(c issuer.Completion) issuer.ProgramID { return c.ProgramID }) {
		some, err := x.Modules(program)
		if err != nil {
			return err
		}
		for _, m := range some {
			modules[m.ID] = m
		}
	}
	x.out.Completions = []ExportCompletion{}
	for _, c := range done {
		m := modules[c.ModuleID]
		e := ExportCompletion{Program: x.at.programs[c.ProgramID].Code, Cohort: x.at.cohorts[c.CohortID].Code, Module: m.Code, ModuleName: m.Name,
			CompletedOn: c.CompletedOn, Score: c.Score, Unit: c.Unit, Passed: c.Passed, Source: c.Source, RecordedAt: c.RecordedAt, Evidence: []ExportLink{},
			Delivery: c.Delivery, Note: c.Note, WithdrawnAt: c.WithdrawnAt, WithdrawnReason: c.WithdrawnReason}
		for _, l := range links {
			if l.CompletionID == c.ID {
				e.Evidence = append(e.Evidence, ExportLink{Name: l.Name, URL: l.URL})
			}
		}
		x.out.Completions = append(x.out.Completions, e)
	}
	return nil
}

// cohortLife is where they came, and how they rated themselves.
func (x *personExport) cohortLife() error {
	came, err := x.AttendancesOf(x.p.ID)
	if err != nil {
		return err
	}
	x.out.Touchpoints, x.out.SelfRatings = []ExportTouchpoint{}, []ExportSelfRating{}
	for _, a := range came {
		t, err := x.Tx.Touchpoint(a.TouchpointID)
		if err != nil {
			return err
		}
		x.out.Touchpoints = append(x.out.Touchpoints, ExportTouchpoint{x.at.cohorts[t.CohortID].Code, t.Kind, t.Title, t.At, a.State})
	}
	said, err := x.SelfRatingsOf(x.p.ID)
	if err != nil {
		return err
	}
	skills := map[issuer.SkillID]string{}
	programs, err := x.Tx.Programs()
	if err != nil {
		return err
	}
	for _, p := range programs {
		some, err := x.Skills(p.ID)
		if err != nil {
			return err
		}
		for _, s := range some {
			skills[s.ID] = s.Name
		}
	}
	for _, s := range said {
		x.out.SelfRatings = append(x.out.SelfRatings, ExportSelfRating{x.at.cohorts[s.CohortID].Code, skills[s.SkillID], s.Moment, s.Question, s.Rating, s.At})
	}
	return nil
}

func (x *personExport) capstones() error {
	all, err := x.CapstonesOf(x.p.ID)
	if err != nil {
		return err
	}
	x.out.Capstones = []ExportCapstone{}
	for i := range all {
		s := &capstoneStudy{work: x.work, c: &all[i]}
		if err := s.read(); err != nil {
			return err
		}
		mentors, err := x.mentors(s.reviews)
		if err != nil {
			return err
		}
		x.out.Capstones = append(x.out.Capstones, x.capstone(s, mentors))
	}
	return nil
}

func (x *personExport) capstone(s *capstoneStudy, mentors map[issuer.PersonID]string) ExportCapstone {
	e := ExportCapstone{ID: s.c.ID, Program: x.at.programs[s.c.ProgramID].Code, Cohort: x.at.cohorts[s.c.CohortID].Code, Brief: s.brief.Code,
		BriefName: s.brief.Name, State: s.c.State, Title: s.c.Title, Summary: s.c.Summary, Impact: s.c.Impact, TeamSize: len(s.team),
		Evidence: exportLinks(s.evidence, 0), Plan: s.c.Plan, Scopes: []ExportScope{}, Submissions: []ExportSubmission{}}
	for _, sc := range s.scopes {
		e.Scopes = append(e.Scopes, ExportScope{sc.Number, sc.Plan, sc.Policy, sc.SubmittedAt, sc.Decision, sc.Note})
	}
	for _, m := range s.team {
		if m.PersonID == x.p.ID {
			e.Part = m.Part
		}
	}
	for _, sub := range s.submissions {
		round := ExportSubmission{Number: sub.Number, Title: sub.Title, Summary: sub.Summary, Impact: sub.Impact, HandedInBy: "your team",
			SubmittedAt: sub.SubmittedAt, Evidence: exportLinks(s.evidence, sub.Number), Feedback: []ExportReview{}}
		if sub.SubmittedBy == x.p.ID {
			round.HandedInBy = "you"
		}
		for _, r := range s.reviews {
			if r.Submission == sub.Number {
				review := exportReview(&r)
				if review.Mentor = mentors[r.ReviewerID]; review.Mentor == "" {
					review.Mentor = "a " + string(r.Tier) + " mentor"
				}
				round.Feedback = append(round.Feedback, review)
			}
		}
		e.Submissions = append(e.Submissions, round)
	}
	return e
}

func exportReview(r *issuer.Review) ExportReview {
	return ExportReview{Submission: r.Submission, Decision: r.Decision, Scores: r.Scores, Note: r.Note, At: r.At}
}

func exportLinks(list []issuer.Evidence, submission int) []ExportLink {
	links := []ExportLink{}
	for _, e := range list {
		if e.Submission == submission {
			l := ExportLink{Kind: e.Kind, Name: e.Name, URL: e.URL, Digest: e.Digest}
			if e.Digest != "" {
				l.File = "evidence/" + e.Digest[len(e.Digest)-8:] + "-" + evidence.Filename(e.Name, e.MediaType)
			}
			links = append(links, l)
		}
	}
	return links
}

// mentors gives the names of reviewers who said yes to being named.
func (x *personExport) mentors(reviews []issuer.Review) (map[issuer.PersonID]string, error) {
	people, err := x.People(unique(reviews, func(r issuer.Review) issuer.PersonID { return r.ReviewerID })...)
	names := map[issuer.PersonID]string{}
	for _, p := range people {
		if p.NameConsent == issuer.ConsentGiven && p.ErasedAt == nil {
			names[p.ID] = p.Name
		}
	}
	return names, err
}

// maxReviews bounds the reviews that someone takes along.
const maxReviews = 10_000

func (x *personExport) reviews() error {
	given, err := x.ReviewsBy(x.p.ID, maxReviews)
	if err != nil {
		return err
	}
	x.out.ReviewsGiven = []ExportReview{}
	briefs := map[issuer.BriefID]*issuer.Brief{}
	for _, r := range given {
		c, err := x.Tx.Capstone(r.CapstoneID)
		if err != nil {
			return err
		}
		b, err := cached(briefs, c.BriefID, func() (*issuer.Brief, error) { return x.Brief(c.BriefID) })
		if err != nil {
			return err
		}
		e := exportReview(&r)
		e.Program, e.Cohort, e.Brief, e.Mentor = x.at.programs[c.ProgramID].Code, x.at.cohorts[c.CohortID].Code, b.Code, "you"
		x.out.ReviewsGiven = append(x.out.ReviewsGiven, e)
	}
	return nil
}

// badges gives every badge they ever had, replaced ones too, with the bytes that
// were signed.
func (x *personExport) badges() error {
	awards, err := x.AwardsOf(x.p.ID)
	if err != nil {
		return err
	}
	all, err := x.EveryCredentialOf(unique(awards, func(a issuer.Award) issuer.AwardID { return a.ID })...)
	if err != nil {
		return err
	}
	var credentials []issuer.Credential
	for _, c := range all {
		if c.CopyOf == "" {
			credentials = append(credentials, c)
		}
	}
	views, err := x.credentialViews(credentials, nil)
	if err != nil {
		return err
	}
	copies, err := x.SignedCopiesOf(unique(all, func(c issuer.Credential) issuer.CredentialID { return c.ID })...)
	if err != nil {
		return err
	}
	signed := map[issuer.CredentialID][]byte{}
	for _, c := range copies {
		if c.Format == issuer.FormatDataIntegrity {
			signed[c.CredentialID] = c.Bytes
		}
	}
	x.walletCopies(all, signed)
	looks, err := x.BadgeViewsOf(x.p.ID)
	if err != nil {
		return err
	}
	seen := map[issuer.AwardID]int{}
	for _, l := range looks {
		seen[l.AwardID] += l.Seen
	}
	x.out.Badges = []ExportBadge{}
	for i, v := range views {
		if v.State == issuer.Erased || signed[v.ID] == nil {
			continue
		}
		v.lapse(x.work)
		x.out.Badges = append(x.out.Badges, ExportBadge{ID: v.ID, URL: v.URL, Achievement: v.Achievement.Code, Name: v.Achievement.Name,
			Version: v.Achievement.Version, Program: v.Program.Code, State: v.State, AwardedOn: v.AwardedOn, IssuedAt: v.IssuedAt, ValidUntil: v.ValidUntil,
			Visibility: v.Visibility, NameSigned: v.NameSigned, RestsOn: v.Fact, RevokedCode: v.RevokedCode, RevokedReason: v.RevokedReason,
			PausedReason: v.SuspendedReason, ReplacedBy: v.ReplacedBy, Seen: seen[credentials[i].AwardID], Files: []ExportFile{}, JSON: signed[v.ID]})
	}
	return nil
}

// walletCopies gives the copies that wallets of theirs have, beside the badges:
// each badge is there once.
func (x *personExport) walletCopies(all []issuer.Credential, signed map[issuer.CredentialID][]byte) {
	x.out.WalletCopies = []ExportCopy{}
	for _, c := range all {
		if c.CopyOf != "" && signed[c.ID] != nil {
			x.out.WalletCopies = append(x.out.WalletCopies, ExportCopy{c.ID, badgeURL(x.r.BaseURL, c.ID), c.CopyOf, c.IssuedAt, c.SupersededBy, signed[c.ID]})
		}
	}
}

// shared is what they show of themselves, and how often it was looked at.
func (x *personExport) shared() error {
	links, err := x.ShareLinksOf(x.p.ID)
	if err != nil {
		return err
	}
	x.out.ShareLinks = []ExportShareLink{}
	for _, l := range links {
		x.out.ShareLinks = append(x.out.ShareLinks, ExportShareLink{l.Label, l.Opened, l.CreatedAt, l.ExpiresAt, l.EndedAt})
	}
	o, err := x.Tx.Portfolio(x.p.ID)
	if errors.Is(err, issuer.NotFound) {
		return nil
	}
	if err == nil {
		x.out.Portfolio = &ExportPortfolio{portfolioURL(x.r.BaseURL, o.Handle), o.Headline, o.Named, o.Links, o.Capstones, o.Shown, o.ChangedAt}
	}
	return err
}

// asked is what they asked for, and what was answered.
func (x *personExport) asked() error {
	names, err := x.NameRequestsOf(x.p.ID)
	if err != nil {
		return err
	}
	x.out.NameRequests, x.out.Appeals = []ExportRequest{}, []ExportRequest{}
	for _, q := range names {
		x.out.NameRequests = append(x.out.NameRequests, ExportRequest{Name: q.Name, Words: q.Note, State: q.State, Answer: q.Answer, CreatedAt: q.CreatedAt, AnsweredAt: q.AnsweredAt})
	}
	appeals, err := x.AppealsBy(x.p.ID)
	for _, a := range appeals {
		x.out.Appeals = append(x.out.Appeals, ExportRequest{Capstone: a.CapstoneID, Submission: a.Submission, Words: a.Words, State: a.State, Answer: a.Answer, CreatedAt: a.CreatedAt, AnsweredAt: a.AnsweredAt})
	}
	return err
}

// traces are what using the service left behind.
func (x *personExport) traces() error {
	mails, err := x.MessagesTo(x.mail...)
	if err != nil {
		return err
	}
	x.out.Mails, x.out.Sessions, x.out.Passkeys = []ExportMail{}, []ExportSession{}, []ExportPasskey{}
	for _, m := range mails {
		x.out.Mails = append(x.out.Mails, ExportMail{m.Recipient, m.Template, m.State, m.CreatedAt, m.SentAt})
	}
	sessions, err := x.Sessions(x.p.ID)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		x.out.Sessions = append(x.out.Sessions, ExportSession{s.CreatedAt, s.ExpiresAt})
	}
	passkeys, err := x.Passkeys(x.p.ID)
	for _, k := range passkeys {
		x.out.Passkeys = append(x.out.Passkeys, ExportPasskey{k.Name, k.CreatedAt, k.UsedAt})
	}
	return err
}
