package auditor

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/verifier/strictjson"
)

// word is what the act of an approval says of what its mentor signed about one
// badge.
type word struct {
	review issuer.ReviewID
	digest string
	at     time.Time
	actor  string
	kept   bool
}

// madeKey is what acts say of a mentor's key.
type madeKey struct {
	actor string
	at    time.Time
	lost  *time.Time // since when it was in other hands
}

// checkWords holds what mentors signed, and their keys, against the acts of their
// approvals, and against what badges carry of it.
func (c *audit) checkWords() error {
	entries, err := c.AuditOfActs("capstone.review", "mentor.key.compromise")
	if err != nil {
		return err
	}
	words, keys := map[string]*word{}, map[string]*madeKey{}
	for i := range entries {
		e := &entries[i]
		var n struct {
			Review   issuer.ReviewID
			Endorsed map[string]string
			Key      string
			Since    *time.Time
		}
		if e.Outcome != "done" || json.Unmarshal([]byte(e.Detail), &n) != nil {
			continue
		}
		for credential, digest := range n.Endorsed {
			words[string(n.Review)+" "+credential] = &word{review: n.Review, digest: digest, at: e.At, actor: e.Actor}
		}
		if key := keys[n.Key]; e.Act == "mentor.key.compromise" && key != nil {
			key.lost = n.Since
		} else if n.Key != "" {
			keys[n.Key] = &madeKey{actor: e.Actor, at: e.At}
		}
	}
	if err := c.checkSigned(words); err != nil {
		return err
	}
	return c.checkMentorKeys(keys)
}

// checkSigned goes through what mentors signed.
func (c *audit) checkSigned(words map[string]*word) error {
	for after := ""; ; {
		rows, err := c.EndorsementsFrom(after, page)
		if err != nil {
			return err
		}
		for i := range rows {
			c.signed(&rows[i], words)
		}
		if len(rows) < page {
			break
		}
		after = rows[len(rows)-1].ID
	}
	for key, w := range words {
		_, credential, _ := strings.Cut(key, " ")
		if w.kept || c.isGone(w.actor) {
			continue
		}
		holder, err := c.HolderAllotted(issuer.CredentialID(credential))
		if err != nil {
			return err
		}
		if _, gone := c.gone.at[holder]; !gone {
			c.find("endorsement", credential, "A mentor signed it with an approval, and it is missing.")
		}
	}
	return nil
}

// isGone tells whether the person who acted was erased: what they signed stays
// in the badges of others alone.
func (c *audit) isGone(actor string) bool {
	id, _ := strings.CutPrefix(actor, "person:")
	_, gone := c.gone.at[issuer.PersonID(id)]
	return gone
}

// signed holds one against the act that made it and the badge that carries it.
// That one was voided nothing signed says: the badge of it never came.
func (c *audit) signed(e *issuer.Endorsement, words map[string]*word) {
	c.ours("endorsement", e.ID, e.IssuerID)
	sum := sha256.Sum256(e.Bytes)
	w := words[string(e.ReviewID)+" "+string(e.CredentialID)]
	switch {
	case w == nil:
		c.find("endorsement", e.ID, "No approval made it.")
		return
	case w.digest != base64.RawURLEncoding.EncodeToString(sum[:]) || !w.at.Equal(e.CreatedAt) || w.kept:
		c.find("endorsement", e.ID, "It is not what its mentor signed with the approval.")
	}
	w.kept = true
	doc, err := strictjson.Parse(e.Bytes)
	if err != nil || doc.Get("id").Text() != e.ID {
		c.find("endorsement", e.ID, "It is known by another id than it was signed with.")
		return
	}
	carrier, carries := c.carried[string(doc.Append(nil))]
	switch {
	case (e.SentAt != nil) != carries:
		c.find("endorsement", e.ID, "Whether its badge carries it is not as the records say.")
	case carries && (carrier.ID != e.CredentialID || !carrier.IssuedAt.Equal(*e.SentAt)):
		c.find("endorsement", e.ID, "Another badge carries it, or since another time.")
	}
}

// carries remembers what a badge carries of its mentors.
func (c *audit) carries(k *issuer.Credential, doc *strictjson.Value) {
	for e := range doc.Get("endorsement").Each() {
		c.carried[string(e.Append(nil))] = k
	}
}

// checkMentorKeys holds the keys of mentors against the acts that made them: one
// that was put there would sign in a mentor's name.
func (c *audit) checkMentorKeys(made map[string]*madeKey) error {
	rows, err := c.MentorKeys()
	if err != nil {
		return err
	}
	for i := range rows {
		k := &rows[i]
		c.ours("mentor key", k.Public, k.IssuerID)
		m := made[k.Public]
		if m == nil || m.lost != nil || m.actor != "person:"+string(k.PersonID) || !m.at.Equal(k.CreatedAt) {
			c.find("mentor key", k.Public, "No act has made it for its mentor.")
		}
		if c.a.Ring.CheckMentorKey(k) != nil {
			c.find("mentor key", k.Public, "Its sealed part is not that of its public one.")
		}
	}
	lost, err := c.AllLostMentorKeys()
	if err != nil {
		return err
	}
	for _, k := range lost {
		c.ours("lost mentor key", k.Public, k.IssuerID)
		if m := made[k.Public]; m == nil || m.lost == nil || !m.lost.Equal(k.Since) || m.actor != "person:"+string(k.PersonID) {
			c.find("lost mentor key", k.Public, "It was not given up as of that time, or was another mentor's.")
		}
	}
	for public, m := range made {
		if m.lost != nil && !slices.ContainsFunc(lost, func(k issuer.LostMentorKey) bool { return k.Public == public }) {
			c.find("lost mentor key", public, "It was given up, and the records do not say so.")
		}
		there := slices.ContainsFunc(rows, func(k issuer.MentorKey) bool { return k.Public == public })
		if !there && m.lost == nil && !c.isGone(m.actor) {
			c.find("mentor key", public, "It was made, and is missing.")
		}
	}
	return nil
}
