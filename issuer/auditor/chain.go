package auditor

import (
	"bytes"
	"strconv"

	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
)

// checkChain computes the audit chain anew from its start and holds its end
// against the signed head.
func (c *audit) checkChain() error {
	previous, next := ledger.Start(), int64(0)
	for {
		entries, err := c.AuditEntries(store.AuditQuery{From: next, Limit: page})
		if err != nil {
			return err
		}
		for i := range entries {
			e := &entries[i]
			id := string(e.ID)
			c.ours("audit entry", id, e.IssuerID)
			if *e.Sequence != next {
				c.find("audit entry", strconv.FormatInt(next, 10), "The entries from place %d to %d of the chain are missing.", next, *e.Sequence-1)
			}
			if !bytes.Equal(e.Previous, previous) {
				c.find("audit entry", id, "At place %d of the chain it does not follow the entry before it.", *e.Sequence)
			}
			if !bytes.Equal(e.Hash, ledger.Audit(e.Previous, e)) && !c.gone.wordless(e) {
				c.find("audit entry", id, "At place %d of the chain it is not what was chained.", *e.Sequence)
			}
			previous, next = e.Hash, *e.Sequence+1
			c.out.Entries++
		}
		if len(entries) < page {
			break
		}
	}
	if c.out.Entries != c.counts.Chained {
		c.find("audit entry", "-", "%d entries have a place that the chain does not have.", c.counts.Chained-c.out.Entries)
	}
	return c.checkHead(next, previous)
}

func (c *audit) checkHead(size int64, hash []byte) error {
	row, err := c.AuditHead()
	if err != nil {
		return err
	}
	switch {
	case row == nil && size > 0:
		c.find("audit head", "-", "The signed head of the chain is missing.")
		return nil
	case row == nil:
		return nil
	}
	c.ours("audit head", string(row.IssuerID), row.IssuerID)
	head, ok := c.openHead("audit head", string(row.IssuerID), row.Note, ledger.ChainOrigin(c.base), c.keys)
	switch {
	case !ok:
	case head.Size != row.Size || !bytes.Equal(head.Root[:], row.Hash):
		c.find("audit head", string(row.IssuerID), "It is not what was signed.")
	case size != row.Size:
		c.find("audit head", string(row.IssuerID), "The chain has %d entries, and %d were signed.", size, row.Size)
	case !bytes.Equal(hash, row.Hash):
		c.find("audit head", string(row.IssuerID), "The chain does not end as it was signed.")
	}
	return nil
}
