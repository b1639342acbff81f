package registrar

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/issuer/store"
	"hallmark/verifier"
	"hallmark/verifier/did"
	"hallmark/verifier/ob3"
)

// ErrElsewhere says that an address or identifier is not one of ours: whoever
// asked should look where it leads.
var ErrElsewhere = errors.New("this is not ours")

// Published is what anyone may read without an account. It cannot write.
//
// What other verifiers need to judge badges that are out there (keys, status
// lists, achievements, the issuer) is served as last read when the database
// does not answer; badges themselves are not. Fields are set before use.
type Published struct {
	Store   *store.Store
	Ring    *keyring.Ring
	BaseURL string // without a slash at the end

	mu   sync.Mutex
	good map[string]any // the last good answer by what was asked
}

// lastGood reads a thing, and gives it as it was last read if that fails for
// another reason than a refusal. Only what there is is kept, so the memory it
// takes is bounded by the number of lists and achievements.
func lastGood[T any](p *Published, what string, read func() (T, error)) (T, error) {
	v, err := read()
	var refusal *issuer.Error
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err == nil:
		if p.good == nil {
			p.good = map[string]any{}
		}
		p.good[what] = v
	case !errors.As(err, &refusal):
		if old, ok := p.good[what].(T); ok {
			return old, nil
		}
	}
	return v, err
}

func noBadge() error { return issuer.Refuse(issuer.NotFound, "There is no such badge.") }

// Badge shows a badge. One that its holder took down and one that never was
// are the same NotFound; one that was erased is Gone.
func (p *Published) Badge(ctx context.Context, id issuer.CredentialID) (*PublicBadge, error) {
	return store.Read(ctx, p.Store, func(tx *store.Tx) (*PublicBadge, error) {
		c, a, err := shown(tx, id)
		if err != nil {
			return nil, err
		}
		w := &work{Tx: tx, r: &Registrar{BaseURL: p.BaseURL}}
		if err := w.identify(); err != nil {
			return nil, err
		}
		return w.publicBadge(c, a)
	})
}

// shown reads a badge that its holder shows.
func shown(tx *store.Tx, id issuer.CredentialID) (*issuer.Credential, *issuer.Award, error) {
	id = issuer.CredentialID(strings.ToUpper(string(id)))
	c, err := tx.Credential(id)
	if errors.Is(err, issuer.NotFound) {
		return nil, nil, whyAbsent(tx, id)
	}
	if err != nil {
		return nil, nil, err
	}
	a, err := tx.Award(c.AwardID)
	switch {
	case err != nil:
		return nil, nil, err
	case a.State == issuer.Erased:
		return nil, nil, issuer.Refuse(issuer.Gone, "This badge was withdrawn by its holder.")
	case a.Visibility == issuer.Hidden:
		return nil, nil, noBadge()
	}
	return c, a, nil
}

// whyAbsent says why there is no badge: there never was one, or the records were
// put back to a time before it and only the public log knows of it. Its holder
// has the file, and should not read here that it never was.
func whyAbsent(tx *store.Tx, id issuer.CredentialID) error {
	lost, err := tx.Lost(id)
	if err == nil && lost {
		err = issuer.Refuse(issuer.NotFound, "This badge was issued, and its records were lost when a backup was put back. A file of it can still be checked; ask the issuer to issue it anew.")
	}
	if err == nil {
		err = noBadge()
	}
	return err
}

func (w *work) publicBadge(c *issuer.Credential, a *issuer.Award) (*PublicBadge, error) {
	views, err := w.credentialViews([]issuer.Credential{*c}, []issuer.Award{*a})
	if err != nil {
		return nil, err
	}
	v := views[0]
	v.lapse(w)
	copied, err := w.SignedCopy(c.ID, issuer.FormatDataIntegrity)
	if err != nil {
		return nil, err
	}
	person, err := w.Person(a.PersonID)
	if err != nil {
		return nil, err
	}
	b := &PublicBadge{ID: v.ID, URL: v.URL, State: v.State, Visibility: v.Visibility, Achievement: v.Achievement, Program: v.Program,
		Cohort: v.Cohort, Issuer: issuerRef(w.us), AwardedOn: v.AwardedOn, IssuedAt: v.IssuedAt, ValidUntil: v.ValidUntil,
		RevokedCode: v.RevokedCode, RevokedReason: v.RevokedReason, RevokedAt: v.RevokedAt,
		SuspendedAt: v.SuspendedAt, SuspendedReason: v.SuspendedReason,
		SupersededAt: c.SupersededAt, Supersedes: v.Supersedes, ReplacedBy: v.ReplacedBy,
		Renews: v.Renews, RenewedBy: v.RenewedBy, RenewedUntil: v.RenewedUntil, Credential: copied.Bytes, Digest: copied.Digest, Copy: c.CopyOf != ""}
	if then, err := w.IdentityOf(c); err != nil {
		return nil, err
	} else {
		b.Issuer.DID = then.DID
	}
	if person.NameConsent == issuer.ConsentGiven {
		b.Name, b.NameSigned = person.Name, namesSomeone(copied.Bytes)
	}
	b.Withheld = withheld(person, c, copied.Bytes, w.r.BaseURL)
	b.Approvals, err = w.approvalsOf(&v, a.ID)
	return b, err
}

// withheld refuses to give out signed bytes with a name that its owner does not
// let stand in badges any more. Live badges are replaced by ones without the
// name when consent is withdrawn; those that were replaced, or had ended before,
// still carry it. Nothing personal is public unless its owner chose it, so they
// are Gone while that is so: their pages, which name nobody, stay and lead on,
// and whoever has such a file can check it as before.
func withheld(holder *issuer.Person, c *issuer.Credential, signed []byte, base string) error {
	if holder.NameConsent == issuer.ConsentGiven || !namesSomeone(signed) {
		return nil
	}
	if c.SupersededBy != "" {
		return issuer.Refuse(issuer.Gone, "Its holder does not let their name stand in badges any more, so this file is not given out. What replaced it is at %s.", badgeURL(base, c.SupersededBy))
	}
	return issuer.Refuse(issuer.Gone, "Its holder does not let their name stand in badges any more, so this file is not given out. Its page is at %s.", badgeURL(base, c.ID))
}

// givenOut reads the bytes of a badge as they were signed, unless they are
// withheld.
func givenOut(tx *store.Tx, c *issuer.Credential, a *issuer.Award, base string) ([]byte, error) {
	copied, err := tx.SignedCopy(c.ID, issuer.FormatDataIntegrity)
	if err != nil {
		return nil, err
	}
	holder, err := tx.Person(a.PersonID)
	if err != nil {
		return nil, err
	}
	return copied.Bytes, withheld(holder, c, copied.Bytes, base)
}

// namesSomeone tells whether signed bytes of ours carry a name.
func namesSomeone(signed []byte) bool { return bytes.Contains(signed, []byte(`"identifier":[{`)) }

func issuerRef(us *issuer.Issuer) IssuerRef {
	return IssuerRef{ID: us.ID, DID: us.DID, Name: us.Name, URL: us.URL}
}

// Credential gives the bytes of a badge as they were signed.
func (p *Published) Credential(ctx context.Context, id issuer.CredentialID) ([]byte, error) {
	return store.Read(ctx, p.Store, func(tx *store.Tx) ([]byte, error) {
		c, a, err := shown(tx, id)
		if err != nil {
			return nil, err
		}
		return givenOut(tx, c, a, p.BaseURL)
	})
}

type publishedList struct {
	bytes   []byte
	version int
}

// StatusListVersion gives a status list as it was last signed, and which
// signing that was.
func (p *Published) StatusListVersion(ctx context.Context, id issuer.StatusListID) ([]byte, int, error) {
	l, err := lastGood(p, "list "+string(id), func() (publishedList, error) {
		return store.Read(ctx, p.Store, func(tx *store.Tx) (publishedList, error) {
			l, err := tx.StatusList(id)
			if err != nil {
				return publishedList{}, err
			}
			if l.PublishedAt == nil {
				return publishedList{}, issuer.Refuse(issuer.Unavailable, "This status list is being signed; try again in a moment.")
			}
			return publishedList{l.Bytes, l.Version}, nil
		})
	})
	return l.bytes, l.version, err
}

// StatusList gives the status list at an address of ours; it makes Published
// a verifier.StatusSource. Other addresses are ErrElsewhere.
func (p *Published) StatusList(ctx context.Context, address string) ([]byte, error) {
	id, ours := p.under("/status/", address)
	if !ours {
		return p.instanceListAt(ctx, address)
	}
	list, _, err := p.StatusListVersion(ctx, issuer.StatusListID(id))
	return list, err
}

// Identities lists what the issuer was before it moved and, last, what it is.
func (p *Published) Identities() []issuer.IssuerIdentity { return p.Ring.Identities(p.BaseURL) }

// OwnPath gives the part of an address after a base URL that is ours or was,
// however its scheme and host are cased, and whose it is: that with the longest
// path, since one may lie below another.
func (p *Published) OwnPath(address string) (path string, of issuer.IssuerIdentity, ours bool) {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.RawQuery != "" {
		return "", of, false
	}
	longest := -1
	for _, i := range slices.Backward(p.Identities()) {
		base, err := url.Parse(i.BaseURL)
		if err == nil && strings.EqualFold(u.Scheme, base.Scheme) && strings.EqualFold(u.Host, base.Host) &&
			len(u.Path) > len(base.Path) && strings.EqualFold(u.Path[:len(base.Path)], base.Path) && u.Path[len(base.Path)] == '/' && len(base.Path) > longest {
			longest, path, of, ours = len(base.Path), u.Path[len(base.Path):], i, true
		}
	}
	return path, of, ours
}

// under gives what an address of ours has after a path. Ids are upper-case.
func (p *Published) under(path, address string) (id string, ours bool) {
	rest, _, ours := p.OwnPath(address)
	if !ours || len(rest) <= len(path) || !strings.EqualFold(rest[:len(path)], path) {
		return "", false
	}
	return strings.ToUpper(rest[len(path):]), true
}

// Document gives our own DID document; it makes Published a
// verifier.KeySource. Other identifiers are ErrElsewhere.
func (p *Published) Document(_ context.Context, id string) (*did.Document, error) {
	for _, i := range p.Identities() {
		if i.DID == id {
			return p.Ring.VerifierDocumentOf(id)
		}
	}
	return nil, ErrElsewhere
}

// KeySet gives our keys at an address of ours where they are published; with
// Document it answers every question for keys under our base URL. Of a key that
// was given up it says since when, which its address does not. Other addresses
// are ErrElsewhere.
func (p *Published) KeySet(_ context.Context, address string) (*did.KeySet, error) {
	path, of, ours := p.OwnPath(address)
	if !ours {
		return nil, ErrElsewhere
	}
	if kid, one := strings.CutPrefix(path, "/keys/"); one {
		return p.Ring.VerifierKeyOf(of.DID, issuer.KeyID(kid))
	}
	if path != "/.well-known/jwks.json" {
		return nil, issuer.Refuse(issuer.NotFound, "There are no keys at this address.")
	}
	raw, err := p.Ring.JWKSOf(of.DID)
	if err != nil {
		return nil, err
	}
	return did.ParseKeySet(raw)
}

// Standing says what our records know of a credential by its id; it makes
// Published a verifier.Records.
func (p *Published) Standing(ctx context.Context, credential string) (verifier.Standing, error) {
	id, ours := p.under("/v/", credential)
	if !ours {
		return verifier.Standing{}, nil
	}
	return store.Read(ctx, p.Store, func(tx *store.Tx) (verifier.Standing, error) {
		c, err := tx.Credential(issuer.CredentialID(id))
		if errors.Is(err, issuer.NotFound) {
			return verifier.Standing{}, nil
		}
		if err != nil {
			return verifier.Standing{}, err
		}
		a, err := tx.Award(c.AwardID)
		if err != nil {
			return verifier.Standing{}, err
		}
		then, err := tx.IdentityOf(c)
		if err != nil {
			return verifier.Standing{}, err
		}
		person, err := tx.Person(a.PersonID)
		if err != nil {
			return verifier.Standing{}, err
		}
		s := standing(c, a, p.BaseURL)
		s.Issuer = then.DID
		// A name that was replaced may be what was wrong; it is not repeated.
		s.Unnamed = c.SupersededBy != "" || person.NameConsent != issuer.ConsentGiven || person.ErasedAt != nil
		return s, nil
	})
}

// standing is where a credential stands. What replaced one is not told if its
// holder took it down.
func standing(c *issuer.Credential, a *issuer.Award, base string) verifier.Standing {
	s := verifier.Standing{Known: true, State: string(a.State)}
	switch {
	case a.State == issuer.Erased:
		s.State, s.Since = "withdrawn", *a.ErasedAt
	case c.SupersededBy != "":
		s.State, s.Since = string(issuer.Superseded), *c.SupersededAt
		if a.Visibility != issuer.Hidden {
			s.ReplacedBy = badgeURL(base, c.SupersededBy)
		}
	case a.State == issuer.Revoked:
		s.Since, s.Reason = *a.RevokedAt, a.RevokedReason
		if s.Reason == "" {
			s.Reason = issuer.RevocationWords(a.RevokedCode)
		}
	case a.State == issuer.Suspended:
		s.Since, s.Reason = *a.SuspendedAt, a.SuspendedReason
	}
	return s
}

// Achievement gives an achievement, as it can be earned now, as a JSON-LD
// document of Open Badges 3.0.
func (p *Published) Achievement(ctx context.Context, id issuer.AchievementID) ([]byte, error) {
	return lastGood(p, "achievement "+string(id), func() ([]byte, error) {
		return store.Read(ctx, p.Store, func(tx *store.Tx) ([]byte, error) {
			a, o, err := offered(tx, id)
			if err != nil {
				return nil, err
			}
			us, err := tx.Issuer()
			if err != nil {
				return nil, err
			}
			f := &badgeFacts{base: p.BaseURL, code: a.Code, version: &o.Current}
			if o.Current.Rule.Capstone != "" {
				briefs, err := tx.Briefs(a.ProgramID)
				if err != nil {
					return nil, err
				}
				f.work = &approvedWork{brief: (&syllabus{briefs: briefs}).brief(o.Current.Rule.Capstone)}
			}
			doc := f.achievement()
			creator := profile(us)
			doc.Creator = &creator
			return json.Marshal(struct {
				Context []string `json:"@context"`
				ob3.Achievement
			}{contexts(), doc})
		})
	})
}

func contexts() []string { return []string{ob3.ContextCredentials, ob3.ContextBadges} }

// offered reads an achievement as it is now.
func offered(tx *store.Tx, id issuer.AchievementID) (*issuer.Achievement, *issuer.Offer, error) {
	a, err := tx.Achievement(id)
	if err != nil {
		return nil, nil, err
	}
	versions, err := tx.CurrentVersions(a.ProgramID)
	if err != nil {
		return nil, nil, err
	}
	v := find(versions, func(v issuer.AchievementVersion) bool { return v.AchievementID == id })
	if v == nil {
		return nil, nil, issuer.Refuse(issuer.NotFound, "There is no such achievement.")
	}
	return a, &issuer.Offer{Achievement: *a, Current: *v}, nil
}

type achievementArt struct {
	ref     AchievementRef
	program Named
}

// AchievementArt gives what the picture of an achievement is drawn from, and
// its program.
func (p *Published) AchievementArt(ctx context.Context, id issuer.AchievementID) (AchievementRef, Named, error) {
	art, err := lastGood(p, "art "+string(id), func() (achievementArt, error) {
		return store.Read(ctx, p.Store, func(tx *store.Tx) (achievementArt, error) {
			a, o, err := offered(tx, id)
			if err != nil {
				return achievementArt{}, err
			}
			program, err := tx.Program(a.ProgramID)
			if err != nil {
				return achievementArt{}, err
			}
			return achievementArt{achievementRef(a.Code, &o.Current), namedProgram(program)}, nil
		})
	})
	return art.ref, art.program, err
}

// IssuerProfile gives the issuer as a JSON-LD document of Open Badges 3.0.
func (p *Published) IssuerProfile(ctx context.Context, id issuer.IssuerID) ([]byte, error) {
	return lastGood(p, "issuer "+string(id), func() ([]byte, error) {
		return store.Read(ctx, p.Store, func(tx *store.Tx) ([]byte, error) {
			us, err := tx.Issuer()
			if err != nil {
				return nil, err
			}
			if us.ID != id {
				return nil, issuer.Refuse(issuer.NotFound, "There is no such issuer.")
			}
			doc := profile(us)
			doc.Description = us.Description
			return json.Marshal(struct {
				Context []string `json:"@context"`
				ob3.Profile
			}{contexts(), doc})
		})
	})
}

// DIDDocument gives the document of a name that the issuer has or had; an issuer
// in trial mode has none that anyone would look for.
func (p *Published) DIDDocument(name string) ([]byte, error) { return p.Ring.DIDDocumentOf(name) }

// JWKS gives the keys published under a name as a JWK Set.
func (p *Published) JWKS(name string) ([]byte, error) { return p.Ring.JWKSOf(name) }

// Key gives one key published under a name as a bare JWK.
func (p *Published) Key(name string, kid issuer.KeyID) ([]byte, error) {
	return p.Ring.JWKOf(name, kid)
}
