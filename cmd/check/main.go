// Command check is the one command before a change is kept, and continuous
// integration runs the same one: format, vet, staticcheck, govulncheck, tests
// (shuffled, and with the race detector where a C compiler is), the interop
// scripts, a short fuzz of every target, the WebAssembly build and its size, and
// a program that is killed while it issues.
//
//	go run ./cmd/check
//	go run ./cmd/check -only crash -rounds 500
//
// Every step runs even if an earlier one failed; all failures are told again
// at the end and any of them makes the exit status 1.
//
// A bare machine with Go is enough. What needs more (PostgreSQL, Chromium,
// node, reference data) is skipped aloud: each skipped part is listed at the
// end. With -mandatory, or HALLMARK_REQUIRE=1, a skipped part or test is a
// failure, and fewer tests than minTests are a failure too, so that nothing
// can drop out unseen. The tests find the optional things through
// HALLMARK_FIXTURES (folder of reference data), HALLMARK_POSTGRES (address of
// a PostgreSQL where databases may be created) and HALLMARK_CHROMIUM (path).
//
// Tools are run by `go run tool@version`, so that go.mod stays the product's.
// Only the standard library is imported.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// minTests is how many tests and subtests a mandatory run must have passed.
// Raise it as tests are added; it is never lowered without saying why.
const minTests = 2900

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout))
}

// run does what the flags ask and gives the exit status: 0 all good, 1 a
// failure, 2 wrong usage.
func run(ctx context.Context, args []string, getenv func(string) string, out io.Writer) int {
	c := &checker{out: out, minTests: minTests, now: time.Now}
	var only string
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.BoolVar(&c.mandatory, "mandatory", required(getenv), "make every optional part and test a must (also HALLMARK_REQUIRE=1)")
	flags.DurationVar(&c.fuzzTime, "fuzztime", 3*time.Second, "how long each fuzz target runs; 0 runs none")
	flags.DurationVar(&c.fuzzTotal, "fuzztotal", 3*time.Minute, "the most that all fuzz targets may run together, builds not counted")
	flags.IntVar(&c.rounds, "rounds", 10, "how often the program is killed while it issues")
	flags.StringVar(&c.crashDB, "crashdb", "", "an empty PostgreSQL database to kill it on as well, postgres://…")
	flags.Uint64Var(&c.crashSeed, "crashseed", 1, "what the writers do, and when the program is killed")
	flags.StringVar(&only, "only", "", "run these steps alone, by name and comma: "+strings.Join(names(steps), ","))
	if err := flags.Parse(args); err != nil {
		return 2
	}
	chosen, err := choose(steps, only)
	if err == nil && only != "" && c.mandatory {
		err = errors.New("a mandatory run is a whole run: leave -only away")
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("%q is not understood: there are only flags", flags.Arg(0))
	}
	if err == nil {
		c.root, err = moduleRoot(".")
	}
	if err != nil {
		fmt.Fprintln(out, err)
		return 2
	}
	return c.runAll(ctx, chosen)
}

func required(getenv func(string) string) bool {
	v := getenv("HALLMARK_REQUIRE")
	return v != "" && v != "0"
}

// steps is everything, quick ones first: who made a slip learns it soon.
var steps = []step{
	{"format", (*checker).format},
	{"vet", (*checker).vet},
	{"staticcheck", (*checker).staticcheck},
	{"govulncheck", (*checker).govulncheck},
	{"wasm", (*checker).wasm},
	{"interop", (*checker).interop},
	{"test", (*checker).test},
	{"fuzz", (*checker).fuzz},
	{"crash", (*checker).crash},
}

func names(all []step) []string {
	var list []string
	for _, s := range all {
		list = append(list, s.name)
	}
	return list
}

// choose picks the steps named in a comma-separated list; none named is all.
func choose(all []step, list string) ([]step, error) {
	if list == "" {
		return all, nil
	}
	wanted := strings.Split(list, ",")
	for _, name := range wanted {
		if !slices.Contains(names(all), name) {
			return nil, fmt.Errorf("there is no step %q; there are %s", name, strings.Join(names(all), ", "))
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(s step) bool { return !slices.Contains(wanted, s.name) }), nil
}

// moduleRoot is the nearest folder at or above dir that holds a go.mod.
func moduleRoot(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("there is no go.mod here or above: run this inside the checkout")
		}
		dir = parent
	}
}
