package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"hallmark/verifier/verifiertest"
)

// second is another vendor's answer about a badge.
type second struct {
	Verified bool
	Proof    bool
	Status   string
	Error    any
}

// ask hands badges, with the documents they point to, to a script that drives
// another vendor's verifier and opens no connection.
func ask(t *testing.T, script string, documents map[string]json.RawMessage, badges ...[]byte) []second {
	t.Helper()
	npm := verifiertest.NPM(t, "@digitalbazaar/vc", "@digitalcredentials/verifier-core")
	var requests []any
	for _, b := range badges {
		requests = append(requests, map[string]any{"credential": json.RawMessage(b), "documents": documents})
	}
	return verifiertest.Ask[second](t, npm, script, nil, requests...)
}

var vendors = []string{"verify-vc.mjs", "verify-core.mjs"}

// lists fetches the status list that a badge points to.
func lists(t *testing.T, badge []byte) map[string]json.RawMessage {
	t.Helper()
	var c struct {
		CredentialStatus struct{ StatusListCredential string }
	}
	if err := json.Unmarshal(badge, &c); err != nil {
		t.Fatal(err)
	}
	url := c.CredentialStatus.StatusListCredential
	status, list := call(t, "GET", url, "", "", "Accept", "application/vc")
	if status != 200 {
		t.Fatalf("GET %s: %d", url, status)
	}
	return map[string]json.RawMessage{url: list}
}

// What the program issues, verifies elsewhere; what was tampered with or
// revoked does not.
func TestOtherVendorsAgree(t *testing.T) {
	l, _ := demo(t)
	status, badge := call(t, "GET", l.Badge+".json", "", "")
	if status != 200 {
		t.Fatalf("GET %s.json: %d", l.Badge, status)
	}
	replaced := func(old, new string) []byte {
		if !strings.Contains(string(badge), old) {
			t.Fatalf("the badge has no %q:\n%s", old, badge)
		}
		return []byte(strings.Replace(string(badge), old, new, 1))
	}
	forged := [][]byte{
		replaced("Amina", "Emina"),
		replaced(`"name":`, `"distinction":"summa cum laude","name":`),
	}
	before := lists(t, badge)
	revoke := l.URL + "/api/v1/credentials/" + l.Badge[len(l.URL+"/v/"):] + "/revoke"
	if status, body := call(t, "POST", revoke, l.Tokens["admin"], `{"code":"other","reason":"To see it refused."}`); status != 200 {
		t.Fatalf("revoke: %d %s", status, body)
	}
	after := newLists(t, badge, before)
	for _, vendor := range vendors {
		t.Run(vendor, func(t *testing.T) {
			if a := ask(t, vendor, before, badge)[0]; !a.Verified || a.Status != "clear" {
				t.Errorf("a good badge: %+v", a)
			}
			for i, a := range ask(t, vendor, before, forged...) {
				if a.Verified || a.Proof {
					t.Errorf("forgery %d: %+v", i, a)
				}
			}
			if a := ask(t, vendor, after, badge)[0]; a.Verified || !a.Proof || a.Status != "set" {
				t.Errorf("a revoked badge: %+v", a)
			}
		})
	}
}

// A badge that seals what it rests on verifies elsewhere too, and the file that
// its holder saves is what it seals.
func TestOtherVendorsReadSealedBadges(t *testing.T) {
	l, _ := demo(t)
	status, body := call(t, "POST", l.URL+"/api/v1/capstones/"+l.Capstone+"/reviews", l.Tokens["lead"], approveFirst)
	var decided struct{ Credentials []struct{ URL string } }
	if err := json.Unmarshal(body, &decided); err != nil || status != 201 || len(decided.Credentials) == 0 {
		t.Fatalf("approve: %d %s", status, body)
	}
	_, badge := call(t, "GET", decided.Credentials[0].URL+".json", "", "")
	if !strings.Contains(string(badge), `"digestMultibase":"zQm`) {
		t.Fatalf("the badge seals nothing: %s", badge)
	}
	documents := lists(t, badge)
	for _, vendor := range vendors {
		if a := ask(t, vendor, documents, badge)[0]; !a.Verified || a.Status != "clear" {
			t.Errorf("%s: %+v", vendor, a)
		}
	}
	status, file := call(t, "GET", l.URL+"/capstones/"+l.Capstone+"/submissions/1", l.Tokens["learner"], "")
	if status != 200 {
		t.Fatalf("the sealed file: %d %s", status, file)
	}
	dir := t.TempDir()
	save := func(name string, content []byte) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	work, other := save("work.json", file), save("other.json", append(bytes.Clone(file), ' '))
	for _, test := range []struct {
		evidence, badge string
		code            int
	}{{work, decided.Credentials[0].URL, exitDone}, {other, decided.Credentials[0].URL, exitFailed}, {work, l.Badge, exitUndetermined}, {work + ".none", l.Badge, exitUsage}} {
		for _, form := range [][]string{{"verify"}, {"verify", "--json"}} {
			out, errs, code := hallmark(t, "", append(form, test.badge, "--evidence", test.evidence)...)
			if code != test.code || code != exitUsage && !strings.Contains(out, "evidence") {
				t.Errorf("%s: exit %d, want %d\n%s%s", test.evidence, code, test.code, out, errs)
			}
		}
	}
}

// newLists waits for the list to be signed anew: the promise is five seconds,
// the test gives noisy machines more.
func newLists(t *testing.T, badge []byte, before map[string]json.RawMessage) map[string]json.RawMessage {
	t.Helper()
	for range 150 {
		now := lists(t, badge)
		for url := range now {
			if !bytes.Equal(now[url], before[url]) {
				return now
			}
		}
		sleep(t)
	}
	t.Fatal("the status list was not published anew")
	return nil
}

// Every badge of the demo is what the published schema of Open Badges 3.0
// describes.
func TestBadgesPassTheSchema(t *testing.T) {
	dir := verifiertest.Fixtures(t)
	l, _ := demo(t)
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(dir, "standards", "schemas", "ob_v3p0_achievementcredential_schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	status, body := call(t, "GET", l.URL+"/api/v1/credentials?limit=200", l.Tokens["admin"], "")
	var list struct{ Items []struct{ URL string } }
	if err := json.Unmarshal(body, &list); err != nil || status != 200 || len(list.Items) < 50 {
		t.Fatalf("credentials: %d, %d items, %v", status, len(list.Items), err)
	}
	for _, c := range list.Items {
		_, badge := call(t, "GET", c.URL+".json", "", "")
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(badge))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", c.URL, err)
		}
	}
}
