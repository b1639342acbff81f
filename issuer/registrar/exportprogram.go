package registrar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"hallmark/issuer"
)

// ProgramFile gives a program, by code or id, as the file that ImportProgram
// would make it from: importing it again changes nothing. What the import
// would work out by itself is left out, such as criteria that follow from the
// rule; so is the issuer, which is not the program's. Who runs it may.
func (r *Registrar) ProgramFile(ctx context.Context, by issuer.Caller, name string) (*ProgramFile, error) {
	return look(ctx, r, by, func(w *work) (*ProgramFile, error) {
		s, err := w.managedSyllabus(name)
		if err != nil {
			return nil, err
		}
		return s.file()
	})
}

// managedSyllabus reads a program that the caller runs.
func (w *work) managedSyllabus(name string) (*syllabus, error) {
	p, err := w.seenProgram(name)
	if err != nil {
		return nil, err
	}
	if err := w.mayManage(p.ID); err != nil {
		return nil, err
	}
	return w.syllabus(p.ID)
}

// file is the program as a file, with its edition.
func (s *syllabus) file() (*ProgramFile, error) {
	p := s.program
	f := &ProgramFile{Version: 1, Program: FileProgram{Code: p.Code, Name: p.Name, Purpose: p.Purpose, Expectations: p.Expectations,
		Guidance: FileGuidance(p.Guidance), Questions: FileQuestions(p.Questions)}}
	for _, r := range p.ReturnReasons {
		f.Program.ReturnReasons = append(f.Program.ReturnReasons, FileReason(r))
	}
	for _, k := range s.skills {
		f.Skills = append(f.Skills, FileSkill{k.Code, k.Name, k.Framework, k.URL, k.Question})
	}
	for _, l := range s.levels {
		f.Levels = append(f.Levels, FileLevel{Code: l.Code, Name: l.Name, Order: l.Rank, Retired: l.RetiredAt != nil})
	}
	for _, m := range s.modules {
		f.Modules = append(f.Modules, FileModule{Code: m.Code, Name: m.Name, Level: s.level(m.LevelID).Code, Kind: string(m.Kind),
			Hours: m.Hours, Skills: m.Skills, Requires: m.Requires, Pass: m.Pass, Retired: m.RetiredAt != nil})
	}
	for i := range s.briefs {
		f.Capstones = append(f.Capstones, s.briefFile(&s.briefs[i]))
	}
	for i := range s.offers {
		f.Achievements = append(f.Achievements, s.achievementFile(&s.offers[i]))
	}
	for _, c := range s.cohorts {
		f.Cohorts = append(f.Cohorts, FileCohort{c.Code, c.Name, c.Purpose, c.Expectations, string(c.StartsOn), string(c.EndsOn), c.TimeZone})
	}
	text, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("sum up program %s: %w", p.ID, err)
	}
	sum := sha256.Sum256(text)
	f.Edition = hex.EncodeToString(sum[:16])
	return f, nil
}

func (s *syllabus) briefFile(b *issuer.Brief) FileBrief {
	f := FileBrief{Code: b.Code, Name: b.Name, Level: s.level(b.LevelID).Code, Brief: b.Text, Team: FileTeam{b.TeamMin, b.TeamMax},
		Requires: b.Requires, Approvals: FileApprovals{b.Approvals, b.NeedsLead}, Scope: b.Scope, Policy: FilePolicy(b.Policy), Evidence: b.EvidenceKinds,
		Impact: FileImpact{b.Measures}, Retired: b.RetiredAt != nil}
	for _, c := range b.Rubric {
		f.Rubric = append(f.Rubric, FileCriterion(c))
	}
	return f
}

func (s *syllabus) achievementFile(o *issuer.Offer) FileAchievement {
	v := &o.Current
	f := FileAchievement{Code: o.Code, Name: v.Name, Type: v.Type, ValidMonths: v.ValidMonths, Description: v.Description,
		Award:    FileAward{Module: v.Rule.Module, Capstone: v.Rule.Capstone, All: v.Rule.All, Reviews: v.Rule.Reviews},
		Criteria: v.Criteria, Icon: v.Art.Icon, Colour: v.Art.Ink, Retired: o.RetiredAt != nil}
	if f.Criteria == s.criteria(v.Rule) {
		f.Criteria = ""
	}
	if f.Icon == s.art(v.Rule, v.Name, "", "").Icon {
		f.Icon = ""
	}
	return f
}
