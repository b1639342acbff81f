package signin

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
)

// authenticator is a passkey in software: what a browser and a device answer in
// a ceremony (Web Authentication Level 3 §6). Its fields can be made to lie.
type authenticator struct {
	t      *testing.T
	id     []byte
	key    *ecdsa.PrivateKey
	user   []byte
	origin string
	rp     string
	count  uint32
	flags  byte // user present 0x01, user verified 0x04
}

func newAuthenticator(t *testing.T, origin, rp string) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return &authenticator{t: t, id: []byte(rand.Text()), key: key, origin: origin, rp: rp, flags: 0x05}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// options is what a ceremony begins with.
type options struct {
	PublicKey struct {
		Challenge        string
		RPID             string `json:"rpId"`
		UserVerification string
		RP               struct{ ID string }
		User             struct{ ID string }
		Authenticator    struct {
			UserVerification string
		} `json:"authenticatorSelection"`
		Allow []struct{ ID string } `json:"allowCredentials"`
	} `json:"publicKey"`
}

func (a *authenticator) begun(text []byte) options {
	a.t.Helper()
	var o options
	must(a.t, json.Unmarshal(text, &o))
	return o
}

func (a *authenticator) client(kind, challenge string) []byte {
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	must(a.t, err)
	return text
}

// data is authenticator data (§6.1), with the key where it is new.
func (a *authenticator) data(fresh bool) []byte {
	rp := sha256.Sum256([]byte(a.rp))
	flags := a.flags
	if fresh {
		flags |= 0x40
	}
	out := binary.BigEndian.AppendUint32(append(rp[:], flags), a.count)
	if !fresh {
		return out
	}
	out = append(out, make([]byte, 16)...) // of no known make
	out = binary.BigEndian.AppendUint16(out, uint16(len(a.id)))
	out = append(out, a.id...)
	point, err := a.key.PublicKey.Bytes()
	must(a.t, err)
	// COSE_Key {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9052 §7)
	out = append(out, 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20)
	out = append(out, point[1:33]...)
	return append(append(out, 0x22, 0x58, 0x20), point[33:]...)
}

func (a *authenticator) answer(response map[string]string) []byte {
	text, err := json.Marshal(map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key",
		"response": response, "clientExtensionResults": map[string]any{}})
	must(a.t, err)
	return text
}

// create answers CredentialCreationOptions.
func (a *authenticator) create(begun []byte) []byte {
	o := a.begun(begun)
	user, err := base64.RawURLEncoding.DecodeString(o.PublicKey.User.ID)
	must(a.t, err)
	a.user = user
	data := a.data(true)
	// {"fmt": "none", "attStmt": {}, "authData": data}
	object := append([]byte{0xa3, 0x63}, "fmt"...)
	object = append(append(object, 0x64), "none"...)
	object = append(append(object, 0x67), "attStmt"...)
	object = append(append(object, 0xa0, 0x68), "authData"...)
	object = append(append(object, 0x58, byte(len(data))), data...)
	return a.answer(map[string]string{"clientDataJSON": b64(a.client("webauthn.create", o.PublicKey.Challenge)), "attestationObject": b64(object)})
}

// get answers CredentialRequestOptions.
func (a *authenticator) get(begun []byte) []byte {
	a.count++
	data, client := a.data(false), a.client("webauthn.get", a.begun(begun).PublicKey.Challenge)
	of := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), of[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	must(a.t, err)
	return a.answer(map[string]string{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(a.user)})
}
