package store

import (
	"database/sql"

	"hallmark/issuer"
)

// AddTouchpoint keeps a new date of a cohort.
func (tx *Tx) AddTouchpoint(t *issuer.Touchpoint) error { return tx.add("touchpoint", t) }

// Touchpoint reads a date of a cohort by id.
func (tx *Tx) Touchpoint(id issuer.TouchpointID) (*issuer.Touchpoint, error) {
	return take[issuer.Touchpoint](tx, "There is no such date.", "id = ?", id)
}

// LockTouchpoint holds a date until the transaction ends.
func (tx *Tx) LockTouchpoint(id issuer.TouchpointID) error {
	return tx.lock("touchpoints", []string{string(id)})
}

// TouchpointsByHost counts the dates of a cohort that are still to come by whom
// they are with.
func (tx *Tx) TouchpointsByHost(c issuer.CohortID) (map[string]int, error) {
	return tallies(tx, "touchpoints", `SELECT host_id AS name, count(*) AS n FROM touchpoints
		WHERE cohort_id = ? AND at >= ? AND cancelled_at IS NULL GROUP BY host_id`, c, tx.Now)
}

// Touchpoints lists the dates of a cohort, the latest first.
func (tx *Tx) Touchpoints(c issuer.CohortID) ([]issuer.Touchpoint, error) {
	return list[issuer.Touchpoint](tx, "at DESC, id", "cohort_id = ?", c)
}

// SaveTouchpoint keeps what may change of a date.
func (tx *Tx) SaveTouchpoint(t *issuer.Touchpoint) error {
	return save[issuer.Touchpoint](tx, "touchpoint", string(t.ID), map[string]any{"kind": t.Kind, "title": t.Title, "at": t.At,
		"host_id": t.HostID, "notes": t.Notes, "cancelled_at": t.CancelledAt})
}

// Attendances lists who came to dates; of one person where one is named.
func (tx *Tx) Attendances(of issuer.PersonID, ids ...issuer.TouchpointID) ([]issuer.Attendance, error) {
	if of != "" {
		return list[issuer.Attendance](tx, "touchpoint_id", "touchpoint_id IN ? AND person_id = ?", none(ids), of)
	}
	return list[issuer.Attendance](tx, "touchpoint_id, person_id", "touchpoint_id IN ?", none(ids))
}

// AttendancesOf lists where a person came, or did not.
func (tx *Tx) AttendancesOf(p issuer.PersonID) ([]issuer.Attendance, error) {
	return list[issuer.Attendance](tx, "touchpoint_id", "person_id = ?", p)
}

// PutAttendances notes who came to a date, in place of what was noted before.
func (tx *Tx) PutAttendances(t issuer.TouchpointID, all ...*issuer.Attendance) error {
	if _, err := remove[issuer.Attendance](tx, "touchpoint_id = ?", t); err != nil || len(all) == 0 {
		return err
	}
	return addAll(tx, "attendances", all)
}

// Attended is a learner of a cohort and what is noted of them at one of its dates.
type Attended struct {
	ID      issuer.PersonID
	Name    string
	Address string          // their main one; "": none
	State   issuer.Presence // "" is nobody noted it
}

// Attended lists the learners of a cohort who were not erased, and what is noted of
// them at a date. Who has left is among them if anything is.
func (tx *Tx) Attended(c issuer.CohortID, t issuer.TouchpointID) (all []Attended, err error) {
	err = tx.query(`SELECT p.id, p.name, coalesce(m.address, ''), coalesce(a.state, '') FROM enrollments e JOIN people p ON p.id = e.person_id
		LEFT JOIN attendances a ON a.touchpoint_id = ? AND a.person_id = e.person_id LEFT JOIN emails m ON m.person_id = p.id AND m.main
		WHERE e.cohort_id = ? AND p.erased_at IS NULL AND (e.left_at IS NULL OR a.state IS NOT NULL)`, []any{t, c}, func(rows *sql.Rows) error {
		var one Attended
		err := rows.Scan(&one.ID, &one.Name, &one.Address, &one.State)
		all = append(all, one)
		return err
	})
	return all, fault(err, "list who attended")
}

// ChangeAttendances notes who came to a date, in place of what was noted of these
// people before; of those in gone nothing is noted any more.
func (tx *Tx) ChangeAttendances(t issuer.TouchpointID, gone []issuer.PersonID, noted ...*issuer.Attendance) error {
	for _, a := range noted {
		gone = append(gone, a.PersonID)
	}
	if len(gone) > 0 {
		if _, err := remove[issuer.Attendance](tx, "touchpoint_id = ? AND person_id IN ?", t, gone); err != nil {
			return err
		}
	}
	if len(noted) == 0 {
		return nil
	}
	return addAll(tx, "attendances", noted)
}
