package intake

import (
	"bytes"
	"strings"
	"testing"

	"hallmark/issuer"
)

// report is a notification in the manner of RFC 3464 appendix A, with what groups
// of fields say and what is returned of the mail.
func report(groups, returned string) string {
	return strings.ReplaceAll(`Return-Path: <>
From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example.com>
To: badges@academy.example
Subject: Returned mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="RAA14128.773615765/mx.example.com"

--RAA14128.773615765/mx.example.com

The original message was not delivered.

--RAA14128.773615765/mx.example.com
content-type: message/delivery-status

Reporting-MTA: dns; mx.example.com

`+groups+`

--RAA14128.773615765/mx.example.com
`+returned+`
--RAA14128.773615765/mx.example.com--
`, "\n", "\r\n")
}

const (
	aMark    = "ABCDEFGHIJKLMNOPQRSTUVWXY2"
	original = "content-type: message/rfc822\n\nMessage-ID: <abcdefghijklmnopqrstuvwxy2@badges.example.org>\nFrom: a@b.example\n\nHello.\n"
	headers  = "content-type: text/rfc822-headers\n\nSubject: x\nMessage-ID: <abcdefghijklmnopqrstuvwxy2@badges.example.org>\n"
)

func recipient(action, status string) string {
	return "Original-Recipient: rfc822;ann@example.com\nFinal-Recipient: rfc822;ann@example.com\nAction: " + action + "\nStatus: " + status + "\nDiagnostic-Code: smtp; x\n"
}

// TestBounce: reports of each kind are read, in the shapes that mail servers give
// them, and nothing else is.
func TestBounce(t *testing.T) {
	for name, test := range map[string]struct {
		raw  string
		want issuer.Bounce
	}{
		"failed":         {report(recipient("failed", "5.1.1"), original), issuer.Bounce{Mark: aMark, Action: issuer.DeliveryFailed, Status: "5.1.1"}},
		"with a comment": {report(recipient("Failed", "5.1.1 (no such user)"), original), issuer.Bounce{Mark: aMark, Action: issuer.DeliveryFailed, Status: "5.1.1"}},
		"gave up":        {report(recipient("failed", "4.4.7"), headers), issuer.Bounce{Mark: aMark, Action: issuer.DeliveryFailed, Status: "4.4.7"}},
		"delayed":        {report(recipient("delayed", "4.2.2"), headers), issuer.Bounce{Mark: aMark, Action: issuer.DeliveryDelayed, Status: "4.2.2"}},
		"delivered":      {report(recipient("delivered", "2.1.5"), headers), issuer.Bounce{Mark: aMark, Action: issuer.DeliveryMade, Status: "2.1.5"}},
		"no status":      {report(recipient("failed", "five"), headers), issuer.Bounce{Mark: aMark, Action: issuer.DeliveryFailed}},
		"one of two got it": {report(recipient("failed", "5.1.1")+"\n"+recipient("relayed", "2.0.0"), headers),
			issuer.Bounce{Mark: aMark, Action: issuer.DeliveryRelayed, Status: "2.0.0"}},
		"in base64": {report(recipient("failed", "5.2.2"), "content-type: message/rfc822\ncontent-transfer-encoding: base64\n\n"+
			"TWVzc2FnZS1JRDogPGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHkyQGJhZGdlcy5leGFtcGxlLm9yZz4NCg0KSGVsbG8uDQo=\n"), issuer.Bounce{Mark: aMark, Action: issuer.DeliveryFailed, Status: "5.2.2"}},
		"nothing returned": {strings.Replace(report(recipient("failed", "5.1.1"), "content-type: text/plain\n\nx"), "Subject:", "In-Reply-To: <"+aMark+"@x>\r\nSubject:", 1),
			issuer.Bounce{Mark: aMark, Action: issuer.DeliveryFailed, Status: "5.1.1"}},
	} {
		got, err := Bounce([]byte(test.raw))
		if err != nil || *got != test.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	good := report(recipient("failed", "5.1.1"), original)
	for name, raw := range map[string]string{
		"nothing":            "",
		"a mail":             "From: a@b.example\r\nContent-Type: text/plain\r\n\r\nHello.\r\n",
		"another report":     strings.Replace(good, "delivery-status;", "disposition-notification;", 1),
		"no boundary":        strings.Replace(good, "boundary=", "x=", 1),
		"cut off":            good[:strings.Index(good, "Action:")],
		"no action of ours":  report(recipient("vanished", "5.1.1"), original),
		"an id of another":   strings.Replace(good, "<abcdef", "<1-", 1),
		"no id":              strings.Replace(good, "Message-ID", "X", 1),
		"too large":          good + strings.Repeat("x", MaxBounce),
		"parts without end":  strings.Replace(good, "\r\n--RAA14128.773615765/mx.example.com\r\ncontent-type: message/rfc822", strings.Repeat("\r\n--RAA14128.773615765/mx.example.com\r\n\r\nx", 30)+"\r\n--RAA14128.773615765/mx.example.com\r\ncontent-type: message/rfc822", 1),
		"a header for ever":  "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n" + strings.Repeat("a", 1000) + "\r\n",
		"only bytes":         string(bytes.Repeat([]byte{0xff, 0}, 500)),
		"another's boundary": strings.ReplaceAll(good, "\r\n--RAA", "\r\n--RAB"),
	} {
		if got, err := Bounce([]byte(raw)); err == nil {
			t.Errorf("%s is read as %+v", name, got)
		}
	}
}

// FuzzBounce: whatever is handed in, what is taken out of it is a mark, a known
// action and a status, or nothing.
func FuzzBounce(f *testing.F) {
	f.Add([]byte(report(recipient("failed", "5.1.1"), original)))
	f.Add([]byte(report(recipient("delayed", "4.2.2")+"\n"+recipient("failed", "5.1.1"), headers)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := Bounce(raw)
		if err != nil {
			return
		}
		if len(b.Mark) < 20 || b.Mark != strings.ToUpper(b.Mark) || b.Action == "" || b.Status != "" && !issuer.MailStatus.MatchString(b.Status) {
			t.Errorf("%+v", b)
		}
	})
}
