package api_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
)

// badge is a credential as the API shows it.
type badge struct {
	ID, URL, State string
	Achievement    struct{ ID, Code, Name string }
	Person         struct{ ID, Name string }
	Links          map[string]any
}

func codes(list []badge) string {
	var out []string
	for _, b := range list {
		out = append(out, b.Achievement.Code)
	}
	return strings.Join(out, " ")
}

type completionAnswer struct {
	Completion struct {
		ID     string
		Passed bool
	}
	Credentials []badge
}

// TestCompletions: a recorded completion issues its badge, and the stacked one
// with the last; the same fact again changes nothing.
func TestCompletions(t *testing.T) { issuertest.OnBoth(t, testCompletions) }

func testCompletions(t *testing.T, s *issuertest.Service) {
	c := readContract(t)
	body := fmt.Sprintf(`{"person":{"email":%q},"module":"M1","cohort":"craft-1","evidence":[{"url":"https://lms.example/1","name":"Quiz"}]}`, issuertest.Address("learner"))
	var first, again completionAnswer
	c.send(t, s, "lms", "POST", "/api/v1/completions", body, 201).JSON(t, &first)
	if !first.Completion.Passed || codes(first.Credentials) != "saws" || first.Credentials[0].State != "issued" {
		t.Fatalf("first: %+v", first)
	}
	c.send(t, s, "lms", "POST", "/api/v1/completions", body, 200).JSON(t, &again)
	if again.Completion.ID != first.Completion.ID || len(again.Credentials) != 1 || again.Credentials[0].ID != first.Credentials[0].ID {
		t.Errorf("again: %+v", again)
	}
	attempt := fmt.Sprintf(`{"person":{"id":%q},"module":"M2","score":{"value":59.9,"unit":"percent"}}`, s.People["learner"])
	var tried, passed completionAnswer
	c.send(t, s, "lead", "POST", "/api/v1/completions", attempt, 201).JSON(t, &tried)
	if tried.Completion.Passed || len(tried.Credentials) != 0 {
		t.Errorf("attempt: %+v", tried)
	}
	c.send(t, s, "lms", "POST", "/api/v1/completions", strings.Replace(attempt, "59.9", "60", 1), 201).JSON(t, &passed)
	if codes(passed.Credentials) != "joints base" {
		t.Errorf("stacked: %s", codes(passed.Credentials))
	}
	c.send(t, s, "lms", "GET", "/api/v1/completions?limit=2", "", 200)
	c.send(t, s, "learner", "GET", "/api/v1/completions", "", 200)
	a := s.Send(t, "nobody", "GET", strings.TrimPrefix(first.Credentials[0].URL, s.URL), "", "Accept", "application/json").Want(t, 200)
	if !strings.Contains(string(a.Body), `"verdict":"verified"`) {
		t.Errorf("report %s", a.Body)
	}
	if got := string(s.Send(t, "nobody", "GET", strings.TrimPrefix(first.Credentials[0].URL, s.URL)+".json", "").Want(t, 200).Body); strings.Contains(got, "@people.example") || strings.Contains(got, "Leo") {
		t.Errorf("something personal in a public byte: %s", got)
	}
}

// TestCompletionRefusals: readable but wrong is 422, says which input, and
// writes nothing.
func TestCompletionRefusals(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c := readContract(t)
	learner := fmt.Sprintf(`{"email":%q}`, issuertest.Address("learner"))
	tests := []struct{ name, body string }{
		{"no person", `{"module":"M1"}`},
		{"two persons", `{"person":{"email":"a@people.example","id":"X"},"module":"M1"}`},
		{"unknown person", `{"person":{"email":"who@people.example"},"module":"M1"}`},
		{"not an address", `{"person":{"email":"who"},"module":"M1"}`},
		{"not enrolled", fmt.Sprintf(`{"person":{"email":%q},"module":"M1"}`, issuertest.Address("plain"))},
		{"unknown module", `{"person":` + learner + `,"module":"M9"}`},
		{"no module", `{"person":` + learner + `}`},
		{"unknown cohort", `{"person":` + learner + `,"module":"M1","cohort":"craft-9"}`},
		{"the future", `{"person":` + learner + `,"module":"M1","completedAt":"2999-01-01"}`},
		{"no day", `{"person":` + learner + `,"module":"M1","completedAt":"31.12.2025"}`},
		{"no such day", `{"person":` + learner + `,"module":"M1","completedAt":"2025-02-30"}`},
		{"other unit", `{"person":` + learner + `,"module":"M1","score":{"value":1,"unit":"stars"}}`},
		{"negative score", `{"person":` + learner + `,"module":"M1","score":{"value":-1,"unit":"percent"}}`},
		{"a score without its number", `{"person":` + learner + `,"module":"M1","score":{}}`},
		{"a score of null", `{"person":` + learner + `,"module":"M1","score":{"value":null,"unit":"percent"}}`},
		{"evidence that is no link", `{"person":` + learner + `,"module":"M1","evidence":[{"url":"javascript:alert(1)","name":"x"}]}`},
		{"unknown member", `{"person":` + learner + `,"module":"M1","completed_at":"2025-02-03"}`},
		{"other case", `{"person":` + learner + `,"Module":"M1"}`},
		{"NUL", `{"person":` + learner + `,"module":"M1\u0000"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var p struct {
				Errors []struct{ Field, Reason string }
			}
			c.send(t, s, "lms", "POST", "/api/v1/completions", tt.body, 422).JSON(t, &p)
			if len(p.Errors) == 0 || p.Errors[0].Reason == "" {
				t.Errorf("no errors: %+v", p)
			}
		})
	}
	var left struct{ Items []any }
	c.send(t, s, "lms", "GET", "/api/v1/completions", "", 200).JSON(t, &left)
	if len(left.Items) != 0 {
		t.Errorf("%d completions were written", len(left.Items))
	}
}

// TestSameCompletionAtOnce: of 500 identical requests at the same time one
// is answered 201, the others 200 with the same credential.
func TestSameCompletionAtOnce(t *testing.T) { issuertest.OnBoth(t, testSameCompletionAtOnce) }

func testSameCompletionAtOnce(t *testing.T, s *issuertest.Service) {
	body := fmt.Sprintf(`{"person":{"email":%q},"module":"M1"}`, issuertest.Address("learner"))
	var mu sync.Mutex
	status, ids := map[int]int{}, map[string]bool{}
	var wg sync.WaitGroup
	gate := make(chan struct{})
	for range 500 {
		wg.Go(func() {
			<-gate
			a := s.Send(t, "lms", "POST", "/api/v1/completions", body)
			var got completionAnswer
			if a.Status < 300 {
				a.JSON(t, &got)
			}
			mu.Lock()
			defer mu.Unlock()
			status[a.Status]++
			for _, b := range got.Credentials {
				ids[b.ID] = true
			}
		})
	}
	began := time.Now()
	close(gate)
	wg.Wait()
	t.Logf("500 requests in %v", time.Since(began).Round(time.Millisecond))
	if status[201] != 1 || status[200] != 499 || len(ids) != 1 {
		t.Errorf("statuses %v, %d credentials", status, len(ids))
	}
}

// TestIdempotencyKey: the same request gets the first answer, whatever
// happened since; another with the same key is refused; keys are per caller.
func TestIdempotencyKey(t *testing.T) { issuertest.OnBoth(t, testIdempotencyKey) }

func testIdempotencyKey(t *testing.T, s *issuertest.Service) {
	c := readContract(t)
	one := fmt.Sprintf(`{"person":{"email":%q},"module":"M1"}`, issuertest.Address("learner"))
	two := fmt.Sprintf(`{"person":{"email":%q},"module":"M1"}`, issuertest.Address("other"))
	first := c.send(t, s, "lms", "POST", "/api/v1/completions", one, 201, "Idempotency-Key", "k1")
	again := c.send(t, s, "lms", "POST", "/api/v1/completions", one, 201, "Idempotency-Key", "k1")
	if string(first.Body) != string(again.Body) {
		t.Errorf("answers differ:\n%s\n%s", first.Body, again.Body)
	}
	if again.Header.Get("Idempotent-Replayed") != "true" {
		t.Error("a replay does not say so")
	}
	c.send(t, s, "lms", "POST", "/api/v1/completions", two, 422, "Idempotency-Key", "k1")
	c.send(t, s, "lead", "POST", "/api/v1/completions", two, 201, "Idempotency-Key", "k1")
	c.send(t, s, "lms", "POST", "/api/v1/completions", two, 400, "Idempotency-Key", strings.Repeat("k", 256))
	c.send(t, s, "lms", "POST", "/api/v1/completions", `{"person":{"email":"who@people.example"},"module":"M1"}`, 422, "Idempotency-Key", "k2")
	c.send(t, s, "lms", "POST", "/api/v1/completions", two, 200, "Idempotency-Key", "k2") // a refusal is not kept
	var wg sync.WaitGroup
	var mu sync.Mutex
	status := map[int]int{}
	body := fmt.Sprintf(`{"achievement":"honour","person":{"email":%q},"reason":"For the tests."}`, issuertest.Address("mate"))
	for range 20 {
		wg.Go(func() {
			a := s.Send(t, "lms", "POST", "/api/v1/credentials", body, "Idempotency-Key", "k3")
			mu.Lock()
			defer mu.Unlock()
			status[a.Status]++
		})
	}
	wg.Wait()
	if status[201] < 1 || status[201]+status[409] != 20 {
		t.Errorf("at once: %v", status)
	}
}

// capstoneOf starts a capstone, fills its draft and hands it in.
func capstoneOf(t *testing.T, c *contract, s *issuertest.Service, brief string, team ...issuer.PersonID) string {
	t.Helper()
	ids, err := json.Marshal(team)
	if err != nil {
		t.Fatal(err)
	}
	if team == nil {
		ids = []byte("[]")
	}
	var a struct{ Capstone struct{ ID, State string } }
	c.send(t, s, "learner", "POST", "/api/v1/capstones", fmt.Sprintf(`{"brief":%q,"cohort":"craft-1","title":"A chair for two","team":%s}`, brief, ids), 201).JSON(t, &a)
	path := "/api/v1/capstones/" + a.Capstone.ID
	draft := `{"title":"A chair for two","summary":"It holds.","impact":{"measure":"hours saved per month","before":"10","after":"2"},"evidence":[{"kind":"link","name":"Plan","url":"https://work.example/plan"}]}`
	c.send(t, s, "learner", "PUT", path, draft, 200)
	c.send(t, s, "learner", "POST", path+"/submissions", "", 201).JSON(t, &a)
	if a.Capstone.State != "submitted" {
		t.Fatalf("state %s", a.Capstone.State)
	}
	return a.Capstone.ID
}

type reviewAnswer struct {
	Review      struct{ ID string }
	Capstone    struct{ ID, State string }
	Missing     []string
	Credentials []badge
}

// TestReviews: a return, a new submission, a community mentor's approval that
// is not enough, a lead's that is: a badge for every member of the team.
func TestReviews(t *testing.T) { issuertest.OnBoth(t, testReviews) }

func testReviews(t *testing.T, s *issuertest.Service) {
	c := readContract(t)
	id := capstoneOf(t, c, s, "K1", s.People["mate"])
	reviews := "/api/v1/capstones/" + id + "/reviews"
	sound := `"scores":{"build":"sound","value":"strong"}`
	c.send(t, s, "lead", "POST", reviews, `{"submission":1,"decision":"return","note":""}`, 422)
	c.send(t, s, "lead", "POST", reviews, `{"submission":1,"decision":"return","note":"\u200b"}`, 422)
	c.send(t, s, "lead", "POST", reviews, `{"submission":1,"decision":"maybe"}`, 422)
	c.send(t, s, "lead", "POST", reviews, `{"submission":1,"decision":"approve","scores":{"build":"not yet"}}`, 422)
	c.send(t, s, "lead", "POST", reviews, `{"submission":1,"decision":"approve","scores":{"charm":"sound"}}`, 422)
	c.send(t, s, "lead", "POST", reviews, `{"submission":1,"decision":"approve","scores":{"build":"superb"}}`, 422)
	c.send(t, s, "lead", "POST", reviews, `{"submission":2,"decision":"approve",`+sound+`}`, 409)
	c.send(t, s, "mate", "POST", reviews, `{"submission":1,"decision":"approve",`+sound+`}`, 403)
	c.send(t, s, "elsewhere", "POST", reviews, `{"submission":1,"decision":"approve",`+sound+`}`, 403)
	c.send(t, s, "root", "POST", reviews, `{"submission":1,"decision":"approve",`+sound+`}`, 403)
	var a reviewAnswer
	c.send(t, s, "lead", "POST", reviews, `{"submission":1,"decision":"return","note":"Say who sits on it."}`, 201).JSON(t, &a)
	if a.Capstone.State != "returned" || len(a.Credentials) != 0 {
		t.Errorf("return: %+v", a)
	}
	c.send(t, s, "lead", "POST", reviews, `{"submission":1,"decision":"approve",`+sound+`}`, 409)
	c.send(t, s, "learner", "POST", "/api/v1/capstones/"+id+"/submissions", `{}`, 201)
	c.send(t, s, "community", "POST", reviews, `{"submission":2,"decision":"approve",`+sound+`}`, 201).JSON(t, &a)
	if strings.Join(a.Missing, ",") != "lead approval" || a.Capstone.State != "submitted" || len(a.Credentials) != 0 {
		t.Errorf("community: %+v", a)
	}
	c.send(t, s, "community", "POST", reviews, `{"submission":2,"decision":"approve",`+sound+`}`, 409)
	c.send(t, s, "lead", "POST", reviews, `{"submission":2,"decision":"approve",`+sound+`}`, 201).JSON(t, &a)
	if a.Capstone.State != "approved" || codes(a.Credentials) != "chair chair" || a.Credentials[0].Person.ID == a.Credentials[1].Person.ID {
		t.Errorf("approval: %+v", a)
	}
	c.send(t, s, "learner", "GET", "/api/v1/capstones/"+id, "", 200)
	c.send(t, s, "lead", "GET", "/api/v1/capstones?cohort=craft-1", "", 200)
	c.send(t, s, "learner", "POST", "/api/v1/capstones/"+id+"/withdraw", "", 409)
	other := capstoneOf(t, c, s, "K2")
	c.send(t, s, "learner", "POST", "/api/v1/capstones/"+other+"/withdraw", "", 200)
}

// TestClaims: who claimed a capstone decides about it, with a reason from the
// list, and takes a mistaken approval back.
func TestClaims(t *testing.T) { issuertest.OnBoth(t, testClaims) }

func testClaims(t *testing.T, s *issuertest.Service) {
	c := readContract(t)
	at := "/api/v1/capstones/" + capstoneOf(t, c, s, "K1")
	var claimed struct {
		Claim *struct{ Mentor struct{ Name string } }
	}
	c.send(t, s, "community", "POST", at+"/claim", `{}`, 200).JSON(t, &claimed)
	if claimed.Claim == nil || claimed.Claim.Mentor.Name != "Cora Community" {
		t.Errorf("%+v", claimed)
	}
	const approval = `{"submission":1,"decision":"approve","scores":{"build":"sound","value":"strong"}}`
	c.send(t, s, "lead", "POST", at+"/claim", `{}`, 409)
	c.send(t, s, "lead", "POST", at+"/reviews", approval, 409)
	c.send(t, s, "lead", "POST", at+"/claim", `{"takeOver":true}`, 422)
	c.send(t, s, "lead", "POST", at+"/claim", `{"takeOver":true,"note":"They present tomorrow."}`, 200)
	c.send(t, s, "learner", "GET", at, "", 200)
	c.send(t, s, "lead", "DELETE", at+"/claim", "", 200).JSON(t, &claimed)
	if claimed.Claim != nil {
		t.Errorf("given back: %+v", claimed)
	}
	c.send(t, s, "community", "POST", at+"/reviews", `{"submission":1,"decision":"return","note":"x","reason":"mood"}`, 422)
	var a reviewAnswer
	c.send(t, s, "lead", "POST", at+"/reviews", approval, 201).JSON(t, &a)
	back := at + "/reviews/" + a.Review.ID + "/take-back"
	c.send(t, s, "community", "POST", back, "", 403)
	c.send(t, s, "lead", "POST", back, "", 200).JSON(t, &a)
	if a.Capstone.State != "submitted" || codes(a.Credentials) != "chair" || a.Credentials[0].State != "revoked" {
		t.Errorf("taken back: %+v", a)
	}
	c.send(t, s, "lead", "POST", back, "", 409)
	c.send(t, s, "lead", "POST", at+"/reviews", `{"submission":1,"decision":"return","note":"Show it.","reason":"evidence"}`, 201)
}

// TestCredentials: an award by word, and what can become of it.
func TestCredentials(t *testing.T) { issuertest.OnBoth(t, testCredentials) }

func testCredentials(t *testing.T, s *issuertest.Service) {
	c := readContract(t)
	body := fmt.Sprintf(`{"achievement":"honour","person":{"email":%q},"reason":"For years of help."}`, issuertest.Address("learner"))
	var a struct{ Credential badge }
	c.send(t, s, "owner", "POST", "/api/v1/credentials", body, 201).JSON(t, &a)
	id := a.Credential.ID
	c.send(t, s, "lms", "POST", "/api/v1/credentials", body, 200).JSON(t, &a)
	if a.Credential.ID != id {
		t.Error("a second badge for the same achievement")
	}
	c.send(t, s, "owner", "POST", "/api/v1/credentials", strings.Replace(body, "honour", "nothing", 1), 422)
	c.send(t, s, "owner", "POST", "/api/v1/credentials", strings.Replace(body, "For years of help.", "", 1), 422)
	path := "/api/v1/credentials/" + id
	c.send(t, s, "lms", "GET", "/api/v1/credentials?limit=1", "", 200)
	c.send(t, s, "learner", "GET", strings.ToLower(path), "", 200)
	c.send(t, s, "other", "GET", path, "", 404)
	c.send(t, s, "owner", "POST", path+"/suspend", `{"reason":"We look into it."}`, 200).JSON(t, &a)
	if a.Credential.State != "suspended" {
		t.Errorf("suspended: %+v", a)
	}
	verdict := func(want string) {
		t.Helper()
		got := c.send(t, s, "nobody", "POST", "/api/verify", fmt.Sprintf(`{"url":%q}`, a.Credential.URL), 200)
		if !strings.Contains(string(got.Body), `"verdict":"`+want+`"`) {
			t.Errorf("want %s: %s", want, got.Body)
		}
	}
	verdict("refused")
	c.send(t, s, "owner", "POST", path+"/reinstate", "", 200)
	verdict("verified")
	bytesBefore := s.Send(t, "nobody", "GET", "/v/"+id+".json", "").Want(t, 200).Body
	for _, none := range []string{`{"code":"because"}`, `{}`, ""} {
		if told := c.send(t, s, "owner", "POST", path+"/revoke", none, 422); !strings.Contains(string(told.Body), "evidence-withdrawn, holder-request, issued-in-error") {
			t.Errorf("%s does not say which codes there are: %s", none, told.Body)
		}
	}
	c.send(t, s, "owner", "POST", path+"/revoke", `{"code":"issued-in-error","reason":"A slip.","note":"private note"}`, 200).JSON(t, &a)
	if a.Credential.State != "revoked" {
		t.Errorf("revoked: %+v", a)
	}
	verdict("refused")
	for _, again := range []string{`{"code":"issued-in-error"}`, `{}`, ""} {
		c.send(t, s, "owner", "POST", path+"/revoke", again, 200)
	}
	s.Send(t, "owner", "POST", path+"/revoke", `{"code":"because"}`).Want(t, 200)
	c.send(t, s, "owner", "POST", path+"/reinstate", "", 409)
	if after := s.Send(t, "nobody", "GET", "/v/"+id+".json", "").Want(t, 200).Body; string(after) != string(bytesBefore) {
		t.Error("revoking changed the signed bytes")
	}
	page := s.Browse(t, "nobody").Get(t, "/v/"+id).Want(t, 200)
	if strings.Contains(string(page.Body), "private note") || !strings.Contains(string(page.Body), "A slip.") {
		t.Error("the page shows the private note, or not the public reason")
	}
	c.send(t, s, "owner", "POST", "/api/v1/credentials/AAAAAAAAAAAAAAAAAAAAAAAAAA/revoke", `{"code":"other"}`, 404)
}

// TestTokens: a client is made, gets a token, uses it, and is revoked.
func TestTokens(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c := readContract(t)
	var made struct{ Client struct{ ID, Secret string } }
	c.send(t, s, "root", "POST", "/api/v1/tokens", `{"name":"LMS","scopes":["completions:write","credentials:read"]}`, 201).JSON(t, &made)
	c.send(t, s, "root", "POST", "/api/v1/tokens", `{"name":"LMS","scopes":["everything"]}`, 422)
	c.send(t, s, "root", "POST", "/api/v1/tokens", `{"name":"","scopes":[]}`, 422)
	list := c.send(t, s, "root", "GET", "/api/v1/tokens", "", 200)
	if made.Client.Secret == "" || strings.Contains(string(list.Body), made.Client.Secret) {
		t.Error("the secret is not shown once")
	}
	ask := func(id, secret, extra string, status int, headers ...string) *issuertest.Answer {
		t.Helper()
		form := "grant_type=client_credentials" + extra
		if id != "" {
			form += "&client_id=" + url.QueryEscape(id) + "&client_secret=" + url.QueryEscape(secret)
		}
		return c.send(t, s, "nobody", "POST", "/oauth/token", form, status, append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
	}
	a := ask(made.Client.ID, made.Client.Secret, "&scope=completions:write", 200)
	var token struct {
		AccessToken string `json:"access_token"`
		Scope       string
	}
	a.JSON(t, &token)
	if token.Scope != "completions:write" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("token %+v %v", token, a.Header)
	}
	wrong := ask(made.Client.ID, "wrong", "", 401)
	if !strings.Contains(string(wrong.Body), `"error":"invalid_client"`) || !strings.HasPrefix(wrong.Header.Get("WWW-Authenticate"), "Basic") {
		t.Errorf("wrong secret: %v %s", wrong.Header, wrong.Body)
	}
	ask("nobody", made.Client.Secret, "", 401)
	ask("", "", "", 401)
	ask(made.Client.ID, made.Client.Secret, "&scope=credentials:revoke", 400)
	ask(made.Client.ID, made.Client.Secret, "&grant_type=password", 400)
	ask("", "", "", 401, "Authorization", "Basic !!!")
	c.send(t, s, "nobody", "POST", "/oauth/token", `{}`, 415)
	s.Tokens["fresh"] = token.AccessToken
	body := fmt.Sprintf(`{"person":{"email":%q},"module":"M1"}`, issuertest.Address("learner"))
	c.send(t, s, "fresh", "POST", "/api/v1/completions", body, 201)
	c.send(t, s, "fresh", "GET", "/api/v1/tokens", "", 403)
	c.send(t, s, "root", "POST", "/api/v1/tokens/"+made.Client.ID+"/revoke", "", 200)
	c.send(t, s, "fresh", "POST", "/api/v1/completions", body, 401)
	ask(made.Client.ID, made.Client.Secret, "", 401)
	c.send(t, s, "root", "POST", "/api/v1/tokens/NONE/revoke", "", 404)
}

// TestLists: every list holds to the document, pages through, and refuses
// what it does not know.
func TestLists(t *testing.T) { issuertest.OnBoth(t, testLists) }

func testLists(t *testing.T, s *issuertest.Service) {
	c := readContract(t)
	for _, kind := range []string{"learner", "other", "mate"} {
		c.send(t, s, "lms", "POST", "/api/v1/completions", fmt.Sprintf(`{"person":{"email":%q},"module":"M1"}`, issuertest.Address(kind)), 201)
	}
	for _, path := range []string{"people", "programs", "cohorts", "modules", "achievements", "completions", "credentials", "capstones", "tokens", "reports/craft"} {
		c.send(t, s, "root", "GET", "/api/v1/"+path, "", 200)
		if path != "reports/craft" {
			c.send(t, s, "root", "GET", "/api/v1/"+path+"?colour=red", "", 422)
		}
		s.Send(t, "root", "GET", "/api/v1/"+path, "", "Accept", "text/csv").Want(t, 406)
	}
	for _, list := range []string{"people", "completions", "credentials"} {
		seen, cursor := map[string]bool{}, ""
		for range 40 {
			var page struct {
				Items []struct{ ID string }
				Next  *string
			}
			c.send(t, s, "root", "GET", "/api/v1/"+list+"?limit=2&cursor="+url.QueryEscape(cursor), "", 200).JSON(t, &page)
			for _, item := range page.Items {
				if seen[item.ID] {
					t.Errorf("%s: %s twice", list, item.ID)
				}
				seen[item.ID] = true
			}
			if page.Next == nil {
				cursor = ""
				break
			}
			cursor = *page.Next
		}
		if want := map[string]int{"people": 11, "completions": 3, "credentials": 3}[list]; len(seen) != want || cursor != "" {
			t.Errorf("%s: %d items, want %d", list, len(seen), want)
		}
		c.send(t, s, "root", "GET", "/api/v1/"+list+"?limit=0", "", 422)
		c.send(t, s, "root", "GET", "/api/v1/"+list+"?limit=201", "", 422)
		c.send(t, s, "root", "GET", "/api/v1/"+list+"?limit=1&limit=2", "", 422)
		if a := s.Send(t, "root", "GET", "/api/v1/"+list+"?cursor=%F0%9F%98%80", ""); a.Status >= 500 {
			t.Errorf("%s: a made-up cursor gives %d", list, a.Status)
		}
	}
}
