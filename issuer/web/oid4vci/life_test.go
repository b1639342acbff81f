package oid4vci_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/auditor"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/keyring"
	"hallmark/issuer/registrar"
	"hallmark/verifier"
)

// standing says how a copy is, by its signed bytes as a wallet shows them and by
// its page here.
func (w *wallet) standing(t *testing.T, signed []byte) string {
	t.Helper()
	w.s.Publish(t)
	report, err := w.s.Verifier.Verify(t.Context(), signed, verifier.Ask{})
	must(t, err)
	out := string(report.Verdict)
	for _, c := range report.Checks {
		if c.Name == "status" && c.Outcome != verifier.Verified {
			out += " by status"
		}
	}
	var c copied
	must(t, json.Unmarshal(signed, &c))
	page := w.s.Browse(t, "nobody").Get(t, strings.TrimPrefix(c.ID, w.s.URL))
	out += fmt.Sprintf(", page %d", page.Status)
	for _, verdict := range []string{"verified", "refused", "undetermined"} {
		if strings.Contains(string(page.Body), `data-verdict="`+verdict+`"`) {
			out += " " + verdict
		}
	}
	if strings.Contains(string(page.Body), `data-standing="superseded"`) {
		out += ", replaced"
	}
	return out
}

// kept puts a badge into a new wallet and gives the bytes of the copy.
func kept(t *testing.T, s *issuertest.Service, kind string, badge issuer.CredentialID) (*wallet, []byte) {
	t.Helper()
	w := newWallet(t, s, "ed25519")
	token := w.token(t, w.find(t, offered(t, s, kind, badge)), mailed(t, s))
	return w, w.fetch(t, token, "OpenBadge_ldp").Credentials[0].Credential
}

// TestCopiesEnd: whatever becomes of a badge becomes of every copy of it, in the
// same act, and it counts once throughout. The auditor finds nothing.
func TestCopiesEnd(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		ctx, lea := t.Context(), s.Caller(t, "learner")
		note := revocation
		tests := []struct {
			name, kind string
			badge      string
			do         func(badge issuer.CredentialID) error
			want       string // of the copy, then
			offer      bool   // whether it can be offered again
		}{
			{"nothing", "learner", "saws", func(issuer.CredentialID) error { return nil }, "verified, page 200 verified", true},
			{"suspended", "learner", "joints", func(b issuer.CredentialID) error {
				_, err := s.Registrar.SuspendCredential(ctx, operator, b, note)
				return err
			}, "refused by status, page 200 refused", false},
			{"reinstated", "learner", "joints", func(b issuer.CredentialID) error {
				_, err := s.Registrar.ReinstateCredential(ctx, operator, b, note)
				return err
			}, "verified, page 200 verified", true},
			{"taken down", "learner", "saws", func(b issuer.CredentialID) error {
				_, err := s.Registrar.SetVisibility(ctx, lea, b, issuer.Hidden)
				return err
			}, "verified, page 404", false},
			{"shown again", "learner", "saws", func(b issuer.CredentialID) error {
				_, err := s.Registrar.SetVisibility(ctx, lea, b, issuer.Public)
				return err
			}, "verified, page 200 verified", true},
			{"reissued", "learner", "saws", func(b issuer.CredentialID) error {
				_, err := s.Registrar.ReissueCredential(ctx, operator, b, "A slip.")
				return err
			}, "refused by status, page 200 refused, replaced", false},
			{"revoked", "learner", "joints", func(b issuer.CredentialID) error {
				_, err := s.Registrar.RevokeCredential(ctx, operator, b, note)
				return err
			}, "refused by status, page 200 refused", false},
			{"named", "other", "saws", func(issuer.CredentialID) error {
				return s.Registrar.AnswerConsent(ctx, s.Caller(t, "other"), true)
			}, "refused by status, page 200 refused, replaced", false},
			{"renewed", "mate", "honour", func(b issuer.CredentialID) error {
				s.Clock.Advance(350 * 24 * time.Hour)
				_, err := s.Registrar.RenewCredential(ctx, operator, b, "Still so.")
				return err
			}, "verified, page 200 verified", false},
			{"erased", "mate", "honour", func(issuer.CredentialID) error {
				return s.Registrar.ErasePerson(ctx, operator, s.People["mate"])
			}, "refused by status, page 410", false},
		}
		badges, copies := map[string]issuer.CredentialID{}, map[string][]byte{}
		var w *wallet
		for _, tt := range tests {
			key := tt.kind + " " + tt.badge
			if badges[key] == "" {
				badges[key] = earn(t, s, tt.kind, tt.badge)
				w, copies[key] = kept(t, s, tt.kind, badges[key])
			}
			must(t, tt.do(badges[key]))
			if got := w.standing(t, copies[key]); got != tt.want {
				t.Errorf("%s: the copy is %s, want %s", tt.name, got, tt.want)
			}
			s.Clock.Advance(time.Hour)
			if tt.name == "erased" {
				continue
			}
			_, err := s.Registrar.OfferToWallet(ctx, s.Caller(t, tt.kind), badges[key])
			if (err == nil) != tt.offer || err != nil && !errors.Is(err, issuer.Conflict) {
				t.Errorf("%s: another offer: %v", tt.name, err)
			}
		}
		audited(t, s)
	})
}

// TestCopiesCount: a badge that is in wallets is one badge.
func TestCopiesCount(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	lea := s.Caller(t, "learner")
	badge := earn(t, s, "learner", "saws")
	_, err := s.Registrar.SetVisibility(t.Context(), lea, badge, issuer.Public)
	must(t, err)
	_, one := kept(t, s, "learner", badge)
	_, two := kept(t, s, "learner", badge)
	var first, second copied
	must(t, json.Unmarshal(one, &first))
	must(t, json.Unmarshal(two, &second))
	if first.ID == second.ID || first.Subject.ID == second.Subject.ID || first.Status == second.Status || len(first.Subject.Identifier) != 0 {
		t.Errorf("two wallets have %+v and %+v", first, second)
	}
	mine, err := s.Registrar.Badges(t.Context(), lea)
	must(t, err)
	all, err := s.Registrar.Credentials(t.Context(), operator, registrar.CredentialFilter{Page: registrar.Page{Limit: 100}})
	must(t, err)
	records, err := s.Registrar.Transcripts(t.Context(), lea, s.People["learner"])
	must(t, err)
	out, err := s.Registrar.ExportPerson(t.Context(), lea, s.People["learner"])
	must(t, err)
	if len(mine) != 1 || len(all.Items) != 1 || len(records) != 1 || records[0].Badges != 1 || len(out.Badges) != 1 || len(out.WalletCopies) != 2 {
		t.Errorf("one badge in two wallets counts as %d of theirs, %d of all, records %+v, %d exported with %d copies",
			len(mine), len(all.Items), records, len(out.Badges), len(out.WalletCopies))
	}
	if mine[0].ID != badge || all.Items[0].ID != badge || out.Badges[0].ID != badge {
		t.Error("a copy stands for the badge")
	}
	// What is done by the id of a copy is done to the badge.
	id := issuer.CredentialID(first.ID[strings.LastIndex(first.ID, "/")+1:])
	if _, err := s.Registrar.OfferToWallet(t.Context(), lea, id); !errors.Is(err, issuer.Conflict) {
		t.Errorf("a copy is offered: %v", err)
	}
	again, err := s.Registrar.ReissueCredential(t.Context(), operator, id, "A slip.")
	must(t, err)
	if again.Badge.Supersedes != badge {
		t.Errorf("issued anew by the id of a copy: %+v", again.Badge)
	}
	audited(t, s)
}

// TestCopiesOfKeys: a copy ends when the badge is signed by another key, and when
// the key that signed the copy alone is given up.
func TestCopiesOfKeys(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{Base: "https://badges.academy.example"})
	replace := func() issuer.KeyID {
		keys, err := s.Registrar.Keys(t.Context(), operator)
		must(t, err)
		for _, k := range keys {
			if k.Purpose == keyring.PurposeCredential && k.Algorithm == keyring.Ed25519 && k.State == issuer.KeyActive {
				must(t, s.Jobs.Sequence(t.Context()))
				s.Clock.Advance(2 * time.Minute)
				_, err := s.Registrar.ReplaceKey(t.Context(), operator, k.ID)
				must(t, err)
				must(t, s.Ring.Refresh(t.Context()))
				return k.ID
			}
		}
		t.Fatal("no key signs")
		return ""
	}
	old, young := earn(t, s, "learner", "saws"), issuer.CredentialID("")
	first := replace()
	young = earn(t, s, "learner", "joints")
	w, ofOld := kept(t, s, "learner", old)
	_, ofYoung := kept(t, s, "learner", young)
	second := replace()
	_, untouched := kept(t, s, "learner", old)
	_, err := s.Registrar.CompromiseKey(t.Context(), operator, second, s.Clock.Now().Add(-time.Second))
	must(t, err)
	must(t, s.Ring.Refresh(t.Context()))
	r, err := s.Registrar.ReissueOfKey(t.Context(), operator, registrar.KeyReissue{Key: second})
	must(t, err)
	if r.Reissued != 2 || r.Doubtful != 0 { // with the level that stands on both
		t.Errorf("reissued %+v", r)
	}
	for name, c := range map[string][]byte{"of a badge by an older key": ofOld, "of a badge by that key": ofYoung} {
		if got := w.standing(t, c); !strings.Contains(got, "by status, page 200 refused, replaced") {
			t.Errorf("the copy %s is %s", name, got)
		}
	}
	if got := w.standing(t, untouched); got != "verified, page 200 verified" {
		t.Errorf("a copy by another key is %s", got)
	}
	_, err = s.Registrar.ReissueOfKey(t.Context(), operator, registrar.KeyReissue{Key: first})
	must(t, err)
	if got := w.standing(t, untouched); got != "refused by status, page 200 refused, replaced" {
		t.Errorf("the copy of a badge that was signed by another key is %s", got)
	}
	audited(t, s)
}

// audited lets the auditor look at everything.
func audited(t *testing.T, s *issuertest.Service) {
	t.Helper()
	for _, duty := range []func(context.Context) error{s.Jobs.Sequence, s.Jobs.Publish} {
		must(t, duty(t.Context()))
	}
	r, err := (&auditor.Auditor{Store: s.Store, Ring: s.Ring, BaseURL: s.URL}).Check(t.Context())
	must(t, err)
	for _, f := range r.Findings {
		t.Errorf("the auditor finds: %+v", f)
	}
}
