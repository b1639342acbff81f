package inclusion

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// algorithmCosignature is the type of key that makes timestamped cosignatures
// (C2SP tlog-cosignature).
const algorithmCosignature = 0x04

// cosigner checks the signatures of a witness.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

// NewCosigner reads the verifier key of a witness: name+hash+key, the key of
// type 0x04 (C2SP tlog-cosignature).
func NewCosigner(key string) (note.Verifier, error) {
	malformed := errors.New("this is not the verifier key of a witness")
	parts := strings.SplitN(key, "+", 3)
	if len(parts) != 3 || parts[0] == "" || strings.ContainsAny(parts[0], " \n") {
		return nil, malformed
	}
	hash, err := hex.DecodeString(parts[1])
	if err != nil || len(hash) != 4 {
		return nil, malformed
	}
	typed, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(typed) != 1+ed25519.PublicKeySize || typed[0] != algorithmCosignature {
		return nil, malformed
	}
	want := sha256.Sum256(append([]byte(parts[0]+"\n"), typed...))
	if !bytes.Equal(want[:4], hash) {
		return nil, malformed
	}
	return &cosigner{parts[0], binary.BigEndian.Uint32(hash), typed[1:]}, nil
}

// Name is the name of the witness.
func (c *cosigner) Name() string { return c.name }

// KeyHash tells its keys apart.
func (c *cosigner) KeyHash() uint32 { return c.hash }

// Verify checks a timestamp and the signature over it and the checkpoint.
func (c *cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(signature)
	return ed25519.Verify(c.key, CosignedText(at, text), signature[8:])
}

// CosignedText is what a witness signs at a time (seconds since 1970) for the
// text of a checkpoint.
func CosignedText(at uint64, text []byte) []byte {
	return append(fmt.Appendf(nil, "cosignature/v1\ntime %d\n", at), text...)
}

// Cosigned tells whether a checkpoint bears a good signature of a witness.
func Cosigned(signed []byte, witness note.Verifier) bool {
	_, err := note.Open(signed, note.VerifierList(witness))
	return err == nil
}

// Cosign adds the signatures of a witness among some lines to a checkpoint. It
// is an error if there is none that is good.
func Cosign(signed, lines []byte, witness note.Verifier) ([]byte, error) {
	for line := range bytes.Lines(lines) {
		one := append(bytes.Clone(signed), line...)
		if bytes.HasSuffix(line, []byte("\n")) && Cosigned(one, witness) {
			return one, nil
		}
	}
	return nil, ErrUnsigned
}
