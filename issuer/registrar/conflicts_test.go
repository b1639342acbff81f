package registrar

import (
	"errors"
	"slices"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// TestConflicts: what a mentor or the team declares keeps the mentor from
// deciding, claiming and being asked; about a person it holds for all their work;
// only who runs the program clears it.
func TestConflicts(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { conflicts(t, newCast(t, k)) })
}

func conflicts(t *testing.T, c *cast) {
	ctx := t.Context()
	one := c.handIn("C1", "lea", "max")
	for _, test := range []struct {
		name, who string
		in        NewConflict
		want      issuer.Kind
	}{
		{"an owner says so", "owen", NewConflict{Reviewer: c.ids["com"], Kind: issuer.OtherReason}, issuer.Forbidden},
		{"another mentor says so", "lee", NewConflict{Reviewer: c.ids["com"], Kind: issuer.OtherReason}, issuer.Forbidden},
		{"another learner", "ola", NewConflict{Reviewer: c.ids["com"], Kind: issuer.OtherReason}, issuer.NotFound},
		{"no such kind", "com", NewConflict{Kind: "dislike"}, issuer.Invalid},
		{"of whom?", "com", NewConflict{Kind: issuer.Manages}, issuer.Invalid},
		{"someone not in the team", "com", NewConflict{Kind: issuer.Manages, Person: c.ids["ola"]}, issuer.Invalid},
		{"no mentor of the cohort", "lea", NewConflict{Reviewer: c.ids["far"], Kind: issuer.OtherReason}, issuer.Invalid},
		{"someone of the team", "lea", NewConflict{Reviewer: c.ids["max"], Kind: issuer.OtherReason}, issuer.Invalid},
		{"nobody", "", NewConflict{Kind: issuer.OtherReason}, issuer.Unsigned},
	} {
		if _, err := c.DeclareConflict(ctx, c.as(test.who), one, test.in); kindOf(err) != test.want {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}

	if _, err := c.ClaimCapstone(ctx, c.as("lee"), one, NewClaim{}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // saying it again changes nothing
		v, err := c.DeclareConflict(ctx, c.as("lee"), one, NewConflict{Kind: issuer.Manages, Person: c.ids["lea"]})
		if err != nil || len(v.Desk.Conflicts) != 1 || v.Desk.Claim != nil || v.MayReview {
			t.Fatalf("declare: %v %+v", err, v)
		}
	}
	if _, err := c.ReviewCapstone(ctx, c.as("lee"), one, approve(1)); kindOf(err) != issuer.Forbidden {
		t.Errorf("deciding against it: %v", err)
	}
	if _, err := c.ClaimCapstone(ctx, c.as("lee"), one, NewClaim{}); kindOf(err) != issuer.Forbidden {
		t.Errorf("claiming against it: %v", err)
	}
	_, err := store.Write(ctx, c.Store, func(tx *store.Tx) (bool, error) {
		return true, tx.AddReview(&issuer.Review{ID: "R", IssuerID: c.issuerOf(tx), CapstoneID: one, Submission: 1, ReviewerID: c.ids["lee"], Decision: issuer.Return, Note: "x", At: tx.Now})
	})
	if !errors.Is(err, store.ErrFinal) {
		t.Errorf("the database took a review against a declared conflict: %v", err)
	}
	q, err := c.Queue(ctx, c.as("lee"), QueueFilter{})
	if err != nil || len(q.Waiting) != 0 || len(q.Others) != 1 || !q.Others[0].Conflict {
		t.Errorf("queue: %v %+v", err, q)
	}

	// It holds for other work of the same person, and nobody asks that mentor.
	before := len(c.mailsOf("lee"))
	two := c.handIn("C2", "lea")
	if got := c.mailsOf("lee"); len(got) != before {
		t.Errorf("mails: %v", got)
	}
	v, err := c.Capstone(ctx, c.as("lea"), two)
	if err != nil || len(v.Desk.Awaited) != 1 || v.Desk.Awaited[0].ID != c.ids["com"] || len(v.Desk.Conflicts) != 1 {
		t.Errorf("other work: %v %+v", err, v.Desk)
	}
	if _, err := c.ClearConflict(ctx, c.as("lee"), one, v.Desk.Conflicts[0].ID); kindOf(err) != issuer.Forbidden {
		t.Errorf("a mentor cleared the way for themselves: %v", err)
	}
	if _, err := c.ClearConflict(ctx, c.as("owen"), one, v.Desk.Conflicts[0].ID); err != nil {
		t.Error(err)
	}

	// The team's side, about one capstone alone.
	if _, err := c.DeclareConflict(ctx, c.as("max"), one, NewConflict{Reviewer: c.ids["com"], Kind: issuer.WorkedOn}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ReviewCapstone(ctx, c.as("com"), one, approve(1)); kindOf(err) != issuer.Forbidden {
		t.Errorf("deciding against the team's word: %v", err)
	}
	if _, err := c.ReviewCapstone(ctx, c.as("com"), two, approve(1)); err != nil {
		t.Errorf("other work of the same person: %v", err)
	}
	if r, err := c.ReviewCapstone(ctx, c.as("lee"), one, approve(1)); err != nil || r.Capstone.State != issuer.Approved {
		t.Errorf("after it was cleared: %v", err)
	}
}

func (c *cast) issuerOf(tx *store.Tx) issuer.IssuerID {
	c.t.Helper()
	us, err := tx.Issuer()
	c.must(err)
	return us.ID
}

// TestAbsence: who is away is not mailed while others are there, says who covers
// and hands over what they claimed.
func TestAbsence(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) { absence(t, newCast(t, k)) })
}

func absence(t *testing.T, c *cast) {
	ctx := t.Context()
	one := c.handIn("C1", "lea")
	if _, err := c.ClaimCapstone(ctx, c.as("lee"), one, NewClaim{}); err != nil {
		t.Fatal(err)
	}
	today := issuer.DayOf(c.now(), time.UTC)
	for _, test := range []struct {
		name, who string
		in        NewAbsence
		want      issuer.Kind
	}{
		{"a learner", "lea", NewAbsence{From: today, Until: today}, issuer.Forbidden},
		{"over already", "lee", NewAbsence{From: "2026-01-01", Until: "2026-01-05"}, issuer.Invalid},
		{"ends before it begins", "lee", NewAbsence{From: "2026-12-05", Until: "2026-12-01"}, issuer.Invalid},
		{"for ever", "lee", NewAbsence{From: today, Until: "2036-12-01"}, issuer.Invalid},
		{"covered by themselves", "lee", NewAbsence{From: today, Until: today, Cover: c.ids["lee"]}, issuer.Invalid},
		{"covered by a mentor elsewhere", "lee", NewAbsence{From: today, Until: today, Cover: c.ids["far"]}, issuer.Invalid},
		{"handed over to nobody", "lee", NewAbsence{From: today, Until: today, HandOver: true}, issuer.Invalid},
	} {
		if _, err := c.DeclareAbsence(ctx, c.as(test.who), test.in); kindOf(err) != test.want {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
	d, err := c.DeclareAbsence(ctx, c.as("lee"), NewAbsence{From: today, Until: "2026-12-05", Cover: c.ids["com"], HandOver: true})
	if err != nil || len(d.Absences) != 1 || d.Absences[0].Cover.Name != "Com Community" || d.Claims != 0 {
		t.Fatalf("declare: %v %+v", err, d)
	}
	if got := c.mailsOf("com"); !slices.Contains(got, "claim-handed") {
		t.Errorf("who covers was mailed %v", got)
	}
	before := len(c.mailsOf("lee"))
	two := c.handIn("C1", "max")
	if len(c.mailsOf("lee")) != before || !slices.Contains(c.mailsOf("com"), "capstone-submitted") {
		t.Errorf("mails: %v and %v", c.mailsOf("lee"), c.mailsOf("com"))
	}
	v, err := c.Capstone(ctx, c.as("max"), two)
	if err != nil || v.Desk.Awaited[0].AwayUntil != "2026-12-05" || v.Desk.Awaited[1].AwayUntil != "" {
		t.Errorf("what the learner sees: %v %+v", err, v.Desk.Awaited)
	}
	if _, err := c.EndAbsence(ctx, c.as("com"), d.Absences[0].ID); err != nil {
		t.Fatal(err)
	}
	if d, err = c.Desk(ctx, c.as("lee")); err != nil || len(d.Absences) != 1 {
		t.Errorf("another ended it: %v %+v", err, d)
	}
	if d, err = c.EndAbsence(ctx, c.as("lee"), d.Absences[0].ID); err != nil || len(d.Absences) != 0 {
		t.Errorf("end: %v %+v", err, d)
	}
}

// TestReplies: a mentor's own, put under a note, and reasons of a return from
// the program's list.
func TestReplies(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	ctx := t.Context()
	id := c.handIn("C1", "lea")
	d, err := c.SaveReply(ctx, c.as("com"), "Links", "Please check that your links open.")
	if err != nil || len(d.Replies) != 1 {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"Links": "again", "": "x", "Empty": " "} {
		if _, err := c.SaveReply(ctx, c.as("com"), name, text); kindOf(err) != issuer.Invalid {
			t.Errorf("%q: %v", name, err)
		}
	}
	v, err := c.SaveReview(ctx, c.as("com"), id, NewReview{Note: "Nearly there.", Reason: "evidence", Scores: issuer.Scores{"build": "not yet"}}, d.Replies[0].ID)
	if err != nil || v.Desk.Draft.Note != "Nearly there.\n\nPlease check that your links open." || v.Desk.Draft.Reason != "evidence" || !v.Desk.Claim.Mine {
		t.Fatalf("insert: %v %+v", err, v.Desk)
	}
	if _, err := c.SaveReview(ctx, c.as("lee"), id, NewReview{}, d.Replies[0].ID); kindOf(err) != issuer.Invalid {
		t.Errorf("another's reply: %v", err)
	}
	for _, bad := range []NewReview{
		{Submission: 1, Decision: issuer.Return, Note: "x", Reason: "mood"},
		{Submission: 1, Decision: issuer.Approve, Scores: approve(1).Scores, Reason: "evidence"},
	} {
		if _, err := c.ReviewCapstone(ctx, c.as("com"), id, bad); kindOf(err) != issuer.Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	r, err := c.ReviewCapstone(ctx, c.as("com"), id, NewReview{Submission: 1, Decision: issuer.Return, Note: v.Desk.Draft.Note, Reason: "evidence"})
	if err != nil || r.Review.Reason != "evidence" {
		t.Fatal(err)
	}
	if v, err = c.Capstone(ctx, c.as("com"), id); err != nil || v.Desk.Draft != nil || v.Desk.Claim != nil {
		t.Errorf("the desk is not clear: %v %+v", err, v.Desk)
	}
	if d, err = c.RemoveReply(ctx, c.as("com"), d.Replies[0].ID); err != nil || len(d.Replies) != 0 {
		t.Errorf("remove: %v %+v", err, d)
	}
	file := program()
	file.Program.ReturnReasons = []FileReason{{Code: "late", Name: "It came too late"}}
	if res, err := c.ImportProgram(ctx, system, file, false); err != nil || !res.Written {
		t.Fatal(err, res)
	}
	if v, err = c.Capstone(ctx, c.as("com"), id); err != nil || len(v.Desk.Reasons) != 1 || v.Desk.Reasons[0].Code != "late" {
		t.Errorf("reasons of the program: %v %+v", err, v.Desk.Reasons)
	}
	if out, err := c.ProgramFile(ctx, c.as("owen"), "makers"); err != nil || len(out.Program.ReturnReasons) != 1 {
		t.Errorf("the file: %v", err)
	}
}
