package pages

import (
	"fmt"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/signin"
)

func sampleAccount(l tongue) AccountPage {
	return AccountPage{
		Emails:   []registrar.EmailView{{Address: "ada@work.example", Main: true, Verified: true}, {Address: l.title + "@home.example", Verified: true}, {Address: "old@work.example"}},
		Claimed:  []string{"new-" + l.title + "@home.example"},
		Passkeys: []issuer.Passkey{{ID: "K", Name: l.name, CreatedAt: noon, UsedAt: &noon}}, Takes: true,
		Accounts:  []AccountElsewhere{{issuer.Identity{Provider: "https://login.example.org", Subject: l.title, CreatedAt: noon, UsedAt: noon}, l.name}},
		Providers: []signin.ProviderName{{Name: "work", Label: l.name}},
		Sessions: []signin.OpenSession{{ID: "A", Device: "Firefox on Linux", Since: noon.Add(-time.Hour), Used: noon, Here: true},
			{ID: "B", Device: "Safari on iPhone", Since: noon.Add(-5 * time.Hour), Used: noon.Add(-3 * time.Hour)}, {ID: "C", Since: noon, Used: noon}},
		Mentor: true, Token: "eyJ0eXAi.eyJpc3Mi.c2ln", Minutes: 60, Problem: l.text, Email: l.title,
	}
}

func sampleInvitations(l tongue) InvitationsPage {
	page := InvitationsPage{Programs: []registrar.Named{program}, Cohorts: []registrar.Named{cohort}, Grantable: []string{"learner", "lead", "owner"},
		Form: InvitationForm{Email: l.title, Name: l.name, Role: "lead", Where: "cohort:" + cohort.Code}, Problem: l.text, Wrong: "email"}
	for i, standing := range []issuer.Standing{issuer.MailSent, issuer.MailBounced, issuer.MailQueued, ""} {
		page.Open = append(page.Open, registrar.InvitationView{ID: issuer.InvitationID(fmt.Sprint("I", i)), Address: "someone@work.example", Name: l.name, Role: issuer.Mentor,
			Tier: issuer.Community, Program: program, Cohort: cohort, Standing: standing, Sends: i + 1, SentAt: noon, ExpiresAt: noon.AddDate(0, 0, 14), Ended: i == 2})
	}
	return page
}

func sampleMails(l tongue) MailsPage {
	page := MailsPage{Standings: issuer.Standings, Mails: &registrar.MailList{Next: "M"}, Problem: l.text}
	for i, standing := range issuer.Standings {
		page.Mails.Items = append(page.Mails.Items, registrar.MailView{ID: issuer.MessageID(fmt.Sprint("M", i)), To: "ada@work.example", Person: registrar.Named{Name: l.name},
			Moment: issuer.Moments[i], Standing: standing, CreatedAt: noon.Add(-time.Hour), SentAt: &noon, Attempts: 2, Problem: l.title, Resendable: i == 5})
	}
	return page
}
