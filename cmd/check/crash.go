package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"hallmark/cmd/check/crash"
)

// crashWriters is how many write at the same time.
const crashWriters = 24

// crash builds the program and kills it while it issues (package crash): on
// SQLite always, and on the PostgreSQL database that -crashdb names.
func (c *checker) crash(ctx context.Context) {
	dir, err := os.MkdirTemp("", "hallmark-crash-")
	if err != nil {
		c.fail("%v", err)
		return
	}
	binary := filepath.Join(dir, "hallmark")
	if out, err := c.run(c.command(ctx, []string{"CGO_ENABLED=0"}, "go", "build", "-o", binary, "./cmd/hallmark")); err != nil {
		c.show(out)
		c.fail("build: %v", err)
		return
	}
	databases := []string{""}
	if c.crashDB != "" {
		databases = append(databases, c.crashDB)
	}
	before := len(c.failures)
	for _, db := range databases {
		c.crashOn(ctx, binary, db, dir)
	}
	if len(c.failures) > before {
		c.note("what is left of it lies in " + dir)
	} else if err := os.RemoveAll(dir); err != nil {
		c.fail("%v", err)
	}
}

func (c *checker) crashOn(ctx context.Context, binary, db, dir string) {
	on := "sqlite"
	if db != "" {
		on = "postgres"
	}
	dir = filepath.Join(dir, on)
	if err := os.Mkdir(dir, 0o700); err != nil {
		c.fail("%v", err)
		return
	}
	config := crash.Config{Binary: binary, Dir: dir, DB: db, Rounds: c.rounds, Writers: crashWriters, Audit: 10, Seed: c.crashSeed, Out: c.out}
	if c.rounds >= longRun {
		config.Mails = 12 * time.Minute
	}
	r, err := crash.Run(ctx, config)
	if r != nil {
		c.say("%s: %s", on, r)
		for _, broken := range r.Broken {
			c.fail("%s: %s", on, broken)
		}
	}
	if err != nil {
		c.fail("%s: %v", on, err)
	}
}

// longRun is from how many rounds on a run waits for every mail.
const longRun = 100
