package issuer

import (
	"regexp"
	"time"
)

// MailAction is what a mail server says became of a mail for a recipient (RFC 3464 §2.3.3).
type MailAction string

// The kinds. Relayed and expanded are deliveries of which nobody tells the end.
const (
	DeliveryFailed   MailAction = "failed"
	DeliveryDelayed  MailAction = "delayed"
	DeliveryMade     MailAction = "delivered"
	DeliveryRelayed  MailAction = "relayed"
	DeliveryExpanded MailAction = "expanded"
)

// Bounce is a mail server's report of what became of a mail.
type Bounce struct {
	Mark   string // of the mail, out of its Message-ID
	Action MailAction
	Status string // RFC 3463 §2, such as 5.1.1; "" if there is none
}

// MailStatus is how a status code is written (RFC 3463 §2).
var MailStatus = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}$`)

// Report notes what a mail server tells of the message, and whether that changed
// anything. What failed for good bounced; where the server gave up after faults
// that pass, the address may be good, and the message was given up. A report of
// a delay is noted while it is sent, one of a success changes nothing: a mail that
// came back stays so.
func (m *Message) Report(b Bounce, at time.Time) (changed bool) {
	if m.BouncedAt != nil || m.State != "sent" || m.Withheld != "" {
		return false
	}
	was := *m
	in := ""
	if b.Status != "" {
		in = " (" + b.Status + ")"
	}
	switch {
	case b.Action == DeliveryDelayed:
		m.Problem = "The mail server of its reader has not taken it yet" + in + "."
	case b.Action == DeliveryFailed && b.Status != "" && b.Status[0] == '4':
		m.State, m.Problem = mailFailed, "The mail server gave up"+in+"."
	case b.Action == DeliveryFailed:
		m.State, m.BouncedAt, m.Problem = mailFailed, &at, "It came back"+in+"."
	case m.Problem != "":
		m.Problem = ""
	}
	return m.State != was.State || m.Problem != was.Problem
}
