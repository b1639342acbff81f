package issuer

import (
	"slices"
	"time"
)

// Moment is what a mail is about, by the name of its template.
type Moment string

// DigestMoment is the mail that brings several others as one.
const DigestMoment Moment = "digest"

// Moments are the mails that a person may stop or have once a day, in the order
// in which they are asked about. All others are about signing in and the safety
// of the account and always go.
var Moments = []Moment{
	"badge-issued", "badge-renewed", "badge-replaced", "badge-revoked", "badge-ending",
	"capstone-submitted", "capstone-returned", "approval-awaited", "claim-taken", "claim-handed", "claim-ending", "claim-ended",
	"approval-taken-back", "team-joined", "concern", "question-asked", "badge-asked",
	"scope-submitted", "scope-approved", "scope-returned",
	"name-asked", "name-answered", "appeal-made", "appeal-answered",
	"feedback-opened", "feedback-ending",
}

// Stoppable tells whether a person may go without mails of the moment.
func (m Moment) Stoppable() bool { return m == DigestMoment || slices.Contains(Moments, m) }

// Secret tells whether a mail brings something that lets someone in: then it is
// forgotten once it is sent or given up, and cannot be sent again.
func (m Moment) Secret() bool {
	switch m {
	case "sign-in", "step-up", "address-confirm", "invitation", "question-confirm", "wallet-code":
		return true
	}
	return false
}

// MailChoice is what a person said of the mails of a moment.
type MailChoice struct {
	PersonID PersonID
	Moment   Moment
	IssuerID IssuerID
	Choice   string
}

// The choices; AtOnce is that of who said nothing.
const (
	MailAtOnce = "at once"
	MailDaily  = "daily"
	MailOff    = "off"
)

// How mails for one person become a digest: from the FloodAfter-th within
// FloodWithin on they wait FloodPause and go together.
const (
	FloodAfter  = 5
	FloodWithin = time.Hour
	FloodPause  = time.Hour
)

// MorningHour is when the daily digest goes, by the clock of its reader.
const MorningHour = 7

// NextMorning is the next MorningHour after a time, in a zone; one that is
// unknown or "" is UTC.
func NextMorning(at time.Time, zone string) time.Time {
	place, err := time.LoadLocation(zone)
	if err != nil {
		place = time.UTC
	}
	here := at.In(place)
	morning := time.Date(here.Year(), here.Month(), here.Day(), MorningHour, 0, 0, 0, place)
	if !morning.After(at) {
		morning = time.Date(here.Year(), here.Month(), here.Day()+1, MorningHour, 0, 0, 0, place)
	}
	return morning.UTC()
}

// Standing is where a mail stands, as pages call it.
type Standing string

// The standings.
const (
	MailQueued   Standing = "queued"   // goes, or is tried again, by itself
	MailWaits    Standing = "waits"    // for others to go with
	MailSent     Standing = "sent"     // the mail server took it
	MailBundled  Standing = "bundled"  // it went in a digest
	MailStopped  Standing = "stopped"  // its reader wants none of these
	MailBounced  Standing = "bounced"  // its address does not take mail
	MailGivenUp  Standing = "given-up" // after many tries, or because it was too old
	mailFailed            = "failed"
	withheldOff           = "off"
	withheldFold          = "digest"
)

// Standings lists them in the order of a filter.
var Standings = []Standing{MailQueued, MailWaits, MailSent, MailBundled, MailStopped, MailBounced, MailGivenUp}

// Standing tells where the message stands.
func (m *Message) Standing() Standing {
	switch {
	case m.BouncedAt != nil:
		return MailBounced
	case m.Withheld == withheldOff:
		return MailStopped
	case m.Withheld == withheldFold:
		return MailBundled
	case m.State == mailFailed:
		return MailGivenUp
	case m.State == "queued" && m.Held:
		return MailWaits
	}
	return Standing(m.State)
}

// Resendable tells whether a message can go once more: it ended without
// arriving, and what it says is still known.
func (m *Message) Resendable() bool {
	return m.State == mailFailed && m.Data != "" || m.State == "queued"
}

// Stopped ends a message that its reader does not want.
func (m *Message) Stopped() { m.State, m.Withheld, m.Data, m.Held = "sent", withheldOff, "", false }

// Bundled ends a message that goes in a digest.
func (m *Message) Bundled() { m.State, m.Withheld, m.Data, m.Held = "sent", withheldFold, "", false }

// Hold lets a message that was claimed wait for others until a time.
func (m *Message) Hold(until time.Time) {
	m.Held, m.NextAt = true, until
	m.Attempts-- // it was not tried
}
