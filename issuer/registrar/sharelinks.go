package registrar

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// Sharing is how a badge is shared, as its holder sees it.
type Sharing struct {
	Visibility issuer.Visibility
	Links      []ShareLinkView
	Seen       int // how often its page was looked at, ever
	Lately     int // of it, in the last LatelyDays days
}

// LatelyDays is how far back "lately" goes.
const LatelyDays = 30

// ShareLinkView is a link that shows a badge for a time, without its secret.
type ShareLinkView struct {
	ID        issuer.ShareLinkID
	Label     string
	Opened    int
	ExpiresAt time.Time
	CreatedAt time.Time
	EndedAt   *time.Time
	Open      bool
}

// SharedBadge is what a link shows, and until when.
type SharedBadge struct {
	*PublicBadge
	Link  issuer.ShareLinkID
	Until time.Time
}

// Sharing shows how a badge is shared. Only its holder sees it.
func (r *Registrar) Sharing(ctx context.Context, by issuer.Caller, id issuer.CredentialID) (*Sharing, error) {
	return look(ctx, r, by, func(w *work) (*Sharing, error) {
		a, err := w.seeAward(id)
		if err != nil {
			return nil, err
		}
		if err := w.holds(a.Award); err != nil {
			return nil, err
		}
		links, err := w.ShareLinks(a.Award.ID)
		if err != nil {
			return nil, err
		}
		s := &Sharing{Visibility: a.Visibility}
		for i := range links {
			s.Links = append(s.Links, w.shareLinkView(&links[i]))
		}
		views, err := w.BadgeViews(a.Award.ID)
		from := issuer.DayOf(w.Now.AddDate(0, 0, 1-LatelyDays), time.UTC)
		for _, v := range views {
			s.Seen += v.Seen
			if !v.OnDay.Before(from) {
				s.Lately += v.Seen
			}
		}
		return s, err
	})
}

func (w *work) shareLinkView(l *issuer.ShareLink) ShareLinkView {
	return ShareLinkView{l.ID, l.Label, l.Opened, l.ExpiresAt, l.CreatedAt, l.EndedAt, l.Open(w.Now)}
}

// holds lets through the holder of an award.
func (w *work) holds(a *issuer.Award) error {
	if w.by.Person == "" || w.by.Person != a.PersonID {
		return forbid("Only its holder decides how a badge is shared.")
	}
	return nil
}

// AddShareLink makes a link that shows a badge for so many days, and gives its
// secret, which is not kept. Only the holder may.
func (r *Registrar) AddShareLink(ctx context.Context, by issuer.Caller, id issuer.CredentialID, label string, days int) (link *ShareLinkView, secret string, err error) {
	secret = rand.Text()
	link, err = act(ctx, r, by, "credential.share", string(id), func(w *work) (*ShareLinkView, error) {
		a, err := w.lockAward(id)
		if err != nil {
			return nil, err
		}
		if err := w.holds(a.Award); err != nil {
			return nil, err
		}
		label, err := cleanLine("label", label, issuer.MaxShareLabel)
		if err != nil {
			return nil, err
		}
		if days < 1 || days > issuer.MaxShareDays {
			return nil, issuer.Wrong("days", "A link is open for 1 to %d days.", issuer.MaxShareDays)
		}
		links, err := w.ShareLinks(a.Award.ID)
		if err != nil {
			return nil, err
		}
		open := 0
		for _, l := range links {
			if l.Open(w.Now) {
				open++
			}
		}
		if open >= issuer.MaxShareLinks {
			return nil, issuer.Refuse(issuer.Conflict, "This badge has %d open links; end one first.", open)
		}
		l := &issuer.ShareLink{ID: issuer.ShareLinkID(rand.Text()), IssuerID: w.us.ID, AwardID: a.Award.ID, Label: label, Hash: secretHash(secret),
			ExpiresAt: w.Now.AddDate(0, 0, days), CreatedAt: w.Now}
		w.note("link", l.ID)
		v := w.shareLinkView(l)
		return &v, w.Tx.AddShareLink(l)
	})
	return link, secret, err
}

// EndShareLink ends a link of a badge. Only the holder may; doing it again
// changes nothing.
func (r *Registrar) EndShareLink(ctx context.Context, by issuer.Caller, id issuer.CredentialID, link issuer.ShareLinkID) error {
	_, err := act(ctx, r, by, "credential.unshare", string(id), func(w *work) (struct{}, error) {
		a, err := w.lockAward(id)
		if err != nil {
			return struct{}{}, err
		}
		if err := w.holds(a.Award); err != nil {
			return struct{}{}, err
		}
		l, err := w.ShareLink(link)
		if err != nil {
			return struct{}{}, err
		}
		if l.AwardID != a.Award.ID {
			return struct{}{}, noLink()
		}
		w.note("link", l.ID)
		if !l.End(w.Now) {
			return struct{}{}, nil
		}
		return struct{}{}, w.SaveShareLink(l)
	})
	return err
}

// noLink is the one answer for links that never were and those that ended.
func noLink() error { return issuer.Refuse(issuer.NotFound, "There is nothing at this link any more.") }

// Shared shows the badge of a link, also one that its holder took down: the link
// is their word for its time. One that ended is NotFound, as one that never was.
func (p *Published) Shared(ctx context.Context, secret string) (*SharedBadge, error) {
	return store.Read(ctx, p.Store, func(tx *store.Tx) (*SharedBadge, error) {
		l, err := tx.ShareLinkOf(secretHash(secret))
		if errors.Is(err, issuer.NotFound) || err == nil && !l.Open(tx.Now) {
			return nil, noLink()
		}
		if err != nil {
			return nil, err
		}
		a, err := tx.Award(l.AwardID)
		if err != nil {
			return nil, err
		}
		w := &work{Tx: tx, r: &Registrar{BaseURL: p.BaseURL}}
		if err := w.identify(); err != nil {
			return nil, err
		}
		v, err := w.badgeOf(a)
		if err != nil {
			return nil, err
		}
		c, err := tx.Credential(v.ID)
		if err != nil {
			return nil, err
		}
		b, err := w.publicBadge(c, a)
		return &SharedBadge{b, l.ID, l.ExpiresAt}, err
	})
}
