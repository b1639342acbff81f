package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"hallmark/issuer/issuertest"
)

// formOf reads the form with that data-form out of a page, as a browser
// without script would send it with the button of that step.
func formOf(t *testing.T, page *issuertest.Answer, name, step string) (action string, form url.Values) {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page.Body))
	if err != nil {
		t.Fatal(err)
	}
	attr := func(n *html.Node, key string) string {
		for _, a := range n.Attr {
			if a.Key == key {
				return a.Val
			}
		}
		return ""
	}
	has := func(n *html.Node, key string) bool {
		for _, a := range n.Attr {
			if a.Key == key {
				return true
			}
		}
		return false
	}
	form = url.Values{"step": {step}}
	var visit func(n *html.Node, in bool)
	visit = func(n *html.Node, in bool) {
		if n.Type == html.ElementNode && n.Data == "form" && attr(n, "data-form") == name {
			in, action = true, attr(n, "action")
		}
		if in && n.Type == html.ElementNode {
			switch kind := attr(n, "type"); {
			case n.Data == "input" && kind != "file" && (kind != "checkbox" || has(n, "checked")):
				form.Add(attr(n, "name"), attr(n, "value"))
			case n.Data == "textarea":
				text := ""
				if n.FirstChild != nil {
					text = n.FirstChild.Data
				}
				form.Add(attr(n, "name"), text)
			case n.Data == "option" && has(n, "selected"):
				form.Add(attr(n.Parent, "name"), attr(n, "value"))
			}
		}
		for kid := n.FirstChild; kid != nil; kid = kid.NextSibling {
			visit(kid, in)
		}
	}
	visit(doc, false)
	if action == "" {
		t.Fatalf("no form %q on the page:\n%s", name, page.Body)
	}
	return action, form
}

// fill changes what a form says; an empty value takes a box out.
func fill(form url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// TestProgramInTheBrowser makes a program from nothing with forms alone, sees
// before each change what follows from it, and takes it out and in as a file.
func TestProgramInTheBrowser(t *testing.T) { issuertest.OnBoth(t, testProgramInTheBrowser) }

func testProgramInTheBrowser(t *testing.T, s *issuertest.Service) {
	b := s.Browse(t, "root")
	action, form := formOf(t, b.Get(t, "/programs").Want(t, 200), "program", "")
	b.Post(t, action, fill(form, "code", "sail", "name", "Sailing", "purpose", "To sail <well>.")).Want(t, 303)
	b.Post(t, action, form).Want(t, 409)

	// add fills in the form of a part, looks at what it would do and confirms it.
	save := func(path string, pairs ...string) *issuertest.Answer {
		t.Helper()
		action, form := formOf(t, b.Get(t, path).Want(t, 200), "edit-part", "preview")
		preview := b.Post(t, action, fill(form, pairs...)).Want(t, 200)
		action, form = formOf(t, preview, "confirm", "save")
		b.Post(t, action, form).Want(t, 303)
		return preview
	}
	const edit = "/programs/sail/edit"
	save(edit+"/skills", "code", "knots", "name", "Knots", "url", "https://skills.example.org/knots")
	save(edit+"/levels", "code", "deck", "name", "Deck hand")
	save(edit+"/modules", "code", "N1", "name", "Six knots", "level", "deck", "kind", "short", "hours", "3", "pass", "", "skills", "knots")
	save(edit+"/capstones", "code", "T1", "name", "A trip", "level", "deck", "brief", "Sail there.\n\nAnd back.", "evidence", "log\nchart", "approvals.lead", "yes",
		"rubric.code", "safe", "rubric.name", "Safety", "rubric.levels", "not yet, sound", "rubric.required", "sound")
	save(edit+"/achievements", "code", "N1", "name", "Knots", "type", "Course", "description", "Ties six knots.", "award", "module:N1", "colour", "teal")
	save(edit+"/cohorts", "code", "sail-1", "name", "Spring", "starts", "2027-03-01", "ends", "2027-06-01", "timeZone", "Europe/Oslo")
	preview := save(edit+"/modules/N1", "name", "Seven knots")
	for _, want := range []string{`data-change="modules"`, `data-change="achievements"`, `data-version="2"`, "Complete the module “Seven knots”.", "issues no badge"} {
		if !strings.Contains(string(preview.Body), want) {
			t.Errorf("the preview does not say %q", want)
		}
	}

	save(edit+"/modules", "code", "N2", "name", "Charts", "level", "deck", "kind", "short")
	place := func(path, do string, want int) *issuertest.Answer {
		t.Helper()
		action, form := formOf(t, b.Get(t, edit+path).Want(t, 200), "fate", "")
		return b.Post(t, action, fill(form, "do", do)).Want(t, want)
	}
	b.Post(t, edit+"/modules/N2/place", fill(url.Values{}, "do", "up")).Want(t, 303) // nothing follows from an order
	if page := string(b.Get(t, edit).Body); strings.Index(page, `id="modules-N2"`) > strings.Index(page, `id="modules-N1"`) {
		t.Error("what moved up stands below")
	}
	b.Post(t, edit+"/modules/N2/place", fill(url.Values{}, "do", "up")).Want(t, 409)
	preview = place("/modules/N1", "retire", 200)
	for _, want := range []string{"data-retires", "data-closes", "Knots"} {
		if !strings.Contains(string(preview.Body), want) {
			t.Errorf("the preview of a retirement does not say %q", want)
		}
	}
	action, form = formOf(t, preview, "confirm", "save")
	b.Post(t, action, form).Want(t, 303)
	if page := string(b.Get(t, edit+"/modules/N1").Body); !strings.Contains(page, `value="restore"`) || strings.Contains(page, `value="retire"`) {
		t.Error("what is retired cannot be taken back")
	}
	save(edit+"/modules/N1", "name", "Six good knots")
	action, form = formOf(t, place("/modules/N1", "restore", 200), "confirm", "save")
	b.Post(t, action, form).Want(t, 303)
	save(edit+"/modules/N1", "name", "Seven knots")
	place("/modules/N1", "remove", 409)
	action, form = formOf(t, place("/modules/N2", "remove", 200), "confirm", "save")
	b.Post(t, action, form).Want(t, 303)
	b.Get(t, edit+"/modules/N2").Want(t, 404)
	action, form = formOf(t, b.Get(t, edit+"/capstones/T1").Want(t, 200), "edit-part", "rubric-out:0")
	if page := b.Post(t, action, form).Want(t, 200); strings.Contains(string(page.Body), `value="Safety"`) {
		t.Error("a criterion that was taken out is still there")
	}

	file := b.Get(t, "/programs/sail/program.yaml").Want(t, 200)
	if got := file.Header.Get("Content-Type"); got != "application/yaml" {
		t.Errorf("the file is %s", got)
	}
	for _, want := range []string{"name: Seven knots", "colour: teal", "Sail there.", "required: sound", "timeZone: Europe/Oslo"} {
		if !strings.Contains(string(file.Body), want) {
			t.Errorf("no %q in the file:\n%s", want, file.Body)
		}
	}
	upload := func(text string) *issuertest.Answer {
		t.Helper()
		action, form := formOf(t, b.Get(t, edit).Want(t, 200), "program-file", "")
		return sendFile(t, s, action, form, text)
	}
	if page := upload(string(file.Body)).Want(t, 200); !strings.Contains(string(page.Body), "all of this is there already") {
		t.Errorf("its own file changes something:\n%s", page.Body)
	}
	page := upload(strings.Replace(string(file.Body), "Seven knots", "Eight knots", 1)).Want(t, 200)
	if again := b.Get(t, "/programs/sail/program.yaml"); !bytes.Equal(again.Body, file.Body) {
		t.Error("a preview was kept")
	}
	action, form = formOf(t, page, "confirm", "save")
	sendFile(t, s, action, form, "").Want(t, 303)
	if again := b.Get(t, "/programs/sail/program.yaml"); !strings.Contains(string(again.Body), "Eight knots") {
		t.Error("the file was not kept")
	}
	list := string(b.Get(t, "/programs/sail/versions").Want(t, 200).Body)
	if !strings.Contains(list, `data-version="3"`) || !strings.Contains(list, "Root") && !strings.Contains(list, "data-act=\"open-version\"") {
		t.Errorf("the versions:\n%s", list)
	}
	old := b.Get(t, "/programs/sail/versions/2").Want(t, 200)
	preview = b.Post(t, "/programs/sail/versions/2", url.Values{"step": {"preview"}}).Want(t, 200)
	if !strings.Contains(string(old.Body), "Knots") || !strings.Contains(string(preview.Body), "data-removed") {
		t.Errorf("putting version 2 back:\n%s", preview.Body)
	}
	b.Get(t, "/programs/sail/versions/2/program.yaml").Want(t, 200)
	action, form = formOf(t, preview, "confirm", "save")
	b.Post(t, action, form).Want(t, 303)
	if again := string(b.Get(t, "/programs/sail/program.yaml").Body); strings.Contains(again, "modules:") || !strings.Contains(again, "knots") {
		t.Errorf("put back:\n%s", again)
	}
	preview = save(edit+"/program", "guidance.learner", "Sail <often>.", "questions.peers", "What next?\nWhy?", "questions.helped", "What will you keep?",
		"returnReasons", "late: It came: too late\nwind:No wind")
	for _, want := range []string{"Sail &lt;often&gt;.", "What next?, Why?", "late: It came: too late, wind: No wind"} {
		if !strings.Contains(string(preview.Body), want) {
			t.Errorf("the preview does not say %q", want)
		}
	}
	action, form = formOf(t, b.Get(t, edit+"/program").Want(t, 200), "edit-part", "preview")
	if form.Get("returnReasons") != "late: It came: too late\nwind: No wind" || form.Get("questions.peers") != "What next?\nWhy?" {
		t.Errorf("the form says %v", form)
	}
	for _, wrong := range []string{"late It came too late", "la te: It came too late", "late: One\nlate: Two", "late:"} {
		page := b.Post(t, action, fill(form, "returnReasons", wrong)).Want(t, 422)
		if !strings.Contains(string(page.Body), `name="returnReasons" rows="4" aria-describedby="h-returnReasons" aria-invalid="true"`) {
			t.Errorf("%q is not named as wrong:\n%s", wrong, page.Body)
		}
	}
	save(edit+"/program", "returnReasons", "")
	if again := string(b.Get(t, "/programs/sail/program.yaml").Body); strings.Contains(again, "returnReasons") || !strings.Contains(again, "Sail <often>.") {
		t.Errorf("after the reasons were taken out:\n%s", again)
	}
	b.Get(t, "/programs/sail/versions/999").Want(t, 404)
	b.Get(t, "/programs/sail/versions/x").Want(t, 404)
	b.Post(t, "/programs/sail/versions/1", url.Values{"edition": {"00"}, "step": {"save"}}).Want(t, 409)
	upload("version: 1\nprogram: {code: craft, name: Mine}").Want(t, 422)
	upload("version: 1\nprogram: {code: sail, nam: Mine}").Want(t, 422)
	upload(strings.Replace(string(file.Body), "kind: short", "kind: tall", 1)).Want(t, 422)
	upload("").Want(t, 422)
}

// sendFile posts a form with a file, as multipart/form-data.
func sendFile(t *testing.T, s *issuertest.Service, action string, form url.Values, text string) *issuertest.Answer {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			if err := m.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	if text != "" {
		w, err := m.CreateFormFile("file", "program.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return s.Send(t, "root", http.MethodPost, action, body.String(), "Content-Type", m.FormDataContentType())
}

// TestEditFormsKeepWhatWasTyped: what is wrong is told beside it with
// everything that was typed, a change of what someone else changed meanwhile
// with who it was, and saving again then does it.
func TestEditFormsKeepWhatWasTyped(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	owner, admin := s.Browse(t, "owner"), s.Browse(t, "admin")
	const path = "/programs/craft/edit/modules/M2"
	action, form := formOf(t, owner.Get(t, path).Want(t, 200), "edit-part", "save")
	for _, wrong := range [][]string{{"pass", "101"}, {"hours", "many"}, {"name", ""}, {"level", "none"}, {"kind", ""}, {"requires", "M9"}} {
		sent := url.Values{}
		for k, v := range form {
			sent[k] = v
		}
		page := owner.Post(t, action, fill(sent, "name", "Dovetails & more", wrong[0], wrong[1])).Want(t, 422)
		if wrong[0] != "name" && !strings.Contains(string(page.Body), "Dovetails &amp; more") || !strings.Contains(string(page.Body), "data-problem") {
			t.Errorf("%s: %s", wrong, page.Body)
		}
	}
	s.Clock.Advance(time.Second) // the trail tells acts of one second apart by chance
	_, first := formOf(t, admin.Get(t, path).Want(t, 200), "edit-part", "save")
	admin.Post(t, action, fill(first, "hours", "7")).Want(t, 303)
	page := owner.Post(t, action, fill(form, "name", "Dovetails")).Want(t, 409)
	if !strings.Contains(string(page.Body), "changed this program after you opened it") || !strings.Contains(string(page.Body), "Admin") {
		t.Errorf("who was first is not told: %s", page.Body)
	}
	_, again := formOf(t, page, "edit-part", "save")
	owner.Post(t, action, again).Want(t, 303)
	if file := owner.Get(t, "/programs/craft/program.yaml"); !strings.Contains(string(file.Body), "Dovetails") {
		t.Error("the second edit was lost")
	}
	owner.Get(t, "/programs/craft/edit/modules/M9").Want(t, 404)
	owner.Get(t, "/programs/craft/edit/nothing").Want(t, 404)
	owner.Post(t, "/programs", url.Values{"code": {"x"}, "name": {"X"}}).Want(t, 403)
}

// TestBadgeInTheMaking: the picture follows the form with script and without,
// and is that of the badge as it will be.
func TestBadgeInTheMaking(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	b := s.Browse(t, "owner")
	const path = "/programs/craft/edit/achievements/saws"
	action, form := formOf(t, b.Get(t, path).Want(t, 200), "edit-part", "look")
	page := b.Post(t, action, fill(form, "icon", "key", "colour", "plum")).Want(t, 200)
	_, rest, ok := strings.Cut(string(page.Body), `<img src="`)
	if !ok {
		t.Fatal("no picture")
	}
	src, _, _ := strings.Cut(rest, `"`)
	src = html.UnescapeString(src)
	picture := b.Get(t, src).Want(t, 200)
	if picture.Header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(string(picture.Body), "<svg") {
		t.Errorf("the picture is %s", picture.Header.Get("Content-Type"))
	}
	png := b.Get(t, strings.Replace(src, ".svg", ".png", 1)).Want(t, 200)
	if png.Header.Get("Content-Type") != "image/png" || !bytes.HasPrefix(png.Body, []byte("\x89PNG")) {
		t.Error("no PNG")
	}
	if plain := b.Get(t, strings.Replace(src, "colour=plum", "colour=teal", 1)).Want(t, 200); bytes.Equal(plain.Body, picture.Body) {
		t.Errorf("the colour makes no difference: %s", src)
	}
	b.Get(t, strings.Replace(src, "badge.svg", "badge.gif", 1)).Want(t, 404)
	b.Get(t, "/programs/craft/edit/art/badge.svg?award=module:none").Want(t, 422)
}
