package store

import (
	"database/sql"
	"slices"

	"hallmark/issuer"
)

// PlacedQuery narrows PlacedPeople; empty members do not.
type PlacedQuery struct {
	All      bool               // everyone
	Programs []issuer.ProgramID // who has a place in one of these
	Search   string             // part of a name or an address, any case
	Program  issuer.ProgramID
	Cohort   issuer.CohortID
	Role     issuer.Role
	NeverIn  bool // those who never signed in
	After    issuer.PersonID
	Limit    int

	named *searched // whom Search means
}

// NotCounted is how many people there are where they are too many to be counted
// for each page.
const NotCounted = -1

// mostNamed is how many people of a search are found by their names. Where a search
// means more, they are met soon enough by going through people.
const mostNamed = 1000

// Who has a place somewhere: asked of each person, where people are looked at one
// after the other, and asked for, where they are found by it.
const (
	hasPlace = `EXISTS (SELECT 1 FROM enrollments e WHERE e.person_id = people.id AND e.program_id IN ?) OR EXISTS (SELECT 1 FROM grants g WHERE g.person_id = people.id AND g.program_id IN ?)`
	placedIn = `id IN (SELECT person_id FROM enrollments WHERE program_id IN ? UNION SELECT person_id FROM grants WHERE program_id IN ?)`

	hasCohort = `EXISTS (SELECT 1 FROM enrollments e WHERE e.person_id = people.id AND e.cohort_id = ?) OR EXISTS (SELECT 1 FROM grants g WHERE g.person_id = people.id AND g.cohort_id = ?)`
	ofCohort  = `id IN (SELECT person_id FROM enrollments WHERE cohort_id = ? UNION SELECT person_id FROM grants WHERE cohort_id = ?)`

	learns  = `EXISTS (SELECT 1 FROM enrollments e WHERE e.person_id = people.id)`
	hasRole = `EXISTS (SELECT 1 FROM grants g WHERE g.person_id = people.id AND g.role = ?)`
	inRole  = `id IN (SELECT person_id FROM grants WHERE role = ?)`
)

// asked is what the query asks of each person. Found is the same but that the part
// which most likely means the fewest people is one that they are found by.
func (q *PlacedQuery) asked(found bool) *condition {
	c := &condition{}
	if found && q.named != nil && q.named.whole {
		c.and("id IN ?", none(q.named.ids))
		found = false
	}
	and := func(near, far string, args ...any) {
		if found {
			near, found = far, false
		}
		c.and(near, args...)
	}
	c.and("erased_at IS NULL")
	if q.Cohort != "" {
		and(hasCohort, ofCohort, q.Cohort, q.Cohort)
	}
	if q.Role != "" && q.Role != issuer.Learner {
		and(hasRole, inRole, q.Role)
	}
	if q.Program != "" {
		one := []issuer.ProgramID{q.Program}
		and(hasPlace, placedIn, one, one)
	}
	if !q.All && !slices.Contains(q.Programs, q.Program) {
		and(hasPlace, placedIn, none(q.Programs), none(q.Programs))
	}
	if q.Role == issuer.Learner {
		c.and(learns)
	}
	if q.NeverIn {
		c.and("signed_in_at IS NULL")
	}
	if q.named != nil && !q.named.whole {
		and(q.named.near, q.named.far, q.named.args...)
	}
	return c
}

// searched is whom a search means: their ids, or conditions where these are not all.
type searched struct {
	ids       []issuer.PersonID
	whole     bool
	near, far string // asked of each person, and asked for
	args      []any
}

// findNamed looks through the names and addresses of everyone, along the index of
// the first. Where twice as many names and addresses as most fit, it stops.
func (tx *Tx) findNamed(text string, most int) (*searched, error) {
	name, args := tx.alike("name", text)
	address, also := tx.alike("address", text)
	n := &searched{args: append(args, also...), near: name + " OR EXISTS (SELECT 1 FROM emails a WHERE a.person_id = people.id AND (" + address + "))",
		far: name + " OR id IN (SELECT person_id FROM emails WHERE " + address + ")"}
	ids, err := idsOf[issuer.PersonID](tx, "SELECT id FROM people WHERE "+name+" UNION ALL SELECT person_id FROM emails WHERE "+address+" LIMIT ?", append(slices.Clone(n.args), 2*most)...)
	n.whole = len(ids) < 2*most
	slices.Sort(ids)
	n.ids = slices.Compact(ids)
	return n, err
}

// PlacedPeople lists a page of people in the order of their names, erased ones
// left out, and counts all whom the query means; NotCounted where a search means
// very many.
func (tx *Tx) PlacedPeople(q PlacedQuery) (people []issuer.Person, total int, err error) {
	if q.Search != "" {
		if q.named, err = tx.findNamed(q.Search, mostNamed); err != nil {
			return nil, 0, fault(err, "look for people")
		}
	}
	if total, err = tx.countPlaced(&q); err != nil {
		return nil, 0, fault(err, "count people")
	}
	people, err = tx.placedPage(&q, farthest)
	return people, total, fault(err, "list people")
}

// placedPage looks at so many people before it asks for those that are meant.
func (tx *Tx) placedPage(q *PlacedQuery, far int) ([]issuer.Person, error) {
	const order = " ORDER BY name, id LIMIT ?"
	after, args := "", []any{}
	if q.After != "" {
		after, args = " AND (name, id) > (SELECT name, id FROM people WHERE id = ?)", []any{q.After}
	}
	if q.named == nil || !q.named.whole {
		c := q.asked(false)
		ids, whole, err := walk[issuer.PersonID](tx, q.Limit, far, "SELECT id, "+c.column()+" FROM people WHERE 1 = 1"+after+order,
			append(append(slices.Clone(c.args), args...), far)...)
		if err != nil {
			return nil, err
		}
		if whole {
			return tx.People(ids...)
		}
	}
	c := q.asked(true)
	return read[issuer.Person](tx, "WHERE "+c.where()+after+order, append(append(c.args, args...), q.Limit)...)
}

// countPlaced counts whom a query means. By their places alone people are counted
// along the indexes of these, erased ones apart, of whom there are few.
func (tx *Tx) countPlaced(q *PlacedQuery) (n int, err error) {
	scan := func(rows *sql.Rows) error { return rows.Scan(&n) }
	programs := q.Programs
	if q.Program != "" {
		programs = []issuer.ProgramID{q.Program}
	}
	switch {
	case q.named != nil && !q.named.whole && q.Cohort == "" && (q.Role == "" || q.Role == issuer.Learner):
		return NotCounted, nil
	case q.Cohort != "" || q.Role != "" || q.NeverIn || q.Search != "" || !q.All && q.Program != "" && !slices.Contains(q.Programs, q.Program):
		c := q.asked(true)
		return count[issuer.Person](tx, c.where(), c.args...)
	case q.All && q.Program == "":
		err = tx.query("SELECT (SELECT count(*) FROM people) - (SELECT count(*) FROM people WHERE erased_at IS NOT NULL)", nil, scan)
		return n, err
	}
	in := none(programs)
	err = tx.query(`SELECT (SELECT count(DISTINCT person_id) FROM enrollments WHERE program_id IN ?)
		+ (SELECT count(DISTINCT person_id) FROM grants WHERE program_id IN ? AND NOT EXISTS (SELECT 1 FROM enrollments e WHERE e.person_id = grants.person_id AND e.program_id IN ?))
		- (SELECT count(*) FROM people WHERE erased_at IS NOT NULL AND (`+hasPlace+`))`, []any{in, in, in, in, in}, scan)
	return n, err
}
