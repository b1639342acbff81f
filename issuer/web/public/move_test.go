package public_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/auditor"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/keyring"
	"hallmark/issuer/registrar"
	"hallmark/verifier"
	"hallmark/verifier/bake"
	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
)

// outsider asks one running service over HTTP for whatever host it is given, as
// when the names of all of them lead there.
type outsider struct {
	t *testing.T
	s *issuertest.Service
}

func (o outsider) get(address string) ([]byte, error) {
	w := httptest.NewRecorder()
	o.s.Server.Config.Handler.ServeHTTP(w, httptest.NewRequest("GET", address, nil))
	if w.Code != 200 {
		return nil, errors.New(address + " answers " + w.Result().Status)
	}
	return w.Body.Bytes(), nil
}

func (o outsider) Document(_ context.Context, id string) (*did.Document, error) {
	address, err := did.WebURL(id)
	if err != nil {
		return nil, did.ErrNotFound
	}
	doc, err := o.get(address)
	if err != nil {
		return nil, err
	}
	return did.ParseDocument(id, doc)
}

func (o outsider) KeySet(_ context.Context, address string) (*did.KeySet, error) {
	set, err := o.get(address)
	if err != nil {
		return nil, err
	}
	return did.ParseKeySet(set)
}

func (o outsider) StatusList(_ context.Context, address string) ([]byte, error) {
	return o.get(address)
}

// holds looks at every form of a badge that was issued under a base URL, as our
// own service and an outsider see it.
func (o outsider) holds(path, base, did string, want verifier.Outcome) {
	o.t.Helper()
	u, err := url.Parse(o.s.URL)
	if err != nil {
		o.t.Fatal(err)
	}
	at := u.Path
	page := get(o.t, o.s, at+path).Want(o.t, 200)
	if !strings.Contains(string(page.Body), `data-verdict="`+string(want)+`"`) {
		o.t.Errorf("the page of %s is not %s", path, want)
	}
	doc := get(o.t, o.s, at+path+".json").Want(o.t, 200).Body
	read, err := strictjson.Parse(doc)
	if err != nil || read.Get("id").Text() != base+path || read.Get("issuer").Get("id").Text() != did {
		o.t.Errorf("%s: %v, %.200s", path, err, doc)
	}
	status := []byte(nil)
	if want == verifier.Verified {
		status = get(o.t, o.s, at+path+"/staple").Want(o.t, 200).Body
		get(o.t, o.s, at+path+"/slip.svg").Want(o.t, 200)
	}
	picture := get(o.t, o.s, at+path+".png").Want(o.t, 200).Body
	token := get(o.t, o.s, at+path+".jwt").Want(o.t, 200).Body
	envelope := get(o.t, o.s, at+path, "Accept", "application/vc+jwt").Want(o.t, 200).Body
	outside := &verifier.Verifier{Keys: o, Status: o, Now: o.s.Clock.Now}
	for name, file := range map[string][]byte{"json": doc, "jwt": token, "vc+jwt": envelope, "png": picture} {
		for who, v := range map[string]*verifier.Verifier{"ours": o.s.Verifier, "a stranger": outside} {
			report, err := v.Verify(o.t.Context(), file, verifier.Ask{})
			if err != nil || report.Verdict != want {
				o.t.Errorf("%s of %s to %s: %v %+v", name, path, who, err, report)
			}
		}
	}
	if status != nil {
		alone := &verifier.Verifier{Keys: o, Now: o.s.Clock.Now}
		if report, err := alone.Verify(o.t.Context(), doc, verifier.Ask{Staple: status}); err != nil || report.Verdict != want {
			o.t.Errorf("%s with its stapled status: %v %+v", path, err, report)
		}
	}
	if inside, _, err := bake.Unbake(picture); err != nil || string(inside) != string(doc) {
		o.t.Errorf("%s.png carries another badge: %v", path, err)
	}
}

// TestMove is a drill: a badge is issued, the installation moves and moves back,
// and what was issued at each place goes on as it was.
func TestMove(t *testing.T) {
	for name, to := range map[string]struct{ first, second, called string }{
		"from another address": {"https://a.example.org/badges", "https://b.example.net", "did:web:b.example.net"},
		"from trial mode":      {"http://127.0.0.1:8080", "https://b.example.net", "did:web:b.example.net"},
		"below a path":         {"https://a.example.org", "https://a.example.org/badges", "did:web:a.example.org:badges"},
		"from below a path":    {"https://a.example.org/badges", "https://a.example.org", "did:web:a.example.org"},
		"from root to a path":  {"https://a.example.org", "https://b.example.net/badges", "did:web:b.example.net:badges"},
	} {
		t.Run(name, func(t *testing.T) { moves(t, to.first, to.second, to.called) })
	}
}

func moves(t *testing.T, first, second, called string) {
	dsn := filepath.Join(t.TempDir(), "hallmark.db")
	a := &drill{issuertest.New(t, issuertest.Options{DSN: dsn, Base: first}), t}
	named := a.Issuer.DID
	old, other := "/v/"+a.issued("learner", "M1"), "/v/"+a.issued("other", "M1")
	head, err := a.Published.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"http://127.0.0.1:9", "https://10.0.0.1", "https://localhost"} {
		there := &registrar.Registrar{Store: a.Store, Ring: a.Ring, BaseURL: wrong, Move: true}
		if _, err := there.Setup(t.Context(), issuer.Issuer{}, keyring.MethodByURL); strings.HasPrefix(named, "did:web:") && !errors.Is(err, issuer.Invalid) {
			t.Errorf("moved to %s: %v", wrong, err)
		}
		if strings.HasPrefix(named, "did:key:") {
			break // from one trial to another it may
		}
		there.Move = false
		if _, err := there.Setup(t.Context(), issuer.Issuer{}, keyring.MethodByURL); !errors.Is(err, issuer.Conflict) {
			t.Errorf("moved unasked: %v", err)
		}
	}

	b := &drill{issuertest.NewEmpty(t, issuertest.Options{DSN: dsn, Base: second, Move: true}), t}
	b.Sample = a.Sample
	below, err := url.Parse(second)
	if err != nil {
		t.Fatal(err)
	}
	if b.Issuer.DID != called {
		t.Fatalf("it is called %s", b.Issuer.DID)
	}
	in := registrar.NewCompletion{Person: registrar.PersonRef{ID: a.People["mate"]}, Module: "M1"}
	if _, err := a.Registrar.RecordCompletion(t.Context(), issuer.Caller{System: "test"}, in); !errors.Is(err, issuer.Unavailable) {
		t.Errorf("a copy at the old address issues: %v", err)
	}
	fresh := "/v/" + b.issued("mate", "M1")
	b.settle()
	at := outsider{t, b.Service}
	at.holds(old, first, named, verifier.Verified)
	at.holds(fresh, second, b.Issuer.DID, verifier.Verified)
	if _, err := b.Registrar.RevokeCredential(t.Context(), issuer.Caller{System: "test"}, issuer.CredentialID(other[3:]), registrar.StatusChange{Code: "misconduct"}); err != nil {
		t.Fatal(err)
	}
	b.settle()
	at.holds(other, first, named, verifier.Refused)
	for _, link := range []string{first + old, second + old} {
		if answer := b.Send(t, "nobody", "POST", below.Path+"/api/verify", `{"url":"`+link+`"}`).Want(t, 200); !strings.Contains(string(answer.Body), `"verdict":"verified"`) {
			t.Errorf("%s: %s", link, answer.Body)
		}
	}
	renamed, err := b.Registrar.ReissueCredential(t.Context(), issuer.Caller{System: "test"}, issuer.CredentialID(old[3:]), "The name.")
	if err != nil {
		t.Fatal(err)
	}
	b.settle()
	at.holds(old, first, named, verifier.Refused)
	at.holds("/v/"+string(renamed.Badge.ID), second, b.Issuer.DID, verifier.Verified)

	if strings.HasPrefix(named, "did:web:") { // and back
		c := &drill{issuertest.NewEmpty(t, issuertest.Options{DSN: dsn, Base: first, Move: true}), t}
		c.Sample = a.Sample
		again := "/v/" + c.issued("other", "M2")
		c.settle()
		at = outsider{t, c.Service}
		at.holds(fresh, second, b.Issuer.DID, verifier.Verified)
		at.holds(again, first, named, verifier.Verified)
		b = c
	}
	result, err := (&auditor.Auditor{Store: b.Store, Ring: b.Ring, BaseURL: b.URL, Known: head}).Check(t.Context())
	if err != nil || len(result.Findings) > 0 {
		t.Errorf("%v %+v", err, result.Findings)
	}
}
