package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A step does its part and says through fail, skip and note how it went.
type step struct {
	name string
	run  func(*checker, context.Context)
}

// checker is one run over one tree, and what it found.
type checker struct {
	root      string
	out       io.Writer
	mandatory bool
	minTests  int
	fuzzTime  time.Duration
	fuzzTotal time.Duration
	rounds    int    // of the crash step
	crashDB   string // "" is SQLite alone
	crashSeed uint64
	now       func() time.Time

	step     string   // the one running
	failures []string // told again at the end
	skipped  []string // optional parts that did not run
	tests    *tally   // nil until the tests ran
}

// runAll runs the steps and gives the exit status.
func (c *checker) runAll(ctx context.Context, chosen []step) int {
	begin := c.now()
	for _, s := range chosen {
		c.step = s.name
		fmt.Fprintf(c.out, "== %s\n", s.name)
		failures, skipped, start := len(c.failures), len(c.skipped), c.now()
		s.run(c, ctx)
		word := "ok"
		switch {
		case len(c.failures) > failures:
			word = "FAILED"
		case len(c.skipped) > skipped && s.name != "test":
			word = "skipped"
		}
		fmt.Fprintf(c.out, "   %s: %s %.1fs\n", s.name, word, c.now().Sub(start).Seconds())
		if ctx.Err() != nil {
			c.fail("stopped before the end")
			break
		}
	}
	c.summary(c.now().Sub(begin))
	if len(c.failures) > 0 {
		return 1
	}
	return 0
}

// summary repeats what matters. The counts stand alone on the last line but
// one, in a form that people and machines read alike.
func (c *checker) summary(took time.Duration) {
	fmt.Fprintln(c.out, "==")
	for _, s := range c.skipped {
		fmt.Fprintln(c.out, "skipped:", s)
	}
	for _, f := range c.failures {
		fmt.Fprintln(c.out, "FAILED:", f)
	}
	if c.tests != nil {
		fmt.Fprintf(c.out, "%d passed, %d failed, %d skipped\n", c.tests.passed, len(c.tests.failed), len(c.tests.skipped))
	}
	word := "everything that ran is good"
	if len(c.failures) > 0 {
		word = fmt.Sprintf("%d failures", len(c.failures))
	}
	fmt.Fprintf(c.out, "check: %s, %.0fs\n", word, took.Seconds())
}

// fail notes a failure of the running step.
func (c *checker) fail(format string, args ...any) {
	c.failures = append(c.failures, c.step+": "+fmt.Sprintf(format, args...))
}

// skip notes that an optional part could not run here; a mandatory run fails.
func (c *checker) skip(why string) {
	if c.mandatory {
		c.fail("%s (mandatory in this run)", why)
		return
	}
	c.note(why)
}

// note tells of a part that did not run and that no run insists on.
func (c *checker) note(why string) {
	c.skipped = append(c.skipped, c.step+": "+why)
	fmt.Fprintln(c.out, "   skipped:", why)
}

// command prepares a command in the root of the tree, with env on top of the
// environment of this process.
func (c *checker) command(ctx context.Context, env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = c.root
	cmd.Env = append(os.Environ(), env...)
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// run runs a command quietly and gives back all that it wrote.
func (c *checker) run(cmd *exec.Cmd) (string, error) {
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	err := cmd.Run()
	return output.String(), err
}

// say prints a line below the name of the step.
func (c *checker) say(format string, args ...any) {
	fmt.Fprintf(c.out, "   "+format+"\n", args...)
}

// show prints the output of something that failed.
func (c *checker) show(output string) {
	if output = strings.TrimRight(output, "\n"); output != "" {
		fmt.Fprintln(c.out, output)
	}
}
