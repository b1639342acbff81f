package main

import (
	"strings"
	"testing"
)

// TestBounce: a report about no mail of ours, and what is no report at all, end
// well, with a word; where the records cannot be opened the mail server is asked
// to come again.
func TestBounce(t *testing.T) {
	report := "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n" +
		"Action: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <" + strings.Repeat("a", 26) + "@badges.example>\r\n\r\n--b--\r\n"
	data := t.TempDir()
	must(t, "admin", "add", "root@example.org", "--data", data)
	for in, want := range map[string]string{report: "There is no such mail", "Hello.": "no delivery status notification", "": "no delivery status notification"} {
		if out, errs, code := hallmark(t, in, "bounce", "--data", data); code != exitDone || out != "" || !strings.Contains(errs, want) {
			t.Errorf("%.20q: exit %d, %q, %q", in, code, out, errs)
		}
	}
	if _, errs, code := hallmark(t, report, "bounce", "--data", data, "--db", t.TempDir()); code != exitTryAgain {
		t.Errorf("records that cannot be opened: exit %d, %q", code, errs)
	}
}
