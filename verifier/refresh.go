package verifier

import (
	"bytes"
	"strings"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// refreshType is the kind of refresh service that is asked (Open Badges 3.0
// §9.1 step 3).
const refreshType = "1EdTechCredentialRefresh"

// renewed is a newer copy of a credential, identified but not yet assessed.
type renewed struct {
	run        *run
	credential *vc.Credential
	problems   []vc.Problem
	auth       authentication
}

// renew answers the check "refresh" (Open Badges 3.0 §9.1 step 3), and gives the
// newer copy where the reader asked for one and there is one. It is asked for
// once the credential is shown to be its issuer's, and never for a newer copy of
// the newer copy. Whatever goes wrong on the way, the original stands. The
// details of the check:
//
//	{"available":true,"url":…}               not asked, or asked in vain: may be asked (again)
//	{"available":false,"newer":false,"url":…} asked, and the copy at hand is the newest
//	{"newer":true,"url":…,"replaces":…}      the report is about the newer copy; replaces is the validFrom of the older
func (r *run) renew(c *vc.Credential, ask Ask) *renewed {
	if len(c.Refresh) == 0 {
		r.report.set(refresh, Skipped, "The credential names no place for a newer copy.")
		return nil
	}
	address := refreshAddress(c)
	switch {
	case address == "":
		r.report.set(refresh, Skipped, "The credential names a place for a newer copy that is not of a kind asked here.")
	case !r.genuine():
		r.report.set(refresh, Skipped, "A newer copy is asked for only where the credential is shown to be genuine.")
	case !ask.Refresh:
		r.report.set(refresh, Skipped, "A newer copy may exist; it was not asked for.").Detail = available(address)
	default:
		return r.fetchNewer(c, address)
	}
	return nil
}

func available(address string) map[string]any {
	return map[string]any{"available": true, "url": address}
}

// refreshAddress gives the address of the first refresh service that is asked.
func refreshAddress(c *vc.Credential) string {
	for _, service := range c.Refresh {
		if listed(service.Value.Get("type"), refreshType) && strings.HasPrefix(service.ID, "https://") {
			return service.ID
		}
	}
	return ""
}

// fetchNewer asks for the newer copy. Where what was found is none, the original
// stands, and the check says why.
func (r *run) fetchNewer(c *vc.Credential, address string) *renewed {
	newer, why := r.findNewer(c, address)
	switch {
	case why != "":
		r.report.set(refresh, Undetermined, why+" This is about the copy that you have.").Detail = available(address)
		return nil
	case newer.credential.ValidFrom.Equal(*c.ValidFrom):
		r.report.set(refresh, Verified, "The issuer was asked, and has no newer copy.").Detail = map[string]any{"available": false, "newer": false, "url": address}
		return nil
	}
	check := newer.run.report.set(refresh, Verified, "The issuer was asked for a newer copy, and this is about that one, not about the copy that you have.")
	check.Detail = map[string]any{"newer": true, "url": address, "replaces": c.ValidFrom.UTC().Format("2006-01-02T15:04:05Z")}
	return newer
}

// findNewer gets the newer copy and holds it against the one at hand: its own
// format, proof and issuer are right, and it is the same credential, not older (Open
// Badges 3.0 §10: the same issuer and id, and a later validFrom).
func (r *run) findNewer(c *vc.Credential, address string) (newer *renewed, why string) {
	if r.v.Refresher == nil {
		return nil, "Newer copies cannot be asked for here."
	}
	raw, err := r.v.Refresher.Refresh(r.ctx, address)
	if err != nil {
		return nil, "A newer copy could not be had."
	}
	newer = &renewed{run: r.again()}
	newer.credential, newer.problems, err = newer.run.parse(bytes.TrimSpace(raw), strictjson.DefaultLimits)
	if err != nil || isPresentation(newer.credential) || !isCredential(newer.credential) {
		return nil, "What was found in place of a newer copy is not a credential."
	}
	newer.auth = newer.run.identify(newer.credential, newer.problems)
	n := newer.credential
	switch {
	case !newer.run.genuine():
		return nil, "What was found in place of a newer copy is not shown to be genuine."
	case n.ID == "" || !sameID(n.ID, c.ID) || !sameID(n.Issuer.ID, c.Issuer.ID):
		return nil, "What was found in place of a newer copy is another credential."
	case n.ValidFrom == nil || c.ValidFrom == nil || n.ValidFrom.Before(*c.ValidFrom):
		return nil, "What was found in place of a newer copy is not newer."
	}
	return newer, ""
}

// genuine says whether format, proof and issuer are right.
func (r *run) genuine() bool {
	for _, i := range [...]int{format, proof, issuer} {
		if r.report.check(i).Outcome != Verified {
			return false
		}
	}
	return true
}

// again begins the report about a newer copy, with what was looked up so far.
func (r *run) again() *run {
	next := r.v.newRun(r.ctx)
	next.now, next.report.CheckedAt = r.now, r.report.CheckedAt
	next.lookups, next.documents, next.lists, next.sets = r.lookups, r.documents, r.lists, r.sets
	next.unnamed, next.budget = r.unnamed, r.budget
	*next.report.check(image) = *r.report.check(image)
	return next
}
