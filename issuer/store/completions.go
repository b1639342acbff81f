package store

import (
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"hallmark/issuer"
)

// AddCompletionOnce keeps a completion unless the same fact is there.
func (tx *Tx) AddCompletionOnce(c *issuer.Completion) (added bool, err error) {
	return tx.addOnce("completion", c)
}

// AddCompletionsOnce keeps completions unless the same facts are there, and tells
// of each whether it did.
func (tx *Tx) AddCompletionsOnce(all []*issuer.Completion) (added []bool, err error) {
	rows := make([]any, len(all))
	for i, c := range all {
		rows[i] = c
	}
	kept := map[issuer.CompletionID]bool{}
	for some := range slices.Chunk(rows, maxRows) {
		text, args, err := tx.inserting(nil, some)
		if err == nil {
			err = tx.query(text+" ON CONFLICT DO NOTHING RETURNING id", args, func(found *sql.Rows) error {
				var id issuer.CompletionID
				err := found.Scan(&id)
				kept[id] = true
				return err
			})
		}
		if err != nil {
			return nil, fault(err, "add completions")
		}
	}
	added = make([]bool, len(all))
	for i, c := range all {
		added[i] = kept[c.ID]
	}
	return added, nil
}

// SameCompletion reads the completion that is the same fact as c.
func (tx *Tx) SameCompletion(c *issuer.Completion) (*issuer.Completion, error) {
	return take[issuer.Completion](tx, "There is no such completion.",
		"person_id = ? AND module_id = ? AND completed_on = ? AND score = ? AND unit = ?",
		c.PersonID, c.ModuleID, c.CompletedOn, c.Score, c.Unit)
}

// CompletionBefore reads the completion that is the same fact as c, if there is
// one, for acts that would wait for its person; nil on SQLite, where nobody waits
// for a row and AddCompletionOnce tells as well.
func (tx *Tx) CompletionBefore(c *issuer.Completion) (*issuer.Completion, error) {
	if tx.dialect != postgresDialect {
		return nil, nil
	}
	same, err := tx.SameCompletion(c)
	if errors.Is(err, issuer.NotFound) {
		return nil, nil
	}
	return same, err
}

// SaveCompletion keeps whether a completion stands, and what is said of it
// beside the fact.
func (tx *Tx) SaveCompletion(c *issuer.Completion) error {
	return save[issuer.Completion](tx, "completion", string(c.ID), map[string]any{"withdrawn_at": c.WithdrawnAt, "withdrawn_by": c.WithdrawnBy,
		"withdrawn_reason": c.WithdrawnReason, "delivery": c.Delivery, "note": c.Note, "replaced_by": c.ReplacedBy, "recorded_by": c.RecordedBy, "recorded_at": c.RecordedAt})
}

// AddCompletionEvidence keeps a link that came with a completion.
func (tx *Tx) AddCompletionEvidence(e *issuer.CompletionEvidence) error {
	return tx.add("completion evidence", e)
}

// CompletionsOf lists what a person completed, the newest first.
func (tx *Tx) CompletionsOf(p issuer.PersonID) ([]issuer.Completion, error) {
	return list[issuer.Completion](tx, "completed_on DESC, recorded_at DESC, id", "person_id = ?", p)
}

// CompletionQuery narrows Completions; empty members do not.
type CompletionQuery struct {
	All      bool               // of every program
	Programs []issuer.ProgramID // of these programs,
	Cohorts  []issuer.CohortID  // of these cohorts,
	Own      issuer.PersonID    // or of this person
	Person   issuer.PersonID
	Cohort   issuer.CohortID
	Modules  []issuer.ModuleID
	After    issuer.CompletionID
	Limit    int
	Newest   bool // the other way round, from After back
}

// Completions lists a page of completions by id.
func (tx *Tx) Completions(q CompletionQuery) ([]issuer.Completion, error) {
	c := &condition{}
	order := "id"
	if q.Newest {
		order = "id DESC"
	}
	switch {
	case !q.Newest:
		c.and("id > ?", q.After)
	case q.After != "":
		c.and("id < ?", q.After)
	}
	if q.Person != "" {
		c.and("person_id = ?", q.Person)
	}
	if q.Cohort != "" {
		c.and("cohort_id = ?", q.Cohort)
	}
	if len(q.Modules) > 0 {
		c.and("module_id IN ?", q.Modules)
	}
	one := q.Person != "" || q.Cohort != "" // they have few
	if one && !q.All {
		c.and("program_id IN ? OR cohort_id IN ? OR person_id = ?", none(q.Programs), none(q.Cohorts), q.Own)
	}
	if one || q.All {
		page := "WHERE " + c.where() + " ORDER BY " + order + " LIMIT ?"
		rows, err := read[issuer.Completion](tx, page, append(c.args, q.Limit)...)
		return rows, fault(err, "list completions")
	}
	text, args := q.parts(c, order)
	ids, err := idsOf[issuer.CompletionID](tx, text+" ORDER BY "+order+" LIMIT ?", append(args, q.Limit)...)
	if err != nil {
		return nil, fault(err, "list completions")
	}
	return list[issuer.Completion](tx, order, "id IN ?", none(ids))
}

// parts asks for a page of each program, cohort and person that the query is about:
// each has its completions in an index, those of a program in their order.
func (q *CompletionQuery) parts(c *condition, order string) (text string, args []any) {
	var parts []string
	part := func(column string, value any) {
		parts = append(parts, "SELECT id FROM (SELECT id FROM completions WHERE "+column+" = ? AND "+c.where()+" ORDER BY "+order+" LIMIT ?) p"+strconv.Itoa(len(parts)))
		args = append(append(append(args, value), c.args...), q.Limit)
	}
	for _, p := range q.Programs {
		part("program_id", p)
	}
	for _, cohort := range q.Cohorts {
		part("cohort_id", cohort)
	}
	part("person_id", q.Own)
	return strings.Join(parts, " UNION "), args
}
