package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// The verifier for browsers, where it is kept once it is built with the script
// that Go has for starting it, and how large it may be when compressed: it is
// loaded over telephones, and net/http alone would add 1.8 MB.
const (
	wasmPackage = "./cmd/hallmark-wasm"
	wasmFile    = "templates/static/hallmark.wasm"
	wasmStarter = "templates/static/wasm_exec.js"
	wasmLimit   = 2_300_000
)

// Without -l the compiler copies small functions into their callers. That makes
// the program 270 kB larger when compressed and, as browsers compile it, no
// faster.
var (
	wasmEnv   = []string{"GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0", "GOEXPERIMENT=", "GOWASM="}
	wasmBuild = []string{"build", "-trimpath", "-buildvcs=false", "-gcflags=all=-l", "-ldflags=-s -w", "-o"}

	wasmCommand = strings.Join(wasmEnv, " ") + " go build -trimpath -buildvcs=false -gcflags=all=-l -ldflags='-s -w' -o " + wasmFile + " " + wasmPackage
)

func (c *checker) hasWASM() bool {
	_, err := os.Stat(filepath.Join(c.root, wasmPackage))
	return err == nil
}

// wasm builds the verifier for browsers as it is shipped and weighs it.
func (c *checker) wasm(ctx context.Context) {
	if !c.hasWASM() {
		c.fail("%s is missing", wasmPackage)
		return
	}
	dir, err := os.MkdirTemp("", "hallmark-check-")
	if err != nil {
		c.fail("%v", err)
		return
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "hallmark.wasm")
	output, err := c.run(c.command(ctx, wasmEnv, "go", append(wasmBuild, file, wasmPackage)...))
	if err != nil {
		c.show(output)
		c.fail("build %s: %v", wasmPackage, err)
		return
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		c.fail("%v", err)
		return
	}
	c.weigh(raw, wasmLimit)
	c.compare(wasmFile, raw)
	root, err := c.run(c.command(ctx, nil, "go", "env", "GOROOT"))
	if err != nil {
		c.fail("go env GOROOT: %v", err)
		return
	}
	starter, err := os.ReadFile(filepath.Join(strings.TrimSpace(root), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		c.fail("%v", err)
		return
	}
	c.compare(wasmStarter, starter)
}

// compare holds a file that the server hands to browsers to what this tree and
// this Go make of it: nobody need take the committed bytes on trust. Another
// version of Go makes other bytes, so then there is nothing to compare.
func (c *checker) compare(file string, made []byte) {
	committed, err := os.ReadFile(filepath.Join(c.root, file))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.skip(file + " is missing: run " + wasmCommand + " and copy $(go env GOROOT)/lib/wasm/wasm_exec.js to " + wasmStarter)
	case err != nil:
		c.fail("%v", err)
	case bytes.Equal(committed, made):
	case !c.sameGo():
		c.note(file + " was made by another Go than " + runtime.Version() + " and cannot be compared here")
	default:
		c.fail("%s is not what this tree makes with %s: run %s and copy $(go env GOROOT)/lib/wasm/wasm_exec.js to %s",
			file, runtime.Version(), wasmCommand, wasmStarter)
	}
}

// sameGo tells whether the committed program was built by the Go that runs
// this, which it names itself.
func (c *checker) sameGo() bool {
	program, err := os.ReadFile(filepath.Join(c.root, wasmFile))
	return err != nil || bytes.Contains(program, []byte(runtime.Version()))
}

// weigh prints how large a file is and fails if it is more than limit bytes
// when compressed.
func (c *checker) weigh(raw []byte, limit int) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(raw)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		c.fail("%v", err)
		return
	}
	const mega = 1e6
	fmt.Fprintf(c.out, "   %.2f MB, %.2f MB gzip, limit %.2f MB\n",
		float64(len(raw))/mega, float64(packed.Len())/mega, float64(limit)/mega)
	if packed.Len() > limit {
		c.fail("%d bytes compressed are over the limit of %d: see what %s has come to import", packed.Len(), limit, wasmPackage)
	}
}
