package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"hallmark/issuer/registrar"
	verifyweb "hallmark/verifier/web"
)

// programFile is a program as a file: the keys of the YAML file. Edition names
// the state that it was read in.
type programFile struct {
	Edition string                 `json:"edition"`
	File    *registrar.ProgramFile `json:"file"`
}

func (a *API) programFile(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	f, err := a.Registrar.ProgramFile(c.Request().Context(), by, c.Param("program"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, programFile{f.Edition, f})
}

// programRequest brings a program to what a file says. With an edition, the
// program must still be what that named.
type programRequest struct {
	Edition string                 `json:"edition"`
	DryRun  bool                   `json:"dryRun"`
	File    *registrar.ProgramFile `json:"file"`
}

// programAnswer says what an import of a program did, or would do.
type programAnswer struct {
	Written   bool            `json:"written"`
	Added     int             `json:"added"`
	Changed   int             `json:"changed"`
	Unchanged int             `json:"unchanged"`
	Removed   int             `json:"removed"`
	Warnings  []fieldReason   `json:"warnings"`
	Changes   []programChange `json:"changes"`
}

type fieldReason struct {
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

// programChange is one thing that changes. Did is what becomes of it; the
// numbers are those of registrar.ProgramChange.
type programChange struct {
	Part    string        `json:"part"`
	Code    string        `json:"code"`
	Name    string        `json:"name"`
	Did     string        `json:"did"`
	Fields  []fieldChange `json:"fields"`
	Version int           `json:"version"`
	Held    int           `json:"held"`
	Meets   int           `json:"meets"`
	Closes  []string      `json:"closes"`
}

type fieldChange struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

func programChangeOf(c registrar.ProgramChange) programChange {
	out := programChange{Part: c.Part, Code: c.Code, Name: c.Name, Did: "changed", Fields: make([]fieldChange, 0, len(c.Fields)),
		Version: c.Version, Held: max(c.Held, c.Use.Live), Meets: c.Meets, Closes: words(c.Closes)}
	for did, is := range map[string]bool{"added": c.New, "removed": c.Removed, "retired": c.Retired, "restored": c.Restored, "moved": c.Moved} {
		if is {
			out.Did = did
		}
	}
	for _, f := range c.Fields {
		out.Fields = append(out.Fields, fieldChange(f))
	}
	return out
}

func programAnswerOf(r *registrar.ImportResult) programAnswer {
	out := programAnswer{Written: r.Written, Added: r.Added, Changed: r.Changed, Unchanged: r.Unchanged, Removed: r.Removed,
		Warnings: make([]fieldReason, 0, len(r.Warnings)), Changes: make([]programChange, 0, len(r.Changes))}
	for _, w := range r.Warnings {
		out.Warnings = append(out.Warnings, fieldReason{w.Field, w.Reason})
	}
	for _, c := range r.Changes {
		out.Changes = append(out.Changes, programChangeOf(c))
	}
	return out
}

// fileRefused tells everything that is wrong with a file.
func fileRefused(wrong []registrar.RowProblem) error {
	p := verifyweb.NewProblem(http.StatusUnprocessableEntity, "%s", wrong[0].Reason)
	for _, w := range wrong {
		p.Errors = append(p.Errors, verifyweb.ProblemField{Field: w.Field, Reason: w.Reason})
	}
	return p
}

// putProgramFile brings the program of the address to what the file says.
func (a *API) putProgramFile(c echo.Context) error {
	by, req, err := request[programRequest](c)
	if err != nil {
		return err
	}
	switch {
	case req.File == nil:
		return verifyweb.WrongField("file", "Send the program as a file.")
	case req.File.Program.Code != c.Param("program"):
		return verifyweb.WrongField("file.program.code", "The file is of another program than the address names.")
	}
	req.File.Edition = req.Edition
	return answer(a, c, by, func(ctx context.Context) (*registrar.ImportResult, error) {
		result, err := a.Registrar.ImportProgram(ctx, by, req.File, req.DryRun)
		if err == nil && len(result.Refused) > 0 {
			return nil, fileRefused(result.Refused)
		}
		return result, err
	}, func(r *registrar.ImportResult) (int, any) { return http.StatusOK, programAnswerOf(r) })
}

// programVersion is a version of a program's file. By is null for what no person
// changed.
type programVersion struct {
	Number  int                   `json:"number"`
	At      time.Time             `json:"at"`
	By      *registrar.PersonName `json:"by"`
	PutBack *int                  `json:"putBack"`
	Newest  bool                  `json:"newest"`
	Changes []programChange       `json:"changes"`
}

func programVersionOf(v registrar.ProgramVersionView) programVersion {
	out := programVersion{Number: v.Number, At: v.At, Newest: v.Newest, Changes: make([]programChange, 0, len(v.Changes))}
	if v.By.ID != "" {
		out.By = &v.By
	}
	if v.PutBack != 0 {
		out.PutBack = &v.PutBack
	}
	for _, c := range v.Changes {
		out.Changes = append(out.Changes, programChangeOf(c))
	}
	return out
}

func (a *API) programVersions(c echo.Context) error {
	by, q, err := reading(c)
	if err != nil {
		return err
	}
	list, err := a.Registrar.ProgramVersions(c.Request().Context(), by, c.Param("program"), q.page)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, listOf(list, programVersionOf))
}

// versionNumber is the number in the address; 0, which no version has, if it is
// none.
func versionNumber(c echo.Context) int {
	n, err := strconv.Atoi(c.Param("number"))
	if err != nil {
		return 0
	}
	return n
}

func (a *API) programVersion(c echo.Context) error {
	by, _, err := reading(c)
	if err != nil {
		return err
	}
	v, err := a.Registrar.ProgramVersion(c.Request().Context(), by, c.Param("program"), versionNumber(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Version programVersion         `json:"version"`
		File    *registrar.ProgramFile `json:"file"`
	}{programVersionOf(*v), v.File})
}

// putBack brings a program back to a version of it.
func (a *API) putBack(c echo.Context) error {
	by, req, err := request[struct {
		Edition string `json:"edition"`
		DryRun  bool   `json:"dryRun"`
	}](c)
	if err != nil {
		return err
	}
	return answer(a, c, by, func(ctx context.Context) (*registrar.ImportResult, error) {
		result, err := a.Registrar.PutBackProgram(ctx, by, c.Param("program"), versionNumber(c), req.Edition, req.DryRun)
		if err == nil && len(result.Refused) > 0 {
			return nil, fileRefused(result.Refused)
		}
		return result, err
	}, func(r *registrar.ImportResult) (int, any) { return http.StatusOK, programAnswerOf(r) })
}
