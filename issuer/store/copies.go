package store

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"

	"hallmark/issuer"
)

// Alike says of copies what they have in common with others, so that they can be
// kept as what differs from an example. The zero value keeps a copy whole.
type Alike struct {
	Kind    string                 // the same for all that look alike
	Example func() ([]byte, error) // one of them, which is about nobody
}

// AddSignedCopy keeps the bytes of a credential. What it is given stays as it is.
func (tx *Tx) AddSignedCopy(c *issuer.SignedCopy, a Alike) error {
	kept := *c
	if a.Kind != "" {
		e, err := tx.exampleOf(&kept, a)
		if err != nil {
			return err
		}
		if little := differences(e.Bytes, c.Bytes); len(little) < len(c.Bytes)/2 {
			kept.ExampleID, kept.Bytes = e.ID, little
		}
	}
	return addLate(tx, lateCopies, &kept)
}

// AddSignedCopyOnce keeps the bytes of a credential in a format, unless there
// are some.
func (tx *Tx) AddSignedCopyOnce(c *issuer.SignedCopy) (added bool, err error) {
	return tx.addOnce("signed copy", c)
}

// SignedCopy reads the bytes of a credential in a format, as they were signed.
func (tx *Tx) SignedCopy(id issuer.CredentialID, format string) (*issuer.SignedCopy, error) {
	c, err := take[issuer.SignedCopy](tx, "There is no such badge.", "credential_id = ? AND format = ?", id, format)
	if err != nil || c.ExampleID == "" {
		return c, err
	}
	if err := tx.whole(c); err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(c.Bytes); !bytes.Equal(sum[:], c.Digest) {
		return nil, fmt.Errorf("read signed copy of %s: its bytes are not those that were signed", id)
	}
	return c, nil
}

// SignedCopiesOf lists the signed copies of credentials. Bytes that are not those
// that were signed are given as they are: the digest tells.
func (tx *Tx) SignedCopiesOf(ids ...issuer.CredentialID) ([]issuer.SignedCopy, error) {
	copies, err := list[issuer.SignedCopy](tx, "credential_id, format", "credential_id IN ?", none(ids))
	for i := range copies {
		if err == nil {
			err = tx.whole(&copies[i])
		}
	}
	return copies, err
}

// whole puts what differs from an example back into it; what does not fit into it
// has no bytes.
func (tx *Tx) whole(c *issuer.SignedCopy) error {
	if c.ExampleID == "" {
		return nil
	}
	examples, err := list[issuer.CopyExample](tx, "id", "id = ?", c.ExampleID)
	if err != nil {
		return err
	}
	little := c.Bytes
	c.Bytes = nil
	if len(examples) == 1 {
		c.Bytes, _ = withDifferences(examples[0].Bytes, little)
	}
	return nil
}

// examples are those that are known to be kept: they never change and never go.
type examples struct{ known sync.Map } // kind → *issuer.CopyExample

// exampleOf finds the example of a kind, or keeps one.
func (tx *Tx) exampleOf(c *issuer.SignedCopy, a Alike) (*issuer.CopyExample, error) {
	if e, ok := tx.examples.known.Load(a.Kind); ok {
		return e.(*issuer.CopyExample), nil
	}
	if e, ok := tx.late.examples[a.Kind]; ok {
		return e, nil
	}
	kept, err := read[issuer.CopyExample](tx, "WHERE kind = ? ORDER BY created_at DESC LIMIT 1", a.Kind)
	if err != nil {
		return nil, fault(err, "read example of signed copies")
	}
	if len(kept) == 0 {
		text, err := a.Example()
		if err != nil {
			return nil, err
		}
		kept = []issuer.CopyExample{{ID: rand.Text()[:12], IssuerID: c.IssuerID, Kind: a.Kind, Bytes: text, CreatedAt: tx.Now}}
		if err := tx.add("example of signed copies", &kept[0]); err != nil {
			return nil, err
		}
	}
	if tx.late.examples == nil {
		tx.late.examples = map[string]*issuer.CopyExample{}
	}
	tx.late.examples[a.Kind] = &kept[0]
	return &kept[0], nil
}

// committed notes the examples of a transaction that was: others may rest on them
// now.
func (e *examples) committed(l *late) {
	for kind, example := range l.examples {
		e.known.Store(kind, example)
	}
}

// A text of JSON falls into parts at its quotes: names, strings, and what is between
// them. Alike documents have the same parts but for some. Those are written one
// after the other: how many parts are skipped before it, how many bytes of it are
// those of the example, how many follow, and these.

const quote = `"`

// differences gives what a text has other than the example; the text itself if it
// has another number of parts.
func differences(example, text []byte) []byte {
	was, is := bytes.Split(example, []byte(quote)), bytes.Split(text, []byte(quote))
	if len(was) != len(is) {
		return text
	}
	var out []byte
	skipped := 0
	for i := range is {
		if bytes.Equal(was[i], is[i]) {
			skipped++
			continue
		}
		same := 0
		for same < min(len(was[i]), len(is[i])) && was[i][same] == is[i][same] {
			same++
		}
		out = binary.AppendUvarint(out, uint64(skipped))
		out = binary.AppendUvarint(out, uint64(same))
		out = binary.AppendUvarint(out, uint64(len(is[i])-same))
		out = append(out, is[i][same:]...)
		skipped = 0
	}
	return out
}

// withDifferences gives the text that has these differences from the example; not
// ok for what differences never gives.
func withDifferences(example, little []byte) (text []byte, ok bool) {
	parts := bytes.Split(example, []byte(quote))
	for at := 0; len(little) > 0; at++ {
		var n [3]uint64
		for i := range n {
			size := 0
			if n[i], size = binary.Uvarint(little); size <= 0 {
				return nil, false
			}
			little = little[size:]
		}
		if n[0] >= uint64(len(parts)-at) {
			return nil, false
		}
		at += int(n[0])
		if n[1] > uint64(len(parts[at])) || n[2] > uint64(len(little)) {
			return nil, false
		}
		parts[at] = append(bytes.Clone(parts[at][:n[1]]), little[:n[2]]...)
		little = little[n[2]:]
	}
	return bytes.Join(parts, []byte(quote)), true
}
