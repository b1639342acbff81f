package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
)

type importCmd struct {
	What      string `arg:"" enum:"program,people,completions" help:"What the file holds: program, people or completions."`
	File      string `arg:"" help:"The file: YAML for a program, CSV for people and completions."`
	DryRun    bool   `help:"Say what would happen; write nothing."`
	SkipWrong bool   `help:"Write the good rows and leave the others in FILE.refused.csv."`
	Cohort    string `help:"Cohort of rows that name none." placeholder:"C"`
	Map       string `help:"Names of columns: 'Course=module,Finished=date'." placeholder:"COLUMN=FIELD,…"`
	DateOrder string `help:"Order of day and month where the file leaves it open: dmy or mdy." placeholder:"dmy|mdy"`
	Notify    bool   `help:"Mail people about the badges they earn."`
	JSON      bool   `name:"json" help:"Print the result as JSON."`
}

// Run imports the file. It exits 1 if a row is wrong and nothing was written.
func (i *importCmd) Run(ctx context.Context, cli *commands, std streams) error {
	switch i.DateOrder {
	case "", string(intake.DayFirst), string(intake.MonthFirst):
	default:
		return usage("--date-order is dmy or mdy.")
	}
	data, err := readFile(i.File, max(intake.MaxBytes, intake.MaxProgram))
	if err != nil {
		return err
	}
	if i.DryRun { // which writes nothing, and so makes no installation either
		if err := cli.begun(); err != nil {
			return err
		}
	}
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	bar := newBar(std.err, i.What, i.JSON)
	by := issuer.Caller{System: "import"}
	options := registrar.ImportOptions{DryRun: i.DryRun, SkipWrong: i.SkipWrong, Notify: i.Notify, Progress: bar.report}
	sheet, result, warnings, err := i.read(ctx, parts.Registrar, by, data, options)
	bar.done()
	if err != nil {
		return err
	}
	return errors.Join(i.say(std, databaseName(parts.Config.DB), result, warnings), i.leaveRefused(std, sheet, result), i.verdict(result))
}

// read hands the file to the act that its kind asks for.
func (i *importCmd) read(ctx context.Context, r *registrar.Registrar, by issuer.Caller, data []byte, o registrar.ImportOptions) (*intake.Sheet, *registrar.ImportResult, []string, error) {
	if i.What == "program" {
		program, err := intake.Program(data)
		if err != nil {
			return nil, nil, nil, err
		}
		result, err := r.ImportProgram(ctx, by, program, i.DryRun)
		return nil, result, nil, err
	}
	mapping, err := intake.Mapping(i.Map)
	if err != nil {
		return nil, nil, nil, err
	}
	sheet, err := intake.ReadSheet(data)
	if err != nil {
		return nil, nil, nil, err
	}
	how := intake.Options{Cohort: i.Cohort, Mapping: mapping, Dates: intake.Order(i.DateOrder)}
	if i.What == "people" {
		rows, warnings, err := sheet.People(how)
		if err != nil {
			return nil, nil, nil, err
		}
		result, err := r.ImportPeople(ctx, by, rows, o)
		return sheet, result, warnings, err
	}
	rows, warnings, err := sheet.Completions(how)
	if err != nil {
		return nil, nil, nil, err
	}
	result, err := r.ImportCompletions(ctx, by, rows, o)
	return sheet, result, warnings, err
}

// say prints what happened, for a program or for a person.
func (i *importCmd) say(std streams, database string, r *registrar.ImportResult, warnings []string) error {
	if i.JSON {
		return json.NewEncoder(std.out).Encode(r)
	}
	for _, w := range warnings {
		fmt.Fprintln(std.out, "note:", w)
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(std.out, "note: %s: %s\n", place(w), w.Reason)
	}
	for _, p := range r.Refused {
		fmt.Fprintf(std.out, "wrong: %s: %s\n", place(p), p.Reason)
	}
	verb := "Imported into " + database
	switch {
	case i.DryRun:
		verb = "Nothing was written to " + database + "; this would import"
	case !r.Written && len(r.Refused) > 0:
		verb = "Nothing was written to " + database + "; with --skip-wrong it would be"
	}
	_, err := fmt.Fprintf(std.out, "%s: %d rows, %d new, %d changed, %d already there, %d wrong; %d badges issued.\n",
		verb, r.Rows, r.Added, r.Changed, r.Unchanged, len(r.Refused), r.Credentials)
	return err
}

// databaseName is the database as a person may see it: without a password.
func databaseName(dsn string) string {
	if u, err := url.Parse(dsn); err == nil && onPostgres(dsn) {
		return u.Host + u.Path
	}
	return dsn
}

func place(p registrar.RowProblem) string {
	switch {
	case p.Row == 0:
		return p.Field
	case p.Field == "":
		return fmt.Sprintf("row %d", p.Row)
	}
	return fmt.Sprintf("row %d, %s", p.Row, p.Field)
}

// leaveRefused writes the wrong rows beside the file, to be mended.
func (i *importCmd) leaveRefused(std streams, sheet *intake.Sheet, r *registrar.ImportResult) error {
	if !i.SkipWrong || i.DryRun || sheet == nil || len(r.Refused) == 0 {
		return nil
	}
	reasons := map[int]string{}
	for _, p := range r.Refused {
		if reasons[p.Row] != "" {
			reasons[p.Row] += " "
		}
		reasons[p.Row] += p.Reason
	}
	out, err := sheet.Refused(reasons)
	if err != nil {
		return err
	}
	path := i.File + ".refused.csv"
	if err := os.WriteFile(path, out, 0o600); err != nil {
		return fmt.Errorf("write the refused rows: %w", err)
	}
	fmt.Fprintf(std.err, "The wrong rows are in %s.\n", path)
	return nil
}

// verdict is the exit code: wrong rows fail unless they were to be skipped.
func (i *importCmd) verdict(r *registrar.ImportResult) error {
	if len(r.Refused) > 0 && !i.SkipWrong {
		return exit(exitFailed)
	}
	return nil
}

// readFile reads a file that may not be larger than limit bytes.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, issuer.Refuse(issuer.Invalid, "%s cannot be opened: %v.", path, errors.Unwrap(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, issuer.Refuse(issuer.Invalid, "%s is a folder; name a file in it.", path)
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if int64(len(data)) > limit {
		return nil, issuer.Refuse(issuer.Invalid, "%s is larger than %d MiB.", path, limit>>20)
	}
	return data, nil
}

// bar is a progress bar on a terminal and silence elsewhere.
type bar struct{ shown *progressbar.ProgressBar }

func newBar(w io.Writer, what string, silent bool) *bar {
	f, ok := w.(*os.File)
	if !ok || silent {
		return &bar{}
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &bar{}
	}
	return &bar{progressbar.NewOptions(-1, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())}
}

func (b *bar) report(done, total int) {
	if b.shown != nil {
		b.shown.ChangeMax(total)
		_ = b.shown.Set(done) // a bar that cannot be drawn stops no import
	}
}

func (b *bar) done() {
	if b.shown != nil {
		_ = b.shown.Finish()
	}
}
