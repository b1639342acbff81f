package registrar

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/highwater"
	"hallmark/issuer/store"
)

// Answers of the matrix.
const (
	yes    = "yes"
	signIn = "sign in"   // Unsigned
	no     = "no"        // Forbidden
	absent = "not there" // NotFound: even that it is there is hidden
)

// callers are the columns of the matrix: nobody; a learner, who is asked
// about their own things; a member of their team; another learner; a community
// and a lead mentor of the cohort; a mentor elsewhere; the owner and an admin
// of the program; an admin of the installation; a sponsor; someone without a
// role; a client with every scope and one with none.
var callers = strings.Fields("nobody lea max ola com lee far owen pat root spo none client bare")

// accessRow is an act, and what each caller is told who tries it.
type accessRow struct {
	act  string
	want string // one answer per caller, in their order
	do   func(ctx context.Context, c *cast, by issuer.Caller) error
}

// TestAccess is the whole of who may do what: a row per act, a column per
// kind of caller. Every cell runs on a state of its own, so that one act does
// not spoil the next.
func TestAccess(t *testing.T) {
	rows := []accessRow{
		//                            nobody  lea    max    ola    com    lee    far    owen   pat    root   spo    none   client bare
		{"admin.add", "              unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.AddAdmin(ctx, by, "new@example.org", "New")
			return err
		}},
		{"person.add", "             unsigned no     no     no     no     no     no     yes    yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.AddPerson(ctx, by, NewPerson{Email: "new@example.org", Name: "New"})
			return err
		}},
		{"person.export", "          unsigned yes    no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.ExportPerson(ctx, by, c.ids["lea"])
			return err
		}},
		{"person.transcript", "      unsigned yes    no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Transcripts(ctx, by, c.ids["lea"])
			return err
		}},
		{"site.export", "            unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			return c.ExportSite(ctx, by, time.Now())
		}},
		{"see a person", "           unsigned no     no     no     no     no     no     yes    yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Person(ctx, by, c.ids["lea"])
			return err
		}},
		{"signin.send", "            unsigned no     no     no     no     no     no     yes    yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			return c.SendSignin(ctx, by, c.ids["lea"], issuer.SigninLink{Token: "T", Purpose: "signin", ExpiresAt: time.Now().Add(time.Hour)}, SigninMail{Link: "https://example.org", Minutes: 15})
		}},
		{"see who did what", "       unsigned no     no     no     no     no     no     yes    yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Trail(ctx, by, TrailFilter{})
			return err
		}},
		{"person.correct", "         unsigned no     no     no     no     no     no     yes    yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.CorrectPerson(ctx, by, c.ids["lea"], Correction{Name: "Lea Lerner", Email: "lerner@example.org"})
			return err
		}},
		{"person.correct, of no program of theirs", "unsigned no no no no   no     no     absent absent yes  no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.CorrectPerson(ctx, by, c.ids["none"], Correction{Name: "Lea Lerner"})
			return err
		}},
		{"person.reissue", "         unsigned no     no     no     no     no     no     yes    yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.ReissueOutdated(ctx, by, c.ids["lea"], "Misspelt.")
			return err
		}},
		{"person.erase", "           unsigned yes    no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			return c.ErasePerson(ctx, by, c.ids["lea"])
		}},
		{"person.merge", "           unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			return c.MergePeople(ctx, by, c.ids["spo"], c.ids["far"], false)
		}},
		{"mail.bounce by report", "  unsigned no     no     no     no     no     no     no     no     yes    no     no     yes    no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			if err := c.MayReportBounces(ctx, by); err != nil {
				return err
			}
			_, err := c.RecordBounce(ctx, by, issuer.Bounce{Mark: c.aMark(), Action: issuer.DeliveryMade})
			return err
		}},
		{"see what merging does", "  unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Merge(ctx, by, c.ids["spo"], c.ids["far"])
			return err
		}},
		{"see what erasing takes", " unsigned yes    no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Erasure(ctx, by, c.ids["lea"])
			return err
		}},
		{"role.grant in the program", "unsigned no   no     no     no     no     no     yes    yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.GrantRole(ctx, by, NewGrant{Person: c.ids["none"], Role: issuer.Mentor, Cohort: "autumn", Tier: issuer.Lead})
			return err
		}},
		{"role.grant everywhere", "  unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.GrantRole(ctx, by, NewGrant{Person: c.ids["none"], Role: issuer.Admin})
			return err
		}},
		{"role.remove", "            unsigned no     no     no     no     no     no     yes    yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			return c.RemoveGrant(ctx, by, c.as("com").Grants[0].ID)
		}},
		{"person.enroll", "          unsigned no     no     no     no     no     no     yes    yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Enroll(ctx, by, PersonRef{ID: c.ids["none"]}, "spring")
			return err
		}},
		{"program.import", "         unsigned no     no     no     no     no     no     yes    yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.ImportProgram(ctx, by, program(), false)
			return err
		}},
		{"program.import, a new one", "unsigned no   no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.ImportProgram(ctx, by, &ProgramFile{Version: 1, Program: FileProgram{Code: "new", Name: "New"}}, false)
			return err
		}},
		{"program.add", "            unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.AddProgram(ctx, by, FileProgram{Code: "new", Name: "New"})
			return err
		}},
		{"program.edit", "           unsigned no     no     no     no     no     no     yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.EditProgram(ctx, by, "makers", ProgramEdit{Program: &FileProgram{Name: "Doers"}}, false)
			return err
		}},
		{"program.edit, its parts", "unsigned no     no     no     no     no     no     yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.EditProgram(ctx, by, "makers", ProgramEdit{Place: &PartEdit{"modules", "M1", RetirePart}}, false)
			return err
		}},
		{"program.put-back", "       unsigned no     no     no     no     no     no     yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.PutBackProgram(ctx, by, "makers", 1, "", false)
			return err
		}},
		{"see a program's versions", "unsigned no    no     no     no     no     no     yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.ProgramVersions(ctx, by, "makers", Page{})
			return err
		}},
		{"see a program's version", "unsigned no     no     no     no     no     no     yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.ProgramVersion(ctx, by, "makers", 1)
			return err
		}},
		{"see a program's file", "   unsigned no     no     no     no     no     no     yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.ProgramFile(ctx, by, "makers")
			return err
		}},
		{"see a badge that is designed", "unsigned no no     no     no     no     no     yes    yes    yes    no     absent no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.ArtOf(ctx, by, "makers", FileAchievement{Code: "x", Name: "X"})
			return err
		}},
		{"people.import", "          unsigned no     no     no     no     no     no     yes    yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.ImportPeople(ctx, by, sampleRoster, ImportOptions{})
			return err
		}},
		{"completions.import", "     unsigned no     no     no     yes    yes    no     yes    yes    yes    no     no     yes    no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.ImportCompletions(ctx, by, []CompletionRow{{Row: 2, Email: "ola@example.org", Module: "M1", CompletedOn: "2026-10-01"}}, ImportOptions{})
			return err
		}},
		{"completion.record", "      unsigned no     no     no     yes    yes    no     yes    yes    yes    no     no     yes    no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.RecordCompletion(ctx, by, NewCompletion{Person: PersonRef{ID: c.ids["ola"]}, Module: "M1"})
			return err
		}},
		{"capstone.start", "         unsigned yes    yes    yes    no     no     no     no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.StartCapstone(ctx, by, "C2", "autumn", "Mine", nil)
			return err
		}},
		{"capstone.save", "          unsigned yes    yes    absent no     no     absent no     no     no     absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.SaveCapstone(ctx, by, c.capstone(), goodDraft)
			return err
		}},
		{"capstone.submit", "        unsigned yes    yes    absent no     no     absent no     no     no     absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.SubmitCapstone(ctx, by, c.capstone())
			return err
		}},
		{"capstone.withdraw", "      unsigned yes    yes    absent no     no     absent yes    yes    yes    absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.WithdrawCapstone(ctx, by, c.capstone())
			return err
		}},
		{"credential.award", "       unsigned no     no     no     no     no     no     yes    yes    yes    no     no     yes    no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.AwardAchievement(ctx, by, NewAward{Achievement: "thanks", Person: PersonRef{ID: c.ids["ola"]}, Reason: "Helped."})
			return err
		}},
		{"credential.revoke", "      unsigned no     absent absent absent absent absent yes    yes    yes    absent absent yes    absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.RevokeCredential(ctx, by, c.badge(), StatusChange{Code: "misconduct"})
			return err
		}},
		{"see what rests on a badge", "unsigned no  absent absent absent absent absent yes    yes    yes    absent absent yes    absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.RestingOn(ctx, by, c.badge())
			return err
		}},
		{"credential.suspend", "     unsigned no     absent absent absent absent absent yes    yes    yes    absent absent yes    absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.SuspendCredential(ctx, by, c.badge(), StatusChange{})
			return err
		}},
		{"credential.reinstate", "   unsigned no     absent absent absent absent absent yes    yes    yes    absent absent yes    absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.ReinstateCredential(ctx, by, c.badge(), StatusChange{})
			return err
		}},
		{"credential.reissue", "     unsigned no     absent absent absent absent absent yes    yes    yes    absent absent yes    absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.ReissueCredential(ctx, by, c.badge(), "Misspelt.")
			return err
		}},
		{"credential.renew", "       unsigned no     absent absent absent absent absent yes    yes    yes    absent absent yes    absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.RenewCredential(ctx, by, c.badge(), "Still knows it.")
			if errors.Is(err, issuer.Conflict) { // it has no end: asked after the right
				return nil
			}
			return err
		}},
		{"credential.visibility", "  unsigned yes    absent absent absent absent absent no     no     no     absent absent no     absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.SetVisibility(ctx, by, c.badge(), issuer.Public)
			return err
		}},
		{"issuing.stop", "           unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.StopIssuing(ctx, by, "A rule is wrong.")
			return err
		}},
		{"records.reconcile", "      unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			if _, err := store.Write(ctx, c.Store, func(tx *store.Tx) (bool, error) { return true, HoldRestored(tx) }); err != nil {
				return err
			}
			_, err := c.Reconcile(ctx, by, highwater.New(filepath.Join(t.TempDir(), "none")), true)
			return err
		}},
		{"issuing.resume", "         unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.ResumeIssuing(ctx, by)
			return err
		}},
		{"see whether badges are issued", "unsigned no no  no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Issuing(ctx, by)
			return err
		}},
		{"consent.answer", "         unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			return c.AnswerConsent(ctx, by, true)
		}},
		{"client.add", "             unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, _, err := c.AddClient(ctx, by, "LMS", []string{"completions:write"})
			return err
		}},
		{"client.revoke", "          unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			client, _, err := c.AddClient(c.t.Context(), system, "LMS", []string{"completions:write"})
			if err != nil {
				return err
			}
			_, err = c.RevokeClient(ctx, by, client.ID)
			return err
		}},
		{"see what was touched", "   unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Touched(ctx, by, TouchedFilter{Achievement: "M1"})
			return err
		}},
		{"see clients", "            unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Clients(ctx, by)
			return err
		}},
		{"see home", "               unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Home(ctx, by)
			return err
		}},
		{"see own badges", "         unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Badges(ctx, by)
			return err
		}},
		{"see a badge", "            unsigned yes    absent absent absent absent absent yes    yes    yes    absent absent yes    absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Badge(ctx, by, c.badge())
			return err
		}},
		{"see a capstone", "         unsigned yes    yes    absent yes    yes    absent yes    yes    yes    absent absent absent absent", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Capstone(ctx, by, c.capstone())
			return err
		}},
		{"see the queue", "          unsigned no     no     no     yes    yes    yes    no     no     no     no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Queue(ctx, by, QueueFilter{})
			return err
		}},
		{"see the program", "        unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    absent yes    yes", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Program(ctx, by, "makers")
			return err
		}},
		{"see people", "             unsigned no     no     no     no     no     no     yes    yes    yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.People(ctx, by, PeopleFilter{})
			return err
		}},
		{"find a person", "          unsigned no     no     no     no     no     no     no     no     yes    no     no     no     no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.FindPerson(ctx, by, "lea@example.org")
			return err
		}},
		{"see the report", "         unsigned no     no     no     no     no     no     yes    yes    yes    yes    no     yes    no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Report(ctx, by, "makers")
			return err
		}},
		{"list completions", "       unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Completions(ctx, by, CompletionFilter{})
			return err
		}},
		{"list credentials", "       unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    no", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Credentials(ctx, by, CredentialFilter{})
			return err
		}},
		{"list capstones", "         unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Capstones(ctx, by, CapstoneFilter{})
			return err
		}},
		{"list programs", "          unsigned yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes", func(ctx context.Context, c *cast, by issuer.Caller) error {
			_, err := c.Programs(ctx, by)
			return err
		}},
	}
	for _, row := range slices.Concat(rows, accessOfRequests, accessOfCohorts, accessOfDesk, accessOfVoices) {
		t.Run(row.act, func(t *testing.T) {
			t.Parallel()
			c := newCast(t, NewKit(t, false))
			c.complete("lea", "M1", "2026-10-01", "")
			c.handIn("C1", "lea", "max")
			want := strings.Fields(row.want)
			if len(want) != len(callers) {
				t.Fatalf("%d answers for %d callers", len(want), len(callers))
			}
			for i, who := range callers {
				by := c.as(strings.TrimPrefix(who, "nobody"))
				if got := tried(c, by, row.do); got != strings.ReplaceAll(want[i], "absent", absent) && !(want[i] == "unsigned" && got == signIn) {
					t.Errorf("%s: %s, want %s", who, got, want[i])
				}
			}
		})
	}
}

// approveTheirs approves the capstone that is handed in.
func (c *cast) approveTheirs() {
	c.t.Helper()
	if v, err := c.Capstone(c.t.Context(), system, c.capstone()); err != nil || v.State == issuer.Approved {
		return
	}
	_, err := c.ReviewCapstone(c.t.Context(), c.as("lee"), c.capstone(), approve(1))
	c.must(err)
}

// asked is a round among two, in which lea gives and gets feedback.
type asked struct {
	round      issuer.RoundID
	gives, got issuer.NoteID
}

func (c *cast) asked() asked {
	c.t.Helper()
	ctx := c.t.Context()
	v, err := c.OpenRound(ctx, c.as("owen"), "autumn", NewRound{Title: "x", Questions: []string{"x"}, OpensOn: "2026-11-21", ClosesOn: "2026-11-28", Pairing: issuer.PairTeams, AtOnce: true})
	c.must(err)
	a := asked{round: v.ID, gives: c.feedbackOf("lea").ToGive[0].ID}
	if a.got = c.feedbackOf("max").ToGive[0].ID; a.got == "" {
		c.t.Fatal("nobody gives")
	}
	_, err = c.GiveFeedback(ctx, c.as("max"), a.got, []string{"x"})
	c.must(err)
	return a
}

var errRehearsed = errors.New("the act was possible and is undone")

// tried does an act and undoes it, and tells how it was answered.
func tried(c *cast, by issuer.Caller, do func(ctx context.Context, c *cast, by issuer.Caller) error) string {
	undo := &Once{Key: "undo", Answer: func(any) (int, []byte, error) { return 0, nil, errRehearsed }}
	err := do(WithOnce(c.t.Context(), undo), c, by)
	switch {
	case err == nil, errors.Is(err, errRehearsed):
		return yes
	case errors.Is(err, issuer.Unsigned):
		return signIn
	case errors.Is(err, issuer.Forbidden):
		return no
	case errors.Is(err, issuer.NotFound):
		return absent
	}
	return err.Error()
}

func (c *cast) capstone() issuer.CapstoneID {
	v, err := c.Capstones(c.t.Context(), system, CapstoneFilter{})
	if err != nil || len(v.Items) == 0 {
		c.t.Fatal("no capstone", err)
	}
	return v.Items[0].ID
}

func (c *cast) joinLink() issuer.JoinLinkID {
	if _, err := c.AddJoinLink(c.t.Context(), system, "autumn", 1, 1); err != nil {
		c.t.Fatal(err)
	}
	return c.detail("autumn").Links[0].ID
}

func (c *cast) badge() issuer.CredentialID {
	v, err := c.Credentials(c.t.Context(), system, CredentialFilter{Person: c.ids["lea"], Achievement: "M1"})
	if err != nil || len(v.Items) == 0 {
		c.t.Fatal("no badge", err)
	}
	return v.Items[0].ID
}

// TestRefusalIsAudited: a refusal for want of a right leaves a line, also
// where the caller is told that there is no such thing; a wrong input leaves
// none, and an act that was done leaves one.
func TestRefusalIsAudited(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.complete("lea", "M1", "2026-10-01", "")
	id := c.badge()
	lines := func() map[string]int {
		entries, err := store.Read(t.Context(), c.Store, func(tx *store.Tx) ([]issuer.AuditEntry, error) { return tx.WaitingAudit(10_000) })
		if err != nil {
			t.Fatal(err)
		}
		n := map[string]int{}
		for _, e := range entries {
			n[e.Act+" "+e.Outcome+" "+e.Actor]++
		}
		return n
	}
	before := lines()
	if _, err := c.RevokeCredential(t.Context(), c.as("ola"), id, StatusChange{Code: "misconduct"}); !errors.Is(err, issuer.NotFound) {
		t.Fatal(err)
	}
	if _, err := c.RevokeCredential(t.Context(), c.as("lea"), id, StatusChange{Code: "misconduct"}); !errors.Is(err, issuer.Forbidden) {
		t.Fatal(err)
	}
	if _, err := c.RevokeCredential(t.Context(), c.as("owen"), id, StatusChange{Code: "no such code"}); !errors.Is(err, issuer.Invalid) {
		t.Fatal(err)
	}
	if _, err := c.RevokeCredential(t.Context(), c.as("owen"), id, StatusChange{Code: "misconduct"}); err != nil {
		t.Fatal(err)
	}
	after := lines()
	for line, want := range map[string]int{
		"credential.revoke refused person:" + string(c.ids["ola"]):  1,
		"credential.revoke refused person:" + string(c.ids["lea"]):  1,
		"credential.revoke refused person:" + string(c.ids["owen"]): 0,
		"credential.revoke done person:" + string(c.ids["owen"]):    1,
	} {
		if got := after[line] - before[line]; got != want {
			t.Errorf("%s: %d new lines, want %d", line, got, want)
		}
	}
}
