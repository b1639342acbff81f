package web_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
	"hallmark/issuer/web"
)

// question is a page that someone asks for.
type question struct {
	kind string
	row  string // its path in the access matrix
	path string
}

// asking are those of issuertest.Kinds whose pages hold the most.
var asking = []string{"nobody", "learner", "lead", "owner", "root", "sponsor", "lms"}

// parts are pages of lists as the access matrix does not ask for them: the whole
// gallery, and lists of which someone wants to see a part.
var parts = []question{
	{kind: "nobody", row: "/gallery"},
	{kind: "nobody", row: "/gallery?q=minutes"},
	{kind: "nobody", row: "/gallery?q=nowhere"},
	{kind: "owner", row: "/people?q=crowd"}, // nearly everyone
	{kind: "root", row: "/people?q=crowd"},
	{kind: "owner", row: "/people?q=nobody"},
	{kind: "root", row: "/people?q=p1234"},
	{kind: "root", row: "/people?q=Ğ%C3%BCl"},
	{kind: "root", row: "/people/{leo}/merge?with={root}"},
	{kind: "lead", row: "/cohorts/craft-1/dates/{date}?q=person&state=present"},
	{kind: "owner", row: "/api/v1/completions?cohort=craft-1"},
	{kind: "owner", row: "/api/v1/completions?module=M1"},
	{kind: "lms", row: "/api/v1/completions?cohort=craft-1"},
	{kind: "owner", row: "/api/v1/credentials?achievement=m1"},
	{kind: "owner", row: "/api/v1/credentials?state=issued"},
	{kind: "owner", row: "/api/v1/credentials?person={leo}"},
	{kind: "owner", row: "/api/v1/capstones?state=submitted"},
}

// questions are the pages of the access matrix, asked by each of those who are
// let in; one that is the same to everyone is asked by nobody in particular.
func (c *crowd) questions() []question {
	var all []question
	for _, row := range access {
		if row.method != http.MethodGet {
			continue
		}
		for i, kind := range issuertest.Kinds {
			if row.want[i] == 'a' && slices.Contains(asking, kind) && (kind == "nobody" || row.want[0] != 'a') {
				all = append(all, question{kind, row.path, c.things.Replace(row.path)})
			}
		}
	}
	for _, q := range parts {
		all = append(all, question{q.kind, q.row, c.things.Replace(q.row)})
	}
	return all
}

// ask asks for a page without a network.
func (c *crowd) ask(t testing.TB, q question) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequest("GET", crowdBase+q.path, nil)
	if !strings.HasPrefix(q.path, "/api/") {
		req.Header.Set("Accept", "text/html")
	}
	if token := c.Tokens[q.kind]; token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	rec := httptest.NewRecorder()
	web.Handler(c.Echo, c.URL).ServeHTTP(rec, req)
	if rec.Code >= 500 {
		t.Fatalf("%s as %s: %d %.300s", q.path, q.kind, rec.Code, rec.Body)
	}
	return rec
}
