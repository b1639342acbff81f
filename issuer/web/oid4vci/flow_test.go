package oid4vci_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
	"hallmark/verifier"
)

// TestFlow: a badge comes into a wallet of each kind of key, in both forms, and
// is good; what the wallet says of it is taken.
func TestFlow(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		badge := earn(t, s, "learner", "honour")
		subjects, places := map[string]bool{}, map[string]bool{}
		for _, kind := range []string{"ed25519", "p256", "bare"} {
			w := newWallet(t, s, kind)
			token := w.token(t, w.find(t, offered(t, s, "learner", badge)), mailed(t, s))
			var ids []string
			for _, form := range []string{"OpenBadge_jwt", "OpenBadge_ldp"} {
				if form == "OpenBadge_ldp" && kind == "bare" {
					if got := code(t, w.ask(t, token, wish(form, w.proof(t, w.nonce(t), nil)))); got != "400 invalid_proof" {
						t.Errorf("a key in the header for a proof inside: %s", got)
					}
					continue
				}
				got := w.fetch(t, token, form)
				signed := []byte(got.Credentials[0].Credential)
				if form == "OpenBadge_jwt" {
					var text string
					must(t, json.Unmarshal(signed, &text))
					signed = []byte(text)
				}
				ids = append(ids, w.holds(t, signed, places))
				notice := `{"notification_id":"` + got.Notice + `","event":"credential_accepted"}`
				s.Send(t, "nobody", "POST", w.path(t, w.server.Notification), notice, "Authorization", "Bearer "+token).Want(t, 204)
			}
			for _, id := range ids {
				if id != ids[0] || id == s.URL+"/v/"+string(badge) {
					t.Errorf("the copies of %s are %v", kind, ids)
				}
			}
			subjects[ids[0]] = true
		}
		if len(subjects) != 3 || len(places) != 3 {
			t.Errorf("copies %v at %v", subjects, places)
		}
	})
}

// TestOfferByAPI: a program of the holder's makes an offer, and nobody else's.
func TestOfferByAPI(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	badge := earn(t, s, "learner", "honour")
	path := "/api/v1/credentials/" + string(badge) + "/offers"
	var got struct{ Offer struct{ URI, URL string } }
	s.Send(t, "learner", "POST", path, "").Want(t, 201).JSON(t, &got)
	w := newWallet(t, s, "p256")
	w.fetch(t, w.token(t, w.find(t, got.Offer.URI), mailed(t, s)), "OpenBadge_ldp")
	s.Send(t, "nobody", "GET", w.path(t, got.Offer.URL), "").Want(t, 404) // it was used
	s.Send(t, "owner", "POST", path, "").Want(t, 403)
	s.Send(t, "other", "POST", path, "").Want(t, 404)
}

// holds checks a copy as whoever is shown it: it is for the key of the wallet, and
// good. It gives its id.
func (w *wallet) holds(t *testing.T, signed []byte, places map[string]bool) string {
	t.Helper()
	w.s.Publish(t)
	report, err := w.s.Verifier.Verify(t.Context(), signed, verifier.Ask{})
	must(t, err)
	if report.Verdict != verifier.Verified {
		t.Errorf("a copy is %s: %s\n%+v", report.Verdict, report.Summary, report.Checks)
	}
	var c copied
	must(t, json.Unmarshal(report.Credential, &c))
	if c.Subject.ID != w.did {
		t.Errorf("the copy is about %s, and the wallet has %s", c.Subject.ID, w.did)
	}
	places[c.Status.List+"#"+c.Status.Index] = true
	page := w.s.Browse(t, "nobody").Get(t, strings.TrimPrefix(c.ID, w.s.URL)).Want(t, 200)
	if !strings.Contains(string(page.Body), "data-copy-of-wallet") || !strings.Contains(string(page.Body), `data-verdict="verified"`) {
		t.Errorf("the page of the copy does not say so")
	}
	return c.ID
}
