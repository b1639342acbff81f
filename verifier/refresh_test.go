package verifier_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"hallmark/verifier"
	"hallmark/verifier/ob3"
)

const refreshURL = "https://badges.example.org/refresh/1"

// newerCopy answers for a refresh service.
type newerCopy struct {
	raw   []byte
	asked []string
}

func (n *newerCopy) Refresh(_ context.Context, url string) ([]byte, error) {
	n.asked = append(n.asked, url)
	if n.raw == nil {
		return nil, errors.New("the network is down")
	}
	return n.raw, nil
}

// refreshable signs the badge with a place for newer copies.
func refreshable(t testing.TB, w *world, change ...func(*ob3.AchievementCredential)) []byte {
	t.Helper()
	return w.sign(t, withRefresh(t, `{"id":"`+refreshURL+`","type":"1EdTechCredentialRefresh"}`, change...))
}

func withRefresh(t testing.TB, service string, change ...func(*ob3.AchievementCredential)) []byte {
	t.Helper()
	b := badge()
	b.Context = append(b.Context, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json")
	for _, c := range change {
		c(b)
	}
	return []byte(strings.TrimSuffix(string(toJSON(t, b)), "}") + `,"refreshService":` + service + "}")
}

func later(b *ob3.AchievementCredential) {
	b.ValidFrom = ob3.At(today.Add(-time.Minute))
	b.Name = "Low-code Foundations, second edition"
}

func TestRefresh(t *testing.T) {
	w := newWorld(t)
	old := refreshable(t, w)
	good := refreshable(t, w, later)
	stranger := newWorld(t)
	stranger.key = keyOf(7)
	stranger.method = "did:web:other.example#" + multikey(stranger.key)
	const otherID = "did:web:other.example"
	other := keyOf(8)
	w.documents[otherID] = document(otherID, other, "")
	const stands = "Issuer not known to us. Genuine and current: “Low-code Foundations”"
	const newer = "Issuer not known to us. Genuine and current: “Low-code Foundations, second edition”"
	tests := []struct {
		name    string
		doc     []byte
		answer  []byte
		asked   bool
		outcome verifier.Outcome
		reason  string
		summary string
	}{
		{"no place for it", w.sign(t, badge()), good, true, "skipped", "names no place", stands},
		{"another kind of place", w.sign(t, withRefresh(t, `{"id":"`+refreshURL+`","type":"1EdTechJsonSchemaValidator2019"}`)), good, true, "skipped", "not of a kind", stands},
		{"without https", w.sign(t, withRefresh(t, `{"id":"http://badges.example.org/r","type":"1EdTechCredentialRefresh"}`)), good, true, "skipped", "not of a kind", stands},
		{"not asked", old, good, false, "skipped", "it was not asked for", stands},
		{"newer", old, good, true, "verified", "this is about that one", newer},
		{"newer, with blanks around it", old, append([]byte("\n "), append(good, '\n')...), true, "verified", "this is about that one", newer},
		{"the same", old, old, true, "verified", "has no newer copy", stands},
		{"older", good, old, true, "undetermined", "is not newer", newer},
		{"cannot be had", old, nil, true, "undetermined", "could not be had", stands},
		{"not a credential", old, []byte("{}"), true, "undetermined", "not a credential", stands},
		{"not JSON", old, []byte("<html>"), true, "undetermined", "not a credential", stands},
		{"changed", old, []byte(strings.Replace(string(good), "second", "third", 1)), true, "undetermined", "not shown to be genuine", stands},
		{"signed by someone else", old, refreshable(t, stranger, later), true, "undetermined", "not shown to be genuine", stands},
		{"the same id by someone else", old, signWith(t, other, otherID+"#"+multikey(other), withRefresh(t, `{"id":"`+refreshURL+`","type":"1EdTechCredentialRefresh"}`, later, func(b *ob3.AchievementCredential) { b.Issuer.ID = otherID })), true, "undetermined", "another credential", stands},
		{"another credential", old, refreshable(t, w, later, func(b *ob3.AchievementCredential) { b.ID = "urn:uuid:0b7f8f2e-6f0a-4b53-9f8d-3b2f9f7b6c12" }), true, "undetermined", "another credential", stands},
		{"not genuine itself", []byte(strings.Replace(string(old), "Foundations", "Fundations", 1)), good, true, "skipped", "shown to be genuine", "Not genuine"},
	}
	for _, tt := range tests {
		v, source := w.verifier(), &newerCopy{raw: tt.answer}
		v.Refresher = source
		r, err := v.Verify(t.Context(), tt.doc, verifier.Ask{Refresh: tt.asked})
		if err != nil {
			t.Fatal(tt.name, err)
		}
		wellFormed(t, r)
		verdict := r.Verdict
		expect{verdict, "refresh", tt.outcome, tt.reason, tt.summary}.compare(t, tt.name, r)
		fetched := tt.asked && tt.outcome != verifier.Skipped
		if fetched != (len(source.asked) == 1) || len(source.asked) > 1 {
			t.Errorf("%s: asked %v", tt.name, source.asked)
		}
		if newer := find(r, "refresh").Detail["newer"]; (newer == true) != (tt.name == "newer" || strings.HasPrefix(tt.name, "newer,")) {
			t.Errorf("%s: newer is %v", tt.name, newer)
		}
		available := find(r, "refresh").Detail["available"] == true
		if want := tt.name == "not asked" || tt.outcome == verifier.Undetermined; available != want {
			t.Errorf("%s: available is %v", tt.name, available)
		}
	}
}

// A newer copy is judged as a whole, and is not asked for a copy newer still.
func TestRefreshedIsJudged(t *testing.T) {
	w := newWorld(t)
	v := w.verifier()
	source := &newerCopy{}
	v.Refresher = source
	old := refreshable(t, w)
	source.raw = refreshable(t, w, later, func(b *ob3.AchievementCredential) {
		b.ValidUntil = ob3.At(today.Add(-time.Second))
		b.ID = strings.Replace(badgeID, "-", "%2D", 1)
	})
	r, err := v.Verify(t.Context(), old, verifier.Ask{Refresh: true, Name: "Ada Lovelace"})
	if err != nil {
		t.Fatal(err)
	}
	expect{"refused", "period", "refused", "It expired", "Genuine, but expired on 2026-11-21: “Low-code Foundations, second edition”"}.compare(t, "expired", r)
	if outcome(r, "recipient") != verifier.Verified || len(source.asked) != 1 {
		t.Errorf("recipient %+v, asked %v", find(r, "recipient"), source.asked)
	}
	v.Refresher = nil
	r, err = v.Verify(t.Context(), old, verifier.Ask{Refresh: true})
	if err != nil || outcome(r, "refresh") != verifier.Undetermined || r.Verdict != verifier.Verified {
		t.Errorf("%v %+v", err, find(r, "refresh"))
	}
}
