package staple

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const (
	academy = "did:web:badges.example.org"
	kid     = academy + "#k1"
)

var (
	secret = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{5}, 32))
	public = secret.Public().(ed25519.PublicKey)
	nine   = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
)

func good() Claims {
	return Claims{Issuer: academy, Credential: "https://badges.example.org/v/ABC", State: Good, AsOf: nine, Until: nine.Add(MaxLife)}
}

func signed(t testing.TB, c Claims) string {
	t.Helper()
	text, err := Sign(c, kid, secret)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// by signs whatever it is given, as nobody here would.
func by(key ed25519.PrivateKey, header, payload string) string {
	input := encoding.EncodeToString([]byte(header)) + "." + encoding.EncodeToString([]byte(payload))
	return input + "." + encoding.EncodeToString(ed25519.Sign(key, []byte(input)))
}

func TestStaple(t *testing.T) {
	for _, state := range []State{Good, Suspended, Revoked, Superseded} {
		c := good()
		c.State = state
		s, err := Read(signed(t, c))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, s.Claims); diff != "" || s.KeyID != kid {
			t.Errorf("%s: key %s, %s", state, s.KeyID, diff)
		}
		if err := s.Verify(public); err != nil {
			t.Error(err)
		}
		other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{6}, 32)).Public().(ed25519.PublicKey)
		for _, key := range []ed25519.PublicKey{other, nil, public[:31]} {
			if err := s.Verify(key); !errors.Is(err, ErrSignature) {
				t.Errorf("key %x: %v", key, err)
			}
		}
		if final := state == Revoked || state == Superseded; state.Final() != final {
			t.Errorf("%s is final: %v", state, state.Final())
		}
	}
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Sign(good(), kid, p256); err == nil {
		t.Error("signed with a P-256 key")
	}
}

const (
	header  = `{"alg":"EdDSA","kid":"` + kid + `","typ":"hallmark-status+jwt"}`
	payload = `{"iss":"` + academy + `","sub":"https://badges.example.org/v/ABC","iat":1795251600,"exp":1795338000,"status":"good"}`
)

// TestForm holds the text to what the package comment says of it.
func TestForm(t *testing.T) {
	if want, got := by(secret, header, payload), signed(t, good()); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestRefusedClaims(t *testing.T) {
	for name, change := range map[string]func(*Claims){
		"no issuer":          func(c *Claims) { c.Issuer = "" },
		"another's key":      func(c *Claims) { c.Issuer = "did:web:else.example" },
		"no credential":      func(c *Claims) { c.Credential = "" },
		"a blank":            func(c *Claims) { c.Credential = "a b" },
		"hidden letters":     func(c *Claims) { c.Credential = "a\u202eb" },
		"not UTF-8":          func(c *Claims) { c.Credential = "\xff" },
		"long":               func(c *Claims) { c.Credential = strings.Repeat("x", maxName+1) },
		"no state":           func(c *Claims) { c.State = "" },
		"another state":      func(c *Claims) { c.State = "Good" },
		"no time":            func(c *Claims) { c.AsOf, c.Until = time.Time{}, time.Time{} },
		"half a second":      func(c *Claims) { c.AsOf = c.AsOf.Add(time.Second / 2) },
		"ends as it begins":  func(c *Claims) { c.Until = c.AsOf },
		"ends before":        func(c *Claims) { c.Until = c.AsOf.Add(-time.Hour) },
		"longer than a day":  func(c *Claims) { c.Until = c.Until.Add(time.Second) },
		"far in the future":  func(c *Claims) { c.AsOf = time.Unix(1<<40, 0); c.Until = c.AsOf.Add(time.Hour) },
		"for ever (minimum)": func(c *Claims) { c.Until = time.Unix(-1<<60, 0) },
	} {
		c := good()
		change(&c)
		if text, err := Sign(c, kid, secret); !errors.Is(err, ErrClaims) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
		// Whoever signs it all the same is refused by the reader.
		input := c.encode(kid)
		if s, err := Read(input + "." + encoding.EncodeToString(ed25519.Sign(secret, []byte(input)))); err == nil && cmp.Equal(s.Claims, c) {
			t.Errorf("%s: read", name)
		}
	}
}

// TestOneSpelling: what says the same in another way, or is no staple, is not
// read, however well it is signed.
func TestOneSpelling(t *testing.T) {
	text := signed(t, good())
	replace := func(s, old, new string) string {
		if strings.Count(s, old) != 1 {
			t.Fatalf("%q is in %s %d times", old, s, strings.Count(s, old))
		}
		return strings.Replace(s, old, new, 1)
	}
	parts := strings.Split(text, ".")
	for name, text := range map[string]string{
		"nothing":              "",
		"a blank behind":       text + " ",
		"a line break within":  text[:9] + "\n" + text[9:],
		"padding":              text + "==",
		"four parts":           text + ".",
		"no signature":         parts[0] + "." + parts[1] + ".",
		"short signature":      parts[0] + "." + parts[1] + "." + parts[2][:84],
		"no header":            by(secret, "", payload),
		"no payload":           by(secret, header, ""),
		"array":                by(secret, header, "["+payload+"]"),
		"alg none":             by(secret, replace(header, "EdDSA", "none"), payload),
		"another alg":          by(secret, replace(header, "EdDSA", "ES256"), payload),
		"no typ":               by(secret, replace(header, `,"typ":"hallmark-status+jwt"`, ""), payload),
		"another typ":          by(secret, replace(header, "hallmark-status+jwt", "vc+jwt"), payload),
		"jku":                  by(secret, replace(header, `"typ"`, `"jku":"https://x.example","typ"`), payload),
		"crit":                 by(secret, replace(header, `{`, `{"crit":["x"],`), payload),
		"blanks in the header": by(secret, replace(header, `{`, `{ `), payload),
		"kid without fragment": by(secret, replace(header, "#k1", ""), payload),
		"another member":       by(secret, header, replace(payload, `}`, `,"note":"x"}`)),
		"a member twice":       by(secret, header, replace(payload, `}`, `,"status":"good"}`)),
		"a member less":        by(secret, header, replace(payload, `,"status":"good"`, "")),
		"turned around":        by(secret, header, replace(payload, `"iat":1795251600,"exp":1795338000`, `"exp":1795338000,"iat":1795251600`)),
		"a fraction":           by(secret, header, replace(payload, "1795251600", "1795251600.0")),
		"an exponent":          by(secret, header, replace(payload, "1795251600", "17952516e2")),
		"text for a time":      by(secret, header, replace(payload, "1795251600", `"1795251600"`)),
		"state as a number":    by(secret, header, replace(payload, `"good"`, "0")),
		"escaped":              by(secret, header, replace(payload, `"good"`, `"\u0067ood"`)),
		"too long":             by(secret, header, payload+strings.Repeat(" ", MaxText)),
	} {
		if s, err := Read(text); err == nil {
			t.Errorf("%s: read %+v", name, s)
		}
	}
	for i := range text {
		for _, c := range []byte("A7_") {
			changed := []byte(text)
			if changed[i] == c {
				continue
			}
			changed[i] = c
			if s, err := Read(string(changed)); err == nil && s.Verify(public) == nil {
				t.Fatalf("character %d may be %q", i, c)
			}
		}
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`[!-~à-ž一-三]{1,60}`)
		c := Claims{Issuer: id.Draw(t, "issuer"), Credential: id.Draw(t, "credential"),
			State: rapid.SampledFrom([]State{Good, Suspended, Revoked, Superseded}).Draw(t, "state"),
			AsOf:  time.Unix(rapid.Int64Range(1, latest).Draw(t, "as of"), 0).UTC()}
		c.Until = c.AsOf.Add(time.Duration(rapid.IntRange(1, 86400).Draw(t, "life")) * time.Second)
		text, err := Sign(c, c.Issuer+"#"+id.Draw(t, "key"), secret)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Read(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, s.Claims); diff != "" || s.Verify(public) != nil {
			t.Fatal(diff)
		}
	})
}

// FuzzRead: whatever is read was written the one way there is.
func FuzzRead(f *testing.F) {
	f.Add(signed(f, good()))
	f.Add("")
	f.Add(by(secret, header, strings.Replace(payload, "good", "revoked", 1)))
	f.Add(by(secret, strings.Replace(header, "k1", `\u006b1`, 1), payload))
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Read(text)
		if err != nil {
			if !errors.Is(err, ErrNotStaple) && !errors.Is(err, ErrClaims) {
				t.Fatal(err)
			}
			return
		}
		if again := s.encode(s.KeyID) + "." + encoding.EncodeToString(s.signature); again != text {
			t.Fatalf("%s is written %s", text, again)
		}
		if life := s.Until.Sub(s.AsOf); life <= 0 || life > MaxLife {
			t.Fatalf("it lives %s", life)
		}
	})
}
