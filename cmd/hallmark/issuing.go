package main

import (
	"context"
	"fmt"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

type stopIssuingCmd struct {
	Reason string `arg:"" help:"Why, in a sentence; mentors who approve read it."`
}

// Run stops issuing in every copy of the program; a stop that holds already
// stays as it is.
func (s *stopIssuingCmd) Run(ctx context.Context, cli *commands, std streams) error {
	return cli.issuing(ctx, std, func(r *registrar.Registrar, by issuer.Caller) (*registrar.IssuingView, error) {
		return r.StopIssuing(ctx, by, s.Reason)
	})
}

type resumeIssuingCmd struct{}

// Run ends the stop. The server issues what waits within seconds; where none
// runs, the next one does.
func (*resumeIssuingCmd) Run(ctx context.Context, cli *commands, std streams) error {
	return cli.issuing(ctx, std, func(r *registrar.Registrar, by issuer.Caller) (*registrar.IssuingView, error) {
		return r.ResumeIssuing(ctx, by)
	})
}

// issuing carries out an act about issuing as a whole and says how it stands.
func (cli *commands) issuing(ctx context.Context, std streams, do func(*registrar.Registrar, issuer.Caller) (*registrar.IssuingView, error)) error {
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	v, err := do(parts.Registrar, issuer.Caller{System: "admin"})
	if err != nil {
		return err
	}
	if v.Halt.Stopped() {
		_, err = fmt.Fprintf(std.out, "No badges are issued since %s: %s\nFacts that wait: %d. hallmark admin resume-issuing ends it.\n",
			v.Halt.Since.Format("2006-01-02 15:04 UTC"), v.Halt.Reason, v.Waiting)
		return err
	}
	_, err = fmt.Fprintf(std.out, "Badges are issued. Facts whose badges a running server issues now: %d.\n", v.Waiting)
	return err
}
