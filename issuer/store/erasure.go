package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hallmark/issuer"
)

// Rows that are a person's by way of others. Every parameter of a statement here
// is the person.
const (
	theirCredentials = "(SELECT c.id FROM credentials c JOIN awards a ON a.id = c.award_id WHERE a.person_id = ?)"
	theirAwards      = "(SELECT id FROM awards WHERE person_id = ?)"
	theirCompletions = "(SELECT id FROM completions WHERE person_id = ?)"
	theirAddresses   = "(SELECT address FROM emails WHERE person_id = ?)"

	theirClosed = "(SELECT id FROM concerns WHERE reporter_id = ? AND state = 'closed')"

	// theirCapstones are those of which nobody else of the team is left.
	theirCapstones = `(SELECT m.capstone_id FROM members m WHERE m.person_id = ? AND NOT EXISTS
		(SELECT 1 FROM members o JOIN people p ON p.id = o.person_id WHERE o.capstone_id = m.capstone_id AND p.erased_at IS NULL))`
)

// erasing is what becomes of a person's rows, in this order, once the person and
// their awards are marked as erased. What is kept of them has no word of theirs:
// it is counted.
var erasing = []string{
	// What signs them in, and what they may do.
	"DELETE FROM sessions WHERE person_id = ?",
	"DELETE FROM signin_links WHERE person_id = ?",
	"DELETE FROM step_up_codes WHERE person_id = ?",
	"DELETE FROM passkeys WHERE person_id = ?",
	"DELETE FROM identities WHERE person_id = ?",
	"DELETE FROM devices WHERE person_id = ?",
	"DELETE FROM messages WHERE recipient IN (SELECT address FROM address_claims WHERE person_id = ?)",
	"DELETE FROM address_claims WHERE person_id = ?",
	"DELETE FROM invitations WHERE person_id = ? OR address IN " + theirAddresses,
	"DELETE FROM mail_choices WHERE person_id = ?",
	"DELETE FROM grants WHERE person_id = ?",
	"DELETE FROM consent_records WHERE person_id = ?",
	"DELETE FROM deferred_facts WHERE person_id = ?",
	"DELETE FROM cohort_sums WHERE cohort_id IN (SELECT cohort_id FROM enrollments WHERE person_id = ?)", // counted anew without them

	// Their desk as a mentor, and what others have there about work of theirs.
	"DELETE FROM claims WHERE person_id = ?",
	"DELETE FROM saved_replies WHERE person_id = ?",
	"DELETE FROM absences WHERE person_id = ?",
	"UPDATE absences SET cover_id = '' WHERE cover_id = ?",
	"DELETE FROM conflicts WHERE reviewer_id = ? OR person_id = ?",
	"DELETE FROM review_drafts WHERE person_id = ? OR capstone_id IN (SELECT capstone_id FROM members WHERE person_id = ?)",

	// What was signed for them, and by them as a mentor.
	"DELETE FROM endorsements WHERE review_id IN (SELECT id FROM reviews WHERE reviewer_id = ?) OR credential_id IN (SELECT credential_id FROM allotments WHERE person_id = ?)",
	"DELETE FROM mentor_keys WHERE person_id = ?",
	"DELETE FROM signed_copies WHERE credential_id IN " + theirCredentials,
	"DELETE FROM log_salts WHERE credential_id IN " + theirCredentials,

	// What they showed, and what they asked for. What others answered them goes
	// with it; what they answered others stays, without their words.
	"DELETE FROM portfolios WHERE person_id = ?",
	"DELETE FROM share_links WHERE award_id IN " + theirAwards,
	"DELETE FROM wallet_offers WHERE award_id IN " + theirAwards,
	"DELETE FROM badge_views WHERE award_id IN " + theirAwards,
	"DELETE FROM name_requests WHERE person_id = ?",
	"DELETE FROM appeals WHERE person_id = ?",
	"UPDATE name_requests SET answer = '' WHERE answered_by = ?",
	"UPDATE appeals SET answer = '' WHERE answered_by = ?",

	"UPDATE past_terms SET reason = '' WHERE award_id IN " + theirAwards,

	// Of the completions of a module one is counted, a passed one if there is one.
	"DELETE FROM completion_evidence WHERE completion_id IN " + theirCompletions,
	"DELETE FROM completions WHERE person_id = ? AND withdrawn_at IS NOT NULL",
	`DELETE FROM completions WHERE person_id = ? AND EXISTS (SELECT 1 FROM completions k WHERE k.person_id = completions.person_id
		AND k.module_id = completions.module_id AND (k.passed AND NOT completions.passed OR k.passed = completions.passed AND k.id < completions.id))`,
	"UPDATE completions SET score = '', unit = '', delivery = '', note = '' WHERE person_id = ?",
	"UPDATE completions SET note = '' WHERE recorded_by = 'person:' || ?",
	"UPDATE completions SET withdrawn_reason = '' WHERE withdrawn_by = 'person:' || ?",

	// Dates with a mentor: who was there is not kept, and no notes of the mentor
	// or of a date that was with nobody else.
	`UPDATE touchpoints SET notes = '' WHERE id IN (SELECT touchpoint_id FROM attendances WHERE person_id = ?) AND NOT EXISTS
		(SELECT 1 FROM attendances o JOIN people p ON p.id = o.person_id WHERE o.touchpoint_id = touchpoints.id AND p.erased_at IS NULL)`,
	"UPDATE touchpoints SET title = '', notes = '' WHERE host_id = ?",
	"UPDATE touchpoints SET title = '', notes = '' WHERE created_by = 'person:' || ?",
	"DELETE FROM attendances WHERE person_id = ?",
	"DELETE FROM self_ratings WHERE person_id = ?",

	// Projects: those of others keep what the others made of them.
	"UPDATE members SET part = '' WHERE person_id = ?",
	"UPDATE submissions SET title = '', summary = '', impact = '{}' WHERE capstone_id IN " + theirCapstones,
	"DELETE FROM evidence WHERE submission = 0 AND capstone_id IN " + theirCapstones,
	"UPDATE evidence SET name = '', url = '', media_type = '', digest = '' WHERE capstone_id IN " + theirCapstones,
	"UPDATE reviews SET note = '', scores = '{}' WHERE capstone_id IN " + theirCapstones,
	"UPDATE reviews SET note = '' WHERE reviewer_id = ?",
	"UPDATE capstone_scopes SET plan = '{}', note = '' WHERE capstone_id IN " + theirCapstones,
	"UPDATE capstone_scopes SET note = '' WHERE reviewer_id = ?",
	"DELETE FROM confirmations WHERE capstone_id IN " + theirCapstones,
	"DELETE FROM confirmations WHERE answered_at IS NULL AND (asked_by = ? OR address IN " + theirAddresses + ")",
	`UPDATE capstones SET title = '', summary = '', impact = '{}', plan = '{}', state = CASE state WHEN 'approved' THEN state ELSE 'withdrawn' END
		WHERE id IN ` + theirCapstones,

	// What they said, and what was said to them. A rating is a number, and stays. An
	// open concern stays without its reporter; a closed one goes.
	"DELETE FROM story_consents WHERE person_id = ?",
	"DELETE FROM stories WHERE capstone_id IN " + theirCapstones,
	"UPDATE peer_notes SET answers = '[]', reported_why = '' WHERE giver_id = ? OR receiver_id = ?",
	"UPDATE opinions SET helped = '', hindered = '' WHERE person_id = ?",
	"DELETE FROM concern_notes WHERE concern_id IN " + theirClosed,
	"DELETE FROM concern_people WHERE person_id = ? OR concern_id IN " + theirClosed,
	"DELETE FROM concerns WHERE id IN " + theirClosed,
	"UPDATE concerns SET reporter_id = '' WHERE reporter_id = ?",
	"UPDATE concerns SET assigned_to = '' WHERE assigned_to = ?",
	"DELETE FROM questions WHERE award_id IN " + theirAwards + " OR address IN " + theirAddresses,
	"UPDATE questions SET answered_by = '', answer = '' WHERE answered_by = ?",

	// What waits, and what is remembered of requests. Nobody has the address that
	// mail went to before it was corrected; mail to such addresses goes, and what
	// waits for one goes if the name of its reader has been taken out of it.
	"DELETE FROM messages WHERE person_id = ? OR recipient IN " + theirAddresses,
	`DELETE FROM messages WHERE recipient NOT IN (SELECT address FROM emails) AND (state = 'sent' OR data LIKE '%"Name":"` + issuer.SomeoneErased + `"%')`,
	"DELETE FROM answers WHERE caller = 'person:' || ?",
	"UPDATE issue_jobs SET caller = '{}' WHERE actor = 'person:' || ?",
	`UPDATE issue_items SET email = '', person_id = ?, reason = 'Erased.', problem = CASE state WHEN 'refused' THEN 'This person was erased.' ELSE '' END
		WHERE person_id = ? OR lower(trim(email)) IN ` + theirAddresses + " OR credential_id IN " + theirCredentials,
	"UPDATE issue_items SET reason = 'Erased.' WHERE job_id IN (SELECT id FROM issue_jobs WHERE actor = 'person:' || ?)",

	"DELETE FROM emails WHERE person_id = ?", // the last: those above ask for addresses
}

// ErasePerson empties every row of a person, and removes those that would be
// empty then. The row of the person, awards, places in lists, leaves and audit
// entries are changed by functions of their own.
func (tx *Tx) ErasePerson(p issuer.PersonID) error {
	for _, statement := range erasing {
		args := slices.Repeat([]any{string(p)}, strings.Count(statement, "?"))
		if _, err := tx.exec(statement, args...); err != nil {
			what, _, _ := strings.Cut(statement, " WHERE")
			return fault(err, "erase a person: %s", what)
		}
	}
	if _, err := change[issuer.IssueJob](tx, map[string]any{"state": issuer.JobFailed, "problem": "Who began this job was erased.", "ended_at": tx.Now},
		"actor = ? AND state IN ('queued', 'running')", issuer.Caller{Person: p}.Actor()); err != nil {
		return err
	}
	return tx.eraseAnswers(p)
}

// eraseAnswers removes what requests were answered with that has the id of a
// person in it; whatever names them has it.
func (tx *Tx) eraseAnswers(p issuer.PersonID) error {
	with := "instr(body, ?) > 0"
	if tx.dialect == postgresDialect {
		with = "position(? in body) > 0"
	}
	_, err := tx.exec("DELETE FROM answers WHERE "+with, []byte(p))
	return fault(err, "erase answers")
}

// SaveErasedAward keeps that an award was erased.
func (tx *Tx) SaveErasedAward(a *issuer.Award) error {
	if err := tx.SaveAward(a); err != nil {
		return err
	}
	return save[issuer.Award](tx, "award", string(a.ID), map[string]any{"fact_id": a.FactID, "reason": a.Reason})
}

// EndedPeople lists who was erased, or merged into someone.
func (tx *Tx) EndedPeople() ([]issuer.Person, error) {
	return list[issuer.Person](tx, "id", "erased_at IS NOT NULL")
}

// ErasedPeople lists who was erased, and who had become someone who was. Who was
// merged is not among them while whom they became is there: in an older state of
// the records, what is theirs now is under the id of the one who ended.
func (tx *Tx) ErasedPeople() ([]issuer.PersonID, error) {
	ended, err := tx.EndedPeople()
	if err != nil {
		return nil, err
	}
	into := map[issuer.PersonID]issuer.PersonID{}
	for _, p := range ended {
		into[p.ID] = p.MergedInto
	}
	var ids []issuer.PersonID
	for _, p := range ended {
		last := p.ID
		for into[last] != "" {
			last = into[last]
		}
		if _, gone := into[last]; gone {
			ids = append(ids, p.ID)
		}
	}
	return ids, nil
}

// Unerased lists those of some people who are there and were not erased.
func (tx *Tx) Unerased(ids ...issuer.PersonID) ([]issuer.Person, error) {
	var found []issuer.Person
	for some := range slices.Chunk(ids, 5000) { // a statement has room for so many
		people, err := list[issuer.Person](tx, "id", "id IN ? AND erased_at IS NULL", some)
		if err != nil {
			return nil, err
		}
		found = append(found, people...)
	}
	return found, nil
}

// WordyEntries lists audit entries about a person and what is theirs whose
// detail has words that someone wrote.
func (tx *Tx) WordyEntries(p issuer.PersonID) ([]issuer.AuditEntry, error) {
	where := `(detail LIKE '%"words":%' OR detail LIKE '%"reason":%') AND (object = ? OR object IN ` + theirCredentials +
		" OR object IN " + theirCompletions + " OR object IN (SELECT id FROM awards WHERE person_id = ?) OR object IN " + theirCapstones + ")"
	return list[issuer.AuditEntry](tx, "at, id", where, slices.Repeat([]any{string(p)}, strings.Count(where, "?"))...)
}

// EraseDetails leaves a mark of the details of audit entries.
func (tx *Tx) EraseDetails(ids ...issuer.AuditID) error {
	_, err := change[issuer.AuditEntry](tx, map[string]any{"detail": issuer.ErasedDetail}, "id IN ?", none(ids))
	return err
}

// worded are mails whose words are kept: they wait, or could be sent again.
const worded = "state IN ('queued', 'failed')"

// MessagesAbout lists mails that still wait and have a text in what they say.
func (tx *Tx) MessagesAbout(text string) ([]issuer.Message, error) {
	return list[issuer.Message](tx, "id", worded+" AND lower(data) LIKE ? ESCAPE '!'", containing(text))
}

// RemoveMessages removes mails that still wait and have an id in what they say,
// and tells how many there were.
func (tx *Tx) RemoveMessages(id string) (int, error) {
	n, err := remove[issuer.Message](tx, worded+" AND data LIKE ? ESCAPE '!'", "%"+id+"%")
	return int(n), err
}

// SaveMessageData keeps what a mail that still waits says.
func (tx *Tx) SaveMessageData(m *issuer.Message) error {
	_, err := change[issuer.Message](tx, map[string]any{"data": m.Data}, "id = ? AND "+worded, m.ID)
	return err
}

// SaveWords keeps the words of a capstone, of what was handed in of it and of
// its reviews, where some were taken out.
func (tx *Tx) SaveWords(c *issuer.Capstone, scopes []issuer.CapstoneScope, confirmations []issuer.Confirmation, submissions []issuer.Submission, evidence []issuer.Evidence, reviews []issuer.Review) error {
	err := save[issuer.Capstone](tx, "capstone", string(c.ID), map[string]any{"title": c.Title, "summary": c.Summary, "impact": c.Impact, "plan": c.Plan})
	for i := 0; err == nil && i < len(scopes); i++ {
		s := &scopes[i]
		err = save[issuer.CapstoneScope](tx, "scope", string(s.ID), map[string]any{"plan": s.Plan, "note": s.Note})
	}
	for i := 0; err == nil && i < len(confirmations); i++ {
		c := &confirmations[i]
		err = save[issuer.Confirmation](tx, "confirmation", string(c.ID), map[string]any{"impact": c.Impact, "name": c.Name})
	}
	for i := 0; err == nil && i < len(submissions); i++ {
		s := &submissions[i]
		err = save[issuer.Submission](tx, "submission", string(s.ID), map[string]any{"title": s.Title, "summary": s.Summary, "impact": s.Impact})
	}
	for i := 0; err == nil && i < len(evidence); i++ {
		e := &evidence[i]
		err = save[issuer.Evidence](tx, "evidence", string(e.ID), map[string]any{"name": e.Name, "url": e.URL})
	}
	for i := 0; err == nil && i < len(reviews); i++ {
		err = save[issuer.Review](tx, "review", string(reviews[i].ID), map[string]any{"note": reviews[i].Note})
	}
	return err
}

// Scrub takes what was removed out of the file of a SQLite database: what the
// pages that it lay on looked like before is in the write-ahead log until that
// is begun anew, which takes that nobody reads an older state meanwhile. It waits
// a second for that, because writers wait with it; then it is issuer.Unavailable,
// and Rescrub tries again. On PostgreSQL there is nothing to do: its vacuum comes
// by.
func (s *Store) Scrub(ctx context.Context) error {
	if s.dialect != sqliteDialect {
		return nil
	}
	s.unscrubbed.Store(true)
	c, err := s.handles[0].Conn(ctx)
	if err != nil {
		return fmt.Errorf("empty the write-ahead log: %w", err)
	}
	defer c.Close()
	var busy, pages, moved int
	_, err = c.ExecContext(ctx, "PRAGMA busy_timeout(1000)")
	if err == nil {
		err = c.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	}
	_, back := c.ExecContext(context.WithoutCancel(ctx), "PRAGMA busy_timeout(30000)")
	if err = errors.Join(err, back); err == nil && busy != 0 {
		err = issuer.Unavailable
	}
	if err != nil {
		return s.away(fmt.Errorf("empty the write-ahead log: %w", err))
	}
	s.unscrubbed.Store(false)
	return nil
}

// Rescrub does what Scrub could not.
func (s *Store) Rescrub(ctx context.Context) error {
	if !s.unscrubbed.Load() {
		return nil
	}
	if err := s.Scrub(ctx); !errors.Is(err, issuer.Unavailable) {
		return err
	}
	return nil // next time
}
