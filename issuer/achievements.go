package issuer

import (
	"database/sql/driver"
	"time"
)

// Achievement is something that can be earned. What it says lives in its
// versions, so that what a badge meant when it was earned never changes.
type Achievement struct {
	ID        AchievementID
	IssuerID  IssuerID
	ProgramID ProgramID
	Code      string // unique in the program
	Version   int    // the current one
	Position  int
	CreatedAt time.Time
	RetiredAt *time.Time // it is issued no more; its badges stay good
}

// AchievementVersion is one wording of an achievement; it is never changed.
type AchievementVersion struct {
	ID            AchievementVersionID
	IssuerID      IssuerID
	AchievementID AchievementID
	Version       int
	Name          string
	Description   string
	Type          string // Open Badges 3.0 achievementType
	Criteria      string // narrative, Markdown
	ValidMonths   int    // 0 = for ever
	Rule          Rule
	Skills        Alignments
	Art           Art
	PublishedAt   time.Time
}

// Rule says what earns an achievement: exactly one member is set, or none if
// only an explicit award does. All names achievements of the same program.
type Rule struct {
	Module   string   `json:"module,omitempty"`
	Capstone string   `json:"capstone,omitempty"`
	All      []string `json:"all,omitempty"`
	Reviews  int      `json:"reviews,omitempty"`
}

// GormDataType names the kind of column to the schema check.
func (Rule) GormDataType() string { return "text" }

// Value makes the JSON text.
func (r Rule) Value() (driver.Value, error) { return toJSON(r) }

// Scan reads the JSON text.
func (r *Rule) Scan(src any) error { return fromJSON(src, r) }

// Alignment ties an achievement to a skill of a framework.
type Alignment struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	Framework string `json:"framework,omitempty"`
	URL       string `json:"url,omitempty"`
}

// Alignments is a list of them in one column.
type Alignments []Alignment

// GormDataType names the kind of column to the schema check.
func (Alignments) GormDataType() string { return "text" }

// Value makes the JSON text.
func (a Alignments) Value() (driver.Value, error) {
	if a == nil {
		return "[]", nil
	}
	return toJSON([]Alignment(a))
}

// Scan reads the JSON text.
func (a *Alignments) Scan(src any) error { return fromJSON(src, (*[]Alignment)(a)) }

// Art is what the picture of a badge is drawn from.
type Art struct {
	Kind string `json:"kind"` // short, track, capstone, level, program, mentor
	Ring int    `json:"ring"` // rank of the level, 0 for none
	Icon string `json:"icon"`
	Hue  int    `json:"hue"`           // the program's colour, degrees
	Ink  string `json:"ink,omitempty"` // one of Colours; "" = the program's own
}

// GormDataType names the kind of column to the schema check.
func (Art) GormDataType() string { return "text" }

// Value makes the JSON text.
func (a Art) Value() (driver.Value, error) { return toJSON(a) }

// Scan reads the JSON text.
func (a *Art) Scan(src any) error { return fromJSON(src, a) }
