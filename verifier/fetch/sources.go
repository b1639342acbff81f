package fetch

import (
	"context"
	"errors"
	"strings"

	"hallmark/verifier/did"
	"hallmark/verifier/ob2"
)

// What is asked for: the types that the specifications name first, plain JSON
// because most servers send that (DID Core §6, Controlled Identifiers §2, VC Data
// Model 2.0 §C.1).
const (
	acceptDID     = "application/did+json, application/did+ld+json;q=0.9, application/ld+json;q=0.8, application/json;q=0.8"
	acceptProfile = "application/ld+json, application/json;q=0.9"
	acceptKeys    = "application/jwk-set+json, application/jwk+json, application/json;q=0.9"
	acceptNewer   = "application/vc, application/vc+jwt, application/vc+ld+json;q=0.9, application/ld+json;q=0.9, application/json;q=0.8, text/plain;q=0.7"
	acceptLegacy  = "application/ld+json, application/json;q=0.9"
	acceptList    = "application/vc, application/vc+ld+json;q=0.9, application/ld+json;q=0.9, application/json;q=0.8"
)

// Keys looks up the documents of issuers: did:web at its place, an https id at
// itself.
type Keys struct{ Fetcher *Fetcher }

// Document fetches and reads the document of an issuer's id. An error wraps
// did.ErrNotFound where the document should be and is not; any other means that
// it could not be had or read.
func (k Keys) Document(ctx context.Context, id string) (*did.Document, error) {
	address, accept := id, acceptProfile
	if strings.HasPrefix(id, "did:") {
		var err error
		address, err = did.WebURL(id)
		if err != nil {
			return nil, refuse(ErrNotAllowed, err, "The issuer's identifier is not one that can be looked up on the web.")
		}
		accept = acceptDID
	}
	raw, _, err := k.Fetcher.Get(ctx, address, accept, 0)
	if errors.Is(err, ErrNotFound) {
		return nil, &Error{Kind: did.ErrNotFound, Reason: err.Error(), Cause: err}
	}
	if err != nil {
		return nil, err
	}
	return did.ParseDocument(id, raw)
}

// KeySet fetches a JSON Web Key Set or a bare key at an https URL; errors are as
// Document's.
func (k Keys) KeySet(ctx context.Context, address string) (*did.KeySet, error) {
	raw, _, err := k.Fetcher.Get(ctx, address, acceptKeys, 0)
	if errors.Is(err, ErrNotFound) {
		return nil, &Error{Kind: did.ErrNotFound, Reason: err.Error(), Cause: err}
	}
	if err != nil {
		return nil, err
	}
	return did.ParseKeySet(raw)
}

// Status fetches status lists.
type Status struct{ Fetcher *Fetcher }

// StatusList fetches a list credential as it is served, at most ListMaxBytes.
func (s Status) StatusList(ctx context.Context, address string) ([]byte, error) {
	body, _, err := s.Fetcher.Get(ctx, address, acceptList, ListMaxBytes)
	return body, err
}

// Newer asks refresh services for newer copies.
type Newer struct{ Fetcher *Fetcher }

// Refresh fetches what lies at the address of a refresh service.
func (n Newer) Refresh(ctx context.Context, address string) ([]byte, error) {
	body, _, err := n.Fetcher.Get(ctx, address, acceptNewer, 0)
	return body, err
}

// Legacy fetches the documents of badges of Open Badges 2.0.
type Legacy struct{ Fetcher *Fetcher }

// LegacyDocument fetches one of them. An error wraps ob2.ErrGone where it was
// withdrawn.
func (l Legacy) LegacyDocument(ctx context.Context, address string) ([]byte, error) {
	body, _, err := l.Fetcher.Get(ctx, address, acceptLegacy, 0)
	if errors.Is(err, ErrGone) {
		return nil, &Error{Kind: ob2.ErrGone, Reason: err.Error(), Cause: err}
	}
	return body, err
}
