package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
)

// TestMailPage: who runs the installation sees what became of a mail, sends it
// again and notes that it came back; its reader stops such mails with one POST that
// a mail program makes, without cookie or page.
func TestMailPage(t *testing.T) { issuertest.OnBoth(t, testMailPage) }

func testMailPage(t *testing.T, s *issuertest.Service) {
	_, id := prepareMail(t, s)
	root := s.Browse(t, "root")
	standing := func(want issuer.Standing) {
		t.Helper()
		page := string(root.Get(t, "/mail?standing="+string(want)).Want(t, 200).Body)
		if !strings.Contains(page, `data-mail="`+string(id)+`" data-standing="`+string(want)+`"`) {
			t.Errorf("the mail is not %s", want)
		}
	}
	standing(issuer.MailGivenUp)
	root.Post(t, "/mail/"+string(id)+"/bounced", url.Values{"back": {"yes"}}).Want(t, 303)
	standing(issuer.MailBounced)
	root.Post(t, "/mail/"+string(id)+"/bounced", url.Values{"back": {"yes"}}).Want(t, 409)
	root.Post(t, "/mail/"+string(id)+"/resend", url.Values{"again": {"yes"}}).Want(t, 303)
	standing(issuer.MailQueued)

	for range 2 { // RFC 8058: it may come more than once
		a := s.Send(t, "nobody", http.MethodPost, "/mail/stop?t="+stopSecret, "List-Unsubscribe=One-Click", "Content-Type", "application/x-www-form-urlencoded")
		a.Want(t, 200)
	}
	choices, err := s.Registrar.MailChoices(t.Context(), s.Caller(t, "learner"))
	if err != nil || choices["badge-issued"] != issuer.MailOff || choices["badge-revoked"] != issuer.MailAtOnce {
		t.Errorf("%v, %v", choices, err)
	}
	s.Send(t, "nobody", http.MethodPost, "/mail/stop?t=x", "List-Unsubscribe=One-Click", "Content-Type", "application/x-www-form-urlencoded").Want(t, 404)
	s.Send(t, "nobody", http.MethodGet, "/mail/stop?t="+stopSecret, "").Want(t, 200)
	if err := s.Registrar.ChooseMail(t.Context(), s.Caller(t, "learner"), map[issuer.Moment]string{"badge-issued": "never"}); err == nil {
		t.Error("a choice that is none was kept")
	}
	if err := s.Registrar.ChooseMail(t.Context(), s.Caller(t, "learner"), map[issuer.Moment]string{"sign-in": issuer.MailOff, "badge-issued": issuer.MailDaily}); err != nil {
		t.Error(err)
	}
	choices, err = s.Registrar.MailChoices(t.Context(), s.Caller(t, "learner"))
	if _, said := choices["sign-in"]; err != nil || said || choices["badge-issued"] != issuer.MailDaily {
		t.Errorf("%v, %v", choices, err)
	}
}

// TestInvitations: an owner invites into their program alone; an invitation is sent
// again with another link, and withdrawn.
func TestInvitations(t *testing.T) { issuertest.OnBoth(t, testInvitations) }

func testInvitations(t *testing.T, s *issuertest.Service) {
	owner := s.Browse(t, "owner")
	form := url.Values{"email": {"Carla@People.example"}, "name": {"Carla"}, "role": {"lead"}, "where": {"cohort:craft-1"}}
	owner.Post(t, "/invitations", form).Want(t, 303)
	owner.Post(t, "/invitations", form).Want(t, 409)
	wrong := url.Values{"email": {"carla"}, "name": {"Carla"}, "role": {"lead"}, "where": {"cohort:craft-1"}}
	if page := string(owner.Post(t, "/invitations", wrong).Want(t, 422).Body); !strings.Contains(page, `value="carla" aria-invalid="true"`) {
		t.Error("what was typed is lost, or not marked")
	}
	known := url.Values{"email": {issuertest.Address("plain")}, "name": {"Pat"}, "role": {"learner"}, "where": {"cohort:craft-1"}}
	if a := owner.Post(t, "/invitations", known); a.Status != 303 {
		t.Errorf("an address that someone has: %d, which tells so", a.Status)
	}
	open, err := s.Registrar.Invitations(t.Context(), s.Caller(t, "owner"))
	if err != nil || len(open) != 2 || open[0].Standing != issuer.MailQueued {
		t.Fatalf("%+v, %v", open, err)
	}
	var carla registrar.InvitationView
	for _, i := range open {
		if i.Address == "carla@people.example" {
			carla = i
		}
	}
	first := invitedSecret(t, s, carla.Address)
	owner.Post(t, "/invitations/"+string(carla.ID)+"/resend", url.Values{"again": {"yes"}}).Want(t, 409) // within the hour
	if _, err := store.Write(t.Context(), s.Store, func(tx *store.Tx) (bool, error) {                    // an hour ago
		i, err := tx.LockInvitation(carla.ID)
		if err != nil {
			return false, err
		}
		i.SentAt = tx.Now.Add(-issuer.InvitationPause)
		return true, tx.SaveInvitation(i)
	}); err != nil {
		t.Fatal(err)
	}
	owner.Post(t, "/invitations/"+string(carla.ID)+"/resend", url.Values{"again": {"yes"}}).Want(t, 303)
	visitor := s.Browse(t, "nobody")
	visitor.Get(t, "/invitation?t="+first).Want(t, 404)
	second := invitedSecret(t, s, carla.Address)
	if page := string(visitor.Get(t, "/invitation?t="+second).Want(t, 200).Body); !strings.Contains(page, "First") || strings.Contains(strings.ToLower(page), "carla@") {
		t.Error("the page of the invitation says too little, or who it is for")
	}
	visitor.Post(t, "/invitation", url.Values{"t": {second}}).Want(t, 303)
	visitor.Get(t, "/queue").Want(t, 200) // a lead mentor now
	owner.Post(t, "/invitations/"+string(carla.ID)+"/revoke", url.Values{"withdraw": {"yes"}}).Want(t, 409)
	s.Browse(t, "nobody").Post(t, "/invitation", url.Values{"t": {second}}).Want(t, 409)
}

// invitedSecret is in the newest mail of an invitation.
func invitedSecret(t *testing.T, s *issuertest.Service, address string) string {
	t.Helper()
	var newest issuer.Message
	open, err := store.Read(t.Context(), s.Store, func(tx *store.Tx) ([]issuer.Invitation, error) { return tx.InvitedTo(address) })
	if err != nil || len(open) != 1 {
		t.Fatalf("%d open invitations, %v", len(open), err)
	}
	for _, m := range outbox(t, s) {
		if m.ID == open[0].MessageID {
			newest = m
		}
	}
	_, rest, ok := strings.Cut(newest.Data, "/invitation?t=")
	if !ok {
		t.Fatal("no mail")
	}
	return rest[:strings.IndexByte(rest, '"')]
}

// TestLostWorkAddress: who runs the program takes the address of the firm away, and
// the learner goes on with their own.
func TestLostWorkAddress(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	learner := s.People["learner"]
	if _, err := store.Write(t.Context(), s.Store, func(tx *store.Tx) (bool, error) {
		return tx.AddEmailOnce(&issuer.Email{Address: "leo@home.example", IssuerID: s.Issuer.ID, PersonID: learner, VerifiedAt: &tx.Now, CreatedAt: tx.Now})
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Registrar.CorrectPerson(t.Context(), s.Caller(t, "owner"), learner, registrar.Correction{Email: "left@people.example"}); err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, m := range outbox(t, s) {
		told[m.Recipient] = told[m.Recipient] || m.Template == "address-changed"
	}
	if !told[issuertest.Address("learner")] || !told["leo@home.example"] || !told["left@people.example"] {
		t.Errorf("told %v", told)
	}
	if err := s.Signin.Ask(t.Context(), "leo@home.example", ""); err != nil {
		t.Fatal(err)
	}
	for _, m := range outbox(t, s) {
		if m.Recipient == "leo@home.example" && m.Template == "sign-in" {
			_, secret, _ := strings.Cut(m.Data, "/signin/link?t=")
			b := s.Browse(t, "nobody")
			b.Post(t, "/signin/link", url.Values{"t": {secret[:strings.IndexByte(secret, '"')]}}).Want(t, 303)
			b.Get(t, "/badges").Want(t, 200)
			return
		}
	}
	t.Error("no link to the private address")
}
