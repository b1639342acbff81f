package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hallmark/issuer/issuertest"
	"hallmark/issuer/store"
)

// TestBounces: the report of a mail server is taken as it came, from a client with
// the scope; of a mail that is not known nothing is told.
func TestBounces(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{})
	c := readContract(t)
	c.send(t, s, "owner", "POST", "/api/v1/completions", `{"person":{"email":"`+issuertest.Address("learner")+`"},"module":"M1","cohort":"craft-1","score":{"value":100,"unit":"percent"}}`, 201)
	mark, err := store.Write(t.Context(), s.Store, func(tx *store.Tx) (string, error) {
		all, err := tx.ClaimMessages("mail", 100, time.Minute)
		if err != nil || len(all) == 0 {
			return "", fmt.Errorf("%d mails, %w", len(all), err)
		}
		all[0].State, all[0].SentAt = "sent", &tx.Now
		return all[0].Mark, tx.SaveMessage(&all[0])
	})
	if err != nil {
		t.Fatal(err)
	}
	report := func(mark string) string {
		return strings.ReplaceAll("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"+
			"Final-Recipient: rfc822; ann@example.com\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <"+strings.ToLower(mark)+"@badges.example>\n\n--b--\n", "\n", "\r\n")
	}
	const at, rfc822 = "/api/v1/bounces", "message/rfc822"
	type answer struct {
		Mail struct {
			Standing, Status string
			Changed          bool
		}
	}
	for n := range 2 {
		var a answer
		c.send(t, s, "lms", "POST", at, report(mark), 200, "Content-Type", rfc822).JSON(t, &a)
		if a.Mail.Standing != "bounced" || a.Mail.Status != "5.1.1" || a.Mail.Changed != (n == 0) {
			t.Errorf("%d: %+v", n, a)
		}
	}
	c.send(t, s, "bare", "POST", at, report(mark), 403, "Content-Type", rfc822)
	c.send(t, s, "lms", "POST", at, report(strings.Repeat("A", 26)), 404, "Content-Type", rfc822)
	c.send(t, s, "lms", "POST", at, "Subject: hello\r\n\r\nHello.", 422, "Content-Type", rfc822)
	c.send(t, s, "lms", "POST", at, "{}", 415, "Content-Type", "application/json")
	c.send(t, s, "lms", "POST", at, report(mark)+strings.Repeat("x", 256<<10), 413, "Content-Type", rfc822)
}
