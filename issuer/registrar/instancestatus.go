package registrar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier/statuslist"
	"hallmark/verifier/vc"
)

// instanceList is a BitstringStatusListCredential of an instance. It has no end:
// it is signed anew only when a bit changes.
type instanceList struct {
	Context   []string            `json:"@context"`
	ID        string              `json:"id"`
	Type      []string            `json:"type"`
	Issuer    string              `json:"issuer"`
	ValidFrom string              `json:"validFrom"`
	Subject   instanceListSubject `json:"credentialSubject"`
}

type instanceListSubject struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Purpose string `json:"statusPurpose"`
	Encoded string `json:"encodedList"`
}

type instanceStatus struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Purpose string `json:"statusPurpose"`
	Index   string `json:"statusListIndex"`
	List    string `json:"statusListCredential"`
}

// addStatus gives the credential a place in the open list of the instance, and
// the document with the entry after its last member.
func (w *work) addStatus(ctx context.Context, i *issuer.Instance, c *vc.Credential, id string) ([]byte, *issuer.InstanceList, error) {
	if _, err := w.LockInstance(i.ID); err != nil {
		return nil, nil, err
	}
	list, err := w.OpenInstanceList(i.ID)
	if err == nil && !w.r.isHere(list) {
		err = issuer.NotFound
	}
	if errors.Is(err, issuer.NotFound) {
		list = w.NewInstanceList(i)
		if list.Bytes, err = w.signInstanceList(ctx, i, list, nil); err == nil {
			err = w.AddInstanceList(list)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	url := w.r.newListURL(list)
	if id == "" {
		id = c.ID
	}
	entry, err := w.ReserveInstanceStatus(list, func(index int) string {
		if id != "" {
			return id
		}
		return url + "#" + strconv.Itoa(index)
	})
	if err != nil {
		return nil, nil, err
	}
	index := strconv.Itoa(entry.StatusIndex)
	member, err := json.Marshal(instanceStatus{ID: url + "#" + index, Type: "BitstringStatusListEntry", Purpose: list.Purpose, Index: index, List: url})
	if err != nil {
		return nil, nil, fmt.Errorf("encode status entry: %w", err)
	}
	last := &c.Doc.Kids[len(c.Doc.Kids)-1] // there is an issuer at least
	return slices.Concat(c.Raw[:last.End], []byte(`,"credentialStatus":`), member, c.Raw[last.End:]), list, nil
}

// newListURL is where a list is that begins now.
func (r *Registrar) newListURL(l *issuer.InstanceList) string {
	return r.BaseURL + "/vc-api/" + string(l.InstanceID) + "/status-lists/" + string(l.ID)
}

// instanceListURL is the address that a list was signed under first: credentials
// name it for ever, also where the installation has moved since.
func (r *Registrar) instanceListURL(l *issuer.InstanceList) (string, error) {
	if len(l.Bytes) == 0 {
		return r.newListURL(l), nil
	}
	var signed struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(l.Bytes, &signed); err != nil {
		return "", fmt.Errorf("read status list %s: %w", l.ID, err)
	}
	return signed.ID, nil
}

// isHere tells whether a list began under the base URL of now. One from before a
// move takes no more entries.
func (r *Registrar) isHere(l *issuer.InstanceList) bool {
	url, err := r.instanceListURL(l)
	return err == nil && url == r.newListURL(l)
}

// signInstanceList signs a list with these bits set, and checks it.
func (w *work) signInstanceList(ctx context.Context, i *issuer.Instance, l *issuer.InstanceList, set []int) ([]byte, error) {
	bits := statuslist.New(l.Size)
	for _, index := range set {
		if err := bits.Set(index, true); err != nil {
			return nil, fmt.Errorf("status list %s: %w", l.ID, err)
		}
	}
	encoded, err := bits.Encode()
	if err != nil {
		return nil, fmt.Errorf("status list %s: %w", l.ID, err)
	}
	url, err := w.r.instanceListURL(l)
	if err != nil {
		return nil, err
	}
	doc, err := json.Marshal(instanceList{
		Context: []string{vc.ContextV2}, ID: url, Type: []string{"VerifiableCredential", "BitstringStatusListCredential"},
		Issuer: i.DID(), ValidFrom: w.Now.UTC().Format(time.RFC3339),
		Subject: instanceListSubject{ID: url + "#list", Type: "BitstringStatusList", Purpose: l.Purpose, Encoded: encoded},
	})
	if err != nil {
		return nil, fmt.Errorf("encode status list: %w", err)
	}
	signed, err := w.r.signAs(i, doc, w.Now, nil)
	if err != nil {
		return nil, err
	}
	return signed, w.proven(ctx, i, signed, &issuer.InstanceList{})
}

// SetInstanceStatus sets the bit of a credential that the instance signed, or
// clears it where the purpose allows that, and signs the list anew in the same
// transaction: whoever asks next sees it.
func (r *Registrar) SetInstanceStatus(ctx context.Context, by issuer.Caller, id issuer.InstanceID, credential, purpose string, on bool) error {
	_, err := act(ctx, r, by, "instance.status", string(id), func(w *work) (bool, error) {
		if err := w.mayUseInstances(); err != nil {
			return false, err
		}
		i, err := w.LockInstance(id)
		if err != nil {
			return false, err
		}
		e, err := w.InstanceEntry(id, credential)
		switch {
		case err != nil:
			return false, err
		case purpose != i.Status:
			return false, unfit("/credentialStatus/statusPurpose", "this instance keeps lists for "+i.Status+" alone")
		case !on && i.Status == revocation && e.SetAt != nil:
			// Bitstring Status List §2.1: revocation is not reversible.
			return false, issuer.Refuse(issuer.Conflict, "A revoked credential does not come back.")
		}
		w.note("credential", clip(credential))
		w.note("status", on)
		return on, w.setInstanceStatus(ctx, i, e, on)
	})
	return err
}

func (w *work) setInstanceStatus(ctx context.Context, i *issuer.Instance, e *issuer.InstanceEntry, on bool) error {
	if err := w.Tx.SetInstanceStatus(e, on); err != nil {
		return err
	}
	l, err := w.InstanceList(i.ID, e.InstanceListID)
	if err != nil {
		return err
	}
	set, err := w.SetInstanceIndexes(l.ID)
	if err != nil {
		return err
	}
	signed, err := w.signInstanceList(ctx, i, l, set)
	if err != nil {
		return err
	}
	return w.SaveInstanceList(l, signed)
}

// InstanceList gives a status list of an instance as it was signed last.
func (p *Published) InstanceList(ctx context.Context, instance issuer.InstanceID, id issuer.InstanceListID) ([]byte, error) {
	return store.Read(ctx, p.Store, func(tx *store.Tx) ([]byte, error) {
		l, err := tx.InstanceList(instance, id)
		if err != nil {
			return nil, err
		}
		return l.Bytes, nil
	})
}

// instanceListAt finds the list of an instance at an address of ours.
func (p *Published) instanceListAt(ctx context.Context, address string) ([]byte, error) {
	rest, ours := p.under("/vc-api/", address)
	instance, id, found := strings.Cut(rest, "/STATUS-LISTS/")
	if !ours || !found {
		return nil, ErrElsewhere
	}
	return p.InstanceList(ctx, issuer.InstanceID(strings.ToLower(instance)), issuer.InstanceListID(id))
}
