package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"hallmark/verifier"
	"hallmark/verifier/ob3"
)

// batchServer mounts the endpoint over a world.
func batchServer(t *testing.T, v *Verify) http.Handler {
	t.Helper()
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		p, known := ProblemOf(err)
		if !known {
			t.Errorf("%s %s: fault %v", c.Request().Method, c.Path(), err)
		}
		if err := SendProblem(c, p); err != nil {
			t.Error(err)
		}
	}
	v.Mount(e)
	return e
}

func postBatch(h http.Handler, media, accept string, body []byte) *httptest.ResponseRecorder {
	req := httptest.NewRequest("POST", "/api/verify/batch", bytes.NewReader(body))
	req.Header.Set("Content-Type", media)
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

type batchAnswer struct {
	Items []struct {
		Row     int
		Report  verifier.Report
		Problem *Problem
	}
}

// TestBatch: each row has its own answer, in order, and a row that is bad in
// whatever way spoils none of the others.
func TestBatch(t *testing.T) {
	w := newWorld(t, 7)
	good, revoked := w.badge(1), w.badge(7)
	forged := bytes.Replace(good, []byte("Foundations"), []byte("Foundationz"), 1)
	followed := 0
	open := func(_ context.Context, url string) ([]byte, error) {
		switch url {
		case "https://badges.example.org/v/1":
			followed++
			return good, nil
		case "https://badges.example.org/v/gone":
			return nil, NewProblem(http.StatusGone, "This badge was erased.")
		case "https://badges.example.org/v/broken":
			panic("a bug of ours")
		}
		return nil, errors.New("dial tcp 10.0.0.1: secret detail")
	}
	text, _ := json.Marshal(string(good))
	items := []string{string(good), `"https://badges.example.org/v/1"`, string(revoked), string(forged), `{"hello":"world"}`, `"https://badges.example.org/v/gone"`,
		`"https://else.example/x"`, `""`, `"https://badges.example.org/v/broken"`, `"badges.example.org/v/1"`, string(text), `"eyJhbGciOiJub25lIn0.e30."`, `{"credentialSubject":"` + strings.Repeat("x", MaxJSON) + `"}`, string(good)}
	rec := postBatch(batchServer(t, &Verify{Verifier: w.verifier(), Open: open}), "application/json", "", []byte(`{"items":[`+strings.Join(items, ",")+`]}`))
	var got batchAnswer
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != 200 {
		t.Fatalf("%d %v %s", rec.Code, err, rec.Body)
	}
	want := []string{"1 verified", "2 verified", "3 refused", "4 refused", "5 undetermined 400", "6 undetermined 410", "7 undetermined 422", "8 undetermined 422", "9 undetermined", "10 verified", "11 verified", "12 undetermined 400", "13 refused", "14 verified"}
	var told []string
	for _, e := range got.Items {
		line := fmt.Sprintf("%d %s", e.Row, e.Report.Verdict)
		if e.Problem != nil {
			line += fmt.Sprint(" ", e.Problem.Status)
		}
		if len(e.Report.Checks) != len(verifier.Names) || e.Report.Summary == "" {
			t.Errorf("row %d: %+v", e.Row, e.Report)
		}
		told = append(told, line)
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(rec.Body.String(), "secret detail") || strings.Contains(rec.Body.String(), "a bug of ours") {
		t.Error("the cause of a fault is shown")
	}
	if w.keys.Load() != 1 || w.lists.Load() != 1 || followed != 1 {
		t.Errorf("asked %d times for keys and %d times for the list, and followed one link %d times", w.keys.Load(), w.lists.Load(), followed)
	}
}

// TestBatchStatuses: what is refused as a whole, with which status and field.
func TestBatchStatuses(t *testing.T) {
	many := `{"items":["x"` + strings.Repeat(`,"x"`, MaxBatchRows) + `]}`
	tests := []struct {
		name, media, accept, body string
		status                    int
		field                     string
	}{
		{"no JSON", "application/json", "", "hello", 400, ""},
		{"twice named", "application/json", "", `{"items":["x"],"items":["y"]}`, 400, ""},
		{"empty body", "application/json", "", "", 400, ""},
		{"nothing", "application/json", "", "{}", 422, "items"},
		{"none", "application/json", "", `{"items":[]}`, 422, "items"},
		{"no list", "application/json", "", `{"items":"https://x.example/"}`, 422, "items"},
		{"unknown member", "application/json", "", `{"items":["x"],"dryRun":true}`, 422, "dryRun"},
		{"number", "application/json", "", `{"items":["x",{},7]}`, 422, "items[2]"},
		{"list within", "application/json", "", `{"items":[["x"]]}`, 422, "items[0]"},
		{"too many", "application/json", "", many, 422, "items"},
		{"too large", "application/json", "", strings.Repeat(" ", MaxBatch+1), 413, ""},
		{"table without the column", "text/csv", "", "url\nhttps://x.example/\n", 422, "link"},
		{"table without rows", "text/csv", "", "link\n", 422, "link"},
		{"empty table", "text/csv", "", "", 422, "link"},
		{"table of too many", "text/csv", "", "link\n" + strings.Repeat("x\n", MaxBatchRows+1), 422, "items"},
		{"quotation mark out of place", "text/csv", "", "link\n\"x\"y\n", 400, ""},
		{"quotation mark left open", "text/csv", "", "link\na\n\"b\nc\n", 400, ""},
		{"not UTF-8", "text/csv", "", "link,name\nx,Jos\xe9\n", 400, ""},
		{"other charset", "text/csv; charset=iso-8859-1", "", "link\nx\n", 415, ""},
		{"other type", "application/vnd.ms-excel", "", "link\nx\n", 415, ""},
		{"other answer", "text/csv", "image/png", "link\nx\n", 406, ""},
	}
	h := batchServer(t, &Verify{Verifier: &verifier.Verifier{}})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := postBatch(h, tt.media, tt.accept, []byte(tt.body))
			var p Problem
			if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || rec.Code != tt.status || p.Status != tt.status || p.Detail == "" {
				t.Fatalf("%d %s, want %d", rec.Code, rec.Body, tt.status)
			}
			if tt.field != "" && (len(p.Errors) == 0 || p.Errors[0].Field != tt.field || p.Errors[0].Reason == "") {
				t.Errorf("errors %+v, want one about %s", p.Errors, tt.field)
			}
		})
	}
}

// TestBatchSheet: a table comes back as it came, in the manner of the program
// that saved it, with the answers beside it.
func TestBatchSheet(t *testing.T) {
	w := newWorld(t)
	evil := w.badge(2, func(c *ob3.AchievementCredential) {
		c.Issuer.Name = `=HYPERLINK("https://evil.example/"),=1+1`
		c.CredentialSubject.Identifier[0].IdentityHash = "@SUM(A1)"
		c.CredentialSubject.Achievement.Name = "-2+3;=cmd"
		c.Name = "+1\t=1"
	})
	open := func(_ context.Context, url string) ([]byte, error) {
		if strings.HasSuffix(url, "/2") {
			return evil, nil
		}
		return w.badge(1), nil
	}
	h := batchServer(t, &Verify{Verifier: w.verifier(), Open: open})
	utf16 := func(s string) string {
		out := "\xff\xfe"
		for _, r := range s {
			out += string([]byte{byte(r), byte(r >> 8)})
		}
		return out
	}
	tests := []struct {
		name, body string
		comma      rune
		mark       bool
		want       [][]string // first cells of each row
	}{
		{"plain", "Name,Link\nZoë,https://a.example/1\n\n\"Q, \"\"R\"\"\",https://a.example/1\n", ',', false, [][]string{{"Name", "Link"}, {"Zoë", "https://a.example/1"}, {`Q, "R"`, "https://a.example/1"}}},
		{"German Excel", "\uFEFFlink;Name\r\nhttps://a.example/1;\"O;P\"\r\n;\r\n", ';', true, [][]string{{"link", "Name"}, {"https://a.example/1", "O;P"}}},
		{"Excel's own line", "sep=;\r\nlink;a,link\r\nhttps://a.example/1;b\r\n", ';', false, [][]string{{"link", "a,link"}, {"https://a.example/1", "b"}}},
		{"Unicode text", utf16("id\tLINK\r\n1\thttps://a.example/1\r\n"), '\t', true, [][]string{{"id", "LINK"}, {"1", "https://a.example/1"}}},
		{"formulas", "link,=a,b\nhttps://a.example/2,=1+1,-5\nhttps://a.example/2, @x,+49 123\n", ',', false, [][]string{{"link", "'=a", "b"}, {"https://a.example/2", "'=1+1", "-5"}, {"https://a.example/2", "' @x", "+49 123"}}},
		{"an answer again", "link,verdict\nhttps://a.example/1,verified\n", ',', false, [][]string{{"link", "verdict", "verdict (checked)"}, {"https://a.example/1", "verified", "verified"}}},
		{"short rows", "name,link,more\nx,https://a.example/1\n", ',', false, [][]string{{"name", "link", "more"}, {"x", "https://a.example/1", ""}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := postBatch(h, "text/csv", "text/csv, */*;q=0.1", []byte(tt.body))
			text := rec.Body.String()
			if rec.Code != 200 || !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/csv") {
				t.Fatalf("%d %s", rec.Code, text)
			}
			text, mark := strings.CutPrefix(text, "\uFEFF")
			if mark != tt.mark || !strings.Contains(text, "\r\n") {
				t.Errorf("byte order mark %v in %q", mark, text)
			}
			r := csv.NewReader(strings.NewReader(text))
			r.Comma = tt.comma
			all, err := r.ReadAll() // every row has as many cells as the header
			if err != nil {
				t.Fatal(err)
			}
			var got [][]string
			for i, cells := range all {
				got = append(got, cells[:min(len(cells), len(tt.want[min(i, len(tt.want)-1)]))])
				for _, c := range cells {
					if c != "" && strings.ContainsRune("=+-@", rune(c[0])) && c != "-5" && c != "+49 123" {
						t.Errorf("a cell begins as a formula does: %q", c)
					}
					for _, border := range []string{",=", ";=", "\t=", ", ="} {
						if strings.Contains(c, border) {
							t.Errorf("a cell begins as a formula does where %q is the border: %q", border, c)
						}
					}
				}
				if i > 0 && cells[len(cells)-8] != "verified" {
					t.Errorf("row %q", cells)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	rec := postBatch(h, "text/csv", "text/csv", []byte("link\nhttps://a.example/1\n"))
	want := "link,verdict,summary,issuer,issued to,achievement,valid from,until,checked at\r\n" +
		"https://a.example/1,verified,\"Issuer not known to us. Genuine and current: “Low-code Foundations”, issued by “Example Academy” (badges.example.org) to “Ada Lovelace” on 2026-11-21, valid until 2029-11-21.\"," +
		"“Example Academy” (badges.example.org),Ada Lovelace,Low-code Foundations,2026-11-21,2029-11-21,2026-11-21T12:00:00Z\r\n"
	if diff := cmp.Diff(want, rec.Body.String()); diff != "" {
		t.Error(diff)
	}
	rec = postBatch(h, "application/json", "text/csv", []byte(`{"items":["https://a.example/1"]}`))
	if !strings.HasPrefix(rec.Body.String(), "\uFEFFrow,link,verdict,") || !strings.Contains(rec.Body.String(), "\r\n1,https://a.example/1,verified,") {
		t.Errorf("%s", rec.Body)
	}
}

// TestBroadSheet: every row of the answer has as many cells as the header, so
// that a header of commas alone would ask for two hundred times as much.
func TestBroadSheet(t *testing.T) {
	h := server(t, nil)
	send := func(table string) *httptest.ResponseRecorder {
		return post(h, "/api/verify/batch", "text/csv", []byte(table))
	}
	rows := strings.Repeat("x\n", MaxBatchRows)
	for name, table := range map[string]string{
		"header":          "link" + strings.Repeat(",", maxColumns) + "\n" + rows,
		"far too broad":   "link" + strings.Repeat(",", 3<<20) + "\n" + rows,
		"with semicolons": "link;x" + strings.Repeat(";", maxColumns) + "\n" + rows,
		"a row":           "link,y\nx" + strings.Repeat(",", maxColumns) + "\n",
	} {
		if rec := send(table); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "more than 256 columns") {
			t.Errorf("%s: %d %.200s", name, rec.Code, rec.Body)
		}
	}
	for name, table := range map[string]string{
		"just not":      "link" + strings.Repeat(",", maxColumns-1) + "\nx\n",
		"within quotes": "link\n\"" + strings.Repeat(",", maxColumns) + "\"\n",
		"other commas":  "link;x\nx;\"" + strings.Repeat(",", maxColumns) + "\"\nx;" + strings.Repeat(",", maxColumns) + "\n",
	} {
		if rec := send(table); rec.Code != http.StatusOK {
			t.Errorf("%s: %d %.200s", name, rec.Code, rec.Body)
		}
	}
}

// TestBatchRows: rows have the numbers that a spreadsheet program shows.
func TestBatchRows(t *testing.T) {
	s, err := readSheet([]byte("link,note\r\na.example,\"two\r\nlines\"\r\n\r\nb.example,x\r\n,\r\nc.example,y"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range s.rows {
		got = append(got, fmt.Sprint(r.number, r.link))
	}
	if diff := cmp.Diff([]string{"2a.example", "4b.example", "6c.example"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestBatchTime: what is not reached in time is said to be so, and the rest
// stands; rows are checked several at the same time.
func TestBatchTime(t *testing.T) {
	w := newWorld(t)
	good := w.badge(1)
	synctest.Test(t, func(t *testing.T) {
		slow := func(ctx context.Context, url string) ([]byte, error) {
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-time.After(BatchTime / 5):
				return good, nil
			}
		}
		v := &Verify{Verifier: w.verifier(), Open: slow}
		var rows []row
		for i := range 30 {
			rows = append(rows, row{number: i + 1, link: fmt.Sprintf("a.example/%d", i)})
		}
		began := time.Now()
		entries, err := v.checkAll(t.Context(), rows)
		if took := time.Since(began); err != nil || took > BatchTime {
			t.Fatalf("%v after %v", err, took)
		}
		tally := map[verifier.Outcome]int{}
		for _, e := range entries {
			tally[e.Report.Verdict]++
			if e.Report.Verdict == verifier.Undetermined && !strings.Contains(e.Report.Summary, "Not checked in time") {
				t.Errorf("%+v", e.Report)
			}
		}
		if tally[verifier.Verified] < 4*batchAtOnce || tally[verifier.Verified]+tally[verifier.Undetermined] != 30 {
			t.Errorf("%v", tally)
		}
	})
}

// TestBatchLeft: when the client goes, the work stops.
func TestBatchLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, leave := context.WithCancel(t.Context())
		opened := 0
		v := &Verify{Verifier: &verifier.Verifier{}, Open: func(ctx context.Context, _ string) ([]byte, error) {
			opened++
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		time.AfterFunc(time.Second, leave)
		began := time.Now()
		entries, err := v.checkAll(ctx, []row{{link: "a.example"}})
		if !errors.Is(err, context.Canceled) || entries != nil || time.Since(began) != time.Second || opened != 1 {
			t.Errorf("%v %v after %v, %d links opened", entries, err, time.Since(began), opened)
		}
	})
}

// TestBatchPatience: a batch may take longer than the server gives others.
func TestBatchPatience(t *testing.T) {
	w := newWorld(t)
	good := w.badge(1)
	h := batchServer(t, &Verify{Verifier: w.verifier(), Open: func(context.Context, string) ([]byte, error) {
		time.Sleep(300 * time.Millisecond)
		return good, nil
	}})
	s := httptest.NewUnstartedServer(h)
	s.Config.WriteTimeout, s.Config.ReadTimeout = 100*time.Millisecond, 100*time.Millisecond
	s.Start()
	defer s.Close()
	res, err := s.Client().Post(s.URL+"/api/verify/batch", "application/json", strings.NewReader(`{"items":["a.example"]}`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var got batchAnswer
	if err := json.NewDecoder(res.Body).Decode(&got); err != nil || len(got.Items) != 1 || got.Items[0].Report.Verdict != verifier.Verified {
		t.Errorf("%v %+v", err, got)
	}
}

// TestGate: one address has so many batches under way, everybody so many.
func TestGate(t *testing.T) {
	var g gate
	var leave []func()
	enter := func(who string, want int) {
		t.Helper()
		out, status := g.enter(who)
		if status != want {
			t.Fatalf("%s: %d, want %d", who, status, want)
		}
		if out != nil {
			leave = append(leave, out)
		}
	}
	enter("a", 0)
	enter("a", 0)
	enter("a", 429)
	enter("b", 0)
	enter("c", 0)
	enter("d", 503)
	leave[0]()
	enter("d", 0)
	enter("a", 503)
	for _, out := range leave[1:] {
		out()
	}
	if g.all != 0 || len(g.by) != 0 {
		t.Errorf("%+v", &g)
	}
}

// TestShared: who asks while another waits gets the same answer, a look-up
// that breaks leaves nobody waiting, and what does not fit is asked for again.
func TestShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o once[int]
		asked := 0
		got := make(chan int, 10)
		for range 10 {
			go func() {
				n, _ := o.get(t.Context(), "x", func() (int, error) { asked++; time.Sleep(time.Second); return asked, nil }, always)
				got <- n
			}()
		}
		for range 10 {
			if n := <-got; n != 1 {
				t.Errorf("%d", n)
			}
		}
		func() {
			defer func() { recover() }()
			o.get(t.Context(), "y", func() (int, error) { panic("broken") }, always)
		}()
		if _, err := o.get(t.Context(), "y", nil, always); !errors.Is(err, errBroke) {
			t.Error(err)
		}
	})
	w := newWorld(t)
	lists := &sharedLists{shared{room: len(w.list)*2 - 1}, w}
	for range 3 {
		if _, err := lists.StatusList(t.Context(), listURL); err != nil {
			t.Fatal(err)
		}
	}
	if w.lists.Load() != 1 {
		t.Errorf("asked %d times", w.lists.Load())
	}
	w.lists.Store(0)
	lists = &sharedLists{shared{room: 10}, w}
	lists.StatusList(t.Context(), listURL)
	lists.StatusList(t.Context(), listURL)
	if w.lists.Load() != 2 {
		t.Errorf("asked %d times", w.lists.Load())
	}
}

// FuzzSheet: no table breaks the reader, and what is read can be written.
func FuzzSheet(f *testing.F) {
	for _, s := range []string{"link\nx\n", "\uFEFFlink;a\r\nx;\"y\r\nz\"\r\n", "sep=\t\nlink\tb\n1\t2\n", "\xff\xfel\x00", "link,link\n'=1,=1\n", "\tlink\n0"} {
		f.Add([]byte(s))
	}
	v := &Verify{Verifier: &verifier.Verifier{}}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := readSheet(data)
		if err != nil {
			return
		}
		entries := make([]Entry, len(s.rows))
		for i, r := range s.rows {
			entries[i] = Entry{Row: r.number, Report: v.unchecked("Not now.")}
		}
		out, err := s.write(entries)
		if err != nil {
			t.Fatal(err)
		}
		again, err := readSheet(out)
		if err != nil || len(again.rows) != len(s.rows) {
			t.Fatalf("%v: %q became %q", err, data, out)
		}
	})
}

// TestBatchForm: the page for many works without a script, for a table and for
// a list of links, and answers with a page or with the table.
func TestBatchForm(t *testing.T) {
	w := newWorld(t)
	open := func(_ context.Context, url string) ([]byte, error) {
		if strings.HasSuffix(url, "/1") {
			return w.badge(1), nil
		}
		return nil, errors.New("nothing there")
	}
	h := batchServer(t, &Verify{Verifier: w.verifier(), Open: open, Render: small{}})
	tests := []struct {
		name, field, value, as string
		status                 int
		want                   string
	}{
		{"table", "file", "who;Link\nAda;https://a.example/1\nBob;https://a.example/2\n", "", 200, "2 verified 3 undetermined"},
		{"links", "links", "https://a.example/2,\r\n\r\nhttps://a.example/1\r\n", "", 200, "1 undetermined 2 verified"},
		{"saved", "file", "who;Link\nAda;https://a.example/1\n", "csv", 200, "\r\nAda;https://a.example/1;verified;"},
		{"nothing", "links", " \n", "", 422, "Choose a table"},
		{"too many links", "links", strings.Repeat("a.example/1 ", MaxBatchRows+1), "", 422, "at most 200"},
		{"table without the column", "file", "who\nAda\n", "", 422, "No column"},
		{"table that is none", "file", "PK\x03\x04\x00\x00", "", 400, "CSV UTF-8"},
		{"table too large", "file", strings.Repeat(" ", MaxBatch+1), "", 413, "too large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var body bytes.Buffer
			m := multipart.NewWriter(&body)
			for field, value := range map[string]string{tt.field: tt.value, "as": tt.as} {
				part, err := m.CreateFormField(field)
				if err != nil {
					t.Fatal(err)
				}
				part.Write([]byte(value))
			}
			m.Close()
			rec := post(h, "/verify/batch", m.FormDataContentType(), body.Bytes())
			if rec.Code != tt.status || !strings.Contains(rec.Body.String(), tt.want) {
				t.Errorf("%d %s, want %d with %q", rec.Code, rec.Body, tt.status, tt.want)
			}
		})
	}
	rec := post(h, "/verify/batch", "application/x-www-form-urlencoded", []byte("links=https%3A%2F%2Fa.example%2F1"))
	if rec.Code != 200 || !strings.Contains(rec.Body.String(), "1 verified") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

// newest is an issuer that has a newer copy of every badge.
type newest struct{ doc []byte }

func (n newest) Refresh(context.Context, string) ([]byte, error) { return n.doc, nil }

// TestNewer: a badge that came in a file is asked about once more by its text,
// and only on the second click.
func TestNewer(t *testing.T) {
	w := newWorld(t)
	named := func(name string, from time.Time) []byte {
		var c map[string]any
		if err := json.Unmarshal(w.badge(1), &c); err != nil {
			t.Fatal(err)
		}
		delete(c, "proof")
		c["name"], c["validFrom"] = name, from.Format(time.RFC3339)
		c["@context"] = []string{ob3.ContextCredentials, ob3.ContextBadges, ob3.ContextExtensions}
		c["refreshService"] = map[string]any{"id": "https://badges.example.org/newest/1", "type": "1EdTechCredentialRefresh"}
		return w.sign(c)
	}
	older := named("Older", today.Add(-2*time.Hour))
	v := w.verifier()
	v.Refresher = newest{named("Newer", today.Add(-time.Hour))}
	h := batchServer(t, &Verify{Verifier: v, Render: small{}})
	page := post(h, "/verify", "application/x-www-form-urlencoded", []byte("text="+url.QueryEscape(string(older)))).Body.String()
	if !strings.Contains(page, "newer: badges.example.org") || !strings.Contains(page, "held: {") {
		t.Errorf("%s", page)
	}
	again := post(h, "/verify", "application/x-www-form-urlencoded", []byte("refresh=yes&text="+url.QueryEscape(string(older)))).Body.String()
	if strings.Contains(again, "newer:") || !strings.Contains(again, "“Newer”") {
		t.Errorf("%s", again)
	}
	answer := post(h, "/api/verify", "application/json", fmt.Appendf(nil, `{"credential":%s,"refresh":true}`, older)).Body.String()
	if !strings.Contains(answer, "“Newer”") || !strings.Contains(answer, `"newer":true`) {
		t.Errorf("%s", answer)
	}
}
