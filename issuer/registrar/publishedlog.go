package registrar

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
	"hallmark/verifier"
	"hallmark/verifier/inclusion"
)

// ErrPending says that the log has not got to something yet: it waits for its
// position, which takes a second at most.
var ErrPending = errors.New("this is not in the log yet")

// Checkpoint gives the newest signed head of the public log.
func (p *Published) Checkpoint(ctx context.Context) ([]byte, error) {
	return lastGood(p, "checkpoint", func() ([]byte, error) {
		return store.Read(ctx, p.Store, func(tx *store.Tx) ([]byte, error) {
			c, err := tx.LastCheckpoint()
			if err != nil {
				return nil, err
			}
			if c == nil {
				return nil, ErrPending
			}
			return []byte(c.Note), nil
		})
	})
}

// LogKeys gives the keys that checkpoints are checked with, as verifier keys
// (C2SP signed-note): the active one first.
func (p *Published) LogKeys(context.Context) ([]string, error) {
	return p.Ring.LogKeys(ledger.Origin(p.Identities()[0].BaseURL))
}

// LogTile gives a tile of the log by the part of its path after "tile/" (C2SP
// tlog-tiles), hashes or the data of leaves, and whether it is a full one, which
// never changes. ErrPending stands for what is not there yet.
func (p *Published) LogTile(ctx context.Context, path string) (tile []byte, full bool, err error) {
	ref, err := ledger.ParseTilePath(path)
	if err != nil {
		return nil, false, issuer.Refuse(issuer.NotFound, "There is no tile of this name.")
	}
	tile, err = p.tile(ctx, ref)
	return tile, ref.Width == ledger.TileWidth, err
}

func (p *Published) tile(ctx context.Context, ref ledger.TileRef) ([]byte, error) {
	return store.Read(ctx, p.Store, func(tx *store.Tx) ([]byte, error) {
		if ref.Entries {
			return entries(tx, ref)
		}
		t, err := tx.LogTile(ref.Level, ref.Index)
		if errors.Is(err, issuer.NotFound) {
			return nil, ErrPending
		}
		if err != nil {
			return nil, err
		}
		if len(t.Hashes) < ref.Width*tlog.HashSize {
			return nil, ErrPending
		}
		return t.Hashes[:ref.Width*tlog.HashSize], nil
	})
}

// entries bundles the data of leaves that a checkpoint covers.
func entries(tx *store.Tx, ref ledger.TileRef) ([]byte, error) {
	c, err := tx.LastCheckpoint()
	if err != nil {
		return nil, err
	}
	first := ref.Index * ledger.TileWidth
	if c == nil || first+int64(ref.Width) > c.Size {
		return nil, ErrPending
	}
	leaves, err := tx.Leaves(first, ref.Width)
	if err != nil {
		return nil, err
	}
	var bundle []byte
	for i := range ref.Width {
		if i == len(leaves) || *leaves[i].Sequence != first+int64(i) {
			return nil, fmt.Errorf("leaf %d of the log is missing", first+int64(i))
		}
		if bundle, err = ledger.AppendEntry(bundle, leaves[i].Data); err != nil {
			return nil, err
		}
	}
	return bundle, nil
}

// Proof shows that a badge stands in the log, for whoever may see the badge.
func (p *Published) Proof(ctx context.Context, id issuer.CredentialID) (*inclusion.Proof, error) {
	return store.Read(ctx, p.Store, func(tx *store.Tx) (*inclusion.Proof, error) {
		c, _, err := shown(tx, id)
		if err != nil {
			return nil, err
		}
		return proofOf(tx, c.ID)
	})
}

// Logged makes Published a verifier.LogSource: it knows the proofs of our own
// badges. Of one that was erased nothing is left that a leaf could be held
// against.
func (p *Published) Logged(ctx context.Context, credential string) (*verifier.Logged, error) {
	id, ours := p.under("/v/", credential)
	if !ours {
		return nil, nil
	}
	keys, err := p.LogKeys(ctx)
	if err != nil {
		return nil, err
	}
	return store.Read(ctx, p.Store, func(tx *store.Tx) (*verifier.Logged, error) {
		signed, err := tx.SignedCopy(issuer.CredentialID(id), issuer.FormatDataIntegrity)
		if errors.Is(err, issuer.NotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		proof, err := proofOf(tx, signed.CredentialID)
		switch {
		case errors.Is(err, ErrPending):
			return &verifier.Logged{Keys: keys}, nil
		case errors.Is(err, issuer.NotFound):
			return nil, nil
		}
		return &verifier.Logged{Proof: proof, Signed: signed.Bytes, Keys: keys}, err
	})
}

// proofOf shows that a credential stands in the log.
func proofOf(tx *store.Tx, id issuer.CredentialID) (*inclusion.Proof, error) {
	leaf, err := tx.IssueLeaf(id)
	if err != nil {
		return nil, err
	}
	c, err := tx.LastCheckpoint()
	if err != nil {
		return nil, err
	}
	if c == nil || leaf.Sequence == nil || *leaf.Sequence >= c.Size {
		return nil, ErrPending
	}
	salt, err := tx.Salt(id)
	if err != nil {
		return nil, err
	}
	path, err := ledger.Prove(inclusion.Checkpoint{Size: c.Size, Root: tlog.Hash(c.Root)}, *leaf.Sequence, func(level int, index int64) ([]byte, error) {
		t, err := tx.LogTile(level, index)
		if err != nil {
			return nil, fmt.Errorf("read tile %d/%d: %v", level, index, err) // one that is gone is a fault, not a refusal
		}
		return t.Hashes, nil
	})
	if err != nil {
		return nil, err
	}
	return &inclusion.Proof{Leaf: leaf.Data, Salt: salt.Salt, Index: *leaf.Sequence, Path: path, Checkpoint: []byte(c.Note)}, nil
}
