package verifier_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/ob3"
)

func replace(doc []byte, old, new string) []byte {
	if !bytes.Contains(doc, []byte(old)) {
		panic(old + " is not there")
	}
	return bytes.Replace(doc, []byte(old), []byte(new), 1)
}

// proofs gives a genuine badge with its proof good times, and after those the
// same with another date, which is wrong, bad times.
func proofs(genuine []byte, good, bad int) []byte {
	doc, proof, _ := strings.Cut(strings.TrimSuffix(string(genuine), "}"), `,"proof":`)
	proof = strings.TrimSuffix(strings.TrimPrefix(proof, "["), "]")
	var all []string
	for range good {
		all = append(all, proof)
	}
	for range bad {
		all = append(all, string(replace([]byte(proof), "2026-11-21T11:00:00Z", "2026-11-20T11:00:00Z")))
	}
	return []byte(doc + `,"proof":[` + strings.Join(all, ",") + "]}")
}

// Each attack upon a genuine badge, with its answer and its reason.
func TestAttacksOnDocument(t *testing.T) {
	w := newWorld(t)
	genuine := w.sign(t, badge())
	mk := multikey(w.key)
	eve := keyOf(7)
	other := badge()
	other.Name = "Another"
	for name, tt := range map[string]struct {
		doc  []byte
		want expect
	}{
		"claim changed":          {replace(genuine, "Pass the review.", "Pass the review!"), expect{"refused", "proof", "refused", "does not fit", "Not genuine"}},
		"date put off":           {replace(genuine, "2029-11-21", "2099-11-21"), expect{"refused", "proof", "refused", "does not fit", "Not genuine"}},
		"unsigned term":          {replace(genuine, `"evidence":`, `"distinction":"summa cum laude","evidence":`), expect{"refused", "proof", "refused", "no signature can cover", "Not genuine"}},
		"unsigned term, deep":    {replace(genuine, `"criteria":`, `"honours":"yes","criteria":`), expect{"refused", "proof", "refused", "no signature can cover", "Not genuine"}},
		"case of a member":       {replace(genuine, `"validUntil"`, `"validuntil"`), expect{"refused", "proof", "refused", "no signature can cover", "Not genuine"}},
		"second in lower case":   {replace(genuine, `"evidence":`, `"validuntil":"2099-01-01T00:00:00Z","evidence":`), expect{"refused", "proof", "refused", "no signature can cover", "Not genuine"}},
		"name twice":             {replace(genuine, `"validUntil":`, `"validUntil":"2099-01-01T00:00:00Z","validUntil":`), expect{"refused", "format", "refused", "cannot be read", "Not genuine"}},
		"name twice, escaped":    {replace(genuine, `"validUntil":`, `"valid\u0055ntil":"2099-01-01T00:00:00Z","validUntil":`), expect{"refused", "format", "refused", "cannot be read", "Not genuine"}},
		"after the end":          {append(bytes.Clone(genuine), "{}"...), expect{"refused", "format", "refused", "cannot be read", "Not genuine"}},
		"not UTF-8":              {replace(genuine, "Expense", "Exp\xffnse"), expect{"refused", "format", "refused", "cannot be read", "Not genuine"}},
		"proof three times":      {proofs(genuine, 3, 0), expect{"verified", "proof", "verified", "", "Issuer not known"}},
		"bad after three good":   {proofs(genuine, 3, 1), expect{"refused", "proof", "refused", "does not fit", "Not genuine"}},
		"bad after four good":    {proofs(genuine, 4, 1), expect{"undetermined", "proof", "undetermined", "5 signatures; no more than 4", "Could not be checked fully"}},
		"proof 200 times":        {proofs(genuine, 200, 0), expect{"undetermined", "proof", "undetermined", "200 signatures", "Could not be checked fully"}},
		"proof removed":          {[]byte(strings.Split(string(genuine), `,"proof":`)[0] + "}"), expect{"refused", "proof", "refused", "not signed", "Not genuine"}},
		"proof set empty":        {[]byte(strings.Split(string(genuine), `,"proof":`)[0] + `,"proof":[]}`), expect{"refused", "proof", "refused", "not signed", "Not genuine"}},
		"proof null":             {[]byte(strings.Split(string(genuine), `,"proof":`)[0] + `,"proof":null}`), expect{"refused", "proof", "refused", "not an object", "Not genuine"}},
		"proof of another badge": {[]byte(strings.Split(string(genuine), `,"proof":`)[0] + `,"proof":` + strings.Split(string(w.sign(t, other)), `,"proof":`)[1]), expect{"refused", "proof", "refused", "does not fit", "Not genuine"}},
		"authentication":         {w.sign(t, badge(), func(o *dataintegrity.Options) { o.Purpose = "authentication" }), expect{"refused", "proof", "refused", "another purpose", "Not genuine"}},
		"proof run out":          {w.sign(t, badge(), func(o *dataintegrity.Options) { o.Expires = today }), expect{"refused", "proof", "refused", "good only until", "Not genuine"}},
		"proof date changed":     {replace(genuine, `"created":"2026-11-21T11:00:00Z"`, `"created":"2026-11-20T11:00:00Z"`), expect{"refused", "proof", "refused", "does not fit", "Not genuine"}},
		"proof date odd":         {replace(genuine, `"created":"2026-11-21T11:00:00Z"`, `"created":"yesterday"`), expect{"refused", "proof", "refused", "cannot be read", "Not genuine"}},
		"proof more":             {replace(genuine, `"proofPurpose":`, `"note":"x","proofPurpose":`), expect{"refused", "proof", "refused", "no signature can cover", "Not genuine"}},
		"proof own vocabulary":   {replace(genuine, `"proofPurpose":`, `"@context":{"x":"urn:x"},"proofPurpose":`), expect{"refused", "proof", "refused", "", "Not genuine"}},
		"builds on nothing":      {replace(genuine, `"proofPurpose":`, `"previousProof":"urn:uuid:none","proofPurpose":`), expect{"refused", "proof", "refused", "not there", "Not genuine"}},
		"suite unknown":          {replace(genuine, `"eddsa-rdfc-2022"`, `"eddsa-rdfc-2099"`), expect{"undetermined", "proof", "undetermined", "not known here", "Could not be checked fully"}},
		"suite swapped":          {replace(genuine, `"eddsa-rdfc-2022"`, `"eddsa-jcs-2022"`), expect{"refused", "proof", "refused", "does not fit", "Not genuine"}},
		"type unknown":           {replace(genuine, `"DataIntegrityProof"`, `"SomeProof2099"`), expect{"undetermined", "proof", "undetermined", "not known here", "Could not be checked fully"}},
		"value cut":              {replace(genuine, `"proofValue":"z`, `"proofValue":"z1`), expect{"refused", "proof", "refused", "not a signature", "Not genuine"}},
		"value in other base":    {replace(genuine, `"proofValue":"z`, `"proofValue":"u`), expect{"refused", "proof", "refused", "not a signature", "Not genuine"}},
		"good and bad proof":     {replace(genuine, `"proof":[`, `"proof":[{"type":"DataIntegrityProof"},`), expect{"refused", "proof", "refused", "cryptosuite", "Not genuine"}},
		"good and unknown proof": {replace(genuine, `"proof":[`, `"proof":[{"type":"SomeProof2099"},`), expect{"verified", "proof", "verified", "fits", "Issuer not known"}},
		"key swapped":            {replace(genuine, academy+"#"+mk, academy+"#"+multikey(eve)), expect{"refused", "proof", "refused", "does not fit", "Not genuine"}},
		"key named otherwise":    {replace(genuine, academy+"#"+mk, academy+"#key-1"), expect{"refused", "proof", "refused", "does not list", "Not genuine"}},
		"key without fragment":   {replace(genuine, academy+"#"+mk, academy), expect{"undetermined", "proof", "undetermined", "not understood", "Could not be checked fully"}},
		"key unlisted":           {signWith(t, eve, academy+"#"+multikey(eve), badge()), expect{"refused", "issuer", "refused", "does not list", "Not genuine"}},
		"key of someone else":    {signWith(t, eve, "did:key:"+multikey(eve)+"#"+multikey(eve), badge()), expect{"refused", "issuer", "refused", "not with one of its issuer", "Not genuine"}},
		"key of a look-alike":    {signWith(t, eve, "did:web:badges.example.org.evil.example#"+multikey(eve), badge()), expect{"refused", "issuer", "refused", "not with one of its issuer", "Not genuine"}},
		"key broken":             {replace(genuine, academy+"#"+mk, "did:key:z6Mk#z6Mk"), expect{"refused", "proof", "refused", "cannot be used", "Not genuine"}},
		"vocabulary unknown":     {replace(genuine, ob3.ContextBadges, "https://example.org/my-own-context"), expect{"undetermined", "proof", "undetermined", "vocabulary", "Could not be checked fully"}},
		"vocabulary older":       {replace(genuine, "context-3.0.3.json", "context-3.0.2.json"), expect{"refused", "proof", "refused", "does not fit", "Not genuine"}},
		"vocabulary swapped":     {replace(genuine, ob3.ContextCredentials, ob3.ContextBadges), expect{"refused", "format", "refused", "vocabulary", "Not genuine"}},
		"white space":            {replace(genuine, `"validUntil":`, "\n \"validUntil\" :\t"), expect{"verified", "proof", "verified", "fits", "Issuer not known"}},
	} {
		r := verify(t, w.verifier(), tt.doc)
		tt.want.compare(t, name, r)
		if r.Verdict == verifier.Verified {
			sameClaims(t, name, r.Credential, genuine)
		}
	}
}

// sameClaims: the claims that a report shows are those of the genuine badge.
func sameClaims(t testing.TB, name string, got json.RawMessage, genuine []byte) {
	t.Helper()
	var a, b map[string]any
	if json.Unmarshal(got, &a) != nil || json.Unmarshal(genuine, &b) != nil {
		t.Fatalf("%s: the claims are not JSON: %s", name, got)
	}
	delete(b, "proof")
	if x, y := canonical(t, a), canonical(t, b); x != y {
		t.Errorf("%s: accepted with other claims:\n%s\n%s", name, x, y)
	}
}

func canonical(t testing.TB, v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestAttacksOnKeys(t *testing.T) {
	w := newWorld(t)
	genuine := w.sign(t, badge())
	mk := multikey(w.key)
	for name, tt := range map[string]struct {
		document string
		want     expect
	}{
		"another's document":   {`{"id":"did:web:evil.example"}`, expect{"undetermined", "issuer", "undetermined", "belongs to someone else", "Could not be checked fully"}},
		"no keys":              {`{"id":"` + academy + `"}`, expect{"refused", "issuer", "refused", "does not list", "Not genuine"}},
		"another key":          {document(academy, keyOf(9), ""), expect{"refused", "issuer", "refused", "does not list", "Not genuine"}},
		"another under a name": {strings.Replace(document(academy, w.key, ""), `"publicKeyMultibase":"`+mk, `"publicKeyMultibase":"`+multikey(keyOf(9)), 1), expect{"refused", "issuer", "refused", "another key under the name", "Not genuine"}},
		"another controller":   {strings.Replace(document(academy, w.key, ""), `"controller":"`+academy, `"controller":"did:web:evil.example`, 1), expect{"refused", "issuer", "refused", "someone else", "Not genuine"}},
		"not for statements":   {strings.Replace(document(academy, w.key, ""), `"assertionMethod"`, `"authentication"`, 1), expect{"refused", "issuer", "refused", "make statements", "Not genuine"}},
		"given up":             {document(academy, w.key, `,"revoked":"2026-11-20T00:00:00Z"`), expect{"refused", "issuer", "refused", "given up", "Not genuine"}},
		"given up tomorrow":    {document(academy, w.key, `,"revoked":"2026-11-22T00:00:00Z"`), expect{"verified", "issuer", "verified", "", ""}},
		"run out":              {document(academy, w.key, `,"expires":"2026-11-21T12:00:00Z"`), expect{"refused", "issuer", "refused", "run out", "Not genuine"}},
		"runs out later":       {document(academy, w.key, `,"expires":"2026-11-21T12:00:01Z"`), expect{"verified", "issuer", "verified", "", ""}},
		"secret published":     {document(academy, w.key, `,"secretKeyMultibase":"z3u2"`), expect{"undetermined", "issuer", "undetermined", "gives away", "Could not be checked fully"}},
		"damaged":              {`{"id":"` + academy, expect{"undetermined", "issuer", "undetermined", "could not be looked up", "Could not be checked fully"}},
	} {
		w.documents[academy] = tt.document
		w.lists[listURL] = w.list(t, nil)
		tt.want.compare(t, name, verify(t, w.verifier(), genuine))
	}
	delete(w.documents, academy)
	expect{"undetermined", "issuer", "undetermined", "publishes none", "Could not be checked fully"}.compare(t, "no document", verify(t, w.verifier(), genuine))
	w.down = true
	expect{"undetermined", "issuer", "undetermined", "network is down", "Could not be checked fully"}.compare(t, "network down", verify(t, w.verifier(), genuine))
	expect{"undetermined", "issuer", "undetermined", "offline", "Could not be checked fully"}.compare(t, "offline", verify(t, &verifier.Verifier{}, genuine))

	// A source that answers with somebody else's document is not believed.
	w.down = false
	wrong := w.verifier()
	wrong.Keys = mixedUp{document("did:web:evil.example", keyOf(7), "")}
	expect{"undetermined", "issuer", "undetermined", "belongs to someone else", ""}.compare(t, "mixed up", verify(t, wrong, genuine))
}

type mixedUp struct{ raw string }

func (m mixedUp) Document(context.Context, string) (*did.Document, error) {
	return did.ParseDocument("did:web:evil.example", []byte(m.raw))
}

func TestAttacksOnPeriod(t *testing.T) {
	w := newWorld(t)
	at := func(from, until time.Time) []byte {
		b := badge()
		b.ValidFrom, b.ValidUntil = ob3.At(from), ob3.Time{Time: until}
		return w.sign(t, b)
	}
	for name, tt := range map[string]struct {
		doc  []byte
		want expect
	}{
		"expired":           {at(today.AddDate(-1, 0, 0), today.Add(-time.Second)), expect{"refused", "period", "refused", "expired on 2026-11-21", "Genuine, but expired on 2026-11-21: "}},
		"last second":       {at(today.AddDate(-1, 0, 0), today), expect{"verified", "period", "verified", "until", ""}},
		"not yet":           {at(today.Add(time.Second), today.AddDate(1, 0, 0)), expect{"refused", "period", "refused", "becomes valid", "Genuine, but not valid before 2026-11-21: "}},
		"first second":      {at(today, today.AddDate(1, 0, 0)), expect{"verified", "period", "verified", "", ""}},
		"ends before it":    {at(today, today.Add(-time.Hour)), expect{"refused", "format", "refused", "ends before it begins", "Not genuine"}},
		"date unreadable":   {w.sign(t, replace(toJSON(t, badge()), "2029-11-21T12:00:00Z", "2029-11-31T12:00:00Z")), expect{"refused", "format", "refused", "date and time", "Not genuine"}},
		"date without zone": {w.sign(t, replace(toJSON(t, badge()), "2029-11-21T12:00:00Z", "2029-11-21T12:00:00")), expect{"verified", "conformance", "refused", "no zone", ""}},
	} {
		tt.want.compare(t, name, verify(t, w.verifier(), tt.doc))
	}
}

func gzipped(data []byte) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(data)
	z.Close()
	return "u" + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

func TestAttacksOnStatus(t *testing.T) {
	w := newWorld(t)
	genuine := w.sign(t, badge())
	eve := keyOf(7)
	w.documents["did:web:evil.example"] = document("did:web:evil.example", eve, "")
	subject := func(l map[string]any) map[string]any { return l["credentialSubject"].(map[string]any) }
	byEve := func(issuer string) []byte {
		l := unsignedList(t)
		l["issuer"] = issuer
		return signWith(t, eve, "did:web:evil.example#"+multikey(eve), l)
	}
	unknown := func(reason string) expect {
		return expect{"undetermined", "status", "undetermined", reason, "Genuine, but whether it is still good could not be checked"}
	}
	for name, tt := range map[string]struct {
		list []byte
		want expect
	}{
		"good":             {w.list(t, nil, 94566, 94568), expect{"verified", "status", "verified", "does not mark it", "Issuer not known"}},
		"revoked":          {w.list(t, nil, 94567), expect{"refused", "status", "refused", "as revoked", "Genuine, but revoked: "}},
		"missing":          {nil, unknown("could not be had")},
		"not JSON":         {[]byte("<html>"), unknown("not a readable document")},
		"stale":            {w.list(t, func(l map[string]any) { l["validUntil"] = "2026-11-21T11:59:59Z" }), unknown("out of date")},
		"from the future":  {w.list(t, func(l map[string]any) { l["validFrom"] = "2026-11-21T13:00:00Z" }), unknown("in the future")},
		"by someone else":  {byEve("did:web:evil.example"), unknown("by someone else")},
		"in our name":      {byEve(academy), unknown("not shown to be genuine")},
		"unsigned":         {toJSON(t, unsignedList(t)), unknown("not signed")},
		"altered":          {replace(w.list(t, nil), "2026-11-22T00:00:00Z", "2027-11-22T00:00:00Z"), unknown("does not fit")},
		"another list":     {w.list(t, func(l map[string]any) { l["id"] = listURL + "0" }), unknown("another status list")},
		"another purpose":  {w.list(t, func(l map[string]any) { subject(l)["statusPurpose"] = "suspension" }), unknown("another purpose")},
		"several purposes": {w.list(t, func(l map[string]any) { subject(l)["statusPurpose"] = []string{"suspension", "revocation"} }), expect{"verified", "status", "verified", "", ""}},
		"not a list":       {w.list(t, func(l map[string]any) { l["type"] = []string{"VerifiableCredential"} }), unknown("not a status list")},
		"too short":        {w.list(t, func(l map[string]any) { subject(l)["encodedList"] = gzipped(make([]byte, 16383)) }), unknown("fewer than 131,072")},
		"bomb":             {w.list(t, func(l map[string]any) { subject(l)["encodedList"] = gzipped(make([]byte, 9<<20)) }), unknown("more than 8 MiB")},
		"rubbish":          {w.list(t, func(l map[string]any) { subject(l)["encodedList"] = "uAAAA" }), unknown("gzip")},
	} {
		w.lists[listURL] = tt.list
		if tt.list == nil {
			delete(w.lists, listURL)
		}
		tt.want.compare(t, name, verify(t, w.verifier(), genuine))
	}
	v := w.verifier()
	v.Status = nil
	unknown("not at hand").compare(t, "no source", verify(t, v, genuine))
}

func TestAttacksOnStatusEntry(t *testing.T) {
	w := newWorld(t)
	w.lists[listURL] = w.list(t, func(l map[string]any) {
		l["credentialSubject"].(map[string]any)["statusPurpose"] = []string{"revocation", "suspension", "refresh", "praise"}
	}, 5)
	entry := func(purpose string, index int) map[string]any {
		return map[string]any{"id": fmt.Sprintf("%s#%d", listURL, index), "type": "BitstringStatusListEntry", "statusPurpose": purpose,
			"statusListIndex": fmt.Sprint(index), "statusListCredential": listURL}
	}
	with := func(status any) []byte {
		var m map[string]any
		if err := json.Unmarshal(toJSON(t, badge()), &m); err != nil {
			t.Fatal(err)
		}
		m["credentialStatus"] = status
		m["@context"] = []string{ob3.ContextCredentials, ob3.ContextBadges, ob3.ContextExtensions}
		return w.sign(t, m)
	}
	change := func(name string, value any) []byte {
		e := entry("revocation", 5)
		if value == nil {
			delete(e, name)
		} else {
			e[name] = value
		}
		return with(e)
	}
	for name, tt := range map[string]struct {
		doc  []byte
		want expect
	}{
		"both good":          {with([]any{entry("revocation", 1), entry("suspension", 2)}), expect{"verified", "status", "verified", "", ""}},
		"second set":         {with([]any{entry("revocation", 1), entry("suspension", 5)}), expect{"refused", "status", "refused", "as paused", "Genuine, but paused"}},
		"note":               {with(entry("refresh", 5)), expect{"verified", "status", "verified", "left a note", ""}},
		"unknown purpose":    {with(entry("praise", 5)), expect{"undetermined", "status", "undetermined", "not known here", ""}},
		"unknown, not set":   {with(entry("praise", 6)), expect{"verified", "status", "verified", "", ""}},
		"very many":          {with([]any{entry("revocation", 1), entry("revocation", 2), entry("revocation", 3), entry("revocation", 4), entry("revocation", 5)}), expect{"undetermined", "status", "undetermined", "", ""}},
		"no purpose":         {change("statusPurpose", nil), expect{"undetermined", "status", "undetermined", "does not say", ""}},
		"no list":            {change("statusListCredential", nil), expect{"undetermined", "status", "undetermined", "does not say", ""}},
		"no index":           {change("statusListIndex", nil), expect{"undetermined", "status", "undetermined", "cannot be read", ""}},
		"no type":            {with(map[string]any{"id": "urn:uuid:e"}), expect{"refused", "format", "refused", "no type", "Not genuine"}},
		"other kind of list": {with(map[string]any{"id": "https://badges.example.org/revoked", "type": "urn:example:OtherList"}), expect{"undetermined", "status", "undetermined", "not read here", "Genuine, but whether"}},
	} {
		tt.want.compare(t, name, verify(t, w.verifier(), tt.doc))
	}
}

// Whatever a badge asks for, four look-ups is the most.
func TestLookupsAreFew(t *testing.T) {
	w := newWorld(t)
	var m map[string]any
	if err := json.Unmarshal(toJSON(t, badge()), &m); err != nil {
		t.Fatal(err)
	}
	var entries []any
	for i := range 20 {
		entries = append(entries, map[string]any{"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "1", "statusListCredential": fmt.Sprintf("https://victim.example/%d", i)})
	}
	m["credentialStatus"] = entries
	r := verify(t, w.verifier(), w.sign(t, m))
	if len(w.asked) > 4 || r.Verdict == verifier.Verified {
		t.Errorf("%s; asked for %v", r.Verdict, w.asked)
	}
	b, key := badge(), keyOf(3)
	for i := range 8 {
		b.Endorsement = append(b.Endorsement, ob3.EndorsementCredential{Context: b.Context, ID: fmt.Sprintf("urn:uuid:%d", i), Type: []string{"VerifiableCredential", "EndorsementCredential"}, Name: "E",
			Issuer: ob3.Profile{ID: fmt.Sprintf("did:web:victim%d.example", i), Type: []string{"Profile"}}, ValidFrom: b.ValidFrom, CredentialSubject: ob3.EndorsementSubject{ID: badgeID, Type: []string{"EndorsementSubject"}}})
		b.Endorsement[i].Proof = proofOf(t, signWith(t, key, fmt.Sprintf("did:web:victim%d.example#%s", i, multikey(key)), b.Endorsement[i]))
	}
	w.asked = nil
	if r = verify(t, w.verifier(), w.sign(t, b)); len(w.asked) > 4 || r.Verdict != verifier.Verified {
		t.Errorf("%s; asked for %v", r.Summary, w.asked)
	}
}

// proofOf takes the proof out of a signed document.
func proofOf(t testing.TB, signed []byte) json.RawMessage {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal(signed, &m); err != nil {
		t.Fatal(err)
	}
	return m["proof"]
}
