package main

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// Tools by version; a newer one is a change of its own.
const (
	staticcheckTool = "honnef.co/go/tools/cmd/staticcheck@v0.8.2"
	govulncheckTool = "golang.org/x/vuln/cmd/govulncheck@v1.9.0"
)

// goFiles calls visit for every Go file of the tree that is part of it.
func goFiles(root string, visit func(path string) error) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		return visit(path)
	})
}

// format is gofmt -l in this process: no binary but ours decides.
func (c *checker) format(context.Context) {
	err := goFiles(c.root, func(path string) error {
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(c.root, path)
		if err != nil {
			return err
		}
		tidy, err := format.Source(source)
		if err != nil {
			c.fail("%s does not parse: %v", name, err)
		} else if !bytes.Equal(tidy, source) {
			c.fail("%s is not formatted: run gofmt -w %s", name, name)
		}
		return nil
	})
	if err != nil {
		c.fail("%v", err)
	}
}

func (c *checker) vet(ctx context.Context) {
	if output, err := c.run(c.command(ctx, nil, "go", "vet", "./...")); err != nil {
		c.show(output)
		c.fail("go vet ./...: %v", err)
	}
	// Files for browsers only are invisible to the line above.
	if !c.hasWASM() {
		return
	}
	if output, err := c.run(c.command(ctx, wasmEnv, "go", "vet", wasmPackage)); err != nil {
		c.show(output)
		c.fail("go vet %s for browsers: %v", wasmPackage, err)
	}
}

// staticcheck runs the tool if it can be had. Fetching and building it is a
// step of its own, so that a machine without network is told apart from
// findings, and so that it can look at files for browsers: `go run` with
// their GOOS would build the tool itself for them.
func (c *checker) staticcheck(ctx context.Context) {
	bin, err := os.MkdirTemp("", "hallmark-check-")
	if err != nil {
		c.fail("%v", err)
		return
	}
	defer os.RemoveAll(bin)
	if output, err := c.run(c.command(ctx, []string{"GOBIN=" + bin}, "go", "install", staticcheckTool)); err != nil {
		c.show(output)
		c.skip(staticcheckTool + " cannot be had here")
		return
	}
	tool := filepath.Join(bin, "staticcheck")
	if output, err := c.run(c.command(ctx, nil, tool, "./...")); err != nil {
		c.show(output)
		c.fail("staticcheck ./...: %v", err)
	}
	if !c.hasWASM() {
		return
	}
	if output, err := c.run(c.command(ctx, wasmEnv, tool, wasmPackage)); err != nil {
		c.show(output)
		c.fail("staticcheck %s for browsers: %v", wasmPackage, err)
	}
}

// govulncheck asks a database of known vulnerabilities. Only whoever names
// one in GOVULNDB has it asked: check by itself opens no connection beyond
// what the go command needs for modules.
func (c *checker) govulncheck(ctx context.Context) {
	if os.Getenv("GOVULNDB") == "" {
		c.note("no database of vulnerabilities is named in GOVULNDB")
		return
	}
	output, err := c.run(c.command(ctx, nil, "go", "run", govulncheckTool, "./..."))
	c.vulnerabilities(output, err)
}

// vulnerabilities judges the tool's answer: `go run` reports the tool's own
// status on its last line, and 3 means that it found something.
func (c *checker) vulnerabilities(output string, err error) {
	switch {
	case err == nil:
	case strings.Contains(output, "exit status 3"):
		c.show(output)
		c.fail("known vulnerabilities are reached: %v", err)
	default:
		c.show(output)
		c.note("govulncheck could not do its work here")
	}
}

var tapCount = regexp.MustCompile(`(?m)^# (pass|skipped) (\d+)$`)

// interop tries the scripts that drive other vendors' libraries: they are the
// tests' second opinion, so they are tested too.
func (c *checker) interop(ctx context.Context) {
	scripts, err := filepath.Glob(filepath.Join(c.root, ".ci", "npm", "*.test.mjs"))
	if err != nil {
		c.fail("%v", err)
		return
	}
	if len(scripts) == 0 {
		c.fail("the scripts .ci/npm/*.test.mjs are missing")
		return
	}
	if _, err := exec.LookPath("node"); err != nil {
		c.skip("node is not installed")
		return
	}
	if _, err := os.Stat(filepath.Join(c.root, ".ci", "npm", "node_modules")); err != nil {
		c.skip("the npm packages are not installed: run npm ci in .ci/npm")
		return
	}
	output, err := c.run(c.command(ctx, nil, "node", append([]string{"--test", "--test-reporter=tap"}, scripts...)...))
	counts := map[string]string{}
	for _, m := range tapCount.FindAllStringSubmatch(output, -1) {
		counts[m[1]] = m[2]
	}
	switch {
	case err != nil:
		c.show(output)
		c.fail("node --test: %v", err)
		return
	case counts["pass"] == "" || counts["pass"] == "0":
		c.fail("node --test ran no test")
		return
	case counts["skipped"] != "0":
		c.skip(counts["skipped"] + " of the scripts' tests need HALLMARK_FIXTURES")
	}
	fmt.Fprintf(c.out, "   %s tests of the scripts are good\n", counts["pass"])
}
