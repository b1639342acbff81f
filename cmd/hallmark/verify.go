package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"hallmark/issuer"
	"hallmark/verifier"
	"hallmark/verifier/fetch"
	"hallmark/verifier/staple"
)

// maxCredential is the size of what is checked: a picture with a credential
// inside is the largest.
const maxCredential = 2 << 20

// maxEvidence is the size of a file that may be evidence.
const maxEvidence = 64 << 20

type verifyCmd struct {
	What    string `arg:"" name:"file|url|-" help:"A file, a link, or - for standard input."`
	Offline bool   `help:"Open no connection; what would need one is undetermined."`
	JSON    bool   `name:"json" help:"Print the report as JSON."`
	Trust   string `help:"File of issuers to trust: one id or domain a line." placeholder:"FILE"`
	Status  string `help:"The badge's status list, or a signed status that came with it: a file or a link." placeholder:"FILE|URL"`
	Refresh bool   `help:"Ask the badge's issuer for a newer copy, and check that one."`

	Evidence string `help:"Check too whether this file is the evidence that the badge names by its digest." placeholder:"FILE"`

	staple []byte // what --status gave, where that is a stapled status
}

// Run checks the badge. The exit code is the verdict, so nothing that went
// wrong before there was one may end with 1, which says "refused".
func (v *verifyCmd) Run(ctx context.Context, std streams) error {
	checker, doc, err := v.prepare(ctx, std.in)
	var own *exitError
	if err != nil && !errors.As(err, &own) {
		return usage("%v", err)
	}
	if err != nil {
		return err
	}
	report, err := checker.Verify(ctx, doc, verifier.Ask{Refresh: v.Refresh, Staple: v.staple})
	if errors.Is(err, verifier.ErrNoCredential) {
		return usage("%s", v.nothing(doc, err))
	}
	if err != nil {
		return &exitError{exitUndetermined, err.Error()}
	}
	evidence, err := v.evidence(report)
	if err != nil {
		return usage("%v", err)
	}
	if err := v.print(std.out, report, evidence); err != nil {
		return err
	}
	if evidence != nil && report.Verdict == verifier.Verified {
		return verdictCode(evidence.Outcome)
	}
	return verdictCode(report.Verdict)
}

// evidence holds the file of --evidence against the badge; nil without one.
func (v *verifyCmd) evidence(r *verifier.Report) (*verifier.Check, error) {
	if v.Evidence == "" {
		return nil, nil
	}
	file, err := readFile(v.Evidence, maxEvidence)
	if err != nil {
		return nil, err
	}
	check := verifier.CheckEvidence(r, file)
	return &check, nil
}

// prepare gathers the verifier and what it is to check.
func (v *verifyCmd) prepare(ctx context.Context, in io.Reader) (*verifier.Verifier, []byte, error) {
	checker, fetcher, err := v.verifier()
	if err != nil {
		return nil, nil, err
	}
	doc, err := v.document(ctx, in, fetcher)
	if err != nil {
		return nil, nil, err
	}
	return checker, doc, v.status(ctx, checker, fetcher)
}

// verdictCode is nil for verified and an exit code for the others.
func verdictCode(o verifier.Outcome) error {
	switch o {
	case verifier.Verified:
		return nil
	case verifier.Refused:
		return exit(exitFailed)
	}
	return exit(exitUndetermined)
}

// verifier makes the verifier and, unless it must stay offline, the fetcher,
// which allows the origins of what the person typed and nothing else beyond
// its usual guard.
func (v *verifyCmd) verifier() (*verifier.Verifier, *fetch.Fetcher, error) {
	checker := &verifier.Verifier{}
	if v.Trust != "" {
		list, err := readFile(v.Trust, 1<<20)
		if err != nil {
			return nil, nil, err
		}
		if checker.Trust, err = verifier.ParseTrust(list); err != nil {
			return nil, nil, err
		}
	}
	if v.Offline {
		return checker, nil, nil
	}
	fetcher := &fetch.Fetcher{}
	for _, typed := range []string{v.What, v.Status} {
		if isLink(typed) {
			origin, err := fetch.Origin(typed)
			if err != nil {
				return nil, nil, usage("%s is not a link that can be opened.", typed)
			}
			fetcher.Allow = append(fetcher.Allow, origin)
		}
	}
	checker.Keys, checker.Status = fetch.Keys{Fetcher: fetcher}, fetch.Status{Fetcher: fetcher}
	checker.Refresher, checker.Legacy = fetch.Newer{Fetcher: fetcher}, fetch.Legacy{Fetcher: fetcher}
	return checker, fetcher, nil
}

// document reads what is to be checked.
func (v *verifyCmd) document(ctx context.Context, in io.Reader, fetcher *fetch.Fetcher) ([]byte, error) {
	switch {
	case v.What == "-":
		doc, err := awaited(ctx, func() ([]byte, error) { return io.ReadAll(io.LimitReader(in, maxCredential+1)) })
		if err == nil && len(doc) > maxCredential {
			err = issuer.Refuse(issuer.Invalid, "This is larger than %d MiB.", maxCredential>>20)
		}
		return doc, err
	case isLink(v.What) && fetcher == nil:
		return nil, usage("A link cannot be opened with --offline; name a file.")
	case isLink(v.What):
		doc, _, err := fetcher.Get(ctx, v.What, acceptCredential, maxCredential)
		return doc, unopened(err)
	}
	doc, err := awaited(ctx, func() ([]byte, error) { return readFile(v.What, maxCredential) })
	if err != nil && missing(v.What) && looksTyped(v.What) {
		return nil, usage("There is no file %s. If it is a link, write https:// in front of it.", v.What)
	}
	return doc, err
}

// awaited reads from what may never answer, a pipe or a terminal, until the
// person has had enough of waiting. A read that is given up ends with the
// program.
func awaited(ctx context.Context, read func() ([]byte, error)) ([]byte, error) {
	type answer struct {
		doc []byte
		err error
	}
	done := make(chan answer, 1)
	go func() {
		doc, err := read()
		done <- answer{doc, err}
	}()
	select {
	case <-ctx.Done():
		return nil, &exitError{exitUndetermined, "Stopped before anything was read."}
	case a := <-done:
		return a.doc, a.err
	}
}

// acceptCredential asks a badge's page for the badge itself.
const acceptCredential = "application/vc, application/ld+json;q=0.9, application/json;q=0.5, image/png;q=0.4, image/svg+xml;q=0.4"

// status takes the list that --status names in place of the one that the
// badge points to. It is still held against the badge: its address, signer
// and purpose must be right. What is a stapled status goes beside the badge.
func (v *verifyCmd) status(ctx context.Context, checker *verifier.Verifier, fetcher *fetch.Fetcher) error {
	if v.Status == "" {
		return nil
	}
	list, err := v.statusNamed(ctx, fetcher)
	if err != nil {
		return err
	}
	if _, other := staple.Read(string(bytes.TrimSpace(list))); other == nil {
		v.staple = list
		return nil
	}
	checker.Status = oneList(list)
	return nil
}

func (v *verifyCmd) statusNamed(ctx context.Context, fetcher *fetch.Fetcher) ([]byte, error) {
	switch {
	case !isLink(v.Status):
		return readFile(v.Status, fetch.ListMaxBytes)
	case fetcher == nil:
		return nil, usage("A link cannot be opened with --offline; give --status a file.")
	}
	list, err := fetch.Status{Fetcher: fetcher}.StatusList(ctx, v.Status)
	return list, unopened(err)
}

// oneList answers every question for a status list with the same bytes.
type oneList []byte

// StatusList gives the list.
func (l oneList) StatusList(context.Context, string) ([]byte, error) { return l, nil }

func isLink(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}

// unopened is a fault of the way to the thing, not of the thing: nothing can
// be said about the badge.
func unopened(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{exitUndetermined, err.Error()}
}

// marks are the outcomes with a sign, the word beside it: never the sign or a
// colour alone.
var marks = map[verifier.Outcome]string{
	verifier.Verified: "✓ verified", verifier.Refused: "✗ refused", verifier.Undetermined: "? could not tell", verifier.Skipped: "– not checked",
}

// withEvidence is a report with what was asked of a file besides.
type withEvidence struct {
	*verifier.Report
	Evidence *verifier.Check `json:"evidence,omitempty"`
}

func (v *verifyCmd) print(w io.Writer, r *verifier.Report, evidence *verifier.Check) error {
	if v.JSON {
		return json.NewEncoder(w).Encode(withEvidence{r, evidence})
	}
	var out strings.Builder
	fmt.Fprintln(&out, r.Summary)
	checks := r.Checks
	if evidence != nil {
		checks = append(slices.Clip(checks), *evidence)
	}
	for _, c := range checks {
		fmt.Fprintf(&out, "  %-12s %-16s %s\n", c.Name, marks[c.Outcome], c.Reason)
	}
	for _, tip := range v.tips(r) {
		fmt.Fprintln(&out, tip)
	}
	_, err := io.WriteString(w, out.String())
	return err
}
