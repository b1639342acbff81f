package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"hallmark/issuer"
)

// world is a small random world of programs, people and what they did.
type world struct {
	*rand.Rand
	programs []issuer.ProgramID
	cohorts  map[issuer.CohortID]issuer.ProgramID
	people   []issuer.PersonID
	modules  map[issuer.ProgramID][]issuer.ModuleID
	badges   map[issuer.ProgramID][]issuer.AchievementID
}

func pick[T any](w *world, all []T) T { return all[w.IntN(len(all))] }

func (w *world) cohort() issuer.CohortID {
	var all []issuer.CohortID
	for c := range w.cohorts {
		all = append(all, c)
	}
	slices.Sort(all)
	return pick(w, all)
}

// id is one of its own, in no order.
func (w *world) id() string { return fmt.Sprintf("%016X", w.Uint64()) }

// writeWorld fills a database beside the sample.
func writeWorld(t *testing.T, s *Store) *world {
	w := &world{Rand: rand.New(rand.NewPCG(5, 48)), programs: []issuer.ProgramID{maker}, cohorts: map[issuer.CohortID]issuer.ProgramID{"C": maker},
		people: []issuer.PersonID{ann, bob}, modules: map[issuer.ProgramID][]issuer.ModuleID{maker: {"M"}}, badges: map[issuer.ProgramID][]issuer.AchievementID{maker: {"A"}}}
	sample(t, s)
	must(t, s, func(tx *Tx) error {
		for _, write := range []func(*Tx) []any{w.places, w.folk, w.deeds, w.awards} {
			for _, row := range write(tx) {
				if _, err := tx.addOnce("world", row); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return w
}

func (w *world) places(tx *Tx) (rows []any) {
	for i := range 3 {
		p := issuer.ProgramID(fmt.Sprint("P", i))
		l, b := issuer.LevelID("L"+p), issuer.BriefID("B"+p)
		rows = append(rows, &issuer.Program{ID: p, IssuerID: us, Code: string(p), CreatedAt: tx.Now, ChangedAt: tx.Now},
			&issuer.Level{ID: l, IssuerID: us, ProgramID: p, Code: "l", Rank: 1},
			&issuer.Brief{ID: b, IssuerID: us, ProgramID: p, Code: "b", TeamMin: 1, TeamMax: 2, Approvals: 1})
		for n := range 2 {
			m, a, c := issuer.ModuleID(fmt.Sprint(p, "M", n)), issuer.AchievementID(fmt.Sprint(p, "A", n)), issuer.CohortID(fmt.Sprint(p, "C", n))
			rows = append(rows, &issuer.Module{ID: m, IssuerID: us, ProgramID: p, LevelID: l, Code: string(m), Kind: issuer.Short},
				&issuer.Achievement{ID: a, IssuerID: us, ProgramID: p, Code: string(a), Version: 1, CreatedAt: tx.Now},
				&issuer.AchievementVersion{ID: issuer.AchievementVersionID(a), IssuerID: us, AchievementID: a, Version: 1, PublishedAt: tx.Now},
				&issuer.Cohort{ID: c, IssuerID: us, ProgramID: p, Code: string(c), CreatedAt: tx.Now})
			w.modules[p], w.badges[p], w.cohorts[c] = append(w.modules[p], m), append(w.badges[p], a), p
		}
		w.programs = append(w.programs, p)
	}
	return rows
}

func (w *world) folk(tx *Tx) (rows []any) {
	for i := range 40 {
		p := &issuer.Person{ID: issuer.PersonID(w.id()), IssuerID: us, Name: pick(w, []string{"Ada", "Béla", "ada", "Zoë", "Ö"}), CreatedAt: tx.Now}
		if w.IntN(5) == 0 {
			p.ErasedAt = &tx.Now
		}
		if w.IntN(2) == 0 {
			p.SignedInAt = &tx.Now
		}
		w.people = append(w.people, p.ID)
		rows = append(rows, p, &issuer.Email{Address: fmt.Sprintf("p%d@example.org", i), IssuerID: us, PersonID: p.ID, Main: true, CreatedAt: tx.Now})
		for range w.IntN(3) {
			c := w.cohort()
			rows = append(rows, &issuer.Enrollment{ID: issuer.EnrollmentID(w.id()), IssuerID: us, CohortID: c, ProgramID: w.cohorts[c], PersonID: p.ID, CreatedAt: tx.Now})
		}
		switch c := w.cohort(); w.IntN(6) {
		case 0:
			rows = append(rows, &issuer.Grant{ID: issuer.GrantID(w.id()), IssuerID: us, PersonID: p.ID, Role: issuer.Mentor, ProgramID: w.cohorts[c], CohortID: c, Tier: issuer.Lead, CreatedAt: tx.Now})
		case 1:
			rows = append(rows, &issuer.Grant{ID: issuer.GrantID(w.id()), IssuerID: us, PersonID: p.ID, Role: issuer.Owner, ProgramID: w.cohorts[c], CreatedAt: tx.Now})
		}
	}
	return rows
}

func (w *world) deeds(tx *Tx) (rows []any) {
	for i := range 150 {
		c := w.cohort()
		p := w.cohorts[c]
		rows = append(rows, &issuer.Completion{ID: issuer.CompletionID(w.id()), IssuerID: us, PersonID: pick(w, w.people), ModuleID: pick(w, w.modules[p]), ProgramID: p, CohortID: c,
			CompletedOn: "2026-11-20", Score: fmt.Sprint(i), Unit: "percent", Passed: w.IntN(3) > 0, Source: "api", RecordedAt: tx.Now})
		if p == maker || i%3 > 0 {
			continue
		}
		k := &issuer.Capstone{ID: issuer.CapstoneID(w.id()), IssuerID: us, ProgramID: p, CohortID: c, BriefID: issuer.BriefID("B" + p),
			State: pick(w, []issuer.CapstoneState{issuer.Draft, issuer.Submitted, issuer.Approved}), Submission: 1, CreatedAt: tx.Now, ChangedAt: tx.Now}
		rows = append(rows, k, &issuer.Member{CapstoneID: k.ID, PersonID: pick(w, w.people), IssuerID: us, JoinedAt: tx.Now})
	}
	return rows
}

func (w *world) awards(tx *Tx) (rows []any) {
	held := map[string]bool{} // a person holds a badge once
	for i := range 120 {
		p := pick(w, w.programs)
		if p == maker {
			continue
		}
		a := award(issuer.AwardID(w.id()), pick(w, []issuer.AwardState{issuer.Issued, issuer.Suspended, issuer.Revoked, issuer.Expired}), tx.Now)
		badge := pick(w, w.badges[p])
		a.ProgramID, a.PersonID, a.AchievementID, a.AchievementVersionID = p, pick(w, w.people), badge, issuer.AchievementVersionID(badge)
		if key := fmt.Sprint(a.PersonID, badge); held[key] {
			continue
		} else {
			held[key] = true
		}
		a.CohortID, a.RevokedAt, a.RevokedCode, a.SuspendedAt, a.Term = w.cohort(), &tx.Now, "x", &tx.Now, 1
		rows = append(rows, a)
		for term := range 2 {
			c := &issuer.Credential{ID: issuer.CredentialID(w.id()), IssuerID: us, AwardID: a.ID, Term: term, StatusListID: "SL", StatusIndex: 100 + 2*i + term, ValidFrom: tx.Now, IssuedAt: tx.Now}
			if w.IntN(4) == 0 {
				c.SupersededBy, c.SupersededAt = "CRED", &tx.Now
			}
			rows = append(rows, &issuer.StatusEntry{StatusListID: "SL", StatusIndex: c.StatusIndex, IssuerID: us, CredentialID: c.ID}, c)
		}
		if end := tx.Now.Add(time.Duration(w.IntN(3)-1) * time.Hour); w.IntN(2) == 0 {
			rows = append(rows, &issuer.PastTerm{AwardID: a.ID, Term: 0, IssuerID: us, AchievementVersionID: a.AchievementVersionID, ValidUntil: &end})
		}
	}
	return rows
}

// some are a few of the programs, or none.
func (w *world) some() []issuer.ProgramID {
	var some []issuer.ProgramID
	for _, p := range w.programs {
		if w.IntN(3) == 0 {
			some = append(some, p)
		}
	}
	return some
}

// maybe is a value, or the zero one more often than not.
func maybe[T any](w *world, v T) T {
	if w.IntN(4) > 0 {
		v = *new(T)
	}
	return v
}

// questions is how many random questions are asked of each list.
const questions = 120

// fars are how far a list looks before it asks otherwise.
var fars = []int{1, 7, farthest}

// TestListsAreWhatTheyMean holds the lists of those who run programs to one
// condition each, which says what they mean and leaves it to the database how to
// find it: the same rows, in the same order, after any row.
func TestListsAreWhatTheyMean(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		w := writeWorld(t, s)
		_, err := Read(t.Context(), s, func(tx *Tx) (bool, error) {
			for range questions {
				w.askPeople(t, tx)
				w.askCompletions(t, tx)
				w.askCredentials(t, tx)
				w.askCapstones(t, tx)
			}
			return true, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// same complains of a list that is not what it should be.
func same[T any, ID ~string](t *testing.T, q any, got []T, err error, want *gorm.DB, id func(T) ID) {
	t.Helper()
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	var rows []T
	if err := want.Find(&rows).Error; err != nil {
		t.Fatal(err)
	}
	ids := func(rows []T) (ids []ID) {
		for _, r := range rows {
			ids = append(ids, id(r))
		}
		return ids
	}
	if fmt.Sprint(ids(got)) != fmt.Sprint(ids(rows)) {
		t.Errorf("%+v:\n got %v\nwant %v", q, ids(got), ids(rows))
	}
}

func (w *world) askPeople(t *testing.T, tx *Tx) {
	q := PlacedQuery{All: w.IntN(4) == 0, Programs: w.some(), Search: maybe(w, pick(w, []string{"ad", "P1", "%", "ö"})), Program: maybe(w, pick(w, w.programs)),
		Cohort: maybe(w, w.cohort()), Role: maybe(w, pick(w, []issuer.Role{issuer.Learner, issuer.Mentor, issuer.Owner})), NeverIn: maybe(w, true),
		After: maybe(w, pick(w, w.people)), Limit: 1 + w.IntN(12)}
	db := tx.db.Model(&issuer.Person{}).Where("erased_at IS NULL")
	placed := func(in any) {
		db = db.Where("(id IN (SELECT person_id FROM enrollments WHERE program_id IN ?) OR id IN (SELECT person_id FROM grants WHERE program_id IN ?))", in, in)
	}
	if !q.All {
		placed(none(q.Programs))
	}
	if q.Program != "" {
		placed([]issuer.ProgramID{q.Program})
	}
	if q.Cohort != "" {
		db = db.Where("(id IN (SELECT person_id FROM enrollments WHERE cohort_id = ?) OR id IN (SELECT person_id FROM grants WHERE cohort_id = ?))", q.Cohort, q.Cohort)
	}
	if q.Role == issuer.Learner {
		db = db.Where("id IN (SELECT person_id FROM enrollments)")
	} else if q.Role != "" {
		db = db.Where("id IN (SELECT person_id FROM grants WHERE role = ?)", q.Role)
	}
	if q.NeverIn {
		db = db.Where("signed_in_at IS NULL")
	}
	if q.Search != "" {
		db = db.Where("(lower(name) LIKE ? ESCAPE '!' OR id IN (SELECT person_id FROM emails WHERE lower(address) LIKE ? ESCAPE '!'))", containing(q.Search), containing(q.Search))
	}
	var total int64
	if err := db.Session(&gorm.Session{}).Count(&total).Error; err != nil {
		t.Fatal(err)
	}
	_, n, err := tx.PlacedPeople(q)
	if err != nil || n != int(total) {
		t.Errorf("%+v: %d people in all, want %d (%v)", q, n, total, err)
	}
	if q.named, err = tx.findNamed(q.Search, 1+int(total)%3); err != nil || q.Search == "" { // some of what is meant, or all
		q.named = nil
	}
	page := db.Session(&gorm.Session{}).Order("name, id").Limit(q.Limit)
	if q.After != "" {
		page = page.Where("(name, id) > (SELECT name, id FROM people WHERE id = ?)", q.After)
	}
	for _, far := range fars {
		got, err := tx.placedPage(&q, far)
		same(t, q, got, err, page.Session(&gorm.Session{}), func(p issuer.Person) issuer.PersonID { return p.ID })
	}
}

func (w *world) askCompletions(t *testing.T, tx *Tx) {
	q := CompletionQuery{All: w.IntN(4) == 0, Programs: w.some(), Own: maybe(w, pick(w, w.people)), Person: maybe(w, pick(w, w.people)), Cohort: maybe(w, w.cohort()),
		After: maybe(w, issuer.CompletionID(w.id())), Limit: 1 + w.IntN(12), Newest: w.IntN(2) == 0}
	for range w.IntN(3) {
		q.Cohorts = append(q.Cohorts, w.cohort())
	}
	if w.IntN(4) == 0 {
		q.Modules = w.modules[pick(w, w.programs)]
	}
	db := tx.db.Limit(q.Limit)
	switch {
	case !q.Newest:
		db = db.Order("id").Where("id > ?", q.After)
	case q.After != "":
		db = db.Order("id DESC").Where("id < ?", q.After)
	default:
		db = db.Order("id DESC")
	}
	if !q.All {
		db = db.Where("program_id IN ? OR cohort_id IN ? OR person_id = ?", none(q.Programs), none(q.Cohorts), q.Own)
	}
	if q.Person != "" {
		db = db.Where("person_id = ?", q.Person)
	}
	if q.Cohort != "" {
		db = db.Where("cohort_id = ?", q.Cohort)
	}
	if len(q.Modules) > 0 {
		db = db.Where("module_id IN ?", q.Modules)
	}
	got, err := tx.Completions(q)
	same(t, q, got, err, db, func(c issuer.Completion) issuer.CompletionID { return c.ID })
}

func (w *world) askCredentials(t *testing.T, tx *Tx) {
	q := CredentialQuery{All: w.IntN(4) == 0, Programs: w.some(), Holder: maybe(w, pick(w, w.people)), Person: maybe(w, pick(w, w.people)), Program: maybe(w, pick(w, w.programs)),
		State: maybe(w, pick(w, []issuer.AwardState{issuer.Issued, issuer.Suspended, issuer.Revoked, issuer.Expired, issuer.Superseded})), After: maybe(w, issuer.CredentialID(w.id())), Limit: 1 + w.IntN(12)}
	if w.IntN(4) == 0 {
		q.Achievements = w.badges[pick(w, w.programs)]
	}
	db := tx.db.Joins("JOIN awards ON awards.id = credentials.award_id").Order("credentials.id").Limit(q.Limit).Where("credentials.id > ?", q.After)
	if !q.All {
		db = db.Where("awards.program_id IN ? OR awards.person_id = ?", none(q.Programs), q.Holder)
	}
	if q.Person != "" {
		db = db.Where("awards.person_id = ?", q.Person)
	}
	if q.Program != "" {
		db = db.Where("awards.program_id = ?", q.Program)
	}
	if len(q.Achievements) > 0 {
		db = db.Where("awards.achievement_id IN ?", q.Achievements)
	}
	switch q.State {
	case "":
	case issuer.Superseded:
		db = db.Where("credentials.superseded_by <> ''")
	case issuer.Expired:
		db = db.Where("(awards.state = 'expired' OR awards.state IN ('issued', 'suspended') AND "+ended+") AND credentials.superseded_by = ''", tx.Now)
	default:
		db = db.Where("awards.state = ? AND credentials.superseded_by = '' AND NOT "+ended, q.State, tx.Now)
	}
	for _, far := range fars {
		got, err := tx.credentialsPage(&q, far)
		same(t, q, got, err, db.Session(&gorm.Session{}), func(c issuer.Credential) issuer.CredentialID { return c.ID })
	}
}

func (w *world) askCapstones(t *testing.T, tx *Tx) {
	q := CapstoneQuery{All: w.IntN(4) == 0, Programs: w.some(), Member: maybe(w, pick(w, w.people)), Cohort: maybe(w, w.cohort()),
		State: maybe(w, issuer.Submitted), After: maybe(w, issuer.CapstoneID(w.id())), Limit: 1 + w.IntN(12)}
	for range w.IntN(3) {
		q.Cohorts = append(q.Cohorts, w.cohort())
	}
	db := tx.db.Order("id").Limit(q.Limit).Where("id > ?", q.After)
	if !q.All {
		db = db.Where("program_id IN ? OR cohort_id IN ? OR id IN (SELECT capstone_id FROM members WHERE person_id = ?)", none(q.Programs), none(q.Cohorts), q.Member)
	}
	if q.Cohort != "" {
		db = db.Where("cohort_id = ?", q.Cohort)
	}
	if q.State != "" {
		db = db.Where("state = ?", q.State)
	}
	for _, far := range fars {
		got, err := tx.capstonesPage(&q, far)
		same(t, q, got, err, db.Session(&gorm.Session{}), func(c issuer.Capstone) issuer.CapstoneID { return c.ID })
	}
}
