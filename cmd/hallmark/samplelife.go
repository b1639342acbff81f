package main

import (
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// The life of the sample's cohort beside modules and capstones: dates that
// people came to, how they rate themselves, what they say to each other and of
// the modules, and a story in the gallery.
func (s *story) life() error {
	for _, step := range []func() error{s.dates, s.selfRatings, s.feedback, s.showcase} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// dates are three check-ins that took place, and a demo day that will.
func (s *story) dates() error {
	lead, err := s.caller(sampleLead)
	if err != nil {
		return err
	}
	for _, d := range []struct {
		day   int
		kind  issuer.TouchpointKind
		title string
		notes string
	}{
		{-29, "check-in", "Which process, and whose?", "Everyone has named a process. Two share one and will talk."},
		{-22, "code-review", "First automations, read together", "Names for steps got better while reading aloud. Next time start from the errors."},
		{-15, "check-in", "What the five testers said", ""},
		{12, "demo", "Demo day", ""},
	} {
		at := time.Now().AddDate(0, 0, d.day).Format(time.DateOnly) + "T09:30"
		id, err := s.p.Registrar.AddTouchpoint(s.ctx, lead, sampleCohort, registrar.NewTouchpoint{Kind: d.kind, Title: d.title, At: at, Host: lead.Person})
		if err != nil {
			return err
		}
		if d.day > 0 {
			continue
		}
		came := map[issuer.PersonID]issuer.Presence{}
		for n, email := range sampleVoices {
			came[s.people[email]] = "present"
			if (n-d.day)%5 == 0 {
				came[s.people[email]] = "absent"
			}
		}
		came[s.people[sampleReturned]] = "excused"
		if err := s.p.Registrar.NoteTouchpoint(s.ctx, lead, id, registrar.TouchpointNotes{Notes: d.notes, Attendance: came}); err != nil {
			return err
		}
	}
	return nil
}

// sampleVoices are learners who say what they think.
var sampleVoices = []string{sampleApproved, sampleReturned, sampleTeamOne, sampleTeamTwo, sampleDrafting,
	"hana.novakova@makers.example.org", "kenji.mori@makers.example.org"}

// selfRatings are those of people who answered; others are still asked.
func (s *story) selfRatings() error {
	for n, email := range sampleVoices {
		by, err := s.caller(email)
		if err != nil {
			return err
		}
		asks, err := s.p.Registrar.RatingsAsked(s.ctx, by)
		if err != nil {
			return err
		}
		for _, ask := range asks {
			said := map[string]int{}
			for i, skill := range ask.Skills {
				said[skill.ID] = 1 + (n+i)%issuer.MaxRating
			}
			if err := s.p.Registrar.RateSelf(s.ctx, by, ask.Cohort.Code, said, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// feedback is a round among the learners that is open, and words about modules.
func (s *story) feedback() error {
	lead, err := s.caller(sampleLead)
	if err != nil {
		return err
	}
	today := time.Now().UTC()
	_, err = s.p.Registrar.OpenRound(s.ctx, lead, sampleCohort, registrar.NewRound{Title: "Half-way", PerPerson: 3, Pairing: issuer.PairDrawn, AtOnce: true, Seed: "half-way",
		Questions: []string{"What did they do that helped you?", "What could they try next?"},
		OpensOn:   today.AddDate(0, 0, -2).Format(time.DateOnly), ClosesOn: today.AddDate(0, 0, 12).Format(time.DateOnly)})
	if err != nil {
		return err
	}
	for n, email := range sampleVoices {
		by, err := s.caller(email)
		if err != nil {
			return err
		}
		mine, err := s.p.Registrar.MyFeedback(s.ctx, by)
		if err != nil {
			return err
		}
		for _, note := range mine.ToGive[:min(1, len(mine.ToGive))] {
			if _, err := s.p.Registrar.GiveFeedback(s.ctx, by, note.ID, []string{"Asked the question that nobody dared to ask, and waited for the answer.", "Show a first version sooner; we like to see things half done."}); err != nil {
				return err
			}
		}
		for _, m := range mine.Modules[max(0, len(mine.Modules)-1):] { // the first, which all have
			in := registrar.NewOpinion{Rating: 3 + (n+len(m.Module.Name))%3, Helped: "The example came from our own work.", Hindered: "The last exercise took twice the time that it said."}
			if _, err := s.p.Registrar.GiveOpinion(s.ctx, by, m.Completion, in); err != nil {
				return err
			}
		}
	}
	return nil
}

// showcase puts the approved capstone into the gallery, with its maker's yes, and
// gives its maker a page of their own.
func (s *story) showcase() error {
	by, err := s.caller(sampleApproved)
	if err != nil {
		return err
	}
	home, err := s.p.Registrar.Home(s.ctx, by)
	if err != nil {
		return err
	}
	capstone := home.Capstones[0].ID
	told, err := s.p.Registrar.Story(s.ctx, by, capstone)
	if err != nil {
		return err
	}
	told.Text.Department = "Customer Care"
	if told, err = s.p.Registrar.WriteStory(s.ctx, by, capstone, told.Text); err != nil {
		return err
	}
	if _, err := s.p.Registrar.AgreeToStory(s.ctx, by, capstone, told.Edition, true, true); err != nil {
		return err
	}
	badges, err := s.p.Registrar.Badges(s.ctx, by)
	if err != nil {
		return err
	}
	for _, b := range badges {
		if _, err := s.p.Registrar.SetVisibility(s.ctx, by, b.ID, issuer.Public); err != nil {
			return err
		}
	}
	_, err = s.p.Registrar.SavePortfolio(s.ctx, by, registrar.PortfolioInput{Handle: "joana", Headline: "I turn complaints into answers.", Named: true, Shown: true,
		Capstones: []issuer.CapstoneID{capstone}})
	return err
}
