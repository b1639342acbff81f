package issuer

import "database/sql/driver"

// Criterion is one line of a rubric. Levels go from low to high; Required is
// the level an approval needs, "" for none.
type Criterion struct {
	Code     string   `json:"code"`
	Name     string   `json:"name"`
	Levels   []string `json:"levels"`
	Required string   `json:"required,omitempty"`
	Retired  bool     `json:"retired,omitempty"` // not asked any more
}

// Rank is the place of a level in the criterion, from 0; -1 if it has none
// of that name.
func (c Criterion) Rank(level string) int {
	for i, l := range c.Levels {
		if l == level {
			return i
		}
	}
	return -1
}

// Rubric is what a capstone is judged by.
type Rubric []Criterion

// GormDataType names the kind of column to the schema check.
func (Rubric) GormDataType() string { return "text" }

// Value makes the JSON text.
func (r Rubric) Value() (driver.Value, error) {
	if r == nil {
		return "[]", nil
	}
	return toJSON([]Criterion(r))
}

// Scan reads the JSON text.
func (r *Rubric) Scan(src any) error { return fromJSON(src, (*[]Criterion)(r)) }

// Scores gives the level reached per criterion code.
type Scores map[string]string

// GormDataType names the kind of column to the schema check.
func (Scores) GormDataType() string { return "text" }

// Value makes the JSON text.
func (s Scores) Value() (driver.Value, error) {
	if s == nil {
		return "{}", nil
	}
	return toJSON(map[string]string(s))
}

// Scan reads the JSON text.
func (s *Scores) Scan(src any) error { return fromJSON(src, (*map[string]string)(s)) }

// Judge refuses scores that the rubric does not know, and, for an approval,
// scores that stay below what is required. An approval must score every
// criterion that has a required level.
func (r Rubric) Judge(s Scores, approve bool) error {
	r = r.Asked()
	known := map[string]Criterion{}
	for _, c := range r {
		known[c.Code] = c
	}
	for code, level := range s {
		c, ok := known[code]
		if !ok {
			return Wrong("scores."+code, "The rubric has no criterion “%s”.", code)
		}
		if c.Rank(level) < 0 {
			return Wrong("scores."+code, "“%s” is not a level of “%s”.", level, c.Name)
		}
	}
	if !approve {
		return nil
	}
	for _, c := range r {
		if c.Required != "" && c.Rank(s[c.Code]) < c.Rank(c.Required) {
			return Wrong("scores."+c.Code, "“%s” must be at least “%s” to approve.", c.Name, c.Required)
		}
	}
	return nil
}
