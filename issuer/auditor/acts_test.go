package auditor_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// broken says for each act of the registrar by which step of faults it is broken:
// its own, or one that writes by the same statements. What follows reasons has
// none, with why.
var broken = map[string]string{
	"award":           "credential.award completions.import capstone.review credential.renew issuing.deferred issuing.resume",
	"completion":      "completion.record",
	"withdrawal":      "completion.withdraw capstone.take-back person.merge",
	"correction":      "completion.correct person.reissue key.reissue",
	"reissue":         "credential.reissue",
	"batch asked for": "credentials.batch",
	"erase":           "person.erase",
	"key":             "key.replace key.activate key.plan key.retire key.compromise",
	"signing on read": "credential.token person.transcript",
	"share":           "credential.share credential.unshare credential.visibility",
	"mail asked for":  "stepup.ask signin.ask signin.send mail.resend invitation.add invitation.resend capstone.ask address.claim name.ask name.answer concern.report concern.handle capstone.answer capstone.hand-over capstone.claim join.introduce",
}

// reasons are why no step of faults is about some acts.
var reasons = map[string]string{
	"rows, an audit entry and at most a mail in one transaction, as in “mail asked for”: nothing is signed or put into the log": "absence.declare absence.end " +
		"address.add address.main address.remove admin.add capstone.appeal capstone.attach capstone.confirm capstone.join capstone.leave capstone.part capstone.release capstone.save " +
		"capstone.scope capstone.start capstone.submit capstone.withdraw client.add client.revoke cohort.archive cohort.close cohort.join cohort.link cohort.reopen cohort.unlink " +
		"concern.add conflict.clear conflict.declare consent.answer feedback.close feedback.give feedback.open feedback.remove feedback.report identity.add identity.remove " +
		"invitation.accept invitation.open invitation.revoke issuing.stop language.choose mail.bounce mail.choose mail.stop module.feedback name.withdraw passkey.add passkey.remove " +
		"passkey.rename people.import person.add person.correct person.enroll person.leave person.unenroll portfolio.save program.add program.edit program.import reply.remove " +
		"reply.save review.save role.grant role.remove self.rate session.end session.end-all setup.link setup.use signin.begin signin.identity signin.link signin.passkey signin.use " +
		"stepup.passkey stepup.try story.agree story.hide story.show story.write token.endorse touchpoint.add touchpoint.cancel touchpoint.edit touchpoint.note",
	"an audit entry alone: what is asked for is read":                            "person.export records.export site.export",
	"about records that were put back: the drill of a restored backup is theirs": "records.hold records.reconcile",
	"of another issuer for conformance suites, whose badges are not in the log":  "instance.add instance.sign instance.status",
}

// TestEveryActIsBroken: an act that nobody thought about is not taken for one that
// bears a fault.
func TestEveryActIsBroken(t *testing.T) {
	named := regexp.MustCompile(`\(ctx, (?:r, )?[^,()]+(?:\{[^}]*\})?, "([a-z-]+\.[a-z-]+)"`)
	files, err := filepath.Glob("../registrar/*.go")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			known[m[1]] = true
		}
	}
	told := map[string]bool{}
	tell := func(list string) {
		for _, act := range strings.Fields(list) {
			if told[act] {
				t.Errorf("%s is told of twice", act)
			}
			if told[act] = true; !known[act] {
				t.Errorf("there is no act %s", act)
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
	for act := range known {
		if !told[act] {
			t.Errorf("%s is broken by no step of faults, and nobody says why", act)
		}
	}
	if len(known) < 100 {
		t.Errorf("only %d acts were found", len(known))
	}
}
