package issuer

import (
	"net/url"
	"strings"
	"time"
)

// Edit changes what the next submission will say. An approved or withdrawn
// capstone is closed.
func (c *Capstone) Edit(team []Member, by PersonID, title, summary string, impact Impact, at time.Time) error {
	if err := c.MayEdit(team, by); err != nil {
		return err
	}
	c.Title, c.Summary, c.Impact, c.ChangedAt = title, summary, impact, at
	c.Revision++
	return nil
}

// MayEdit refuses who may not change a capstone, and one that is closed.
func (c *Capstone) MayEdit(team []Member, by PersonID) error {
	if !inTeam(team, by) {
		return Refuse(Forbidden, "Only a member of the team can change a capstone.")
	}
	if c.Closed() {
		return Refuse(Conflict, "This capstone is %s; it cannot be changed.", c.State)
	}
	return nil
}

// Closed tells whether the capstone has come to its end.
func (c *Capstone) Closed() bool { return c.State == Approved || c.State == Withdrawn }

// InTeam tells whether a person is in a team.
func InTeam(team []Member, p PersonID) bool { return inTeam(team, p) }

// CheckTeam refuses a team that the brief does not allow, or with someone in
// it twice.
func (b *Brief) CheckTeam(team []PersonID) error {
	seen := map[PersonID]bool{}
	for _, p := range team {
		if seen[p] {
			return Wrong("team", "Someone is in the team twice.")
		}
		seen[p] = true
	}
	if len(team) > b.TeamMax {
		return Wrong("team", "This capstone takes a team of %d to %d.", b.TeamMin, b.TeamMax)
	}
	return nil
}

// CheckEvidence refuses evidence that the brief does not ask for, or whose
// link is not one that a mentor can open.
func (b *Brief) CheckEvidence(kind, name, link string) error {
	if err := b.CheckFile(kind, name); err != nil {
		return err
	}
	if err := CheckLink(link); err != nil {
		return Wrong("evidence.url", "%s", err.Error())
	}
	return nil
}

// CheckFile refuses a file that the brief does not ask for.
func (b *Brief) CheckFile(kind, name string) error {
	if !b.EvidenceKinds.Has(kind) {
		return Wrong("evidence.kind", "This capstone does not ask for evidence of the kind “%s”; it asks for %s.",
			shorten(kind), strings.Join(b.EvidenceKinds, ", "))
	}
	if len([]rune(name)) > MaxName {
		return Wrong("evidence.name", "The name of the evidence is longer than %d characters.", MaxName)
	}
	return nil
}

// CheckLink refuses what is not an http or https address of another place.
func CheckLink(link string) error {
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" || u.User != nil ||
		len(link) > 2000 || unprintable(link) || strings.ContainsAny(link, " <>\"{}|\\^`") {
		return Wrong("url", "Give a link that begins with https://.")
	}
	return nil
}
