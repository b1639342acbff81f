// Command hallmark is the whole service in one binary: it serves, imports,
// verifies, migrates and shows itself with sample data.
//
// Everything is wired here and nowhere else; a file per command. Nothing
// below cmd reads the environment, a flag or the clock by itself.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // cohorts have time zones, and a bare machine has no zone files

	"github.com/alecthomas/kong"

	"hallmark/issuer"
)

// Exit codes. Verify has its own for "refused" and "could not tell".
const (
	exitDone         = 0
	exitFailed       = 1
	exitUsage        = 2
	exitUndetermined = 3
)

func main() {
	noCores()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// streams are what a command reads and writes, so that tests can hold them.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// commands is the command line.
type commands struct {
	Config string `help:"Configuration file (YAML)." placeholder:"FILE"`
	Data   string `help:"Folder for the database, evidence and sealing key." default:"./hallmark-data" placeholder:"DIR"`
	DB     string `name:"db" help:"SQLite file or postgres://… address; by default a file in the data folder." placeholder:"DB"`

	Demo    demoCmd    `cmd:"" help:"Show everything: a full sample program in a temporary folder."`
	Serve   serveCmd   `cmd:"" help:"Run the service."`
	Verify  verifyCmd  `cmd:"" help:"Check a badge: a file, a link, or - for standard input."`
	Import  importCmd  `cmd:"" help:"Bring in a program, people or completions from a file."`
	Issue   issueCmd   `cmd:"" help:"Award an achievement to everyone in a file, on an admin's word."`
	Keys    keysCmd    `cmd:"" help:"List, rotate, retire or give up signing keys, or print the sealing key."`
	Log     logCmd     `cmd:"" help:"Check the public log and the audit trail, or prove that a badge is in the log."`
	Bounce  bounceCmd  `cmd:"" help:"Take a mail server's report of what became of a mail (RFC 3464) from standard input."`
	Admin   adminCmd   `cmd:"" help:"Make an admin, or a sign-in link where there is no mail."`
	Backup  backupCmd  `cmd:"" help:"Put everything but the sealing key into one file, beside a running server."`
	Restore restoreCmd `cmd:"" help:"Bring a backup into an empty place."`
	Export  exportCmd  `cmd:"" help:"Leave with everything: the public site as files, or all records in open formats."`
	Doctor  doctorCmd  `cmd:"" help:"Look whether the installation is well, and say what to do where it is not."`
	Migrate migrateCmd `cmd:"" help:"Look at or bring up the schema of the database."`
	Version versionCmd `cmd:"" help:"Say which version this is."`
}

// exitError ends a command with a code of its own and, if there is more to
// say than the command has printed, a sentence.
type exitError struct {
	code int
	say  string
}

func (e *exitError) Error() string { return e.say }

// exit ends with a code and no further word.
func exit(code int) error { return &exitError{code: code} }

// usage ends with the code of a command line that makes no sense.
func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Sprintf(format, args...)}
}

// run is the program without the process around it.
func run(ctx context.Context, args []string, std streams) int {
	var cli commands
	helped := false
	parser, err := kong.New(&cli,
		kong.Name("hallmark"),
		kong.Description("Records what people complete, issues signed badges for it, and lets anyone check one."),
		kong.Writers(std.out, std.err),
		kong.Exit(func(int) { helped = true }),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std, &cli),
	)
	if err != nil {
		fmt.Fprintln(std.err, "hallmark:", err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if helped {
		return exitDone
	}
	if err != nil {
		fmt.Fprintf(std.err, "hallmark: %v. Try hallmark --help.\n", err)
		return exitUsage
	}
	return exitCode(parsed.Run(), std.err)
}

// exitCode says what went wrong, once, and turns it into a code.
func exitCode(err error, w io.Writer) int {
	var own *exitError
	var refusal *issuer.Error
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &own):
		if own.say != "" {
			fmt.Fprintln(w, own.say)
		}
		return own.code
	case errors.As(err, &refusal):
		fmt.Fprintln(w, refusal.Reason)
	default:
		fmt.Fprintln(w, "hallmark:", err)
	}
	return exitFailed
}
