package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
)

// TestFinal tries to change what is final by plain SQL, past every rule of the
// code, and what may change the same way, so that a guard that refuses
// everything is found too.
func TestFinal(t *testing.T) {
	const revoked = "UPDATE awards SET state = 'revoked', revoked_code = 'other', revoked_at = created_at"
	const erased = "UPDATE awards SET state = 'erased', erased_at = created_at"
	const nobody = "UPDATE people SET name = '', erased_at = created_at"
	const takenBack = "UPDATE reviews SET taken_back_at = at"
	const set = "UPDATE status_entries SET set_at = '2026-11-21 09:00:00+00:00', reason = 'revoked'"
	const chained = "UPDATE audit_entries SET sequence = 0, previous = digest, hash = digest FROM signed_copies"
	const said = "INSERT INTO program_versions (program_id, number, issuer_id, actor, at, put_back, file) SELECT id, 1, issuer_id, '', created_at, 0, '{}' FROM programs"
	tests := []struct {
		name   string
		before []string
		change string
		final  bool
	}{
		{"erase a person", nil, nobody, false},
		{"bring them back", []string{nobody}, "UPDATE people SET erased_at = NULL", true},
		{"name them again", []string{nobody}, "UPDATE people SET name = 'x'", true},
		{"delete a person", nil, "DELETE FROM people", true},
		{"revoke", nil, revoked, false},
		{"un-revoke", []string{revoked}, "UPDATE awards SET state = 'issued'", true},
		{"suspend a revoked one", []string{revoked}, "UPDATE awards SET state = 'suspended', suspended_at = created_at", true},
		{"expire a revoked one", []string{revoked}, "UPDATE awards SET state = 'expired'", true},
		{"erase a revoked one", []string{revoked}, erased, false},
		{"change the note of a revoked one", []string{revoked}, "UPDATE awards SET revoked_note = 'x'", false},
		{"un-erase", []string{erased}, "UPDATE awards SET state = 'revoked', revoked_code = 'other', revoked_at = created_at", true},
		{"un-expire", []string{"UPDATE awards SET state = 'expired'"}, "UPDATE awards SET state = 'issued'", true},
		{"reinstate", []string{"UPDATE awards SET state = 'suspended', suspended_at = created_at"}, "UPDATE awards SET state = 'issued'", false},
		{"give an award away", nil, "UPDATE awards SET person_id = 'BOB'", true},
		{"another version", nil, "UPDATE awards SET subject = 'x'", true},
		{"delete an award", nil, "DELETE FROM awards", true},
		{"move a credential", nil, "UPDATE credentials SET status_index = 8", true},
		{"supersede", nil, "UPDATE credentials SET superseded_by = 'N', superseded_at = issued_at", false},
		{"supersede again", []string{"UPDATE credentials SET superseded_by = 'N', superseded_at = issued_at"}, "UPDATE credentials SET superseded_by = 'M'", true},
		{"delete a credential", nil, "DELETE FROM credentials", true},
		{"change signed bytes", nil, "UPDATE signed_copies SET bytes = digest", true},
		{"delete signed bytes", nil, "DELETE FROM signed_copies", true},
		{"delete signed bytes of a revoked award", []string{revoked}, "DELETE FROM signed_copies", true},
		{"delete signed bytes of an erased award", []string{erased}, "DELETE FROM signed_copies", false},
		{"set a bit", nil, set, false},
		{"clear a bit", []string{set}, "UPDATE status_entries SET set_at = NULL, reason = ''", true},
		{"another reason", []string{set}, "UPDATE status_entries SET reason = 'erased'", false},
		{"move an index", nil, "UPDATE status_entries SET status_index = 9", true},
		{"delete an entry", nil, "DELETE FROM status_entries", true},
		{"list goes on", nil, "UPDATE status_lists SET version = 3", false},
		{"list goes back", []string{"UPDATE status_lists SET version = 3"}, "UPDATE status_lists SET version = 2", true},
		{"delete a list", nil, "DELETE FROM status_lists", true},
		{"retire a key", nil, "UPDATE keys SET state = 'retired'", false},
		{"un-retire a key", []string{"UPDATE keys SET state = 'retired'"}, "UPDATE keys SET state = 'active'", true},
		{"clear a compromised key", []string{"UPDATE keys SET state = 'compromised'"}, "UPDATE keys SET state = 'retired'", true},
		{"swap a key", nil, "UPDATE keys SET public = 'z6MkOther'", true},
		{"delete a key", nil, "DELETE FROM keys", true},
		{"change a submission", nil, "UPDATE submissions SET title = 'x'", true},
		{"erase the words of a submission", []string{nobody}, "UPDATE submissions SET title = '', summary = '', impact = '{}'", false},
		{"give it to another, its team erased", []string{nobody}, "UPDATE submissions SET submitted_at = '2026-11-21 09:00:00+00:00'", true},
		{"delete a submission", nil, "DELETE FROM submissions", true},
		{"change evidence", nil, "UPDATE evidence SET url = 'x' WHERE id = 'EV'", true},
		{"erase the words of evidence", []string{nobody}, "UPDATE evidence SET name = '', url = '' WHERE id = 'EV'", false},
		{"another kind of evidence, its team erased", []string{nobody}, "UPDATE evidence SET kind = 'x' WHERE id = 'EV'", true},
		{"delete evidence", nil, "DELETE FROM evidence WHERE id = 'EV'", true},
		{"change a draft's evidence", nil, "UPDATE evidence SET url = 'x' WHERE id = 'DRAFT'", false},
		{"delete a draft's evidence", nil, "DELETE FROM evidence WHERE id = 'DRAFT'", false},
		{"change a review", nil, "UPDATE reviews SET decision = 'return'", true},
		{"erase the words of a review", []string{nobody}, "UPDATE reviews SET note = ''", false},
		{"another decision, its reviewer erased", []string{nobody}, "UPDATE reviews SET decision = 'return'", true},
		{"delete a review", nil, "DELETE FROM reviews", true},
		{"take an approval back", nil, takenBack, false},
		{"take back the taking back", []string{takenBack}, "UPDATE reviews SET taken_back_at = NULL", true},
		{"take it back with other words", nil, takenBack + ", note = 'x'", true},
		{"another reason", nil, "UPDATE reviews SET reason = 'x'", true},
		{"allot another id", nil, "UPDATE allotments SET person_id = 'BOB'", true},
		{"swap the key of a mentor", nil, "UPDATE mentor_keys SET sealed = 'x'", true},
		{"erase the key of a mentor", nil, "DELETE FROM mentor_keys", false},
		{"change what a mentor signed", nil, "UPDATE endorsements SET bytes = digest FROM signed_copies", true},
		{"send it", nil, "UPDATE endorsements SET sent_at = created_at", false},
		{"void it", nil, "UPDATE endorsements SET voided_at = created_at", false},
		{"void what was sent", []string{"UPDATE endorsements SET sent_at = created_at"}, "UPDATE endorsements SET sent_at = NULL, voided_at = created_at", true},
		{"un-void it", []string{"UPDATE endorsements SET voided_at = created_at"}, "UPDATE endorsements SET voided_at = NULL", true},
		{"erase what a mentor signed", nil, "DELETE FROM endorsements", false},
		{"change the picture of badges", nil, "UPDATE pictures SET digest = 'x'", true},
		{"delete the picture of badges", nil, "DELETE FROM pictures", true},
		{"change a former identity", nil, "UPDATE former_identities SET did = 'x'", true},
		{"delete a former identity", nil, "DELETE FROM former_identities", true},
		{"put a list under another identity", nil, "UPDATE status_lists SET identity = identity + 1", true},
		{"change a wording", nil, "UPDATE achievement_versions SET name = 'x'", true},
		{"delete a wording", nil, "DELETE FROM achievement_versions WHERE id IN (SELECT achievement_version_id FROM awards)", true},
		{"keep what a program says", nil, said, false},
		{"change what a program said", []string{said}, "UPDATE program_versions SET file = 'x'", true},
		{"delete what a program said", []string{said}, "DELETE FROM program_versions", true},
		{"chain an entry", nil, chained, false},
		{"chain it twice", []string{chained}, "UPDATE audit_entries SET sequence = 1", true},
		{"unchain it", []string{chained}, "UPDATE audit_entries SET sequence = NULL, previous = NULL, hash = NULL", true},
		{"change an entry", nil, "UPDATE audit_entries SET actor = 'x'", true},
		{"erase its detail", nil, "UPDATE audit_entries SET detail = '{\"erased\":true}'", false},
		{"erase its detail once chained", []string{chained}, "UPDATE audit_entries SET detail = '{\"erased\":true}'", false},
		{"put another detail there", nil, "UPDATE audit_entries SET detail = '{}x'", true},
		{"erase its detail and move it", []string{chained}, "UPDATE audit_entries SET detail = '{\"erased\":true}', sequence = 4", true},
		{"change it while chaining", nil, "UPDATE audit_entries SET sequence = 0, previous = digest, hash = digest, actor = 'x' FROM signed_copies", true},
		{"delete an entry", nil, "DELETE FROM audit_entries", true},
		{"place a leaf", nil, "UPDATE log_leaves SET sequence = 0", false},
		{"place it twice", []string{"UPDATE log_leaves SET sequence = 0"}, "UPDATE log_leaves SET sequence = 1", true},
		{"change a leaf", nil, "UPDATE log_leaves SET sequence = 0, type = 'revoke'", true},
		{"delete a leaf", nil, "DELETE FROM log_leaves", true},
	}
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		undo := errors.New("undo")
		for _, test := range tests {
			var got error
			err := try(t, s, func(tx *Tx) error {
				for _, statement := range test.before {
					if err := tx.db.Exec(statement).Error; err != nil {
						return err
					}
				}
				got = fault(tx.db.Exec(test.change).Error, "change")
				return undo
			})
			switch {
			case !errors.Is(err, undo):
				t.Errorf("%s: prepare: %v", test.name, err)
			case test.final && !errors.Is(got, ErrFinal):
				t.Errorf("%s: %v, want ErrFinal", test.name, got)
			case !test.final && got != nil:
				t.Errorf("%s: %v", test.name, got)
			}
		}
	})
}

// TestSaveAward changes all that may change of an award and reads it back.
func TestSaveAward(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		want := get(t, s, func(tx *Tx) (*issuer.Award, error) { return tx.Award("AW") })
		at := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
		want.State, want.Visibility, want.NameSigned, want.ErasedAt = issuer.Erased, issuer.Hidden, !want.NameSigned, &at
		want.RevokedCode, want.RevokedReason, want.RevokedNote, want.RevokedAt = "other", "why", "who", &at
		want.SuspendedAt, want.SuspendedReason = &at, "once"
		must(t, s, func(tx *Tx) error { return tx.SaveAward(want) })
		got := get(t, s, func(tx *Tx) (*issuer.Award, error) { return tx.Award("AW") })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-saved +read\n%s", diff)
		}
	})
}

func TestOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		first := get(t, s, func(tx *Tx) (*issuer.Award, error) { return tx.Award("AW") })
		tests := []struct {
			name string
			add  func(tx *Tx) (bool, error)
			want bool
		}{
			{"the same completion", func(tx *Tx) (bool, error) { return tx.AddCompletionOnce(completion("CO2", "92")) }, false},
			{"another score", func(tx *Tx) (bool, error) { return tx.AddCompletionOnce(completion("CO3", "93")) }, true},
			{"a second live award", func(tx *Tx) (bool, error) { return tx.AddAwardOnce(award("AW2", issuer.Issued, tx.Now)) }, false},
			{"a live award after it ended", func(tx *Tx) (bool, error) {
				a := *first
				if _, err := a.Revoke("other", "", "", tx.Now); err != nil {
					return false, err
				}
				if err := tx.SaveAward(&a); err != nil {
					return false, err
				}
				return tx.AddAwardOnce(award("AW3", issuer.Issued, tx.Now))
			}, true},
			{"a suspended one is live", func(tx *Tx) (bool, error) { return tx.AddAwardOnce(award("AW4", issuer.Issued, tx.Now)) }, false},
			{"an address that someone has", func(tx *Tx) (bool, error) {
				return tx.AddEmailOnce(&issuer.Email{Address: "ann@example.org", IssuerID: us, PersonID: bob, CreatedAt: tx.Now})
			}, false},
			{"a second main address", func(tx *Tx) (bool, error) {
				return tx.AddEmailOnce(&issuer.Email{Address: "a@example.org", IssuerID: us, PersonID: ann, Main: true, CreatedAt: tx.Now})
			}, false},
			{"another address", func(tx *Tx) (bool, error) {
				return tx.AddEmailOnce(&issuer.Email{Address: "a@example.org", IssuerID: us, PersonID: ann, CreatedAt: tx.Now})
			}, true},
			{"a role twice", func(tx *Tx) (bool, error) {
				return tx.AddGrantOnce(&issuer.Grant{ID: "G2", IssuerID: us, PersonID: bob, Role: issuer.Mentor, ProgramID: maker, CohortID: "C", CreatedAt: tx.Now})
			}, false},
			{"an enrollment twice", func(tx *Tx) (bool, error) {
				return tx.AddEnrollmentOnce(&issuer.Enrollment{ID: "E2", IssuerID: us, CohortID: "C", ProgramID: maker, PersonID: ann, CreatedAt: tx.Now})
			}, false},
			{"a second active key", func(tx *Tx) (bool, error) {
				return tx.AddKeyOnce(&issuer.Key{ID: "K2", IssuerID: us, Purpose: "credential", Algorithm: "Ed25519", State: issuer.KeyActive, Public: "z2", CreatedAt: tx.Now})
			}, false},
			{"a planned key", func(tx *Tx) (bool, error) {
				return tx.AddKeyOnce(&issuer.Key{ID: "K3", IssuerID: us, Purpose: "credential", Algorithm: "Ed25519", State: issuer.KeyPlanned, Public: "z3", CreatedAt: tx.Now})
			}, true},
		}
		for _, test := range tests {
			got, err := Write(t.Context(), s, test.add)
			if err != nil || got != test.want {
				t.Errorf("%s: added %v, %v", test.name, got, err)
			}
		}
	})
}

func TestRefusedBySchema(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		tests := []struct {
			name string
			row  any
			want error
		}{
			{"submission twice", &issuer.Submission{ID: "SUB2", IssuerID: us, CapstoneID: "CAP", Number: 1, SubmittedBy: ann}, ErrDuplicate},
			{"review twice", &issuer.Review{ID: "R2", IssuerID: us, CapstoneID: "CAP", Submission: 1, ReviewerID: bob, Decision: issuer.Approve}, ErrDuplicate},
			{"review of their own", &issuer.Review{ID: "R4", IssuerID: us, CapstoneID: "CAP", Submission: 1, ReviewerID: ann, Decision: issuer.Approve}, ErrFinal},
			{"claim twice", &issuer.Claim{CapstoneID: "CAP", IssuerID: us, PersonID: ann}, ErrDuplicate},
			{"review of no submission", &issuer.Review{ID: "R3", IssuerID: us, CapstoneID: "CAP", Submission: 2, ReviewerID: bob, Decision: issuer.Approve}, ErrMissing},
			{"index twice", &issuer.StatusEntry{StatusListID: "SL", StatusIndex: 7, IssuerID: us, CredentialID: "OTHER"}, ErrDuplicate},
			{"credential at two indexes", &issuer.StatusEntry{StatusListID: "SL", StatusIndex: 8, IssuerID: us, CredentialID: "CRED"}, ErrDuplicate},
			{"credential without an entry", &issuer.Credential{ID: "N", IssuerID: us, AwardID: "AW", StatusListID: "SL", StatusIndex: 9}, ErrMissing},
			{"enrollment of nobody", &issuer.Enrollment{ID: "E3", IssuerID: us, CohortID: "C", ProgramID: maker, PersonID: "NOBODY"}, ErrMissing},
			{"answer twice", &issuer.Answer{Caller: "client:CL", Key: "k", RequestHash: []byte{2}, Body: []byte{}}, ErrDuplicate},
		}
		for _, test := range tests {
			if err := try(t, s, func(tx *Tx) error { return tx.add("row", test.row) }); !errors.Is(err, test.want) {
				t.Errorf("%s: %v, want %v", test.name, err, test.want)
			}
		}
		for _, row := range []any{
			award("AW9", "pending", time.Unix(0, 0)), &issuer.Grant{ID: "G9", IssuerID: us, PersonID: ann, Role: "root"},
			&issuer.Capstone{ID: "CAP9", IssuerID: us, ProgramID: maker, CohortID: "C", BriefID: "B", State: "lost"},
			&issuer.StatusEntry{StatusListID: "SL", StatusIndex: -1, IssuerID: us, CredentialID: "X"},
		} {
			if err := try(t, s, func(tx *Tx) error { return tx.add("row", row) }); err == nil {
				t.Errorf("%+v was taken", row)
			}
		}
	})
}
