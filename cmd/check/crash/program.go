package crash

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// program is the binary, its folder, and the process of it that serves.
type program struct {
	binary  string
	dir     string // configuration, data, what is imported
	url     string
	asks    *http.Client
	serving *exec.Cmd
	ended   chan error
}

// install writes the configuration of an installation on a free port.
func install(binary, dir, db string, mailPort int) (*program, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	if db == "" {
		db = filepath.Join(dir, "hallmark.db")
	}
	config := fmt.Sprintf(`base_url: http://%s
addr: %s
db: %q
sealing_key_file: %s
high_water_file: %s
smtp: {host: 127.0.0.1, port: %d, from: badges@crash.example, tls: none}
limits: {signin: {per_second: -1}, tokens: {per_second: -1}, verify: {per_second: -1}}
`, addr, addr, db, filepath.Join(dir, "sealing.key"), filepath.Join(dir, "high-water"), mailPort)
	return &program{binary: binary, dir: dir, url: "http://" + addr, asks: &http.Client{Timeout: time.Second}}, os.WriteFile(filepath.Join(dir, "hallmark.yaml"), []byte(config), 0o600)
}

func (p *program) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, p.binary, append([]string{"--config", filepath.Join(p.dir, "hallmark.yaml")}, args...)...)
	c.Dir, c.WaitDelay = p.dir, 5*time.Second
	return c
}

// run runs a command to its end and gives what it printed.
func (p *program) run(ctx context.Context, args ...string) (string, error) {
	var out, errs bytes.Buffer
	c := p.command(ctx, args...)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		return out.String(), fmt.Errorf("hallmark %s: %w\n%s%s", strings.Join(args, " "), err, &out, &errs)
	}
	return out.String(), nil
}

// startUntil starts to serve and waits until it is ready, or ctx ends.
func (p *program) startUntil(ctx context.Context) error {
	p.serving, p.ended = p.command(context.WithoutCancel(ctx), "serve"), make(chan error, 1) // kill ends it
	log, err := os.OpenFile(filepath.Join(p.dir, "serve.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	p.serving.Stdout, p.serving.Stderr = log, log
	if err := p.serving.Start(); err != nil {
		return errors.Join(err, log.Close())
	}
	if err := log.Close(); err != nil { // the process has its own
		return err
	}
	go func() { p.ended <- p.serving.Wait() }()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		select {
		case err := <-p.ended:
			return fmt.Errorf("it ended by itself (%v); see %s", err, log.Name())
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
		if status, _, err := send(ctx, p.asks, "GET", p.url+"/readyz", ""); err == nil && status == http.StatusOK {
			return nil
		}
	}
	return errors.New("it was not ready within a minute")
}

// kill ends the process at once, as a power cut would, and waits until it is
// gone. A process that had ended by itself is an error.
func (p *program) kill() error {
	if p.serving == nil {
		return nil
	}
	defer func() { p.serving = nil }()
	select {
	case err := <-p.ended:
		return fmt.Errorf("it ended by itself: %v", err)
	default:
	}
	if err := p.serving.Process.Kill(); err != nil {
		return err
	}
	<-p.ended
	return nil
}
