package registrar

import (
	"context"
	"encoding/json"
	"time"

	"hallmark/issuer"
)

// Two persons of one human become one: whoever has an account at work and one by
// a private address. What was either's is the one's who is kept; the row of the
// other is emptied as by an erasure and names who they became, so nobody signs in
// as them and no act is about them any more. What both hold is held once: the
// earlier badge stays, the later one is revoked with a code that is no blame, and
// its page leads to the other. It is never undone: what was whose is not known
// afterwards. So it is refused while anything speaks against the two being one
// human in the eyes of the rules, or is under way.

// Merge is what making two persons one brings about, and what speaks against it.
type Merge struct {
	Kept, Gone PersonView
	Against    []string // sentences; while there are any, it is refused with the first

	Badges      int         // that come from the one who ends
	Twice       []HeldTwice // of them and those of the one who is kept
	Completions int
	Same        int // of them, that both have
	Cohorts     []Named
	BothIn      []Named // cohorts: the earlier place stays
	Projects    int
	Together    int // projects whose team has both
	Reviews     int

	Addresses []string // that come along
	Admin     []RoleView
	Passkeys  int            // that end
	Key       bool           // the key that they sign with as a mentor ends
	Page      string         // handle of a portfolio that ends
	Consent   issuer.Consent // of the one, from then on
}

// HeldTwice is an achievement that both hold.
type HeldTwice struct {
	Name        string
	Stays, Ends issuer.CredentialID
}

// Sign is what whoever merges types to say that they mean the one who ends.
func (m *Merge) Sign() string { return signOf(&m.Gone) }

// merging is a merge under way: what is shown of it, and what it takes to do it.
type merging struct {
	Merge
	kept, gone  *issuer.Person
	held        []issuer.HeldTwice // in the order of Twice
	lapsed      []issuer.Award     // of both, whose term is over
	completions [][2]issuer.CompletionID
}

// Merge tells an admin what making two persons one would bring about.
func (r *Registrar) Merge(ctx context.Context, by issuer.Caller, kept, gone issuer.PersonID) (*Merge, error) {
	return look(ctx, r, by, func(w *work) (*Merge, error) {
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		m, err := w.merging(kept, gone)
		if err != nil {
			return nil, err
		}
		return &m.Merge, nil
	})
}

// MergePeople makes gone and kept one person, for an admin. Roles of an admin that
// the kept one has not come along only if that is said, else they end. Doing it
// again changes nothing.
func (r *Registrar) MergePeople(ctx context.Context, by issuer.Caller, kept, gone issuer.PersonID, admin bool) error {
	_, err := act(ctx, r, by, "person.merge", string(gone), func(w *work) (struct{}, error) {
		if err := w.mayManage(""); err != nil {
			return struct{}{}, err
		}
		if err := w.LockPeople(kept, gone); err != nil {
			return struct{}{}, err
		}
		if err := w.stillThere(); err != nil {
			return struct{}{}, err
		}
		if one, err := w.one(kept, gone); err != nil || one {
			w.note("changed", !one)
			return struct{}{}, err
		}
		m, err := w.merging(kept, gone)
		if err != nil {
			return struct{}{}, err
		}
		if err := m.possible(); err != nil {
			return struct{}{}, err
		}
		if err := w.giveAdmin(m, admin); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.unite(ctx, m)
	})
	return err
}

// one tells whether gone became kept already.
func (w *work) one(kept, gone issuer.PersonID) (bool, error) {
	now, err := w.became(gone)
	return err == nil && now.ID == kept && kept != gone, err
}

// OwnMerge tells the caller what adding an address brings about that belongs to
// another account: token is the hash of the secret that was mailed there. It is nil
// if nobody has the address, which is simply added then.
func (r *Registrar) OwnMerge(ctx context.Context, by issuer.Caller, token string) (*Merge, error) {
	return look(ctx, r, by, func(w *work) (*Merge, error) {
		p, err := w.me()
		if err != nil {
			return nil, err
		}
		other, err := w.otherOf(p.ID, token)
		if err != nil || other == "" {
			return nil, err
		}
		m, err := w.ownMerging(p.ID, other)
		if err != nil {
			return nil, err
		}
		return &m.Merge, nil
	})
}

// MergeOwn makes the account that an address belongs to one with the caller's. They
// showed that they read the mail of the address, and have just confirmed that the
// account they are signed in with is theirs.
func (r *Registrar) MergeOwn(ctx context.Context, by issuer.Caller, token string) error {
	_, err := act(ctx, r, by, "person.merge", string(by.Person), func(w *work) (struct{}, error) {
		p, err := w.me()
		if err != nil {
			return struct{}{}, err
		}
		other, err := w.otherOf(p.ID, token)
		if err == nil && other == "" {
			err = issuer.Refuse(issuer.Conflict, "Nobody else has this address any more; open the link again.")
		}
		if err != nil {
			return struct{}{}, err
		}
		if err := w.LockPeople(p.ID, other); err != nil {
			return struct{}{}, err
		}
		if p, err = w.sure(); err != nil {
			return struct{}{}, err
		}
		if still, err := w.otherOf(p.ID, token); err != nil || still != other {
			return struct{}{}, issuer.Refuse(issuer.Conflict, "Who has this address changed a moment ago; open the link again.")
		}
		m, err := w.ownMerging(p.ID, other)
		if err != nil {
			return struct{}{}, err
		}
		if err := m.possible(); err != nil {
			return struct{}{}, err
		}
		w.object = string(other)
		return struct{}{}, w.unite(ctx, m)
	})
	return err
}

// otherOf finds who else has the address of a claim; "" if nobody has it.
func (w *work) otherOf(p issuer.PersonID, token string) (issuer.PersonID, error) {
	c, err := w.claimOf(p, token)
	if err != nil {
		return "", err
	}
	emails, err := w.EmailsNamed(c.Address)
	if err != nil || len(emails) == 0 || emails[0].PersonID == p {
		return "", err
	}
	return emails[0].PersonID, nil
}

// ownMerging is a merge by the person: nobody becomes an admin by it.
func (w *work) ownMerging(kept, gone issuer.PersonID) (*merging, error) {
	m, err := w.merging(kept, gone)
	if err == nil && len(m.Admin) > 0 {
		m.Against = append(m.Against, "The other account is an admin's. Sign in with that one, and add the address of this one there.")
	}
	return m, err
}

// giveAdmin sees to roles of an admin that only the one who ends has.
func (w *work) giveAdmin(m *merging, along bool) error {
	w.note("admin", along && len(m.Admin) > 0)
	if along || len(m.Admin) == 0 {
		return nil
	}
	if err := w.notLastAdmin(m.gone.ID); err != nil {
		return err
	}
	for _, g := range m.Gone.Grants {
		if g.Role == issuer.Admin {
			if _, err := w.RemoveGrant(g.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// possible refuses with the first thing that speaks against the merge.
func (m *merging) possible() error {
	if len(m.Against) > 0 {
		return issuer.Refuse(issuer.Conflict, "%s", m.Against[0])
	}
	return nil
}

// unite does what was found to be possible. The act holds both persons.
func (w *work) unite(ctx context.Context, m *merging) error {
	w.note("into", m.kept.ID)
	if err := w.noteMerged(m); err != nil {
		return err
	}
	brought, err := w.AwardsOf(m.gone.ID)
	if err != nil {
		return err
	}
	if err := w.expireLapsed(m); err != nil {
		return err
	}
	if err := w.endTwice(m); err != nil {
		return err
	}
	for _, c := range m.completions {
		if err := w.MergeCompletion(c[1], c[0]); err != nil {
			return err
		}
	}
	m.gone.MergeInto(m.kept.ID, w.Now)
	if err := w.SavePerson(m.gone); err != nil {
		return err
	}
	if err := w.Tx.MergePeople(m.gone.ID, m.kept.ID); err != nil {
		return err
	}
	if err := w.keepConsent(m.kept, m.Consent); err != nil {
		return err
	}
	if err := w.restateAll(ctx, m.kept); err != nil {
		return err
	}
	if err := w.earnByMerge(m.kept, brought); err != nil {
		return err
	}
	return w.tellChange(m.kept, "merged", "")
}

// noteMerged keeps, in an entry of its own whose words can be erased, what the one
// who ended was called: an erasure looks for that name, too.
func (w *work) noteMerged(m *merging) error {
	sub := &work{Tx: w.Tx, r: w.r, by: w.by, us: w.us, object: string(m.kept.ID), detail: map[string]any{"from": m.gone.ID}}
	sub.say("name", m.gone.Name)
	return sub.audit(absorbed, "done")
}

// absorbed is the act in the trail of the one who is kept.
const absorbed = "person.absorb"

// expireLapsed moves awards whose term is over out of the way of those that count.
func (w *work) expireLapsed(m *merging) error {
	for i := range m.lapsed {
		m.lapsed[i].State = issuer.Expired
		if err := w.SaveAward(&m.lapsed[i]); err != nil {
			return err
		}
	}
	return nil
}

// endTwice ends the later of each two badges for one achievement.
func (w *work) endTwice(m *merging) error {
	for i := range m.held {
		ends := &m.held[i].Ends
		ends.EndTwice(w.Now)
		if err := w.endCredentials(ends); err != nil {
			return err
		}
		if err := w.noteRevoked(ends, m.Twice[i].Ends, map[string]any{"stays": m.Twice[i].Stays}); err != nil {
			return err
		}
	}
	return nil
}

// earnByMerge awards what stacks on badges of both, and what the reviews of both
// come to.
func (w *work) earnByMerge(p *issuer.Person, brought []issuer.Award) error {
	programs, err := w.Programs()
	if err != nil {
		return err
	}
	for i := range programs {
		path, err := w.path(programs[i].ID)
		if err != nil {
			return err
		}
		news := issuer.News{Merged: map[string]bool{}, Reviews: map[string]int{}}
		for _, a := range brought {
			if code := path.code[a.AchievementID]; code != "" && a.Live() {
				news.Merged[code] = true
			}
		}
		for _, o := range path.offers {
			if o.Current.Rule.Reviews == 0 {
				continue
			}
			if news.Reviews[o.Code], err = w.reviewed(path, &o, p.ID); err != nil {
				return err
			}
		}
		if _, err := w.earn(path, p, fact{kind: issuer.FactRequirement, id: string(p.ID), day: issuer.DayOf(w.Now, time.UTC), news: news}); err != nil {
			return err
		}
	}
	return nil
}

// signOf is what is typed to name a person on a page: the address, or the id of
// someone without one.
func signOf(p *PersonView) string {
	if p.Email != "" {
		return p.Email
	}
	return string(p.ID)
}

// formerNames lists what those were called who became a person, as long as the
// entries that say so have their words.
func (w *work) formerNames(p issuer.PersonID, former []issuer.PersonID) ([]string, error) {
	objects := []string{string(p)}
	for _, id := range former {
		objects = append(objects, string(id))
	}
	entries, err := w.AuditOf(objects...)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		var said struct {
			Words struct {
				Name string `json:"name"`
			} `json:"words"`
		}
		if e.Act == absorbed && json.Unmarshal([]byte(e.Detail), &said) == nil && said.Words.Name != "" {
			names = append(names, said.Words.Name)
		}
	}
	return names, nil
}
