package registrar

import (
	"context"
	"encoding/json"
	"fmt"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// Site names what the public door answers for, badges aside.
type Site struct {
	Issuer       IssuerRef
	IssuerID     issuer.IssuerID
	Achievements []SiteAchievement
	Lists        []issuer.StatusListID
	Keys         []issuer.KeyID
	Pictures     []string    // digests of those that badges name
	Listed       []BadgeView // badges that their holders want found, the newest first, at most MaxListed
}

// SiteAchievement is something that can be earned, with the program it belongs
// to.
type SiteAchievement struct {
	AchievementRef
	Program Named
}

// MaxListed bounds Site.Listed: it is for a page that people read.
const MaxListed = 500

// Site lists what there is.
func (p *Published) Site(ctx context.Context) (*Site, error) {
	return store.Read(ctx, p.Store, func(tx *store.Tx) (*Site, error) {
		w := &work{Tx: tx, r: &Registrar{BaseURL: p.BaseURL}}
		if err := w.identify(); err != nil {
			return nil, err
		}
		s := &Site{Issuer: issuerRef(w.us), IssuerID: w.us.ID}
		var err error
		if s.Achievements, err = w.siteAchievements(); err != nil {
			return nil, err
		}
		lists, err := w.StatusLists()
		if err != nil {
			return nil, err
		}
		for _, l := range lists {
			s.Lists = append(s.Lists, l.ID)
		}
		pictures, err := w.Pictures()
		if err != nil {
			return nil, err
		}
		s.Pictures = unique(pictures, func(p issuer.Picture) string { return p.Digest })
		if s.Keys, err = p.keyIDs(); err != nil {
			return nil, err
		}
		s.Listed, err = w.listed()
		return s, err
	})
}

func (w *work) siteAchievements() ([]SiteAchievement, error) {
	programs, err := w.Tx.Programs()
	if err != nil {
		return nil, err
	}
	var all []SiteAchievement
	for _, program := range programs {
		achievements, err := w.Achievements(program.ID)
		if err != nil {
			return nil, err
		}
		versions, err := w.CurrentVersions(program.ID)
		if err != nil {
			return nil, err
		}
		current := byID(versions, func(v issuer.AchievementVersion) issuer.AchievementID { return v.AchievementID })
		for _, a := range achievements {
			if v, there := current[a.ID]; there {
				all = append(all, SiteAchievement{achievementRef(a.Code, &v), namedProgram(&program)})
			}
		}
	}
	return all, nil
}

// listed shows the badges that their holders want found, with the names of
// those who said yes to that.
func (w *work) listed() ([]BadgeView, error) {
	credentials, err := w.Listed(MaxListed)
	if err != nil {
		return nil, err
	}
	views, err := w.credentialViews(credentials, nil)
	if err != nil {
		return nil, err
	}
	people, err := w.People(unique(views, func(v BadgeView) issuer.PersonID { return v.Person.ID })...)
	if err != nil {
		return nil, err
	}
	person := byID(people, func(p issuer.Person) issuer.PersonID { return p.ID })
	for i := range views {
		v := &views[i]
		v.lapse(w)
		if person[v.Person.ID].NameConsent != issuer.ConsentGiven {
			v.Person = PersonName{}
		}
	}
	return views, nil
}

// keyIDs names the keys that have an address of their own.
func (p *Published) keyIDs() ([]issuer.KeyID, error) {
	raw, err := p.Ring.JWKS()
	if err != nil {
		return nil, err
	}
	var set struct {
		Keys []struct{ Kid issuer.KeyID }
	}
	if err := json.Unmarshal(raw, &set); err != nil {
		return nil, fmt.Errorf("read our own keys: %w", err)
	}
	var ids []issuer.KeyID
	for _, k := range set.Keys {
		ids = append(ids, k.Kid)
	}
	return ids, nil
}

// Shown lists badges that their holders show, superseded ones too, by id after
// one, at most limit of them.
func (p *Published) Shown(ctx context.Context, after issuer.CredentialID, limit int) ([]issuer.CredentialID, error) {
	return store.Read(ctx, p.Store, func(tx *store.Tx) ([]issuer.CredentialID, error) {
		credentials, err := tx.Shown(after, limit)
		return unique(credentials, func(c issuer.Credential) issuer.CredentialID { return c.ID }), err
	})
}
