package registrar

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"hallmark/issuer"
)

// TestRevokeWhatRests: what rests on a revoked badge is listed, and revoked with
// it only where that is chosen; the holder gets one mail about all of it.
func TestRevokeWhatRests(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { revokeWhatRests(t, newCast(t, k)) })
}

func revokeWhatRests(t *testing.T, c *cast) {
	ctx, owner := t.Context(), c.as("owen")
	for _, who := range []string{"lea", "max"} {
		c.complete(who, "M1", "2026-10-01", "")
		c.complete(who, "M2", "2026-10-02", "90")
		if _, err := c.ReviewCapstone(ctx, c.as("lee"), c.handIn("C1", who), approve(1)); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct{ of, want string }{{"M1", "base all "}, {"M2", "base all "}, {"C1", "all "}, {"all", ""}} {
		resting, err := c.RestingOn(ctx, owner, c.current("lea", test.of)[0])
		if err != nil || codes(resting) != test.want {
			t.Errorf("on %s rest %q, want %q: %v", test.of, codes(resting), test.want, err)
		}
	}
	id := c.current("lea", "M1")[0]
	var refusal *issuer.Error
	_, err := c.RevokeCredential(ctx, owner, id, StatusChange{Code: "misconduct", Also: c.current("lea", "C1")})
	if !errors.As(err, &refusal) || refusal.Field != "also" {
		t.Errorf("one that rests on something else: %v", err)
	}
	if n := len(c.bits(t)); n != 0 {
		t.Errorf("the refusal left %d bits", n)
	}
	in := StatusChange{Code: "misconduct", Reason: "Copied.", Note: "Ticket 7.", Also: c.current("lea", "base")}
	for range 2 {
		if v, err := c.RevokeCredential(ctx, owner, id, in); err != nil || v.State != issuer.Revoked {
			t.Fatal(err, v)
		}
	}
	base, err := c.Badge(ctx, owner, c.current("lea", "base")[0])
	if err != nil || base.State != issuer.Revoked || base.RevokedCode != "requirement-unmet" || base.RevokedReason != "“First Step”, on which it rests, was revoked." {
		t.Errorf("%v %+v", err, base)
	}
	if live := c.Live(t); fmt.Sprint(live) != "map[C1:2 M1:1 M2:2 all:2 base:1]" || len(c.bits(t)) != 2 {
		t.Errorf("live: %v, bits: %v", live, c.bits(t))
	}
	m := c.mailed(t, "badge-revoked")
	if len(m) != 1 || m[0].Recipient != "lea@example.org" || !strings.Contains(m[0].Data, "“Base Maker”") || !strings.Contains(m[0].Data, "academy@example.org") || strings.Contains(m[0].Data, "Ticket") {
		t.Errorf("mail: %+v", m)
	}
}
