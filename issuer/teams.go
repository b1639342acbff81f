package issuer

import "time"

// A team is open until it hands something in for the first time: whoever is in
// it then gets the badge, and stays.

// openTeam refuses to change a team that is not open any more.
func (c *Capstone) openTeam() error {
	if c.Submission > 0 || c.Closed() {
		return Refuse(Conflict, "The team handed in its work; nobody joins or leaves it any more.")
	}
	return nil
}

// Join puts a person into the team, on the word of a member of it.
func (c *Capstone) Join(brief *Brief, team []Member, by, who PersonID, at time.Time) (*Member, error) {
	if !inTeam(team, by) {
		return nil, Refuse(Forbidden, "Only a member of the team can take someone in.")
	}
	if err := c.openTeam(); err != nil {
		return nil, err
	}
	if inTeam(team, who) {
		return nil, Wrong("person", "They are in the team already.")
	}
	if len(team) >= brief.TeamMax {
		return nil, Wrong("person", "The team is full: this capstone takes %d to %d.", brief.TeamMin, brief.TeamMax)
	}
	return &Member{CapstoneID: c.ID, PersonID: who, IssuerID: c.IssuerID, JoinedAt: at}, nil
}

// Leave refuses a member who cannot leave the team.
func (c *Capstone) Leave(team []Member, who PersonID) error {
	if !inTeam(team, who) {
		return Refuse(Forbidden, "Only a member of the team can leave it.")
	}
	if err := c.openTeam(); err != nil {
		return err
	}
	if len(team) == 1 {
		return Refuse(Conflict, "You are the last of the team; withdraw the capstone instead.")
	}
	return nil
}
