package web_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
)

var operator = issuer.Caller{System: "test"}

// filed is a form with a file, and its media type; other fields come in pairs.
func filed(field, name, content string, fields ...string) (body, media string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	err := w.WriteField("kind", "link")
	for i := 0; i < len(fields); i += 2 {
		err = errors.Join(err, w.WriteField(fields[i], fields[i+1]))
	}
	f, more := w.CreateFormFile(field, name)
	if err = errors.Join(err, more); err == nil {
		_, err = f.Write([]byte(content))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		panic(err)
	}
	return b.String(), w.FormDataContentType()
}

// scopedAndClaimed makes a capstone of learner whose scope waits, and the link by
// which someone is asked about the claim of another.
func scopedAndClaimed(t testing.TB, s *issuertest.Service, claimed string) (scoped, secret string) {
	t.Helper()
	f, err := s.Registrar.ProgramFile(t.Context(), operator, "craft")
	if err != nil {
		t.Fatal(err)
	}
	k3 := registrar.FileBrief{Code: "K3", Name: "Large", Level: f.Levels[0].Code, Team: registrar.FileTeam{Min: 1, Max: 2}, Scope: true,
		Policy: registrar.FilePolicy{Version: "2", URL: "https://work.example/policy"}, Evidence: []string{"link"}}
	if _, err := s.Registrar.EditProgram(t.Context(), operator, "craft", registrar.ProgramEdit{Capstone: &k3, New: true}, false); err != nil {
		t.Fatal(err)
	}
	var a struct{ Capstone struct{ ID string } }
	s.Send(t, "learner", "POST", "/api/v1/capstones", `{"brief":"K3","cohort":"craft-1","title":"Large"}`).Want(t, 201).JSON(t, &a)
	s.Send(t, "learner", "POST", "/api/v1/capstones/"+a.Capstone.ID+"/scope", `{"plan":{"what":"A form.","tools":["Excel"],"data":["internal"]},"policy":"2"}`).Want(t, 200)
	by, err := s.Registrar.Caller(t.Context(), s.People["learner"])
	if err != nil {
		t.Fatal(err)
	}
	draft := registrar.Draft{Title: "Chair", Summary: "It holds.", Impact: issuer.Impact{Measure: "Hours", Before: "9", After: "2"}}
	if _, err := s.Registrar.SaveCapstone(t.Context(), by, issuer.CapstoneID(claimed), draft); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Registrar.AskConfirmation(t.Context(), by, issuer.CapstoneID(claimed), "boss@work.example"); err != nil {
		t.Fatal(err)
	}
	mails, err := store.Read(t.Context(), s.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 1000) })
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mails {
		var said struct{ Link string }
		if m.Template == "impact-confirm" && json.Unmarshal([]byte(m.Data), &said) == nil {
			secret = said.Link[strings.LastIndex(said.Link, "/")+1:]
		}
	}
	return a.Capstone.ID, secret
}

// TestFilesOverTheWire: what browsers send is taken or refused with a sentence,
// the text of the form is kept either way, and what is given out again cannot run.
func TestFilesOverTheWire(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	things := prepare(t, s)
	s.Registrar.FileLimits = registrar.FileLimits{File: 1000}
	path := things.Replace("/capstones/{draft}")
	b := s.Browse(t, "learner")
	send := func(name, content string, fields ...string) *issuertest.Answer {
		t.Helper()
		body, media := filed("evidence_file.0", name, content, append([]string{"evidence_kind", "link", "title", "Chair", "summary", "Typed."}, fields...)...)
		return b.Send(t, "POST", path, body, "Content-Type", media)
	}
	for _, test := range []struct {
		what, name, content string
		status              int
		says                string
	}{
		{"as large as can be", "a.txt", strings.Repeat("a", 1000), 303, ""},
		{"one byte more", "a.txt", strings.Repeat("a", 1001), 413, "larger than"},
		{"nothing", "a.txt", "", 422, "is empty"},
		{"a page", "a.txt", "<html><script>alert(1)</script>", 415, "HTML, SVG or XML"},
		{"a program", "a.pdf", "MZ\x90\x00\x00", 415, "is not taken"},
		{"a name that leads elsewhere", "../../../etc/passwd", "root:x:0:0", 303, ""},
		{"a name with a line break", "a\r\nX-Evil: 1.txt", "text", 303, ""},
	} {
		a := send(test.name, test.content)
		if a.Status != test.status || !strings.Contains(string(a.Body), test.says) || test.status != 303 && !strings.Contains(string(a.Body), ">Typed.</textarea>") {
			t.Errorf("%s: %d %.2000s", test.what, a.Status, a.Body)
		}
	}
	file := b.Send(t, "GET", things.Replace("/capstones/{draft}/evidence/")+draftFile(t, s, path), "").Want(t, 200)
	for name, want := range map[string]string{"Content-Disposition": "attachment; filename*=UTF-8''", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox", "Cache-Control": "no-store"} {
		if got := file.Header.Get(name); !strings.Contains(got, want) || strings.Contains(got, "..") || strings.Contains(got, "/etc") {
			t.Errorf("%s: %q", name, got)
		}
	}
	body, media := filed("evidence_file.0", "a.txt", "text", "summary", strings.Repeat("x", 300_000))
	if a := b.Send(t, "POST", path, body, "Content-Type", media); a.Status != 413 {
		t.Errorf("too much text: %d", a.Status)
	}
	if a := b.Send(t, "POST", path, body[:len(body)/2], "Content-Type", media); a.Status/100 != 4 {
		t.Errorf("a form that breaks off: %d", a.Status)
	}
	if a := b.Send(t, "POST", path, "x", "Content-Type", "multipart/form-data"); a.Status != 400 {
		t.Errorf("a form without its boundary: %d", a.Status)
	}
}

// draftFile is the id of a file of a draft.
func draftFile(t *testing.T, s *issuertest.Service, path string) string {
	t.Helper()
	var v struct {
		Evidence []struct{ ID, MediaType string }
	}
	s.Send(t, "learner", "GET", "/api/v1"+path, "").Want(t, 200).JSON(t, &v)
	for _, e := range v.Evidence {
		if e.MediaType != "" {
			return e.ID
		}
	}
	t.Fatal("the draft has no file")
	return ""
}

// TestNothingTypedIsLost: a form that comes when the session has ended is kept by
// the answer, and can be sent again; so is one that another member was quicker
// than.
func TestNothingTypedIsLost(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	things := prepare(t, s)
	path := things.Replace("/capstones/{draft}")
	form := func(revision, summary string) string {
		return url.Values{"title": {"Chair"}, "summary": {summary}, "revision": {revision}, "evidence_kind": {"link"}, "evidence_url": {"https://work.example/x"}, "evidence_name": {`A "plan"`}}.Encode()
	}
	a := s.Send(t, "nobody", "POST", path, form("0", "<b>Typed for an hour."), "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html", "Origin", s.URL)
	for _, kept := range []string{`name="summary" value="&lt;b&gt;Typed for an hour."`, `name="evidence_name" value="A &#34;plan&#34;"`, `action="` + path + `"`} {
		if a.Status != 401 || !strings.Contains(string(a.Body), kept) {
			t.Errorf("signed out: %d, %s is not in %s", a.Status, kept, a.Body)
		}
	}
	b := s.Browse(t, "learner")
	var v struct{ Revision int }
	s.Send(t, "learner", "GET", "/api/v1"+path, "").Want(t, 200).JSON(t, &v)
	now := fmt.Sprint(v.Revision)
	post := func(summary string) *issuertest.Answer {
		return b.Send(t, "POST", path, form(now, summary), "Content-Type", "application/x-www-form-urlencoded")
	}
	if a := post("The first."); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := post("The first."); a.Status != 303 {
		t.Errorf("a double click: %d", a.Status)
	}
	clash := post("The second.")
	if clash.Status != 409 || !strings.Contains(string(clash.Body), ">The second.</textarea>") || !strings.Contains(string(clash.Body), "The first.") || !strings.Contains(string(clash.Body), "data-theirs") {
		t.Errorf("two writers: %d %s", clash.Status, clash.Body)
	}
}
