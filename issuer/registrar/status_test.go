package registrar

import (
	"errors"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier"
)

// bits lists the status entries that are set, with their reasons.
func (k *Kit) bits(t testing.TB) map[issuer.CredentialID]string {
	t.Helper()
	set, err := store.Read(t.Context(), k.Store, func(tx *store.Tx) (map[issuer.CredentialID]string, error) {
		out := map[issuer.CredentialID]string{}
		all, err := tx.Credentials(store.CredentialQuery{All: true, Limit: 1000})
		for _, c := range all {
			e, err := tx.StatusEntry(c.ID)
			if err != nil {
				return nil, err
			}
			if e.SetAt != nil {
				out[c.ID] = e.Reason
			}
		}
		return out, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestStatus walks a badge through its states and asks after each step what
// the holder, the public door and the verifier say.
func TestStatus(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { statusWalk(t, newCast(t, k)) })
}

func statusWalk(t *testing.T, c *cast) {
	ctx, owner := t.Context(), c.as("owen")
	c.complete("lea", "M1", "2026-10-01", "")
	id := c.badge()
	p := &Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}
	doc, err := p.Credential(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	do := map[string]func() error{
		"suspend": func() error {
			_, err := c.SuspendCredential(ctx, owner, id, StatusChange{Reason: "Checking."})
			return err
		},
		"reinstate": func() error { _, err := c.ReinstateCredential(ctx, owner, id, StatusChange{}); return err },
		"revoke": func() error {
			_, err := c.RevokeCredential(ctx, owner, id, StatusChange{Code: " misconduct", Reason: " Copied.\r\n", Note: "See ticket 7."})
			return err
		},
		"take down": func() error { _, err := c.SetVisibility(ctx, c.as("lea"), id, issuer.Hidden); return err },
		"put up":    func() error { _, err := c.SetVisibility(ctx, c.as("lea"), id, issuer.Public); return err },
	}
	for _, bad := range []StatusChange{{Code: "because"}, {Code: "other", Reason: "a\u202eb"}, {Code: "other", Note: "a\x00"}, {Code: ""}} {
		if _, err := c.RevokeCredential(ctx, owner, id, bad); !errors.Is(err, issuer.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, step := range []struct {
		do      string
		refused issuer.Kind
		state   issuer.AwardState // on the public page; "" is not there
		verdict verifier.Outcome
		bits    int
	}{
		{"reinstate", "", issuer.Issued, verifier.Verified, 0},
		{"suspend", "", issuer.Suspended, verifier.Refused, 0},
		{"suspend", "", issuer.Suspended, verifier.Refused, 0},
		{"take down", "", "", verifier.Refused, 0},
		{"put up", "", issuer.Suspended, verifier.Refused, 0},
		{"reinstate", "", issuer.Issued, verifier.Verified, 0},
		{"take down", "", "", verifier.Verified, 0},
		{"put up", "", issuer.Issued, verifier.Verified, 0},
		{"revoke", "", issuer.Revoked, verifier.Refused, 1},
		{"revoke", "", issuer.Revoked, verifier.Refused, 1},
		{"reinstate", issuer.Conflict, issuer.Revoked, verifier.Refused, 1},
		{"suspend", issuer.Conflict, issuer.Revoked, verifier.Refused, 1},
	} {
		var want error
		if step.refused != "" {
			want = step.refused
		}
		if err := do[step.do](); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", step.do, err, want)
		}
		b, err := p.Badge(ctx, id)
		switch {
		case step.state == "" && !errors.Is(err, issuer.NotFound):
			t.Errorf("after %s: %v", step.do, err)
		case step.state != "" && (err != nil || b.State != step.state || string(b.Credential) != string(doc)):
			t.Errorf("after %s: %v %+v", step.do, err, b)
		}
		v := verifier.Verifier{Keys: p, Records: p, Now: c.now}
		report, err := v.Verify(ctx, doc, verifier.Ask{})
		if err != nil || report.Verdict != step.verdict {
			t.Errorf("after %s: %v %s, want %s", step.do, err, report.Verdict, step.verdict)
		}
		if n := len(c.bits(t)); n != step.bits {
			t.Errorf("after %s: %d bits are set, want %d", step.do, n, step.bits)
		}
	}
	b, err := p.Badge(ctx, id)
	if err != nil || b.RevokedCode != "misconduct" || b.RevokedReason != "Copied." {
		t.Errorf("%v %+v", err, b)
	}
	mine, err := c.Badge(ctx, c.as("lea"), id)
	if err != nil || mine.RevokedNote != "" {
		t.Errorf("the holder reads the private note: %v %q", err, mine.RevokedNote)
	}
	theirs, err := c.Badge(ctx, owner, id)
	if err != nil || theirs.RevokedNote != "See ticket 7." {
		t.Errorf("who runs the program cannot read the note: %v %q", err, theirs.RevokedNote)
	}
}

// TestHidden: a badge that was taken down and one that never was are told
// apart by nothing.
func TestHidden(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.complete("lea", "M1", "2026-10-01", "")
	p := &Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}
	if _, err := c.SetVisibility(t.Context(), c.as("lea"), c.badge(), issuer.Hidden); err != nil {
		t.Fatal(err)
	}
	_, hidden := p.Badge(t.Context(), c.badge())
	_, never := p.Badge(t.Context(), "AAAAAAAAAAAAAAAAAAAAAAAAAA")
	_, bytes := p.Credential(t.Context(), c.badge())
	if !errors.Is(hidden, issuer.NotFound) || hidden.Error() != never.Error() || bytes.Error() != never.Error() {
		t.Errorf("%v, %v, %v", hidden, never, bytes)
	}
}

func TestAwardByWord(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	ctx, owner := t.Context(), c.as("owen")
	give := NewAward{Achievement: "thanks", Person: PersonRef{Email: "LEA@example.org "}, Reason: "Ran the demo day."}
	first, err := c.AwardAchievement(ctx, owner, give)
	if err != nil || !first.Issued || first.Badge.Fact != issuer.FactExplicit || first.Badge.AwardedOn != "2026-11-21" {
		t.Fatal(err, first)
	}
	again, err := c.AwardAchievement(ctx, owner, give)
	if err != nil || again.Issued || again.Badge.ID != first.Badge.ID {
		t.Errorf("again: %v %+v", err, again)
	}
	c.complete("lea", "M1", "2026-10-01", "")
	stacked, err := c.AwardAchievement(ctx, owner, NewAward{Achievement: "M2", Person: PersonRef{ID: c.ids["lea"]}, Reason: "Did it elsewhere."})
	if err != nil || codes(stacked.Further) != "base " {
		t.Errorf("what stacks: %v %+v", err, stacked)
	}
	for _, test := range []struct {
		name  string
		in    NewAward
		kind  issuer.Kind
		field string
	}{
		{"no reason", NewAward{Achievement: "thanks", Person: give.Person, Reason: " "}, issuer.Invalid, "reason"},
		{"unknown achievement", NewAward{Achievement: "none", Person: give.Person, Reason: "x"}, issuer.Invalid, "achievement"},
		{"unknown program", NewAward{Achievement: "thanks", Program: "none", Person: give.Person, Reason: "x"}, issuer.Invalid, "program"},
		{"unknown person", NewAward{Achievement: "thanks", Person: PersonRef{Email: "who@example.org"}, Reason: "x"}, issuer.Invalid, "person"},
		{"themselves", NewAward{Achievement: "thanks", Person: PersonRef{ID: c.ids["owen"]}, Reason: "x"}, issuer.Forbidden, ""},
	} {
		_, err := c.AwardAchievement(ctx, owner, test.in)
		var refusal *issuer.Error
		if !errors.As(err, &refusal) || refusal.Kind != test.kind || refusal.Field != test.field {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
