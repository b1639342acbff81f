package pages_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/verifier"
)

// unzip reads a file that someone took along.
func unzip(t *testing.T, body []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if all[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestTakeEverything has a learner take all that is theirs: each badge in every
// form is good, and the page of the file leads to each. A badge that they hide
// goes along, and an admin may take the same for them.
func TestTakeEverything(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	learner, root, owner := s.Browse(t, "learner"), s.Browse(t, "root"), s.Browse(t, "owner")
	send(t, learner, "/consent", "consent-yes", url.Values{"answer": {"yes"}})
	for _, module := range []string{"M1", "M2"} {
		s.Send(t, "owner", "POST", "/api/v1/completions", `{"person":{"email":"`+issuertest.Address("learner")+`"},"module":"`+module+`","cohort":"craft-1","score":{"value":100,"unit":"percent"}}`).Want(t, http.StatusCreated)
	}
	hidden := find(t, see(t, learner, "/badges", "badges", `data-act="take"`), `href="/badges/(\w+)"`)
	send(t, learner, "/badges/"+hidden+"/visibility", "visibility", url.Values{"visibility": {"withdrawn"}})

	answer := learner.Post(t, "/badges/export", url.Values{}).Want(t, http.StatusOK)
	if got := answer.Header.Get("Content-Type"); got != "application/zip" || !strings.HasPrefix(answer.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("sent as %s, %s", got, answer.Header.Get("Content-Disposition"))
	}
	files := unzip(t, answer.Body)
	var e registrar.PersonExport
	if err := json.Unmarshal(files["data.json"], &e); err != nil {
		t.Fatal(err)
	}
	if len(e.Badges) < 3 || e.Profile.Emails[0].Address != issuertest.Address("learner") {
		t.Errorf("%d badges of %+v", len(e.Badges), e.Profile)
	}
	for _, b := range e.Badges {
		want := "JSON JWT PNG SVG PDF"
		if string(b.ID) == hidden {
			want = "JSON JWT"
		}
		var forms []string
		for _, f := range b.Files {
			forms = append(forms, f.Form)
			report, err := s.Verifier.Verify(t.Context(), files[f.Name], verifier.Ask{})
			if err != nil || report.Verdict != verifier.Verified {
				t.Errorf("%s: %v %+v", f.Name, err, report)
			}
			if !bytes.Contains(files["index.html"], []byte(`href="`+f.Name+`"`)) {
				t.Errorf("the page does not lead to %s", f.Name)
			}
		}
		if got := strings.Join(forms, " "); got != want {
			t.Errorf("badge %s %s %s (hidden %s) has the forms %s, want %s", b.Achievement, b.State, b.Visibility, hidden, got, want)
		}
	}
	report, err := s.Verifier.Verify(t.Context(), files["transcript.jwt"], verifier.Ask{})
	if err != nil || report.Verdict != verifier.Verified {
		t.Errorf("transcript: %v %+v", err, report)
	}
	for _, name := range []string{"README.txt", "transcript.json"} {
		if len(files[name]) == 0 {
			t.Errorf("%s is missing", name)
		}
	}
	for _, loads := range []string{"<script", "http-equiv=\"refresh\"", "src=\"http"} {
		if bytes.Contains(files["index.html"], []byte(loads)) {
			t.Errorf("the page has %s", loads)
		}
	}

	path := find(t, see(t, root, "/people?q=Leo", "people"), `href="(/people/\w+)" data-act="open-person"`)
	see(t, root, path, "person", path+"/export")
	if len(unzip(t, root.Post(t, path+"/export", url.Values{}).Want(t, http.StatusOK).Body)) < len(files) {
		t.Error("an admin is given less")
	}
	if strings.Contains(see(t, owner, path, "person"), "/export") {
		t.Error("an owner of one program is offered what spans them all")
	}
	owner.Post(t, path+"/export", url.Values{}).Want(t, http.StatusForbidden)
}
