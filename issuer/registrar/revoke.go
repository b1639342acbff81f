package registrar

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
)

// RevokeCredential withdraws a badge for good, every copy of it, with a public
// code and reason and a private note, and tells its holder. Badges that rest on
// it stay, but for those that the change names as well: they are withdrawn with
// it, because a requirement of theirs is not met any more. Revoking again
// changes nothing.
func (r *Registrar) RevokeCredential(ctx context.Context, by issuer.Caller, id issuer.CredentialID, in StatusChange) (*BadgeView, error) {
	return changeStatus(ctx, r, by, ledger.Revoke, id, in, func(w *work, a *issuer.Award, in StatusChange) (bool, error) {
		if a.State == issuer.Revoked {
			return false, nil
		}
		resting, err := w.restingOn(a)
		if err != nil {
			return false, err
		}
		also, err := w.chosen(resting, in.Also)
		if err != nil {
			return false, err
		}
		changed, err := w.revoke(a, in)
		if err != nil || !changed {
			return false, err
		}
		return true, w.revokeWith(a, also, in)
	})
}

// revoke withdraws an award with the credentials that were not replaced.
func (w *work) revoke(a *issuer.Award, in StatusChange) (changed bool, err error) {
	if changed, err = a.Revoke(in.Code, in.Reason, in.Note, w.Now); err != nil || !changed {
		return false, err
	}
	return true, w.endCredentials(a)
}

// endCredentials sets the bits of the credentials of an award that were not
// replaced.
func (w *work) endCredentials(a *issuer.Award) error {
	credentials, err := w.EveryCredentialOf(a.ID)
	if err != nil {
		return err
	}
	for _, c := range credentials {
		if c.SupersededBy != "" { // its bit is set; that it was replaced says more
			continue
		}
		if err := w.SetStatus(c.ID, "revoked"); err != nil {
			return err
		}
	}
	return nil
}

// revokeWith withdraws awards that rest on another, and tells their holder of
// all of them.
func (w *work) revokeWith(a *issuer.Award, also []issuer.Award, in StatusChange) error {
	views, err := w.badgeViews(append([]issuer.Award{*a}, also...))
	if err != nil {
		return err
	}
	name := views[0].Achievement.Name
	reason := fmt.Sprintf("“%s”, on which it rests, was revoked.", name)
	var names []string
	for i := range also {
		change := StatusChange{Code: "requirement-unmet", Reason: reason, Note: in.Note}
		if err := w.revokeWithin(&also[i], views[i+1].ID, change, map[string]any{"with": views[0].ID}); err != nil {
			return err
		}
		names = append(names, "“"+views[i+1].Achievement.Name+"”")
	}
	holder, err := w.Person(a.PersonID)
	if err != nil {
		return err
	}
	return w.mail(holder, "badge-revoked", map[string]any{"Badge": name, "Issuer": w.us.Name, "Code": in.Code, "Reason": in.Reason,
		"Also": strings.Join(names, ", "), "Ask": w.askAt(), "Link": views[0].URL})
}

// revokeWithin revokes an award as a part of an act that is about something
// else: with a leaf and an audit entry of its own.
func (w *work) revokeWithin(a *issuer.Award, id issuer.CredentialID, in StatusChange, detail map[string]any) error {
	if _, err := w.revoke(a, in); err != nil {
		return err
	}
	return w.noteRevoked(a, id, detail)
}

// noteRevoked keeps an award that was revoked, with a leaf and an audit entry.
func (w *work) noteRevoked(a *issuer.Award, id issuer.CredentialID, detail map[string]any) error {
	if err := w.SaveAward(a); err != nil {
		return err
	}
	if err := w.leaves(a, ledger.Revoke, a.RevokedCode); err != nil {
		return err
	}
	detail["changed"], detail["code"] = true, a.RevokedCode
	text, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("encode audit detail: %w", err)
	}
	return w.AddAuditEntry(w.entry("credential."+ledger.Revoke, string(id), "done", string(text)))
}

// chosen finds the awards of badges among those that rest on another.
func (w *work) chosen(resting []issuer.Award, ids []issuer.CredentialID) ([]issuer.Award, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	views, err := w.badgeViews(resting)
	if err != nil {
		return nil, err
	}
	var out []issuer.Award
	for i, v := range views {
		if slices.Contains(ids, v.ID) {
			out = append(out, resting[i])
		}
	}
	for _, id := range ids {
		if !slices.ContainsFunc(views, func(v BadgeView) bool { return v.ID == id }) {
			return nil, issuer.Wrong("also", "The badge %s does not rest on this one; revoke it by itself.", clip(string(id)))
		}
	}
	return out, nil
}

// RestingOn lists the badges that their holder has because of another one, for
// who may revoke them.
func (r *Registrar) RestingOn(ctx context.Context, by issuer.Caller, id issuer.CredentialID) ([]BadgeView, error) {
	return look(ctx, r, by, func(w *work) ([]BadgeView, error) {
		a, err := w.seeAward(id)
		if err != nil {
			return nil, err
		}
		if err := w.mayRevoke(a.ProgramID); err != nil {
			return nil, err
		}
		resting, err := w.restingOn(a.Award)
		if err != nil {
			return nil, err
		}
		return w.badgeViews(resting)
	})
}

// restingOn lists the live awards that stand on one by the rule that they were
// earned under, directly or on one that does. What an admin awarded on their
// word rests on nothing.
func (w *work) restingOn(a *issuer.Award) ([]issuer.Award, error) {
	if !a.Live() {
		return nil, nil
	}
	live, err := w.LiveAwards(a.ProgramID, a.PersonID)
	if err != nil {
		return nil, err
	}
	version, err := w.versions(unique(live, func(a issuer.Award) issuer.AchievementVersionID { return a.AchievementVersionID })...)
	if err != nil {
		return nil, err
	}
	p, err := w.path(a.ProgramID)
	if err != nil {
		return nil, err
	}
	fallen, taken := map[string]bool{p.code[a.AchievementID]: true}, map[issuer.AwardID]bool{a.ID: true}
	var out []issuer.Award
	for more := true; more; {
		more = false
		for _, l := range live {
			if taken[l.ID] || l.Fact != issuer.FactRequirement || !anyOf(version[l.AchievementVersionID].Rule.All, fallen) {
				continue
			}
			taken[l.ID], fallen[p.code[l.AchievementID]], more = true, true, true
			out = append(out, l)
		}
	}
	return out, nil
}
