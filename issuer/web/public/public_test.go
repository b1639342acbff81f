package public_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/verifier"
	"hallmark/verifier/bake"
)

// completed records that learner completed M1 and gives the badge's id.
func completed(t *testing.T, s *issuertest.Service) issuer.CredentialID {
	t.Helper()
	r, err := s.Registrar.RecordCompletion(t.Context(), issuer.Caller{System: "test"}, registrar.NewCompletion{
		Person: registrar.PersonRef{ID: s.People["learner"]}, Module: "M1"})
	if err != nil {
		t.Fatal(err)
	}
	return r.Credentials[0].ID
}

func get(t *testing.T, s *issuertest.Service, path string, headers ...string) *issuertest.Answer {
	t.Helper()
	return s.Send(t, "nobody", "GET", path, "", headers...)
}

// TestNegotiation: one address, and what each asker gets there.
func TestNegotiation(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := string(completed(t, s))
	const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	tests := []struct {
		name, path, accept string
		status             int
		media, holds       string
	}{
		{"browser", "/v/" + id, browser, 200, "text/html; charset=utf-8", `data-verdict="verified"`},
		{"anything", "/v/" + id, "*/*", 200, "text/html; charset=utf-8", "<h1"},
		{"nothing said", "/v/" + id, "", 200, "text/html; charset=utf-8", "<h1"},
		{"report", "/v/" + id, "application/json", 200, "application/json", `"verdict":"verified"`},
		{"credential", "/v/" + id, "application/vc", 200, "application/vc", `"proof"`},
		{"JSON-LD", "/v/" + id, "application/ld+json", 200, "application/ld+json", `"proof"`},
		{"a picture", "/v/" + id, "image/png", 406, "application/problem+json", ""},
		{"QR's address", "/V/" + id, browser, 200, "text/html; charset=utf-8", "<h1"},
		{"lower case", "/v/" + strings.ToLower(id), "application/json", 200, "application/json", `"verdict":"verified"`},
		{".json", "/v/" + id + ".json", "text/html", 200, "application/vc", `"proof"`},
		{".JSON", "/V/" + id + ".JSON", "*/*", 200, "application/vc", `"proof"`},
		{".png", "/v/" + id + ".png", browser, 200, "image/png", "PNG"},
		{".svg", "/v/" + id + ".svg", browser, 200, "image/svg+xml", "<svg"},
		{"qr.png", "/v/" + id + "/qr.png", browser, 200, "image/png", "PNG"},
		{"qr.svg", "/V/" + id + "/qr.svg", browser, 200, "image/svg+xml", "<svg"},
		{".jwt", "/v/" + id + ".jwt", "*/*", 200, "text/plain", "eyJ"},
		{"vc+jwt", "/v/" + id, "application/vc+jwt", 200, "application/vc+jwt", "eyJ"},
		{".pdf", "/v/" + id + ".pdf", browser, 200, "application/pdf", "%PDF-"},
		{"card", "/V/" + id + "/card.png", browser, 200, "image/png", "PNG"},
		{".exe", "/v/" + id + ".exe", "*/*", 404, "application/problem+json", ""},
		{"two ends", "/v/" + id + ".json.png", "*/*", 404, "application/problem+json", ""},
		{"proof, not logged yet", "/v/" + id + "/proof", "*/*", 404, "application/problem+json", ""},
		{"endorsements", "/v/" + id + "/endorsements", "*/*", 200, "application/json", "[]"},
		{"endorsements as linked data", "/v/" + strings.ToLower(id) + "/endorsements", "application/ld+json", 200, "application/ld+json", "[]"},
		{"short", "/v/ABC", "*/*", 404, "application/problem+json", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := get(t, s, tt.path, "Accept", tt.accept)
			if a.Status != tt.status || a.Header.Get("Content-Type") != tt.media || !bytes.Contains(a.Body, []byte(tt.holds)) {
				t.Errorf("%d %q %.300s", a.Status, a.Header.Get("Content-Type"), a.Body)
			}
			if !strings.Contains(tt.path, ".") && len(tt.path) == 29 && !strings.Contains(a.Header.Get("Vary"), "Accept") {
				t.Errorf("Vary %q", a.Header.Get("Vary"))
			}
			if a.Header.Get("Access-Control-Allow-Origin") != "*" && tt.media != "application/problem+json" {
				t.Error("not open to other origins")
			}
		})
	}
}

// TestPictures: what was baked is the credential, byte for byte, and other
// bytes of it verify at our own endpoint.
func TestPictures(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := string(completed(t, s))
	credential := get(t, s, "/v/"+id+".json").Want(t, 200).Body
	for _, end := range []string{".png", ".svg"} {
		a := get(t, s, "/v/"+id+end).Want(t, 200)
		inside, _, err := bake.Unbake(a.Body)
		if err != nil || !bytes.Equal(inside, credential) {
			t.Errorf("%s: %v", end, err)
		}
		report := s.Send(t, "nobody", "POST", "/api/verify", string(a.Body), "Content-Type", a.Header.Get("Content-Type")).Want(t, 200)
		if !strings.Contains(string(report.Body), `"verdict":"verified"`) {
			t.Errorf("%s: %s", end, report.Body)
		}
		if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || strings.Contains(csp, "script-src") {
			t.Errorf("%s: policy %q", end, csp)
		}
		if again := get(t, s, "/v/"+id+end, "If-None-Match", a.Header.Get("ETag")); again.Status != 304 {
			t.Errorf("%s: %d with its own tag", end, again.Status)
		}
	}
}

// TestTagsOfForms: each form of a badge has a strong tag of its own, also where
// two have the same bytes.
func TestTagsOfForms(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	page := "/v/" + string(completed(t, s))
	of := map[string]string{}
	for _, media := range []string{"application/vc", "application/ld+json"} {
		a := get(t, s, page, "Accept", media).Want(t, 200)
		tag := a.Header.Get("ETag")
		if tag == "" || of[tag] != "" {
			t.Errorf("%s has the tag %q of %q", media, tag, of[tag])
		}
		of[tag] = media
		get(t, s, page, "Accept", media, "If-None-Match", tag).Want(t, 304)
	}
}

// TestStates: what each state of a badge answers, in every form.
func TestStates(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	ctx, operator := t.Context(), issuer.Caller{System: "test"}
	act := func(f func(id issuer.CredentialID) error) func(t *testing.T, id issuer.CredentialID) {
		return func(t *testing.T, id issuer.CredentialID) {
			if err := f(id); err != nil {
				t.Fatal(err)
			}
		}
	}
	suspend := func(id issuer.CredentialID) error {
		_, err := s.Registrar.SuspendCredential(ctx, operator, id, registrar.StatusChange{Reason: "We look into it."})
		return err
	}
	reinstate := func(id issuer.CredentialID) error {
		_, err := s.Registrar.ReinstateCredential(ctx, operator, id, registrar.StatusChange{})
		return err
	}
	see := func(v issuer.Visibility) func(id issuer.CredentialID) error {
		return func(id issuer.CredentialID) error {
			_, err := s.Registrar.SetVisibility(ctx, s.Caller(t, "learner"), id, v)
			return err
		}
	}
	revoke := func(id issuer.CredentialID) error {
		_, err := s.Registrar.RevokeCredential(ctx, operator, id, registrar.StatusChange{Code: "issued-in-error", Reason: "A slip.", Note: "secret note"})
		return err
	}
	id := completed(t, s)
	signed := get(t, s, "/v/"+string(id)+".json").Want(t, 200).Body
	steps := []struct {
		name    string
		change  func(t *testing.T, id issuer.CredentialID)
		status  int
		verdict string
	}{
		{"issued", nil, 200, "verified"},
		{"suspended", act(suspend), 200, "refused"},
		{"reinstated", act(reinstate), 200, "verified"},
		{"public", act(see(issuer.Public)), 200, "verified"},
		{"taken down", act(see(issuer.Hidden)), 404, ""},
		{"back", act(see(issuer.Unlisted)), 200, "verified"},
		{"revoked", act(revoke), 200, "refused"},
	}
	for _, step := range steps {
		if step.change != nil {
			step.change(t, id)
		}
		for _, end := range []string{"", ".json", ".png", ".svg", ".pdf", "/qr.png", "/qr.svg", "/card.png"} {
			if a := get(t, s, "/v/"+string(id)+end); a.Status != step.status {
				t.Errorf("%s: %q answers %d, want %d", step.name, end, a.Status, step.status)
			}
		}
		if step.status != 200 {
			continue
		}
		if a := get(t, s, "/v/"+string(id)+".json"); !bytes.Equal(a.Body, signed) {
			t.Errorf("%s: other bytes", step.name)
		}
		var report verifier.Report
		get(t, s, "/v/"+string(id), "Accept", "application/json").JSON(t, &report)
		if string(report.Verdict) != step.verdict {
			t.Errorf("%s: verdict %s, want %s: %s", step.name, report.Verdict, step.verdict, report.Summary)
		}
		page := s.Browse(t, "nobody").Get(t, "/v/"+string(id)).Want(t, 200)
		if !bytes.Contains(page.Body, []byte(`data-verdict="`+step.verdict+`"`)) || bytes.Contains(page.Body, []byte("secret note")) {
			t.Errorf("%s: page does not show it, or too much", step.name)
		}
		if listed := page.Header.Get("X-Robots-Tag") == ""; listed != (step.name == "public") {
			t.Errorf("%s: robots %q", step.name, page.Header.Get("X-Robots-Tag"))
		}
	}
}

// TestTakenDownIsAsIfItNeverWas: same status, same words, same headers.
func TestTakenDownIsAsIfItNeverWas(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := string(completed(t, s))
	if _, err := s.Registrar.SetVisibility(t.Context(), s.Caller(t, "learner"), issuer.CredentialID(id), issuer.Hidden); err != nil {
		t.Fatal(err)
	}
	const never = "AAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, end := range []string{"", ".json", ".png", ".svg", ".pdf", "/qr.png", "/qr.svg", "/card.png", ".jwt"} {
		for _, accept := range []string{"*/*", "application/json", "text/html"} {
			hidden, unknown := get(t, s, "/v/"+id+end, "Accept", accept), get(t, s, "/v/"+never+end, "Accept", accept)
			same := func(a *issuertest.Answer) string {
				h := a.Header.Clone()
				request := h.Get("X-Request-Id")
				h.Del("X-Request-Id")
				h.Del("Date")
				return fmt.Sprint(a.Status, h, strings.ReplaceAll(string(a.Body), request, "R"))
			}
			if same(hidden) != same(unknown) {
				t.Errorf("%s %s:\n%s\n%s", end, accept, same(hidden), same(unknown))
			}
		}
	}
	for _, what := range []string{id, never} {
		s.Send(t, "nobody", "POST", "/api/verify", fmt.Sprintf(`{"url":"%s/v/%s"}`, s.URL, what)).Want(t, 404)
	}
}

// TestDocuments: what other verifiers fetch.
func TestDocuments(t *testing.T) {
	for _, base := range []string{"", "https://badges.example.org", "https://example.org/badges"} {
		s := issuertest.New(t, issuertest.Options{Base: base})
		under := strings.TrimPrefix(base, "https://example.org")
		if under == base {
			under = ""
		}
		id := string(completed(t, s))
		var badge struct {
			Issuer struct{ ID string }
			Proof  []struct {
				VerificationMethod string
			}
			CredentialStatus  struct{ StatusListCredential string }
			CredentialSubject struct{ Achievement struct{ ID string } }
		}
		get(t, s, under+"/v/"+id+".json").Want(t, 200).JSON(t, &badge)
		did := "/.well-known/did.json"
		if under != "" {
			did = under + "/did.json"
		}
		doc := get(t, s, did).Want(t, 200)
		var d struct{ ID string }
		doc.JSON(t, &d)
		if d.ID != badge.Issuer.ID {
			t.Errorf("%s: document of %s, badge of %s", base, d.ID, badge.Issuer.ID)
		}
		var set struct{ Keys []json.RawMessage }
		get(t, s, under+"/.well-known/jwks.json").Want(t, 200).JSON(t, &set)
		if len(set.Keys) == 0 {
			t.Errorf("%s: no keys", base)
		}
		_, kid, _ := strings.Cut(badge.Proof[0].VerificationMethod, "#")
		key := get(t, s, under+"/keys/"+kid).Want(t, 200)
		if !strings.Contains(string(key.Body), `"OKP"`) || strings.Contains(string(key.Body), `"d"`) {
			t.Errorf("%s: key %s", base, key.Body)
		}
		list := under + "/status/" + badge.CredentialStatus.StatusListCredential[strings.LastIndex(badge.CredentialStatus.StatusListCredential, "/")+1:]
		if base != "" && badge.CredentialStatus.StatusListCredential != base+strings.TrimPrefix(list, under) {
			t.Errorf("list at %s, served at %s", badge.CredentialStatus.StatusListCredential, list)
		}
		for accept, media := range map[string]string{"*/*": "application/vc", "application/json, text/plain, */*": "application/json", "application/vc+ld+json": "application/vc+ld+json", "application/ld+json": "application/ld+json"} {
			a := get(t, s, list, "Accept", accept).Want(t, 200)
			if a.Header.Get("Content-Type") != media || a.Header.Get("Cache-Control") != "public, max-age=30" || a.Header.Get("ETag") == "" || a.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s: list %q: %v", base, accept, a.Header)
			}
			if again := get(t, s, list, "Accept", accept, "If-None-Match", a.Header.Get("ETag")); again.Status != 304 {
				t.Errorf("list with its own tag: %d", again.Status)
			}
		}
		get(t, s, list, "Accept", "image/png").Want(t, 406)
		achievement := under + "/achievements/" + badge.CredentialSubject.Achievement.ID[strings.LastIndex(badge.CredentialSubject.Achievement.ID, "/")+1:]
		for _, path := range []string{achievement, under + "/issuers/" + string(s.Issuer.ID)} {
			a := get(t, s, path).Want(t, 200)
			if a.Header.Get("Content-Type") != "application/ld+json" || !strings.Contains(string(a.Body), `"id"`) {
				t.Errorf("%s: %v", path, a.Header)
			}
			page := get(t, s, path, "Accept", "text/html,*/*;q=0.8").Want(t, 200)
			if !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") {
				t.Errorf("%s: page %v", path, page.Header)
			}
		}
		for _, path := range []string{"/keys/none", "/status/none", "/achievements/none", "/issuers/none", "/art/none.svg", "/art/none"} {
			get(t, s, under+path).Want(t, 404)
		}
	}
}

// TestRevocationReachesTheList: the list that was signed next says so, with a
// new tag.
func TestRevocationReachesTheList(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := completed(t, s)
	var badge struct {
		CredentialStatus struct{ StatusListCredential string }
	}
	get(t, s, "/v/"+string(id)+".json").JSON(t, &badge)
	list := strings.TrimPrefix(badge.CredentialStatus.StatusListCredential, s.URL)
	before := get(t, s, list).Want(t, 200)
	if _, err := s.Registrar.RevokeCredential(t.Context(), issuer.Caller{System: "test"}, id, registrar.StatusChange{Code: "other"}); err != nil {
		t.Fatal(err)
	}
	s.Publish(t)
	after := get(t, s, list, "If-None-Match", before.Header.Get("ETag")).Want(t, 200)
	if after.Header.Get("ETag") == before.Header.Get("ETag") || bytes.Equal(after.Body, before.Body) {
		t.Error("the list is the same")
	}
}

// TestAway: with the database away, what others need to verify is still
// served; badges are not, and say so with 503.
func TestAway(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := completed(t, s)
	var badge struct {
		CredentialStatus  struct{ StatusListCredential string }
		CredentialSubject struct{ Achievement struct{ ID string } }
	}
	get(t, s, "/v/"+string(id)+".json").JSON(t, &badge)
	paths := []string{"/.well-known/did.json", "/.well-known/jwks.json", strings.TrimPrefix(badge.CredentialStatus.StatusListCredential, s.URL),
		strings.TrimPrefix(badge.CredentialSubject.Achievement.ID, s.URL), "/issuers/" + string(s.Issuer.ID)}
	for _, path := range paths {
		get(t, s, path).Want(t, 200)
	}
	get(t, s, "/readyz").Want(t, 200)
	if err := s.Store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range append(paths, "/healthz") {
		get(t, s, path).Want(t, 200)
	}
	for _, path := range []string{"/readyz"} {
		a := get(t, s, path).Want(t, 503)
		if a.Header.Get("Retry-After") == "" || a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %v", path, a.Header)
		}
	}
}

// TestPreflight: browsers on other sites may ask, without credentials.
func TestPreflight(t *testing.T) {
	s := issuertest.NewEmpty(t, issuertest.Options{})
	for _, path := range []string{"/v/AAAAAAAAAAAAAAAAAAAAAAAAAA", "/v/AAAAAAAAAAAAAAAAAAAAAAAAAA.json", "/status/x", "/.well-known/did.json", "/.well-known/jwks.json", "/keys/x", "/achievements/x", "/issuers/x", "/api/verify", "/api/openapi.json"} {
		a := s.Send(t, "nobody", "OPTIONS", path, "", "Origin", "https://else.example", "Access-Control-Request-Method", "GET").Want(t, http.StatusNoContent)
		if a.Header.Get("Access-Control-Allow-Origin") != "*" || a.Header.Get("Access-Control-Allow-Credentials") != "" || a.Header.Get("Access-Control-Allow-Methods") == "" {
			t.Errorf("%s: %v", path, a.Header)
		}
	}
	if a := s.Send(t, "nobody", "OPTIONS", "/api/v1/completions", "", "Origin", "https://else.example", "Access-Control-Request-Method", "POST"); a.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("the door for programs is open to other sites")
	}
}

// TestExpired: a badge whose term is over is shown, and refused for its
// period, in the same bytes.
func TestExpired(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	r, err := s.Registrar.AwardAchievement(t.Context(), issuer.Caller{System: "test"}, registrar.NewAward{
		Achievement: "honour", Person: registrar.PersonRef{ID: s.People["learner"]}, Reason: "For years of help."})
	if err != nil {
		t.Fatal(err)
	}
	path := "/v/" + string(r.Badge.ID)
	before := get(t, s, path+".json").Want(t, 200).Body
	if !strings.Contains(verdict(t, s, path), "verified") {
		t.Error("not good while it lasts")
	}
	s.Clock.Advance(400 * 24 * time.Hour)
	s.Publish(t)
	if got := verdict(t, s, path); got != "refused period" {
		t.Errorf("after its term: %s", got)
	}
	if after := get(t, s, path+".json").Want(t, 200).Body; !bytes.Equal(before, after) {
		t.Error("other bytes")
	}
	s.Browse(t, "nobody").Get(t, path).Want(t, 200)
}

// verdict gives the verdict of a badge and the checks that are refused.
func verdict(t *testing.T, s *issuertest.Service, path string) string {
	t.Helper()
	var r verifier.Report
	get(t, s, path, "Accept", "application/json").Want(t, 200).JSON(t, &r)
	out := string(r.Verdict)
	for _, c := range r.Checks {
		if c.Outcome == verifier.Refused {
			out += " " + c.Name
		}
	}
	return out
}

// TestSuperseded: saying yes to the name makes a badge anew; the old one says
// so, leads to the new one, and both keep their bytes.
func TestSuperseded(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	id := completed(t, s)
	old := "/v/" + string(id)
	before := get(t, s, old+".json").Want(t, 200).Body
	if bytes.Contains(before, []byte("Leo")) {
		t.Fatal("the name was signed without consent")
	}
	if err := s.Registrar.AnswerConsent(t.Context(), s.Caller(t, "learner"), true); err != nil {
		t.Fatal(err)
	}
	s.Publish(t)
	badges, err := s.Registrar.Badges(t.Context(), s.Caller(t, "learner"))
	if err != nil {
		t.Fatal(err)
	}
	fresh := ""
	for _, b := range badges {
		if b.State == issuer.Issued {
			fresh = "/v/" + string(b.ID)
		}
	}
	if got := verdict(t, s, old); got != "refused status" {
		t.Errorf("old: %s", got)
	}
	if got := verdict(t, s, fresh); got != "verified" {
		t.Errorf("new: %s", got)
	}
	if !bytes.Contains(get(t, s, fresh+".json").Body, []byte("Leo Learner")) || !bytes.Equal(get(t, s, old+".json").Body, before) {
		t.Error("the new one has no name, or the old one other bytes")
	}
	page := s.Browse(t, "nobody").Get(t, old).Want(t, 200)
	if !bytes.Contains(page.Body, []byte(fresh)) {
		t.Error("the old page does not lead to the new one")
	}
}

// TestNameTakenBack: after a no, no page of ours repeats a name that was
// signed before, and no file that holds it is given out.
func TestNameTakenBack(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	const name = "Leo Learner"
	if err := s.Registrar.AnswerConsent(t.Context(), s.Caller(t, "learner"), true); err != nil {
		t.Fatal(err)
	}
	id := string(completed(t, s))
	s.Publish(t)
	forms := map[string]string{"page": "text/html", "report": "application/json"}
	for form, media := range forms {
		if a := get(t, s, "/v/"+id, "Accept", media).Want(t, 200); !strings.Contains(string(a.Body), name) {
			t.Errorf("%s does not name who said yes", form)
		}
	}
	before := get(t, s, "/v/"+id+".json").Want(t, 200).Body
	if err := s.Registrar.AnswerConsent(t.Context(), s.Caller(t, "learner"), false); err != nil {
		t.Fatal(err)
	}
	s.Publish(t)
	for form, media := range forms {
		a := get(t, s, "/v/"+id, "Accept", media).Want(t, 200)
		if strings.Contains(string(a.Body), name) || !strings.Contains(string(a.Body), "replaced") {
			t.Errorf("%s after the no: %s", form, a.Body)
		}
	}
	if gone := get(t, s, "/v/"+id+".json").Want(t, 410).Body; bytes.Contains(gone, []byte(name)) {
		t.Errorf("the file is gone, and its absence names its holder: %s", gone)
	}
	// Whoever has the link or the file hears what the page says, without the name.
	for _, body := range []string{fmt.Sprintf(`{"url":"%s/v/%s"}`, s.URL, id), string(before), fmt.Sprintf(`{"credential":%s,"recipient":{"name":%q}}`, before, name)} {
		a := s.Send(t, "nobody", "POST", "/api/verify", body).Want(t, 200)
		if strings.Contains(string(a.Body), name) || !strings.Contains(string(a.Body), "replaced") {
			t.Errorf("%.40s: %s", body, a.Body)
		}
	}
}
