package crash

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"strings"
	"testing"
	"time"
)

const (
	good = "GGGGGGGGGGGGGGGGGGGGGGGGGG"
	gone = "RRRRRRRRRRRRRRRRRRRRRRRRRR"
	last = "LLLLLLLLLLLLLLLLLLLLLLLLLL"
)

// credential is how the API shows a badge.
func credential(id, state, person, code string) object {
	return object{"id": id, "state": state, "person": object{"id": person}, "achievement": object{"code": code}}
}

// published is a status list of 16 places with bits as they are given.
func published(t *testing.T, bits ...byte) object {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(bits); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return object{"credentialSubject": object{"encodedList": "u" + base64.RawURLEncoding.EncodeToString(packed.Bytes())}}
}

// sound is what a program answers that keeps its promises about two badges,
// one of them revoked, at the places 0 and 9.
func sound(t *testing.T) map[string]any {
	badge := func(index int) object {
		return object{"credentialStatus": object{"statusListCredential": "/status/L", "statusListIndex": fmt.Sprint(index)}}
	}
	return map[string]any{
		"/api/v1/credentials/" + good: object{"credential": credential(good, issued, "p", "A0")},
		"/api/v1/credentials/" + gone: object{"credential": credential(gone, revoked, "p", "A1")},
		"/api/v1/credentials":         object{"items": []object{credential(good, issued, "p", "A0")}, "next": nil},
		"/v/" + good:                  object{"verdict": "verified"},
		"/v/" + gone:                  object{"verdict": "refused"},
		"/v/" + good + ".json":        badge(0),
		"/v/" + gone + ".json":        badge(9),
		"/v/" + good + "/proof":       object{"index": 1},
		"/v/" + gone + "/proof":       object{"index": 2},
		"/status/L":                   published(t, 0x00, 0x40),
		"/api/v1/completions":         object{"answer": 1},
	}
}

// TestSharp: a program that keeps its promises passes, and one that breaks any
// of them does not.
func TestSharp(t *testing.T) {
	tests := []struct {
		name   string
		change map[string]any // nil: there is no such thing any more
		want   string
	}{
		{"sound", nil, ""},
		{"a badge is lost", map[string]any{"/api/v1/credentials/" + good: nil}, "404"},
		{"its page is lost", map[string]any{"/v/" + good: nil}, "404"},
		{"a revocation is forgotten", map[string]any{"/api/v1/credentials/" + gone: object{"credential": credential(gone, issued, "p", "A1")}}, "it is kept as"},
		{"its page forgets", map[string]any{"/v/" + gone: object{"verdict": "verified", "summary": "Genuine."}}, "its page says"},
		{"it belongs to somebody else", map[string]any{"/api/v1/credentials/" + good: object{"credential": credential(good, issued, "q", "A0")}}, "it is kept as"},
		{"a bit too many", map[string]any{"/status/L": published(t, 0x80, 0x40)}, "the status list"},
		{"no list", map[string]any{"/status/L": nil}, "404"},
		{"another answer under the same key", map[string]any{"/api/v1/completions": object{"answer": 2}}, "under the same key"},
		{"a badge nobody was told of", map[string]any{"/api/v1/credentials": object{"items": []object{credential(good, issued, "p", "A0"), credential(last, issued, "p", "A2")}}}, "nobody was told of"},
		{"a badge twice", map[string]any{"/api/v1/credentials": object{"items": []object{credential(good, issued, "p", "A0"), credential(last, issued, "p", "A0")}}}, "stand for the same"},
		{"a badge is not listed", map[string]any{"/api/v1/credentials": object{"items": []object{}}}, "were acknowledged"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answers := sound(t)
			maps.Copy(answers, tt.change)
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				answer := answers[r.URL.Path]
				if answer == nil {
					http.NotFound(w, r)
					return
				}
				if err := json.NewEncoder(w).Encode(answer); err != nil {
					t.Error(err)
				}
			}))
			defer s.Close()
			k := &crash{program: &program{url: s.URL}, book: newBook(), random: rand.New(rand.NewPCG(1, 1)), Config: Config{Out: io.Discard},
				desk: &desk{url: s.URL, plain: s.Client(), done: []*ask{{path: "/api/v1/completions", status: 200, answer: []byte(`{"answer":1}`)}}}}
			k.book.enter(shownOf(good, "A0"), shownOf(gone, "A1"))
			k.book.change(k.book.badges[gone], revoked)
			k.replay(t.Context())
			k.look(t.Context(), k.book.takeTouched())
			k.compare(t.Context())
			said := strings.Join(k.out.Broken, "\n")
			if tt.want == "" && said != "" || !strings.Contains(said, tt.want) {
				t.Errorf("it said %q, without %q", said, tt.want)
			}
		})
	}
}

func shownOf(id, code string) (s shown) {
	s.ID, s.State, s.Person.ID, s.Achievement.Code = id, issued, "p", code
	return s
}

// TestBook: a second badge for the same is noticed when it is acknowledged, and
// one in the place of a revoked one is none.
func TestBook(t *testing.T) {
	b := newBook()
	b.enter(shownOf(good, "A0"))
	b.enter(shownOf(good, "A0"))
	b.change(b.take(0), revoked)
	b.enter(shownOf(gone, "A0"))
	if broken := b.takeBroken(); len(broken) > 0 {
		t.Errorf("%v", broken)
	}
	b.enter(shownOf(last, "A0"))
	if broken := b.takeBroken(); len(broken) != 1 {
		t.Errorf("%v", broken)
	}
	if badges, over := b.counts(); badges != 3 || over != 1 {
		t.Errorf("%d badges, %d over", badges, over)
	}
	b.read(&ask{path: "/x", status: 500}, http.StatusOK)
	if broken := b.takeBroken(); len(broken) != 1 {
		t.Errorf("an answer that is a fault: %v", broken)
	}
}

// TestMailbox: mails by a client of the standard library.
func TestMailbox(t *testing.T) {
	m, err := openMailbox()
	if err != nil {
		t.Fatal(err)
	}
	defer m.listener.Close()
	text := "Subject: Your badge\r\n\r\nSee http://127.0.0.1:1/v/" + good[:10] + "=\r\n" + good[10:] + " now.\r\n"
	if err := smtp.SendMail(m.listener.Addr().(*net.TCPAddr).String(), nil, "a@crash.example", []string{"b@crash.example"}, []byte(text)); err != nil {
		t.Fatal(err)
	}
	if missing := m.missing([]string{good, gone}); len(missing) != 1 || missing[0] != gone || m.count() != 1 || m.quiet(time.Hour) {
		t.Errorf("missing %v of %d mails", missing, m.count())
	}
	holder := func(string) string { return "B" }
	late := func() []string { return m.overdue([]string{gone}, []string{good, gone}, holder) }
	if len(late()) != 1 {
		t.Error("a mail that did not come after one other is not missed")
	}
	for range alone - 1 {
		m.keep("RCPT TO:<b@crash.example>", nil)
	}
	if len(late()) != 0 {
		t.Error("a mail that waits for a digest is missed")
	}
}
