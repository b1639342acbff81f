package registrar

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// The person who is erased in these tests, and the mark that stands in every
// word of theirs and about them.
const (
	mark        = "quagga"
	markName    = `Zoë “Quagga” O'Neil & Co`
	markAddress = "quagga.zoe@example.org"
)

// impersonal are the columns of text and bytes in which nothing that someone
// wrote can stand, by what is in them instead; "*" is a whole table.
var impersonal = map[string]string{
	"issuers.*": "the organisation", "programs.*": "the program file", "skills.*": "the program file", "levels.*": "the program file",
	"modules.*": "the program file", "briefs.*": "the program file", "cohorts.*": "the program file", "achievements.*": "the program file",
	"program_versions.*": "the program file and an id", "former_identities.*": "the organisation", "lost_mentor_keys.*": "keys and ids", "achievement_versions.*": "the program file", "pictures.*": "art of the program file", "settings.*": "the installation", "clients.*": "programs that call, made by admins",
	"keys.*": "keys of the issuer", "slip_keys.*": "keys of the issuer", "status_lists.*": "bits", "status_entries.*": "bits",
	"log_leaves.*": "commitments under a salt", "log_tiles.*": "hashes", "log_checkpoints.*": "hashes", "audit_heads.*": "hashes",
	"lost_entries.*": "bits", "lost_credentials.*": "ids", "instances.*": "signers of others' documents", "instance_lists.*": "bits",
	"instance_entries.*": "ids that clients of the VC-API gave", "allotments.*": "ids", "enrollments.*": "ids", "grants.*": "ids and roles",
	"deferred_facts.*": "ids", "credentials.*": "ids", "log_salts.salt": "random", "people.name_consent": "yes or no", "people.time_zone": "of a list",
	"people.locale": "of a list", "people.merged_into": "an id", "consent_records.kind": "of a list", "consent_records.answer": "yes or no", "consent_records.version": "of the text",
	"touchpoints.kind": "of a list", "touchpoints.created_by": "an id", "attendances.*": "ids and what is of a list", "self_ratings.*": "ids and a number",
	"completions.delivery": "of a list", "completions.withdrawn_by": "an id", "completions.replaced_by": "an id", "completions.completed_on": "a day", "completions.score": "a number", "completions.unit": "of a list", "completions.source": "of a list",
	"capstone_scopes.policy": "the program file", "capstone_scopes.decision": "of a list", "capstone_scopes.tier": "of a list", "capstone_scopes.submitted_by": "an id",
	"confirmations.hash": "a hash", "confirmations.answer": "of a list", "confirmations.asked_by": "an id",
	"completions.recorded_by": "an id", "capstones.state": "of a list", "evidence.kind": "of a list", "evidence.media_type": "of a list", "evidence.digest": "a hash",
	"conflicts.*": "ids and kinds", "claims.*": "ids", "absences.*": "ids and days", "reviews.reason": "a code of the program", "review_drafts.scores": "codes of the rubric", "review_drafts.reason": "a code of the program",
	"reviews.tier": "of a list", "reviews.decision": "of a list", "reviews.scores": "codes of the rubric", "awards.subject": "random", "awards.awarded_on": "a day",
	"awards.fact": "of a list", "awards.state": "of a list", "awards.visibility": "of a list", "awards.revoked_code": "of a list",
	"copy_examples.*": "badges without what they say of someone", "signed_copies.format": "of a list", "signed_copies.digest": "a hash", "audit_entries.actor": "an id", "audit_entries.act": "of a list",
	"audit_entries.outcome": "of a list", "audit_entries.hash": "a hash", "audit_entries.previous": "a hash", "audit_entries.object": "an id; what was typed in its place is not kept",
	"submissions.submitted_by": "an id", "evidence.added_by": "an id", "messages.problem": "what the mail server said; it goes with its row", "staple_keys.*": "keys of the issuer",
	"issue_items.problem": "why it was refused", "messages.kind": "of a list", "messages.template": "of a list", "messages.state": "of a list",
	"answers.caller": "an id", "answers.key": "of the caller's making, for a day", "answers.request_hash": "a hash", "sessions.token": "a hash", "sessions.data": "ids",
	"signin_links.token": "a hash", "signin_links.purpose": "of a list", "signin_links.next": "a path",
	"issue_jobs.actor": "an id", "issue_jobs.fingerprint": "a hash", "issue_jobs.state": "of a list", "issue_jobs.problem": "why it was refused",
	"issue_items.achievement": "a code", "issue_items.program": "a code", "issue_items.state": "of a list", "mentor_keys.public": "a key", "mentor_keys.sealed": "a key",
	"share_links.hash": "a hash", "badge_views.on_day": "a day", "portfolios.capstones": "ids", "name_requests.state": "of a list", "appeals.state": "of a list",
	"name_requests.answered_by": "an id", "appeals.answered_by": "an id",
	"feedback_rounds.*": "made by who runs the cohort, about nobody", "story_consents.*": "ids and yes or no", "stories.hidden_reason": "planted in the trail; it goes with the story", "concern_people.*": "ids",
	"concerns.kind": "of a list", "concerns.goes_to": "of a list", "concerns.code_hash": "a hash", "concerns.state": "of a list", "concern_notes.kind": "of a list",
	"questions.hash": "a hash", "questions.language": "of a list", "questions.state": "of a list", "questions.answered_by": "an id",
	"stories.written_by": "an id", "stories.hidden_by": "an id", "concerns.assigned_to": "an id",
	"opinions.asked_helped": "the program file", "opinions.asked_hindered": "the program file", "address_claims.token": "a hash", "identities.provider": "of a list", "invitations.hash": "a hash", "invitations.role": "of a list", "invitations.tier": "of a list",
	"invitations.created_by": "an id", "mail_choices.moment": "of a list", "mail_choices.choice": "of a list", "messages.stop": "random", "messages.mark": "random", "messages.withheld": "of a list",
	"step_up_codes.hash": "a hash", "past_terms.awarded_on": "a day", "past_terms.fact": "of a list",
}

// cell is a value of a column of text or bytes.
type cell struct{ column, text string }

// cells reads every text and every run of bytes in every table.
func (c *cast) cells() []cell {
	c.t.Helper()
	texts := map[string]*bytes.Buffer{}
	if _, err := c.Store.Dump(c.t.Context(), func(table string) (io.Writer, error) {
		texts[table] = &bytes.Buffer{}
		return texts[table], nil
	}); err != nil {
		c.t.Fatal(err)
	}
	var all []cell
	for table, text := range texts {
		lines := json.NewDecoder(text)
		var head struct{ Columns, Kinds []string }
		for first := true; lines.More(); first = false {
			if first {
				if err := lines.Decode(&head); err != nil {
					c.t.Fatal(err)
				}
				continue
			}
			var row []any
			if err := lines.Decode(&row); err != nil {
				c.t.Fatal(err)
			}
			for i, value := range row {
				text, ok := value.(string)
				if !ok || head.Kinds[i] != "text" && head.Kinds[i] != "bytes" {
					continue
				}
				if head.Kinds[i] == "bytes" {
					raw, err := base64.StdEncoding.DecodeString(text)
					if err != nil {
						c.t.Fatal(err)
					}
					text = string(raw)
				}
				all = append(all, cell{table + "." + head.Columns[i], text})
			}
		}
	}
	return all
}

// marked lists the columns in which the mark stands.
func (c *cast) marked() map[string]string {
	found := map[string]string{}
	for _, k := range c.cells() {
		if strings.Contains(strings.ToLower(k.text), mark) {
			found[k.column] = k.text
		}
	}
	return found
}

func (c *cast) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *cast) write(f func(tx *store.Tx) error) {
	c.t.Helper()
	_, err := store.Write(c.t.Context(), c.Store, func(tx *store.Tx) (bool, error) { return true, f(tx) })
	c.must(err)
}

// answered makes an act answer as the door for programs does.
func answered(key string) *Once {
	return &Once{Key: key, RequestHash: []byte(key), Answer: func(result any) (int, []byte, error) {
		body, err := json.Marshal(result)
		return 201, body, err
	}}
}

// markLife plants the mark through everything that someone can do, and that can
// be done to them.
func (c *cast) markLife() {
	t, ctx := c.t, c.t.Context()
	p, err := c.AddPerson(ctx, system, NewPerson{Email: markAddress, Name: markName, Department: "Dept of Quagga", Experience: "quagga beginner", TimeZone: "Europe/Berlin"})
	c.must(err)
	c.ids["zoe"] = p.ID
	ref := PersonRef{ID: p.ID}
	_, err = c.Enroll(ctx, system, PersonRef{ID: p.ID}, "autumn")
	c.must(err)
	_, err = c.GrantRole(ctx, system, NewGrant{Person: p.ID, Role: issuer.Owner, Program: "makers"})
	c.must(err)
	_, err = c.GrantRole(ctx, system, NewGrant{Person: p.ID, Role: issuer.Mentor, Tier: issuer.Lead, Cohort: "autumn"})
	c.must(err)
	c.must(c.AnswerConsent(ctx, c.as("zoe"), true))

	// Completions, more than one of a module, one with its answer kept.
	for i, score := range []string{"60", "85", "90"} {
		_, err = c.RecordCompletion(WithOnce(ctx, answered(fmt.Sprint("completion", i))), c.as("owen"), NewCompletion{Person: ref, Module: "M2", CompletedAt: "2026-10-01", Score: score,
			Evidence: []Link{{URL: "https://quagga.example/work", Name: "Work of Quagga"}}})
		c.must(err)
	}
	m1, err := c.RecordCompletion(ctx, c.as("owen"), NewCompletion{Person: ref, Module: "M1", CompletedAt: "2026-10-01"})
	c.must(err)
	first := m1.Credentials[0].ID
	_, err = c.Tokens().Badge(ctx, first)
	c.must(err)
	_, err = c.ReissueCredential(ctx, c.as("owen"), first, "Quagga was misspelt.")
	c.must(err)

	noted, err := c.RecordCompletion(ctx, c.as("owen"), NewCompletion{Person: ref, Module: "M1", CompletedAt: "2026-10-02", Note: "Quagga was late."})
	c.must(err)
	_, err = c.WithdrawCompletion(ctx, c.as("owen"), noted.Completion.ID, "Quagga was not there.", false)
	c.must(err)

	// A date with them as its mentor, and one to which they came.
	_, err = c.AddTouchpoint(ctx, c.as("zoe"), "autumn", NewTouchpoint{Kind: "demo", Title: "What Quagga made", At: "2026-11-30T10:00", Host: p.ID})
	c.must(err)
	c.must(c.NoteTouchpoint(ctx, c.as("lee"), c.plan("2026-11-29T10:00"), TouchpointNotes{Notes: "Quagga is stuck.", Attendance: map[issuer.PersonID]issuer.Presence{p.ID: "present"}}))

	// A project alone, handed in twice, and one with someone else.
	draft := Draft{Title: "Quagga helper", Summary: "Made by Quagga alone.", Impact: issuer.Impact{Measure: "quagga hours", Before: "quagga 9", After: "1", ConfirmedBy: "Quagga's boss"},
		Evidence: []NewEvidence{{Kind: "link", Name: "Quagga's app", URL: "https://quagga.example/app"}}}
	alone := c.handIn("C1", "zoe")
	_, err = c.ReviewCapstone(WithOnce(ctx, answered("review")), c.as("lee"), alone, NewReview{Submission: 1, Decision: issuer.Return, Note: "Quagga should try again."})
	c.must(err)
	_, err = c.SaveCapstone(WithOnce(ctx, answered("save")), c.as("zoe"), alone, draft)
	c.must(err)
	c.attach("zoe", alone, "quagga.txt", "A file by Quagga alone.")
	c.confirm("zoe", alone, "quagga.boss@example.org", "Quagga's boss", issuer.ClaimRight)
	c.ask("zoe", alone, "quagga.friend@example.org")
	_, err = c.SubmitCapstone(ctx, c.as("zoe"), alone)
	c.must(err)
	good := approve(2)
	good.Note = "Well done, Quagga."
	_, err = c.ReviewCapstone(ctx, c.as("lee"), alone, good)
	c.must(err)
	shared := c.handIn("C1", "max", "ola")
	c.write(func(tx *store.Tx) error {
		return tx.AddMember(&issuer.Member{CapstoneID: shared, PersonID: p.ID, IssuerID: m1.issuer(c), Part: "Quagga's part", JoinedAt: tx.Now})
	})
	c.attach("max", shared, "Chart of "+markName, "Hours,before,after\n1,6,2\n")
	words := draft
	words.Title, words.Summary, words.Impact, words.Evidence = "Helper by "+markName, strings.ToUpper(markName)+" did much; write to "+markAddress+".", issuer.Impact{Measure: "hours", ConfirmedBy: markName},
		[]NewEvidence{{Kind: "link", Name: "App by " + markName, URL: "https://apps.example.org/helper"}}
	_, err = c.SaveCapstone(ctx, c.as("max"), shared, words)
	c.must(err)
	_, err = c.SubmitCapstone(ctx, c.as("max"), shared)
	c.must(err)
	_, err = c.ReviewCapstone(ctx, c.as("lee"), shared, NewReview{Submission: 2, Decision: issuer.Approve, Scores: issuer.Scores{"build": "sound", "care": "strong"}, Note: "Good work, " + markName + "!"})
	c.must(err)
	c.ids["shared"] = issuer.PersonID(shared)

	// What was meant to be built, alone and with others, and what they said of
	// the scope of someone else.
	plan := issuer.Plan{What: "A form for " + markName + ".", Tools: issuer.Strings{"Quagga Forms"}, Data: issuer.Strings{"internal"}, DataNote: "Quagga's own."}
	for i, scope := range []struct {
		of       issuer.CapstoneID
		reviewer string
		plan     issuer.Plan
	}{{alone, "lee", plan}, {shared, "lee", issuer.Plan{What: "By " + markName, Tools: issuer.Strings{markName}, DataNote: markName}}, {c.handIn("C2", "ola"), "zoe", issuer.Plan{What: "Something."}}} {
		c.write(func(tx *store.Tx) error {
			reviewer := c.ids[scope.reviewer]
			capstone, err := tx.Capstone(scope.of)
			c.must(err)
			capstone.Plan = scope.plan
			return errors.Join(tx.SaveCapstone(capstone, capstone.State, capstone.Submission), tx.AddScope(&issuer.CapstoneScope{ID: issuer.ScopeID(fmt.Sprint("SCOPE", i)), IssuerID: capstone.IssuerID,
				CapstoneID: scope.of, Number: 1, Plan: scope.plan, SubmittedBy: c.ids["max"], SubmittedAt: tx.Now, Decision: issuer.Approve, ReviewerID: &reviewer, Note: "Well planned, " + markName + ".", DecidedAt: &tx.Now}))
		})
	}

	// As a mentor, with a desk.
	theirs := c.handIn("C1", "lea")
	c.ids["theirs"] = issuer.PersonID(theirs)
	desk, err := c.SaveReply(ctx, c.as("zoe"), "Quagga's usual", "Quagga says: once more.")
	c.must(err)
	_, err = c.SaveReview(ctx, c.as("zoe"), theirs, NewReview{Note: "Quagga is not sure."}, desk.Replies[0].ID)
	c.must(err)
	_, err = c.DeclareAbsence(ctx, c.as("zoe"), NewAbsence{From: "2026-12-01", Until: "2026-12-05", Cover: c.ids["com"]})
	c.must(err)
	_, err = c.DeclareConflict(ctx, c.as("lea"), theirs, NewConflict{Reviewer: c.ids["com"], Kind: issuer.OtherReason})
	c.must(err)
	waits := c.handIn("C2", "lea") // that they do not decide about
	_, err = c.SaveReview(ctx, c.as("zoe"), waits, NewReview{Note: "Quagga has not looked yet."}, "")
	c.must(err)
	reviewed, err := c.ReviewCapstone(ctx, c.as("zoe"), theirs, NewReview{Submission: 1, Decision: issuer.Approve, Scores: issuer.Scores{"build": "sound", "care": "strong"}, Note: "Quagga likes it."})
	c.must(err)
	c.ids["lea's"] = issuer.PersonID(reviewed.Credentials[0].ID)
	c.write(func(tx *store.Tx) error { return c.endorse(tx, reviewed.Review.ID) })

	// By the word of an admin, paused, withdrawn with public and private words.
	thanks, err := c.AwardAchievement(ctx, c.as("owen"), NewAward{Achievement: "thanks", Person: ref, Reason: "Quagga helped."})
	c.must(err)
	_, err = c.SuspendCredential(ctx, c.as("owen"), thanks.Badge.ID, StatusChange{Reason: "Quagga is looked into."})
	c.must(err)
	_, err = c.RevokeCredential(ctx, c.as("owen"), m1.Credentials[len(m1.Credentials)-1].ID, StatusChange{Code: "misconduct", Reason: "Quagga broke a rule.", Note: "Quagga said so."})
	c.must(err)

	m2, err := c.Credentials(ctx, system, CredentialFilter{Person: p.ID, Achievement: "M2"})
	c.must(err)
	renewed := m2.Items[0].ID
	for _, reason := range []string{"Quagga still can.", "Quagga can as ever."} {
		c.later(660 * 24 * time.Hour) // 24 months, less 90 days
		r, err := c.RenewCredential(ctx, c.as("owen"), renewed, reason)
		c.must(err)
		renewed = r.Badge.ID
	}

	// Many at a time: a job that waits, one that is done, one they began.
	batch := func(by issuer.Caller, who string) issuer.JobID {
		j, err := c.AwardBatch(ctx, by, NewBatch{Items: []BatchItem{{Row: 2, Achievement: "thanks", Person: PersonRef{Email: who}, Reason: "Quagga again."},
			{Row: 3, Achievement: "none", Person: PersonRef{Email: "ola@example.org"}, Reason: "x"}}})
		c.must(err)
		return j.ID
	}
	done := batch(c.as("root"), markAddress)
	for more := true; more; {
		_, more, err = c.RunBatch(ctx, done)
		c.must(err)
	}
	c.ids["waiting"] = issuer.PersonID(batch(c.as("root"), " Quagga.ZOE@Example.org "))
	c.ids["begun"] = issuer.PersonID(batch(c.as("zoe"), "ola@example.org"))

	c.markVoices(alone, shared, m1.Completion.ID)

	// Signing in, step-up and what was corrected.
	c.must(c.AskSignin(ctx, markAddress, issuer.SigninLink{Token: "hash", Purpose: "signin", ExpiresAt: c.now().Add(time.Hour)}, SigninMail{Link: "https://badges.example.org/quagga"}))
	c.write(func(tx *store.Tx) error {
		if _, err := tx.AddPasskeyOnce(&issuer.Passkey{ID: "quagga", IssuerID: m1.issuer(c), PersonID: p.ID, Name: "Quagga's phone", Data: `{"quagga":1}`, CreatedAt: tx.Now}); err != nil {
			return err
		}
		return tx.AddStepUpCode(&issuer.StepUpCode{ID: "CODE", IssuerID: m1.issuer(c), PersonID: p.ID, Hash: "x", CreatedAt: tx.Now, ExpiresAt: tx.Now.Add(time.Hour)})
	})
	if _, err := c.CorrectPerson(ctx, c.as("lea"), "quagga.zoe@example.org", Correction{Name: "x"}); !errors.Is(err, issuer.Forbidden) {
		t.Fatal(err)
	}
	_, err = c.CorrectPerson(ctx, c.as("root"), p.ID, Correction{Email: "second." + markAddress})
	c.must(err)
	_, err = c.CorrectPerson(ctx, c.as("root"), p.ID, Correction{Name: "Zoë Quagga"})
	c.must(err)
	_, err = c.CorrectPerson(ctx, c.as("root"), p.ID, Correction{Name: markName, Email: markAddress})
	c.must(err)
	// Ways in, and what is said of mail.
	sure := c.as("zoe")
	sure.SteppedUp = c.now()
	c.must(c.Arrive(ctx, p.ID, "device", "Quagga browser", "fr"))
	c.must(c.BindIdentity(ctx, sure, Shown{Provider: "https://idp.example", Subject: "quagga-7", Label: "Work"}))
	c.must(c.ClaimAddress(ctx, sure, "second-"+markAddress, "claim", "https://badges.example.org/account/address?t=x"))
	_, err = c.Invite(ctx, c.as("root"), NewInvitation{Email: markAddress, Name: markName, Role: issuer.Owner, Program: "makers"})
	c.must(err)
	c.must(c.ChooseMail(ctx, sure, map[issuer.Moment]string{"badge-issued": issuer.MailDaily}))
	c.must(c.KeepSession(ctx, issuer.Session{Token: "session", Device: "Quagga browser", PersonID: p.ID, Data: []byte("quagga"), ExpiresAt: c.now().Add(time.Hour)}, false, 0))

	// What they showed of themselves, and what they asked.
	_, _, err = c.AddShareLink(ctx, c.as("zoe"), first, "For Quagga's aunt", 3)
	c.must(err)
	_, err = c.SavePortfolio(ctx, c.as("zoe"), PortfolioInput{Handle: "quagga-zoe", Headline: "Quagga makes", Named: true, Links: []string{"https://quagga.example/"},
		Capstones: []issuer.CapstoneID{alone}, Shown: true})
	c.must(err)
	seen := &Sightings{Store: c.Store}
	seen.Seen(first, c.now())
	c.must(seen.Keep(ctx))
	asked, err := c.AskName(ctx, c.as("zoe"), "Zoë Quaggason", "Quagga married.")
	c.must(err)
	_, err = c.AnswerName(ctx, c.as("root"), asked.ID, false, "Quagga should show a paper.")
	c.must(err)
	against := c.handIn("C2", "max", "zoe")
	_, err = c.ReviewCapstone(ctx, c.as("lee"), against, NewReview{Submission: 1, Decision: issuer.Return, Note: "Again, " + markName + "."})
	c.must(err)
	appeal, err := c.AppealReturn(ctx, c.as("max"), against, markName+" did it well.")
	c.must(err)
	_, err = c.AnswerAppeal(ctx, c.as("com"), appeal.ID, false, markName+" did not.")
	c.must(err)

	// A fact whose badge waits for a stop to end.
	_, err = c.StopIssuing(ctx, c.as("root"), "A rule is wrong.")
	c.must(err)
	_, err = c.RecordCompletion(ctx, c.as("owen"), NewCompletion{Person: ref, Module: "M1", CompletedAt: "2026-10-05"})
	c.must(err)
	_, err = c.ResumeIssuing(ctx, c.as("root"))
	c.must(err)
}

// issuer is the id of the issuer.
func (*CompletionResult) issuer(c *cast) issuer.IssuerID {
	us, err := store.Read(c.t.Context(), c.Store, (*store.Tx).Issuer)
	c.must(err)
	return us.ID
}

// endorse keeps a mentor's word about the badge of a review, and their key.
func (c *cast) endorse(tx *store.Tx, review issuer.ReviewID) error {
	us, err := tx.Issuer()
	if err != nil {
		return err
	}
	if err := tx.AddMentorKey(&issuer.MentorKey{PersonID: c.ids["zoe"], IssuerID: us.ID, Public: "z6Mk", Sealed: "sealed", CreatedAt: tx.Now}); err != nil {
		return err
	}
	return tx.AddEndorsements(&issuer.Endorsement{ID: "urn:uuid:word", IssuerID: us.ID, ReviewID: review, CredentialID: issuer.CredentialID(c.ids["lea's"]), Bytes: []byte(`{"issuer":"Quagga"}`), CreatedAt: tx.Now})
}

func (c *cast) capstoneOf(who string) issuer.CapstoneID {
	c.t.Helper()
	all, err := store.Read(c.t.Context(), c.Store, func(tx *store.Tx) ([]issuer.Capstone, error) { return tx.CapstonesOf(c.ids[who]) })
	c.must(err)
	return all[0].ID
}

// TestNothingIsLeft walks every column of every table: before, the mark stands
// in each that can hold a word of someone's, or the column is named with why it
// cannot; after, it stands nowhere, nor in the file of the database.
func TestNothingIsLeft(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		c.markLife()
		before, seen := c.marked(), map[string]bool{}
		for _, k := range c.cells() {
			table, column, _ := strings.Cut(k.column, ".")
			if before[k.column] != "" || impersonal[k.column] != "" || impersonal[table+".*"] != "" || column == "id" || strings.HasSuffix(column, "_id") || seen[k.column] {
				continue
			}
			seen[k.column] = true
			t.Errorf("%s: nothing of the person stands there; plant it, or say what is in it instead", k.column)
		}
		before["audit_entries.detail"] += "" // planted by a reissue
		for _, column := range []string{"people.name", "capstones.plan", "capstone_scopes.plan", "capstone_scopes.note", "confirmations.address", "confirmations.name", "confirmations.impact", "emails.address", "completion_evidence.url", "submissions.summary", "evidence.url", "reviews.note", "members.part", "awards.reason",
			"awards.revoked_note", "awards.suspended_reason", "signed_copies.bytes", "audit_entries.detail", "messages.recipient", "messages.data", "answers.body", "issue_jobs.caller",
			"past_terms.reason", "issue_items.email", "issue_items.reason", "sessions.data", "sessions.device", "passkeys.name", "devices.name", "identities.subject", "address_claims.address", "invitations.address", "invitations.name", "endorsements.bytes", "share_links.label", "portfolios.handle", "portfolios.links", "name_requests.answer", "appeals.words", "appeals.answer",
			"stories.words", "peer_notes.answers", "peer_notes.reported_why", "opinions.helped", "concerns.words", "concerns.about", "concern_notes.words", "questions.name", "questions.address", "questions.words", "questions.answer"} {
			if before[column] == "" {
				t.Errorf("%s: the mark was not planted", column)
			}
		}
		c.must(c.ErasePerson(t.Context(), c.as("root"), c.ids["zoe"]))
		c.must(c.ErasePerson(t.Context(), c.as("root"), c.ids["zoe"])) // once more changes nothing
		for column, text := range c.marked() {
			t.Errorf("%s: %.200q is left", column, text)
		}
		c.later(time.Minute)
		c.must(c.IssueDeferred(t.Context()))
		for _, job := range []string{"waiting", "begun"} {
			for more := true; more; {
				_, again, err := c.RunBatch(t.Context(), issuer.JobID(c.ids[job]))
				c.must(err)
				more = again
			}
		}
		for column, text := range c.marked() {
			t.Errorf("%s: %.200q came back", column, text)
		}
		awards, err := store.Read(t.Context(), c.Store, func(tx *store.Tx) ([]issuer.Award, error) { return tx.AwardsOf(c.ids["zoe"]) })
		c.must(err)
		for _, a := range awards {
			if a.State != issuer.Erased {
				t.Errorf("award %+v", a)
			}
		}
		if strings.HasPrefix(k.dsn, "postgres") {
			return
		}
		for _, end := range []string{"", "-wal"} {
			raw, err := os.ReadFile(k.dsn + end)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			if i := strings.Index(strings.ToLower(string(raw)), mark); i >= 0 {
				t.Errorf("the file %s has it: …%q…", end, raw[max(0, i-80):min(len(raw), i+80)])
			}
		}
	})
}

// TestOthersKeepTheirs: what was someone else's too stays theirs, without the
// name; what is counted stays counted.
func TestOthersKeepTheirs(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		c.markLife()
		counts := func() *ReportView {
			v, err := c.Report(t.Context(), system, "makers")
			c.must(err)
			v.At, v.Impact, v.Mentors = time.Time{}, nil, 0 // claims and roles go
			return v
		}
		before := counts()
		zoe := c.as("zoe")
		c.must(c.ErasePerson(t.Context(), zoe, zoe.Person))
		if diff := cmp.Diff(before, counts()); diff != "" {
			t.Error("counts:", diff)
		}
		if _, err := c.Caller(t.Context(), zoe.Person); !errors.Is(err, issuer.Unsigned) {
			t.Errorf("signing in: %v", err)
		}
		shared, err := c.Capstone(t.Context(), c.as("max"), issuer.CapstoneID(c.ids["shared"]))
		c.must(err)
		if len(shared.Badges) == 0 || shared.Title != "Helper by "+issuer.SomeoneErased || shared.State != issuer.Approved {
			t.Errorf("%+v", shared)
		}
		for _, m := range shared.Team {
			if m.ID == zoe.Person && m.Name != issuer.SomeoneErased || m.ID == c.ids["max"] && m.Name != "Max Member" {
				t.Errorf("%+v", m)
			}
		}
		lea, err := c.Capstone(t.Context(), c.as("lea"), issuer.CapstoneID(c.ids["theirs"]))
		c.must(err)
		if r := lea.Submissions[0].Reviews[0]; r.Reviewer.Name != issuer.MentorErased || r.Note != "" || r.Decision != issuer.Approve || r.Scores["build"] != "sound" {
			t.Errorf("%+v", r)
		}
		badge, err := c.Badge(t.Context(), c.as("lea"), issuer.CredentialID(c.ids["lea's"]))
		if err != nil || badge.State != issuer.Issued {
			t.Errorf("%+v, %v", badge, err)
		}
		people, err := c.People(t.Context(), system, PeopleFilter{Page: Page{Limit: 200}})
		c.must(err)
		for _, p := range people.Items {
			if p.ID == zoe.Person {
				t.Error("they are among the people")
			}
		}
	})
}

// TestLastAdmin: who alone runs the installation makes another admin first.
func TestLastAdmin(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	if err := c.ErasePerson(t.Context(), c.as("root"), c.ids["root"]); !errors.Is(err, issuer.Conflict) {
		t.Errorf("the last admin: %v", err)
	}
	if e, err := c.Erasure(t.Context(), c.as("root"), c.ids["root"]); err != nil || !e.LastAdmin {
		t.Errorf("%+v, %v", e, err)
	}
	_, err := c.AddAdmin(t.Context(), system, "none@example.org", "")
	c.must(err)
	root := c.as("root")
	c.must(c.ErasePerson(t.Context(), root, root.Person))
	if err := c.ErasePerson(t.Context(), c.as("none"), c.ids["none"]); !errors.Is(err, issuer.Conflict) {
		t.Errorf("the last admin left: %v", err)
	}
}

// TestWithdrawnName: once a holder takes their consent back, no file of ours has
// the name, neither of the badge that was replaced nor of one that had ended.
func TestWithdrawnName(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx := t.Context()
		published := &Published{Store: c.Store, Ring: c.Ring, BaseURL: kitBase}
		c.must(c.AnswerConsent(ctx, c.as("lea"), true))
		live, ended := c.complete("lea", "M1", "2026-10-01", "").Credentials[0].ID, c.complete("lea", "M2", "2026-10-01", "90").Credentials[0].ID
		_, err := c.RevokeCredential(ctx, c.as("owen"), ended, StatusChange{Code: "other"})
		c.must(err)
		given := func(id issuer.CredentialID) (errs []error) {
			doc, err := published.Credential(ctx, id)
			if err == nil && !namesSomeone(doc) {
				t.Errorf("%s has no name", id)
			}
			b, page := published.Badge(ctx, id)
			c.must(page)
			_, token := c.Tokens().Badge(ctx, id)
			_, envelope := c.Tokens().Envelope(ctx, id)
			return []error{err, b.Withheld, token, envelope}
		}
		for _, id := range []issuer.CredentialID{live, ended} {
			for i, err := range given(id) {
				if err != nil {
					t.Errorf("with consent, form %d of %s: %v", i, id, err)
				}
			}
		}
		c.must(c.AnswerConsent(ctx, c.as("lea"), false))
		for _, id := range []issuer.CredentialID{live, ended} {
			for i, err := range given(id) {
				if !errors.Is(err, issuer.Gone) || !strings.Contains(err.Error(), kitBase+"/v/") {
					t.Errorf("without, form %d of %s: %v", i, id, err)
				}
			}
		}
		b, err := published.Badge(ctx, live)
		c.must(err)
		if doc, err := published.Credential(ctx, b.ReplacedBy); err != nil || namesSomeone(doc) {
			t.Errorf("what replaced it: %s, %v", doc, err)
		}
		c.must(c.AnswerConsent(ctx, c.as("lea"), true))
		for i, err := range given(live) {
			if err != nil {
				t.Errorf("with consent again, form %d: %v", i, err)
			}
		}
	})
}
