package auditor_test

import "strings"

// partly is what the audit finds in some rows: of achievements that someone has, of
// people who were erased or became someone else. The columns that it does not are
// named, each with why.
var partly = map[string]map[string]string{
	"achievement_versions": {
		"issuer_id":    "there is one issuer",
		"valid_months": "the end of each badge is held",
		"rule":         "says what earns it from now on",
		"published_at": "nothing counts from it",
	},
	"people": {
		"id":           "everything of theirs would be without them, which the database refuses",
		"issuer_id":    "there is one issuer",
		"consented_at": "the record of consent is beside it",
		"created_at":   "nothing counts from it",
		"signed_in_at": "nothing counts from it",
	},
	"keys": {
		"algorithm":  "a key of another kind would sign nothing that verifies",
		"state":      "that it is compromised is held; which of ours signs is not, for each would",
		"sealed":     "opens with the sealing key alone; one that was changed does not open",
		"created_at": "nothing counts from it",
		"active_at":  "nothing counts from it",
		"retired_at": "nothing counts from it: what a retired key signed stays good",
	},
	"issuers": {
		"name":        "facts about the issuer, which may change",
		"url":         "facts about the issuer, which may change",
		"email":       "facts about the issuer, which may change",
		"description": "facts about the issuer, which may change",
		"created_at":  "nothing counts from it",
	},
	"copy_examples": {
		"issuer_id":  "there is one issuer",
		"kind":       "says which copies are kept short by it; each copy is held as a whole",
		"created_at": "nothing counts from it",
	},
}

// Why no change of a table is found.
const (
	facts    = "facts and words of the program's work, which acts change and people may have erased; the chain tells of each act, and what a badge says of them is held with the badge"
	program  = "what the program is from now on; each badge is held by the version that it was earned under"
	accounts = "who may sign in and do what from now on; the chain tells of each act that changed it"
	passing  = "kept for a while, so that something can be done or repeated"
	counted  = "counted anew at any time"
	mails    = "what goes out, or may"
	restored = "says what a restored backup lacks; the high-water mark holds it"
	smaller  = "signs slips and staples, which are good for a while; nothing else rests on it"
	trial    = "of another issuer for conformance suites, whose badges are not in the log"
	internal = "how the program keeps its own records"
)

// free are the tables of which nothing signed speaks, by the reason. It is one of
// all their columns: whoever adds one that is signed moves the table.
var free = tables(map[string]string{
	facts: `absences allotments appeals attendances capstone_scopes capstones completion_evidence completions concern_notes concern_people concerns
		confirmations conflicts consent_records enrollments evidence feedback_rounds members name_requests opinions peer_notes portfolios questions reviews self_ratings
		stories story_consents submissions touchpoints`,
	program:  "achievements briefs cohorts levels modules program_versions programs skills",
	accounts: "address_claims clients devices emails grants identities invitations join_links passkeys share_links",
	passing:  "answers claims deferred_facts issue_items issue_jobs review_drafts saved_replies sessions signin_links step_up_codes wallet_nonces wallet_offers",
	counted:  "badge_views cohort_sums overviews",
	mails:    "mail_choices messages",
	restored: "lost_credentials lost_entries",
	smaller:  "slip_keys staple_keys",
	trial:    "instance_entries instance_lists instances",
	internal: "goose_db_version settings",
	"names of the issuer from before a move, which the badges of that time carry: the drill of a move holds them": "former_identities",
})

func tables(byReason map[string]string) map[string]string {
	all := map[string]string{}
	for why, list := range byReason {
		for _, table := range strings.Fields(list) {
			all[table] = why
		}
	}
	return all
}
