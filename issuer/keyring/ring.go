package keyring

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"hallmark/issuer"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
)

// Purposes of keys.
const (
	PurposeCredential = "credential"
	PurposeStatus     = "status"
	PurposeSession    = "session"
)

// stale is how old what the ring knows may be when it is used.
const stale = 500 * time.Millisecond

// Config says what a ring works with.
type Config struct {
	// Load brings the name of the issuer, "" before the first start, and the
	// rows of its keys.
	Load func(ctx context.Context) (did string, keys []issuer.Key, err error)
	// Identities brings what the issuer was and is; nil: it never moved.
	Identities func(ctx context.Context) ([]issuer.IssuerIdentity, error)
	SealingKey []byte       // 32 bytes
	Logger     *slog.Logger // nil: slog.Default()
}

// Ring signs for the issuer and publishes its keys. Its methods may be called
// at the same time.
type Ring struct {
	load    func(ctx context.Context) (string, []issuer.Key, error)
	names   func(ctx context.Context) ([]issuer.IssuerIdentity, error) // nil: it never moved
	sealing func() []byte                                              // a function, because a printer shows nothing of one
	log     *slog.Logger

	loading sync.Mutex // held by who reads the rows
	view    atomic.Pointer[view]
	own     atomic.Pointer[ownDocument]
	making  sync.Mutex // held by who makes a key for tokens
}

// view is what the ring knew at a time. It never changes.
type view struct {
	at      time.Time
	did     string
	keys    []issuer.Key // without their sealed parts
	signers map[issuer.KeyID]signer
	names   []issuer.IssuerIdentity // what the issuer was and, last, is; none while it never moved
}

// Open makes a ring and reads the keys there are: none before the first start.
// It fails with ErrSealed if the sealing key does not open them.
func Open(ctx context.Context, c Config) (*Ring, error) {
	if len(c.SealingKey) != SealingKeySize {
		return nil, fmt.Errorf("open keyring: the sealing key has %d bytes and needs %d", len(c.SealingKey), SealingKeySize)
	}
	sealing := append([]byte(nil), c.SealingKey...)
	r := &Ring{load: c.Load, names: c.Identities, sealing: func() []byte { return sealing }, log: c.Logger}
	if r.log == nil {
		r.log = slog.Default()
	}
	return r, r.Refresh(ctx)
}

// Refresh reads the keys anew at once. Using the ring does so by itself.
func (r *Ring) Refresh(ctx context.Context) error {
	r.loading.Lock()
	defer r.loading.Unlock()
	return r.read(ctx)
}

// read brings the rows into a new view. Keys that were open stay open; only
// active ones are opened.
func (r *Ring) read(ctx context.Context) error {
	at := time.Now()
	name, keys, err := r.load(ctx)
	if err != nil {
		return fmt.Errorf("read keys: %w", err)
	}
	old := r.view.Load()
	v := &view{at: at, did: name, keys: keys, signers: map[issuer.KeyID]signer{}}
	if r.names != nil {
		if v.names, err = r.names(ctx); err != nil {
			return fmt.Errorf("read identities: %w", err)
		}
	}
	for i := range keys {
		k := &keys[i]
		if k.State == issuer.KeyActive || v.namesKey(k.ID) {
			s, known := signer{}, false
			if old != nil {
				s, known = old.signers[k.ID]
			}
			if !known {
				if s, err = unseal("key "+string(k.ID), k.Algorithm, k.Public, k.Sealed, r.sealing()); err != nil {
					return err
				}
			}
			v.signers[k.ID] = s
		}
		k.Sealed = ""
	}
	r.view.Store(v)
	return nil
}

// current gives a view that is fresh, or the last good one while the rows
// cannot be read. One caller reads; others do not wait for it, so that acts
// which hold a database connection never wait for one another here.
func (r *Ring) current() (*view, error) {
	v := r.view.Load()
	fresh := v != nil && v.did != "" && time.Since(v.at) < stale
	if fresh || !r.loading.TryLock() {
		return known(v)
	}
	defer r.loading.Unlock()
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Second)
	defer stop()
	if err := r.read(ctx); err != nil {
		r.log.Warn("the signing keys cannot be read; the last ones known are used", "error", err)
		if v != nil { // ask again only after a while
			again := *v
			again.at = time.Now()
			r.view.Store(&again)
		}
	}
	return known(r.view.Load())
}

func known(v *view) (*view, error) {
	if v == nil || v.did == "" {
		return nil, issuer.Refuse(issuer.Unavailable, "This installation has not been set up yet.")
	}
	return v, nil
}

// active finds the key that signs for a purpose, tokens apart. In trial mode one
// key signs badges, status lists and stapled statuses: the one that is the name.
func (v *view) active(purpose string) (issuer.KeyID, signer, error) {
	if id := v.trialKey(); id != "" && slices.Contains(trialPurposes, purpose) {
		if s, known := v.signers[id]; known {
			return id, s, nil
		}
	}
	for _, k := range v.keys {
		if k.Purpose == purpose && k.State == issuer.KeyActive && k.Algorithm == algorithm {
			return k.ID, v.signers[k.ID], nil
		}
	}
	return "", signer{}, errors.New("no active key for " + purpose)
}

func (v *view) web() bool { return len(v.did) > 8 && v.did[:8] == "did:web:" }

// DID is the issuer's name; "" before the first start.
func (r *Ring) DID() string {
	v, err := r.current()
	if err != nil {
		return ""
	}
	return v.did
}

// Trial tells whether the issuer is a did:key: good for trying things out, but
// its key can never be replaced.
func (r *Ring) Trial() bool {
	v, err := r.current()
	return err == nil && !v.web()
}

// SignCredential adds a Data Integrity proof, as an array of one, and says
// which key made it.
func (r *Ring) SignCredential(doc []byte, created time.Time) (signed []byte, kid issuer.KeyID, err error) {
	v, err := r.current()
	if err != nil {
		return nil, "", err
	}
	return v.sign(PurposeCredential, doc, created, true)
}

// SignStatusList adds a Data Integrity proof, as an object, in the name of the
// issuer that the list gives: what ours is called now, or was.
func (r *Ring) SignStatusList(doc []byte, created time.Time) ([]byte, error) {
	v, err := r.namedIn(doc)
	if err != nil {
		return nil, err
	}
	signed, _, err := v.sign(PurposeStatus, doc, created, false)
	return signed, err
}

// CheckStatusList tells whether one of the published keys signed a list, as of a
// moment.
func (r *Ring) CheckStatusList(signed []byte, at time.Time) error {
	v, err := strictjson.Parse(signed)
	if err != nil {
		return fmt.Errorf("read status list: %w", err)
	}
	doc, err := r.VerifierDocumentOf(v.Get("issuer").Text())
	if err != nil {
		return err
	}
	results := dataintegrity.Verify(context.Background(), v, func(_ context.Context, id string) (*did.Method, error) {
		if m := doc.Method(id); m != nil && doc.Asserts(id) {
			return m, nil
		}
		return nil, &dataintegrity.KeyError{State: dataintegrity.Bad, Reason: "the key is not published"}
	}, dataintegrity.Expect{Now: at})
	if len(results) != 1 || results[0].State != dataintegrity.Good {
		return errors.New("its signature does not verify")
	}
	return nil
}

func (v *view) sign(purpose string, doc []byte, created time.Time, asArray bool) ([]byte, issuer.KeyID, error) {
	kid, key, err := v.active(purpose)
	if err != nil {
		return nil, "", err
	}
	signed, err := dataintegrity.Sign(doc, key, dataintegrity.Options{
		VerificationMethod: v.did + "#" + string(kid), Created: created, Purpose: dataintegrity.AssertionMethod,
		Cryptosuite: dataintegrity.EddsaRDFC2022,
	}, asArray)
	if err != nil {
		return nil, "", fmt.Errorf("sign %s: %w", purpose, err)
	}
	return signed, kid, nil
}

// TokenSigner gives what signs access tokens (Ed25519) and its key id. The key
// is in no published document: nothing it signs can pass for a credential.
func (r *Ring) TokenSigner() (crypto.Signer, issuer.KeyID, error) {
	v, err := r.current()
	if err != nil {
		return nil, "", err
	}
	kid, key, err := v.active(PurposeSession)
	if err != nil {
		return nil, "", err
	}
	return key, kid, nil
}

// TokenKey gives the public key (ed25519.PublicKey) that an access token names,
// while it is good. A planned one counts: another copy of the program may have
// seen it become active a moment before this one does.
func (r *Ring) TokenKey(kid issuer.KeyID) (crypto.PublicKey, error) {
	v, err := r.current()
	if err != nil {
		return nil, err
	}
	for _, k := range v.keys {
		if k.ID == kid && k.Purpose == PurposeSession && k.State != issuer.KeyCompromised {
			return did.DecodeMultikey(k.Public)
		}
	}
	return nil, noKey()
}
