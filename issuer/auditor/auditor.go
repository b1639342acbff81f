// Package auditor holds the records of the issuer against each other and names
// what does not fit: a row that was changed, removed, put elsewhere or added
// past the rules of the program.
//
// It rests on the two signatures that nobody who only has the database can
// make: the newest checkpoint of the public log and the head of the private
// audit chain. From the checkpoint follow the leaves, from the leaves and their
// salts the signed bytes of every credential and each change of its state; from
// the head follow the entries of the chain, and from these the times, reasons
// and acts behind it all, and which keys are the issuer's. Published status lists
// are held against the places of credentials, and nobody holds an achievement
// twice. What mentors signed, and with which keys, follows from the acts of their
// approvals and from the badges that carry it; the pictures of badges follow from
// the digests that these name. It reads one view of the records, page by page, and changes nothing.
//
// What it does not see, because nothing signed speaks of it: words that may be
// changed or erased (names of people, programs, notes and public reasons of a
// revocation), the fact an award points to, rows that still wait for their
// position, what was handed in beyond that each file is there and is what its row
// seals, copies in other forms than the one with an embedded proof beyond
// their digest, the want of an earlier checkpoint, all of which the later ones
// sign too, and a whole database put back to an earlier signed state. For the
// last, keep a checkpoint elsewhere and hand it in as Auditor.Known.
package auditor

import (
	"context"
	"fmt"

	"hallmark/issuer"
	"hallmark/issuer/evidence"
	"hallmark/issuer/keyring"
	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
	"hallmark/verifier/inclusion"
)

// Auditor checks. Its fields are set before use.
type Auditor struct {
	Store   *store.Store
	Ring    *keyring.Ring
	BaseURL string         // without a slash at the end
	Files   evidence.Store // what learners handed in; nil: files are not looked at
	Known   []byte         // a signed checkpoint from elsewhere that the log must go on from; nil: none
}

// Finding is one thing that does not fit.
type Finding struct {
	Record string `json:"record"` // what kind of row
	ID     string `json:"id"`     // which; a position where there is no better name
	Reason string `json:"reason"` // a sentence
}

// Result is what was gone through and what was found.
type Result struct {
	Entries     int64     `json:"entries"`     // of the audit chain
	Leaves      int64     `json:"leaves"`      // of the public log
	Checkpoints int64     `json:"checkpoints"` // of the public log
	Awards      int64     `json:"awards"`
	Credentials int64     `json:"credentials"`
	Waiting     int64     `json:"waiting"` // entries and leaves without a position yet
	Findings    []Finding `json:"findings"`
	More        bool      `json:"more"` // there are more findings than are listed
}

// maxFindings is how many are listed: one change can upset everything after it.
const maxFindings = 100

// page is how many rows are held at a time.
const page = 500

// audit is one check under way.
type audit struct {
	*store.Tx
	a         *Auditor
	us        *issuer.Issuer
	keys      []string // of the log
	lost      []string // keys of the log that were given up
	origin    string
	base      string                      // of the first start, which the log is named by
	listNames map[issuer.StatusListID]int // by which of these each status list goes
	names     []issuer.IssuerIdentity     // what the issuer was and, last, is
	counts    *store.Positions
	gone      erasures

	pictures map[pictureKey]*picture
	carried  map[string]*issuer.Credential // what badges carry of their mentors, by its bytes

	out Result
}

// Check goes through the records once.
func (a *Auditor) Check(ctx context.Context) (*Result, error) {
	base := a.Ring.Identities(a.BaseURL)[0].BaseURL
	origin := ledger.Origin(base)
	keys, err := a.Ring.LogKeys(origin)
	if err != nil {
		return nil, err
	}
	lost, err := a.Ring.LostLogKeys(origin)
	if err != nil {
		return nil, err
	}
	return store.Read(ctx, a.Store, func(tx *store.Tx) (*Result, error) {
		c := &audit{Tx: tx, a: a, base: base, keys: keys, lost: lost, origin: origin, carried: map[string]*issuer.Credential{}, out: Result{Findings: []Finding{}}}
		if c.us, err = tx.Issuer(); err != nil {
			return nil, err
		}
		if c.names, err = tx.IssuerIdentities(); err != nil {
			return nil, err
		}
		lists, err := tx.StatusLists()
		if err != nil {
			return nil, err
		}
		c.listNames = map[issuer.StatusListID]int{}
		for _, l := range lists {
			c.listNames[l.ID] = l.Identity
		}
		if c.counts, err = tx.Positions(); err != nil {
			return nil, err
		}
		c.out.Waiting = c.counts.Entries - c.counts.Chained + c.counts.Leaves - c.counts.Placed
		for _, step := range []func() error{c.readErasures, c.readPictures, c.checkChain, c.checkTree, c.checkOrphans, c.checkKeys, c.checkErased, c.checkAwards, c.checkPictures, c.checkWords, c.checkTwice, c.checkLists, func() error { return c.checkFiles(ctx) }} {
			if err := step(); err != nil {
				return nil, err
			}
		}
		return &c.out, nil
	})
}

func (c *audit) find(record, id, reason string, args ...any) {
	if len(c.out.Findings) == maxFindings {
		c.out.More = true
		return
	}
	c.out.Findings = append(c.out.Findings, Finding{record, id, fmt.Sprintf(reason, args...)})
}

// ours finds rows of another issuer: there is one to an installation.
func (c *audit) ours(record, id string, of issuer.IssuerID) {
	if of != c.us.ID {
		c.find(record, id, "It names another issuer than this installation's.")
	}
}

func (c *audit) checkOrphans() error {
	found, err := c.Orphans()
	for _, o := range found {
		c.find(o.Record, o.ID, "The %s that it belongs to is missing.", o.Lacks)
	}
	return err
}

// openHead opens a signed head, or finds what is wrong with it.
func (c *audit) openHead(record, id, signed, origin string, keys []string) (inclusion.Checkpoint, bool) {
	head, err := inclusion.OpenHead([]byte(signed), origin, keys)
	if err != nil {
		c.find(record, id, "It is not signed with the key of the log: %v.", err)
	}
	return head, err == nil
}
