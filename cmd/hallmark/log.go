package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/auditor"
)

type logCmd struct {
	Check logCheckCmd `cmd:"" help:"Hold every record against the public log and the audit chain."`
	Prove logProveCmd `cmd:"" help:"Print the proof that a badge stands in the public log, and check it."`
}

type logCheckCmd struct {
	JSON       bool   `name:"json" help:"Print what was found as JSON."`
	Checkpoint string `help:"A checkpoint kept elsewhere, which the log must go on from." placeholder:"FILE"`
}

// Run looks for records that were changed, removed, put elsewhere or added past
// the program; the exit code is 1 if there are any. It changes nothing, and a
// server may run meanwhile.
func (l *logCheckCmd) Run(ctx context.Context, cli *commands, std streams) error {
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	a := &auditor.Auditor{Store: parts.Store, Ring: parts.Ring, BaseURL: parts.Config.BaseURL, Files: parts.Registrar.Files}
	if l.Checkpoint != "" {
		if a.Known, err = readFile(l.Checkpoint, 1<<20); err != nil {
			return err
		}
	}
	result, err := a.Check(ctx)
	if err != nil {
		return err
	}
	if err := l.print(std.out, result); err != nil {
		return err
	}
	if len(result.Findings) > 0 {
		return exit(exitFailed)
	}
	return nil
}

func (l *logCheckCmd) print(w io.Writer, r *auditor.Result) error {
	if l.JSON {
		return json.NewEncoder(w).Encode(r)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%d leaves under %d checkpoints, %d audit entries, %d awards with %d credentials", r.Leaves, r.Checkpoints, r.Entries, r.Awards, r.Credentials)
	if r.Waiting > 0 {
		fmt.Fprintf(&out, "; %d entries and leaves wait for their position", r.Waiting)
	}
	if fmt.Fprintln(&out, "."); len(r.Findings) == 0 {
		fmt.Fprintln(&out, "Everything fits.")
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&out, "%s %s: %s\n", f.Record, f.ID, f.Reason)
	}
	if r.More {
		fmt.Fprintln(&out, "There is more.")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

type logProveCmd struct {
	ID string `arg:"" help:"Id of the badge, or its link."`
}

// Run prints the proof document, and below it what it shows.
func (l *logProveCmd) Run(ctx context.Context, cli *commands, std streams) error {
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	id := l.ID[strings.LastIndex(l.ID, "/")+1:]
	logged, err := parts.Published.Logged(ctx, parts.Config.BaseURL+"/v/"+strings.ToUpper(id))
	switch {
	case err != nil:
		return err
	case logged == nil:
		return issuer.Refuse(issuer.NotFound, "The log has no badge %s.", id)
	case logged.Proof == nil:
		return issuer.Refuse(issuer.Conflict, "The badge %s is not in the log yet; a running server puts it there within a second.", id)
	}
	document, err := json.Marshal(logged.Proof)
	if err != nil {
		return fmt.Errorf("encode proof: %w", err)
	}
	if _, err := fmt.Fprintf(std.out, "%s\n", document); err != nil {
		return err
	}
	place, err := logged.Proof.Check(logged.Signed, logged.Keys)
	if err != nil {
		return &exitError{exitFailed, "The proof is not good: " + err.Error() + "."}
	}
	_, err = fmt.Fprintf(std.err, "The proof is good: leaf %d of %d in the log %s, recorded %s.\n", place.Index, place.Size, place.Origin, place.At.Format("2006-01-02 15:04 MST"))
	return err
}
