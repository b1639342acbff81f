package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"hallmark/issuer"
	"hallmark/issuer/intake"
)

// exitTryAgain tells a mail server that pipes to keep the report and come again
// (EX_TEMPFAIL of sysexits.h).
const exitTryAgain = 75

type bounceCmd struct{}

// Run reads the report of a mail server from standard input. What is no report
// about a mail of ours ends well, with a word: there is nothing that the mail
// server could do about it, least of all send it back.
func (*bounceCmd) Run(ctx context.Context, cli *commands, std streams) error {
	raw, err := io.ReadAll(io.LimitReader(std.in, intake.MaxBounce+1))
	if err != nil {
		return err
	}
	report, err := intake.Bounce(raw)
	if err == nil {
		var parts *parts
		if parts, err = cli.open(ctx, std); err != nil {
			return &exitError{exitTryAgain, err.Error()}
		}
		defer parts.Close()
		result, failed := parts.Registrar.RecordBounce(ctx, issuer.Caller{System: "bounce"}, *report)
		if failed == nil {
			_, err = fmt.Fprintf(std.out, "%s: %s\n", result.Action, result.Standing)
			return err
		}
		err = failed
	}
	var refused *issuer.Error
	if !errors.As(err, &refused) || refused.Kind == issuer.Unavailable {
		return &exitError{exitTryAgain, err.Error()}
	}
	_, err = fmt.Fprintln(std.err, refused.Reason)
	return err
}
