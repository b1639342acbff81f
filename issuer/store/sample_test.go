package store

import (
	"crypto/rand"
	"testing"
	"time"

	"hallmark/issuer"
)

// must is a step of a test that writes.
func must(t testing.TB, s *Store, f func(tx *Tx) error) {
	t.Helper()
	if _, err := Write(t.Context(), s, func(tx *Tx) (bool, error) { return true, f(tx) }); err != nil {
		t.Fatal(err)
	}
}

// get is a step of a test that reads.
func get[T any](t testing.TB, s *Store, f func(tx *Tx) (T, error)) T {
	t.Helper()
	v, err := Read(t.Context(), s, f)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// try is a write whose error is what a test is about.
func try(t testing.TB, s *Store, f func(tx *Tx) error) error {
	t.Helper()
	_, err := Write(t.Context(), s, func(tx *Tx) (bool, error) { return true, f(tx) })
	return err
}

const (
	us    = issuer.IssuerID("I")
	ann   = issuer.PersonID("ANN")
	bob   = issuer.PersonID("BOB")
	maker = issuer.ProgramID("P")
)

// sample writes one row of every table: a person who completed a module,
// handed in a capstone, was reviewed and holds a badge.
func sample(t testing.TB, s *Store) {
	t.Helper()
	must(t, s, func(tx *Tx) error {
		rows := []any{
			&issuer.Issuer{ID: us, Name: "Example Academy", BaseURL: "http://127.0.0.1", CreatedAt: tx.Now},
			&issuer.Person{ID: ann, IssuerID: us, Name: "Ann", CreatedAt: tx.Now},
			&issuer.Person{ID: bob, IssuerID: us, Name: "Bob", CreatedAt: tx.Now},
			&issuer.Email{Address: "ann@example.org", IssuerID: us, PersonID: ann, Main: true, CreatedAt: tx.Now},
			&issuer.ConsentRecord{ID: "CR", IssuerID: us, PersonID: ann, Kind: "name", Answer: issuer.ConsentGiven, Version: "1", At: tx.Now},
			&issuer.Grant{ID: "G", IssuerID: us, PersonID: bob, Role: issuer.Mentor, ProgramID: maker, CohortID: "C", Tier: issuer.Lead, CreatedAt: tx.Now},
			&issuer.Client{ID: "CL", IssuerID: us, Name: "LMS", Scopes: issuer.Strings{"completions:write"}, CreatedAt: tx.Now},
			&issuer.Program{ID: maker, IssuerID: us, Code: "maker", Name: "Makers", CreatedAt: tx.Now, ChangedAt: tx.Now},
			&issuer.Skill{ID: "S", IssuerID: us, ProgramID: maker, Code: "s"},
			&issuer.Level{ID: "L", IssuerID: us, ProgramID: maker, Code: "l", Rank: 1},
			&issuer.Module{ID: "M", IssuerID: us, ProgramID: maker, LevelID: "L", Code: "F1", Kind: issuer.Short},
			&issuer.Brief{ID: "B", IssuerID: us, ProgramID: maker, Code: "b", TeamMin: 1, TeamMax: 2, Approvals: 1},
			&issuer.Cohort{ID: "C", IssuerID: us, ProgramID: maker, Code: "c", CreatedAt: tx.Now},
			&issuer.Enrollment{ID: "E", IssuerID: us, CohortID: "C", ProgramID: maker, PersonID: ann, CreatedAt: tx.Now},
			completion("CO", "92"),
			&issuer.CompletionEvidence{ID: "CE", IssuerID: us, CompletionID: "CO", URL: "https://example.org/"},
			&issuer.Capstone{ID: "CAP", IssuerID: us, ProgramID: maker, CohortID: "C", BriefID: "B", State: issuer.Submitted, Submission: 1, CreatedAt: tx.Now, ChangedAt: tx.Now},
			&issuer.Member{CapstoneID: "CAP", PersonID: ann, IssuerID: us, JoinedAt: tx.Now},
			&issuer.Submission{ID: "SUB", IssuerID: us, CapstoneID: "CAP", Number: 1, SubmittedBy: ann, SubmittedAt: tx.Now},
			&issuer.Evidence{ID: "EV", IssuerID: us, CapstoneID: "CAP", Submission: 1, Kind: "demo", AddedBy: ann, AddedAt: tx.Now},
			&issuer.Evidence{ID: "DRAFT", IssuerID: us, CapstoneID: "CAP", Submission: 0, Kind: "demo", AddedBy: ann, AddedAt: tx.Now},
			&issuer.Review{ID: "R", IssuerID: us, CapstoneID: "CAP", Submission: 1, ReviewerID: bob, Tier: issuer.Lead, Decision: issuer.Approve, At: tx.Now},
			&issuer.Claim{CapstoneID: "CAP", IssuerID: us, PersonID: bob, ClaimedAt: tx.Now, Until: tx.Now},
			&issuer.Achievement{ID: "A", IssuerID: us, ProgramID: maker, Code: "f1", Version: 1, CreatedAt: tx.Now},
			&issuer.AchievementVersion{ID: "AV", IssuerID: us, AchievementID: "A", Version: 1, Name: "F1", PublishedAt: tx.Now},
			&issuer.Picture{AchievementVersionID: "AV", Year: 2026, IssuerID: us, Digest: "zQm", Bytes: []byte("png"), CreatedAt: tx.Now},
			award("AW", issuer.Issued, tx.Now),
			&issuer.StatusList{ID: "SL", IssuerID: us, Purpose: "revocation", Size: StatusListSize, CreatedAt: tx.Now},
			&issuer.StatusEntry{StatusListID: "SL", StatusIndex: 7, IssuerID: us, CredentialID: "CRED"},
			&issuer.Key{ID: "K", IssuerID: us, Purpose: "credential", Algorithm: "Ed25519", State: issuer.KeyActive, Public: "z6Mk", Sealed: "sealed", CreatedAt: tx.Now},
			&issuer.Credential{ID: "CRED", IssuerID: us, AwardID: "AW", StatusListID: "SL", StatusIndex: 7, ValidFrom: tx.Now, IssuedAt: tx.Now},
			&issuer.CopyExample{ID: "EX", IssuerID: us, Kind: "k", Bytes: []byte("{}"), CreatedAt: tx.Now},
			&issuer.SignedCopy{CredentialID: "CRED", Format: issuer.FormatDataIntegrity, IssuerID: us, KeyID: "K", Bytes: []byte("{}"), Digest: []byte{1}, SignedAt: tx.Now},
			&issuer.Allotment{CredentialID: "CRED", IssuerID: us, CapstoneID: "CAP", Submission: 1, PersonID: ann, AchievementID: "A"},
			&issuer.MentorKey{PersonID: bob, IssuerID: us, Public: "z6Mm", Sealed: "sealed", CreatedAt: tx.Now},
			&issuer.FormerIdentity{Number: 0, IssuerID: us, BaseURL: "http://127.0.0.1:8080", DID: "did:key:z6Mk", EndedAt: tx.Now},
			&issuer.LostMentorKey{Public: "z6Ml", IssuerID: us, PersonID: bob, Since: tx.Now, CreatedAt: tx.Now},
			&issuer.Endorsement{ID: "EN", IssuerID: us, ReviewID: "R", CredentialID: "CRED", Bytes: []byte("{}"), CreatedAt: tx.Now},
			&issuer.StepUpCode{ID: "SUC", IssuerID: us, PersonID: bob, Hash: "h", CreatedAt: tx.Now, ExpiresAt: tx.Now},
			&issuer.Passkey{ID: "PK", IssuerID: us, PersonID: bob, Name: "Phone", Data: "{}", CreatedAt: tx.Now},
			&issuer.AuditEntry{ID: "AE", IssuerID: us, At: tx.Now, Actor: "person:ANN", Act: "x", Outcome: "done", Detail: "{}"},
			&issuer.LogLeaf{ID: "LL", IssuerID: us, CredentialID: "CRED", Type: "issue", At: tx.Now, Data: []byte("{}")},
			&issuer.LogSalt{CredentialID: "CRED", IssuerID: us, Salt: []byte{1}},
			&issuer.Message{ID: "MSG", IssuerID: us, Kind: "mail", Recipient: "ann@example.org", Template: "x", Data: "{}", State: "queued", NextAt: tx.Now, CreatedAt: tx.Now},
			&issuer.Answer{Caller: "client:CL", Key: "k", RequestHash: []byte{1}, Status: 201, Body: []byte("{}"), CreatedAt: tx.Now},
			&issuer.Session{Token: "T", IssuerID: us, PersonID: ann, Data: []byte{1}, ExpiresAt: tx.Now.Add(time.Hour), CreatedAt: tx.Now},
			&issuer.SigninLink{Token: "T", IssuerID: us, PersonID: ann, Purpose: "signin", ExpiresAt: tx.Now.Add(time.Hour), CreatedAt: tx.Now},
			&issuer.Setting{Name: "sample", Value: "yes"},
		}
		for _, row := range rows {
			if err := tx.add("sample", row); err != nil {
				return err
			}
		}
		return nil
	})
}

func completion(id issuer.CompletionID, score string) *issuer.Completion {
	return &issuer.Completion{ID: id, IssuerID: us, PersonID: ann, ModuleID: "M", ProgramID: maker, CohortID: "C", CompletedOn: "2026-11-20",
		Score: score, Unit: "percent", Passed: true, Source: "api", RecordedAt: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
}

func award(id issuer.AwardID, state issuer.AwardState, at time.Time) *issuer.Award {
	return &issuer.Award{ID: id, IssuerID: us, ProgramID: maker, PersonID: ann, AchievementID: "A", AchievementVersionID: "AV", Subject: rand.Text(),
		AwardedOn: "2026-11-20", Fact: issuer.FactCompletion, FactID: "CO", State: state, Visibility: issuer.Unlisted, CreatedAt: at}
}
