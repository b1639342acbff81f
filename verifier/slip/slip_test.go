package slip

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var (
	secret = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{5}, 32))
	public = secret.Public().(ed25519.PublicKey)
	other  = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{6}, 32)).Public().(ed25519.PublicKey)
)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func ada() Claims {
	return Claims{Credential: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Achievement: "C1", Version: 3, Name: "Ada Škvorecká",
		Awarded: day("2026-11-14"), Issued: day("2026-11-15"), Until: day("2029-11-14"), Printed: day("2026-11-21"), StatusIndex: 90_123,
		AsOf: day("2026-11-21").Add(9 * time.Hour), GoodUntil: day("2026-11-22").Add(8*time.Hour + 7*time.Minute),
		Digest: sha256.Sum256([]byte("badge"))}
}

func signed(t testing.TB, c Claims) string {
	t.Helper()
	text, err := Sign(c, secret)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSlip(t *testing.T) {
	text := signed(t, ada())
	if again := signed(t, ada()); again != text || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567.1") != "" {
		t.Errorf("%s, and again %s", text, again)
	}
	s, err := Read(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ada(), s.Claims); diff != "" {
		t.Error(diff)
	}
	if err := s.Verify([]ed25519.PublicKey{other, nil, public}); err != nil {
		t.Error(err)
	}
	if err := s.Verify([]ed25519.PublicKey{other}); !errors.Is(err, ErrKey) {
		t.Errorf("another key: %v", err)
	}
	if err := s.Verify(nil); !errors.Is(err, ErrKey) {
		t.Errorf("no key: %v", err)
	}
	// A signature over the same bytes without the word for slips is none.
	raw, _ := alphabet.DecodeString(text[len(Mark):])
	message := raw[:len(raw)-64]
	bare, err := Read(Mark + alphabet.EncodeToString(append(bytes.Clone(message), ed25519.Sign(secret, message)...)))
	if err != nil || !errors.Is(bare.Verify([]ed25519.PublicKey{public}), ErrSignature) {
		t.Errorf("without its word: %v", err)
	}
	if p256, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader); true {
		if _, err := Sign(ada(), p256); err == nil {
			t.Error("signed with a P-256 key")
		}
	}
}

func TestFind(t *testing.T) {
	text := signed(t, ada())
	for scanned, want := range map[string]bool{
		text: true, " " + text + "\n": true, strings.ToLower(text): true,
		"HTTPS://A.EXAMPLE/V/ABC#" + text:                  true,
		"https://a.example/v/abc#" + strings.ToLower(text): true,
		"https://a.example/v/abc":                          false, "https://a.example/v/abc#claims": false, "": false, "#": false, "S1.": false,
		"#" + Mark + strings.Repeat("A", MaxText): false,
	} {
		got, ok := Find(scanned)
		if ok != want || ok && got != text {
			t.Errorf("%q: %q %v", scanned, got, ok)
		}
	}
}

func TestRefusedClaims(t *testing.T) {
	for name, change := range map[string]func(*Claims){
		"short id":             func(c *Claims) { c.Credential = "ABC" },
		"id in lower":          func(c *Claims) { c.Credential = strings.ToLower(c.Credential) },
		"no achievement":       func(c *Claims) { c.Achievement = "" },
		"long code":            func(c *Claims) { c.Achievement = strings.Repeat("x", MaxCode+1) },
		"long name":            func(c *Claims) { c.Name = strings.Repeat("x", MaxName+1) },
		"bidi name":            func(c *Claims) { c.Name = "Ada\u202e" },
		"padded name":          func(c *Claims) { c.Name = " Ada" },
		"not UTF-8":            func(c *Claims) { c.Name = "\xff" },
		"line break":           func(c *Claims) { c.Name = "A\nB" },
		"no version":           func(c *Claims) { c.Version = 0 },
		"a time of day":        func(c *Claims) { c.Issued = c.Issued.Add(time.Hour) },
		"no day":               func(c *Claims) { c.Printed = time.Time{} },
		"far day":              func(c *Claims) { c.Until = day("2300-01-01") },
		"negative index":       func(c *Claims) { c.StatusIndex = -2 },
		"index too large":      func(c *Claims) { c.StatusIndex = 1 << 41 },
		"as of, and no end":    func(c *Claims) { c.GoodUntil = time.Time{} },
		"an end, and no as of": func(c *Claims) { c.AsOf = time.Time{} },
		"as of the day before": func(c *Claims) { c.AsOf = c.Printed.Add(-time.Minute) },
		"as of the day after":  func(c *Claims) { c.AsOf = c.Printed.Add(24 * time.Hour) },
		"as of a second":       func(c *Claims) { c.AsOf = c.AsOf.Add(time.Second) },
		"good for no time":     func(c *Claims) { c.GoodUntil = c.AsOf },
		"good before":          func(c *Claims) { c.GoodUntil = c.AsOf.Add(-time.Minute) },
		"good for long":        func(c *Claims) { c.GoodUntil = c.AsOf.Add(24*time.Hour + time.Minute) },
		"good until a second":  func(c *Claims) { c.GoodUntil = c.GoodUntil.Add(time.Second) },
	} {
		c := ada()
		change(&c)
		if text, err := Sign(c, secret); !errors.Is(err, ErrClaims) {
			t.Errorf("%s: %q %v", name, text, err)
		}
		// Whoever signs it all the same is refused by the reader.
		message := c.encode(HintOf(public))
		signature := ed25519.Sign(secret, append([]byte(context), message...))
		if s, err := Read(Mark + alphabet.EncodeToString(append(message, signature...))); err == nil && cmp.Equal(s.Claims, c) {
			t.Errorf("%s: read", name)
		}
	}
}

// TestOneSpelling: no other bytes say the same, and no change of one bit is
// read as a good slip.
func TestOneSpelling(t *testing.T) {
	text := signed(t, ada())
	raw, err := alphabet.DecodeString(text[len(Mark):])
	if err != nil {
		t.Fatal(err)
	}
	good := func(text string) bool {
		s, err := Read(text)
		return err == nil && s.Verify([]ed25519.PublicKey{public}) == nil
	}
	if !good(text) {
		t.Fatal("the slip itself is not good")
	}
	for i := range len(raw) * 8 {
		changed := bytes.Clone(raw)
		changed[i/8] ^= 1 << (i % 8)
		if good(Mark + alphabet.EncodeToString(changed)) {
			t.Fatalf("bit %d may be changed", i)
		}
	}
	for i := range text {
		for _, c := range []byte("A7\n=") {
			changed := []byte(text)
			if changed[i] == c {
				continue
			}
			if changed[i] = c; good(string(changed)) {
				t.Fatalf("character %d may be %q", i, c)
			}
		}
	}
	for i := range text {
		for _, c := range "\r\n" { // which decoders of base32 pass over
			if good(text[:i] + string(c) + text[i:]) {
				t.Fatalf("there may be %q before character %d", c, i)
			}
		}
	}
	for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" {
		if other := text[:len(text)-1] + string(c); other != text && good(other) {
			t.Fatalf("the last character may be %c", c)
		}
	}
	resign := func(message []byte) string {
		signature := ed25519.Sign(secret, append([]byte(context), message...))
		return Mark + alphabet.EncodeToString(append(bytes.Clone(message), signature...))
	}
	message := raw[:len(raw)-64]
	if !good(resign(message)) {
		t.Fatal("signing anew does not give a good slip")
	}
	replace := func(old, new string) []byte {
		if bytes.Count(message, []byte(old)) != 1 {
			t.Fatalf("%q is there %d times", old, bytes.Count(message, []byte(old)))
		}
		return bytes.Replace(message, []byte(old), []byte(new), 1)
	}
	for name, changed := range map[string][]byte{
		"bytes behind":       append(bytes.Clone(message), 0),
		"cut off":            message[:len(message)-1],
		"empty":              {},
		"empty map":          {0xa0},
		"a longer number":    replace("\x04\x03", "\x04\x18\x03"),
		"a longer key":       replace("\x04\x03", "\x18\x04\x03"),
		"indefinite map":     append([]byte{0xbf}, append(bytes.Clone(message[1:]), 0xff)...),
		"indefinite text":    replace("\x03\x62C1", "\x03\x7f\x62C1\xff"),
		"text as bytes":      replace("\x03\x62C1", "\x03\x42C1"),
		"a key twice":        append([]byte{message[0] + 1}, replace("\x04\x03", "\x04\x03\x04\x03")[1:]...),
		"an unknown key":     append([]byte{message[0] + 1}, append(bytes.Clone(message[1:]), 14, 0)...),
		"keys turned around": replace("\x03\x62C1\x04\x03", "\x04\x03\x03\x62C1"),
		"a key missing":      append([]byte{message[0] - 1}, replace("\x04\x03", "")[1:]...),
		"a negative version": replace("\x04\x03", "\x04\x23"),
		"an empty name":      replace("\x05\x6fAda Škvorecká", "\x05\x60"),
		"count too small":    append([]byte{message[0] - 1}, message[1:]...),
		"an array":           append([]byte{message[0]&31 | 0x80}, message[1:]...),
		"a tag":              append([]byte{0xc6}, message...),
	} {
		if _, err := Read(resign(changed)); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anyDay := rapid.Map(rapid.IntRange(0, maxDay), func(n int) time.Time { return timeOf(uint64(n)) })
		c := Claims{
			Credential: rapid.StringMatching(`[A-Z2-7]{26}`).Draw(t, "id"), Achievement: rapid.StringMatching(`[!-~]{1,32}`).Draw(t, "code"),
			Version: rapid.Uint32Min(1).Draw(t, "version"), Name: rapid.StringMatching(`([A-Zà-žа-я一-三]([ -]?[a-zà-žа-я]){0,12})?`).Draw(t, "name"),
			Awarded: anyDay.Draw(t, "awarded"), Issued: anyDay.Draw(t, "issued"), Printed: anyDay.Draw(t, "printed"),
			StatusIndex: rapid.Int64Range(-1, 1<<40).Draw(t, "index"),
		}
		if rapid.Bool().Draw(t, "ends") {
			c.Until = anyDay.Draw(t, "until")
		}
		if rapid.Bool().Draw(t, "stands") {
			c.AsOf = c.Printed.Add(time.Duration(rapid.IntRange(0, dayMinutes-1).Draw(t, "as of")) * time.Minute)
			c.GoodUntil = c.AsOf.Add(time.Duration(rapid.IntRange(1, dayMinutes).Draw(t, "life")) * time.Minute)
		}
		copy(c.Digest[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "digest"))
		text, err := Sign(c, secret)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Read(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, s.Claims); diff != "" || s.Verify([]ed25519.PublicKey{public}) != nil {
			t.Fatal(diff)
		}
	})
}

// TestLongest: claims as long as they can be, each by itself, have room; what has
// none is not signed.
func TestLongest(t *testing.T) {
	c := ada()
	c.Until, c.Printed = timeOf(maxDay), timeOf(maxDay)
	c.AsOf = c.Printed.Add((dayMinutes - 1) * time.Minute)
	c.GoodUntil = c.AsOf.Add(dayMinutes * time.Minute)
	long := c
	long.Name = strings.Repeat("x", MaxName)
	t.Logf("with a name of %d bytes: %d characters", MaxName, len(signed(t, long)))
	long = c
	long.Achievement = strings.Repeat("x", MaxCode)
	t.Logf("with a code of %d bytes: %d characters", MaxCode, len(signed(t, long)))
	long.Name = strings.Repeat("x", MaxName)
	if text, err := Sign(long, secret); !errors.Is(err, ErrClaims) {
		t.Errorf("both: %d characters, %v", len(text), err)
	}
}

// TestJudge: what a slip is worth without anything but keys and the time.
func TestJudge(t *testing.T) {
	at := func(text string) time.Time {
		at, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	silent := func(c *Claims) { c.AsOf, c.GoodUntil = time.Time{}, time.Time{} }
	for name, test := range map[string]struct {
		change        func(*Claims)
		keys          []ed25519.PublicKey
		now           time.Time
		verdict, says string
	}{
		"within its window":   {nil, []ed25519.PublicKey{public}, at("2026-11-22 08:06"), AsPrinted, "stood as of 2026-11-21 09:00 UTC, which is good until 2026-11-22 08:07 UTC"},
		"after it":            {nil, []ed25519.PublicKey{public}, at("2026-11-22 08:07"), AsPrinted, "signed what this code says. Whether"},
		"years later":         {nil, []ed25519.PublicKey{other, public}, at("2029-11-14 23:59"), AsPrinted, "printed on 2026-11-21"},
		"without a window":    {silent, []ed25519.PublicKey{public}, at("2026-11-21 12:00"), AsPrinted, "signed what this code says. Whether"},
		"after its last day":  {nil, []ed25519.PublicKey{public}, at("2029-11-15 00:00"), Refused, "ended on 2029-11-14"},
		"no last day":         {func(c *Claims) { c.Until = time.Time{} }, []ed25519.PublicKey{public}, at("2049-11-15 00:00"), AsPrinted, "signed what this code says"},
		"printed tomorrow":    {nil, []ed25519.PublicKey{public}, at("2026-11-20 00:00"), AsPrinted, "printed on"},
		"printed in two days": {nil, []ed25519.PublicKey{public}, at("2026-11-19 23:59"), Undetermined, "the clock here"},
		"another key":         {nil, []ed25519.PublicKey{other}, at("2026-11-21 12:00"), Undetermined, "not known here"},
		"no key":              {nil, nil, at("2026-11-21 12:00"), Undetermined, "not known here"},
	} {
		c := ada()
		if test.change != nil {
			test.change(&c)
		}
		s, err := Open("https://a.example/v/" + c.Credential + "#" + signed(t, c))
		if err != nil {
			t.Fatal(err)
		}
		if a := s.Judge(test.keys, test.now); a.Verdict != test.verdict || !strings.Contains(a.Summary, test.says) || a.Slip.Name != c.Name {
			t.Errorf("%s: %+v", name, a)
		}
	}
	text := signed(t, ada())
	changed := text[:len(text)-20] + map[bool]string{true: "B", false: "A"}[text[len(text)-20] == 'A'] + text[len(text)-19:]
	if s, err := Open(changed); err != nil || s.Judge([]ed25519.PublicKey{public}, at("2026-11-21 12:00")).Verdict != Refused {
		t.Errorf("changed: %v", err)
	}
}

// TestOpen: what was scanned, and the link before it.
func TestOpen(t *testing.T) {
	text, id := signed(t, ada()), ada().Credential
	for scanned, want := range map[string]error{
		text: nil, "#" + text: nil, "https://a.example/v/" + id + "#" + text: nil, "HTTPS://A.EXAMPLE/V/" + id + "?x=1#" + strings.ToLower(text): nil,
		"https://a.example/v/" + strings.Repeat("A", 26) + "#" + text: ErrLink, "https://a.example/#" + text: ErrLink,
		text[:90]: ErrTorn, "hello": ErrNone, "": ErrNone, "https://a.example/v/" + id: ErrNone,
	} {
		if _, err := Open(scanned); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", scanned, err, want)
		}
	}
}

// FuzzRead: whatever is read was written the one way there is.
func FuzzRead(f *testing.F) {
	f.Add([]byte(nil))
	raw, _ := alphabet.DecodeString(signed(f, ada())[len(Mark):])
	f.Add(raw)
	c := ada()
	c.Name, c.Until, c.StatusIndex, c.AsOf, c.GoodUntil = "", time.Time{}, -1, time.Time{}, time.Time{}
	raw, _ = alphabet.DecodeString(signed(f, c)[len(Mark):])
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := Read(Mark + alphabet.EncodeToString(raw))
		if err != nil {
			return
		}
		if again := append(s.encode(s.Key), s.signature...); !bytes.Equal(again, raw) {
			t.Fatalf("%x is written %x", raw, again)
		}
	})
}
