package registrar

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// TestCorrectName: a corrected name changes no badge by itself; those that
// carry the old one are listed, and replaced by choice, once.
func TestCorrectName(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { correctName(t, newCast(t, k)) })
}

func correctName(t *testing.T, c *cast) {
	ctx, owner, lea := t.Context(), c.as("owen"), c.ids["lea"]
	c.complete("lea", "M1", "2026-10-01", "") // before she said yes: without a name
	if err := c.AnswerConsent(ctx, c.as("lea"), true); err != nil {
		t.Fatal(err)
	}
	c.complete("lea", "M2", "2026-10-02", "90") // and base
	before := c.current("lea", "")
	v, err := c.CorrectPerson(ctx, owner, lea, Correction{Name: "  Lea  Lerner "})
	if err != nil || v.Name != "Lea Lerner" || len(v.Outdated) != 3 {
		t.Fatalf("%v %+v", err, v)
	}
	if now := c.current("lea", ""); strings.Join(texts(now), " ") != strings.Join(texts(before), " ") {
		t.Error("the correction alone replaced badges")
	}
	again, err := c.CorrectPerson(ctx, owner, lea, Correction{Name: "Lea Lerner"})
	if err != nil || len(again.Outdated) != 3 {
		t.Errorf("again: %v %+v", err, again)
	}
	fresh, err := c.ReissueOutdated(ctx, owner, lea, "")
	if err != nil || codes(fresh) != codes(v.Outdated) {
		t.Fatalf("%v %s, want %s", err, codes(fresh), codes(v.Outdated))
	}
	p := &Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}
	for _, b := range fresh {
		signed, err := p.Credential(ctx, b.ID)
		if err != nil || !strings.Contains(string(signed), `"identityHash":"Lea Lerner"`) || b.Supersedes == "" {
			t.Errorf("%s: %v", b.Achievement.Code, err)
		}
		if _, doc := c.verdict(b.Supersedes); doc == nil || strings.Contains(fmt.Sprint(doc), "Lea Learner") {
			t.Errorf("a report of the badge that was replaced repeats the name in it: %v", doc)
		}
	}
	if m := c.mailed(t, "badge-replaced"); len(m) != 3 || !strings.Contains(m[0].Data, "Your name was corrected.") {
		t.Errorf("mail: %+v", m)
	}
	if fresh, err = c.ReissueOutdated(ctx, owner, lea, ""); err != nil || len(fresh) != 0 || len(c.current("lea", "")) != 3 {
		t.Errorf("again: %v %+v", err, fresh)
	}
	if _, err := c.CorrectPerson(ctx, owner, lea, Correction{Name: "\u202e"}); !errors.Is(err, issuer.Invalid) {
		t.Errorf("a name of nothing: %v", err)
	}
}

func texts(ids []issuer.CredentialID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// TestCorrectAddress: the new address is the main one, the old one lets nobody
// in, both are told, and whoever is in is out.
func TestCorrectAddress(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { correctAddress(t, newCast(t, k)) })
}

func correctAddress(t *testing.T, c *cast) {
	ctx, owner, lea := t.Context(), c.as("owen"), c.ids["lea"]
	if err := c.KeepSession(ctx, issuer.Session{Token: "S", PersonID: lea, Data: []byte("x"), ExpiresAt: c.now().Add(time.Hour)}, false, 0); err != nil {
		t.Fatal(err)
	}
	if err := c.AddSigninLink(ctx, system, PersonRef{ID: lea}, issuer.SigninLink{Token: "L", Purpose: "signin", ExpiresAt: c.now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	v, err := c.CorrectPerson(ctx, owner, lea, Correction{Email: " LEA.Lerner@example.org"})
	if err != nil || v.Email != "lea.lerner@example.org" {
		t.Fatalf("%v %+v", err, v)
	}
	if _, found, err := c.Session(ctx, "S"); found || err != nil {
		t.Error("a session from before goes on", err)
	}
	if _, err := c.UseSigninLink(ctx, "L"); !errors.Is(err, issuer.NotFound) {
		t.Errorf("a link from before signs in: %v", err)
	}
	old, err := store.Read(ctx, c.Store, func(tx *store.Tx) (*issuer.Person, error) { return tx.PersonByEmail("lea@example.org") })
	if !errors.Is(err, issuer.NotFound) {
		t.Errorf("the old address is still someone's: %v %v", old, err)
	}
	to := map[string]bool{}
	for _, m := range c.mailed(t, "address-changed") {
		to[m.Recipient] = true
	}
	if len(to) != 2 || !to["lea@example.org"] || !to["lea.lerner@example.org"] {
		t.Errorf("told: %v", to)
	}
	var refusal *issuer.Error
	if _, err := c.CorrectPerson(ctx, owner, lea, Correction{Email: "max@example.org"}); !errors.As(err, &refusal) || refusal.Kind != issuer.Conflict || refusal.Field != "email" {
		t.Errorf("someone else's: %v", err)
	}
	if v, err := c.Person(ctx, owner, lea); err != nil || v.Email != "lea.lerner@example.org" {
		t.Errorf("after a refusal: %v %+v", err, v)
	}
}

// TestAddressIsAWayIn: who runs one program does not get to be an admin, or
// someone of another program, by naming a mailbox.
func TestAddressIsAWayIn(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	ctx, owner := t.Context(), c.as("owen")
	if _, err := c.GrantRole(ctx, system, NewGrant{Person: c.ids["root"], Role: issuer.Sponsor, Program: "makers"}); err != nil {
		t.Fatal(err)
	}
	other := program()
	other.Program = FileProgram{Code: "others", Name: "Others"}
	for i := range other.Cohorts {
		other.Cohorts[i].Code += "-2"
	}
	if r, err := c.ImportProgram(ctx, system, other, false); err != nil || !r.Written {
		t.Fatal(err, r)
	}
	for _, who := range []string{"max", "none"} {
		if _, err := c.Enroll(ctx, system, PersonRef{ID: c.ids[who]}, "autumn-2"); err != nil {
			t.Fatal(err)
		}
	}
	for who, mine := range map[string]bool{"lea": true, "lee": true, "max": false, "root": false} {
		v, err := c.Person(ctx, owner, c.ids[who])
		if err != nil || v.MayAddress != mine {
			t.Errorf("%s: %v, may %v", who, err, v)
		}
		_, err = c.CorrectPerson(ctx, owner, c.ids[who], Correction{Email: "mine@example.org"})
		if mine != (err == nil) || !mine && !errors.Is(err, issuer.Forbidden) {
			t.Errorf("%s: %v", who, err)
		}
		if mine {
			if _, err := c.CorrectPerson(ctx, owner, c.ids[who], Correction{Email: who + "@example.org"}); err != nil {
				t.Error(err)
			}
		}
		if _, err := c.CorrectPerson(ctx, c.as("root"), c.ids[who], Correction{Email: who + "-2@example.org"}); err != nil {
			t.Errorf("%s by the admin: %v", who, err)
		}
	}
	if _, err := c.Person(ctx, owner, c.ids["none"]); !errors.Is(err, issuer.NotFound) {
		t.Errorf("someone of no program of theirs: %v", err)
	}
}
