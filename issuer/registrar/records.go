package registrar

import (
	"context"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// Column is one of a record, with its kind: text, integer, boolean, time or
// bytes.
type Column = store.Column

// Record is a kind of record that an export of everything has a file of.
type Record struct {
	Noun    string // of its file
	Table   string
	About   string   // a sentence
	Without []string // columns that hold secrets
	Nested  []string // columns that hold JSON
}

// Records lists what an export of everything has, in the order of its README.
// What a table holds that is in neither this list nor keptBack a test tells of.
func Records() []Record {
	return []Record{
		{Noun: "issuers", Table: "issuers", About: "The organisation that signs."},
		{Noun: "programs", Table: "programs", About: "What people take part in; return_reasons is why capstones are returned, empty for the usual reasons.", Nested: []string{"return_reasons"}},
		{Noun: "program-versions", Table: "program_versions", About: "What the file of a program said after each change; actor is empty for what stood before versions were kept.", Nested: []string{"file"}},
		{Noun: "former-identities", Table: "former_identities", About: "Where it was before it moved, and what it was called there; status lists name one by its number."},
		{Noun: "skills", Table: "skills", About: "What modules teach, aligned to a framework where url is set."},
		{Noun: "levels", Table: "levels", About: "The rungs of a program's ladder."},
		{Noun: "modules", Table: "modules", About: "What is completed; pass is in per cent.", Nested: []string{"skills", "requires"}},
		{Noun: "briefs", Table: "briefs", About: "What a program asks of capstones, with its rubric.", Nested: []string{"requires", "evidence_kinds", "measures", "rubric", "policy"}},
		{Noun: "cohorts", Table: "cohorts", About: "Groups that go through a program together."},
		{Noun: "people", Table: "people", About: "Everyone who is known by name; of who was erased nothing but the id."},
		{Noun: "emails", Table: "emails", About: "Their addresses."},
		{Noun: "consents", Table: "consent_records", About: "What they answered when asked, every time."},
		{Noun: "roles", Table: "grants", About: "Who is admin, owner, mentor or sponsor, and where; an empty program_id is everywhere."},
		{Noun: "enrollments", Table: "enrollments", About: "Who learns in which cohort, or left it."},
		{Noun: "touchpoints", Table: "touchpoints", About: "Dates of cohorts with their mentors."},
		{Noun: "attendances", Table: "attendances", About: "Who came to them."},
		{Noun: "self-ratings", Table: "self_ratings", About: "How learners rated themselves in the skills of their program, 1 to 5, at the start and at the end."},
		{Noun: "completions", Table: "completions", About: "Who completed which module when; passed tells whether it earned something, withdrawn_at that it was taken back."},
		{Noun: "completion-evidence", Table: "completion_evidence", About: "Links that came with completions."},
		{Noun: "capstones", Table: "capstones", About: "The work of a learner or team on a brief, as it is drafted.", Nested: []string{"impact", "plan"}},
		{Noun: "members", Table: "members", About: "Who is in the team of a capstone."},
		{Noun: "capstone-scopes", Table: "capstone_scopes", About: "What a team meant to build, as it was handed in for approval, and what was decided.", Nested: []string{"plan", "policy"}},
		{Noun: "confirmations", Table: "confirmations", About: "Who was asked whether what a capstone claims to be worth is right, and what they answered.", Without: []string{"hash"}, Nested: []string{"impact"}},
		{Noun: "submissions", Table: "submissions", About: "What a team handed in, round by round.", Nested: []string{"impact"}},
		{Noun: "evidence", Table: "evidence", About: "What was handed in with it; submission 0 is the draft."},
		{Noun: "reviews", Table: "reviews", About: "What mentors decided about a submission, with scores and words.", Nested: []string{"scores"}},
		{Noun: "stories", Table: "stories", About: "What teams tell of their approved capstones; whether it is shown follows from what each member said.", Without: []string{"folded"}, Nested: []string{"impact"}},
		{Noun: "story-consents", Table: "story_consents", About: "What members said to an edition of a story."},
		{Noun: "feedback-rounds", Table: "feedback_rounds", About: "When learners gave each other feedback, and how.", Nested: []string{"questions"}},
		{Noun: "feedback-notes", Table: "peer_notes", About: "Who was asked for feedback to whom, without what they said, which is theirs.", Without: []string{"answers", "reported_why"}},
		{Noun: "module-ratings", Table: "opinions", About: "Ratings of modules, without who gave them and their words.", Without: []string{"person_id", "completion_id", "helped", "hindered"}},
		{Noun: "conflicts", Table: "conflicts", About: "Which mentor should not review a capstone, or the work of a person, and who said so."},
		{Noun: "absences", Table: "absences", About: "When mentors are away, and who covers."},
		{Noun: "saved-replies", Table: "saved_replies", About: "What mentors say often."},
		{Noun: "achievements", Table: "achievements", About: "What can be earned."},
		{Noun: "achievement-versions", Table: "achievement_versions", About: "Its wordings; one is never changed.", Nested: []string{"rule", "skills", "art"}},
		{Noun: "pictures", Table: "pictures", About: "What badges of a version and year look like (bytes, a PNG in base64); they name it by its digest."},
		{Noun: "awards", Table: "awards", About: "Who earned which version, by what, and how the award stands."},
		{Noun: "past-terms", Table: "past_terms", About: "Terms of awards that were renewed since."},
		{Noun: "credentials", Table: "credentials", About: "The signed statements of awards; superseded_by names the newer one, copy_of the one that a wallet has this copy of."},
		{Noun: "signed-copies", Table: "signed_copies", About: "Their bytes as they were signed (base64), whole whatever example_id says: format di is JSON with its proof inside, jwt a compact token."},
		{Noun: "allotments", Table: "allotments", About: "Ids of badges that were set aside when work was handed in, for mentors to sign."},
		{Noun: "endorsements", Table: "endorsements", About: "What mentors signed about a badge (bytes, base64)."},
		{Noun: "status-lists", Table: "status_lists", About: "Bitstring Status Lists, as last signed (bytes, base64)."},
		{Noun: "status-entries", Table: "status_entries", About: "The place of each credential in a list, and since when its bit is set."},
		{Noun: "keys", Table: "keys", About: "Public keys and their lives; no private key is in this export.", Without: []string{"sealed"}},
		{Noun: "slip-keys", Table: "slip_keys", About: "Public keys of the codes for checking offline.", Without: []string{"sealed"}},
		{Noun: "staple-keys", Table: "staple_keys", About: "Public keys of stapled statuses.", Without: []string{"sealed"}},
		{Noun: "mentor-keys", Table: "mentor_keys", About: "Public keys of mentors.", Without: []string{"sealed"}},
		{Noun: "badge-views", Table: "badge_views", About: "How often the page of an award was looked at on a day (UTC)."},
		{Noun: "portfolios", Table: "portfolios", About: "The pages that people chose to have; shown tells whether anyone can see it.", Nested: []string{"links", "capstones"}},
		{Noun: "name-requests", Table: "name_requests", About: "What people asked their name to be, and what was answered."},
		{Noun: "appeals", Table: "appeals", About: "What teams said against the return of a submission, and what was answered."},
		{Noun: "lost-mentor-keys", Table: "lost_mentor_keys", About: "Keys of mentors that were in other hands, and since when."},
		{Noun: "log-leaves", Table: "log_leaves", About: "The public log: sequence is the position, data (base64) what is hashed."},
		{Noun: "log-salts", Table: "log_salts", About: "With the salt of a credential its leaves can be checked."},
		{Noun: "log-checkpoints", Table: "log_checkpoints", About: "Signed heads of the log (C2SP signed-note)."},
		{Noun: "audit", Table: "audit_entries", About: "Who did what, chained: hash is SHA-256 over the entry and previous.", Nested: []string{"detail"}},
		{Noun: "audit-heads", Table: "audit_heads", About: "The signed head of that chain."},
		{Noun: "messages", Table: "messages", About: "Mails to send and sent, without their words, which hold links that let someone in.", Without: []string{"data", "stop"}},
		{Noun: "mail-choices", Table: "mail_choices", About: "Which mails people want once a day, or not at all."},
		{Noun: "identities", Table: "identities", About: "Accounts with providers of OpenID Connect that sign people in."},
		{Noun: "invitations", Table: "invitations", About: "Who was asked to take part, and what became of it.", Without: []string{"hash"}},
		{Noun: "clients", Table: "clients", About: "Programs that may ask for access tokens, without their secrets.", Without: []string{"secret_hash"}, Nested: []string{"scopes"}},
		{Noun: "deferred-facts", Table: "deferred_facts", About: "Facts whose badges are issued when a stop is over."},
		{Noun: "lost-entries", Table: "lost_entries", About: "Places in status lists that a restored backup did not know."},
		{Noun: "lost-credentials", Table: "lost_credentials", About: "Badges that a restored backup did not know."},
		{Noun: "jobs", Table: "issue_jobs", About: "Orders for many badges."},
		{Noun: "job-items", Table: "issue_items", About: "Their rows, and what became of each."},
	}
}

// keptBack says why a table is in no export of everything.
var keptBack = map[string]string{
	"settings":         "how this installation runs, not what it recorded",
	"sessions":         "lets browsers in",
	"signin_links":     "lets people in",
	"address_claims":   "gives people addresses",
	"devices":          "belongs to the browsers of people and to this site",
	"join_links":       "lets people into cohorts",
	"share_links":      "shows badges to whoever has one",
	"wallet_offers":    "lets wallets fetch badges",
	"wallet_nonces":    "is used up",
	"step_up_codes":    "lets mentors sign",
	"passkeys":         "belongs to the devices of people and to this site",
	"claims":           "says who is at work just now",
	"cohort_sums":      "is counted from the records",
	"overviews":        "is counted from the records",
	"review_drafts":    "was not sent yet",
	"answers":          "repeats answers for a day",
	"copy_examples":    "is how copies that look alike are kept; they are exported whole",
	"concerns":         "is read by those alone who handle it",
	"concern_people":   "belongs to concerns",
	"concern_notes":    "belongs to concerns",
	"questions":        "is between who asked and who answers",
	"log_tiles":        "is computed from the leaves",
	"instances":        "belongs to the VC-API, which signs what is handed in and awards nothing",
	"instance_lists":   "belongs to the VC-API",
	"instance_entries": "belongs to the VC-API",
}

// RecordsTo takes an export of everything, part by part. Table is told of each
// kind of record that there are any of, and gives what takes its rows.
type RecordsTo struct {
	Program    func(*ProgramFile) error
	Person     func(PersonRow) error
	Completion func(CompletionRow) error
	Table      func(r Record, columns []Column) (row func(values []any) error, err error)
}

// ExportRecords hands out everything that is recorded, as of one moment, to an
// admin of the installation. Private keys, and what lets anybody in, stay.
func (r *Registrar) ExportRecords(ctx context.Context, by issuer.Caller, to RecordsTo) error {
	_, err := act(ctx, r, by, "records.export", "", func(w *work) (struct{}, error) { return struct{}{}, w.mayManage("") })
	if err != nil {
		return err
	}
	_, err = look(ctx, r, by, func(w *work) (struct{}, error) {
		for _, part := range []func(RecordsTo) error{w.exportPrograms, w.exportPeople, w.exportTables} {
			if err := part(to); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	return err
}

func (w *work) exportPrograms(to RecordsTo) error {
	programs, err := w.Tx.Programs()
	if err != nil {
		return err
	}
	for _, p := range programs {
		s, err := w.syllabus(p.ID)
		if err != nil {
			return err
		}
		file, err := s.file()
		if err != nil {
			return err
		}
		if err := to.Program(file); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) exportPeople(to RecordsTo) error {
	err := w.EachPlaced(func(p store.Placed) error {
		return to.Person(PersonRow{Email: p.Email, Name: p.Name, Department: p.Department, Experience: p.Experience,
			TimeZone: p.TimeZone, Role: p.Role, Tier: p.Tier, Cohort: p.Cohort})
	})
	if err != nil {
		return err
	}
	return w.EachDone(func(d store.Done) error {
		return to.Completion(CompletionRow{Email: d.Email, Module: d.Module, Cohort: d.Cohort, CompletedOn: issuer.Day(d.CompletedOn), Score: d.Score, Unit: d.Unit})
	})
}

func (w *work) exportTables(to RecordsTo) error {
	for _, r := range Records() {
		var take func([]any) error
		err := w.Rows(r.Table, r.Without, func(columns []Column) (err error) {
			take, err = to.Table(r, columns)
			return err
		}, func(row []any) error { return take(row) })
		if err != nil {
			return err
		}
	}
	return nil
}
