package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

var fenced = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// Every code block of the README holds: commands are ones the program
// understands, paths are there, and the configuration loads.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks, commandsSeen := 0, map[string]bool{}
	for _, m := range fenced.FindAllStringSubmatch(string(text), -1) {
		blocks++
		switch m[1] {
		case "sh":
			for line := range strings.Lines(m[2]) {
				if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
					checkCommand(t, line)
					commandsSeen[line] = true
				}
			}
		case "yaml":
			loadConfig(t, m[2])
		}
	}
	for _, must := range []string{"go run ./cmd/hallmark demo", "go run ./cmd/check"} {
		if !commandsSeen[must] {
			t.Errorf("the README does not show %q", must)
		}
	}
	if blocks < 5 {
		t.Errorf("only %d code blocks were found", blocks)
	}
}

// addresses are what the README asks the service for.
var addresses = []string{"/api/verify", "/oauth/token", "/log/checkpoint", "/log/key", "/log/tile/", "/v/"}

// checkCommand holds a line of shell against what there is.
func checkCommand(t *testing.T, line string) {
	t.Helper()
	words := strings.Fields(line)
	for strings.Contains(words[0], "=") { // an environment variable in front
		words = words[1:]
	}
	switch words[0] {
	case "./hallmark":
		checkFlags(t, line, words[1:])
	case "go":
		for i, w := range words {
			if strings.HasPrefix(w, "./cmd/") {
				if _, err := os.Stat(filepath.Join("..", "..", w)); err != nil {
					t.Errorf("%s: %v", line, err)
				}
				if w == "./cmd/hallmark" && words[1] == "run" {
					checkFlags(t, line, words[i+1:])
				}
			}
		}
	case "curl":
		if !slices.ContainsFunc(addresses, func(a string) bool { return strings.Contains(line, "badges.example.org"+a) }) {
			t.Errorf("%s: no such address", line)
		}
	default:
		t.Errorf("%s: not a command this test knows", line)
	}
}

// checkFlags parses a command line without running it.
func checkFlags(t *testing.T, line string, args []string) {
	t.Helper()
	parser, err := kong.New(&commands{}, kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Errorf("%s: %v", line, err)
	}
}

func loadConfig(t *testing.T, text string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hallmark.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := (&commands{Config: path, Data: t.TempDir()}).load()
	if err != nil {
		t.Fatal(err)
	}
	// One block is the service's, others the door for conformance suites and backups.
	if len(cfg.VCAPI.Instances) == 0 && cfg.Backup.Dir == "" && (cfg.BaseURL == "" || cfg.SMTP.Host == "" || cfg.Issuer.Name == "") {
		t.Errorf("the configuration of the README was not read: %+v", cfg)
	}
}

// The database, its folder and the sealing key are made where the configuration
// says; without one a command works in the folder it is run in, which is another
// installation with keys of its own.
func TestWhereThingsAre(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "hallmark.yaml")
	database, sealing := filepath.Join(dir, "data", "deep", "h.db"), filepath.Join(dir, "keys", "sealing.key")
	if err := os.WriteFile(config, []byte("base_url: http://127.0.0.1:1\ndb: "+database+"\nsealing_key_file: "+sealing+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	configured := command(t, 0, "--config", config, "keys", "list")
	for _, path := range []string{database, sealing} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat("hallmark-data"); err == nil {
		t.Error("a folder was made that the configuration does not name")
	}
	bare := command(t, 0, "keys", "list")
	for _, path := range []string{"hallmark.db", "sealing.key"} {
		if _, err := os.Stat(filepath.Join("hallmark-data", path)); err != nil {
			t.Error(err)
		}
	}
	if again := command(t, 0, "--config", config, "keys", "list"); again != configured || again == bare {
		t.Errorf("with the configuration:\n%s%s\nwithout:\n%s", configured, again, bare)
	}
}

func TestConfigRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"unknown key":      "base_urll: https://badges.example.org\n",
		"no host":          "base_url: https:///x\n",
		"other scheme":     "base_url: ftp://badges.example.org\n",
		"query":            "base_url: https://badges.example.org/?a=b\n",
		"proxy":            "trusted_proxies: [all]\n",
		"did":              "issuer: {did: ion}\n",
		"tls":              "smtp: {tls: sometimes}\n",
		"password in file": "smtp: {password: secret}\n",
	} {
		path := filepath.Join(t.TempDir(), "hallmark.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := (&commands{Config: path, Data: t.TempDir()}).load(); err == nil {
			t.Errorf("%s: read without complaint", name)
		}
	}
}

func TestSealingKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys", "sealing.key")
	first, err := sealingKey(t.Context(), path, false, openFile{})
	if err != nil {
		t.Fatal(err)
	}
	again, err := sealingKey(t.Context(), path, false, openFile{})
	if err != nil || string(first) != string(again) || len(first) != 32 {
		t.Fatalf("read back %d bytes, %v", len(again), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := sealingKey(t.Context(), path, false, openFile{}); err == nil {
		t.Error("a key that others can read was taken")
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sealingKey(t.Context(), path, false, openFile{}); err == nil {
		t.Error("a short key was taken")
	}
	gone := filepath.Join(t.TempDir(), "sealing.key")
	if _, err := sealingKey(t.Context(), gone, true, openFile{}); err == nil {
		t.Error("a lost key was made anew")
	}
	if _, err := os.Stat(gone); err == nil {
		t.Error("a file was left where the key should be")
	}
}
