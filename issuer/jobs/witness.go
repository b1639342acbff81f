package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
	"hallmark/verifier/inclusion"
)

// Witness is somebody else's program that co-signs heads of the log which go on
// from those it has co-signed before (C2SP tlog-witness). Whoever asks for its
// signature need not trust us to show everybody the same log.
type Witness struct {
	URL string // prefix of its addresses, without a slash at the end
	Key string // its verifier key (C2SP tlog-cosignature)

	// Post hands a text to an address and gives status and body of the answer.
	Post func(ctx context.Context, address, contentType string, text []byte, max int64) (status int, body []byte, err error)
}

// maxCosignatures bounds the answer of a witness.
const maxCosignatures = 4096

// Cosign asks the witness for its signature under the newest checkpoint, and
// adds it. Nothing waits for it: a witness that is away or refuses leaves the
// checkpoint as it is, and is asked again.
func (r *Runner) Cosign(ctx context.Context) error {
	if r.Witness == nil {
		return nil
	}
	key, err := inclusion.NewCosigner(r.Witness.Key)
	if err != nil {
		return err
	}
	head, err := store.Read(ctx, r.Store, (*store.Tx).LastCheckpoint)
	if err != nil || head == nil || head.Size == 0 || inclusion.Cosigned([]byte(head.Note), key) {
		return err
	}
	signed, err := r.witness(ctx, head, key)
	if err != nil {
		return err
	}
	r.witnessed.Store(head.Size)
	_, err = store.Write(ctx, r.Store, func(tx *store.Tx) (bool, error) {
		now, err := tx.LastCheckpoint()
		if err != nil || now.Note != head.Note {
			return false, err // the log has grown; the next round asks for the new head
		}
		now.Note = string(signed)
		return true, tx.SignCheckpoint(now)
	})
	return err
}

// witness asks, once more if the witness knows another size than we thought.
func (r *Runner) witness(ctx context.Context, head *issuer.LogCheckpoint, key note.Verifier) ([]byte, error) {
	old := r.witnessed.Load()
	for try := 0; ; try++ {
		request, err := r.addCheckpoint(ctx, head, old)
		if err != nil {
			return nil, err
		}
		status, answer, err := r.Witness.Post(ctx, r.Witness.URL+"/add-checkpoint", "text/plain; charset=utf-8", request, maxCosignatures)
		switch {
		case err != nil:
			return nil, fmt.Errorf("ask the witness: %w", err)
		case status == http.StatusOK:
			signed, err := inclusion.Cosign([]byte(head.Note), answer, key)
			if err != nil {
				return nil, errors.New("the answer of the witness is not its signature")
			}
			return signed, nil
		case status != http.StatusConflict || try > 0:
			return nil, fmt.Errorf("the witness answered %d", status)
		}
		if old, err = strconv.ParseInt(strings.TrimSpace(string(answer)), 10, 64); err != nil || old < 0 || old > head.Size {
			return nil, errors.New("the witness has seen a log that ours is not")
		}
	}
}

// addCheckpoint is the request of C2SP tlog-witness: the size that the witness
// knows, the proof that the head goes on from there, and the head.
func (r *Runner) addCheckpoint(ctx context.Context, head *issuer.LogCheckpoint, old int64) ([]byte, error) {
	request := fmt.Appendf(nil, "old %d\n", old)
	if old > 0 && old < head.Size {
		proof, err := store.Read(ctx, r.Store, func(tx *store.Tx) ([]tlog.Hash, error) {
			return ledger.ProveGrowth(inclusion.Checkpoint{Size: head.Size, Root: tlog.Hash(head.Root)}, old, readTile(tx))
		})
		if err != nil {
			return nil, err
		}
		for _, h := range proof {
			request = append(request, h.String()+"\n"...)
		}
	}
	return bytes.Join([][]byte{request, []byte(head.Note)}, []byte("\n")), nil
}
