//go:build js && wasm

package main

import (
	"crypto/ed25519"
	"strings"
	"syscall/js"
	"time"

	"hallmark/verifier/did"
	"hallmark/verifier/slip"
)

// slipAnswer says what a slip is worth, or why it cannot be read, as JSON text.
func slipAnswer(args []js.Value) string {
	var said struct {
		Judged *slip.Answer `json:"judged,omitempty"`
		Error  string       `json:"error,omitempty"`
	}
	known := page{js.Undefined()}
	if len(args) > 1 {
		known.object = args[1]
	}
	var scanned string
	if len(args) > 0 && args[0].Type() == js.TypeString {
		scanned = args[0].String()
	}
	read, err := slip.Open(scanned)
	if err != nil {
		said.Error = err.Error()
		return text(said)
	}
	said.Judged = read.Judge(known.slipKeys(), time.Now())
	return text(said)
}

// slipKeys reads the keys that were handed in; what is no key of that kind is
// passed over.
func (p page) slipKeys() (keys []ed25519.PublicKey) {
	for multikey := range strings.FieldsSeq(p.text("slipKeys")) {
		key, err := did.DecodeMultikey(multikey)
		if public, ok := key.(ed25519.PublicKey); ok && err == nil {
			keys = append(keys, public)
		}
	}
	return keys
}
