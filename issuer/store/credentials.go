package store

import (
	"database/sql"
	"fmt"
	"slices"
	"time"

	"hallmark/issuer"
)

// Credential reads a credential by id.
func (tx *Tx) Credential(id issuer.CredentialID) (*issuer.Credential, error) {
	return take[issuer.Credential](tx, "There is no such badge.", "id = ?", id)
}

// CredentialsBetween lists up to two ids from one to another. Ids have letters of one
// case and digits alone, which every database puts in the same order.
func (tx *Tx) CredentialsBetween(first, last issuer.CredentialID) ([]issuer.CredentialID, error) {
	var ids []issuer.CredentialID
	err := tx.query("SELECT id FROM credentials WHERE id >= ? AND id <= ? ORDER BY id LIMIT 2", []any{first, last}, func(rows *sql.Rows) error {
		var id issuer.CredentialID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, fault(err, "find credentials by how they begin")
}

// CredentialsOfAwards lists the credentials of awards, superseded ones too, in
// the order in which they were issued, without the copies that wallets have.
func (tx *Tx) CredentialsOfAwards(ids ...issuer.AwardID) ([]issuer.Credential, error) {
	return list[issuer.Credential](tx, "issued_at, id", "award_id IN ? AND copy_of = ''", none(ids))
}

// AddCredentials keeps credentials.
func (tx *Tx) AddCredentials(c ...*issuer.Credential) error {
	return addLate(tx, lateCredentials, c...)
}

// Supersede marks a credential as replaced by another; it refuses if that
// has happened before.
func (tx *Tx) Supersede(id, by issuer.CredentialID, at time.Time) error {
	res := tx.db.Model(&issuer.Credential{}).Where("id = ? AND superseded_by = ''", id).
		Updates(map[string]any{"superseded_by": by, "superseded_at": at})
	if res.Error != nil {
		return fmt.Errorf("supersede credential: %w", res.Error)
	}
	if res.RowsAffected != 1 {
		return issuer.Refuse(issuer.Conflict, "This badge was replaced a moment ago.")
	}
	return nil
}

// CredentialQuery narrows Credentials; empty members do not.
type CredentialQuery struct {
	All          bool               // of every program
	Programs     []issuer.ProgramID // of these programs
	Holder       issuer.PersonID    // and, beside those, of this person
	Person       issuer.PersonID
	Program      issuer.ProgramID
	Achievements []issuer.AchievementID
	State        issuer.AwardState
	After        issuer.CredentialID
	Limit        int
}

// ended tells that a credential is of a past term whose end has come.
const ended = `EXISTS (SELECT 1 FROM past_terms p WHERE p.award_id = credentials.award_id
	AND p.term = credentials.term AND p.valid_until < ?)`

// Credentials lists a page of credentials by id, without the copies that wallets
// have.
func (tx *Tx) Credentials(q CredentialQuery) ([]issuer.Credential, error) {
	page, err := tx.credentialsPage(&q, farthest)
	return page, fault(err, "list credentials")
}

// credentialsPage looks at so many credentials, whose ids are random, before it
// asks for the awards that are meant.
func (tx *Tx) credentialsPage(q *CredentialQuery, far int) ([]issuer.Credential, error) {
	const from = " FROM credentials JOIN awards ON awards.id = credentials.award_id WHERE credentials.id > ?"
	const order = " ORDER BY credentials.id LIMIT ?"
	c := q.asked(tx.Now)
	var ids []issuer.CredentialID
	var err error
	whole := false
	if q.Person == "" && (q.All || len(q.Programs) > 0) { // one person has few
		ids, whole, err = walk[issuer.CredentialID](tx, q.Limit, far, "SELECT credentials.id, "+c.column()+from+order, append(slices.Clone(c.args), q.After, far)...)
	}
	if err == nil && !whole {
		ids, err = idsOf[issuer.CredentialID](tx, "SELECT credentials.id"+from+" AND "+c.where()+order, append(append([]any{q.After}, c.args...), q.Limit)...)
	}
	if err != nil {
		return nil, err
	}
	return list[issuer.Credential](tx, "id", "id IN ?", none(ids))
}

// asked is what the query asks of a credential and its award.
func (q *CredentialQuery) asked(now time.Time) *condition {
	c := &condition{}
	c.and("credentials.copy_of = ''")
	if !q.All {
		c.and("awards.program_id IN ? OR awards.person_id = ?", none(q.Programs), q.Holder)
	}
	if q.Person != "" {
		c.and("awards.person_id = ?", q.Person)
	}
	if q.Program != "" {
		c.and("awards.program_id = ?", q.Program)
	}
	if len(q.Achievements) > 0 {
		c.and("awards.achievement_id IN ?", q.Achievements)
	}
	switch q.State {
	case "":
	case issuer.Superseded:
		c.and("credentials.superseded_by <> ''")
	case issuer.Expired: // with what was issued in a term that ended, whatever became of the award
		c.and("(awards.state = 'expired' OR awards.state IN ('issued', 'suspended') AND "+ended+") AND credentials.superseded_by = ''", now)
	default:
		c.and("awards.state = ? AND credentials.superseded_by = '' AND NOT "+ended, q.State, now)
	}
	return c
}
