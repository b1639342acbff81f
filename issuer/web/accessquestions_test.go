package web_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
)

// questions asks about a badge, one that waits for its asker and one for an answer.
func questions(t testing.TB, s *issuertest.Service, badge string) (asking, open string) {
	t.Helper()
	ctx := t.Context()
	secret := func(address string) string {
		if err := s.Registrar.AskQuestion(ctx, registrar.NewQuestion{Badge: issuer.CredentialID(badge), Name: "x", Email: address, Words: "x"}); err != nil {
			t.Fatal(err)
		}
		found, err := store.Read(ctx, s.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.MessagesAbout("/asked/") })
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range found {
			var said struct{ Link string }
			if m.Recipient == address && json.Unmarshal([]byte(m.Data), &said) == nil {
				return said.Link[strings.LastIndex(said.Link, "/")+1:]
			}
		}
		t.Fatalf("no link was mailed to %s", address)
		return ""
	}
	if _, err := s.Registrar.ConfirmQuestion(ctx, secret("open@else.example")); err != nil {
		t.Fatal(err)
	}
	desk, err := s.Registrar.Requests(ctx, s.Caller(t, "owner"))
	if err != nil || len(desk.Questions) != 1 {
		t.Fatal(desk, err)
	}
	return secret("asking@else.example"), string(desk.Questions[0].ID)
}
