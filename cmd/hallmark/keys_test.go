package main

import (
	"encoding/json"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// keysOf lists the keys as the command says they are.
func keysOf(t *testing.T, data string) []*registrar.KeyView {
	t.Helper()
	var list struct{ Keys []*registrar.KeyView }
	if err := json.Unmarshal([]byte(must(t, "keys", "list", "--json", "--data", data)), &list); err != nil {
		t.Fatal(err)
	}
	return list.Keys
}

func signs(t *testing.T, data, purpose string) issuer.KeyID {
	t.Helper()
	for _, k := range keysOf(t, data) {
		if k.Purpose == purpose && k.State == issuer.KeyActive && k.Algorithm == "Ed25519" {
			return k.ID
		}
	}
	t.Fatalf("no key signs for %s", purpose)
	return ""
}

// office is a server under a did:web with the sample in it, and a client that may
// award.
type office struct{ data, at, token string }

func openOffice(t *testing.T) *office {
	t.Helper()
	sample, addr := copySample(t), freeAddr(t)
	o := &office{data: t.TempDir(), at: "http://" + addr}
	start(t, "serve", "--data", o.data, "--addr", addr, "--base-url", "https://badges.example.org")
	waitFor(t, "a server that is ready", func() bool { return ready(addr) })
	importing(t, o.data, "program", filepath.Join(sample, "program.yaml"))
	importing(t, o.data, "people", filepath.Join(sample, "roster.csv"), "--skip-wrong")
	secret := regexp.MustCompile(`client_id (\S+)\nclient_secret (\S+)`).FindStringSubmatch(must(t, "admin", "client", "LMS", "--scope", "credentials:write", "--data", o.data))
	o.login(t, secret[1], secret[2])
	return o
}

func (o *office) login(t *testing.T, id, secret string) {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}}
	_, body := call(t, "POST", o.at+"/oauth/token", "", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(body, &token); err != nil || token.AccessToken == "" {
		t.Fatalf("token: %s", body)
	}
	o.token = token.AccessToken
}

// award issues a badge and gives its id and the key that signed it.
func (o *office) award(t *testing.T, achievement, email string) (id, kid string) {
	t.Helper()
	_, body := call(t, "POST", o.at+"/api/v1/credentials", o.token, `{"achievement":"`+achievement+`","person":{"email":"`+email+`"},"reason":"Shown."}`)
	var made struct{ Credential struct{ ID string } }
	if err := json.Unmarshal(body, &made); err != nil || made.Credential.ID == "" {
		t.Fatalf("award: %s", body)
	}
	_, signed := call(t, "GET", o.at+"/v/"+made.Credential.ID+".json", "", "")
	method := regexp.MustCompile(`"verificationMethod":"did:web:badges.example.org#([^"]+)"`).FindSubmatch(signed)
	if method == nil {
		t.Fatalf("signed: %s", signed)
	}
	return made.Credential.ID, string(method[1])
}

func (o *office) verdict(t *testing.T, id string) string {
	t.Helper()
	_, body := call(t, "GET", o.at+"/v/"+id, "", "", "Accept", "application/json")
	var report struct{ Verdict, Summary string }
	if err := json.Unmarshal(body, &report); err != nil {
		t.Fatalf("report: %s", body)
	}
	return report.Verdict
}

// asserted lists the keys that did.json lets sign.
func (o *office) asserted(t *testing.T) string {
	t.Helper()
	_, body := call(t, "GET", o.at+"/.well-known/did.json", "", "")
	var doc struct{ AssertionMethod []string }
	if err := json.Unmarshal(body, &doc); err != nil {
		t.Fatalf("did.json: %s", body)
	}
	return strings.Join(doc.AssertionMethod, " ")
}

// TestKeysBesideAServer rotates keys while a server runs: badges go on being
// issued, those of the old key stay good, and a key that was given up signs for
// nobody any more.
func TestKeysBesideAServer(t *testing.T) {
	o := openOffice(t)
	old := signs(t, o.data, "credential")
	people := learners(t)
	first, kid := o.award(t, "F1", people[0])
	if kid != string(old) {
		t.Errorf("%s signed", kid)
	}
	var done registrar.KeyRotation
	rotation := make(chan string, 1)
	go func() {
		out, _, _ := hallmark(t, "", "keys", "rotate", "--wait", "4s", "--json", "--data", o.data)
		rotation <- out
	}()
	// Published, and not signing yet.
	planned := ""
	waitFor(t, "planned key", func() bool {
		for _, k := range keysOf(t, o.data) {
			if k.State == issuer.KeyPlanned {
				planned = string(k.ID)
			}
		}
		return planned != ""
	})
	waitFor(t, "planned key in did.json", func() bool { return strings.Contains(o.asserted(t), planned) })
	if err := json.Unmarshal([]byte(<-rotation), &done); err != nil || string(done.Active.ID) != planned || len(done.Retired) != 1 || done.Retired[0].ID != old {
		t.Fatalf("%+v, %v", done, err)
	}
	next := 0
	waitFor(t, "badge by the new key", func() bool {
		next++
		_, kid := o.award(t, "F1", people[next])
		return kid == planned
	})
	if got := o.verdict(t, first); got != "verified" {
		t.Errorf("the badge of the retired key is %s", got)
	}
	if !strings.Contains(o.asserted(t), string(old)) {
		t.Error("the retired key is not asserted any more")
	}
	if _, errs, code := hallmark(t, "", "keys", "retire", planned, "--data", o.data); code != exitFailed || !strings.Contains(errs, "signs just now") {
		t.Errorf("retire: exit %d, %q", code, errs)
	}
	compromised(t, o, planned)
}

func compromised(t *testing.T, o *office, kid string) {
	t.Helper()
	var key registrar.KeyView
	if err := json.Unmarshal([]byte(must(t, "keys", "compromise", kid, "--json", "--data", o.data)), &key); err != nil || key.State != issuer.KeyCompromised {
		t.Fatalf("%+v, %v", key, err)
	}
	waitFor(t, "did.json without the key", func() bool { return !strings.Contains(o.asserted(t), kid) })
	if now := signs(t, o.data, "credential"); string(now) == kid {
		t.Error("the stolen key signs on")
	}
	if _, _, code := hallmark(t, "", "keys", "compromise", kid, "--since", "yesterday", "--data", o.data); code != exitUsage {
		t.Errorf("no time: exit %d", code)
	}
	var again registrar.KeyReissued
	if err := json.Unmarshal([]byte(must(t, "keys", "reissue", kid, "--json", "--data", o.data)), &again); err != nil || again.Reissued == 0 || again.Doubtful != 0 {
		t.Errorf("%+v, %v", again, err)
	}
	if out := must(t, "keys", "reissue", kid, "--data", o.data); out != "Issued anew: 0.\n" {
		t.Errorf("again: %q", out)
	}
	if _, errs, code := hallmark(t, "", "keys", "reissue", string(signs(t, o.data, "credential")), "--data", o.data); code != exitFailed || !strings.Contains(errs, "is active") {
		t.Errorf("of the key that signs: exit %d, %q", code, errs)
	}
	waitFor(t, "log that fits", func() bool { return strings.Contains(must(t, "log", "check", "--data", o.data), "Everything fits.") })
}

// learners gives addresses of the sample.
func learners(t *testing.T) []string {
	t.Helper()
	data, err := readFile(filepath.Join(copySample(t), "roster.csv"), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`[a-z0-9.]+@example.org`).FindAllString(string(data), -1)
}
