package crash

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"time"
)

// ask is one request that changes something. It is asked under its key until
// it is answered.
type ask struct {
	as     string // "" for the client, or the e-mail address of who signed in
	method string // "" is POST
	path   string
	body   string
	key    string
	status int    // of the answer
	answer []byte // the first one
}

// phase says which requests may leave.
type phase int

const (
	closed   phase = iota // none
	retrying              // those that were asked before and not answered
	opened                // all
)

// desk sends the requests of all writers. It holds them back while the program
// is down, and asks again what was not answered.
type desk struct {
	url      string
	sessions map[string]*http.Client
	id       string // of the client
	secret   string
	plain    *http.Client

	mu      sync.Mutex
	moved   *sync.Cond
	phase   phase
	over    bool
	token   string
	pending map[*ask]bool // asked, broken off, not answered yet
	parked  int           // writers that wait to ask something new
	acts    int
	again   int
	done    []*ask // since takeDone
}

// errOver is the answer to writers when the run ends.
var errOver = errors.New("the run is over")

const (
	authors = 8 // learners who hand in capstones
	mentors = 4
	admin   = "admin@crash.example"
)

func author(n int) string { return fmt.Sprintf("author%d@crash.example", n) }
func mentor(n int) string { return fmt.Sprintf("mentor%d@crash.example", n) }

// newDesk makes the client and signs people in, on a program that serves.
func newDesk(ctx context.Context, p *program) (*desk, error) {
	d := &desk{url: p.url, sessions: map[string]*http.Client{}, pending: map[*ask]bool{}, plain: &http.Client{Timeout: 20 * time.Second}}
	d.moved = sync.NewCond(&d.mu)
	out, err := p.run(ctx, "admin", "client", "crash", "--scope", "completions:write", "--scope", "credentials:read", "--scope", "credentials:write", "--scope", "credentials:revoke")
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Sscanf(out, "client_id %s\nclient_secret %s\n", &d.id, &d.secret); err != nil {
		return nil, fmt.Errorf("read %q: %w", out, err)
	}
	people := []string{}
	for n := range authors {
		people = append(people, author(n))
	}
	for n := range mentors {
		people = append(people, mentor(n))
	}
	for _, email := range people {
		if err := d.signIn(ctx, p, email, "link", email); err != nil {
			return nil, err
		}
	}
	return d, d.signIn(ctx, p, admin, "add", admin, "--name", "Ada Admin")
}

// signIn uses a link that the command line prints.
func (d *desk) signIn(ctx context.Context, p *program, email string, args ...string) error {
	out, err := p.run(ctx, append([]string{"admin"}, args...)...)
	if err != nil {
		return err
	}
	link, err := url.Parse(strings.TrimSpace(strings.SplitN(out, "\n", 2)[0]))
	if err != nil {
		return err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	c := &http.Client{Jar: jar, Timeout: d.plain.Timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	form := url.Values{"t": {link.Query().Get("t")}}
	status, body, err := send(ctx, c, "POST", d.url+"/signin/link", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
	if err != nil || status != http.StatusSeeOther {
		return fmt.Errorf("sign in as %s: %d %.300s %w", email, status, body, err)
	}
	d.sessions[email] = c
	return nil
}

// sign gets a fresh access token.
func (d *desk) sign(ctx context.Context, p *program) error {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {d.id}, "client_secret": {d.secret}}
	status, body, err := send(ctx, d.plain, "POST", p.url+"/oauth/token", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	var t struct {
		Token string `json:"access_token"`
	}
	if err == nil {
		err = json.Unmarshal(body, &t)
	}
	if err != nil || status != http.StatusOK {
		return fmt.Errorf("get a token: %d %.300s %w", status, body, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.token = t.Token
	return nil
}

// ask asks until it is answered.
func (d *desk) ask(ctx context.Context, a *ask) error {
	for first := true; ; first = false {
		if !d.wait(first) || ctx.Err() != nil {
			return errOver
		}
		status, body, err := d.send(ctx, a)
		d.mu.Lock()
		if err == nil && status != http.StatusServiceUnavailable {
			a.status, a.answer = status, body
			d.acts++
			delete(d.pending, a)
			d.done = append(d.done, a)
			d.moved.Broadcast()
			d.mu.Unlock()
			return nil
		}
		if d.pending[a] = true; first {
			d.again++
		}
		d.mu.Unlock()
		pause(ctx, 20*time.Millisecond)
	}
}

// wait holds a request back until it may leave.
func (d *desk) wait(first bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if first {
		d.parked++
		defer func() { d.parked-- }()
	}
	for !d.over && d.phase != opened && (first || d.phase != retrying) {
		d.moved.Wait()
	}
	return !d.over
}

func (d *desk) send(ctx context.Context, a *ask) (int, []byte, error) {
	d.mu.Lock()
	token := d.token
	d.mu.Unlock()
	headers := []string{"Content-Type", "application/json", "Idempotency-Key", a.key}
	client := d.sessions[a.as]
	if client == nil {
		client, headers = d.plain, append(headers, "Authorization", "Bearer "+token)
	} else {
		headers = append(headers, "Sec-Fetch-Site", "same-origin")
	}
	if a.body == "" {
		headers = headers[2:] // of nothing there is no type
	}
	return send(ctx, client, cmp.Or(a.method, "POST"), d.url+a.path, a.body, headers...)
}

// get reads something as the client, or as anyone where the path is public.
func (d *desk) get(ctx context.Context, path string, headers ...string) (int, []byte, error) {
	d.mu.Lock()
	token := d.token
	d.mu.Unlock()
	if strings.HasPrefix(path, "/api/") {
		headers = append(headers, "Authorization", "Bearer "+token)
	}
	return send(ctx, d.plain, "GET", d.url+path, "", headers...)
}

// send makes a request and reads the whole answer: half an answer is none.
func send(ctx context.Context, c *http.Client, method, address, body string, headers ...string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	return resp.StatusCode, bytes.TrimSpace(answer), err
}

func newKey() string { return rand.Text() }

func (d *desk) move(to phase) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.phase = to
	d.moved.Broadcast()
}

func (d *desk) open()  { d.move(opened) }
func (d *desk) close() { d.move(closed) }
func (d *desk) retry() { d.move(retrying) }

// end lets every writer go.
func (d *desk) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.over = true
	d.moved.Broadcast()
}

// settled waits until everything that was broken off is answered, and every
// writer has noted what it was answered.
func (d *desk) settled(ctx context.Context, writers int, patience time.Duration) bool {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline) && ctx.Err() == nil; pause(ctx, 5*time.Millisecond) {
		d.mu.Lock()
		quiet := len(d.pending) == 0 && d.parked == writers
		d.mu.Unlock()
		if quiet {
			return true
		}
	}
	return false
}

// waiting names one thing that is not answered.
func (d *desk) waiting() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for a := range d.pending {
		return fmt.Sprintf("%d requests, such as %s %s", len(d.pending), a.path, a.body)
	}
	return "none"
}

// takeDone gives what was answered since it was called last.
func (d *desk) takeDone() []*ask {
	d.mu.Lock()
	defer d.mu.Unlock()
	done := d.done
	d.done = nil
	return done
}

func (d *desk) counts() (acts, again int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.acts, d.again
}
