package registrar

import (
	"encoding/json"
	"fmt"

	"hallmark/issuer"
)

// ProgramFile is a program as one file, the shape that `hallmark import
// program` reads. Every key is here; a reader refuses others by name.
type ProgramFile struct {
	// Edition names the state of the program that the file was made from: if it
	// is another by now, the file is refused. "" takes it as it is.
	Edition string `yaml:"-"`

	Version      int               `yaml:"version"`
	Issuer       *FileIssuer       `yaml:"issuer,omitempty"`
	Program      FileProgram       `yaml:"program"`
	Skills       []FileSkill       `yaml:"skills,omitempty"`
	Levels       []FileLevel       `yaml:"levels,omitempty"`
	Modules      []FileModule      `yaml:"modules,omitempty"`
	Capstones    []FileBrief       `yaml:"capstones,omitempty"`
	Achievements []FileAchievement `yaml:"achievements,omitempty"`
	Cohorts      []FileCohort      `yaml:"cohorts,omitempty"`
}

// copy gives a file that shares nothing with this one.
func (f *ProgramFile) copy() (*ProgramFile, error) {
	text, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("copy the file of a program: %w", err)
	}
	c := &ProgramFile{}
	if err := json.Unmarshal(text, c); err != nil {
		return nil, fmt.Errorf("copy the file of a program: %w", err)
	}
	return c, nil
}

// FileIssuer is the organisation that signs.
type FileIssuer struct {
	Name        string `yaml:"name"`
	URL         string `yaml:"url,omitempty"`
	Email       string `yaml:"email,omitempty"`
	Description string `yaml:"description,omitempty"`
}

// FileProgram is the program itself.
type FileProgram struct {
	Code         string `yaml:"code"`
	Name         string `yaml:"name"`
	Purpose      string `yaml:"purpose,omitempty"`
	Expectations string `yaml:"expectations,omitempty"`

	ReturnReasons []FileReason `yaml:"returnReasons,omitempty"` // none: the usual ones
}

// FileReason is why capstones are returned.
type FileReason struct {
	Code string `yaml:"code"`
	Name string `yaml:"name"`
}

// reasons are those of the program, as they are kept.
func (f *FileProgram) reasons() issuer.ReturnReasons {
	out := issuer.ReturnReasons{}
	for _, r := range f.ReturnReasons {
		out = append(out, issuer.ReturnReason(r))
	}
	return out
}

// FileSkill is a skill; a URL aligns badges to it.
type FileSkill struct {
	Code      string `yaml:"code"`
	Name      string `yaml:"name"`
	Framework string `yaml:"framework,omitempty"`
	URL       string `yaml:"url,omitempty"`
}

// FileLevel is a rung of the ladder; Order counts from 1.
type FileLevel struct {
	Code  string `yaml:"code"`
	Name  string `yaml:"name"`
	Order int    `yaml:"order"`
}

// FileModule is a module. Pass is in per cent; none means any grade passes.
type FileModule struct {
	Code     string   `yaml:"code"`
	Name     string   `yaml:"name"`
	Level    string   `yaml:"level"`
	Kind     string   `yaml:"kind"`
	Hours    int      `yaml:"hours,omitempty"`
	Skills   []string `yaml:"skills,omitempty"`
	Requires []string `yaml:"requires,omitempty"`
	Pass     *int     `yaml:"pass,omitempty"`
}

// FileBrief is a capstone's brief. Policy is what who hands in a scope accepts.
type FileBrief struct {
	Code      string          `yaml:"code"`
	Name      string          `yaml:"name"`
	Level     string          `yaml:"level"`
	Brief     string          `yaml:"brief,omitempty"`
	Team      FileTeam        `yaml:"team,omitempty"`
	Requires  []string        `yaml:"requires,omitempty"`
	Approvals FileApprovals   `yaml:"approvals,omitempty"`
	Scope     bool            `yaml:"scope,omitempty"`
	Policy    FilePolicy      `yaml:"policy,omitempty"`
	Evidence  []string        `yaml:"evidence,omitempty"`
	Impact    FileImpact      `yaml:"impact,omitempty"`
	Rubric    []FileCriterion `yaml:"rubric,omitempty"`
}

// FilePolicy is a version of what the organisation asks of whoever builds
// something, and where to read it.
type FilePolicy struct {
	Version string `yaml:"version"`
	URL     string `yaml:"url,omitempty"`
}

// FileTeam bounds a team; zero values mean one person alone.
type FileTeam struct {
	Min int `yaml:"min,omitempty"`
	Max int `yaml:"max,omitempty"`
}

// FileApprovals is the policy of approvals; count 0 means 1.
type FileApprovals struct {
	Count int  `yaml:"count,omitempty"`
	Lead  bool `yaml:"lead,omitempty"`
}

// FileImpact lists the measures of business value.
type FileImpact struct {
	Measures []string `yaml:"measures,omitempty"`
}

// FileCriterion is a line of a rubric; levels go from low to high.
type FileCriterion struct {
	Code     string   `yaml:"code"`
	Name     string   `yaml:"name"`
	Levels   []string `yaml:"levels"`
	Required string   `yaml:"required,omitempty"`
}

// FileAchievement is something to earn. Criteria may be left out: then they
// are said in a sentence made from Award. So may Icon and Colour: then the
// first follows from what it is for, and the second is the program's.
type FileAchievement struct {
	Code        string    `yaml:"code"`
	Name        string    `yaml:"name"`
	Type        string    `yaml:"type"`
	Award       FileAward `yaml:"award,omitempty"`
	ValidMonths int       `yaml:"validMonths,omitempty"`
	Description string    `yaml:"description,omitempty"`
	Criteria    string    `yaml:"criteria,omitempty"`
	Icon        string    `yaml:"icon,omitempty"`
	Colour      string    `yaml:"colour,omitempty"`
}

// FileAward is the rule: exactly one member, or none for what only an
// explicit award gives.
type FileAward struct {
	Module   string   `yaml:"module,omitempty"`
	Capstone string   `yaml:"capstone,omitempty"`
	All      []string `yaml:"all,omitempty"`
	Reviews  int      `yaml:"reviews,omitempty"`
}

// FileCohort is a cohort of the program.
type FileCohort struct {
	Code         string `yaml:"code"`
	Name         string `yaml:"name"`
	Purpose      string `yaml:"purpose,omitempty"`
	Expectations string `yaml:"expectations,omitempty"`
	Starts       string `yaml:"starts"`
	Ends         string `yaml:"ends"`
	TimeZone     string `yaml:"timeZone"`
}
