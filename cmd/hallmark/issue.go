package main

import (
	"context"
	"encoding/json"
	"fmt"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
)

type issueCmd struct {
	Achievement string `required:"" help:"Code or id of what is awarded." placeholder:"ID"`
	Program     string `help:"Code of the program, where several have such an achievement." placeholder:"CODE"`
	CSV         string `name:"csv" required:"" help:"File with a column of addresses, and one of reasons if they differ." placeholder:"FILE"`
	Reason      string `help:"Why, for rows that do not say." placeholder:"TEXT"`
	Map         string `help:"Names of columns: 'Mail=email,Why=reason'." placeholder:"COLUMN=FIELD,…"`
	DryRun      bool   `help:"Say what would happen; issue nothing."`
	Notify      bool   `help:"Mail people about the badges they earn."`
	JSON        bool   `name:"json" help:"Print the result as JSON."`
}

// Run awards what the file asks for, some hundred rows at a time. One that was
// broken off, in whatever way, goes on where it was when it is run again with
// the same file. It exits 1 if a row was refused.
func (i *issueCmd) Run(ctx context.Context, cli *commands, std streams) error {
	data, err := readFile(i.CSV, intake.MaxBytes)
	if err != nil {
		return err
	}
	items, warnings, err := i.items(data)
	if err != nil {
		return err
	}
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	by := issuer.Caller{System: "issue"}
	job, err := parts.Registrar.AwardBatch(ctx, by, registrar.NewBatch{Items: items, DryRun: i.DryRun, Quiet: !i.Notify, Resume: true})
	if err != nil {
		return err
	}
	if job.State == issuer.JobRunning {
		fmt.Fprintf(std.err, "Going on after row %d of %d.\n", job.Done, job.Total)
	}
	if err := i.work(ctx, parts.Registrar, job, std); err != nil {
		return err
	}
	if job, err = parts.Registrar.Job(ctx, by, job.ID); err != nil {
		return err
	}
	return i.say(std, databaseName(parts.Config.DB), job, warnings)
}

func (i *issueCmd) items(data []byte) ([]registrar.BatchItem, []string, error) {
	mapping, err := intake.Mapping(i.Map)
	if err != nil {
		return nil, nil, err
	}
	sheet, err := intake.ReadSheet(data)
	if err != nil {
		return nil, nil, err
	}
	return sheet.Awards(i.Achievement, i.Program, i.Reason, mapping)
}

// work does the job to its end. A server may do some of it meanwhile.
func (i *issueCmd) work(ctx context.Context, r *registrar.Registrar, job *registrar.JobView, std streams) error {
	if job.State == issuer.JobDone {
		return nil
	}
	bar := newBar(std.err, "badges", i.JSON)
	defer bar.done()
	for {
		done, more, err := r.RunBatch(ctx, job.ID)
		if err != nil {
			return err
		}
		bar.report(done, job.Total)
		if err := ctx.Err(); err != nil || !more {
			return err
		}
	}
}

func (i *issueCmd) say(std streams, database string, j *registrar.JobView, warnings []string) error {
	if i.JSON {
		if err := json.NewEncoder(std.out).Encode(j); err != nil {
			return err
		}
		return i.verdict(j)
	}
	for _, w := range warnings {
		fmt.Fprintln(std.out, "note:", w)
	}
	for _, r := range j.Refused {
		fmt.Fprintf(std.out, "wrong: row %d: %s\n", r.Row, r.Reason)
	}
	verb := "Issued in " + database
	if i.DryRun {
		verb = "Nothing was issued in " + database + "; this would be"
	}
	if _, err := fmt.Fprintf(std.out, "%s: %d badges; %d people had it already, %d rows refused.\n", verb, j.Issued, j.Held, len(j.Refused)); err != nil {
		return err
	}
	return i.verdict(j)
}

func (i *issueCmd) verdict(j *registrar.JobView) error {
	if len(j.Refused) > 0 || j.State == issuer.JobFailed {
		return exit(exitFailed)
	}
	return nil
}
