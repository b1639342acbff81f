package store

import (
	"database/sql"
	"regexp"
	"slices"
	"strings"

	"hallmark/issuer"
)

// merging is what becomes of the rows of a person who ends (:gone) when they and
// another one (:kept) become one, in this order, once the row of the former names
// the latter: the guards of the schema let rows go there alone. What cannot be
// there twice stays as it is with the one who is kept. Awards and completions that
// both have are made one before; columns that tell who acted (actor, recorded_by)
// stay: that account did.
var merging = []string{
	// What signs in, and what waits to. A passkey names the account it is for.
	"DELETE FROM sessions WHERE person_id = :gone",
	"DELETE FROM signin_links WHERE person_id = :gone",
	"DELETE FROM step_up_codes WHERE person_id = :gone",
	"DELETE FROM passkeys WHERE person_id = :gone",
	"DELETE FROM devices WHERE person_id = :gone",
	"DELETE FROM address_claims WHERE person_id = :gone OR address IN (SELECT address FROM emails WHERE person_id = :gone)",
	"DELETE FROM answers WHERE caller = 'person:' || :gone",
	"UPDATE identities SET person_id = :kept WHERE person_id = :gone",
	"UPDATE emails SET main = false WHERE person_id = :gone AND EXISTS (SELECT 1 FROM emails o WHERE o.person_id = :kept AND o.main)",
	"UPDATE emails SET person_id = :kept WHERE person_id = :gone",
	"UPDATE invitations SET person_id = :kept WHERE person_id = :gone",
	"DELETE FROM mail_choices WHERE person_id = :gone",
	"UPDATE consent_records SET person_id = :kept WHERE person_id = :gone",
	"UPDATE messages SET person_id = :kept WHERE person_id = :gone",
	"UPDATE issue_items SET person_id = :kept WHERE person_id = :gone",

	// What they may do. Who is a lead mentor anywhere stays one.
	"UPDATE grants SET tier = 'lead' WHERE person_id = :kept AND role = 'mentor' AND cohort_id IN (SELECT cohort_id FROM grants WHERE person_id = :gone AND role = 'mentor' AND tier = 'lead')",
	`DELETE FROM grants WHERE person_id = :gone AND EXISTS (SELECT 1 FROM grants o WHERE o.person_id = :kept
		AND o.role = grants.role AND o.program_id = grants.program_id AND o.cohort_id = grants.cohort_id)`,
	"UPDATE grants SET person_id = :kept WHERE person_id = :gone",

	// Cohorts: of two places in one the earlier stays, and who is in it with
	// either is in it.
	`UPDATE enrollments SET left_at = NULL WHERE person_id IN (:gone, :kept) AND EXISTS (SELECT 1 FROM enrollments o
		WHERE o.cohort_id = enrollments.cohort_id AND o.person_id IN (:gone, :kept) AND o.left_at IS NULL)`,
	`DELETE FROM enrollments WHERE person_id IN (:gone, :kept) AND EXISTS (SELECT 1 FROM enrollments o
		WHERE o.cohort_id = enrollments.cohort_id AND o.person_id IN (:gone, :kept)
		AND (o.created_at < enrollments.created_at OR o.created_at = enrollments.created_at AND o.id < enrollments.id))`,
	"UPDATE enrollments SET person_id = :kept WHERE person_id = :gone",
	"UPDATE completions SET person_id = :kept WHERE person_id = :gone",
	"UPDATE opinions SET person_id = :kept WHERE person_id = :gone",
	"UPDATE touchpoints SET host_id = :kept WHERE host_id = :gone",
	"DELETE FROM attendances WHERE person_id = :gone AND touchpoint_id IN (SELECT touchpoint_id FROM attendances WHERE person_id = :kept)",
	"UPDATE attendances SET person_id = :kept WHERE person_id = :gone",
	`DELETE FROM self_ratings WHERE person_id = :gone AND EXISTS (SELECT 1 FROM self_ratings o WHERE o.person_id = :kept
		AND o.cohort_id = self_ratings.cohort_id AND o.skill_id = self_ratings.skill_id AND o.moment = self_ratings.moment)`,
	"UPDATE self_ratings SET person_id = :kept WHERE person_id = :gone",

	// A desk as a mentor. Nobody stands in for themselves, is in conflict with
	// themselves, or writes about work of theirs.
	"DELETE FROM claims WHERE person_id = :gone",
	"DELETE FROM review_drafts WHERE person_id IN (:gone, :kept) AND capstone_id IN (SELECT capstone_id FROM members WHERE person_id IN (:gone, :kept))",
	"DELETE FROM review_drafts WHERE person_id = :gone AND capstone_id IN (SELECT capstone_id FROM review_drafts WHERE person_id = :kept)",
	"UPDATE review_drafts SET person_id = :kept WHERE person_id = :gone",
	"DELETE FROM saved_replies WHERE person_id = :gone AND name IN (SELECT name FROM saved_replies WHERE person_id = :kept)",
	"UPDATE saved_replies SET person_id = :kept WHERE person_id = :gone",
	"UPDATE absences SET person_id = :kept WHERE person_id = :gone",
	"UPDATE absences SET cover_id = :kept WHERE cover_id = :gone",
	"UPDATE absences SET cover_id = '' WHERE person_id = :kept AND cover_id = :kept",
	"DELETE FROM conflicts WHERE reviewer_id IN (:gone, :kept) AND person_id IN (:gone, :kept)",
	`DELETE FROM conflicts WHERE reviewer_id = :gone AND EXISTS (SELECT 1 FROM conflicts o WHERE o.reviewer_id = :kept
		AND o.capstone_id = conflicts.capstone_id AND o.person_id = conflicts.person_id AND o.kind = conflicts.kind)`,
	"UPDATE conflicts SET reviewer_id = :kept WHERE reviewer_id = :gone",
	`DELETE FROM conflicts WHERE person_id = :gone AND EXISTS (SELECT 1 FROM conflicts o WHERE o.person_id = :kept
		AND o.capstone_id = conflicts.capstone_id AND o.reviewer_id = conflicts.reviewer_id AND o.kind = conflicts.kind)`,
	"UPDATE conflicts SET person_id = :kept WHERE person_id = :gone",
	"DELETE FROM mentor_keys WHERE person_id = :gone", // what it signed stays

	// Projects, and decisions about those of others. Members come last: the
	// guards look for who ended in the team.
	"UPDATE submissions SET submitted_by = :kept WHERE submitted_by = :gone",
	"UPDATE evidence SET added_by = :kept WHERE added_by = :gone",
	"UPDATE reviews SET reviewer_id = :kept WHERE reviewer_id = :gone",
	"UPDATE capstone_scopes SET submitted_by = :kept WHERE submitted_by = :gone",
	"UPDATE capstone_scopes SET reviewer_id = :kept WHERE reviewer_id = :gone",
	"UPDATE confirmations SET asked_by = :kept WHERE asked_by = :gone",
	"UPDATE confirmations SET person_id = :kept WHERE person_id = :gone",
	"UPDATE allotments SET person_id = :kept WHERE person_id = :gone",
	"DELETE FROM members WHERE person_id = :gone AND capstone_id IN (SELECT capstone_id FROM members WHERE person_id = :kept)",
	"UPDATE members SET person_id = :kept WHERE person_id = :gone",

	// Badges, and what is shown of them.
	"UPDATE awards SET person_id = :kept WHERE person_id = :gone",
	`DELETE FROM deferred_facts WHERE person_id = :gone AND EXISTS (SELECT 1 FROM deferred_facts o WHERE o.person_id = :kept
		AND o.kind = deferred_facts.kind AND o.fact_id = deferred_facts.fact_id)`,
	"UPDATE deferred_facts SET person_id = :kept WHERE person_id = :gone",
	"DELETE FROM portfolios WHERE person_id = :gone AND EXISTS (SELECT 1 FROM portfolios o WHERE o.person_id = :kept)",
	"UPDATE portfolios SET person_id = :kept WHERE person_id = :gone",
	"DELETE FROM name_requests WHERE person_id = :gone AND state = 'open'", // the name that is kept stays
	"UPDATE name_requests SET person_id = :kept WHERE person_id = :gone",
	"UPDATE name_requests SET answered_by = :kept WHERE answered_by = :gone",
	"UPDATE appeals SET person_id = :kept WHERE person_id = :gone",
	"UPDATE appeals SET answered_by = :kept WHERE answered_by = :gone",

	// What was said. Who may not be named with one may not be with the other, and
	// nobody handles a concern of their own or about them.
	"UPDATE stories SET written_by = :kept WHERE written_by = :gone",
	"UPDATE stories SET hidden_by = :kept WHERE hidden_by = :gone",
	`UPDATE story_consents SET agreed = agreed AND (SELECT o.agreed FROM story_consents o WHERE o.person_id = :gone AND o.story_id = story_consents.story_id),
		named = named AND (SELECT o.named FROM story_consents o WHERE o.person_id = :gone AND o.story_id = story_consents.story_id)
		WHERE person_id = :kept AND story_id IN (SELECT story_id FROM story_consents WHERE person_id = :gone)`,
	"DELETE FROM story_consents WHERE person_id = :gone AND story_id IN (SELECT story_id FROM story_consents WHERE person_id = :kept)",
	"UPDATE story_consents SET person_id = :kept WHERE person_id = :gone",
	"DELETE FROM peer_notes WHERE giver_id IN (:gone, :kept) AND receiver_id IN (:gone, :kept)",
	`DELETE FROM peer_notes WHERE giver_id = :gone AND EXISTS (SELECT 1 FROM peer_notes o WHERE o.giver_id = :kept
		AND o.round_id = peer_notes.round_id AND o.receiver_id = peer_notes.receiver_id)`,
	"UPDATE peer_notes SET giver_id = :kept WHERE giver_id = :gone",
	`DELETE FROM peer_notes WHERE receiver_id = :gone AND EXISTS (SELECT 1 FROM peer_notes o WHERE o.receiver_id = :kept
		AND o.round_id = peer_notes.round_id AND o.giver_id = peer_notes.giver_id)`,
	"UPDATE peer_notes SET receiver_id = :kept WHERE receiver_id = :gone",
	"DELETE FROM concern_people WHERE person_id = :gone AND concern_id IN (SELECT concern_id FROM concern_people WHERE person_id = :kept)",
	"UPDATE concern_people SET person_id = :kept WHERE person_id = :gone",
	"UPDATE concerns SET reporter_id = :kept WHERE reporter_id = :gone",
	"UPDATE questions SET answered_by = :kept WHERE answered_by = :gone",
	"UPDATE concerns SET assigned_to = :kept WHERE assigned_to = :gone",
	"UPDATE concerns SET assigned_to = '' WHERE assigned_to = :kept AND (reporter_id = :kept OR id IN (SELECT concern_id FROM concern_people WHERE person_id = :kept))",
}

var named = regexp.MustCompile(":(gone|kept)")

// two gives a statement that names two rows with its parameters.
func two[ID ~string](statement string, gone, kept ID) (string, []any) {
	var args []any
	text := named.ReplaceAllStringFunc(statement, func(name string) string {
		if name == ":gone" {
			args = append(args, string(gone))
		} else {
			args = append(args, string(kept))
		}
		return "?"
	})
	return text, args
}

// MergePeople lets every row of a person who ended, and whose own row says so, be
// of the one who is kept.
func (tx *Tx) MergePeople(gone, kept issuer.PersonID) error {
	for _, statement := range merging {
		text, args := two(statement, gone, kept)
		if _, err := tx.exec(text, args...); err != nil {
			what, _, _ := strings.Cut(statement, " WHERE")
			return fault(err, "merge people: %s", what)
		}
	}
	return nil
}

// MergeCompletion lets what names a completion, or hangs on it, name another one
// of the same fact, and removes it.
func (tx *Tx) MergeCompletion(ends, stays issuer.CompletionID) error {
	for _, statement := range []string{
		"UPDATE awards SET fact_id = :kept WHERE fact_id = :gone",
		"UPDATE completions SET replaced_by = :kept WHERE replaced_by = :gone",
		"UPDATE completion_evidence SET completion_id = :kept WHERE completion_id = :gone",
		"UPDATE deferred_facts SET fact_id = :kept WHERE fact_id = :gone",
		"DELETE FROM opinions WHERE completion_id = :gone AND EXISTS (SELECT 1 FROM opinions o WHERE o.completion_id = :kept)",
		"UPDATE opinions SET completion_id = :kept WHERE completion_id = :gone",
		"DELETE FROM completions WHERE id = :gone",
	} {
		text, args := two(statement, ends, stays)
		if _, err := tx.exec(text, args...); err != nil {
			return fault(err, "merge completions")
		}
	}
	return nil
}

// MergedInto lists who became a person, and who had become those, in no order.
func (tx *Tx) MergedInto(p issuer.PersonID) ([]issuer.PersonID, error) {
	var all []issuer.PersonID
	for of := []issuer.PersonID{p}; len(of) > 0; {
		var ids []issuer.PersonID
		if err := tx.db.Model(&issuer.Person{}).Where("merged_into IN ? AND merged_into <> ''", of).Pluck("id", &ids).Error; err != nil {
			return nil, fault(err, "list who was merged")
		}
		all, of = append(all, ids...), ids
	}
	return all, nil
}

// CountsInstead finds the badge that a person shows and holds in the place of one
// that they had twice; "" if there is none.
func (tx *Tx) CountsInstead(a *issuer.Award) (id issuer.CredentialID, err error) {
	err = tx.query(`SELECT c.id FROM awards o JOIN credentials c ON c.award_id = o.id AND c.term = o.term AND c.superseded_by = '' AND c.copy_of = ''
		WHERE o.person_id = ? AND o.achievement_id = ? AND o.state IN ('issued', 'suspended') AND o.visibility <> 'withdrawn'`,
		[]any{string(a.PersonID), string(a.AchievementID)}, func(rows *sql.Rows) error { return rows.Scan(&id) })
	return id, fault(err, "look for the badge that counts")
}

// Partial is what one of two persons decided about the other, or both about one
// thing.
type Partial struct {
	Kind  string // "review", "scope", "impact", "completion", "award", "twice"
	About string // what it was about, in its own words
}

// partials ask for it, each of the two in either place.
var partials = []string{
	`SELECT 'review', c.title FROM reviews r JOIN members m ON m.capstone_id = r.capstone_id JOIN capstones c ON c.id = r.capstone_id
		WHERE r.reviewer_id = :gone AND m.person_id = :kept AND r.taken_back_at IS NULL`,
	`SELECT 'scope', c.title FROM capstone_scopes s JOIN members m ON m.capstone_id = s.capstone_id JOIN capstones c ON c.id = s.capstone_id
		WHERE s.reviewer_id = :gone AND m.person_id = :kept`,
	`SELECT 'impact', c.title FROM confirmations f JOIN members m ON m.capstone_id = f.capstone_id JOIN capstones c ON c.id = f.capstone_id
		WHERE f.person_id = :gone AND m.person_id = :kept AND f.answered_at IS NOT NULL`,
	`SELECT 'completion', m.name FROM completions c JOIN modules m ON m.id = c.module_id
		WHERE c.recorded_by = 'person:' || :gone AND c.person_id = :kept AND c.withdrawn_at IS NULL`,
	`SELECT 'award', v.name FROM audit_entries e JOIN awards a ON a.person_id = e.object JOIN achievement_versions v ON v.id = a.achievement_version_id
		WHERE e.object = :kept AND e.act = 'credential.award' AND e.outcome = 'done' AND e.actor = 'person:' || :gone
		AND a.fact = 'explicit' AND a.state IN ('issued', 'suspended') AND e.detail LIKE '%' || a.achievement_id || '%'`,
	`SELECT 'award', i.achievement FROM issue_items i JOIN issue_jobs j ON j.id = i.job_id
		WHERE j.actor = 'person:' || :gone AND i.person_id = :kept AND i.credential_id <> ''`,
	`SELECT 'twice', c.title FROM reviews r JOIN reviews o ON o.capstone_id = r.capstone_id AND o.submission = r.submission JOIN capstones c ON c.id = r.capstone_id
		WHERE r.reviewer_id = :gone AND o.reviewer_id = :kept AND r.taken_back_at IS NULL AND o.taken_back_at IS NULL`,
}

// Partials lists what stands in the way of two persons being one human, each once.
func (tx *Tx) Partials(a, b issuer.PersonID) ([]Partial, error) {
	var all []Partial
	for _, question := range partials {
		for _, pair := range [][2]issuer.PersonID{{a, b}, {b, a}} {
			text, args := two(question, pair[0], pair[1])
			err := tx.query(text, args, func(rows *sql.Rows) error {
				var p Partial
				err := rows.Scan(&p.Kind, &p.About)
				if !slices.Contains(all, p) {
					all = append(all, p)
				}
				return err
			})
			if err != nil {
				return nil, fault(err, "look for what two people decided about each other")
			}
		}
	}
	return all, nil
}
