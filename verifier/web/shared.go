package web

import (
	"context"
	"errors"
	"sync"

	"hallmark/verifier"
	"hallmark/verifier/did"
)

// maxKept is how many bytes of status lists one batch remembers, and as many of
// older badges' documents, and of badges behind links. What does not fit is
// looked up again where it is needed again.
const maxKept = 32 << 20

// sharing gives an endpoint for one batch, whose rows share what is looked up:
// each badge behind a link, document of keys, status list and document of an
// older badge is asked for once.
func (v *Verify) sharing() *Verify {
	inner := *v.Verifier
	if keys := v.Verifier.Keys; keys != nil {
		shared := &sharedKeys{from: keys}
		inner.Keys = shared
		if sets, ok := keys.(verifier.KeySets); ok {
			inner.Keys = &sharedSets{sharedKeys: shared, from: sets}
		}
	}
	if inner.Status != nil {
		inner.Status = &sharedLists{shared{room: maxKept}, inner.Status}
	}
	if inner.Legacy != nil {
		inner.Legacy = &sharedPapers{shared{room: maxKept}, inner.Legacy}
	}
	return &Verify{Verifier: &inner, Open: shareOpen(v.Open), Log: v.Log}
}

// shareOpen follows a link that several rows have once.
func shareOpen(open func(context.Context, string) ([]byte, error)) func(context.Context, string) ([]byte, error) {
	if open == nil {
		return nil
	}
	s := &shared{room: maxKept}
	return func(ctx context.Context, link string) ([]byte, error) {
		return s.documents.get(ctx, link, func() ([]byte, error) { return open(ctx, link) }, s.keep)
	}
}

// once remembers answers by address. Who asks while another waits for the same
// answer waits for it too. The zero once is ready.
type once[T any] struct {
	mu    sync.Mutex
	found map[string]*answer[T]
}

type answer[T any] struct {
	done  chan struct{}
	value T
	err   error
}

var errBroke = errors.New("the look-up broke off")

// get gives the answer for an address, asking at most once; keep may say that
// it is not to be remembered for those who ask later.
func (o *once[T]) get(ctx context.Context, address string, ask func() (T, error), keep func(T) bool) (T, error) {
	o.mu.Lock()
	if a, ok := o.found[address]; ok {
		o.mu.Unlock()
		select {
		case <-a.done:
			return a.value, a.err
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		}
	}
	if o.found == nil {
		o.found = map[string]*answer[T]{}
	}
	a := &answer[T]{done: make(chan struct{}), err: errBroke}
	o.found[address] = a
	o.mu.Unlock()
	defer close(a.done) // also when ask panics: nobody waits for ever
	a.value, a.err = ask()
	if !keep(a.value) {
		o.mu.Lock()
		delete(o.found, address)
		o.mu.Unlock()
	}
	return a.value, a.err
}

func always[T any](T) bool { return true }

type sharedKeys struct {
	from      verifier.KeySource
	documents once[*did.Document]
}

// Document gives the document of an issuer's keys.
func (s *sharedKeys) Document(ctx context.Context, id string) (*did.Document, error) {
	return s.documents.get(ctx, id, func() (*did.Document, error) { return s.from.Document(ctx, id) }, always)
}

type sharedSets struct {
	*sharedKeys
	from verifier.KeySets
	sets once[*did.KeySet]
}

// KeySet gives the keys that are published at an address.
func (s *sharedSets) KeySet(ctx context.Context, url string) (*did.KeySet, error) {
	return s.sets.get(ctx, url, func() (*did.KeySet, error) { return s.from.KeySet(ctx, url) }, always)
}

// shared remembers documents as they are served, as far as there is room.
type shared struct {
	documents once[[]byte]
	mu        sync.Mutex
	room      int
}

func (s *shared) keep(document []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(document) > s.room {
		return false
	}
	s.room -= len(document)
	return true
}

type sharedLists struct {
	shared
	from verifier.StatusSource
}

// StatusList gives a status list as it is served.
func (s *sharedLists) StatusList(ctx context.Context, url string) ([]byte, error) {
	return s.documents.get(ctx, url, func() ([]byte, error) { return s.from.StatusList(ctx, url) }, s.keep)
}

type sharedPapers struct {
	shared
	from verifier.LegacySource
}

// LegacyDocument gives a document of a badge of Open Badges 2.0.
func (s *sharedPapers) LegacyDocument(ctx context.Context, url string) ([]byte, error) {
	return s.documents.get(ctx, url, func() ([]byte, error) { return s.from.LegacyDocument(ctx, url) }, s.keep)
}
