package main

import (
	"context"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"time"
)

// target is one fuzz test: its package as a path from the root, and its name.
type target struct{ dir, name string }

// fuzzTargets finds every Fuzz function of the tree by reading the test
// files, so that a new one is fuzzed without being listed anywhere.
func fuzzTargets(root string) ([]target, error) {
	var found []target
	err := goFiles(root, func(path string) error {
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		dir, name := filepath.Split(path)
		if ours, err := build.Default.MatchFile(dir, name); err != nil || !ours {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Clean(dir))
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && isFuzz(f) {
				found = append(found, target{"./" + filepath.ToSlash(rel), f.Name.Name})
			}
		}
		return nil
	})
	return found, err
}

// isFuzz tells whether f has the shape func FuzzX(*testing.F).
func isFuzz(f *ast.FuncDecl) bool {
	if f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Fuzz") || f.Type.Params.NumFields() != 1 {
		return false
	}
	star, ok := f.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	sel, ok := star.X.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "F"
}

// fuzz runs every target for a short while. Each gets the same time, less if
// there are so many that they would not fit into the whole.
func (c *checker) fuzz(ctx context.Context) {
	targets, err := fuzzTargets(c.root)
	if err != nil {
		c.fail("%v", err)
		return
	}
	each := share(len(targets), c.fuzzTime, c.fuzzTotal)
	if each <= 0 {
		c.skip(fmt.Sprintf("none of the %d targets was run", len(targets)))
		return
	}
	for _, t := range targets {
		if ctx.Err() != nil {
			return
		}
		c.fuzzOne(ctx, t, each)
	}
	fmt.Fprintf(c.out, "   %d targets, %s each\n", len(targets), each)
}

// share is how long each of n targets may run.
func share(n int, each, total time.Duration) time.Duration {
	if n > 0 && time.Duration(n)*each > total {
		return total / time.Duration(n)
	}
	return each
}

// fuzzOne runs one target. A run that found nothing may still end in
// "context deadline exceeded" when its time is up while a worker is busy;
// that says nothing about the target, so it is run once more.
func (c *checker) fuzzOne(ctx context.Context, t target, each time.Duration) {
	for try := 1; ; try++ {
		output, err := c.run(c.command(ctx, nil, "go", "test", "-vet=off", "-run=^$",
			"-fuzz=^"+t.name+"$", "-fuzztime="+each.String(), "-fuzzminimizetime=5s", t.dir))
		if err == nil {
			return
		}
		if try == 1 && outOfTime(output) {
			continue
		}
		c.show(output)
		c.fail("%s in %s: %v", t.name, t.dir, err)
		return
	}
}

// outOfTime tells a run that was merely cut off from one that found an input.
func outOfTime(output string) bool {
	return strings.Contains(output, "context deadline exceeded") && !strings.Contains(output, "Failing input written")
}
