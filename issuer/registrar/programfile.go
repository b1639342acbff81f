package registrar

import "hallmark/issuer"

// ProgramFile is a program as one file, the shape that `hallmark import
// program` reads. Every key is here; a reader refuses others by name. The order
// of modules, capstones, achievements and criteria is their order in the
// program. What is retired is issued, completed and begun no more, and stays for
// who has it.
type ProgramFile struct {
	// Edition names the state of the program that the file was made from: if it
	// is another by now, the file is refused. "" takes it as it is.
	Edition string `yaml:"-" json:"-"`

	Version      int               `yaml:"version" json:"version"`
	Issuer       *FileIssuer       `yaml:"issuer,omitempty" json:"issuer,omitempty"`
	Program      FileProgram       `yaml:"program" json:"program"`
	Skills       []FileSkill       `yaml:"skills,omitempty" json:"skills,omitempty"`
	Levels       []FileLevel       `yaml:"levels,omitempty" json:"levels,omitempty"`
	Modules      []FileModule      `yaml:"modules,omitempty" json:"modules,omitempty"`
	Capstones    []FileBrief       `yaml:"capstones,omitempty" json:"capstones,omitempty"`
	Achievements []FileAchievement `yaml:"achievements,omitempty" json:"achievements,omitempty"`
	Cohorts      []FileCohort      `yaml:"cohorts,omitempty" json:"cohorts,omitempty"`

	Remove FileRemove `yaml:"remove,omitempty" json:"remove,omitzero"`
}

// FileRemove names by code what is to be removed. What the file names nowhere
// stays as it is.
type FileRemove struct {
	Skills       []string `yaml:"skills,omitempty" json:"skills,omitempty"`
	Levels       []string `yaml:"levels,omitempty" json:"levels,omitempty"`
	Modules      []string `yaml:"modules,omitempty" json:"modules,omitempty"`
	Capstones    []string `yaml:"capstones,omitempty" json:"capstones,omitempty"`
	Achievements []string `yaml:"achievements,omitempty" json:"achievements,omitempty"`
}

// FileIssuer is the organisation that signs.
type FileIssuer struct {
	Name        string `yaml:"name" json:"name"`
	URL         string `yaml:"url,omitempty" json:"url,omitempty"`
	Email       string `yaml:"email,omitempty" json:"email,omitempty"`
	Description string `yaml:"description,omitempty" json:"description,omitempty"`
}

// FileProgram is the program itself.
type FileProgram struct {
	Code         string `yaml:"code" json:"code"`
	Name         string `yaml:"name" json:"name"`
	Purpose      string `yaml:"purpose,omitempty" json:"purpose,omitempty"`
	Expectations string `yaml:"expectations,omitempty" json:"expectations,omitempty"`

	ReturnReasons []FileReason  `yaml:"returnReasons,omitempty" json:"returnReasons,omitempty"` // none: the usual ones
	Guidance      FileGuidance  `yaml:"guidance,omitempty" json:"guidance,omitzero"`
	Questions     FileQuestions `yaml:"questions,omitempty" json:"questions,omitzero"`
}

// FileGuidance is what the program expects of people in each of their roles,
// said on their home in place of what the product says by itself. Community and
// lead are the tiers of mentors.
type FileGuidance struct {
	Learner   string `yaml:"learner,omitempty" json:"learner,omitempty"`
	Community string `yaml:"community,omitempty" json:"community,omitempty"`
	Lead      string `yaml:"lead,omitempty" json:"lead,omitempty"`
	Owner     string `yaml:"owner,omitempty" json:"owner,omitempty"`
	Sponsor   string `yaml:"sponsor,omitempty" json:"sponsor,omitempty"`
}

// FileQuestions are what the program asks in its own words: in a round of
// feedback, unless who opens it asks something else, and of a module (what
// helped, what hindered). What it leaves out is asked in words of the product.
type FileQuestions struct {
	Peers    []string `yaml:"peers,omitempty" json:"peers,omitempty"`
	Helped   string   `yaml:"helped,omitempty" json:"helped,omitempty"`
	Hindered string   `yaml:"hindered,omitempty" json:"hindered,omitempty"`
}

// FileReason is why capstones are returned.
type FileReason struct {
	Code string `yaml:"code" json:"code"`
	Name string `yaml:"name" json:"name"`
}

// reasons are those of the program, as they are kept.
func (f *FileProgram) reasons() issuer.ReturnReasons {
	out := issuer.ReturnReasons{}
	for _, r := range f.ReturnReasons {
		out = append(out, issuer.ReturnReason(r))
	}
	return out
}

// FileSkill is a skill; a URL aligns badges to it. Learners rate themselves by
// the question, if there is one, such as “I can join two tables”.
type FileSkill struct {
	Code      string `yaml:"code" json:"code"`
	Name      string `yaml:"name" json:"name"`
	Framework string `yaml:"framework,omitempty" json:"framework,omitempty"`
	URL       string `yaml:"url,omitempty" json:"url,omitempty"`
	Question  string `yaml:"question,omitempty" json:"question,omitempty"`
}

// FileLevel is a rung of the ladder; Order counts from 1. Left out, it is the
// place in the file.
type FileLevel struct {
	Code  string `yaml:"code" json:"code"`
	Name  string `yaml:"name" json:"name"`
	Order int    `yaml:"order" json:"order"`

	Retired bool `yaml:"retired,omitempty" json:"retired,omitempty"`
}

// FileModule is a module. Pass is in per cent; none means any grade passes.
type FileModule struct {
	Code     string   `yaml:"code" json:"code"`
	Name     string   `yaml:"name" json:"name"`
	Level    string   `yaml:"level" json:"level"`
	Kind     string   `yaml:"kind" json:"kind"`
	Hours    int      `yaml:"hours,omitempty" json:"hours,omitempty"`
	Skills   []string `yaml:"skills,omitempty" json:"skills,omitempty"`
	Requires []string `yaml:"requires,omitempty" json:"requires,omitempty"`
	Pass     *int     `yaml:"pass,omitempty" json:"pass,omitempty"`
	Retired  bool     `yaml:"retired,omitempty" json:"retired,omitempty"`
}

// FileBrief is a capstone's brief. Policy is what who hands in a scope accepts.
type FileBrief struct {
	Code      string          `yaml:"code" json:"code"`
	Name      string          `yaml:"name" json:"name"`
	Level     string          `yaml:"level" json:"level"`
	Brief     string          `yaml:"brief,omitempty" json:"brief,omitempty"`
	Team      FileTeam        `yaml:"team,omitempty" json:"team,omitzero"`
	Requires  []string        `yaml:"requires,omitempty" json:"requires,omitempty"`
	Approvals FileApprovals   `yaml:"approvals,omitempty" json:"approvals,omitzero"`
	Scope     bool            `yaml:"scope,omitempty" json:"scope,omitempty"`
	Policy    FilePolicy      `yaml:"policy,omitempty" json:"policy,omitzero"`
	Evidence  []string        `yaml:"evidence,omitempty" json:"evidence,omitempty"`
	Impact    FileImpact      `yaml:"impact,omitempty" json:"impact,omitzero"`
	Rubric    []FileCriterion `yaml:"rubric,omitempty" json:"rubric,omitempty"`
	Retired   bool            `yaml:"retired,omitempty" json:"retired,omitempty"`
}

// FilePolicy is a version of what the organisation asks of whoever builds
// something, and where to read it.
type FilePolicy struct {
	Version string `yaml:"version" json:"version"`
	URL     string `yaml:"url,omitempty" json:"url,omitempty"`
}

// FileTeam bounds a team; zero values mean one person alone.
type FileTeam struct {
	Min int `yaml:"min,omitempty" json:"min,omitempty"`
	Max int `yaml:"max,omitempty" json:"max,omitempty"`
}

// FileApprovals is the policy of approvals; count 0 means 1.
type FileApprovals struct {
	Count int  `yaml:"count,omitempty" json:"count,omitempty"`
	Lead  bool `yaml:"lead,omitempty" json:"lead,omitempty"`
}

// FileImpact lists the measures of business value.
type FileImpact struct {
	Measures []string `yaml:"measures,omitempty" json:"measures,omitempty"`
}

// FileCriterion is a line of a rubric; levels go from low to high.
type FileCriterion struct {
	Code     string   `yaml:"code" json:"code"`
	Name     string   `yaml:"name" json:"name"`
	Levels   []string `yaml:"levels" json:"levels"`
	Required string   `yaml:"required,omitempty" json:"required,omitempty"`
	Retired  bool     `yaml:"retired,omitempty" json:"retired,omitempty"`
}

// FileAchievement is something to earn. Criteria may be left out: then they
// are said in a sentence made from Award. So may Icon and Colour: then the
// first follows from what it is for, and the second is the program's.
type FileAchievement struct {
	Code        string    `yaml:"code" json:"code"`
	Name        string    `yaml:"name" json:"name"`
	Type        string    `yaml:"type" json:"type"`
	Award       FileAward `yaml:"award,omitempty" json:"award,omitzero"`
	ValidMonths int       `yaml:"validMonths,omitempty" json:"validMonths,omitempty"`
	Description string    `yaml:"description,omitempty" json:"description,omitempty"`
	Criteria    string    `yaml:"criteria,omitempty" json:"criteria,omitempty"`
	Icon        string    `yaml:"icon,omitempty" json:"icon,omitempty"`
	Colour      string    `yaml:"colour,omitempty" json:"colour,omitempty"`
	Retired     bool      `yaml:"retired,omitempty" json:"retired,omitempty"`
}

// FileAward is the rule: exactly one member, or none for what only an
// explicit award gives.
type FileAward struct {
	Module   string   `yaml:"module,omitempty" json:"module,omitempty"`
	Capstone string   `yaml:"capstone,omitempty" json:"capstone,omitempty"`
	All      []string `yaml:"all,omitempty" json:"all,omitempty"`
	Reviews  int      `yaml:"reviews,omitempty" json:"reviews,omitempty"`
}

// FileCohort is a cohort of the program.
type FileCohort struct {
	Code         string `yaml:"code" json:"code"`
	Name         string `yaml:"name" json:"name"`
	Purpose      string `yaml:"purpose,omitempty" json:"purpose,omitempty"`
	Expectations string `yaml:"expectations,omitempty" json:"expectations,omitempty"`
	Starts       string `yaml:"starts" json:"starts"`
	Ends         string `yaml:"ends" json:"ends"`
	TimeZone     string `yaml:"timeZone" json:"timeZone"`
}
