package store

import (
	"database/sql"
	"strings"
	"time"

	"hallmark/issuer"
)

// TrailQuery says which entries of the audit trail are wanted; empty members do
// not narrow.
type TrailQuery struct {
	Before int64 // position that they lie before
	From   int64 // first position
	Actor  string
	Object string
	Acts   []string
	Limit  int
}

// Trail lists entries against the order of the chain, the newest first. An entry
// has its position within a second; before, it is in no list.
func (tx *Tx) Trail(q TrailQuery) ([]issuer.AuditEntry, error) {
	where, args := "WHERE sequence < ? AND sequence >= ?", []any{q.Before, q.From}
	if q.Actor != "" {
		where, args = where+" AND actor = ?", append(args, q.Actor)
		if strings.HasPrefix(q.Actor, "person:") { // as the index has them
			where += " AND actor >= 'person:' AND actor < 'person;' AND act <> 'credential.issue'"
		}
	}
	if q.Object != "" {
		where, args = where+" AND object = ?", append(args, q.Object)
	}
	if q.Acts != nil {
		where, args = where+" AND act IN ?", append(args, none(q.Acts))
	}
	rows, err := read[issuer.AuditEntry](tx, where+" ORDER BY sequence DESC LIMIT ?", append(args, q.Limit)...)
	return rows, fault(err, "list the audit trail")
}

// TrailSince gives the first position whose entry is not older than a time; that
// of the entry to come if all are. Entries stand where they were chained: one of an
// act that took long may be older than those before it.
func (tx *Tx) TrailSince(at time.Time) (int64, error) {
	last, err := tx.LastAudit()
	if err != nil || last == nil {
		return 0, err
	}
	low, high := int64(0), *last.Sequence+1
	for low < high {
		middle := (low + high) / 2
		e, err := read[issuer.AuditEntry](tx, "WHERE sequence = ?", middle)
		if err != nil || len(e) == 0 {
			return 0, fault(err, "read audit entry %d", middle)
		}
		if e[0].At.Before(at) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

// ThingKind says what an id is one of.
type ThingKind string

// The kinds of things.
const (
	PersonThing     ThingKind = "person"
	ProgramThing    ThingKind = "program"
	CohortThing     ThingKind = "cohort"
	CapstoneThing   ThingKind = "capstone"
	BadgeThing      ThingKind = "badge"
	CompletionThing ThingKind = "completion"
	DateThing       ThingKind = "date"
	RoundThing      ThingKind = "round"
	StoryThing      ThingKind = "story"
	NameThing       ThingKind = "name"
	ClientThing     ThingKind = "client"
)

// Thing is what an id is, as far as a sentence about it needs to know. Ref leads
// to it: a code for programs and cohorts, the credential of a badge.
type Thing struct {
	ID      string
	Kind    ThingKind
	Name    string
	Ref     string
	Program issuer.ProgramID // "" for none
	Cohort  issuer.CohortID  // of a completion
	Person  issuer.PersonID  // whose it is; "" for nobody's alone
}

// things finds what ids are, each by its primary key.
const things = `SELECT id, 'person', name, id, '', '', id FROM people WHERE id IN ?
	UNION ALL SELECT id, 'capstone', title, id, program_id, '', '' FROM capstones WHERE id IN ?
	UNION ALL SELECT a.id, 'badge', v.name, coalesce((SELECT min(c.id) FROM credentials c WHERE c.award_id = a.id AND c.superseded_by = '' AND c.copy_of = ''), ''), a.program_id, '', a.person_id FROM awards a JOIN achievement_versions v ON v.id = a.achievement_version_id WHERE a.id IN ?
	UNION ALL SELECT c.id, 'badge', v.name, c.id, a.program_id, '', a.person_id FROM credentials c JOIN awards a ON a.id = c.award_id
		JOIN achievement_versions v ON v.id = a.achievement_version_id WHERE c.id IN ?
	UNION ALL SELECT c.id, 'completion', m.name, c.id, c.program_id, c.cohort_id, c.person_id FROM completions c JOIN modules m ON m.id = c.module_id WHERE c.id IN ?
	UNION ALL SELECT t.id, 'date', t.title, t.id, c.program_id, t.cohort_id, '' FROM touchpoints t JOIN cohorts c ON c.id = t.cohort_id WHERE t.id IN ?
	UNION ALL SELECT id, 'round', title, id, program_id, cohort_id, '' FROM feedback_rounds WHERE id IN ?
	UNION ALL SELECT id, 'story', title, capstone_id, program_id, '', '' FROM stories WHERE id IN ?
	UNION ALL SELECT id, 'name', name, id, '', '', person_id FROM name_requests WHERE id IN ?
	UNION ALL SELECT id, 'client', name, id, '', '', '' FROM clients WHERE id IN ?`

// Things tells what ids are, by id; those that are nothing here are left out.
// Programs and cohorts, which callers know, are not looked for.
func (tx *Tx) Things(ids ...string) (map[string]Thing, error) {
	found := map[string]Thing{}
	args := make([]any, strings.Count(things, "?"))
	for i := range args {
		args[i] = none(ids)
	}
	err := tx.query(things, args, func(rows *sql.Rows) error {
		var t Thing
		err := rows.Scan(&t.ID, &t.Kind, &t.Name, &t.Ref, &t.Program, &t.Cohort, &t.Person)
		found[t.ID] = t
		return err
	})
	return found, fault(err, "find out what ids are")
}

// PlacedAmong tells which of some people have a place in one of some programs.
func (tx *Tx) PlacedAmong(programs []issuer.ProgramID, people ...issuer.PersonID) (map[issuer.PersonID]bool, error) {
	placed := map[issuer.PersonID]bool{}
	err := tx.query(`SELECT person_id FROM enrollments WHERE person_id IN ? AND program_id IN ?
		UNION SELECT person_id FROM grants WHERE person_id IN ? AND program_id IN ?`,
		[]any{none(people), none(programs), none(people), none(programs)}, func(rows *sql.Rows) error {
			var p issuer.PersonID
			err := rows.Scan(&p)
			placed[p] = true
			return err
		})
	return placed, fault(err, "list who has a place")
}
