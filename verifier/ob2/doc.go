// Package ob2 reads the documents of Open Badges 2.0: assertion, badge class,
// issuer profile, key and list of revoked assertions.
//
// It owns: which members are needed to check such a badge and what is wrong
// where they are not as they should be, the place where an issuer's badges may
// lie, keys in PEM, the hashes of recipients, and what makes two copies of an
// assertion the same. It fetches nothing and judges nothing: package verifier
// asks for the documents and draws the conclusions.
//
// Decisions worth knowing:
//
// Documents are read as plain JSON, by the names of the standard context, and
// are not processed as JSON-LD. Nothing in Open Badges 2.0 signs statements: a
// signature is over the bytes of the assertion, and what is hosted counts because
// of where it lies. A document that gives its members other names is therefore
// not a badge here, and no meaning can be moved by a context.
//
// An issuer profile that stands within a badge class is what somebody says of an
// issuer. The profile that counts lies at the issuer's own address.
//
// Open Badges 1.0 and 1.1 are recognised and not read.
package ob2

import "errors"

// ErrGone says that a document was there and was withdrawn (HTTP 410), which is how
// issuers revoke hosted assertions. Whoever brings documents wraps it.
var ErrGone = errors.New("the document was withdrawn")
