package api_test

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
)

// TestWork: a scope is handed in and decided, someone joins and leaves the team, a
// file comes with the draft, and two who write over each other are told.
func TestWork(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c, system := readContract(t), issuer.Caller{System: "test"}
	f, err := s.Registrar.ProgramFile(t.Context(), system, "craft")
	if err != nil {
		t.Fatal(err)
	}
	k3 := registrar.FileBrief{Code: "K3", Name: "Large", Level: f.Levels[0].Code, Team: registrar.FileTeam{Min: 1, Max: 2}, Scope: true,
		Policy: registrar.FilePolicy{Version: "2", URL: "https://work.example/policy"}, Evidence: []string{"table"}}
	if _, err := s.Registrar.EditProgram(t.Context(), system, "craft", registrar.ProgramEdit{Capstone: &k3, New: true}, false); err != nil {
		t.Fatal(err)
	}
	var a struct {
		Capstone struct {
			ID, State string
			Revision  int
			Evidence  []struct{ ID, URL, MediaType, DigestMultibase string }
			Scopes    []struct{ Number int }
		}
	}
	c.send(t, s, "learner", "POST", "/api/v1/capstones", `{"brief":"K3","cohort":"craft-1","title":"Large"}`, 201).JSON(t, &a)
	at := "/api/v1/capstones/" + a.Capstone.ID
	plan := `{"plan":{"what":"A form.","tools":["Excel"],"data":["internal","personal"]},"policy":"%s"}`
	c.send(t, s, "learner", "POST", at+"/scope", fmt.Sprintf(plan, "1"), 422)
	c.send(t, s, "learner", "POST", at+"/scope", fmt.Sprintf(plan, "2"), 200).JSON(t, &a)
	if a.Capstone.State != "scope_submitted" || len(a.Capstone.Scopes) != 1 {
		t.Errorf("%+v", a)
	}
	c.send(t, s, "learner", "POST", at+"/submissions", "", 409)
	c.send(t, s, "lead", "POST", at+"/scope/decision", `{"scope":1,"decision":"approve"}`, 200)
	c.send(t, s, "community", "POST", at+"/scope/decision", `{"scope":1,"decision":"approve"}`, 409)
	c.send(t, s, "learner", "POST", at+"/members", fmt.Sprintf(`{"person":%q}`, s.People["mate"]), 200)
	c.send(t, s, "mate", "DELETE", at+"/members/me", "", 204)
	c.send(t, s, "mate", "GET", at, "", 404)

	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	file, err := w.CreateFormFile("file", "hours.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.Write([]byte("before,after\n9,2\n"))
	if err := errors.Join(err, w.WriteField("kind", "table"), w.Close()); err != nil {
		t.Fatal(err)
	}
	c.send(t, s, "learner", "POST", at+"/evidence", form.String(), 201, "Content-Type", w.FormDataContentType())
	c.send(t, s, "learner", "GET", at, "", 200).JSON(t, &a.Capstone)
	e := a.Capstone.Evidence[0]
	if e.MediaType != "text/csv; charset=utf-8" || e.DigestMultibase == "" {
		t.Errorf("%+v", e)
	}
	if got := s.Send(t, "learner", "GET", strings.TrimPrefix(e.URL, s.URL), "").Want(t, 200); string(got.Body) != "before,after\n9,2\n" {
		t.Errorf("%s", got.Body)
	}
	draft := `{"title":"Large","summary":"It works.","evidence":[{"id":"` + e.ID + `","kind":"table","name":"Hours","url":""}],"revision":%d}`
	c.send(t, s, "learner", "PUT", at, fmt.Sprintf(draft, a.Capstone.Revision), 200)
	c.send(t, s, "learner", "PUT", at, strings.Replace(fmt.Sprintf(draft, a.Capstone.Revision), "It works", "Or not", 1), 409)
	c.send(t, s, "learner", "POST", at+"/submissions", "", 201)
}
