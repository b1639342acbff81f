package store

import "hallmark/issuer"

// Cohort reads a cohort by id.
func (tx *Tx) Cohort(id issuer.CohortID) (*issuer.Cohort, error) {
	return take[issuer.Cohort](tx, "There is no such cohort.", "id = ?", id)
}

// CohortNamed reads a cohort by code or id.
func (tx *Tx) CohortNamed(name string) (*issuer.Cohort, error) {
	return take[issuer.Cohort](tx, "There is no such cohort.", "code = ? OR id = ?", name, name)
}

// Cohorts lists the cohorts of a program, the latest first.
func (tx *Tx) Cohorts(p issuer.ProgramID) ([]issuer.Cohort, error) {
	return list[issuer.Cohort](tx, "starts_on DESC, code", "program_id = ?", p)
}

// AllCohorts lists every cohort, the latest first.
func (tx *Tx) AllCohorts() ([]issuer.Cohort, error) {
	return list[issuer.Cohort](tx, "starts_on DESC, code", "1 = 1")
}

// AddCohort keeps a new cohort.
func (tx *Tx) AddCohort(c *issuer.Cohort) error { return tx.add("cohort", c) }

// SaveCohort keeps what may change of a cohort.
func (tx *Tx) SaveCohort(c *issuer.Cohort) error {
	return save[issuer.Cohort](tx, "cohort", string(c.ID), map[string]any{
		"name": c.Name, "purpose": c.Purpose, "expectations": c.Expectations,
		"starts_on": c.StartsOn, "ends_on": c.EndsOn, "time_zone": c.TimeZone,
		"closed_at": c.ClosedAt, "archived_at": c.ArchivedAt})
}
