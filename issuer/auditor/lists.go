package auditor

import (
	"slices"
	"strconv"

	"hallmark/issuer"
	"hallmark/verifier/statuslist"
	"hallmark/verifier/strictjson"
)

// checkTwice looks for a person who holds an achievement twice at a time.
func (c *audit) checkTwice() error {
	twice, err := c.LiveTwice()
	for _, id := range twice {
		c.find("award", string(id), "Its holder has the same achievement a second time.")
	}
	return err
}

// identity is what the issuer was called by a number.
func (c *audit) identity(n int) (issuer.IssuerIdentity, bool) {
	if n < 0 || n >= len(c.names) {
		return issuer.IssuerIdentity{}, false
	}
	return c.names[n], true
}

// checkLists holds what the status lists publish against the places of
// credentials.
func (c *audit) checkLists() error {
	lists, err := c.StatusLists()
	for i := range lists {
		if err != nil {
			return err
		}
		var l *issuer.StatusList
		if l, err = c.StatusList(lists[i].ID); err == nil {
			err = c.list(l)
		}
	}
	return err
}

// list holds one list against its entries. A bit that was set since it was
// signed may be missing while the list waits to be signed anew; one that no entry
// has never is there.
func (c *audit) list(l *issuer.StatusList) error {
	id := string(l.ID)
	c.ours("status list", id, l.IssuerID)
	if l.Version == 0 && l.Bytes == nil {
		return nil // it waits to be signed for the first time
	}
	bits, ok := c.published(l)
	if !ok {
		return nil
	}
	want, err := c.SetIndexes(l.ID)
	if err != nil {
		return err
	}
	for i := range l.Size {
		on, err := bits.Get(i)
		if err != nil {
			return err
		}
		_, set := slices.BinarySearch(want, i)
		switch {
		case on && !set:
			c.find("status list", id, "It shows place %d as revoked, and no credential there was.", i)
		case set && !on && !l.Dirty:
			c.find("status list", id, "It shows place %d as good, and the credential there was revoked or replaced.", i)
		}
	}
	return nil
}

// published reads the bits that a list was signed with, or finds why it cannot
// be what was signed.
func (c *audit) published(l *issuer.StatusList) (*statuslist.List, bool) {
	id := string(l.ID)
	if err := c.a.Ring.CheckStatusList(l.Bytes, c.Now); err != nil {
		c.find("status list", id, "It is not signed with a key that counts (%v); if that key was given up just now, a running server signs it anew within a second.", err)
		return nil, false
	}
	of, ok := c.identity(l.Identity)
	if !ok {
		c.find("status list", id, "There is no identity %d.", l.Identity)
		return nil, false
	}
	doc, err := strictjson.Parse(l.Bytes)
	if err != nil {
		c.find("status list", id, "It cannot be read: %v.", err)
		return nil, false
	}
	subject := doc.Get("credentialSubject")
	if doc.Get("id").Text() != of.BaseURL+"/status/"+id || doc.Get("issuer").Text() != of.DID || subject.Get("statusPurpose").Text() != l.Purpose {
		c.find("status list", id, "The signed bytes are of another list.")
		return nil, false
	}
	bits, err := statuslist.Decode(subject.Get("encodedList").Text())
	if err != nil || bits.Len() != l.Size {
		c.find("status list", id, "The signed bytes do not hold %s places.", strconv.Itoa(l.Size))
		return nil, false
	}
	return bits, true
}
