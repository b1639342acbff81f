package inclusion

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"hallmark/verifier/strictjson"
)

// Proof is what an issuer hands out to show that a credential stands in its
// log.
type Proof struct {
	Leaf       []byte      // as it is hashed
	Salt       []byte      // of the credential
	Index      int64       // of the leaf, from 0
	Path       []tlog.Hash // from the leaf to the root (RFC 6962 §2.1.1)
	Checkpoint []byte      // signed
}

// document is a Proof as JSON. The leaf and the checkpoint are texts as they
// stand; the salt is base64url without padding, as the commitment in the leaf
// is; the hashes are base64, as the root in the checkpoint is.
type document struct {
	Leaf       string   `json:"leaf"`
	Salt       string   `json:"salt"`
	Index      int64    `json:"index"`
	Inclusion  []string `json:"inclusion"`
	Checkpoint string   `json:"checkpoint"`
}

// maxPath is the longest path there can be: trees have fewer than 2^63 leaves.
const maxPath = 63

// MarshalJSON writes the proof document.
func (p *Proof) MarshalJSON() ([]byte, error) {
	d := document{Leaf: string(p.Leaf), Salt: base64.RawURLEncoding.EncodeToString(p.Salt), Index: p.Index,
		Inclusion: make([]string, len(p.Path)), Checkpoint: string(p.Checkpoint)}
	for i, h := range p.Path {
		d.Inclusion[i] = h.String()
	}
	return json.Marshal(d)
}

// Parse reads a proof document.
func Parse(raw []byte) (*Proof, error) {
	var d document
	if err := strictjson.Decode(raw, &d); err != nil {
		return nil, fmt.Errorf("read proof: %w", err)
	}
	salt, err := base64.RawURLEncoding.Strict().DecodeString(d.Salt)
	if err != nil {
		return nil, errors.New("the salt of the proof is not base64url")
	}
	if len(d.Inclusion) > maxPath {
		return nil, errors.New("the path of the proof is too long")
	}
	p := &Proof{Leaf: []byte(d.Leaf), Salt: salt, Index: d.Index,
		Path: make([]tlog.Hash, 0, len(d.Inclusion)), Checkpoint: []byte(d.Checkpoint)}
	for _, text := range d.Inclusion {
		h, err := tlog.ParseHash(text)
		if err != nil {
			return nil, errors.New("the path of the proof is not one of hashes")
		}
		p.Path = append(p.Path, h)
	}
	return p, nil
}

// Place is where a credential stands in a log.
type Place struct {
	Origin string // of the log
	Index  int64
	Size   int64     // of the log at the checkpoint
	At     time.Time // when it was issued, to the minute, as the log says
}

// Check holds the proof against the signed bytes of a credential and the keys
// of the log, and says where it stands. Its errors are reasons: the proof does
// not show what it is to show.
func (p *Proof) Check(signed []byte, keys []string) (*Place, error) {
	leaf, err := ParseLeaf(p.Leaf)
	if err != nil {
		return nil, err
	}
	if leaf.Type != Issue {
		return nil, errors.New("the leaf does not record that a credential was issued")
	}
	if len(p.Salt) != SaltSize { // HMAC pads keys: one with zeros behind it would do as well
		return nil, errors.New("the salt of the proof has another length than salts have")
	}
	if !hmac.Equal(leaf.Commit, Commit(p.Salt, signed)) {
		return nil, errors.New("the leaf is of other bytes than these")
	}
	c, err := OpenCheckpoint(p.Checkpoint, keys)
	if err != nil {
		return nil, err
	}
	if p.Index < 0 || p.Index >= c.Size {
		return nil, errors.New("the checkpoint is older than the leaf")
	}
	if err := tlog.CheckRecord(p.Path, c.Size, c.Root, p.Index, tlog.RecordHash(p.Leaf)); err != nil {
		return nil, errors.New("the leaf is not in the tree of the checkpoint")
	}
	return &Place{Origin: c.Origin, Index: p.Index, Size: c.Size, At: leaf.At}, nil
}
