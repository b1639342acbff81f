package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"

	"hallmark/issuer"
)

// Column is one of a table, with its kind: text, integer, boolean, time or bytes.
type Column struct{ Name, Kind string }

// Tables lists the tables of the database.
func (s *Store) Tables(ctx context.Context) ([]string, error) { return Read(ctx, s, (*Tx).tables) }

// Rows hands out the rows of a table in the order of its first two columns, each
// as pointers to values that encoding/json writes; some columns may be left out.
// Signed copies are whole. Before the first row head is told the columns; of an
// empty table it is not.
func (tx *Tx) Rows(table string, without []string, head func([]Column) error, row func([]any) error) error {
	var columns []Column
	var all, picked []any
	var taken []int
	mend, err := tx.mends(table)
	if err != nil {
		return err
	}
	err = tx.query("SELECT * FROM "+strconv.Quote(table)+" ORDER BY 1, 2", nil, func(rows *sql.Rows) error {
		if all == nil {
			h, err := headerOf(rows)
			if err != nil {
				return err
			}
			all = make([]any, len(h.Columns))
			for i, name := range h.Columns {
				if !slices.Contains(without, name) {
					columns, taken = append(columns, Column{name, h.Kinds[i]}), append(taken, i)
				}
			}
			for i, kind := range h.Kinds {
				if all[i] = place(kind); kind == "bytes" {
					all[i] = &blob{}
				}
			}
			for _, i := range taken {
				picked = append(picked, all[i])
			}
			if err := head(columns); err != nil {
				return err
			}
		}
		if err := rows.Scan(all...); err != nil {
			return err
		}
		if mend != nil {
			mend(columns, picked)
		}
		return row(picked)
	})
	return fault(err, "read %s", table)
}

// mends gives what makes the rows of a table whole before they are handed out;
// nil where nothing need be done.
func (tx *Tx) mends(table string) (func([]Column, []any), error) {
	if table != "signed_copies" {
		return nil, nil
	}
	kept, err := list[issuer.CopyExample](tx, "id", "1 = 1")
	if err != nil {
		return nil, err
	}
	examples := map[string][]byte{}
	for _, e := range kept {
		examples[e.ID] = e.Bytes
	}
	return func(columns []Column, row []any) {
		var text *blob
		example := ""
		for i, c := range columns {
			switch v := row[i].(type) {
			case *blob:
				if c.Name == "bytes" {
					text = v
				}
			case **string:
				if c.Name == "example_id" && *v != nil {
					example = **v
				}
			}
		}
		if example != "" {
			text.bytes, text.there = withDifferences(examples[example], text.bytes)
		}
	}, nil
}

// Placed is a person in one of their places, by codes.
type Placed struct{ Email, Name, Department, Experience, TimeZone, Role, Tier, Cohort string }

// EachPlaced hands out every person once for each place they have, who learns
// before who has a role; for a role in a whole program it names the first of its
// cohorts. Who has no place, or one in the whole installation alone, is in none.
func (tx *Tx) EachPlaced(each func(Placed) error) error {
	err := tx.query(`SELECT e.address, p.name, p.department, p.experience, p.time_zone, x.role, x.tier, c.code
		FROM (SELECT person_id, 0 AS turn, 'learner' AS role, '' AS tier, cohort_id FROM enrollments
			UNION ALL SELECT person_id, 1, role, tier, cohort_id FROM grants WHERE cohort_id <> ''
			UNION ALL SELECT g.person_id, 1, g.role, g.tier, (SELECT f.id FROM cohorts f WHERE f.program_id = g.program_id ORDER BY f.code LIMIT 1)
				FROM grants g WHERE g.cohort_id = '' AND g.program_id <> '') x
		JOIN people p ON p.id = x.person_id AND p.erased_at IS NULL
		JOIN emails e ON e.person_id = p.id AND e.main
		JOIN cohorts c ON c.id = x.cohort_id
		ORDER BY e.address, x.turn, c.code, x.role`, nil, func(rows *sql.Rows) error {
		var p Placed
		if err := rows.Scan(&p.Email, &p.Name, &p.Department, &p.Experience, &p.TimeZone, &p.Role, &p.Tier, &p.Cohort); err != nil {
			return err
		}
		return each(p)
	})
	return fault(err, "list people with their places")
}

// Done is a completion, by codes.
type Done struct{ Email, Module, Cohort, CompletedOn, Score, Unit string }

// EachDone hands out every completion that stands, in the order in which they were recorded.
func (tx *Tx) EachDone(each func(Done) error) error {
	err := tx.query(`SELECT e.address, m.code, c.code, d.completed_on, d.score, d.unit
		FROM completions d
		JOIN people p ON p.id = d.person_id AND p.erased_at IS NULL
		JOIN emails e ON e.person_id = p.id AND e.main
		JOIN modules m ON m.id = d.module_id
		JOIN cohorts c ON c.id = d.cohort_id
		WHERE d.withdrawn_at IS NULL
		ORDER BY d.recorded_at, d.id`, nil, func(rows *sql.Rows) error {
		var d Done
		if err := rows.Scan(&d.Email, &d.Module, &d.Cohort, &d.CompletedOn, &d.Score, &d.Unit); err != nil {
			return err
		}
		return each(d)
	})
	return fault(err, "list completions")
}
