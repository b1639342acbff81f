package auditor

import (
	"bytes"
	"crypto/sha256"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
)

// credential holds one credential of an award against everything about it.
func (c *audit) credential(f *file, i int) {
	k := &f.credentials[i]
	id := string(k.ID)
	c.ours("credential", id, k.IssuerID)
	if !k.ValidFrom.Equal(k.IssuedAt) {
		c.find("credential", id, "It is not valid from when it was issued.")
	}
	c.links(f, i)
	c.issued(f, k)
	c.place(f, k)
	salt := f.salts[k.ID]
	switch {
	case salt == nil:
		c.find("log salt", id, "It is missing.")
	case len(salt) != ledger.SaltSize: // HMAC pads keys: one with zeros behind it would do as well
		c.find("log salt", id, "It has %d bytes and not %d.", len(salt), ledger.SaltSize)
	}
	signed := c.copies(f, k)
	if signed == nil {
		c.find("signed copy", id, "It is missing.")
		return
	}
	if salt != nil {
		c.leaves(f, k, salt, signed.Bytes)
	}
	then := f.then(k)
	c.document(f, &then, k, signed)
}

// links holds what a credential replaces, and what replaced it, against its
// neighbours in the same term.
func (c *audit) links(f *file, i int) {
	k := &f.credentials[i]
	if k.CopyOf != "" {
		c.copyLinks(f, k)
		return
	}
	var before, after *issuer.Credential
	for n := range f.credentials {
		switch o := &f.credentials[n]; {
		case o.Term != k.Term || o.CopyOf != "":
		case n < i:
			before = o
		case n > i && after == nil:
			after = o
		}
	}
	// Two of the same second stand in the order of their ids.
	linked := func(to issuer.CredentialID, back func(issuer.Credential) issuer.CredentialID) bool {
		for _, other := range f.credentials {
			if other.ID == to {
				return back(other) == k.ID && other.Term == k.Term
			}
		}
		return false
	}
	switch {
	case k.Supersedes == "" && before != nil && before.IssuedAt.Before(k.IssuedAt),
		k.Supersedes != "" && !linked(k.Supersedes, func(o issuer.Credential) issuer.CredentialID { return o.SupersededBy }):
		c.find("credential", string(k.ID), "What it replaces does not say so, or is missing.")
	case k.SupersededBy == "" && after != nil && k.IssuedAt.Before(after.IssuedAt),
		k.SupersededBy != "" && !linked(k.SupersededBy, func(o issuer.Credential) issuer.CredentialID { return o.Supersedes }):
		c.find("credential", string(k.ID), "What replaced it does not say so, or is missing.")
	}
}

// copyLinks holds the copy that a wallet has against what it is a copy of, which
// stands in the same term and which it never outlives. What replaced that
// replaced the copy as well, at the same moment; or it took the place of the copy
// itself, because the key that signed the copy was given up.
func (c *audit) copyLinks(f *file, k *issuer.Credential) {
	for n := range f.credentials {
		of := &f.credentials[n]
		if of.ID != k.CopyOf {
			continue
		}
		together := k.SupersededBy == of.SupersededBy && same(k.SupersededAt, of.SupersededAt)
		before := k.SupersededBy == of.ID && (of.SupersededAt == nil || !k.SupersededAt.After(*of.SupersededAt))
		if of.CopyOf != "" || of.Term != k.Term || k.Supersedes != "" || k.IssuedAt.Before(of.IssuedAt) || !together && !before {
			c.find("credential", string(k.ID), "It is a copy, and what it is a copy of says something else.")
		}
		return
	}
	c.find("credential", string(k.ID), "What it is a copy of is missing.")
}

// issued looks for the one audit entry that records the issue.
func (c *audit) issued(f *file, k *issuer.Credential) {
	found := 0
	for i := range f.entries {
		e := &f.entries[i]
		if e.Act != "credential."+ledger.Issue || e.Object != string(k.ID) {
			continue
		}
		found++
		n := noteOf(e)
		if n.Award != k.AwardID || !e.At.Equal(k.IssuedAt) {
			c.find("credential", string(k.ID), "It was issued for another award or at another time.")
		}
		if n.Person != "" && c.gone.now(n.Person) != f.PersonID {
			c.find("award", string(f.ID), "It was issued to another person.")
		}
	}
	if found != 1 {
		c.find("credential", string(k.ID), "%d audit entries record that it was issued.", found)
	}
}

// place holds the entry in the status list against what became of the
// credential.
func (c *audit) place(f *file, k *issuer.Credential) {
	id, e := string(k.ID), f.places[k.ID]
	if e == nil {
		c.find("status entry", id, "It is missing.")
		return
	}
	c.ours("status entry", id, e.IssuerID)
	if e.StatusListID != k.StatusListID || e.StatusIndex != k.StatusIndex {
		c.find("status entry", id, "It is at another place of the lists than its credential says.")
	}
	at, reason := k.SupersededAt, ""
	switch {
	case at != nil:
		reason = "superseded"
	case f.RevokedAt != nil:
		at, reason = f.RevokedAt, "revoked"
	}
	if !same(e.SetAt, at) || e.Reason != reason {
		c.find("status entry", id, "It does not say what became of the credential.")
	}
}

// copies holds the signed copies against their digests and gives the one that
// the log records.
func (c *audit) copies(f *file, k *issuer.Credential) *issuer.SignedCopy {
	var signed *issuer.SignedCopy
	for i := range f.copies[k.ID] {
		s := &f.copies[k.ID][i]
		c.ours("signed copy", string(k.ID), s.IssuerID)
		if digest := sha256.Sum256(s.Bytes); !bytes.Equal(digest[:], s.Digest) {
			c.find("signed copy", string(k.ID), "Its bytes (%s) are not those of its digest.", s.Format)
		}
		if s.Format == issuer.FormatDataIntegrity {
			signed = s
		}
	}
	if signed != nil && !signed.SignedAt.Equal(k.IssuedAt) {
		c.find("signed copy", string(k.ID), "It was not signed when the credential was issued.")
	}
	return signed
}

// leaves holds the leaves of a credential against what they commit to: the
// signed bytes and the events that are recorded about it, each once.
func (c *audit) leaves(f *file, k *issuer.Credential, salt, signed []byte) {
	issues, supersedes := 0, 0
	for i := range f.leaves[k.ID] {
		l := &f.leaves[k.ID][i]
		explained := false
		switch l.Type {
		case ledger.Issue:
			issues++
			explained = bytes.Equal(l.Data, ledger.Leaf(ledger.Issue, k.IssuedAt, ledger.Commit(salt, signed)))
		case ledger.Supersede:
			supersedes++
			explained = k.SupersededAt != nil && bytes.Equal(l.Data, ledger.Leaf(l.Type, *k.SupersededAt,
				ledger.Commit(salt, ledger.Event(l.Type, string(k.ID), *k.SupersededAt, string(k.SupersededBy)))))
		default:
			explained = f.explains(l, k.ID, salt)
		}
		if !explained {
			c.find("log leaf", string(l.ID), "It does not commit to what is recorded about credential %s (%s).", k.ID, l.Type)
		}
	}
	if issues != 1 {
		c.find("credential", string(k.ID), "%d leaves of the log record that it was issued.", issues)
	}
	if want := len(k.SupersededBy) > 0; supersedes > 1 || want != (supersedes == 1) {
		c.find("credential", string(k.ID), "%d leaves of the log record that it was replaced.", supersedes)
	}
}

// explains finds the change of state that a leaf commits to. One change has a
// leaf for each credential of the award that was current then.
func (f *file) explains(l *issuer.LogLeaf, id issuer.CredentialID, salt []byte) bool {
	for i := range f.changes {
		ch := &f.changes[i]
		if ch.kind != l.Type {
			continue
		}
		if bytes.Equal(l.Data, ledger.Leaf(ch.kind, ch.at, ledger.Commit(salt, ledger.Event(ch.kind, string(id), ch.at, ch.code)))) {
			ch.logged = true
			return true
		}
	}
	return false
}
