package main

import (
	"context"
	"errors"

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
