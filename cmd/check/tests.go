package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// event is one line of `go test -json`: see `go doc test2json`.
type event struct {
	Action      string
	Package     string
	Test        string
	Output      string
	ImportPath  string
	FailedBuild string
}

// tally counts tests and subtests, and remembers what people must be told.
type tally struct {
	passed  int
	failed  []string // "package.Test"
	skipped []string // "package.Test: reason"
	broken  []string // packages that failed outside of any test
}

// unwatched keeps the race detector out of what computes and shares nothing:
// SQLite, which is C translated to Go with memory and locks of its own, and the
// drawing and packing of pictures. Watched, they are four times as slow, and with
// them most of our tests.
var unwatched = []string{
	"-gcflags=modernc.org/...=-race=false", "-gcflags=golang.org/x/image/...=-race=false",
	"-gcflags=image/...=-race=false", "-gcflags=compress/...=-race=false",
}

// test runs all tests, shuffled, and prints what `go test` prints.
func (c *checker) test(ctx context.Context) {
	args := []string{"test", "-json", "-vet=off", "-shuffle=on", "-timeout=40m"}
	var env []string
	if compiler(exec.LookPath) != "" {
		args, env = append(append(args, "-race"), unwatched...), []string{"CGO_ENABLED=1"}
	} else {
		c.skip("the race detector needs a C compiler, and there is none")
	}
	cmd := c.command(ctx, env, "go", append(args, "./...")...)
	var stderr bytes.Buffer // shown afterwards: two writers would tear each other's lines
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		c.fail("%v", err)
		return
	}
	c.tests, err = readEvents(stdout, c.out)
	err = errors.Join(err, cmd.Wait())
	c.show(stderr.String())
	c.judge(err)
}

// compiler names the C compiler that the race detector would use.
func compiler(look func(string) (string, error)) string {
	for _, name := range []string{"gcc", "clang", "cc"} {
		if path, err := look(name); err == nil {
			return path
		}
	}
	return ""
}

// judge turns the counts into failures; err is how `go test` itself ended.
func (c *checker) judge(err error) {
	t := c.tests
	for _, name := range t.failed {
		c.fail("%s", name)
	}
	for _, name := range t.broken {
		c.fail("package %s", name)
	}
	if err != nil && len(t.failed)+len(t.broken) == 0 {
		c.fail("go test: %v", err)
	}
	for _, line := range t.skipped {
		c.skip(line)
	}
	if ran := t.passed + len(t.failed); ran == 0 {
		c.fail("no test ran")
	} else if c.mandatory && ran < c.minTests {
		c.fail("%d tests ran, and at least %d must: tests have dropped out", ran, c.minTests)
	}
}

// readEvents counts the tests of a `go test -json` stream. It writes the
// lines per package as `go test` does, and the output of tests that failed.
func readEvents(r io.Reader, out io.Writer) (*tally, error) {
	t := &tally{}
	p := &printer{out: out, buffers: map[string]*strings.Builder{}, running: map[string][]string{}}
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				fmt.Fprintf(out, "%s", line) // not ours to hide
			} else {
				t.count(e, p)
			}
		}
		if err == io.EOF {
			return t, nil
		}
		if err != nil {
			return t, err
		}
	}
}

// count takes one event into the tally and lets the printer speak.
func (t *tally) count(e event, p *printer) {
	name := e.Package
	if e.Test != "" {
		name += "." + e.Test
	}
	switch e.Action {
	case "start", "run":
		p.begin(e)
	case "output":
		p.add(name, e)
	case "build-output":
		fmt.Fprint(p.out, e.Output)
	case "pass":
		if e.Test != "" {
			t.passed++
		}
		p.end(e, name)
	case "skip":
		if e.Test != "" {
			t.skipped = append(t.skipped, name+": "+reason(p.text(name)))
		}
		p.end(e, name)
	case "fail":
		p.flush(name)
		if e.Test != "" {
			t.failed = append(t.failed, name)
		} else {
			t.packageFailed(e, p)
		}
		p.end(e, name)
	}
}

// packageFailed blames the tests that never ended (a panic, a time-out), or
// the package itself if it did not even start one.
func (t *tally) packageFailed(e event, p *printer) {
	open := p.running[e.Package]
	for _, test := range open {
		name := e.Package + "." + test
		p.flush(name)
		t.failed = append(t.failed, name)
	}
	failedBefore := false
	for _, name := range t.failed {
		failedBefore = failedBefore || strings.HasPrefix(name, e.Package+".")
	}
	if len(open) == 0 && !failedBefore {
		t.broken = append(t.broken, e.Package)
	}
}

// reason is what a test said when it skipped, without file and line.
func reason(output string) string {
	said := "without a reason"
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "=== ") || strings.HasPrefix(line, "--- ") {
			continue
		}
		if _, after, ok := strings.Cut(line, ".go:"); ok {
			if _, words, ok := strings.Cut(after, ": "); ok {
				line = words
			}
		}
		said = line
	}
	return said
}

// printer keeps the output of tests until it is known whether to show it.
type printer struct {
	out     io.Writer
	buffers map[string]*strings.Builder
	running map[string][]string // by package: tests begun and not ended
}

func (p *printer) begin(e event) {
	if e.Test != "" {
		p.running[e.Package] = append(p.running[e.Package], e.Test)
	}
}

// add keeps a line; the lines per package of `go test` go through at once.
func (p *printer) add(name string, e event) {
	if e.Test == "" {
		for _, prefix := range []string{"ok  \t", "FAIL\t", "?   \t"} {
			if strings.HasPrefix(e.Output, prefix) {
				fmt.Fprint(p.out, e.Output)
				return
			}
		}
		if e.Output == "PASS\n" || e.Output == "FAIL\n" {
			return
		}
	}
	if p.buffers[name] == nil {
		p.buffers[name] = &strings.Builder{}
	}
	p.buffers[name].WriteString(e.Output)
}

func (p *printer) text(name string) string {
	if b := p.buffers[name]; b != nil {
		return b.String()
	}
	return ""
}

func (p *printer) flush(name string) {
	for line := range strings.Lines(p.text(name)) {
		if !strings.HasPrefix(line, "=== ") {
			fmt.Fprint(p.out, line)
		}
	}
	delete(p.buffers, name)
}

func (p *printer) end(e event, name string) {
	delete(p.buffers, name)
	if e.Test == "" {
		delete(p.running, e.Package)
		return
	}
	list := p.running[e.Package]
	for i, test := range list {
		if test == e.Test {
			p.running[e.Package] = append(list[:i:i], list[i+1:]...)
			return
		}
	}
}
