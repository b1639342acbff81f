package store

import (
	"database/sql"
	"errors"
	"strings"
)

// A page of a list is found in one of two ways. Where much of a table is meant,
// the rows are looked at one after the other in the order of the page until it is
// full: however much there is, few are looked at. Where little is meant, which is
// known once a stretch of them did not fill the page, those that are meant are
// found by what they have in common, and put into order. Told both at once, in one
// condition, databases put everything that is meant into order for each page.

// farthest is how many rows are looked at one after the other.
const farthest = 4000

// condition is what rows must meet, put together from texts that are never made of
// input, and their parameters.
type condition struct {
	texts []string
	args  []any
}

func (c *condition) and(text string, args ...any) {
	c.texts, c.args = append(c.texts, "("+text+")"), append(c.args, args...)
}

// where is the condition as it stands after WHERE.
func (c *condition) where() string {
	if len(c.texts) == 0 {
		return "1 = 1"
	}
	return strings.Join(c.texts, " AND ")
}

// column is the condition as it stands among columns: true or false, and false
// where a database could not tell.
func (c *condition) column() string { return "coalesce(" + c.where() + ", FALSE)" }

// errEnough ends the reading of rows without an error.
var errEnough = errors.New("no more rows are needed")

// walk looks at rows in the order of a page: query gives their ids, in this order,
// each with whether it is meant, far of them at most. It gives the ids of a page,
// and whether that is all of it: it is full, or there are no more rows.
func walk[ID ~string](tx *Tx, limit, far int, query string, args ...any) (ids []ID, whole bool, err error) {
	seen := 0
	err = tx.query(query, args, func(rows *sql.Rows) error {
		var id ID
		var meant bool
		if err := rows.Scan(&id, &meant); err != nil {
			return err
		}
		seen++
		if meant {
			ids = append(ids, id)
		}
		if len(ids) == limit {
			return errEnough
		}
		return nil
	})
	return ids, len(ids) == limit || seen < far, err
}

// idsOf lists the ids that a statement gives.
func idsOf[ID ~string](tx *Tx, query string, args ...any) (ids []ID, err error) {
	err = tx.query(query, args, func(rows *sql.Rows) error {
		var id ID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}
