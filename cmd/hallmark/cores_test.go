//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"hallmark/issuer/keyring"
)

// TestCrash: a server that is killed so that it shows its insides leaves no
// core file and prints no key.
func TestCrash(t *testing.T) {
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	data, addr := t.TempDir(), freeAddr(t)
	var said bytes.Buffer
	c := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -c unlimited 2>/dev/null; exec "$0" "$@"`, path, "serve", "--data", data, "--addr", addr, "--base-url", "https://badges.example.org")
	c.Dir, c.Stdout, c.Stderr, c.Env = t.TempDir(), &said, &said, append(os.Environ(), "GOTRACEBACK=crash")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "a server that is ready", func() bool { return ready(addr) })
	waitFor(t, "key for tokens", func() bool { return strings.Contains(must(t, "keys", "list", "--data", data), "RSA-2048") })
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", c.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(limits)) {
		if rest, core := strings.CutPrefix(line, "Max core file size"); core && strings.Fields(rest)[0] != "0" {
			t.Errorf("limits: %s", line)
		}
	}
	if err := c.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // it was told to die
	if !strings.Contains(said.String(), "goroutine") {
		t.Fatalf("it printed %q", said.String())
	}
	left, err := filepath.Glob(filepath.Join(c.Dir, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
	sealing, err := os.ReadFile(filepath.Join(data, "sealing.key"))
	if err != nil || len(sealing) != keyring.SealingKeySize {
		t.Fatal(err)
	}
	for _, form := range []string{string(sealing), fmt.Sprintf("%x", sealing), fmt.Sprintf("%v", sealing)} {
		if strings.Contains(said.String(), form) {
			t.Error("the sealing key came out")
		}
	}
}
