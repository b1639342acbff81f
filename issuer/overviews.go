package issuer

import (
	"database/sql/driver"
	"time"
)

// Overview is what a whole program, or the gallery, had come to when it was
// counted. It is derived from the records and can be counted anew at any time.
type Overview struct {
	Name      string // what it is of: OverviewOf a program, or GalleryOverview
	IssuerID  IssuerID
	CountedAt time.Time
	TookMs    int // milliseconds that counting took
	Sums      OverviewSums
}

// GalleryOverview is the name of the overview of the gallery.
const GalleryOverview = "gallery"

// OverviewOf is the name of the overview of a program.
func OverviewOf(p ProgramID) string { return "program " + string(p) }

// How soon an overview is counted anew: not within OverviewLasts, and so seldom
// that counting takes a hundredth of the time at most.
const (
	OverviewLasts = time.Minute
	overviewShare = 100
)

// Due tells whether it is time to count anew.
func (o *Overview) Due(now time.Time) bool {
	return now.Sub(o.CountedAt) >= max(OverviewLasts, overviewShare*time.Duration(o.TookMs)*time.Millisecond)
}

// OverviewSums are the numbers of an overview: those of a program, or of the
// gallery.
type OverviewSums struct {
	Program *ProgramSums `json:"program,omitempty"`
	Gallery []PlaceSum   `json:"gallery,omitempty"`
}

// GormDataType names the kind of column to the schema check.
func (OverviewSums) GormDataType() string { return "text" }

// Value makes the JSON text.
func (s OverviewSums) Value() (driver.Value, error) { return toJSON(s) }

// Scan reads the JSON text.
func (s *OverviewSums) Scan(src any) error { return fromJSON(src, s) }

// ProgramSums is what a program came to. Nobody is named in it.
type ProgramSums struct {
	Learners  int                        `json:"learners"` // people, each once
	Active    int                        `json:"active"`   // of them, who completed at least one module
	Cohorts   map[CohortID]ProgramCohort `json:"cohorts"`
	Modules   map[ModuleID]ProgramModule `json:"modules"`
	Issued    map[string]int             `json:"issued"` // live badges by code of achievement
	Revoked   int                        `json:"revoked"`
	Capstones ProgramCapstones           `json:"capstones"`
	Reviews   int                        `json:"reviews"`
	Worth     []ValueSum                 `json:"worth"` // what approved projects claim, as it was counted with their cohorts
}

// ProgramCohort is participation in a cohort of a program.
type ProgramCohort struct {
	Learners  int `json:"learners,omitempty"`
	Active    int `json:"active,omitempty"`
	Badges    int `json:"badges,omitempty"`
	Capstones int `json:"capstones,omitempty"` // approved
	Seen      int `json:"seen,omitempty"`      // how often pages of its badges were looked at; 0 if they are of fewer than Fewest people
}

// ProgramModule is attainment in a module: people who passed it, and who tried it,
// passed or not.
type ProgramModule struct {
	Passed int `json:"passed,omitempty"`
	Tried  int `json:"tried,omitempty"`
}

// ProgramCapstones is the quality of projects. The median wait is from handing in
// to the decision about it.
type ProgramCapstones struct {
	Started    int           `json:"started"`
	Submitted  int           `json:"submitted"` // wait for a mentor
	Returned   int           `json:"returned"`
	Approved   int           `json:"approved"`
	FirstTime  int           `json:"firstTime"` // approved in the first round
	Rounds     int           `json:"rounds"`    // submissions in all
	MedianWait time.Duration `json:"medianWait"`
}

// PlaceSum is how many stories of a place are in the gallery.
type PlaceSum struct {
	ProgramID  ProgramID `json:"program"`
	BriefID    BriefID   `json:"brief"`
	Department string    `json:"department"`
	Stories    int       `json:"stories"`
}
