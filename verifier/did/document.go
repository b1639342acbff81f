package did

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hallmark/verifier/strictjson"
)

// maxMethods bounds the verification methods of one document.
const maxMethods = 64

// ErrNotFound says that a document was looked for where it should be, and that
// there is none. Any other error of a look-up means that it could not be tried.
var ErrNotFound = errors.New("no such document")

// Document is what a controlled identifier says about itself.
type Document struct {
	ID             string
	Methods        []Method
	Assertion      []string // ids of methods that may sign statements (assertionMethod)
	Authentication []string // ids of methods that may prove who is speaking (authentication)
	Raw            []byte   // as handed in; nil for documents derived from the identifier
}

// Method is one verification method.
type Method struct {
	ID         string
	Type       string // Multikey, JsonWebKey, …
	Controller string
	Key        crypto.PublicKey // ed25519.PublicKey, *ecdsa.PublicKey or *rsa.PublicKey; nil: see Fault
	Fault      string           // why there is no key, as a phrase
	Expires    *time.Time       // not to be used from then on
	Revoked    *time.Time       // given up then, as a compromised key is
}

// Method returns the method with exactly this id; nil if there is none.
func (d *Document) Method(id string) *Method {
	for i := range d.Methods {
		if d.Methods[i].ID == id {
			return &d.Methods[i]
		}
	}
	return nil
}

// Asserts says whether assertionMethod lists this method.
func (d *Document) Asserts(id string) bool { return slices.Contains(d.Assertion, id) }

// Authenticates says whether authentication lists this method.
func (d *Document) Authenticates(id string) bool { return slices.Contains(d.Authentication, id) }

// ParseDocument reads the document of a DID or of an https identifier
// (Controlled Identifiers 1.0 §2). Its id must be exactly the id that was asked
// for. Methods embedded in assertionMethod or authentication count as methods,
// for that use alone. An error means
// that nothing in the document may be used.
func ParseDocument(id string, raw []byte) (*Document, error) {
	root, err := strictjson.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("read document of %s: %w", id, err)
	}
	if root.Kind != strictjson.Object {
		return nil, fmt.Errorf("the document of %s is not an object", id)
	}
	if got := root.Get("id").Text(); got != id {
		return nil, fmt.Errorf("the document found for %s belongs to someone else", id)
	}
	d := &Document{ID: id, Raw: bytes.Clone(raw)}
	if err = d.readMethods(root.Get("verificationMethod")); err != nil {
		return nil, err
	}
	if d.Assertion, err = d.readUse(root, "assertionMethod"); err != nil {
		return nil, err
	}
	// Statements do not depend on it: a slip here does not take the keys away.
	d.Authentication, _ = d.readUse(root, "authentication")
	return d, nil
}

func (d *Document) readMethods(list *strictjson.Value) error {
	if list != nil && list.Kind != strictjson.Array {
		return fmt.Errorf("verificationMethod of %s is not a list", d.ID)
	}
	for v := range list.Each() {
		if err := d.addMethod(v); err != nil {
			return err
		}
	}
	return nil
}

// readUse gives the ids of the methods that are listed for a use.
func (d *Document) readUse(root *strictjson.Value, use string) (ids []string, err error) {
	list := root.Get(use)
	if list != nil && list.Kind != strictjson.Array {
		return nil, fmt.Errorf("%s of %s is not a list", use, d.ID)
	}
	for v := range list.Each() {
		if len(ids) == maxMethods {
			return nil, fmt.Errorf("%s of %s is too long", use, d.ID)
		}
		switch v.Kind {
		case strictjson.String:
			ids = append(ids, d.absolute(v.Str))
		case strictjson.Object:
			if err := d.addMethod(v); err != nil {
				return nil, err
			}
			ids = append(ids, d.Methods[len(d.Methods)-1].ID)
		default:
			return nil, fmt.Errorf("%s of %s lists something that is not a method", use, d.ID)
		}
	}
	return ids, nil
}

// absolute resolves a fragment against the document (DID Core 1.0 §3.2.2).
func (d *Document) absolute(id string) string {
	if strings.HasPrefix(id, "#") {
		return d.ID + id
	}
	return id
}

func (d *Document) addMethod(v *strictjson.Value) error {
	if v.Kind != strictjson.Object || v.Get("id").Text() == "" {
		return fmt.Errorf("the document of %s lists a method without id", d.ID)
	}
	if len(d.Methods) == maxMethods {
		return fmt.Errorf("the document of %s lists too many methods", d.ID)
	}
	m := Method{ID: d.absolute(v.Get("id").Text()), Type: v.Get("type").Text(), Controller: v.Get("controller").Text()}
	if d.Method(m.ID) != nil {
		return fmt.Errorf("the document of %s lists the method %s twice", d.ID, m.ID)
	}
	if err := m.read(v); err != nil {
		m.Key, m.Fault = nil, err.Error()
	}
	d.Methods = append(d.Methods, m)
	return nil
}

// read fills the key and the times; an error makes the method unusable.
func (m *Method) read(v *strictjson.Value) error {
	for _, end := range [...]struct {
		name string
		into **time.Time
	}{{"expires", &m.Expires}, {"revoked", &m.Revoked}} {
		if when := v.Get(end.name); when != nil {
			at, err := ParseDateTimeStamp(when.Text())
			if err != nil {
				return fmt.Errorf("its member %q is not a date and time", end.name)
			}
			*end.into = &at
		}
	}
	for _, secret := range [...]string{"secretKeyMultibase", "secretKeyJwk", "privateKeyMultibase", "privateKeyJwk", "privateKeyBase58"} {
		if v.Get(secret) != nil {
			return errors.New("it gives away its secret")
		}
	}
	multikey, jwk := v.Get("publicKeyMultibase"), v.Get("publicKeyJwk")
	var err error
	switch {
	case multikey != nil && jwk != nil:
		return errors.New("it gives its key twice") // Controlled Identifiers 1.0 §2.2
	case multikey != nil && multikeyTypes[m.Type]:
		m.Key, err = DecodeMultikey(multikey.Text())
	case jwk != nil && jwkTypes[m.Type]:
		m.Key, err = ParseJWK(jwk)
	default:
		return errors.New("its type is not supported")
	}
	return err
}

// Types of methods by the member that holds the key. The older names stand in
// documents that were published before Multikey and JsonWebKey.
var (
	multikeyTypes = map[string]bool{"Multikey": true, "Ed25519VerificationKey2020": true}
	jwkTypes      = map[string]bool{"JsonWebKey": true, "JsonWebKey2020": true}
)
