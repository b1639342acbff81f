package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"hallmark/issuer/badge"
	"hallmark/issuer/jobs"
	"hallmark/issuer/signin"
	"hallmark/issuer/web"
	"hallmark/issuer/web/pages"
	verifyweb "hallmark/verifier/web"
)

type demoCmd struct {
	Addr string `help:"Where to listen; port 0 takes a free one." default:"127.0.0.1:8080" placeholder:"ADDR"`
	JSON bool   `name:"json" help:"Print one line of JSON for programs."`

	People int `help:"So many people more, who learn and earn badges; up to 200,000." placeholder:"N"`
}

// demoLine is what `demo --json` prints, once the demo can be used.
type demoLine struct {
	URL        string            `json:"url"`
	Badge      string            `json:"badge"`
	Capstone   string            `json:"capstone"`
	Submission int               `json:"submission"`
	Tokens     map[string]string `json:"tokens"`
	Signin     map[string]string `json:"signin"`
	Mailbox    string            `json:"mailbox"`
}

// Run makes the demo in a temporary folder, says where it is and serves it
// until it is told to stop.
func (d *demoCmd) Run(ctx context.Context, std streams) error {
	if d.People < 0 || d.People > maxCrowd {
		return usage("--people is a number from 0 to %d.", maxCrowd)
	}
	dir, err := os.MkdirTemp("", "hallmark-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer os.RemoveAll(dir)
	listener, err := net.Listen("tcp", d.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w; name another address with --addr", err)
	}
	box := &mailbox{}
	p, err := openDemo(ctx, demoConfig(dir, named(d.Addr, reachable(listener.Addr().String(), std.err))), std, box)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer p.Close()
	line, err := fillDemo(ctx, p, d.People, std.err)
	if err != nil {
		return errors.Join(fmt.Errorf("make the sample program: %w", err), listener.Close())
	}
	handler, err := p.handler(ctx, doors{limits: demoLimits, mailbox: box, ready: p.Store.Ready})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var group sync.WaitGroup
	group.Go(func() { p.Jobs.Run(ctx) })
	served := make(chan error, 1)
	go func() { served <- serveHTTP(ctx, listener, handler, p.Log) }()
	if err := d.show(std.out, line); err != nil {
		stop()
	}
	err = <-served
	stop()
	group.Wait()
	return err
}

// reachable is where a browser on this machine finds what listens on addr. An
// address that others reach is said aloud: the demo signs anyone in as anyone.
func reachable(addr string, warn io.Writer) string {
	at, err := netip.ParseAddrPort(addr)
	if err != nil || at.Addr().IsLoopback() {
		return addr
	}
	fmt.Fprintln(warn, "Take care: whoever reaches this machine can sign in to the demo as anyone. Leave --addr away to keep it to yourself.")
	if at.Addr().IsUnspecified() {
		return fmt.Sprintf("localhost:%d", at.Port())
	}
	return addr
}

// named keeps the name localhost where it was asked for: browsers make passkeys
// for a name, not for a number.
func named(asked, addr string) string {
	host, _, _ := net.SplitHostPort(asked)
	_, port, err := net.SplitHostPort(addr)
	if host != "localhost" || err != nil {
		return addr
	}
	return net.JoinHostPort(host, port)
}

// demoLimits let someone try things out from one machine; a real service
// keeps the usual limits.
var demoLimits = web.Limits{
	Signin: web.Limit{PerSecond: 20, Burst: 500},
	Tokens: web.Limit{PerSecond: -1},
	Verify: web.Limit{PerSecond: -1},
}

// demoLife is how long what the demo prints lets someone in: as long as
// anyone looks at a demo.
const demoLife = 24 * time.Hour

// demoConfig keeps all of a demo in a folder.
func demoConfig(dir, addr string) *Config {
	return &Config{Addr: addr, BaseURL: "http://" + addr, DB: filepath.Join(dir, "hallmark.db"), SealingKeyFile: filepath.Join(dir, "sealing.key"),
		HighWaterFile: filepath.Join(dir, "high-water")}
}

// openDemo wires a service of its own.
func openDemo(ctx context.Context, cfg *Config, std streams, box *mailbox) (*parts, error) {
	log := newLogger(std.err, slog.LevelWarn)
	db, err := openStore(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx); err != nil {
		return nil, orClose(db, err)
	}
	p, err := wire(ctx, cfg, db, log)
	if err != nil {
		return nil, orClose(db, err)
	}
	p.Jobs.Mailer = box
	p.Signin = signin.New(signin.Config{Registrar: p.Registrar, Keys: p.Ring, BaseURL: cfg.BaseURL, Logger: log,
		LinkLife: demoLife, TokenLife: demoLife, Language: verifyweb.Language})
	return p, nil
}

// show prints the links, and the badge's QR code for a phone that is near.
func (d *demoCmd) show(w io.Writer, l *demoLine) error {
	if d.JSON {
		return json.NewEncoder(w).Encode(l)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "Hallmark shows itself at %s (stop with Ctrl-C; nothing is kept)\n\n", l.URL)
	fmt.Fprintf(&out, "A badge that anyone can check: %s\n\n", l.Badge)
	out.WriteString(badge.QRTerminal(qrText(l.Badge)))
	out.WriteString("\nSign in, once each, as\n")
	for _, who := range []string{"learner", "mentor", "lead", "sponsor", "admin"} {
		fmt.Fprintf(&out, "  %-8s %s\n", who, l.Signin[who])
	}
	fmt.Fprintf(&out, "\nMail that the demo would send: %s\n", l.Mailbox)
	_, err := io.WriteString(w, out.String())
	return err
}

// qrText is a badge's link as its QR code holds it.
func qrText(link string) string {
	base, id, _ := strings.Cut(link, "/v/")
	return badge.Link(base, id)
}

// mailbox is the demo's mail server: it keeps what was sent, newest first.
type mailbox struct {
	mu   sync.Mutex
	kept []pages.Message
}

// Send keeps a mail.
func (m *mailbox) Send(_ context.Context, mail jobs.Mail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = append([]pages.Message{{To: mail.To, Subject: mail.Subject, Text: mail.Text, At: time.Now()}}, m.kept[:min(len(m.kept), 199)]...)
	return nil
}

// Messages gives what was sent, newest first.
func (m *mailbox) Messages() []pages.Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]pages.Message(nil), m.kept...)
}
