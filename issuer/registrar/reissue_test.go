package registrar

import (
	"errors"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// current lists the credentials of someone's badge of an achievement that no
// other replaced.
func (c *cast) current(who, achievement string) []issuer.CredentialID {
	c.t.Helper()
	v, err := c.Credentials(c.t.Context(), system, CredentialFilter{Person: c.ids[who], Achievement: achievement})
	if err != nil {
		c.t.Fatal(err)
	}
	var ids []issuer.CredentialID
	for _, b := range v.Items {
		if b.ReplacedBy == "" {
			ids = append(ids, b.ID)
		}
	}
	return ids
}

// mailed counts the messages in the outbox that a template makes.
func (k *Kit) mailed(t testing.TB, template string) []issuer.Message {
	t.Helper()
	all, err := store.Read(t.Context(), k.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 10_000) })
	if err != nil {
		t.Fatal(err)
	}
	var found []issuer.Message
	for _, m := range all {
		if m.Template == template {
			found = append(found, m)
		}
	}
	return found
}

// TestReissue: a badge is replaced by one that says the same, the old one
// tells of it without blame, and asking again changes nothing.
func TestReissue(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { reissue(t, newCast(t, k)) })
}

func reissue(t *testing.T, c *cast) {
	ctx, owner := t.Context(), c.as("owen")
	c.complete("lea", "M1", "2026-10-01", "")
	p := &Published{Store: c.Store, Ring: c.Ring, BaseURL: c.BaseURL}
	old := c.badge()
	var refusal *issuer.Error
	if _, err := c.ReissueCredential(ctx, owner, old, " "); !errors.As(err, &refusal) || refusal.Field != "reason" {
		t.Errorf("without a reason: %v", err)
	}
	first, err := c.ReissueCredential(ctx, owner, old, "The first copy was spoilt.")
	if err != nil || !first.Done || first.Badge.Supersedes != old || first.Badge.State != issuer.Issued {
		t.Fatal(err, first)
	}
	again, err := c.ReissueCredential(ctx, owner, old, "The first copy was spoilt.")
	if err != nil || again.Done || again.Badge.ID != first.Badge.ID {
		t.Errorf("again: %v %+v", err, again)
	}
	was, err := p.Badge(ctx, old)
	if err != nil || was.State != issuer.Superseded || was.ReplacedBy != first.Badge.ID {
		t.Errorf("%v %+v", err, was)
	}
	now, err := p.Badge(ctx, first.Badge.ID)
	if err != nil || now.Supersedes != old || now.State != issuer.Issued {
		t.Errorf("%v %+v", err, now)
	}
	if bits := c.bits(t); len(bits) != 1 || bits[old] != "superseded" {
		t.Errorf("bits: %v", bits)
	}
	if m := c.mailed(t, "badge-replaced"); len(m) != 1 || m[0].Recipient != "lea@example.org" || !strings.Contains(m[0].Data, "was spoilt") {
		t.Errorf("mail: %+v", m)
	}
	if _, err := c.RevokeCredential(ctx, owner, first.Badge.ID, StatusChange{Code: "misconduct"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ReissueCredential(ctx, owner, first.Badge.ID, "Come back."); !errors.Is(err, issuer.Conflict) {
		t.Errorf("a revoked badge: %v", err)
	}
}

// TestReissueAtOnce: of many who replace a badge at once, one does, and the
// others are answered with the same new one.
func TestReissueAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		c.complete("lea", "M1", "2026-10-01", "")
		old, owner := c.badge(), c.as("owen")
		const n = 12
		got := make([]*Reissued, n)
		parallel(t, n, func(i int) (err error) {
			got[i], err = c.ReissueCredential(t.Context(), owner, old, "Misspelt.")
			return err
		})
		done := 0
		for _, r := range got {
			if r.Done {
				done++
			}
			if r.Badge.ID != got[0].Badge.ID {
				t.Errorf("two answers: %s and %s", r.Badge.ID, got[0].Badge.ID)
			}
		}
		if live := c.current("lea", "M1"); done != 1 || len(live) != 1 || live[0] != got[0].Badge.ID {
			t.Errorf("%d replaced it; current: %v", done, live)
		}
	})
}
