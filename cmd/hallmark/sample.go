package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io"
	"text/template"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
)

//go:embed sample
var sampleFiles embed.FS

// The people of the sample that its story is about.
const (
	sampleLearner  = "amina.okafor@makers.example.org"
	sampleLead     = "ruth.bauer@makers.example.org"
	sampleMentor   = "ingrid.solberg@makers.example.org"
	sampleSponsor  = "carol.sponsor@makers.example.org"
	sampleAdmin    = "admin@makers.example.org"
	sampleManager  = "manager@makers.example.org"
	sampleApproved = "joana.teixeira@makers.example.org"
	sampleReturned = "nadia.benali@makers.example.org"
	sampleTeamOne  = "chen.wei@makers.example.org"
	sampleTeamTwo  = "priya.nair@makers.example.org"
	sampleDrafting = "rosa.meyer@makers.example.org"
	sampleProgram  = "citizen-dev"
	sampleCohort   = "harbour-1"
)

// story fills a demo through the same acts that people use; nothing is
// written as a ready row.
type story struct {
	ctx    context.Context
	p      *parts
	system issuer.Caller
	people map[string]issuer.PersonID
}

// fillDemo brings in the sample, and so many people more, and tells how to
// reach it.
func fillDemo(ctx context.Context, p *parts, people int, say io.Writer) (*demoLine, error) {
	s := &story{ctx: ctx, p: p, system: issuer.Caller{System: "demo"}, people: map[string]issuer.PersonID{}}
	for _, step := range []func() error{s.program, s.addPeople, s.consents, s.completions, s.earlierCapstones, s.life} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	capstone, err := s.handIn(sampleLearner, nil, "Permit requests without paper", permitSummary, issuer.Impact{
		Measure: "hours saved per month", Before: "62", After: "9", Period: "September and October", ConfirmedBy: "Head of site services"})
	if err != nil {
		return nil, err
	}
	if people > 0 {
		if err := s.crowd(people, say); err != nil {
			return nil, err
		}
	}
	if err := p.Jobs.PublishNow(ctx); err != nil {
		return nil, err
	}
	return s.line(capstone)
}

// sample reads a file of the sample with its days filled in.
func (s *story) sample(name string) ([]byte, error) {
	text, err := sampleFiles.ReadFile("sample/" + name)
	if err != nil {
		return nil, err
	}
	today := time.Now().UTC()
	t, err := template.New(name).Funcs(template.FuncMap{
		"day": func(n int) string { return today.AddDate(0, 0, n).Format(time.DateOnly) },
	}).Parse(string(text))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, nil)
	return out.Bytes(), err
}

func (s *story) program() error {
	text, err := s.sample("program.yaml")
	if err != nil {
		return err
	}
	file, err := intake.Program(text)
	if err != nil {
		return err
	}
	return whole(s.p.Registrar.ImportProgram(s.ctx, s.system, file, false))
}

func (s *story) addPeople() error {
	sheet, err := s.sheet("roster.csv")
	if err != nil {
		return err
	}
	rows, _, err := sheet.People(intake.Options{})
	if err != nil {
		return err
	}
	if err := whole(s.p.Registrar.ImportPeople(s.ctx, s.system, rows, registrar.ImportOptions{})); err != nil {
		return err
	}
	if _, err := s.p.Registrar.AddAdmin(s.ctx, s.system, sampleAdmin, "Ada Lindholm"); err != nil {
		return err
	}
	_, err = s.p.Registrar.AddPerson(s.ctx, s.system, registrar.NewPerson{Email: sampleManager, Name: "Max Hofer", Department: "Customer Care"})
	return err
}

// consents says yes for the people of the sample, who have been asked: their
// badges carry their names.
func (s *story) consents() error {
	list, err := s.p.Registrar.People(s.ctx, s.system, registrar.PeopleFilter{Page: registrar.Page{Limit: 200}})
	if err != nil {
		return err
	}
	for _, person := range list.Items {
		s.people[person.Email] = person.ID
		by, err := s.p.Registrar.Caller(s.ctx, person.ID)
		if err != nil {
			return err
		}
		if err := s.p.Registrar.AnswerConsent(s.ctx, by, true); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) completions() error {
	sheet, err := s.sheet("completions.csv")
	if err != nil {
		return err
	}
	rows, _, err := sheet.Completions(intake.Options{})
	if err != nil {
		return err
	}
	return whole(s.p.Registrar.ImportCompletions(s.ctx, s.system, rows, registrar.ImportOptions{}))
}

func (s *story) sheet(name string) (*intake.Sheet, error) {
	text, err := s.sample(name)
	if err != nil {
		return nil, err
	}
	return intake.ReadSheet(text)
}

// whole takes an import for good only if every row of it was.
func whole(r *registrar.ImportResult, err error) error {
	if err == nil && len(r.Refused) > 0 {
		err = fmt.Errorf("the sample has a wrong row: %+v", r.Refused[0])
	}
	return err
}

// earlierCapstones makes a cohort that has been at work for a while: one
// capstone approved, one returned, one of a team waiting, one a draft.
func (s *story) earlierCapstones() error {
	approved, err := s.handIn(sampleApproved, nil, "Complaints that find their owner", complaintsSummary, issuer.Impact{
		Measure: "days to delivery", Before: "11", After: "3", Period: "July to September", ConfirmedBy: "Head of customer care"})
	if err != nil {
		return err
	}
	if err := s.decide(sampleLead, approved, issuer.Approve, "Clear problem, careful with the data, and the team would not want to be without it."); err != nil {
		return err
	}
	returned, err := s.handIn(sampleReturned, nil, "Shift handover on one page", handoverSummary, issuer.Impact{
		Measure: "rework avoided", Before: "14 cases", After: "5 cases", Period: "October"})
	if err != nil {
		return err
	}
	if err := s.decide(sampleMentor, returned, issuer.Return, "The page works. Please show what happens with the names of colleagues after a shift ends, and who may see them."); err != nil {
		return err
	}
	if _, err := s.handIn(sampleTeamOne, []string{sampleTeamTwo}, "Month-end checks in a morning", monthEndSummary, issuer.Impact{
		Measure: "hours saved per month", Before: "40", After: "12", Period: "October", ConfirmedBy: "Finance director"}); err != nil {
		return err
	}
	_, err = s.start(sampleDrafting, nil, "Spare parts in sight")
	return err
}

// start begins a capstone for one learner, or a team of several.
func (s *story) start(learner string, others []string, title string) (*registrar.CapstoneView, error) {
	by, err := s.caller(learner)
	if err != nil {
		return nil, err
	}
	var team []issuer.PersonID
	for _, email := range others {
		team = append(team, s.people[email])
	}
	return s.p.Registrar.StartCapstone(s.ctx, by, "C1", sampleCohort, title, team)
}

// handIn begins a capstone, says what was built and hands it in.
func (s *story) handIn(learner string, others []string, title, summary string, impact issuer.Impact) (*registrar.CapstoneView, error) {
	c, err := s.start(learner, others, title)
	if err != nil {
		return nil, err
	}
	by, err := s.caller(learner)
	if err != nil {
		return nil, err
	}
	draft := registrar.Draft{Title: title, Summary: summary, Impact: impact, Evidence: []registrar.NewEvidence{
		{Kind: "link", Name: "The solution, with a guest view", URL: "https://makers.example.org/work/" + string(c.ID)},
		{Kind: "demo", Name: "Recording of the demo", URL: "https://makers.example.org/demo/" + string(c.ID)},
		{Kind: "user-feedback", Name: "What five colleagues said", URL: "https://makers.example.org/feedback/" + string(c.ID)},
	}}
	if _, err := s.p.Registrar.SaveCapstone(s.ctx, by, c.ID, draft); err != nil {
		return nil, err
	}
	return s.p.Registrar.SubmitCapstone(s.ctx, by, c.ID)
}

func (s *story) decide(mentor string, c *registrar.CapstoneView, d issuer.Decision, note string) error {
	by, err := s.caller(mentor)
	if err != nil {
		return err
	}
	scores := issuer.Scores{"problem": "strong", "build": "sound", "safety": "sound", "value": "strong", "teamwork": "sound"}
	if d == issuer.Return {
		scores["safety"] = "not yet"
	}
	_, err = s.p.Registrar.ReviewCapstone(s.ctx, by, c.ID, registrar.NewReview{Submission: c.Submission, Decision: d, Scores: scores, Note: note})
	return err
}

func (s *story) caller(email string) (issuer.Caller, error) {
	id, ok := s.people[email]
	if !ok {
		return issuer.Caller{}, fmt.Errorf("the sample has no %s", email)
	}
	return s.p.Registrar.Caller(s.ctx, id)
}

// line gathers what a visitor of the demo needs.
func (s *story) line(c *registrar.CapstoneView) (*demoLine, error) {
	by, err := s.caller(sampleLearner)
	if err != nil {
		return nil, err
	}
	badges, err := s.p.Registrar.Badges(s.ctx, by)
	if err != nil {
		return nil, err
	}
	if len(badges) == 0 {
		return nil, fmt.Errorf("%s has no badge", sampleLearner)
	}
	l := &demoLine{URL: s.p.Config.BaseURL, Badge: badges[0].URL, Capstone: string(c.ID), Submission: c.Submission,
		Tokens: map[string]string{}, Signin: map[string]string{}, Mailbox: s.p.Config.BaseURL + "/demo/mail"}
	for who, email := range map[string]string{"admin": sampleAdmin, "mentor": sampleMentor, "lead": sampleLead, "learner": sampleLearner, "manager": sampleManager} {
		if l.Tokens[who], err = s.p.Signin.PersonToken(s.people[email], demoLife); err != nil {
			return nil, err
		}
	}
	if l.Tokens["endorse"], err = s.p.Signin.PersonToken(s.people[sampleLead], demoLife, issuer.Endorse); err != nil {
		return nil, err
	}
	if l.Tokens["api"], err = s.clientToken(); err != nil {
		return nil, err
	}
	for who, email := range map[string]string{"admin": sampleAdmin, "mentor": sampleMentor, "lead": sampleLead, "learner": sampleLearner, "sponsor": sampleSponsor} {
		if l.Signin[who], err = s.p.Signin.Link(s.ctx, s.system, registrar.PersonRef{ID: s.people[email]}, ""); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// clientToken makes a client with every scope, as an admin would for the
// learning system, and gets its token.
func (s *story) clientToken() (string, error) {
	by, err := s.caller(sampleAdmin)
	if err != nil {
		return "", err
	}
	var scopes []string
	for _, scope := range issuer.Scopes {
		scopes = append(scopes, string(scope))
	}
	client, secret, err := s.p.Registrar.AddClient(s.ctx, by, "Sample learning system", scopes)
	if err != nil {
		return "", err
	}
	token, _, err := s.p.Signin.ClientToken(s.ctx, client.ID, secret, "")
	return token, err
}

const (
	permitSummary = "Work permits used to travel through four offices on paper. Now a supervisor fills in one form, the right people are asked " +
		"in the right order, and the permit is on the phone before the crew is at the gate. 118 permits went through it in October."
	complaintsSummary = "Every complaint now has one owner within the hour, chosen by product and language. The owner sees the whole history on one " +
		"page and the customer hears back in three days instead of eleven."
	handoverSummary = "One page per shift with what is open, what broke and who to call, filled in by the outgoing crew in two minutes and read aloud " +
		"by the incoming one."
	monthEndSummary = "The forty checks that we did by hand at month end run by themselves overnight. In the morning there is a list of what needs a " +
		"person, with the reason, instead of forty spreadsheets."
)
