package auditor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
)

// erasures is what the entries of erasures and merges say: when the row of each
// person was emptied, who they became, and what is left of the entries whose words
// went with them.
type erasures struct {
	at   map[issuer.PersonID]time.Time
	into map[issuer.PersonID]issuer.PersonID
	rest map[issuer.AuditID][]byte
}

// now is who someone became.
func (e erasures) now(p issuer.PersonID) issuer.PersonID {
	for e.into[p] != "" {
		p = e.into[p]
	}
	return p
}

func (c *audit) readErasures() error {
	c.gone = erasures{map[issuer.PersonID]time.Time{}, map[issuer.PersonID]issuer.PersonID{}, map[issuer.AuditID][]byte{}}
	merges, err := c.AuditOfActs("person.merge")
	if err != nil {
		return err
	}
	for _, e := range merges {
		if into := noteOf(&e).Into; e.Outcome == "done" && into != "" && c.gone.now(into) != issuer.PersonID(e.Object) {
			c.gone.at[issuer.PersonID(e.Object)], c.gone.into[issuer.PersonID(e.Object)] = e.At, into
		}
	}
	entries, err := c.AuditOfActs("person.erase")
	if err != nil {
		return err
	}
	for _, e := range entries {
		var said struct {
			Changed bool `json:"changed"`
			Words   []struct {
				Entry issuer.AuditID `json:"entry"`
				Rest  []byte         `json:"rest"`
			} `json:"words"`
		}
		if err := json.Unmarshal([]byte(e.Detail), &said); err != nil {
			return fmt.Errorf("read audit entry %s: %w", e.ID, err)
		}
		if e.Outcome != "done" || !said.Changed {
			continue
		}
		c.gone.at[issuer.PersonID(e.Object)] = e.At
		for _, w := range said.Words {
			c.gone.rest[w.Entry] = w.Rest
		}
	}
	return nil
}

// wordless tells whether an entry that is not what was chained lacks but its
// words, and an erasure says so.
func (e erasures) wordless(entry *issuer.AuditEntry) bool {
	return entry.Detail == issuer.ErasedDetail && bytes.Equal(ledger.Rest(entry), e.rest[entry.ID])
}

// checkErased holds people against the erasures and merges: who was erased, or
// became someone else, stays so, and nobody is without an act.
func (c *audit) checkErased() error {
	people, err := c.EndedPeople()
	if err != nil {
		return err
	}
	for id := range c.gone.at {
		if !slices.ContainsFunc(people, func(p issuer.Person) bool { return p.ID == id }) {
			c.find("person", string(id), "An act has erased them, and they are there.")
		}
	}
	for i := range people {
		p := &people[i]
		at, erased := c.gone.at[p.ID]
		if !erased || !same(&at, p.ErasedAt) {
			c.find("person", string(p.ID), "They are marked as erased, and no act has erased them.")
		}
		if p.MergedInto != c.gone.into[p.ID] {
			c.find("person", string(p.ID), "They are marked as someone else since, and no act has made them so, or it was another.")
		}
		if said := p.Name + p.Department + p.Experience + p.TimeZone + p.Locale + string(p.NameConsent); said != "" {
			c.find("person", string(p.ID), "They are erased, and something is said of them.")
		}
	}
	return nil
}

// erased holds an award of someone who was erased: nothing that was signed is
// left of it, and every bit is set. What its leaves commit to nobody can tell any
// more, only that they are there.
func (c *audit) erased(f *file) {
	at, erased := c.gone.at[f.PersonID]
	if !erased || f.State != issuer.Erased || !same(f.ErasedAt, &at) {
		c.find("award", string(f.ID), "It is marked as erased, and no act has erased it, or the other way round.")
		return
	}
	for i := range f.credentials {
		k := &f.credentials[i]
		id := string(k.ID)
		c.links(f, i)
		c.issued(f, k)
		if len(f.copies[k.ID]) > 0 || f.salts[k.ID] != nil {
			c.find("credential", id, "It was erased, and what was signed of it, or its salt, is there.")
		}
		if e := f.places[k.ID]; e == nil || e.SetAt == nil || e.Reason != "erased" {
			c.find("status entry", id, "It does not say that the credential was erased.")
		}
		logged := map[string]int{}
		for _, l := range f.leaves[k.ID] {
			logged[l.Type]++
		}
		ended := ledger.Revoke
		if k.SupersededBy != "" {
			ended = ledger.Supersede
		}
		if logged[ledger.Issue] != 1 || logged[ended] == 0 {
			c.find("credential", id, "The log does not record that it was issued, once, and that it ended.")
		}
	}
}
