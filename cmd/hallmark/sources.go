package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web/public"
	"hallmark/verifier/did"
	"hallmark/verifier/fetch"
	verifyweb "hallmark/verifier/web"
)

// sources answers the verifier's questions: from our own records for what is
// ours, which is never fetched over HTTP, and from the guarded fetcher for
// what strangers bring.
type sources struct {
	own     *registrar.Published
	fetcher *fetch.Fetcher
}

// Document gives an issuer's keys.
func (s sources) Document(ctx context.Context, id string) (*did.Document, error) {
	doc, err := s.own.Document(ctx, id)
	if errors.Is(err, registrar.ErrElsewhere) {
		return fetch.Keys{Fetcher: s.fetcher}.Document(ctx, id)
	}
	return doc, err
}

// KeySet gives the published keys behind a link in a token.
func (s sources) KeySet(ctx context.Context, url string) (*did.KeySet, error) {
	set, err := s.own.KeySet(ctx, url)
	if errors.Is(err, registrar.ErrElsewhere) {
		return fetch.Keys{Fetcher: s.fetcher}.KeySet(ctx, url)
	}
	return set, err
}

// StatusList gives a status list as it is served.
func (s sources) StatusList(ctx context.Context, url string) ([]byte, error) {
	list, err := s.own.StatusList(ctx, url)
	if errors.Is(err, registrar.ErrElsewhere) {
		return fetch.Status{Fetcher: s.fetcher}.StatusList(ctx, url)
	}
	return list, err
}

// Refresh gives the newer copy at the address of a refresh service.
func (s sources) Refresh(ctx context.Context, url string) ([]byte, error) {
	if s.ours(url) {
		return nil, errors.New("badges of this installation name no place for newer copies")
	}
	return fetch.Newer{Fetcher: s.fetcher}.Refresh(ctx, url)
}

// LegacyDocument gives a document of a badge of Open Badges 2.0, a kind that we
// do not issue.
func (s sources) LegacyDocument(ctx context.Context, url string) ([]byte, error) {
	if s.ours(url) {
		return nil, errors.New("this installation issues no badges of that kind")
	}
	return fetch.Legacy{Fetcher: s.fetcher}.LegacyDocument(ctx, url)
}

// ours tells whether an address lies under a base URL that is ours or was.
func (s sources) ours(address string) bool {
	_, _, ours := s.own.OwnPath(address)
	return ours
}

// handedIn gives what this installation publishes of itself, for checks in the
// browsers of its visitors.
func (p *parts) handedIn(ctx context.Context) (*verifyweb.Own, error) {
	own := &verifyweb.Own{Name: p.issuerName()(ctx), Documents: map[string]string{}, KeySets: map[string]string{}}
	for _, i := range p.Published.Identities() {
		if err := p.handIn(own, i); err != nil {
			return nil, err
		}
	}
	slips, err := p.Published.SlipKeys()
	if err != nil {
		return nil, err
	}
	for _, key := range slips {
		multikey, err := did.EncodeMultikey(key)
		if err != nil {
			return nil, err
		}
		own.SlipKeys = append(own.SlipKeys, multikey)
	}
	own.Log.Prefix = p.Config.BaseURL + "/v/"
	own.Log.Keys, err = p.Published.LogKeys(ctx)
	return own, err
}

// handIn adds what is published under one name that the issuer has or had.
func (p *parts) handIn(own *verifyweb.Own, of issuer.IssuerIdentity) error {
	if !slices.Contains(own.IDs, of.DID) {
		own.IDs = append(own.IDs, of.DID)
	}
	if strings.HasPrefix(of.DID, "did:web:") {
		doc, err := p.Published.DIDDocument(of.DID)
		if err != nil {
			return err
		}
		own.Documents[of.DID] = string(doc)
	}
	raw, err := p.Published.JWKS(of.DID)
	if err != nil {
		return err
	}
	own.KeySets[of.BaseURL+"/.well-known/jwks.json"] = string(raw)
	set, err := did.ParseKeySet(raw)
	if err != nil {
		return err
	}
	for _, k := range set.Keys {
		key, err := p.Published.Key(of.DID, issuer.KeyID(k.ID))
		if err != nil {
			return err
		}
		own.KeySets[of.BaseURL+"/keys/"+k.ID] = string(key)
	}
	return nil
}

// opener gets what a link leads to, for the verify page.
func (s sources) opener(door *public.Public) func(context.Context, string) ([]byte, error) {
	return func(ctx context.Context, link string) ([]byte, error) {
		doc, ours, err := door.Open(ctx, link)
		if ours {
			return doc, err
		}
		doc, _, err = s.fetcher.Get(ctx, link, acceptCredential, maxCredential)
		var refusal *fetch.Error
		if errors.As(err, &refusal) {
			return nil, verifyweb.WrongField("url", "%s", refusal.Reason)
		}
		return doc, err
	}
}
