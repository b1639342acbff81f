package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"hallmark/issuer"
)

// tables are the rows that the schema is for.
var tables = []any{
	issuer.Issuer{}, issuer.FormerIdentity{}, issuer.LostMentorKey{}, issuer.Setting{}, issuer.Person{}, issuer.Email{}, issuer.ConsentRecord{}, issuer.Grant{}, issuer.Client{},
	issuer.Program{}, issuer.Skill{}, issuer.Level{}, issuer.Module{}, issuer.Brief{}, issuer.Cohort{}, issuer.Enrollment{},
	issuer.Completion{}, issuer.CompletionEvidence{}, issuer.Capstone{}, issuer.Member{}, issuer.Submission{}, issuer.Evidence{}, issuer.Review{},
	issuer.Achievement{}, issuer.AchievementVersion{}, issuer.Picture{}, issuer.Award{}, issuer.PastTerm{}, issuer.Credential{}, issuer.SignedCopy{}, issuer.CopyExample{}, issuer.StatusList{}, issuer.StatusEntry{},
	issuer.Key{}, issuer.AuditEntry{}, issuer.LogLeaf{}, issuer.LogSalt{}, issuer.LogTile{}, issuer.LogCheckpoint{}, issuer.AuditHead{}, issuer.Message{}, issuer.Answer{}, issuer.Session{}, issuer.SigninLink{},
	issuer.Instance{}, issuer.InstanceList{}, issuer.InstanceEntry{}, issuer.SlipKey{}, issuer.StapleKey{}, issuer.LostEntry{}, issuer.LostCredential{}, issuer.IssueJob{}, issuer.IssueItem{}, issuer.DeferredFact{}, issuer.JoinLink{},
	issuer.Touchpoint{}, issuer.Attendance{}, issuer.SelfRating{}, issuer.Allotment{}, issuer.MentorKey{}, issuer.Endorsement{}, issuer.StepUpCode{}, issuer.Passkey{},
	issuer.CapstoneScope{}, issuer.Confirmation{},
	issuer.ShareLink{}, issuer.WalletOffer{}, issuer.WalletNonce{}, issuer.BadgeView{}, issuer.Portfolio{}, issuer.NameRequest{}, issuer.Appeal{},
	issuer.Story{}, issuer.StoryConsent{}, issuer.FeedbackRound{}, issuer.PeerNote{}, issuer.Opinion{}, issuer.Concern{}, issuer.ConcernPerson{}, issuer.ConcernNote{}, issuer.Question{},
	issuer.AddressClaim{}, issuer.Identity{}, issuer.Device{}, issuer.Invitation{}, issuer.MailChoice{},
	issuer.ProgramVersion{}, issuer.CohortSums{}, issuer.Overview{}, issuer.Claim{}, issuer.ReviewDraft{}, issuer.SavedReply{}, issuer.ConflictOfInterest{}, issuer.Absence{},
}

// required are the columns of bytes that are never NULL; which others are
// follows from their Go type.
var required = []string{"signed_copies.bytes", "copy_examples.bytes", "signed_copies.digest", "log_leaves.data", "log_salts.salt",
	"log_tiles.hashes", "log_checkpoints.root", "audit_heads.hash",
	"answers.request_hash", "answers.body", "sessions.data", "instance_lists.bytes", "endorsements.bytes", "pictures.bytes"}

// TestDrift holds the tables to the structs: asked to migrate, gorm wants
// nothing, and no table has a column that its struct has not.
func TestDrift(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		wishes, db := dry(t, s)
		known := map[string]bool{}
		for _, row := range tables {
			stmt := &gorm.Statement{DB: db}
			if err := stmt.Parse(row); err != nil {
				t.Fatal(err)
			}
			known[stmt.Table] = true
			for _, f := range stmt.Schema.Fields {
				bytes := f.FieldType == reflect.TypeFor[[]byte]()
				f.NotNull = f.FieldType.Kind() != reflect.Pointer && (!bytes || slices.Contains(required, stmt.Table+"."+f.DBName))
			}
			compareColumns(t, s, stmt)
			if err := db.AutoMigrate(row); err != nil {
				t.Errorf("%T: %v", row, err)
			}
		}
		for _, wish := range wishes.statements {
			if strings.Contains(wish, " DROP DEFAULT") {
				continue // a column that came later has one for programs that do not know it
			}
			t.Errorf("gorm wants: %s", wish)
		}
		query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'"
		if s.dialect == postgresDialect {
			query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT LIKE 'goose_%'"
		}
		for _, table := range rowsOf(t, s.handles[0], query) {
			if !known[table[0]] {
				t.Errorf("no struct is for table %s", table[0])
			}
		}
	})
}

// compareColumns holds names, kinds and NULL to the fields.
func compareColumns(t *testing.T, s *Store, stmt *gorm.Statement) {
	t.Helper()
	query := `SELECT name, lower(type), "notnull" FROM pragma_table_info(?)`
	if s.dialect == postgresDialect {
		query = `SELECT column_name, data_type, CASE is_nullable WHEN 'NO' THEN '1' ELSE '0' END
			FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1`
	}
	columns := rowsOf(t, s.handles[0], query, stmt.Table)
	if len(columns) != len(stmt.Schema.DBNames) {
		t.Errorf("%s has %d columns, its struct %d", stmt.Table, len(columns), len(stmt.Schema.DBNames))
	}
	for _, c := range columns {
		f, ok := stmt.Schema.FieldsByDBName[c[0]]
		if !ok {
			t.Errorf("no field is for column %s.%s", stmt.Table, c[0])
			continue
		}
		wanted := kind(t, c[0], strings.Replace(stmt.DB.Dialector.DataTypeOf(f), "timestamptz", "timestamp with time zone", 1))
		if got := kind(t, c[0], c[1]); got != wanted {
			t.Errorf("%s.%s is of kind %s, its field of kind %s", stmt.Table, c[0], got, wanted)
		}
		if (c[2] == "1") != f.NotNull {
			t.Errorf("%s.%s: not null is %s, its field says %v", stmt.Table, c[0], c[2], f.NotNull)
		}
	}
}

// dry opens the database so that every change is noted and none is made.
func dry(t *testing.T, s *Store) (*recorder, *gorm.DB) {
	t.Helper()
	r := &recorder{DB: s.handles[0]}
	config := s.gormConfig()
	config.Logger = logger.Discard
	var dialector gorm.Dialector = dryDialect{sqlite{s.handles[0]}, r}
	if s.dialect == postgresDialect {
		dialector = postgres.New(postgres.Config{Conn: r})
	}
	db, err := gorm.Open(dialector, config)
	if err != nil {
		t.Fatal(err)
	}
	return r, db
}

type dryDialect struct {
	sqlite
	pool gorm.ConnPool
}

func (d dryDialect) Initialize(db *gorm.DB) error {
	err := d.sqlite.Initialize(db)
	db.ConnPool = d.pool
	return err
}

// recorder answers questions and notes orders.
type recorder struct {
	*sql.DB
	statements []string
}

func (r *recorder) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	r.statements = append(r.statements, fmt.Sprint(query, args))
	return driver.RowsAffected(0), nil
}

func TestDriftIsSeen(t *testing.T) {
	onOwn(t, func(t *testing.T, s *Store) {
		if _, err := s.handles[0].ExecContext(t.Context(), "ALTER TABLE skills DROP COLUMN framework"); err != nil {
			t.Fatal(err)
		}
		wishes, db := dry(t, s)
		if err := db.AutoMigrate(issuer.Skill{}); err != nil {
			t.Fatal(err)
		}
		if len(wishes.statements) == 0 {
			t.Error("a missing column was not seen")
		}
	})
}
