package registrar_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
	"hallmark/verifier/verifiertest"
)

// sample reads a file of the sample input.
func sample(t *testing.T, name string) []byte {
	t.Helper()
	return verifiertest.Fixture(t, "sample", name)
}

func TestSample(t *testing.T) {
	for _, db := range []string{"sqlite", "postgres"} {
		t.Run(db, func(t *testing.T) {
			program, roster, export := sample(t, "program.yaml"), sample(t, "roster.csv"), sample(t, "completions.csv")
			k := registrar.NewKit(t, db == "postgres")
			by, ctx := issuer.Caller{System: "import"}, t.Context()

			file, err := intake.Program(program)
			if err != nil {
				t.Fatal(err)
			}
			result, err := k.ImportProgram(ctx, by, file, false)
			if err != nil || len(result.Refused) > 0 {
				t.Fatal(err, result)
			}
			people := rows(t, roster, (*intake.Sheet).People)
			refused, err := k.ImportPeople(ctx, by, people, registrar.ImportOptions{})
			if err != nil || refused.Written || len(refused.Refused) != 5 {
				t.Fatalf("roster with wrong rows: %v %+v", err, refused)
			}
			first, err := k.ImportPeople(ctx, by, people, registrar.ImportOptions{SkipWrong: true})
			if err != nil || !first.Written {
				t.Fatal(err, first)
			}
			if diff := cmp.Diff(refused.Refused, first.Refused); diff != "" {
				t.Error(diff)
			}
			if got := [4]int{first.Rows, first.Added, first.Changed, first.Unchanged}; got != [4]int{128, 122, 0, 1} {
				t.Errorf("roster: rows, added, changed, unchanged = %v", got)
			}
			done := rows(t, export, (*intake.Sheet).Completions)
			rehearsal, err := k.ImportCompletions(ctx, by, done, registrar.ImportOptions{DryRun: true, SkipWrong: true})
			if err != nil || rehearsal.Written {
				t.Fatal(err, rehearsal)
			}
			began := time.Now()
			issued, err := k.ImportCompletions(ctx, by, done, registrar.ImportOptions{SkipWrong: true})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d rows, %d badges in %v", issued.Rows, issued.Credentials, time.Since(began))
			rehearsal.Written = true
			if diff := cmp.Diff(rehearsal, issued); diff != "" {
				t.Errorf("the rehearsal told otherwise: %s", diff)
			}
			for _, p := range issued.Refused {
				t.Log(p)
			}
			want := map[string]int{"F1": 67, "F2": 58, "F3": 34, "P1": 23, "P2": 31, "I1": 7, "foundation": 34}
			if diff := cmp.Diff(want, k.Live(t)); diff != "" {
				t.Error(diff)
			}
			people2, err := k.ImportPeople(ctx, by, people, registrar.ImportOptions{SkipWrong: true})
			if err != nil || people2.Added != 0 || people2.Changed != 0 || people2.Unchanged != 123 {
				t.Errorf("roster again: %v %+v", err, people2)
			}
			again, err := k.ImportCompletions(ctx, by, done, registrar.ImportOptions{SkipWrong: true})
			if err != nil || again.Added != 0 || again.Credentials != 0 || again.Unchanged != issued.Added+issued.Unchanged {
				t.Errorf("completions again: %v %+v", err, again)
			}
			program2, err := k.ImportProgram(ctx, by, file, false)
			if err != nil || program2.Added != 0 || program2.Changed != 0 || program2.Unchanged != result.Rows {
				t.Errorf("program again: %v %+v", err, program2)
			}
			if diff := cmp.Diff(want, k.Live(t)); diff != "" {
				t.Error("after a second run:", diff)
			}
			if n := k.Mails(t); n != 0 {
				t.Errorf("%d mails were sent", n)
			}
		})
	}
}

// rows reads a file of rows and refuses warnings about the file as a whole.
func rows[T any](t *testing.T, data []byte, read func(*intake.Sheet, intake.Options) ([]T, []string, error)) []T {
	t.Helper()
	sheet, err := intake.ReadSheet(data)
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := read(sheet, intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
