package store

import (
	"database/sql"
	"time"

	"gorm.io/gorm/clause"

	"hallmark/issuer"
)

// CohortSums reads what is kept of cohorts; of one that was never counted there
// is nothing.
func (tx *Tx) CohortSums(ids ...issuer.CohortID) ([]issuer.CohortSums, error) {
	return list[issuer.CohortSums](tx, "cohort_id", "cohort_id IN ?", none(ids))
}

// StuckCohorts reads what is kept of those of the cohorts in which something did
// not happen that should have, without the sums.
func (tx *Tx) StuckCohorts(ids ...issuer.CohortID) ([]issuer.CohortSums, error) {
	return found[issuer.CohortSums](tx.db.Omit("sums").Where("(unearned > 0 OR unseen > 0) AND cohort_id IN ?", none(ids)).Order("cohort_id"), "cohorts in which something is stuck")
}

// PutCohortSums keeps what a cohort came to, in place of what was kept.
func (tx *Tx) PutCohortSums(s *issuer.CohortSums) error {
	err := tx.db.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "cohort_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"counted_at", "sums", "unearned", "unseen"}),
	}).Create(s).Error
	return fault(err, "save sums of a cohort")
}

// Uncounted lists cohorts that were not counted since a time, those first that
// were counted longest ago.
func (tx *Tx) Uncounted(since time.Time, limit int) ([]issuer.Cohort, error) {
	return found[issuer.Cohort](tx.db.Joins("LEFT JOIN cohort_sums s ON s.cohort_id = cohorts.id").
		Where("s.counted_at IS NULL OR s.counted_at <= ?", since).
		Order("s.counted_at IS NOT NULL, s.counted_at, cohorts.id").Limit(limit), "cohorts to count")
}

// Reached says that someone did something at a moment; Module is only there
// where it was one.
type Reached struct {
	Module issuer.ModuleID
	Person issuer.PersonID
	At     time.Time
}

// reached lists who did something when. The columns of the statement are a
// module, a person and a moment.
func (tx *Tx) reached(query string, args ...any) (all []Reached, err error) {
	err = tx.query(query, args, func(rows *sql.Rows) error {
		var r Reached
		err := rows.Scan(&r.Module, &r.Person, &r.At)
		all = append(all, r)
		return err
	})
	return all, fault(err, "list who reached a step")
}

// reachedOn is reached for statements that give days.
func (tx *Tx) reachedOn(query string, args ...any) (all []Reached, err error) {
	err = tx.query(query, args, func(rows *sql.Rows) error {
		var r Reached
		var on issuer.Day
		err := rows.Scan(&r.Module, &r.Person, &on)
		if err == nil {
			r.At = on.Time()
		}
		all = append(all, r)
		return err
	})
	return all, fault(err, "list who reached a step")
}

// PassedIn lists the modules that people passed in a cohort.
func (tx *Tx) PassedIn(c issuer.CohortID) ([]Reached, error) {
	return tx.reachedOn("SELECT module_id, person_id, completed_on FROM completions WHERE cohort_id = ? AND passed AND withdrawn_at IS NULL", c)
}

// HandedIn lists who handed in capstones in a cohort, each round of each.
func (tx *Tx) HandedIn(c issuer.CohortID) ([]Reached, error) {
	return tx.reached(`SELECT '', m.person_id, s.submitted_at FROM capstones c JOIN submissions s ON s.capstone_id = c.id
		JOIN members m ON m.capstone_id = c.id WHERE c.cohort_id = ?`, c)
}

// GotBack lists whose capstones were returned in a cohort.
func (tx *Tx) GotBack(c issuer.CohortID) ([]Reached, error) {
	return tx.reached(`SELECT '', m.person_id, r.at FROM capstones c JOIN reviews r ON r.capstone_id = c.id AND r.decision = 'return'
		JOIN members m ON m.capstone_id = c.id WHERE c.cohort_id = ?`, c)
}

// ReturnsIn counts the returns in a cohort that stand, by their reason.
func (tx *Tx) ReturnsIn(c issuer.CohortID) (issuer.Returns, error) {
	all := issuer.Returns{}
	err := tx.query(`SELECT r.reason, count(*) FROM capstones c JOIN reviews r ON r.capstone_id = c.id AND r.decision = 'return' AND r.taken_back_at IS NULL
		WHERE c.cohort_id = ? GROUP BY r.reason`, []any{c}, func(rows *sql.Rows) error {
		var reason string
		var n int
		err := rows.Scan(&reason, &n)
		all[reason] = n
		return err
	})
	return all, fault(err, "count returns by their reason")
}

// GotThrough lists whose capstones were approved in a cohort.
func (tx *Tx) GotThrough(c issuer.CohortID) ([]Reached, error) {
	return tx.reached(`SELECT '', m.person_id, c.changed_at FROM capstones c JOIN members m ON m.capstone_id = c.id
		WHERE c.cohort_id = ? AND c.state = 'approved'`, c)
}

// HeldIn lists who holds badges that facts of a kind in a cohort brought about;
// "" is any kind.
func (tx *Tx) HeldIn(c issuer.CohortID, fact issuer.Fact) ([]Reached, error) {
	return tx.reached("SELECT '', person_id, created_at FROM awards WHERE cohort_id = ? AND (? = '' OR fact = ?) AND "+held, c, fact, fact)
}

// SharedIn lists who made links to such badges.
func (tx *Tx) SharedIn(c issuer.CohortID, fact issuer.Fact) ([]Reached, error) {
	return tx.reached(`SELECT '', w.person_id, l.created_at FROM (SELECT id, person_id FROM awards WHERE cohort_id = ? AND (? = '' OR fact = ?) AND `+held+`) w
		JOIN share_links l ON l.award_id = w.id`, c, fact, fact)
}

// PublicIn lists who made the page of such a badge public; since when is not
// recorded, so that the moment is the zero time.
func (tx *Tx) PublicIn(c issuer.CohortID, fact issuer.Fact) (all []Reached, err error) {
	err = tx.query("SELECT person_id FROM awards WHERE cohort_id = ? AND (? = '' OR fact = ?) AND visibility = 'public' AND "+held, []any{c, fact, fact}, func(rows *sql.Rows) error {
		var r Reached
		err := rows.Scan(&r.Person)
		all = append(all, r)
		return err
	})
	return all, fault(err, "list public badges")
}

// LookedAtIn lists the people whose page of such a badge was looked at.
func (tx *Tx) LookedAtIn(c issuer.CohortID, fact issuer.Fact) ([]Reached, error) {
	return tx.reachedOn(`SELECT '', w.person_id, v.on_day FROM (SELECT id, person_id FROM awards WHERE cohort_id = ? AND (? = '' OR fact = ?) AND `+held+`) w
		JOIN badge_views v ON v.award_id = w.id`, c, fact, fact)
}

// MentorAnswer is how long something that was handed in waited for the decision of a
// mentor.
type MentorAnswer struct {
	Mentor issuer.PersonID
	Took   time.Duration
}

// AnswersIn lists what mentors decided in a cohort that stands.
func (tx *Tx) AnswersIn(c issuer.CohortID) (all []MentorAnswer, err error) {
	err = tx.query(`SELECT r.reviewer_id, s.submitted_at, r.at FROM capstones c JOIN reviews r ON r.capstone_id = c.id AND r.taken_back_at IS NULL
		JOIN submissions s ON s.capstone_id = r.capstone_id AND s.number = r.submission WHERE c.cohort_id = ?`, []any{c}, func(rows *sql.Rows) error {
		var a MentorAnswer
		var since, at time.Time
		err := rows.Scan(&a.Mentor, &since, &at)
		a.Took = max(0, at.Sub(since))
		all = append(all, a)
		return err
	})
	return all, fault(err, "list what mentors answered")
}

// ClaimsIn lists the claims of capstones of a cohort that count now.
func (tx *Tx) ClaimsIn(c issuer.CohortID) ([]issuer.Claim, error) {
	return list[issuer.Claim](tx, "claimed_at, capstone_id", "until > ? AND capstone_id IN (SELECT id FROM capstones WHERE cohort_id = ? AND state IN ('submitted', 'scope_submitted'))", tx.Now, c)
}

// Mentorless lists those of the cohorts that nobody mentors.
func (tx *Tx) Mentorless(ids ...issuer.CohortID) ([]issuer.Cohort, error) {
	return list[issuer.Cohort](tx, "starts_on, id", `id IN ? AND NOT EXISTS (SELECT 1 FROM grants g
		WHERE g.program_id = cohorts.program_id AND g.cohort_id = cohorts.id AND g.role = 'mentor')`, none(ids))
}

const unattended = `state IN ('submitted', 'scope_submitted') AND changed_at <= ? AND program_id IN ?
	AND NOT EXISTS (SELECT 1 FROM claims k WHERE k.capstone_id = capstones.id AND k.until > ?)`

// Unattended counts the capstones of programs that wait for a mentor since a
// time or longer and that nobody is at work on, and lists the first of them, the
// oldest first.
func (tx *Tx) Unattended(since time.Time, limit int, programs ...issuer.ProgramID) (n int, first []issuer.Capstone, err error) {
	if n, err = count[issuer.Capstone](tx, unattended, since, none(programs), tx.Now); err != nil || n == 0 {
		return 0, nil, err
	}
	first, err = found[issuer.Capstone](tx.db.Where(unattended, since, none(programs), tx.Now).Order("changed_at, id").Limit(limit), "capstones that wait")
	return n, first, err
}

const unanswered = "answered_at IS NULL AND asked_at <= ? AND EXISTS (SELECT 1 FROM capstones c WHERE c.id = confirmations.capstone_id AND c.program_id IN ? AND c.state <> 'withdrawn')"

// Unanswered counts the questions whether a claim is right that were asked in
// programs at a time or before and nobody answered, and lists the first of them,
// the oldest first.
func (tx *Tx) Unanswered(since time.Time, limit int, programs ...issuer.ProgramID) (n int, first []issuer.Confirmation, err error) {
	if n, err = count[issuer.Confirmation](tx, unanswered, since, none(programs)); err != nil || n == 0 {
		return 0, nil, err
	}
	first, err = found[issuer.Confirmation](tx.db.Where(unanswered, since, none(programs)).Order("asked_at, id").Limit(limit), "questions that nobody answered")
	return n, first, err
}

// MixIn lists what the learners of a cohort say of themselves, without who:
// department, experience and time zone.
func (tx *Tx) MixIn(c issuer.CohortID) (all [][3]string, err error) {
	err = tx.query(`SELECT p.department, p.experience, p.time_zone FROM enrollments e JOIN people p ON p.id = e.person_id
		WHERE e.cohort_id = ? AND e.left_at IS NULL AND p.erased_at IS NULL`, []any{c}, func(rows *sql.Rows) error {
		var said [3]string
		err := rows.Scan(&said[0], &said[1], &said[2])
		all = append(all, said)
		return err
	})
	return all, fault(err, "list what learners say of themselves")
}

// WorthIn reads what approved capstones of a cohort claim to be worth, by
// capstone.
func (tx *Tx) WorthIn(c issuer.CohortID) ([]issuer.Capstone, error) {
	return found[issuer.Capstone](tx.db.Select("id", "impact").Where("cohort_id = ? AND state = 'approved'", c).Order("id"), "claims of capstones")
}

// ConfirmedIn lists the claims that someone stands behind in a cohort.
func (tx *Tx) ConfirmedIn(c issuer.CohortID) ([]issuer.Confirmation, error) {
	return list[issuer.Confirmation](tx, "id", "answer = 'yes' AND capstone_id IN (SELECT id FROM capstones WHERE cohort_id = ? AND state = 'approved')", c)
}

// neverEarned ends the part of a statement that finds x, who should have an
// achievement, and awaitsNothing the whole: they never had it, nothing of theirs
// waits to be issued, and they are still there.
const (
	neverEarned   = ` AND NOT EXISTS (SELECT 1 FROM awards w WHERE w.person_id = x.person_id AND w.achievement_id = ?))`
	awaitsNothing = ` AND NOT EXISTS (SELECT 1 FROM deferred_facts d WHERE d.person_id = p.id) AND p.erased_at IS NULL ORDER BY p.name, p.id`
)

// UnearnedByModule lists who passed a module in a cohort and never had the
// achievement for it, by name.
func (tx *Tx) UnearnedByModule(c issuer.CohortID, m issuer.ModuleID, a issuer.AchievementID) ([]issuer.Person, error) {
	return read[issuer.Person](tx, `p WHERE p.id IN (SELECT x.person_id FROM completions x WHERE x.cohort_id = ? AND x.module_id = ? AND x.passed AND x.withdrawn_at IS NULL`+
		neverEarned+awaitsNothing, c, m, a)
}

// UnearnedByCapstone lists who had a capstone of a brief approved in a cohort
// and never had the achievement for it, by name.
func (tx *Tx) UnearnedByCapstone(c issuer.CohortID, b issuer.BriefID, a issuer.AchievementID) ([]issuer.Person, error) {
	return read[issuer.Person](tx, `p WHERE p.id IN (SELECT x.person_id FROM capstones c JOIN members x ON x.capstone_id = c.id
		WHERE c.cohort_id = ? AND c.brief_id = ? AND c.state = 'approved'`+neverEarned+awaitsNothing, c, b, a)
}

// Unseen lists the learners of a cohort who never signed in, by name.
func (tx *Tx) Unseen(c issuer.CohortID) ([]issuer.Person, error) {
	return read[issuer.Person](tx, `p WHERE p.id IN (SELECT person_id FROM enrollments WHERE cohort_id = ? AND left_at IS NULL) 
		AND p.erased_at IS NULL AND p.signed_in_at IS NULL ORDER BY p.name, p.id`, c)
}

// CountMails counts the mails of a standing.
func (tx *Tx) CountMails(s issuer.Standing) (int, error) {
	return count[issuer.Message](tx, standings[s])
}

// FailedJobs lists the jobs that failed and that nobody has forgotten, the newest
// first.
func (tx *Tx) FailedJobs() ([]issuer.IssueJob, error) {
	return list[issuer.IssueJob](tx, "created_at DESC, id", "state = ?", issuer.JobFailed)
}
