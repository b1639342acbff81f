package registrar

// ProgramFile is a program as one file, the shape that `hallmark import
// program` reads. Every key is here; a reader refuses others by name.
type ProgramFile struct {
	Version      int               `yaml:"version"`
	Issuer       *FileIssuer       `yaml:"issuer"`
	Program      FileProgram       `yaml:"program"`
	Skills       []FileSkill       `yaml:"skills"`
	Levels       []FileLevel       `yaml:"levels"`
	Modules      []FileModule      `yaml:"modules"`
	Capstones    []FileBrief       `yaml:"capstones"`
	Achievements []FileAchievement `yaml:"achievements"`
	Cohorts      []FileCohort      `yaml:"cohorts"`
}

// FileIssuer is the organisation that signs.
type FileIssuer struct {
	Name        string `yaml:"name"`
	URL         string `yaml:"url"`
	Email       string `yaml:"email"`
	Description string `yaml:"description"`
}

// FileProgram is the program itself.
type FileProgram struct {
	Code         string `yaml:"code"`
	Name         string `yaml:"name"`
	Purpose      string `yaml:"purpose"`
	Expectations string `yaml:"expectations"`
}

// FileSkill is a skill; a URL aligns badges to it.
type FileSkill struct {
	Code      string `yaml:"code"`
	Name      string `yaml:"name"`
	Framework string `yaml:"framework"`
	URL       string `yaml:"url"`
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
	Hours    int      `yaml:"hours"`
	Skills   []string `yaml:"skills"`
	Requires []string `yaml:"requires"`
	Pass     *int     `yaml:"pass"`
}

// FileBrief is a capstone's brief.
type FileBrief struct {
	Code      string          `yaml:"code"`
	Name      string          `yaml:"name"`
	Level     string          `yaml:"level"`
	Brief     string          `yaml:"brief"`
	Team      FileTeam        `yaml:"team"`
	Requires  []string        `yaml:"requires"`
	Approvals FileApprovals   `yaml:"approvals"`
	Scope     bool            `yaml:"scope"`
	Evidence  []string        `yaml:"evidence"`
	Impact    FileImpact      `yaml:"impact"`
	Rubric    []FileCriterion `yaml:"rubric"`
}

// FileTeam bounds a team; zero values mean one person alone.
type FileTeam struct {
	Min int `yaml:"min"`
	Max int `yaml:"max"`
}

// FileApprovals is the policy of approvals; count 0 means 1.
type FileApprovals struct {
	Count int  `yaml:"count"`
	Lead  bool `yaml:"lead"`
}

// FileImpact lists the measures of business value.
type FileImpact struct {
	Measures []string `yaml:"measures"`
}

// FileCriterion is a line of a rubric; levels go from low to high.
type FileCriterion struct {
	Code     string   `yaml:"code"`
	Name     string   `yaml:"name"`
	Levels   []string `yaml:"levels"`
	Required string   `yaml:"required"`
}

// FileAchievement is something to earn. Criteria may be left out: then they
// are said in a sentence made from Award.
type FileAchievement struct {
	Code        string    `yaml:"code"`
	Name        string    `yaml:"name"`
	Type        string    `yaml:"type"`
	Award       FileAward `yaml:"award"`
	ValidMonths int       `yaml:"validMonths"`
	Description string    `yaml:"description"`
	Criteria    string    `yaml:"criteria"`
	Icon        string    `yaml:"icon"`
}

// FileAward is the rule: exactly one member, or none for what only an
// explicit award gives.
type FileAward struct {
	Module   string   `yaml:"module"`
	Capstone string   `yaml:"capstone"`
	All      []string `yaml:"all"`
	Reviews  int      `yaml:"reviews"`
}

// FileCohort is a cohort of the program.
type FileCohort struct {
	Code         string `yaml:"code"`
	Name         string `yaml:"name"`
	Purpose      string `yaml:"purpose"`
	Expectations string `yaml:"expectations"`
	Starts       string `yaml:"starts"`
	Ends         string `yaml:"ends"`
	TimeZone     string `yaml:"timeZone"`
}
