package api

import (
	"strconv"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// list is every list on the wire.
type list[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

func listOf[V, T any](l *registrar.List[V], shape func(V) T) list[T] {
	out := list[T]{Items: make([]T, 0, len(l.Items)), Next: optional(l.Next)}
	for _, v := range l.Items {
		out.Items = append(out.Items, shape(v))
	}
	return out
}

// optional makes an empty text null.
func optional[S ~string](s S) *string {
	if s == "" {
		return nil
	}
	text := string(s)
	return &text
}

// named is a thing with a code; null where there is none.
func named(n registrar.Named) *registrar.Named {
	if n.ID == "" {
		return nil
	}
	return &n
}

// personRef is how a request names a person.
type personRef struct {
	Email string          `json:"email"`
	ID    issuer.PersonID `json:"id"`
}

func (p personRef) ref() (registrar.PersonRef, error) {
	if (p.Email == "") == (p.ID == "") {
		return registrar.PersonRef{}, issuer.Wrong("person", "Name the person by “email” or by “id”, one of them.")
	}
	return registrar.PersonRef{ID: p.ID, Email: p.Email}, nil
}

// credential is a badge on the wire.
type credential struct {
	ID          issuer.CredentialID  `json:"id"`
	URL         string               `json:"url"`
	State       issuer.AwardState    `json:"state"`
	Achievement achievementRef       `json:"achievement"`
	Person      registrar.PersonName `json:"person"`
	AwardedAt   time.Time            `json:"awardedAt"` // the day of the fact, as it was signed
	IssuedAt    time.Time            `json:"issuedAt"`
	ValidUntil  *time.Time           `json:"validUntil"`
	Revoked     *revocation          `json:"revoked,omitempty"`
	Suspended   *suspension          `json:"suspended,omitempty"`
	ReplacedBy  *string              `json:"replacedBy,omitempty"`
	Renews      *string              `json:"renews,omitempty"`
	RenewedBy   *string              `json:"renewedBy,omitempty"`
	Links       links                `json:"links"`
}

type achievementRef struct {
	ID      issuer.AchievementID `json:"id"`
	Code    string               `json:"code"`
	Version int                  `json:"version"`
	Name    string               `json:"name"`
}

type revocation struct {
	Code   string     `json:"code"`
	Reason string     `json:"reason"`
	At     *time.Time `json:"at"`
}

type suspension struct {
	Reason string     `json:"reason"`
	At     *time.Time `json:"at"`
}

// links to the forms of a badge.
type links struct {
	Page string `json:"page"`
	JSON string `json:"json"`
	JWT  string `json:"jwt"`
	PNG  string `json:"png"`
	SVG  string `json:"svg"`
	QR   string `json:"qr"`
}

func credentialOf(b registrar.BadgeView) credential {
	c := credential{
		ID: b.ID, URL: b.URL, State: b.State, Person: b.Person,
		Achievement: achievementRef{b.Achievement.ID, b.Achievement.Code, b.Achievement.Version, b.Achievement.Name},
		AwardedAt:   b.AwardedOn.Time(), IssuedAt: b.IssuedAt, ValidUntil: b.ValidUntil,
		Links: links{Page: b.URL, JSON: b.URL + ".json", JWT: b.URL + ".jwt", PNG: b.URL + ".png", SVG: b.URL + ".svg", QR: b.URL + "/qr.png"},
	}
	if b.State == issuer.Revoked {
		c.Revoked = &revocation{b.RevokedCode, b.RevokedReason, b.RevokedAt}
	}
	if b.State == issuer.Suspended {
		c.Suspended = &suspension{b.SuspendedReason, b.SuspendedAt}
	}
	c.ReplacedBy, c.Renews, c.RenewedBy = optional(b.ReplacedBy), optional(b.Renews), optional(b.RenewedBy)
	return c
}

func credentialsOf(badges []registrar.BadgeView) []credential {
	out := make([]credential, 0, len(badges))
	for _, b := range badges {
		out = append(out, credentialOf(b))
	}
	return out
}

// completion is a recorded completion on the wire.
type completion struct {
	ID          issuer.CompletionID  `json:"id"`
	Person      registrar.PersonName `json:"person"`
	Module      registrar.Named      `json:"module"`
	Program     registrar.Named      `json:"program"`
	Cohort      *registrar.Named     `json:"cohort"`
	CompletedOn issuer.Day           `json:"completedOn"`
	Score       *score               `json:"score"`
	Passed      bool                 `json:"passed"`
	Source      string               `json:"source"`
	RecordedAt  time.Time            `json:"recordedAt"`

	Delivery        issuer.Delivery `json:"delivery,omitempty"`
	WithdrawnAt     *time.Time      `json:"withdrawnAt,omitempty"`
	WithdrawnReason string          `json:"withdrawnReason,omitempty"`
}

type score struct {
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

func completionOf(v registrar.CompletionView) completion {
	c := completion{
		ID: v.ID, Person: v.Person, Module: v.Module, Program: v.Program, Cohort: named(v.Cohort),
		CompletedOn: v.CompletedOn, Passed: v.Passed, Source: v.Source, RecordedAt: v.RecordedAt,
		Delivery: v.Delivery, WithdrawnAt: v.WithdrawnAt, WithdrawnReason: v.WithdrawnReason,
	}
	if n, err := strconv.ParseFloat(v.Score, 64); err == nil {
		c.Score = &score{n, v.Unit}
	}
	return c
}
