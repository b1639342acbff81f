package keyring

import (
	"crypto"
	"crypto/ed25519"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"hallmark/issuer"
	"hallmark/verifier/did"
)

// PurposeLog is the purpose of the key that signs the checkpoints of the public
// log and the head of the audit chain. No document lists it: it speaks for the
// log and for no badge, and goes by the name of the log.
const PurposeLog = "log"

// noteSigner signs C2SP notes under the name of a log.
type noteSigner struct {
	name string
	hash uint32
	key  signer
}

// Name is the name of the log.
func (s noteSigner) Name() string { return s.name }

// KeyHash tells the key from others of the same name.
func (s noteSigner) KeyHash() uint32 { return s.hash }

// Sign signs the text of a note.
func (s noteSigner) Sign(text []byte) ([]byte, error) {
	return s.key.Sign(nil, text, crypto.Hash(0))
}

// LogSigner gives what signs notes in the name of a log (its origin), with the
// active key for logs.
func (r *Ring) LogSigner(origin string) (note.Signer, error) {
	v, err := r.current()
	if err != nil {
		return nil, err
	}
	kid, key, err := v.active(PurposeLog)
	if err != nil {
		return nil, err
	}
	public, err := verifierKey(origin, string(kid))
	if err != nil {
		return nil, err
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return nil, fmt.Errorf("read key %s: %w", kid, err)
	}
	return noteSigner{origin, verifier.KeyHash(), key}, nil
}

// LogKeys gives the keys that checkpoints of a log are checked with, as
// verifier keys (C2SP signed-note): the active one first, then the one to come,
// then the retired.
func (r *Ring) LogKeys(origin string) ([]string, error) {
	return r.logKeys(origin, issuer.KeyActive, issuer.KeyPlanned, issuer.KeyRetired)
}

// LostLogKeys gives the keys of a log that were given up, in the same form: what
// they signed is worth nothing by itself, and is still what was signed.
func (r *Ring) LostLogKeys(origin string) ([]string, error) {
	return r.logKeys(origin, issuer.KeyCompromised)
}

func (r *Ring) logKeys(origin string, states ...issuer.KeyState) ([]string, error) {
	v, err := r.current()
	if err != nil {
		return nil, err
	}
	keys := []string{}
	for _, state := range states {
		for _, k := range v.keys {
			if k.Purpose != PurposeLog || k.State != state || k.Algorithm != algorithm {
				continue
			}
			key, err := verifierKey(origin, k.Public)
			if err != nil {
				return nil, err
			}
			keys = append(keys, key)
		}
	}
	return keys, nil
}

func verifierKey(origin, multikey string) (string, error) {
	key, err := did.DecodeMultikey(multikey)
	if err != nil {
		return "", fmt.Errorf("read key %s: %w", multikey, err)
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return "", fmt.Errorf("read key %s: it is not an Ed25519 key", multikey)
	}
	text, err := note.NewEd25519VerifierKey(origin, public)
	if err != nil {
		return "", fmt.Errorf("name the key of the log: %w", err)
	}
	return text, nil
}
