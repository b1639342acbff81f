package web_test

import (
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
)

// prepareMail invites someone, and makes a mail that was sent to learner.
func prepareMail(t testing.TB, s *issuertest.Service) (issuer.InvitationID, issuer.MessageID) {
	t.Helper()
	id, err := s.Registrar.Invite(t.Context(), issuer.Caller{System: "test"}, registrar.NewInvitation{Email: "kept@people.example", Name: "Kept", Role: issuer.Learner, Cohort: "craft-2"})
	if err != nil {
		t.Fatal(err)
	}
	m := &issuer.Message{ID: "MAIL", IssuerID: s.Issuer.ID, PersonID: s.People["learner"], Kind: "mail", Recipient: issuertest.Address("learner"),
		Template: "badge-issued", Data: "{}", State: "failed", Stop: stopSecret, NextAt: s.Clock.Now(), CreatedAt: s.Clock.Now()}
	if _, err := store.Write(t.Context(), s.Store, func(tx *store.Tx) (bool, error) { return true, tx.AddMessage(m) }); err != nil {
		t.Fatal(err)
	}
	return id, m.ID
}

// inviteSecret is in the link of an invitation that is open.
func inviteSecret(t testing.TB, s *issuertest.Service) string {
	t.Helper()
	const address = "opens@people.example"
	if _, err := s.Registrar.Invite(t.Context(), issuer.Caller{System: "test"}, registrar.NewInvitation{Email: address, Name: "Opens", Role: issuer.Learner, Cohort: "craft-2"}); err != nil {
		t.Fatal(err)
	}
	for _, m := range outbox(t, s) {
		if m.Recipient == address {
			_, rest, _ := strings.Cut(m.Data, "/invitation?t=")
			return rest[:strings.IndexByte(rest, '"')]
		}
	}
	t.Fatal("no mail")
	return ""
}

// spareGrant gives root, who may do everything anyway, a place that a row can
// take away.
func spareGrant(t testing.TB, s *issuertest.Service) string {
	t.Helper()
	v, err := s.Registrar.GrantRole(t.Context(), issuer.Caller{System: "test"}, registrar.NewGrant{Person: s.People["root"], Role: issuer.Mentor, Cohort: "craft-2", Tier: issuer.Community})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range v.Grants {
		if g.Role == issuer.Mentor {
			return string(g.ID)
		}
	}
	t.Fatal("no grant")
	return ""
}

// stopSecret is in the link of a mail that stops mails like it.
const stopSecret = "STOPSTOPSTOPSTOPSTOPSTOPST"
