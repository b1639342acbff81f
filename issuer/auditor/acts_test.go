package auditor_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hallmark/issuer"
)

// broken says for each kind of act by which step of faults it is broken:
// its own, or one that writes by the same statements. What follows reasons has
// none, with why.
var broken = map[string]string{
	"award":                    "credential.award credential.issue completions.import capstone.review credential.renew award.renew issuing.deferred issuing.resume",
	"completion":               "completion.record",
	"withdrawal":               "completion.withdraw capstone.take-back",
	"merge":                    "person.merge",
	"correction":               "completion.correct person.reissue key.reissue",
	"revoke":                   "credential.revoke",
	"suspend":                  "credential.suspend",
	"reinstate":                "credential.reinstate",
	"expiry":                   "award.expire",
	"reissue":                  "credential.reissue credential.supersede",
	"batch asked for":          "credentials.batch",
	"erase":                    "person.erase",
	"key":                      "key.replace key.activate key.plan key.retire key.compromise",
	"key of a mentor given up": "mentor.key.compromise",
	"signing on read":          "credential.token person.transcript",
	"share":                    "credential.share credential.unshare credential.visibility",
	"wallet":                   "credential.copy",
	"mail asked for":           "credential.offer stepup.ask signin.ask signin.send mail.resend invitation.add invitation.resend capstone.ask capstone.scope.decide address.claim name.ask name.answer concern.report concern.handle capstone.answer capstone.hand-over capstone.claim join.introduce",
}

// reasons are why no step of faults is about some acts.
var reasons = map[string]string{
	"rows, an audit entry and at most a mail in one transaction, as in “mail asked for”: nothing is signed or put into the log": "absence.declare absence.end " +
		"address.add address.main address.remove admin.add capstone.appeal capstone.attach capstone.confirm capstone.join capstone.leave capstone.part capstone.release capstone.save " +
		"capstone.scope capstone.start capstone.submit capstone.withdraw client.add client.revoke credential.held credential.redeem cohort.archive cohort.close cohort.join cohort.link cohort.reopen cohort.unlink " +
		"concern.add question.ask question.confirm question.withdraw question.answer conflict.clear conflict.declare consent.answer feedback.close feedback.give feedback.open feedback.remove feedback.report identity.add identity.remove " +
		"invitation.accept invitation.open invitation.revoke issuing.stop language.choose mail.bounce mail.choose mail.stop module.feedback name.withdraw passkey.add passkey.remove " +
		"passkey.rename people.import person.add person.correct person.enroll person.leave person.unenroll portfolio.save program.add program.edit program.import program.put-back reply.remove " +
		"reply.save review.save role.grant role.remove self.rate session.end session.end-all setup.link setup.use signin.begin signin.identity signin.link signin.passkey signin.use " +
		"stepup.passkey stepup.try story.agree story.hide story.show story.write token.endorse touchpoint.add touchpoint.cancel touchpoint.edit touchpoint.note",
	"an audit entry alone: what is asked for is read":                            "person.export records.export site.export",
	"a start, which is one transaction: one that fails is made again":            "issuer.setup issuer.move key.make",
	"removal of what is over: what stays is removed the next time":               "concern.forget question.forget records.forget",
	"about records that were put back: the drill of a restored backup is theirs": "records.hold records.reconcile",
	"of another issuer for conformance suites, whose badges are not in the log":  "instance.add instance.sign instance.status",
}

// TestEveryActIsBroken: an act that nobody thought about is not taken for one that
// bears a fault.
func TestEveryActIsBroken(t *testing.T) {
	known := map[string]bool{}
	for _, d := range issuer.Deeds("", false) {
		known[d.Act] = true
	}
	account(t, "act", known, broken, reasons)
}

// account holds what there is against what is told of: by steps of faults, and in
// lists after the reason why there is none.
func account(t *testing.T, what string, known map[string]bool, broken, reasons map[string]string) {
	t.Helper()
	told := map[string]bool{}
	tell := func(list string) {
		for _, name := range strings.Fields(list) {
			if told[name] {
				t.Errorf("%s is told of twice", name)
			}
			if told[name] = true; !known[name] {
				t.Errorf("there is no %s %s", what, name)
			}
		}
	}
	for step, list := range broken {
		if tell(list); !slices.ContainsFunc(faults, func(f faulty) bool { return f.name == step }) {
			t.Errorf("there is no step %q", step)
		}
	}
	for _, list := range reasons {
		tell(list)
	}
	for name := range known {
		if !told[name] {
			t.Errorf("the %s %s is broken by no step of faults, and nobody says why", what, name)
		}
	}
}

// writers are the functions that begin a transaction which writes, acts apart, by
// the step that breaks it.
var writers = map[string]string{
	"award":                    "registrar.act registrar.auditRefusal",
	"batch item":               "registrar.RunBatch registrar.giveUp",
	"sums of cohorts":          "registrar.CountCohorts",
	"reminder":                 "registrar.remind",
	"expiry":                   "jobs.Expire",
	"mail":                     "jobs.Send jobs.sendOne",
	"status list":              "jobs.PublishNow jobs.Fill",
	"position in the log":      "jobs.Sequence",
	"signature of the witness": "jobs.Cosign",
}

// unbroken are those of which no step is, after the reason why.
var unbroken = map[string]string{
	"a start, which is one transaction: one that fails is made again":                     "registrar.Setup",
	"removal of what is over: what stays is removed the next time":                        "registrar.ForgetOld jobs.Clean",
	"rows and mails of one transaction, done again by the next round of the duty":         "registrar.TendConcerns registrar.tell",
	"a session, without which its browser signs in again":                                 "registrar.KeepSession registrar.DropSession",
	"one row, counted from the records and counted again by the next round of the duty":   "registrar.CountOverviews",
	"how often pages were looked at, which may lose what was counted in the last seconds": "registrar.Keep",
}

// TestEveryWriteIsBroken: nothing writes that nobody thought about.
func TestEveryWriteIsBroken(t *testing.T) {
	known := map[string]bool{}
	for _, dir := range []string{"../registrar", "../jobs", "../signin", "../web", "../web/api", "../web/pages", "../web/public", "../web/oid4vci", "../web/vcapi",
		"../export", "../backup", "../keyring", "../intake", "../../cmd/hallmark"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", dir, len(files), err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && writes(f) {
					known[filepath.Base(dir)+"."+f.Name.Name] = true
				}
			}
		}
	}
	account(t, "writer", known, writers, unbroken)
}

// writes tells whether a function calls store.Write.
func writes(f *ast.FuncDecl) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Write" {
			if from, ok := s.X.(*ast.Ident); ok && from.Name == "store" {
				found = true
			}
		}
		return !found
	})
	return found
}
