package registrar

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hallmark/issuer"
)

// ProgramVersionView is what a program's file said after a change, and what that
// change was.
type ProgramVersionView struct {
	Number  int
	At      time.Time
	By      PersonName // of whom; without a name if it was no person
	Known   bool       // false: it is what stood before versions were kept
	PutBack int        // number of the version that it is again; 0: none
	Newest  bool
	Changes []ProgramChange // since the version before

	Edition string       // of the program as it is now
	File    *ProgramFile // of one version alone
}

// keepVersion keeps what the program's file says now if that is something else
// than before. What stood before is kept as well if it is not yet.
func (i *programImport) keepVersion() error {
	s, err := i.syllabus(i.to.program.ID)
	if err != nil {
		return err
	}
	now, err := s.file()
	if err != nil || now.Edition == i.was.Edition {
		return err
	}
	last, err := i.ProgramVersions(s.program.ID, 0, 1)
	if err != nil {
		return err
	}
	number, kept := 1, ""
	if len(last) > 0 {
		number, kept = last[0].Number+1, last[0].File
	}
	add := func(f *ProgramFile, v issuer.ProgramVersion) error {
		text, err := json.Marshal(f)
		if err != nil {
			return fmt.Errorf("keep a version of program %s: %w", s.program.ID, err)
		}
		if string(text) == kept {
			return nil
		}
		v.ProgramID, v.Number, v.IssuerID, v.File = s.program.ID, number, i.us.ID, string(text)
		number++
		return i.AddProgramVersion(&v)
	}
	if i.was.Edition != "" {
		if err := add(i.was, issuer.ProgramVersion{At: i.have.program.ChangedAt}); err != nil {
			return err
		}
	}
	kept = ""
	return add(now, issuer.ProgramVersion{Actor: i.by.Actor(), At: i.Now, PutBack: i.putBack})
}

// fileOf reads what is kept of a version.
func fileOf(v *issuer.ProgramVersion) (*ProgramFile, error) {
	f := &ProgramFile{}
	if err := json.Unmarshal([]byte(v.File), f); err != nil {
		return nil, fmt.Errorf("read version %d of program %s: %w", v.Number, v.ProgramID, err)
	}
	return f, nil
}

// ProgramVersions lists the versions of a program, the newest first, each with
// what it changed. The cursor is a number. Who runs the program may.
func (r *Registrar) ProgramVersions(ctx context.Context, by issuer.Caller, name string, p Page) (*List[ProgramVersionView], error) {
	return look(ctx, r, by, func(w *work) (*List[ProgramVersionView], error) {
		program, err := w.managedProgram(name)
		if err != nil {
			return nil, err
		}
		below, err := strconv.Atoi(cmp.Or(p.Cursor, "0"))
		if err != nil || below < 0 {
			return nil, issuer.Wrong("cursor", "This is no cursor of ours.")
		}
		limit := min(p.limit(), versionsAtOnce)
		versions, err := w.ProgramVersions(program, below, limit+1)
		if err != nil {
			return nil, err
		}
		views, err := w.versionViews(versions, below == 0)
		if err != nil {
			return nil, err
		}
		return paged(views, limit, func(v ProgramVersionView) string { return strconv.Itoa(v.Number) }), nil
	})
}

// versionsAtOnce bounds a page: each version is read whole.
const versionsAtOnce = 20

// managedProgram finds a program that the caller runs.
func (w *work) managedProgram(name string) (issuer.ProgramID, error) {
	p, err := w.seenProgram(name)
	if err != nil {
		return "", err
	}
	return p.ID, w.mayManage(p.ID)
}

// versionViews shows versions, the newest first; the last of them only if it is
// the first of all, for the one before is what it is compared with.
func (w *work) versionViews(versions []issuer.ProgramVersion, newest bool) ([]ProgramVersionView, error) {
	actors := unique(versions, func(v issuer.ProgramVersion) issuer.PersonID {
		id, _ := strings.CutPrefix(v.Actor, "person:")
		return issuer.PersonID(id)
	})
	names, err := w.names(actors...)
	if err != nil {
		return nil, err
	}
	views := make([]ProgramVersionView, len(versions))
	files := make([]*ProgramFile, len(versions))
	for n := range versions {
		if files[n], err = fileOf(&versions[n]); err != nil {
			return nil, err
		}
	}
	for n, v := range versions {
		person, _ := strings.CutPrefix(v.Actor, "person:")
		views[n] = ProgramVersionView{Number: v.Number, At: v.At, By: names[issuer.PersonID(person)], Known: v.Actor != "", PutBack: v.PutBack, Newest: newest && n == 0}
		if n+1 < len(versions) {
			views[n].Changes = differs(files[n+1], files[n])
		}
	}
	return views, nil
}

// ProgramVersion shows one version with its file. Who runs the program may.
func (r *Registrar) ProgramVersion(ctx context.Context, by issuer.Caller, name string, number int) (*ProgramVersionView, error) {
	return look(ctx, r, by, func(w *work) (*ProgramVersionView, error) {
		s, err := w.managedSyllabus(name)
		if err != nil {
			return nil, err
		}
		now, err := s.file()
		if err != nil {
			return nil, err
		}
		if _, err := w.Tx.ProgramVersion(s.program.ID, number); err != nil {
			return nil, err
		}
		newest, err := w.Tx.ProgramVersions(s.program.ID, 0, 1)
		if err != nil {
			return nil, err
		}
		two, err := w.Tx.ProgramVersions(s.program.ID, number+1, 2)
		if err != nil {
			return nil, err
		}
		views, err := w.versionViews(two, newest[0].Number == number)
		if err != nil {
			return nil, err
		}
		v := &views[0]
		v.Edition = now.Edition
		v.File, err = fileOf(&two[0])
		return v, err
	})
}

// PutBackProgram brings a program back to what a version of it said, as a new
// change: what came since and nobody has anything of is removed, what somebody
// has something of is retired, and cohorts that came since stay. With dryRun it
// tells what would happen. Edition, if there is one, is that of the program as
// the caller saw it. Who runs the program may.
func (r *Registrar) PutBackProgram(ctx context.Context, by issuer.Caller, name string, number int, edition string, dryRun bool) (*ImportResult, error) {
	return rehearsed(act(ctx, r, by, "program.put-back", name, func(w *work) (*ImportResult, error) {
		id, err := w.managedProgram(name)
		if err != nil {
			return nil, err
		}
		w.object = string(id)
		s, now, err := w.opened(id, edition)
		if err != nil {
			return nil, err
		}
		v, err := w.Tx.ProgramVersion(id, number)
		if err != nil {
			return nil, err
		}
		file, err := fileOf(v)
		if err != nil {
			return nil, err
		}
		w.note("version", number)
		i := &programImport{work: w, file: file, putBack: number}
		if err := i.since(s, now); err != nil {
			return nil, err
		}
		return i.apply(dryRun)
	}))
}

// since puts into the file of an earlier version what came after it: what can be
// removed as to be removed, the rest as retired, with what that stands on.
func (i *programImport) since(s *syllabus, now *ProgramFile) error {
	f := i.file
	f.Edition, f.Program.Code = now.Edition, now.Program.Code
	kept := map[string]bool{} // "modules M3": it came since, and somebody has something of it
	i.have = s
	came := func(part, code string) bool { return !slices.Contains(f.codes(part), code) }
	for _, part := range removable {
		for _, code := range now.codes(part) {
			if !came(part, code) {
				continue
			}
			p, err := i.part(part, code)
			if err != nil {
				return err
			}
			kept[part+" "+code] = p.use.Recorded > 0
		}
	}
	needs := func(part string, codes ...string) {
		for _, c := range codes {
			if c != "" && came(part, c) {
				kept[part+" "+c] = true
			}
		}
	}
	for range now.Achievements { // of each other they take as many as there are, at most
		for _, a := range now.Achievements {
			if kept["achievements "+a.Code] {
				needs("achievements", a.Award.All...)
			}
		}
	}
	for _, a := range now.Achievements {
		if kept["achievements "+a.Code] {
			needs("modules", a.Award.Module)
			needs("capstones", a.Award.Capstone)
		}
	}
	i.stays(now, kept, needs)
	return i.criteriaSince(now)
}

// stays adds to the file what is kept of what came since.
func (i *programImport) stays(now *ProgramFile, kept map[string]bool, needs func(part string, codes ...string)) {
	f, r := i.file, &i.file.Remove
	known := func(part string, codes []string) []string {
		return slices.DeleteFunc(slices.Clone(codes), func(c string) bool { return !slices.Contains(f.codes(part), c) })
	}
	for _, b := range now.Capstones {
		if kept["capstones "+b.Code] {
			needs("levels", b.Level)
		}
	}
	for _, m := range now.Modules {
		if kept["modules "+m.Code] {
			needs("levels", m.Level)
			needs("skills", m.Skills...)
		}
	}
	sort := func(part string, codes []string, keep func(n int)) (gone []string) {
		for n, c := range codes {
			if slices.Contains(f.codes(part), c) {
				continue
			}
			if kept[part+" "+c] {
				keep(n)
			} else {
				gone = append(gone, c)
			}
		}
		return gone
	}
	r.Skills = sort("skills", now.codes("skills"), func(n int) { f.Skills = append(f.Skills, now.Skills[n]) })
	r.Levels = sort("levels", now.codes("levels"), func(n int) {
		l := now.Levels[n]
		for slices.ContainsFunc(f.Levels, func(o FileLevel) bool { return o.Order == l.Order }) {
			l.Order++
		}
		f.Levels = append(f.Levels, l)
	})
	r.Modules = sort("modules", now.codes("modules"), func(n int) {
		m := now.Modules[n]
		m.Retired = true
		f.Modules = append(f.Modules, m)
	})
	for n := range f.Modules {
		f.Modules[n].Requires = known("modules", f.Modules[n].Requires)
	}
	r.Capstones = sort("capstones", now.codes("capstones"), func(n int) {
		b := now.Capstones[n]
		b.Retired, b.Requires = true, known("modules", b.Requires)
		f.Capstones = append(f.Capstones, b)
	})
	r.Achievements = sort("achievements", now.codes("achievements"), func(n int) {
		a := now.Achievements[n]
		a.Retired = true
		f.Achievements = append(f.Achievements, a)
	})
}

// criteriaSince keeps the criteria that came since and that reviews scored, as
// retired ones.
func (i *programImport) criteriaSince(now *ProgramFile) error {
	for n := range i.file.Capstones {
		b := &i.file.Capstones[n]
		have := i.have.brief(b.Code)
		at := slices.IndexFunc(now.Capstones, func(o FileBrief) bool { return o.Code == b.Code })
		if have == nil || at < 0 {
			continue
		}
		for _, c := range now.Capstones[at].Rubric {
			if slices.ContainsFunc(b.Rubric, func(o FileCriterion) bool { return o.Code == c.Code }) {
				continue
			}
			use, err := i.CriterionUse(have, c.Code)
			if err != nil {
				return err
			}
			if use.Recorded > 0 {
				c.Retired = true
				b.Rubric = append(b.Rubric, c)
			}
		}
	}
	return nil
}

// differs compares two versions of a file.
func differs(was, is *ProgramFile) []ProgramChange {
	all := gone(was, is)
	all = append(all, compared("program", []FileProgram{was.Program}, []FileProgram{is.Program})...)
	all = append(all, compared("skills", was.Skills, is.Skills)...)
	all = append(all, compared("levels", was.Levels, is.Levels)...)
	all = append(all, compared("modules", was.Modules, is.Modules)...)
	all = append(all, compared("capstones", was.Capstones, is.Capstones)...)
	all = append(all, compared("achievements", was.Achievements, is.Achievements)...)
	all = append(all, compared("cohorts", was.Cohorts, is.Cohorts)...)
	for n := range all {
		all[n].fate()
	}
	for _, part := range []string{"modules", "capstones", "achievements"} {
		all = append(all, reordered(part, was, is)...)
	}
	return all
}

// gone lists what one version names and the next does not.
func gone(was, is *ProgramFile) []ProgramChange {
	var all []ProgramChange
	for _, part := range removable {
		for _, code := range was.codes(part) {
			if !slices.Contains(is.codes(part), code) {
				all = append(all, ProgramChange{Part: part, Code: code, Name: was.nameOf(part, code), Removed: true})
			}
		}
	}
	return all
}

// nameOf is the name of what has a code.
func (f *ProgramFile) nameOf(part, code string) string {
	i := slices.Index(f.codes(part), code)
	switch part {
	case "skills":
		return f.Skills[i].Name
	case "levels":
		return f.Levels[i].Name
	case "modules":
		return f.Modules[i].Name
	case "capstones":
		return f.Capstones[i].Name
	}
	return f.Achievements[i].Name
}
