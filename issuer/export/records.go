package export

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
	"hallmark/issuer/intake"
	"hallmark/issuer/registrar"
)

// Sheaf is where the files of an export of everything go, one after the other.
type Sheaf interface {
	Create(name string) (io.Writer, error)
	Close() error
}

// Records writes everything that is recorded, in open formats: a file of JSON
// Lines per kind of record, what hallmark import reads back, and a README that
// names the columns. It closes the sheaf.
func Records(ctx context.Context, r *registrar.Registrar, by issuer.Caller, to Sheaf, at time.Time) (files int, err error) {
	w := &recordsWriter{Sheaf: to}
	fmt.Fprintf(&w.readme, recordsReadme, r.BaseURL, at.UTC().Format("2006-01-02 15:04 UTC"))
	err = r.ExportRecords(ctx, by, registrar.RecordsTo{Program: w.program, Person: w.person, Completion: w.completion, Table: w.table})
	if err == nil {
		err = w.endSheet()
	}
	if err == nil && r.Files != nil {
		err = w.evidence(ctx, r.Files)
	}
	if err == nil {
		err = w.put("README.txt", w.readme.Bytes())
	}
	return w.files, errors.Join(err, to.Close())
}

const recordsReadme = `Everything that %s had recorded by %s, in open formats.

import/    what hallmark import reads back into an empty installation, in this order:
             hallmark import program import/program-….yaml       (each)
             hallmark import people import/people-….csv          (each)
             hallmark import completions import/completions-….csv (each)
           Awards that rest on completions are made anew by that, under the keys of
           the new installation; the old badges stay good under the old ones. People
           without any place in a program are in records/people.jsonl alone.
records/   one file per kind of record, each line a JSON object. Times are UTC, days
           are days, bytes are base64. A column that ends in _id holds the id of a
           record of that kind. Kinds of which there are none have no file.

evidence/  the files that learners handed in, by the digest that evidence names.

Private keys, and what lets anybody in, are in no file of this.

`

// sheetRows is how many rows a sheet holds: an import reads 50,000 and 5 MiB.
const sheetRows = 20_000

type recordsWriter struct {
	Sheaf
	readme bytes.Buffer
	files  int

	sheet *intake.Writer // the one that is being written
	kind  string         // of its rows: "people", "completions"
	rows  int            // in it
	count int            // sheets of the kind
}

// evidence writes every file that was handed in, under its digest.
func (w *recordsWriter) evidence(ctx context.Context, files evidence.Store) error {
	return files.Each(ctx, func(k evidence.Kept) error {
		r, err := files.Open(ctx, k.Digest)
		if errors.Is(err, issuer.NotFound) {
			return nil // swept meanwhile
		}
		if err != nil {
			return err
		}
		to, err := w.create("evidence/" + k.Digest)
		if err == nil {
			_, err = io.Copy(to, r)
		}
		return errors.Join(err, r.Close())
	})
}

func (w *recordsWriter) create(name string) (io.Writer, error) {
	w.files++
	return w.Create(name)
}

func (w *recordsWriter) put(name string, body []byte) error {
	f, err := w.create(name)
	if err != nil {
		return err
	}
	if _, err := f.Write(body); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

func (w *recordsWriter) program(p *registrar.ProgramFile) error {
	text, err := intake.WriteProgram(p)
	if err != nil {
		return err
	}
	return w.put("import/program-"+tidy(p.Program.Code)+".yaml", text)
}

func (w *recordsWriter) person(p registrar.PersonRow) error {
	if err := w.row("people", "email", "name", "department", "level", "time_zone", "role", "mentor_tier", "cohort"); err != nil {
		return err
	}
	return w.sheet.Row(p.Email, p.Name, p.Department, p.Experience, p.TimeZone, p.Role, p.Tier, p.Cohort)
}

func (w *recordsWriter) completion(c registrar.CompletionRow) error {
	if err := w.row("completions", "email", "module", "completed_on", "grade", "cohort"); err != nil {
		return err
	}
	return w.sheet.Row(c.Email, c.Module, string(c.CompletedOn), c.Score, c.Cohort)
}

// row makes room for a row of a kind: in the sheet that is being written, or in
// a new one.
func (w *recordsWriter) row(kind string, header ...string) error {
	if w.kind == kind && w.rows < sheetRows {
		w.rows++
		return nil
	}
	if err := w.endSheet(); err != nil {
		return err
	}
	if w.kind != kind {
		w.kind, w.count = kind, 0
	}
	w.count, w.rows = w.count+1, 1
	f, err := w.create(fmt.Sprintf("import/%s-%d.csv", kind, w.count))
	if err != nil {
		return err
	}
	w.sheet, err = intake.NewWriter(f, header...)
	return err
}

func (w *recordsWriter) endSheet() error {
	if w.sheet == nil {
		return nil
	}
	err := w.sheet.Flush()
	w.sheet = nil
	return err
}

// table begins the file of a kind of record, and its place in the README.
func (w *recordsWriter) table(r registrar.Record, columns []registrar.Column) (func([]any) error, error) {
	if err := w.endSheet(); err != nil {
		return nil, err
	}
	fmt.Fprintf(&w.readme, "records/%s.jsonl\n    %s\n", r.Noun, r.About)
	names := make([][]byte, len(columns))
	for i, c := range columns {
		kind := c.Kind
		if slices.Contains(r.Nested, c.Name) {
			kind = "JSON"
		}
		fmt.Fprintf(&w.readme, "    %-24s %s\n", c.Name, kind)
		names[i] = []byte(`"` + c.Name + `":`)
	}
	w.readme.WriteString("\n")
	f, err := w.create("records/" + r.Noun + ".jsonl")
	if err != nil {
		return nil, err
	}
	var line bytes.Buffer
	return func(values []any) error {
		line.Reset()
		for i, v := range values {
			if i == 0 {
				line.WriteByte('{')
			} else {
				line.WriteByte(',')
			}
			line.Write(names[i])
			text, err := jsonOf(v, slices.Contains(r.Nested, columns[i].Name))
			if err != nil {
				return fmt.Errorf("write %s: %w", r.Noun, err)
			}
			line.Write(text)
		}
		line.WriteString("}\n")
		_, err := f.Write(line.Bytes())
		return err
	}, nil
}

// jsonOf writes a value; nested text that is JSON stands as such.
func jsonOf(v any, nested bool) ([]byte, error) {
	if text, ok := v.(**string); ok && nested && *text != nil && json.Valid([]byte(**text)) {
		return []byte(**text), nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// folderSheaf writes files below a folder.
type folderSheaf struct {
	dir  string
	file *os.File
	to   *bufio.Writer
}

// IntoFolder is a sheaf of files below a folder.
func IntoFolder(dir string) Sheaf { return &folderSheaf{dir: dir} }

// Create begins a file and ends the one before.
func (s *folderSheaf) Create(name string) (io.Writer, error) {
	if err := s.Close(); err != nil {
		return nil, err
	}
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("write %s: %w", name, err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", name, err)
	}
	s.file, s.to = f, bufio.NewWriterSize(f, 1<<16)
	return s.to, nil
}

// Close ends the file that is being written.
func (s *folderSheaf) Close() error {
	if s.file == nil {
		return nil
	}
	err := errors.Join(s.to.Flush(), s.file.Close())
	s.file = nil
	return err
}

// zipSheaf writes files into one.
type zipSheaf struct {
	*zip.Writer
	at time.Time
}

// IntoZip is a sheaf of files in a ZIP file, all of one moment.
func IntoZip(w io.Writer, at time.Time) Sheaf { return &zipSheaf{zip.NewWriter(w), at} }

// Create begins a file.
func (s *zipSheaf) Create(name string) (io.Writer, error) {
	return s.CreateHeader(&zip.FileHeader{Name: strings.TrimPrefix(name, "/"), Method: zip.Deflate, Modified: s.at})
}
