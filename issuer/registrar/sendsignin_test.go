package registrar

import (
	"errors"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// TestNoLinkWithoutAnAddress: a link that could go nowhere is refused rather than
// kept, so that who sent it does not wait for someone to open it.
func TestNoLinkWithoutAnAddress(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.write(func(tx *store.Tx) error { return tx.RemoveEmail("lea@example.org") })
	before := len(c.mailed(t, "sign-in"))
	err := c.SendSignin(t.Context(), c.as("owen"), c.ids["lea"], issuer.SigninLink{Token: "T", Purpose: "signin", ExpiresAt: c.now().Add(time.Hour)}, SigninMail{Link: "https://example.org", Minutes: 15})
	if !errors.Is(err, issuer.Conflict) || len(c.mailed(t, "sign-in")) != before {
		t.Errorf("%v, %d mails", err, len(c.mailed(t, "sign-in")))
	}
}
