package issuer

import "database/sql/driver"

// MaxGuidance is how many characters a program may say to people in a role.
const MaxGuidance = 1000

// Guidance is what a program expects of people in each of their roles, in its
// own words; "" leaves what the product says by itself.
type Guidance struct {
	Learner   string `json:"learner,omitempty"`
	Community string `json:"community,omitempty"`
	Lead      string `json:"lead,omitempty"`
	Owner     string `json:"owner,omitempty"`
	Sponsor   string `json:"sponsor,omitempty"`
}

// For is what is said to people in a role; mentors are of a tier.
func (g Guidance) For(role Role, tier Tier) string {
	switch role {
	case Learner:
		return g.Learner
	case Mentor:
		if tier == Lead {
			return g.Lead
		}
		return g.Community
	case Owner:
		return g.Owner
	case Sponsor:
		return g.Sponsor
	}
	return ""
}

// GormDataType names the kind of column to the schema check.
func (Guidance) GormDataType() string { return "text" }

// Value makes the JSON text.
func (g Guidance) Value() (driver.Value, error) { return toJSON(g) }

// Scan reads the JSON text.
func (g *Guidance) Scan(src any) error { return fromJSON(src, g) }

// QuestionSets are what a program asks in its own words: the questions that a
// round of feedback begins with, and what learners are asked of a module. ""
// and none leave what the product asks by itself. The skills have theirs beside
// them.
type QuestionSets struct {
	Peers    []string `json:"peers,omitempty"`
	Helped   string   `json:"helped,omitempty"`
	Hindered string   `json:"hindered,omitempty"`
}

// GormDataType names the kind of column to the schema check.
func (QuestionSets) GormDataType() string { return "text" }

// Value makes the JSON text.
func (q QuestionSets) Value() (driver.Value, error) { return toJSON(q) }

// Scan reads the JSON text.
func (q *QuestionSets) Scan(src any) error { return fromJSON(src, q) }
