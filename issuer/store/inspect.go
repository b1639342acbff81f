package store

import (
	"database/sql"

	"hallmark/issuer"
)

// What follows reads records page by page to hold them against each other.

// AwardsFrom lists awards by id, after one.
func (tx *Tx) AwardsFrom(after issuer.AwardID, limit int) ([]issuer.Award, error) {
	rows, err := read[issuer.Award](tx, "WHERE id > ? ORDER BY id LIMIT ?", string(after), limit)
	return rows, fault(err, "list awards")
}

// SaltsOf lists the salts of credentials.
func (tx *Tx) SaltsOf(ids ...issuer.CredentialID) ([]issuer.LogSalt, error) {
	return list[issuer.LogSalt](tx, "credential_id", "credential_id IN ?", none(ids))
}

// StatusEntriesOf lists the places of credentials.
func (tx *Tx) StatusEntriesOf(ids ...issuer.CredentialID) ([]issuer.StatusEntry, error) {
	return list[issuer.StatusEntry](tx, "credential_id", "credential_id IN ?", none(ids))
}

// LeavesOf lists the leaves of credentials in the order of the log.
func (tx *Tx) LeavesOf(ids ...issuer.CredentialID) ([]issuer.LogLeaf, error) {
	return list[issuer.LogLeaf](tx, "sequence IS NULL, sequence, at, id", "credential_id IN ?", none(ids))
}

// AuditOf lists the entries about some objects in the order of the chain,
// those that wait for their place last.
func (tx *Tx) AuditOf(objects ...string) ([]issuer.AuditEntry, error) {
	return list[issuer.AuditEntry](tx, "sequence IS NULL, sequence, at, id", "object IN ?", none(objects))
}

// AuditOfActs lists the entries of some acts, as AuditOf does.
func (tx *Tx) AuditOfActs(acts ...string) ([]issuer.AuditEntry, error) {
	return list[issuer.AuditEntry](tx, "sequence IS NULL, sequence, at, id", "act IN ?", none(acts))
}

// LiveTwice lists awards that are live beside another of the same person and
// achievement, whether or not the schema forbids it.
func (tx *Tx) LiveTwice() ([]issuer.AwardID, error) {
	var ids []issuer.AwardID
	err := tx.query(`SELECT max(id) FROM awards WHERE state IN ('issued', 'suspended')
		GROUP BY person_id, achievement_id HAVING count(*) > 1 LIMIT 20`, nil, func(rows *sql.Rows) error {
		var id issuer.AwardID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, fault(err, "look for awards that are live twice")
}

// Positions counts rows of the chain and the log: all, those with a position
// and tiles by level.
type Positions struct {
	Entries, Chained int64
	Leaves, Placed   int64
	Tiles            map[int]int64
}

// Positions counts.
func (tx *Tx) Positions() (*Positions, error) {
	p := &Positions{Tiles: map[int]int64{}}
	err := tx.query("SELECT count(*), count(sequence) FROM audit_entries", nil, func(rows *sql.Rows) error {
		return rows.Scan(&p.Entries, &p.Chained)
	})
	if err == nil {
		err = tx.query("SELECT count(*), count(sequence) FROM log_leaves", nil, func(rows *sql.Rows) error {
			return rows.Scan(&p.Leaves, &p.Placed)
		})
	}
	if err == nil {
		err = tx.query("SELECT level, count(*) FROM log_tiles GROUP BY level", nil, func(rows *sql.Rows) error {
			var level int
			var n int64
			err := rows.Scan(&level, &n)
			p.Tiles[level] = n
			return err
		})
	}
	return p, fault(err, "count positions")
}

// Orphan is a row that refers to one that is not there.
type Orphan struct{ Record, ID, Lacks string }

// orphans finds them, a few of each kind. Key events have leaves of no
// credential.
var orphans = []struct{ record, lacks, query string }{
	{"credential", "award", "SELECT id FROM credentials WHERE award_id NOT IN (SELECT id FROM awards) LIMIT 20"},
	{"award", "credential", "SELECT id FROM awards WHERE id NOT IN (SELECT award_id FROM credentials) LIMIT 20"},
	{"past term", "award", "SELECT award_id FROM past_terms WHERE award_id NOT IN (SELECT id FROM awards) LIMIT 20"},
	{"signed copy", "credential", "SELECT credential_id FROM signed_copies WHERE credential_id NOT IN (SELECT id FROM credentials) LIMIT 20"},
	{"log salt", "credential", "SELECT credential_id FROM log_salts WHERE credential_id NOT IN (SELECT id FROM credentials) LIMIT 20"},
	{"status entry", "credential", "SELECT credential_id FROM status_entries WHERE credential_id NOT IN (SELECT id FROM credentials) LIMIT 20"},
	{"log leaf", "credential", "SELECT id FROM log_leaves WHERE type <> 'key' AND credential_id NOT IN (SELECT id FROM credentials) AND credential_id NOT IN (SELECT id FROM lost_credentials) LIMIT 20"},
	{"status entry", "status list", "SELECT credential_id FROM status_entries WHERE status_list_id NOT IN (SELECT id FROM status_lists) LIMIT 20"},
	{"audit entry", "credential", "SELECT id FROM audit_entries WHERE act = 'credential.issue' AND outcome = 'done' AND object NOT IN (SELECT id FROM credentials) LIMIT 20"},
	{"audit head", "issuer", "SELECT issuer_id FROM audit_heads WHERE issuer_id NOT IN (SELECT id FROM issuers) LIMIT 20"},
}

// Orphans lists rows that refer to one that is not there, whether or not the
// schema forbids it.
func (tx *Tx) Orphans() ([]Orphan, error) {
	var found []Orphan
	for _, o := range orphans {
		err := tx.query(o.query, nil, func(rows *sql.Rows) error {
			orphan := Orphan{Record: o.record, Lacks: o.lacks}
			err := rows.Scan(&orphan.ID)
			found = append(found, orphan)
			return err
		})
		if err != nil {
			return nil, fault(err, "look for rows without %s", o.lacks)
		}
	}
	return found, nil
}
