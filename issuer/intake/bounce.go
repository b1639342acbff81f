package intake

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"

	"hallmark/issuer"
)

// MaxBounce is how many bytes a report of a mail server may have.
const MaxBounce = 256 << 10

// Bounds of what is read of a report.
const (
	bounceParts  = 20
	bounceGroups = 50
)

// errNoReport refuses what is no report of a mail server.
var errNoReport = issuer.Refuse(issuer.Invalid, "This is no delivery status notification (RFC 3464) about a mail.")

// Bounce reads a delivery status notification (RFC 3464): a message of the type
// multipart/report with what became of a mail and the beginning of that mail. Of
// several recipients one who got it is enough: ours go to one address, and what
// comes after is the doing of who has it.
func Bounce(raw []byte) (*issuer.Bounce, error) {
	if len(raw) > MaxBounce {
		return nil, issuer.Refuse(issuer.Invalid, "A report of a mail server has at most %d bytes.", MaxBounce)
	}
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, errNoReport
	}
	media, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || media != "multipart/report" || !strings.EqualFold(params["report-type"], "delivery-status") || params["boundary"] == "" {
		return nil, errNoReport
	}
	b := &issuer.Bounce{}
	parts := multipart.NewReader(message.Body, params["boundary"])
	for range bounceParts {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errNoReport
		}
		if err := readPart(b, part); err != nil {
			return nil, errNoReport
		}
	}
	if b.Mark == "" { // the mail itself may be left out (RFC 6522 §3)
		b.Mark = markOf(message.Header.Get("In-Reply-To"))
	}
	if b.Mark == "" || b.Action == "" {
		return nil, errNoReport
	}
	return b, nil
}

// readPart takes out of a part what it tells.
func readPart(b *issuer.Bounce, part *multipart.Part) error {
	media, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
	if err != nil {
		return nil // a part for people
	}
	var body io.Reader = part
	switch strings.ToLower(strings.TrimSpace(part.Header.Get("Content-Transfer-Encoding"))) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, part)
	case "quoted-printable":
		body = quotedprintable.NewReader(part)
	}
	lines := textproto.NewReader(bufio.NewReader(body))
	switch media {
	case "message/delivery-status", "message/global-delivery-status":
		return readStatus(b, lines)
	case "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers":
		header, err := lines.ReadMIMEHeader()
		if b.Mark == "" && (err == nil || errors.Is(err, io.EOF)) {
			b.Mark = markOf(header.Get("Message-Id"))
		}
	}
	return nil
}

// readStatus reads groups of fields: one about the mail, and one about each of
// its recipients (RFC 3464 §2.1).
func readStatus(b *issuer.Bounce, lines *textproto.Reader) error {
	for range bounceGroups {
		fields, err := lines.ReadMIMEHeader()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		action := issuer.MailAction(strings.ToLower(strings.TrimSpace(fields.Get("Action"))))
		if slices.Contains(deliveries, action) && (b.Action == "" || slices.Index(deliveries, action) > slices.Index(deliveries, b.Action)) {
			b.Action, b.Status = action, ""
			if status, _, _ := strings.Cut(strings.TrimSpace(fields.Get("Status")), " "); issuer.MailStatus.MatchString(status) {
				b.Status = status
			}
		}
		if err != nil {
			return nil
		}
	}
	return nil
}

// deliveries go from what counts least of several recipients to what counts most.
var deliveries = []issuer.MailAction{issuer.DeliveryFailed, issuer.DeliveryDelayed, issuer.DeliveryExpanded, issuer.DeliveryRelayed, issuer.DeliveryMade}

// markOf is the mark in a Message-ID of ours, "" if there can be none in it.
func markOf(id string) string {
	id, ok := strings.CutPrefix(strings.TrimSpace(id), "<")
	mark, _, at := strings.Cut(id, "@")
	if !ok || !at || len(mark) < 20 || len(mark) > 64 || strings.Trim(mark, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		return ""
	}
	return strings.ToUpper(mark)
}
