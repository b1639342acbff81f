package keyring

import (
	"crypto"
	"fmt"
	"io"
	"log/slog"
)

// signer signs with a private key and shows nothing of it, whatever it is
// handed to: printing, logging and encoding give the word "sealed". The key is
// behind a function, because a printer that walks through the fields of what
// holds a signer calls no methods, and follows pointers for some verbs.
type signer struct{ private func() crypto.Signer }

// Public gives the public key.
func (s signer) Public() crypto.PublicKey { return s.private().Public() }

// Sign signs as the key itself does: a message under Ed25519 (PureEdDSA), else
// a digest.
func (s signer) Sign(rand io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	return s.private().Sign(rand, message, opts)
}

const redacted = "sealed"

// Format prints the word for every verb.
func (signer) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue logs the word.
func (signer) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText encodes the word, in JSON too.
func (signer) MarshalText() ([]byte, error) { return []byte(redacted), nil }
