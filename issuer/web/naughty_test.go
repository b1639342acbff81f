package web_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
)

// naughty are strings that have broken programs before.
var naughty = []string{
	"", " ", "\x00", "a\x00b", "\xff\xfe", "\u202eevil\u2066", "\u200b", "\ufeff", "😀👩‍👩‍👧", "田中さん", "مرحبا", "Z̷̢͔͛͜a", "\u0001\u001f\u007f", "\r\nSet-Cookie: x=1",
	"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "javascript:alert(1)", "' OR 1=1 --", "%00%ff%zz", "{{.}}{{template \"x\"}}", "../../../etc/passwd",
	"=1+1", "NaN", "1e400", "-0", "999999999999999999999999", "null", "true", "0000-00-00", "9999-12-31T23:59:60Z", strings.Repeat("A", 3000), strings.Repeat("é", 40_000),
}

// leaves gives the body once for each string in it, with s in its place.
func leaves(body, s string) []string {
	if !strings.HasPrefix(body, "{") {
		form, err := url.ParseQuery(body)
		if err != nil {
			return nil
		}
		var out []string
		for name := range form {
			one := url.Values{}
			for n, v := range form {
				one[n] = v
			}
			one[name] = []string{s}
			out = append(out, one.Encode())
		}
		return out
	}
	const mark = "\x1amark\x1a"
	var out []string
	for _, marked := range markLeaves(body, mark) {
		quoted, _ := json.Marshal(mark)
		value, _ := json.Marshal(s)
		out = append(out, strings.Replace(marked, string(quoted), string(value), 1))
		raw := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"` // unescaped: control characters, broken UTF-8
		out = append(out, strings.Replace(marked, string(quoted), raw, 1))
	}
	return out
}

// markLeaves puts a mark in the place of each string of a JSON object.
func markLeaves(body, mark string) []string {
	var out []string
	for n := 0; ; n++ {
		var v any
		if json.Unmarshal([]byte(body), &v) != nil {
			return out
		}
		left := n
		v = replaceLeaf(v, mark, &left)
		if left >= 0 {
			return out
		}
		text, _ := json.Marshal(v)
		out = append(out, string(text))
	}
}

func replaceLeaf(v any, mark string, left *int) any {
	switch v := v.(type) {
	case string:
		if *left--; *left == -1 {
			return mark
		}
	case []any:
		for i := range v {
			v[i] = replaceLeaf(v[i], mark, left)
		}
	case map[string]any:
		for k := range v {
			v[k] = replaceLeaf(v[k], mark, left)
		}
	}
	return v
}

// narrowed are the parameters of the lists.
var narrowed = map[string][]string{
	"GET /api/v1/completions":  {"cursor", "limit", "person", "cohort", "module"},
	"GET /api/v1/credentials":  {"cursor", "limit", "person", "achievement", "program", "state"},
	"GET /api/v1/capstones":    {"cursor", "limit", "cohort", "state"},
	"GET /api/v1/people":       {"cursor", "limit", "search", "program", "cohort", "role"},
	"GET /api/v1/cohorts":      {"cursor", "program"},
	"GET /api/v1/enrollments":  {"cohort", "cursor", "limit"},
	"GET /api/v1/modules":      {"cursor", "program"},
	"GET /api/v1/achievements": {"cursor", "program"},

	"GET /cohorts/:code/dates/:date": {"q", "state", "after"},

	"GET /api/v1/feedback/modules": {"program"},
	"GET /api/v1/feedback/rounds":  {"cohort"},
}

// forms are those that share a route with another whose fields differ.
var forms = map[string]string{
	"/programs/craft/edit/program": "edition=&name=x&purpose=x&expectations=x&guidance.learner=x&guidance.community=x&guidance.lead=x&guidance.owner=x&guidance.sponsor=x" +
		"&questions.peers=x&questions.helped=x&questions.hindered=x&returnReasons=a:+x&step=preview",
	"/programs/craft/edit/skills": "edition=&code=x&name=x&framework=x&url=https://x.example&question=x&step=preview",
	"/programs/craft/edit/levels": "edition=&code=x&name=x&order=1&step=preview",
	"/programs/craft/edit/capstones": "edition=&code=x&name=x&level=x&brief=x&evidence=x&team.min=1&team.max=1&requires=x&approvals.count=1&approvals.lead=on&scope=on&policy.version=x&policy.url=x&impact.measures=x" +
		"&rubric.code=x&rubric.name=x&rubric.required=x&rubric.retired=x&rubric.levels=x&step=preview",
	"/programs/craft/edit/cohorts": "edition=&code=x&name=x&starts=2026-01-01&ends=2026-02-01&timeZone=UTC&purpose=x&expectations=x&step=preview",
}

// TestNaughtyStrings puts each of them into every text of every request and
// into every address, as someone who may. The answer is never a fault.
func TestNaughtyStrings(t *testing.T) { issuertest.OnBoth(t, testNaughtyStrings) }

func testNaughtyStrings(t *testing.T, s *issuertest.Service) {
	things := prepare(t, s)
	asked := 0
	ask := func(kind, method, path, body string, headers ...string) {
		t.Helper()
		asked++
		if a := s.Send(t, kind, method, path, body, headers...); a.Status >= 500 {
			t.Errorf("%s %.80q %.200q as %s: %d %s", method, path, body, kind, a.Status, a.Body)
		}
	}
	for _, row := range access {
		if strings.Contains(row.path, "{grant}") || strings.HasSuffix(row.path, "/revoke") || strings.HasSuffix(row.path, "/withdraw") {
			continue // ends what the other rows need
		}
		kind := issuertest.Kinds[max(0, strings.IndexAny(row.want, "a"))]
		path := things.Replace(row.path)
		bare, _, _ := strings.Cut(path, "?")
		for _, bad := range naughty {
			for _, body := range leaves(row.body, bad) {
				ask(kind, row.method, path, things.Replace(body), headersFor(row.body)...)
			}
			if len(bad) > 3000 {
				continue // longer than an address can be
			}
			if strings.Contains(row.route, ":") {
				ask(kind, row.method, bare[:strings.LastIndex(bare, "/")+1]+url.PathEscape(bad), things.Replace(row.body), headersFor(row.body)...)
			}
			for _, name := range narrowed[row.method+" "+row.route] {
				ask(kind, "GET", bare+"?"+name+"="+url.QueryEscape(bad), "")
			}
		}
	}
	for path, body := range forms {
		for _, bad := range naughty {
			for _, body := range leaves(body, bad) {
				ask("root", "POST", path, body, headersFor(body)...)
			}
		}
	}
	for _, page := range []string{"/people?search=", "/people?cohort=", "/people?cursor=", "/reports?program=", "/programs/", "/capstones/new?brief=", "/signin?next=", "/signin/link?t=", "/verify?url=", "/home?done=",
		"/signin/oidc/callback?state=", "/invitation?t=", "/account/address?t=", "/mail?standing=", "/mail?before=", "/mail/stop?t="} {
		for _, bad := range naughty {
			if len(bad) <= 3000 {
				ask("root", "GET", page+url.QueryEscape(bad), "")
			}
		}
	}
	if strings.Contains(s.Log.String(), `"msg":"fault"`) {
		t.Error("a fault was logged")
	}
	t.Logf("%d requests", asked)
}

// TestStoredAndShownBack: what is taken is shown back as it was sent, and a
// page shows it as text. A text with nothing to see in it is taken for none.
func TestStoredAndShownBack(t *testing.T) { issuertest.OnBoth(t, testStoredAndShownBack) }

func testStoredAndShownBack(t *testing.T, s *issuertest.Service) {
	things := prepare(t, s)
	path := things.Replace("/api/v1/capstones/{draft}")
	browser := s.Browse(t, "learner")
	kept := 0
	for _, bad := range naughty {
		text, err := json.Marshal(bad)
		if err != nil || strings.ToValidUTF8(bad, "") != bad {
			continue
		}
		a := s.Send(t, "learner", "PUT", path, fmt.Sprintf(`{"title":"Chair","summary":%s}`, text))
		if a.Status/100 == 4 {
			continue
		}
		a.Want(t, 200)
		var got struct{ Summary string }
		s.Send(t, "learner", "GET", path, "").Want(t, 200).JSON(t, &got)
		if got.Summary == "" && (bad == "\u200b" || bad == "\ufeff") {
			continue // shows nothing, so it is nothing
		}
		if strings.TrimSpace(got.Summary) != strings.TrimSpace(bad) {
			t.Errorf("sent %.60q, shown %.60q", bad, got.Summary)
		}
		page := browser.Get(t, things.Replace("/capstones/{draft}")).Want(t, 200)
		if strings.Contains(string(page.Body), "<script>alert(1)") || strings.Contains(string(page.Body), "<img src=x") {
			t.Errorf("%.60q is not text on the page", bad)
		}
		kept++
	}
	if kept < 10 {
		t.Errorf("only %d were kept", kept)
	}
}
