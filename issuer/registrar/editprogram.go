package registrar

import (
	"context"
	"errors"
	"slices"
	"strings"

	"hallmark/issuer"
)

// ProgramEdit is one change of a program: what one of its parts is to say, in
// the shape of the file. One of the parts is set. It takes the place of what
// has its code; New adds it, and refuses a code that is taken.
type ProgramEdit struct {
	Edition string // of the file that the edit was made from
	New     bool

	Program     *FileProgram // all but the code, which stays
	Skill       *FileSkill
	Level       *FileLevel
	Module      *FileModule
	Capstone    *FileBrief
	Achievement *FileAchievement
	Cohort      *FileCohort

	Place *PartEdit
}

// AddProgram begins a program, which has nothing in it yet. Who runs the
// installation may.
func (r *Registrar) AddProgram(ctx context.Context, by issuer.Caller, in FileProgram) (*ImportResult, error) {
	return rehearsed(act(ctx, r, by, "program.add", in.Code, func(w *work) (*ImportResult, error) {
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		switch _, err := w.ProgramNamed(in.Code); {
		case err == nil:
			return nil, &issuer.Error{Kind: issuer.Conflict, Field: "code", Reason: "There is a program with this code already."}
		case !errors.Is(err, issuer.NotFound):
			return nil, err
		}
		return w.applyProgram(&ProgramFile{Version: 1, Program: in}, false)
	}))
}

// EditProgram changes one part of a program, named by code or id: the edit is
// put into the program's file and the whole file is imported, so an edit can do
// what an import can and no more. Of the result, Changes says what becomes of
// it; with dryRun nothing does. An edit of an edition that is no longer there
// is refused, with who changed it. Who runs the program may.
func (r *Registrar) EditProgram(ctx context.Context, by issuer.Caller, name string, e ProgramEdit, dryRun bool) (*ImportResult, error) {
	return rehearsed(act(ctx, r, by, "program.edit", name, func(w *work) (*ImportResult, error) {
		s, err := w.managedSyllabus(name)
		if err != nil {
			return nil, err
		}
		w.object = string(s.program.ID)
		_, file, err := w.opened(s.program.ID, e.Edition)
		if err != nil {
			return nil, err
		}
		if err := e.put(file); err != nil {
			return nil, err
		}
		if e.Place != nil {
			w.note("did", e.Place.Do)
			w.note("part", e.Place.Part)
			w.note("code", e.Place.Code)
		}
		return w.applyProgram(file, dryRun)
	}))
}

// opened reads a program and its file, and holds it until the act is done. It
// refuses if the program is not what edition, if there is one, names.
func (w *work) opened(id issuer.ProgramID, edition string) (*syllabus, *ProgramFile, error) {
	if err := w.LockProgram(id); err != nil {
		return nil, nil, err
	}
	s, err := w.syllabus(id)
	if err != nil {
		return nil, nil, err
	}
	file, err := s.file()
	if err == nil && edition != "" && edition != file.Edition {
		err = w.overtaken(id)
	}
	return s, file, err
}

// overtaken refuses a change of what someone else changed meanwhile.
func (w *work) overtaken(id issuer.ProgramID) error {
	entries, err := w.AuditOf(string(id))
	if err != nil {
		return err
	}
	who := "Someone"
	for _, e := range slices.Backward(entries) {
		if !strings.HasPrefix(e.Act, "program.") || e.Outcome != "done" {
			continue
		}
		if person, ok := strings.CutPrefix(e.Actor, "person:"); ok {
			names, err := w.names(issuer.PersonID(person))
			if err != nil {
				return err
			}
			who = names[issuer.PersonID(person)].Name
		} else {
			who = "An import on the command line"
		}
		break
	}
	return issuer.Refuse(issuer.Conflict, "%s changed this program after you opened it. Look at what it says now; what you typed is kept below.", who)
}

// put writes the edit into a file.
func (e *ProgramEdit) put(f *ProgramFile) error {
	switch {
	case e.Program != nil:
		code, reasons := f.Program.Code, f.Program.ReturnReasons
		f.Program = *e.Program
		f.Program.Code = code
		if e.Program.ReturnReasons == nil { // the form does not ask for them
			f.Program.ReturnReasons = reasons
		}
		return nil
	case e.Skill != nil:
		return put(&f.Skills, *e.Skill, e.New, func(s FileSkill) string { return s.Code })
	case e.Level != nil: // forms do not ask whether a thing is retired: that is an edit of its place
		item := *e.Level
		keepRetired(f.Levels, &item, func(l *FileLevel) (string, *bool) { return l.Code, &l.Retired })
		return put(&f.Levels, item, e.New, func(l FileLevel) string { return l.Code })
	case e.Module != nil:
		item := *e.Module
		keepRetired(f.Modules, &item, func(m *FileModule) (string, *bool) { return m.Code, &m.Retired })
		return put(&f.Modules, item, e.New, func(m FileModule) string { return m.Code })
	case e.Capstone != nil:
		item := *e.Capstone
		keepRetired(f.Capstones, &item, func(b *FileBrief) (string, *bool) { return b.Code, &b.Retired })
		return put(&f.Capstones, item, e.New, func(b FileBrief) string { return b.Code })
	case e.Achievement != nil:
		item := *e.Achievement
		keepRetired(f.Achievements, &item, func(a *FileAchievement) (string, *bool) { return a.Code, &a.Retired })
		return put(&f.Achievements, item, e.New, func(a FileAchievement) string { return a.Code })
	case e.Cohort != nil:
		return put(&f.Cohorts, *e.Cohort, e.New, func(c FileCohort) string { return c.Code })
	}
	if e.Place != nil {
		return e.Place.put(f)
	}
	return issuer.Refuse(issuer.Invalid, "Say what is to change.")
}

// keepRetired leaves a part retired that is.
func keepRetired[T any](list []T, item *T, of func(*T) (code string, retired *bool)) {
	code, retired := of(item)
	for i := range list {
		if have, is := of(&list[i]); have == code {
			*retired = *is
		}
	}
}

func put[T any](list *[]T, item T, isNew bool, code func(T) string) error {
	i := slices.IndexFunc(*list, func(have T) bool { return code(have) == code(item) })
	switch {
	case isNew && i >= 0:
		return &issuer.Error{Kind: issuer.Conflict, Field: "code", Reason: "This code is taken; choose another one."}
	case isNew:
		*list = append(*list, item)
	case i < 0:
		return issuer.Refuse(issuer.NotFound, "There is no such part of the program.")
	default:
		(*list)[i] = item
	}
	return nil
}

// ArtOf says what the picture of an achievement would be drawn from, as it
// stands in an edit. Who runs the program may ask.
func (r *Registrar) ArtOf(ctx context.Context, by issuer.Caller, name string, a FileAchievement) (*AchievementView, error) {
	return look(ctx, r, by, func(w *work) (*AchievementView, error) {
		s, err := w.managedSyllabus(name)
		if err != nil {
			return nil, err
		}
		rule := issuer.Rule{Module: a.Award.Module, Capstone: a.Award.Capstone, All: a.Award.All, Reviews: a.Award.Reviews}
		if rule.Module != "" && s.module(rule.Module) == nil || rule.Capstone != "" && s.brief(rule.Capstone) == nil {
			return nil, issuer.Wrong("award", "Choose what earns the badge.")
		}
		return &AchievementView{AchievementRef: AchievementRef{Code: a.Code, Name: a.Name, Art: s.art(rule, a.Name, a.Icon, a.Colour)},
			Program: namedProgram(s.program), Rule: rule}, nil
	})
}
