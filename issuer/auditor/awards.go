package auditor

import (
	"encoding/json"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
)

// file is an award and everything that is recorded about it.
type file struct {
	issuer.Award
	versions    map[issuer.AchievementVersionID]*issuer.AchievementVersion
	past        []issuer.PastTerm   // in their order
	credentials []issuer.Credential // in the order they were issued
	copies      map[issuer.CredentialID][]issuer.SignedCopy
	salts       map[issuer.CredentialID][]byte
	places      map[issuer.CredentialID]*issuer.StatusEntry
	leaves      map[issuer.CredentialID][]issuer.LogLeaf
	entries     []issuer.AuditEntry // about the award and its credentials, in the order of the chain
	changes     []change
}

// change is a change of state as an audit entry tells it.
type change struct {
	kind, code string
	at         time.Time
	entry      issuer.AuditID
	logged     bool // a leaf was found for it
}

// note is what the audit entries of awards say beside their columns.
type note struct {
	Award      issuer.AwardID    `json:"award"`
	Person     issuer.PersonID   `json:"person"`
	Into       issuer.PersonID   `json:"into"` // who a person became
	Changed    bool              `json:"changed"`
	Code       string            `json:"code"`
	Visibility issuer.Visibility `json:"visibility"`
}

func noteOf(e *issuer.AuditEntry) note {
	var n note
	_ = json.Unmarshal([]byte(e.Detail), &n) // written by our own acts and held by the chain; what cannot be read says nothing
	return n
}

// checkAwards holds every award, its credentials, their signed bytes, places in
// the log and in the status lists against each other.
func (c *audit) checkAwards() error {
	after := issuer.AwardID("")
	for {
		awards, err := c.AwardsFrom(after, page)
		if err != nil {
			return err
		}
		files, err := c.files(awards)
		if err != nil {
			return err
		}
		for _, f := range files {
			c.out.Awards++
			c.out.Credentials += int64(len(f.credentials))
			c.award(f)
		}
		if len(awards) < page {
			return nil
		}
		after = awards[len(awards)-1].ID
	}
}

// files reads what is recorded about awards.
func (c *audit) files(awards []issuer.Award) ([]*file, error) {
	files, byAward, byCredential := make([]*file, len(awards)), map[issuer.AwardID]*file{}, map[issuer.CredentialID]*file{}
	var ids []issuer.AwardID
	for i, a := range awards {
		f := &file{Award: a, copies: map[issuer.CredentialID][]issuer.SignedCopy{}, salts: map[issuer.CredentialID][]byte{},
			places: map[issuer.CredentialID]*issuer.StatusEntry{}, leaves: map[issuer.CredentialID][]issuer.LogLeaf{}}
		files[i], byAward[a.ID] = f, f
		ids = append(ids, a.ID)
	}
	if err := c.terms(files, byAward); err != nil {
		return nil, err
	}
	credentials, err := c.EveryCredentialOf(ids...)
	if err != nil {
		return nil, err
	}
	var names []issuer.CredentialID
	objects := make([]string, 0, 2*len(ids))
	for _, k := range credentials {
		f := byAward[k.AwardID]
		f.credentials, byCredential[k.ID] = append(f.credentials, k), f
		names, objects = append(names, k.ID), append(objects, string(k.ID))
	}
	for _, id := range ids {
		objects = append(objects, string(id))
	}
	if err := c.papers(names, byCredential); err != nil {
		return nil, err
	}
	return files, c.entriesOf(objects, byAward, byCredential)
}

// papers reads what hangs on credentials.
func (c *audit) papers(ids []issuer.CredentialID, of map[issuer.CredentialID]*file) error {
	copies, err := c.SignedCopiesOf(ids...)
	if err != nil {
		return err
	}
	for _, s := range copies {
		of[s.CredentialID].copies[s.CredentialID] = append(of[s.CredentialID].copies[s.CredentialID], s)
	}
	salts, err := c.SaltsOf(ids...)
	if err != nil {
		return err
	}
	for _, s := range salts {
		c.ours("log salt", string(s.CredentialID), s.IssuerID)
		of[s.CredentialID].salts[s.CredentialID] = s.Salt
	}
	places, err := c.StatusEntriesOf(ids...)
	if err != nil {
		return err
	}
	for i := range places {
		p := &places[i]
		of[p.CredentialID].places[p.CredentialID] = p
	}
	leaves, err := c.LeavesOf(ids...)
	if err != nil {
		return err
	}
	for _, l := range leaves {
		of[l.CredentialID].leaves[l.CredentialID] = append(of[l.CredentialID].leaves[l.CredentialID], l)
	}
	return nil
}

// entriesOf reads the audit entries about awards and credentials, and what they
// say of changes of state.
func (c *audit) entriesOf(objects []string, awards map[issuer.AwardID]*file, credentials map[issuer.CredentialID]*file) error {
	entries, err := c.AuditOf(objects...)
	if err != nil {
		return err
	}
	for _, e := range entries {
		f := credentials[issuer.CredentialID(e.Object)]
		if f == nil {
			f = awards[issuer.AwardID(e.Object)]
		}
		if e.Outcome != "done" {
			continue
		}
		f.entries = append(f.entries, e)
		n := noteOf(&e)
		for _, kind := range []string{ledger.Suspend, ledger.Reinstate, ledger.Revoke} {
			if e.Act == "credential."+kind && n.Changed {
				f.changes = append(f.changes, change{kind: kind, code: n.Code, at: e.At, entry: e.ID})
			}
		}
	}
	return nil
}

// award holds one award against its entries, its credentials and their leaves.
func (c *audit) award(f *file) {
	id := string(f.ID)
	c.ours("award", id, f.IssuerID)
	c.checkTerms(f)
	if len(f.credentials) == 0 {
		return // named as a row without a credential
	}
	if !f.CreatedAt.Equal(f.credentials[0].IssuedAt) {
		c.find("award", id, "It was not made when its first credential was issued.")
	}
	if _, gone := c.gone.at[f.PersonID]; gone || f.State == issuer.Erased || f.ErasedAt != nil {
		c.erased(f)
		return
	}
	for i := range f.credentials {
		c.credential(f, i)
	}
	for _, ch := range f.changes {
		if !ch.logged {
			c.find("audit entry", string(ch.entry), "The log has no leaf for the change of state that it records.")
		}
	}
	c.state(f)
}

// state replays the changes and compares where they lead with the award.
func (c *audit) state(f *file) {
	id, state := string(f.ID), issuer.Issued
	var suspended, revoked *time.Time
	code := ""
	for i := range f.changes {
		switch ch := &f.changes[i]; ch.kind {
		case ledger.Suspend:
			state, suspended = issuer.Suspended, &ch.at
		case ledger.Reinstate:
			state, suspended = issuer.Issued, nil
		case ledger.Revoke:
			state, revoked, code = issuer.Revoked, &ch.at, ch.code
		}
	}
	over := f.ValidUntil != nil && c.Now.After(*f.ValidUntil)
	if state.Live() && slices.ContainsFunc(f.entries, func(e issuer.AuditEntry) bool { return e.Act == "award.expire" }) {
		state = issuer.Expired
	}
	if f.State != state && (f.State != issuer.Expired || state == issuer.Revoked || !over) {
		c.find("award", id, "It is marked as %s, and the acts recorded about it leave it %s.", f.State, state)
	}
	if !same(f.RevokedAt, revoked) || f.RevokedCode != code {
		c.find("award", id, "Time or code of its revocation are not those of the act.")
	}
	if revoked == nil && (f.RevokedReason != "" || f.RevokedNote != "") {
		c.find("award", id, "It has a reason for a revocation that never was.")
	}
	if !same(f.SuspendedAt, suspended) || suspended == nil && f.SuspendedReason != "" {
		c.find("award", id, "Its suspension is not that of the acts recorded about it.")
	}
	visibility := issuer.Unlisted
	for i := range f.entries {
		if n := noteOf(&f.entries[i]); f.entries[i].Act == "credential.visibility" && n.Visibility != "" {
			visibility = n.Visibility
		}
	}
	if f.Visibility != visibility {
		c.find("award", id, "It is %s, and its holder made it %s.", f.Visibility, visibility)
	}
}

// same compares moments that may not be.
func same(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}
