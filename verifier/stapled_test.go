package verifier_test

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"hallmark/verifier"
	"hallmark/verifier/did"
	"hallmark/verifier/staple"
)

// stapleKey signs staples for the academy: its document lists it, and for no
// purpose.
var stapleKey = keyOf(7)

const asOf = "2026-11-21 09:00 UTC"

// stapling lists the key, with more members in its method.
func (w *world) stapling(more string) *world {
	mk := multikey(stapleKey)
	method := `{"id":"` + academy + "#" + mk + `","type":"Multikey","controller":"` + academy + `","publicKeyMultibase":"` + mk + `"` + more + `},`
	w.documents[academy] = strings.Replace(document(academy, w.key, ""), `"verificationMethod":[`, `"verificationMethod":[`+method, 1)
	return w
}

// stapled is what the academy said of the badge at nine.
func stapled() staple.Claims {
	at := today.Add(-3 * time.Hour)
	return staple.Claims{Issuer: academy, Credential: badgeID, State: staple.Good, AsOf: at, Until: at.Add(staple.MaxLife)}
}

func stapleOf(t testing.TB, c staple.Claims, key ed25519.PrivateKey) []byte {
	t.Helper()
	text, err := staple.Sign(c, c.Issuer+"#"+multikey(key), key)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(text)
}

// TestStapledStatus: every kind of staple against everything that else is known.
func TestStapledStatus(t *testing.T) {
	moved := func(by time.Duration) func(*staple.Claims) {
		return func(c *staple.Claims) { c.AsOf, c.Until = c.AsOf.Add(by), c.Until.Add(by) }
	}
	state := func(s staple.State, by time.Duration) func(*staple.Claims) {
		return func(c *staple.Claims) { c.State = s; moved(by)(c) }
	}
	staples := []struct {
		name   string
		change func(*staple.Claims)
		alone  verifier.Outcome // where no list can be had
		says   string
	}{
		{"good", nil, verifier.Verified, "stood as of " + asOf + ", which is good until 2026-11-22 09:00 UTC"},
		{"good, a clock a little behind", moved(3*time.Hour + 50*time.Second), verifier.Verified, "stood as of"},
		{"good, of the future", moved(5 * time.Hour), verifier.Undetermined, "dated in the future"},
		{"good, of yesterday", moved(-21 * time.Hour), verifier.Undetermined, "it was good until 2026-11-21 12:00 UTC"},
		{"good, ends in a second", moved(-21*time.Hour + time.Second), verifier.Verified, "stood as of"},
		{"good, of last year", moved(-8760 * time.Hour), verifier.Undetermined, "it was good until"},
		{"revoked", state(staple.Revoked, 0), verifier.Refused, "signed that it was revoked, as of " + asOf},
		{"revoked, of last year", state(staple.Revoked, -8760*time.Hour), verifier.Refused, "revoked"},
		{"revoked, of the future", state(staple.Revoked, 5*time.Hour), verifier.Refused, "revoked"},
		{"replaced", state(staple.Superseded, 0), verifier.Refused, "replaced by a newer one"},
		{"replaced, of last year", state(staple.Superseded, -8760*time.Hour), verifier.Refused, "replaced by a newer one"},
		{"paused", state(staple.Suspended, 0), verifier.Refused, "paused"},
		{"paused, of yesterday", state(staple.Suspended, -24*time.Hour), verifier.Undetermined, "it was good until"},
		{"of another credential", func(c *staple.Claims) { c.Credential = "urn:uuid:other" }, verifier.Undetermined, "it is of another credential"},
		{"revoked, of another credential", func(c *staple.Claims) { c.State, c.Credential = staple.Revoked, "urn:uuid:other" }, verifier.Undetermined, "it is of another credential"},
		{"by another issuer", func(c *staple.Claims) { c.Issuer = "did:web:else.example" }, verifier.Undetermined, "by someone else than the issuer"},
	}
	lists := []struct {
		name  string
		set   func(t *testing.T, w *world)
		wins  bool // over the staple
		alone verifier.Outcome
	}{
		{"no list", func(_ *testing.T, w *world) { delete(w.lists, listURL) }, false, verifier.Undetermined},
		{"an old list", func(t *testing.T, w *world) {
			w.lists[listURL] = w.list(t, func(l map[string]any) { l["validUntil"] = "2026-11-21T11:00:00Z" })
		}, false, verifier.Undetermined},
		{"a list by another", func(t *testing.T, w *world) {
			w.lists[listURL] = signWith(t, keyOf(3), academy+"#"+multikey(keyOf(3)), unsignedList(t))
		}, false, verifier.Undetermined},
		{"a list without it", func(*testing.T, *world) {}, true, verifier.Verified},
		{"a list with it", func(t *testing.T, w *world) { w.lists[listURL] = w.list(t, nil, 94567) }, true, verifier.Refused},
	}
	for _, l := range lists {
		for _, s := range staples {
			t.Run(l.name+"/"+s.name, func(t *testing.T) {
				w := newWorld(t).stapling("")
				l.set(t, w)
				claims := stapled()
				if s.change != nil {
					s.change(&claims)
				}
				r, err := w.verifier().Verify(t.Context(), w.sign(t, badge()), verifier.Ask{Staple: stapleOf(t, claims, stapleKey)})
				if err != nil {
					t.Fatal(err)
				}
				wellFormed(t, r)
				want, says := s.alone, s.says
				if l.wins {
					want, says = l.alone, "The issuer's list"
				}
				if c := find(r, "status"); c.Outcome != want || !strings.Contains(c.Reason, says) {
					t.Errorf("%+v, want %s “%s”", c, want, says)
				}
				if r.Verdict != want {
					t.Errorf("verdict %s, want %s", r.Verdict, want)
				}
				byStaple := !l.wins && want == verifier.Verified
				if byStaple != strings.Contains(r.Summary, "Genuine; status as of 2026-11-21") && byStaple != strings.Contains(r.Summary, "status as of 2026-11-20") {
					t.Errorf("summary %q", r.Summary)
				}
				if byStaple && strings.Contains(r.Summary, "current") {
					t.Errorf("it says more than is known: %q", r.Summary)
				}
			})
		}
	}
}

// TestStaplerKey: whose key signed, and whether it is to be believed.
func TestStaplerKey(t *testing.T) {
	good := stapleOf(t, stapled(), stapleKey)
	for name, test := range map[string]struct {
		staple []byte
		more   string // members of the key in the document
		change func(w *world)
		want   verifier.Outcome
		says   string
	}{
		"listed for no purpose": {good, "", nil, verifier.Verified, "stood as of"},
		"listed for badges":     {stapleOf(t, stapled(), keyOf(0)), "", nil, verifier.Verified, "stood as of"},
		"not listed":            {stapleOf(t, stapled(), keyOf(4)), "", nil, verifier.Undetermined, "does not list the key"},
		"given up":              {good, `,"revoked":"2026-11-21T11:00:00Z"`, nil, verifier.Undetermined, "has given up the key"},
		"to be given up":        {good, `,"revoked":"2026-11-21T13:00:00Z"`, nil, verifier.Verified, "stood as of"},
		"run out":               {good, `,"expires":"2026-11-21T11:00:00Z"`, nil, verifier.Undetermined, "has run out"},
		"of somebody else": {good, "", func(w *world) {
			w.documents[academy] = strings.Replace(w.documents[academy], `"controller":"`+academy, `"controller":"did:web:else.example`, 1)
		}, verifier.Undetermined, "belongs to someone else"},
		"another under its name": {good, "", func(w *world) {
			w.documents[academy] = strings.Replace(w.documents[academy], `"publicKeyMultibase":"`+multikey(stapleKey), `"publicKeyMultibase":"`+multikey(keyOf(5)), 1)
		}, verifier.Undetermined, "not signed with the key"},
		"signature of another": {append(good[:len(good)-86:len(good)-86], stapleOf(t, stapled(), keyOf(4))[len(good)-86:]...), "", nil, verifier.Undetermined, "not signed with the key"},
		"rubbish":              {[]byte("rubbish"), "", nil, verifier.Undetermined, "it cannot be read"},
		"empty":                {[]byte{}, "", nil, verifier.Undetermined, "it cannot be read"},
		"a badge's token":      {[]byte("eyJhbGciOiJFZERTQSJ9.e30.AAAA"), "", nil, verifier.Undetermined, "it cannot be read"},
		"with blanks around":   {append([]byte("\n"), append(good, '\n')...), "", nil, verifier.Verified, "stood as of"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t).stapling(test.more)
			delete(w.lists, listURL)
			if test.change != nil {
				test.change(w)
			}
			r, err := w.verifier().Verify(t.Context(), w.sign(t, badge()), verifier.Ask{Staple: test.staple})
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, r)
			if c := find(r, "status"); c.Outcome != test.want || !strings.Contains(c.Reason, test.says) || c.Detail["list"] != listURL {
				t.Errorf("%+v", c)
			}
		})
	}
}

// TestStapleNotAsked: where something else is amiss than a list that cannot be
// had, or somebody knows better, a staple changes nothing.
func TestStapleNotAsked(t *testing.T) {
	good := verifier.Ask{Staple: stapleOf(t, stapled(), stapleKey)}
	w := newWorld(t).stapling("")
	delete(w.lists, listURL)
	w.standing = map[string]verifier.Standing{badgeID: {Known: true, State: "revoked"}}
	ask := func(name string, doc []byte, want verifier.Outcome, says string) {
		t.Helper()
		r, err := w.verifier().Verify(t.Context(), doc, good)
		if err != nil {
			t.Fatal(err)
		}
		if c := find(r, "status"); c.Outcome != want || !strings.Contains(c.Reason, says) {
			t.Errorf("%s: %+v", name, c)
		}
	}
	ask("our records know of a revocation", w.sign(t, badge()), verifier.Refused, "It was revoked")
	w.standing = nil
	plain := badge()
	plain.CredentialStatus = nil
	ask("no status entry", w.sign(t, plain), verifier.Skipped, "keeps no list")
	ask("a list at no address", w.statusBadge(t, map[string]any{"id": "urn:x", "type": "1EdTechRevocationList"}, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"), verifier.Undetermined, "does not say where to look")
	odd := badge()
	odd.CredentialStatus.StatusListIndex = "x"
	ask("an index that is none", w.sign(t, odd), verifier.Undetermined, "The number of its status entry")
	// One list can be had and says no, another cannot.
	var m map[string]any
	if err := json.Unmarshal(toJSON(t, badge()), &m); err != nil {
		t.Fatal(err)
	}
	other := map[string]any{"id": "https://badges.example.org/status/2#94567", "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "94567", "statusListCredential": "https://badges.example.org/status/2"}
	m["credentialStatus"] = []any{m["credentialStatus"], other}
	w.lists[listURL] = w.list(t, nil, 94567)
	ask("one of two lists says no", w.sign(t, m), verifier.Refused, "The issuer's list")
	w.lists[listURL] = w.list(t, nil)
	ask("one of two lists cannot be had", w.sign(t, m), verifier.Verified, "stood as of")

	// What is not genuine is not made so.
	forged := []byte(strings.Replace(string(w.sign(t, badge())), "Ada Lovelace", "Eve Lovelace", 1))
	if r, err := w.verifier().Verify(t.Context(), forged, good); err != nil || r.Verdict != verifier.Refused {
		t.Errorf("forged: %+v, %v", r, err)
	}
	w.documents = map[string]string{}
	if r, err := w.verifier().Verify(t.Context(), w.sign(t, badge()), good); err != nil || r.Verdict != verifier.Undetermined || !strings.Contains(find(r, "status").Reason, "could not be looked up") {
		t.Errorf("no keys: %+v, %v", r, err)
	}
	// A staple is signed by the issuer, and no badge.
	if r, err := w.verifier().Verify(t.Context(), good.Staple, verifier.Ask{}); !errors.Is(err, verifier.ErrNoCredential) && r.Verdict != verifier.Refused {
		t.Errorf("a staple as a badge: %+v, %v", r, err)
	}
}

// TestStapleOfKey: an issuer whose identifier is its key signs staples with it,
// and the zero verifier, which knows nobody, answers.
func TestStapleOfKey(t *testing.T) {
	w := newWorld(t)
	id, err := did.EncodeMultikey(w.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	c, claims := badge(), stapled()
	c.Issuer.ID, claims.Issuer = "did:key:"+id, "did:key:"+id
	doc := signWith(t, w.key, "did:key:"+id+"#"+id, c)
	v := &verifier.Verifier{Now: func() time.Time { return today }}
	if r := verify(t, v, doc); r.Verdict != verifier.Undetermined {
		t.Errorf("without a staple: %s", r.Summary)
	}
	r, err := v.Verify(t.Context(), doc, verifier.Ask{Staple: stapleOf(t, claims, w.key)})
	if err != nil || r.Verdict != verifier.Verified || !strings.HasPrefix(r.Summary, "Issuer not known to us. Genuine; status as of "+asOf+": ") {
		t.Errorf("%v, %+v", err, r)
	}
	r, err = v.Verify(t.Context(), doc, verifier.Ask{Staple: stapleOf(t, claims, w.key), Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict == verifier.Undetermined && strings.Contains(r.Summary, "current") {
		t.Errorf("%s", r.Summary)
	}
}
