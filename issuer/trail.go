package issuer

import (
	"slices"
	"strings"
)

// DeedGroup is what acts are about, as the audit trail is filtered by it.
type DeedGroup string

// The groups.
const (
	DeedBadges      DeedGroup = "badges"
	DeedWork        DeedGroup = "work"
	DeedCompletions DeedGroup = "completions"
	DeedPeople      DeedGroup = "people"
	DeedCohorts     DeedGroup = "cohorts"
	DeedPrograms    DeedGroup = "programs"
	DeedVoices      DeedGroup = "voices"
	DeedAccounts    DeedGroup = "accounts"
	DeedMail        DeedGroup = "mail"
	DeedKeys        DeedGroup = "keys"
	DeedService     DeedGroup = "service"
	DeedUnknown     DeedGroup = "unknown" // of acts that this version does not know
)

// DeedGroups lists them as a filter offers them.
var DeedGroups = []DeedGroup{DeedBadges, DeedWork, DeedCompletions, DeedPeople, DeedCohorts, DeedPrograms,
	DeedVoices, DeedAccounts, DeedMail, DeedKeys, DeedService}

// Deed is how the audit trail tells of a kind of act.
type Deed struct {
	Act   string
	Group DeedGroup
	// Ours: who runs the program that it is about reads of it. Of all others only
	// who runs the installation does.
	Ours bool
	// Nameless: the trail says neither who did it nor what it was about. So it
	// does where people were promised that nobody learns that.
	Nameless bool
	By       string // what of its detail chooses among the Kinds of its sentences; "" for one sentence
	Kinds    []string
}

// deeds names every kind of act; a test holds it against the code.
var deeds = tell(
	Deed{Group: DeedBadges, Ours: true}, `credential.award credential.issue credential.supersede credential.revoke credential.suspend credential.reinstate
		credential.reissue credential.renew credential.visibility/visibility=public,unlisted,withdrawn credential.share credential.unshare credential.token
		credential.offer credential.redeem credential.copy credential.held
		award.renew award.expire credentials.batch issuing.deferred`,
	Deed{Group: DeedWork, Ours: true}, `capstone.start capstone.save capstone.attach capstone.submit capstone.withdraw capstone.join capstone.leave capstone.part
		capstone.scope capstone.scope.decide/decision=approve,return capstone.review/decision=approve,return capstone.take-back capstone.claim capstone.release capstone.hand-over
		capstone.ask capstone.confirm/answer=yes,no capstone.appeal capstone.answer/state=stands,reopened conflict.declare conflict.clear review.save`,
	Deed{Group: DeedWork}, `absence.declare absence.end reply.save reply.remove`,
	Deed{Group: DeedCompletions, Ours: true}, `completion.record completion.withdraw completion.correct completions.import`,
	Deed{Group: DeedPeople, Ours: true}, `person.add person.correct person.enroll person.leave person.unenroll person.reissue person.transcript
		role.grant role.remove signin.send self.rate name.answer/state=done,refused`,
	Deed{Group: DeedPeople}, `admin.add people.import person.export person.erase person.merge name.ask name.withdraw consent.answer/answer=given,refused portfolio.save
		invitation.add invitation.open invitation.accept invitation.resend invitation.revoke join.introduce signin.link`,
	Deed{Group: DeedCohorts, Ours: true}, `cohort.close cohort.archive cohort.reopen cohort.link cohort.unlink cohort.join
		touchpoint.add touchpoint.edit touchpoint.cancel touchpoint.note`,
	Deed{Group: DeedPrograms, Ours: true}, `program.add program.edit program.import program.put-back`,
	Deed{Group: DeedVoices, Ours: true}, `feedback.open feedback.close feedback.remove story.write story.agree story.hide story.show
		question.ask question.confirm question.withdraw question.answer/state=answered,closed`,
	Deed{Group: DeedVoices}, `question.forget`,
	Deed{Group: DeedVoices, Nameless: true}, `feedback.give feedback.report module.feedback concern.report concern.add concern.handle concern.forget`,
	Deed{Group: DeedAccounts}, `signin.ask signin.use signin.begin signin.passkey signin.identity session.end session.end-all address.claim address.add address.main
		address.remove identity.add identity.remove passkey.add passkey.remove passkey.rename stepup.ask stepup.try stepup.passkey token.endorse language.choose`,
	Deed{Group: DeedMail}, `mail.resend mail.bounce mail.choose mail.stop`,
	Deed{Group: DeedKeys}, `key.make key.plan key.activate key.replace key.retire key.compromise key.reissue mentor.key.compromise`,
	Deed{Group: DeedService}, `issuer.setup issuer.move setup.link setup.use issuing.stop issuing.resume client.add client.revoke records.export records.forget records.hold
		records.reconcile site.export instance.add instance.sign instance.status`,
)

// tell reads lists of acts, each after what its deeds have in common; "act/key=a,b"
// says by what of the detail its sentence is chosen among those of a and b.
func tell(lists ...any) map[string]Deed {
	all := map[string]Deed{}
	for i := 0; i < len(lists); i += 2 {
		for _, name := range strings.Fields(lists[i+1].(string)) {
			d := lists[i].(Deed)
			var kinds string
			d.Act, d.By, _ = strings.Cut(name, "/")
			if d.By, kinds, _ = strings.Cut(d.By, "="); d.By != "" {
				d.Kinds = strings.Split(kinds, ",")
			}
			all[d.Act] = d
		}
	}
	return all
}

// Texts names the texts of the catalogue that tell the deed.
func (d Deed) Texts() []string {
	all := []string{"deed." + d.Act}
	for _, k := range d.Kinds {
		all = append(all, "deed."+d.Act+"."+k)
	}
	return all
}

// Text names the text that tells the deed: who did it is {who}, what it was about
// {what}. Said is what the entry says under By.
func (d Deed) Text(said string) string {
	switch {
	case d.Group == DeedUnknown:
		return "trail.other"
	case slices.Contains(d.Kinds, said):
		return "deed." + d.Act + "." + said
	}
	return "deed." + d.Act
}

// DeedOf says how the trail tells of an act; of one that it does not know it
// tells those alone who run the installation.
func DeedOf(act string) Deed {
	if d, ok := deeds[act]; ok {
		return d
	}
	return Deed{Act: act, Group: DeedUnknown}
}

// Deeds lists the acts of a group, "" for all, of which someone may read: all of
// them, or those about programs alone.
func Deeds(group DeedGroup, programsAlone bool) []Deed {
	var some []Deed
	for _, d := range deeds {
		if (group == "" || d.Group == group) && (d.Ours || !programsAlone) {
			some = append(some, d)
		}
	}
	slices.SortFunc(some, func(a, b Deed) int { return strings.Compare(a.Act, b.Act) })
	return some
}
