package api_test

import (
	"fmt"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
)

// TestVerifyBatch: many badges at once, as a list and as a table, through the
// whole stack; a batch is bounded by its own limits, not by a single check's.
func TestVerifyBatch(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c := readContract(t)
	var a struct{ Credentials []struct{ URL string } }
	c.send(t, s, "lms", "POST", "/api/v1/completions", fmt.Sprintf(`{"person":{"id":%q},"module":"M1"}`, s.People["learner"]), 201).JSON(t, &a)
	link := a.Credentials[0].URL
	var got struct {
		Items []struct {
			Row    int
			Report struct{ Verdict, Summary string }
		}
	}
	c.send(t, s, "nobody", "POST", "/api/verify/batch", fmt.Sprintf(`{"items":[%q,{"hello":"world"}]}`, link), 200).JSON(t, &got)
	if len(got.Items) != 2 || got.Items[0].Row != 1 || got.Items[0].Report.Verdict != "verified" || got.Items[1].Report.Verdict != "undetermined" {
		t.Errorf("%+v", got)
	}
	table := s.Send(t, "nobody", "POST", "/api/verify/batch", "Name;Link\r\nAda;"+link+"\r\n", "Content-Type", "text/csv", "Accept", "text/csv").Want(t, 200)
	if text := string(table.Body); !strings.HasPrefix(text, "Name;Link;verdict;") || !strings.Contains(text, "\r\nAda;"+link+";verified;") {
		t.Errorf("%s", text)
	}
	if table.Header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(table.Header.Get("Content-Disposition"), "checked-badges.csv") {
		t.Errorf("%v", table.Header)
	}
	c.send(t, s, "nobody", "POST", "/api/verify/batch", `{"items":[1]}`, 422)
	c.send(t, s, "nobody", "POST", "/api/verify/batch", `{`, 400)
	c.send(t, s, "nobody", "POST", "/api/verify/batch", "link\n"+strings.Repeat(" ", 4<<20), 413, "Content-Type", "text/csv")
	for _, path := range []string{"/api/verify", "/api/verify/batch"} {
		for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE"} {
			got := s.Send(t, "nobody", method, path, "").Want(t, 405)
			if allow := got.Header.Get("Allow"); !strings.Contains(allow, "POST") || !strings.Contains(allow, "OPTIONS") || got.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s %s: %v", method, path, got.Header)
			}
		}
		preflight := s.Send(t, "nobody", "OPTIONS", path, "").Want(t, 204)
		if preflight.Header.Get("Access-Control-Allow-Origin") != "*" || preflight.Header.Get("Access-Control-Allow-Methods") != "POST, OPTIONS" || preflight.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %v", path, preflight.Header)
		}
		c.send(t, s, "nobody", "POST", path, `{}`, 406, "Content-Type", "application/json", "Accept", "image/png")
		c.send(t, s, "nobody", "POST", path, `{}`, 415, "Content-Type", "application/zip")
	}
}
