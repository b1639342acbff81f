package verifier_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hallmark/verifier"
	"hallmark/verifier/bake"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/ob3"
)

func TestGenuineBadge(t *testing.T) {
	w := newWorld(t)
	doc := w.sign(t, badge())
	r := verify(t, w.verifier(), doc)
	if r.Verdict != verifier.Verified {
		t.Fatalf("%s: %+v", r.Summary, r.Checks)
	}
	if want := "Issuer not known to us. Genuine and current: “Low-code Foundations”, issued by “Example Academy” (badges.example.org) to “Ada Lovelace” on 2026-11-21, valid until 2029-11-21."; r.Summary != want {
		t.Errorf("summary %q", r.Summary)
	}
	for name, want := range map[string]verifier.Outcome{"format": "verified", "proof": "verified", "issuer": "verified", "trust": "skipped", "status": "verified",
		"period": "verified", "recipient": "skipped", "refresh": "skipped", "schema": "verified", "conformance": "verified", "log": "skipped", "endorsement": "skipped", "image": "skipped"} {
		if got := outcome(r, name); got != want {
			t.Errorf("%s is %s; want %s", name, got, want)
		}
	}
	if r.Issuer.ID != academy || r.Issuer.Name != "Example Academy" || r.Issuer.Trusted || !r.CheckedAt.Equal(today) {
		t.Errorf("issuer %+v, checked %s", r.Issuer, r.CheckedAt)
	}
	if !slices.Equal(w.asked, []string{academy, listURL}) {
		t.Errorf("asked for %v", w.asked)
	}
}

// The JSON of a report has the fixed shape.
func TestReportShape(t *testing.T) {
	w := newWorld(t)
	raw, err := json.Marshal(verify(t, w.verifier(), w.sign(t, badge())))
	if err != nil {
		t.Fatal(err)
	}
	var shape map[string]any
	if err := json.Unmarshal(raw, &shape); err != nil {
		t.Fatal(err)
	}
	if got := slices.Sorted(maps.Keys(shape)); !slices.Equal(got, []string{"checkedAt", "checks", "credential", "issuer", "summary", "verdict"}) {
		t.Errorf("members %v", got)
	}
	if got := slices.Sorted(maps.Keys(shape["issuer"].(map[string]any))); !slices.Equal(got, []string{"how", "id", "name", "trusted"}) {
		t.Errorf("members of issuer %v", got)
	}
	if _, ok := shape["credential"].(map[string]any)["proof"]; ok {
		t.Error("the claims that were signed contain the proof")
	}
	if shape["checkedAt"] != "2026-11-21T12:00:00Z" {
		t.Errorf("checkedAt %v", shape["checkedAt"])
	}
}

func TestPublishedSamples(t *testing.T) {
	golden := fixture(t, "examples/examples-ob3-di.json")
	list := fixture(t, "examples/examples-status-list.json")
	w := &world{lists: map[string][]byte{listURL: list}}
	v := w.verifier()
	v.Keys = nil
	expect{"refused", "status", "refused", "revoked", "Genuine, but revoked: “Low-code Foundations”"}.compare(t, "golden badge, whose bit is set", verify(t, v, golden))

	offline := &verifier.Verifier{Now: v.Now}
	r := verify(t, offline, golden)
	expect{"undetermined", "status", "undetermined", "not at hand", "Genuine, but whether it is still good"}.compare(t, "golden badge offline", r)
	if outcome(r, "schema") != verifier.Verified || outcome(r, "issuer") != verifier.Verified {
		t.Errorf("%+v", r.Checks)
	}
	expect{"verified", "issuer", "verified", "is the key that signed", "Issuer not known to us. Genuine and current"}.compare(t, "endorsement", verify(t, offline, fixture(t, "examples/examples-endorsement-di.json")))
	expect{"verified", "proof", "verified", "", ""}.compare(t, "status list as a credential", verify(t, offline, list))

	for file, want := range map[string]expect{
		"simple.json":                 {"undetermined", "issuer", "undetermined", "could not be looked up", "Could not be checked fully"},
		"simple-multiple-proofs.json": {"undetermined", "issuer", "undetermined", "could not be looked up", "Could not be checked fully"},
		"simple-err-expired.json":     {"refused", "period", "refused", "expired on 2010-01-01", "Not good: expired on 2010-01-01"},
		"simple-err-proof-value.json": {"refused", "proof", "refused", "does not fit", "Not genuine"},
		"simple-err-context.json":     {"refused", "format", "refused", "vocabulary", "Not genuine"},
		"endorsement-valid.json":      {"undetermined", "issuer", "undetermined", "", "Could not be checked fully"},
		"simple_v1.json":              {"undetermined", "issuer", "undetermined", "could not be looked up", "Could not be checked fully"},
		"complete.json":               {"refused", "proof", "", "", ""},
	} {
		r := verify(t, offline, fixture(t, "vectors/1edtech-ob30/"+file))
		if want.outcome == "" {
			t.Logf("%s: %s", file, r.Summary)
			continue
		}
		want.compare(t, file, r)
	}
	// With the issuer's document at hand, 1EdTech's sample is genuine.
	w.documents = map[string]string{"https://example.com/issuers/876543": `{"id":"https://example.com/issuers/876543","verificationMethod":[{
		"id":"https://example.com/issuers/876543#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi","type":"Multikey","controller":"https://example.com/issuers/876543",
		"publicKeyMultibase":"z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"}],"assertionMethod":["https://example.com/issuers/876543#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"]}`}
	expect{"verified", "issuer", "verified", "published document", "Issuer not known to us."}.compare(t, "simple.json with a document", verify(t, w.verifier(), fixture(t, "vectors/1edtech-ob30/simple.json")))
}

// Bits 0, 94567 and 131071 of the published list are set.
func TestPublishedListBits(t *testing.T) {
	w := newWorld(t)
	w.lists[listURL] = fixture(t, "examples/examples-status-list.json")
	key := "did:key:z6MkgqnKuveryDJNXPj37VdxUrR2NJBJ83hAtTS17csoGhwq"
	// The list is by the published key; a badge by another issuer may not use it.
	expect{"undetermined", "status", "undetermined", "by someone else", "Genuine, but whether"}.compare(t, "other issuer", verify(t, w.verifier(), w.sign(t, badge())))
	w.lists[listURL] = w.list(t, nil, 0, 94567, 131071)
	for index, want := range map[string]expect{
		"0":      {"refused", "status", "refused", "revoked", "Genuine, but revoked"},
		"1":      {"verified", "status", "verified", "does not mark it", "Issuer not known"},
		"94567":  {"refused", "status", "refused", "revoked", "Genuine, but revoked"},
		"131071": {"refused", "status", "refused", "revoked", "Genuine, but revoked"},
		"131072": {"undetermined", "status", "undetermined", "no entry with this number", "Genuine, but whether"},
		"-1":     {"undetermined", "status", "undetermined", "cannot be read", "Genuine, but whether"},
		"abc":    {"undetermined", "status", "undetermined", "cannot be read", "Genuine, but whether"},
	} {
		b := badge()
		b.CredentialStatus.StatusListIndex = index
		want.compare(t, key+" "+index, verify(t, w.verifier(), w.sign(t, b)))
	}
}

func TestNoCredential(t *testing.T) {
	for name, doc := range map[string]string{
		"nothing": "", "text": "hello", "number": "7", "list": "[]", "object": `{"a":1}`, "broken": `{"a":`, "null": "null",
		"token of no credential": "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.AAAA",
		"picture without":        "\x89PNG\r\n\x1a\n", "svg without": `<svg xmlns="http://www.w3.org/2000/svg"></svg>`,
	} {
		r, err := (&verifier.Verifier{}).Verify(t.Context(), []byte(doc), verifier.Ask{})
		if !errors.Is(err, verifier.ErrNoCredential) {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
}

func TestForms(t *testing.T) {
	w := newWorld(t)
	doc := w.sign(t, badge())
	svg, err := bake.SVG([]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), doc)
	if err != nil {
		t.Fatal(err)
	}
	expect{"verified", "image", "verified", "exactly one", "Issuer not known"}.compare(t, "baked", verify(t, w.verifier(), svg))
	expect{"refused", "format", "refused", "cannot be read", "Not genuine"}.compare(t, "cut off", verify(t, w.verifier(), doc[:len(doc)-1]))
	expect{"verified", "format", "verified", "", ""}.compare(t, "byte order mark", verify(t, w.verifier(), append([]byte("\ufeff"), doc...)))
	expect{"verified", "format", "verified", "", ""}.compare(t, "white space around", verify(t, w.verifier(), append([]byte("\n "), append(doc, '\n')...)))
}

func TestRecipient(t *testing.T) {
	w := newWorld(t)
	doc := w.sign(t, badge())
	bare := badge()
	bare.CredentialSubject.Identifier = nil
	odd := badge()
	odd.CredentialSubject.Identifier = []ob3.IdentityObject{{Type: "IdentityObject", IdentityType: "emailAddress", Hashed: true, IdentityHash: "sha1$00"}}
	for name, tt := range map[string]struct {
		doc  []byte
		ask  verifier.Ask
		want expect
	}{
		"name":             {doc, verifier.Ask{Name: "Ada Lovelace"}, expect{"verified", "recipient", "verified", "this name", ""}},
		"name, other case": {doc, verifier.Ask{Name: " ada  LOVELACE "}, expect{"verified", "recipient", "verified", "", ""}},
		"other name":       {doc, verifier.Ask{Name: "Eve"}, expect{"refused", "recipient", "refused", "another name", "Genuine, but issued to someone else"}},
		"address":          {doc, verifier.Ask{Email: "Ada@Example.org"}, expect{"verified", "recipient", "verified", "", ""}},
		"other address":    {doc, verifier.Ask{Email: "eve@example.org"}, expect{"refused", "recipient", "refused", "another e-mail", ""}},
		"both":             {doc, verifier.Ask{Name: "Ada Lovelace", Email: "ada@example.org"}, expect{"verified", "recipient", "verified", "", ""}},
		"one of both":      {doc, verifier.Ask{Name: "Ada Lovelace", Email: "eve@example.org"}, expect{"refused", "recipient", "refused", "", ""}},
		"the other":        {doc, verifier.Ask{Name: "Eve", Email: "ada@example.org"}, expect{"refused", "recipient", "refused", "", ""}},
		"nobody named":     {w.sign(t, bare), verifier.Ask{Name: "Ada Lovelace"}, expect{"undetermined", "recipient", "undetermined", "does not carry", "Genuine and current, but whose"}},
		"unknown hash":     {w.sign(t, odd), verifier.Ask{Email: "ada@example.org"}, expect{"undetermined", "recipient", "undetermined", "not read here", ""}},
		"no name, address": {w.sign(t, odd), verifier.Ask{Name: "Ada", Email: "ada@example.org"}, expect{"undetermined", "recipient", "undetermined", "", ""}},
	} {
		r, err := w.verifier().Verify(t.Context(), tt.doc, tt.ask)
		if err != nil {
			t.Fatal(err)
		}
		tt.want.compare(t, name, r)
	}
}

func TestTrust(t *testing.T) {
	w := newWorld(t)
	doc := w.sign(t, badge())
	for name, tt := range map[string]struct {
		list string
		want expect
	}{
		"by id":           {`{"issuers":[{"id":"did:web:badges.example.org","name":"The Academy"}]}`, expect{"verified", "trust", "verified", "", "Genuine and current: “Low-code Foundations”, issued by “The Academy”"}},
		"by domain":       {`{"domains":["badges.example.org"]}`, expect{"verified", "trust", "verified", "", "Genuine and current"}},
		"by parent":       {`{"domains":["*.example.org"]}`, expect{"verified", "trust", "verified", "", "Genuine and current"}},
		"lines":           {"# ours\n\ndid:web:badges.example.org Example Academy\n", expect{"verified", "trust", "verified", "", "Genuine and current"}},
		"another domain":  {`{"domains":["example.org","*.badges.example.org","adges.example.org"]}`, expect{"undetermined", "trust", "undetermined", "not on the list", "Issuer not known to us. Genuine and current"}},
		"another id":      {"did:web:badges.example.org.evil.example", expect{"undetermined", "trust", "undetermined", "not on the list", "Issuer not known to us."}},
		"by its own name": {`{"issuers":[{"id":"did:web:elsewhere.example","name":"Example Academy"}]}`, expect{"undetermined", "trust", "undetermined", "", "Issuer not known to us."}},
		"empty":           {`{}`, expect{"undetermined", "trust", "undetermined", "", "Issuer not known to us."}},
	} {
		v := w.verifier()
		var err error
		if v.Trust, err = verifier.ParseTrust([]byte(tt.list)); err != nil {
			t.Fatal(err)
		}
		r := verify(t, v, doc)
		tt.want.compare(t, name, r)
		if r.Issuer.Trusted != (tt.want.outcome == verifier.Verified) {
			t.Errorf("%s: trusted is %v", name, r.Issuer.Trusted)
		}
	}
	// The list does not help a forger who uses the issuer's name.
	v := w.verifier()
	v.Trust, _ = verifier.ParseTrust([]byte("badges.example.org"))
	forged := signWith(t, keyOf(7), academy+"#"+multikey(keyOf(7)), badge())
	r := verify(t, v, forged)
	expect{"refused", "issuer", "refused", "does not list", "Not genuine"}.compare(t, "forged", r)
	if r.Issuer.Trusted || outcome(r, "trust") == verifier.Verified {
		t.Errorf("trust in a forger: %+v", r.Issuer)
	}
	for _, bad := range []string{`{"issuers":[{"id":"name"}]}`, `{"domains":["*.*"]}`, `{"x":1}`, "under_score.example", `{"domains":["a:b"]}`} {
		if list, err := verifier.ParseTrust([]byte(bad)); err == nil {
			t.Errorf("%s is a trust list: %+v", bad, list)
		}
	}
}

func TestRecords(t *testing.T) {
	since := today.Add(-48 * time.Hour)
	for name, tt := range map[string]struct {
		standing verifier.Standing
		want     expect
	}{
		"issued":     {verifier.Standing{Known: true, Issuer: academy, State: "issued"}, expect{"verified", "status", "verified", "it stands", "Genuine and current: "}},
		"suspended":  {verifier.Standing{Known: true, State: "suspended", Since: since}, expect{"refused", "status", "refused", "paused since 2026-11-19", "Genuine, but paused since 2026-11-19: "}},
		"revoked":    {verifier.Standing{Known: true, State: "revoked", Since: since, Reason: "Issued in error."}, expect{"refused", "status", "refused", "revoked on 2026-11-19: Issued in error.", "Genuine, but revoked on 2026-11-19: "}},
		"superseded": {verifier.Standing{Known: true, State: "superseded", ReplacedBy: "https://badges.example.org/v/NEW"}, expect{"refused", "status", "refused", "at https://badges.example.org/v/NEW", "Genuine, but replaced by a newer one: "}},
		"withdrawn":  {verifier.Standing{Known: true, State: "withdrawn"}, expect{"refused", "status", "refused", "withdrawn", "Genuine, but withdrawn: "}},
		"odd":        {verifier.Standing{Known: true, State: "lost"}, expect{"undetermined", "status", "undetermined", "not known here", "Genuine, but whether"}},
		"not ours":   {verifier.Standing{}, expect{"verified", "status", "verified", "list", "Issuer not known to us."}},
		"other's id": {verifier.Standing{Known: true, Issuer: "did:web:elsewhere.example", State: "revoked"}, expect{"refused", "issuer", "refused", "address of a credential of ours", "Not genuine: it bears"}},
	} {
		w := newWorld(t)
		w.standing = map[string]verifier.Standing{badgeID: tt.standing}
		tt.want.compare(t, name, verify(t, w.verifier(), w.sign(t, badge())))
	}
	w := newWorld(t)
	w.standing = map[string]verifier.Standing{badgeID: {Known: true, State: "issued"}}
	w.lists[listURL] = w.list(t, nil, 94567)
	expect{"refused", "status", "refused", "revoked", "Genuine, but revoked"}.compare(t, "the list knows more", verify(t, w.verifier(), w.sign(t, badge())))
	delete(w.lists, listURL)
	expect{"verified", "status", "verified", "it stands", "Genuine and current"}.compare(t, "the list is away", verify(t, w.verifier(), w.sign(t, badge())))
	w.standing = map[string]verifier.Standing{badgeID: {Known: true, State: "revoked"}}
	forged := signWith(t, keyOf(7), academy+"#"+multikey(keyOf(7)), badge())
	r := verify(t, w.verifier(), forged)
	expect{"refused", "issuer", "refused", "", "Not genuine"}.compare(t, "forged with our id", r)
	if r.Issuer.Trusted || outcome(r, "status") != verifier.Undetermined { // the list is away
		t.Errorf("our records speak for a forgery: %+v, status %+v", r.Issuer, find(r, "status"))
	}

	// While the records cannot be read the list answers; without one, nobody.
	w = newWorld(t)
	v := w.verifier()
	v.Records = &world{down: true}
	expect{"verified", "status", "verified", "list", ""}.compare(t, "records away", verify(t, v, w.sign(t, badge())))
	bare := badge()
	bare.CredentialStatus = nil
	expect{"undetermined", "status", "undetermined", "records could not be read", "Genuine, but whether"}.compare(t, "records away, no entry", verify(t, v, w.sign(t, bare)))
}

func TestEndorsements(t *testing.T) {
	w := newWorld(t)
	mentor := keyOf(3)
	mentorID := "did:key:" + multikey(mentor)
	endorse := func(change func(*ob3.EndorsementCredential)) json.RawMessage {
		e := ob3.EndorsementCredential{Context: []string{ob3.ContextCredentials, ob3.ContextBadges}, ID: "urn:uuid:5a1c3a5a-9a0e-4a2f-8f38-0d7d2c6d9b10",
			Type: []string{"VerifiableCredential", "EndorsementCredential"}, Name: "Mentor", Issuer: ob3.Profile{ID: mentorID, Type: []string{"Profile"}, Name: "Ann"},
			ValidFrom: ob3.At(today.Add(-time.Hour)), CredentialSubject: ob3.EndorsementSubject{ID: badgeID, Type: []string{"EndorsementSubject"}, EndorsementComment: "Good work."}}
		if change != nil {
			change(&e)
		}
		return signWith(t, mentor, mentorID+"#"+multikey(mentor), e)
	}
	with := func(list ...json.RawMessage) []byte {
		var m map[string]any
		if err := json.Unmarshal(toJSON(t, badge()), &m); err != nil {
			t.Fatal(err)
		}
		m["endorsement"] = list
		return w.sign(t, m)
	}
	good := endorse(nil)
	stranger := endorse(func(e *ob3.EndorsementCredential) { e.Issuer.ID = academy })
	altered := json.RawMessage(strings.Replace(string(good), "Good work", "Best work", 1))
	expired := endorse(func(e *ob3.EndorsementCredential) { e.ValidUntil = ob3.At(today.Add(-time.Minute)) })
	unsigned := json.RawMessage(strings.Replace(string(good), `"proof"`, `"termsOfUse"`, 1))
	for name, tt := range map[string]struct {
		doc  []byte
		want expect
	}{
		"good":      {with(good), expect{"verified", "endorsement", "verified", "genuine and current", ""}},
		"altered":   {with(altered), expect{"verified", "endorsement", "refused", "does not fit", "Issuer not known"}},
		"stranger":  {with(stranger), expect{"verified", "endorsement", "refused", "not with one of its issuer", ""}},
		"expired":   {with(expired), expect{"verified", "endorsement", "refused", "expired", ""}},
		"unsigned":  {with(unsigned), expect{"verified", "endorsement", "refused", "not signed", ""}},
		"of two":    {with(good, altered), expect{"verified", "endorsement", "refused", "1 of 2", ""}},
		"very many": {with(good, good, good, good, good), expect{"verified", "endorsement", "undetermined", "4 of 5", ""}},
	} {
		tt.want.compare(t, name, verify(t, w.verifier(), tt.doc))
	}
}

// A proof over the JSON itself covers members that no vocabulary defines; that
// is a departure from the data model and no forgery.
func TestJCSBadge(t *testing.T) {
	w := newWorld(t)
	jcs := func(o *dataintegrity.Options) { o.Cryptosuite = dataintegrity.EddsaJCS2022 }
	expect{"verified", "conformance", "verified", "", "Issuer not known to us. Genuine and current"}.compare(t, "as it is", verify(t, w.verifier(), w.sign(t, badge(), jcs)))
	more := replace(toJSON(t, badge()), `"evidence":`, `"distinction":"summa cum laude","evidence":`)
	r := verify(t, w.verifier(), w.sign(t, more, jcs))
	expect{"verified", "conformance", "refused", "not defined", ""}.compare(t, "undefined member, signed", r)
	if !strings.Contains(string(r.Credential), "summa cum laude") {
		t.Errorf("what was signed is not shown: %s", r.Credential)
	}
}

// Credentials of the older data model are verified, not issued.
func TestVersionOne(t *testing.T) {
	w := newWorld(t)
	doc := func(until string) []byte {
		return w.sign(t, []byte(`{"@context":["https://www.w3.org/2018/credentials/v1","https://w3id.org/security/data-integrity/v2"],"id":"urn:uuid:1","type":["VerifiableCredential"],
			"issuer":"`+academy+`","issuanceDate":"2020-01-01T00:00:00Z","expirationDate":"`+until+`","credentialSubject":{"id":"urn:uuid:2"}}`))
	}
	expect{"verified", "period", "verified", "2030-01-01", "Issuer not known to us."}.compare(t, "current", verify(t, w.verifier(), doc("2030-01-01T00:00:00Z")))
	expect{"refused", "period", "refused", "expired", "Genuine, but expired on 2021-01-01"}.compare(t, "expired", verify(t, w.verifier(), doc("2021-01-01T00:00:00Z")))
	renamed := replace(doc("2021-01-01T00:00:00Z"), "expirationDate", "validUntil")
	expect{"refused", "proof", "refused", "", "Not genuine"}.compare(t, "renamed", verify(t, w.verifier(), renamed))
}

// Identifiers that carry their key need nobody.
func TestOwnKeyIdentifiers(t *testing.T) {
	key := keyOf(5)
	jwk := `{"kty":"OKP","crv":"Ed25519","x":"` + base64.RawURLEncoding.EncodeToString(key.Public().(ed25519.PublicKey)) + `"}`
	for id, fragment := range map[string]string{
		"did:key:" + multikey(key):                                     multikey(key),
		"did:jwk:" + base64.RawURLEncoding.EncodeToString([]byte(jwk)): "0",
	} {
		b := badge()
		b.Issuer.ID, b.CredentialStatus = id, nil
		doc := signWith(t, key, id+"#"+fragment, b)
		v := &verifier.Verifier{Now: func() time.Time { return today }}
		expect{"verified", "issuer", "verified", "is the key that signed", "Issuer not known to us."}.compare(t, id, verify(t, v, doc))
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := newWorld(t)
	if r, err := w.verifier().Verify(ctx, w.sign(t, badge()), verifier.Ask{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", r, err)
	}
}

// Names that strangers give themselves cannot leave their quotation marks, nor
// turn the sentence around.
func TestSummaryOfHostileNames(t *testing.T) {
	w := newWorld(t)
	b := badge()
	b.Issuer.Name = "ACME\u202e”. Genuine and trusted by everybody\n\x00" + strings.Repeat("x", 300)
	b.CredentialSubject.Identifier[0].IdentityHash = "Ada\u2066\u200b” ✔"
	r := verify(t, w.verifier(), w.sign(t, b))
	if strings.ContainsAny(r.Summary, "\u202e\u2066\u200b\n\x00") || strings.Count(r.Summary, "“") != strings.Count(r.Summary, "”") || strings.Count(r.Summary, "“") != 3 || len([]rune(r.Summary)) > 400 {
		t.Errorf("summary %q", r.Summary)
	}
}
