package templates

import (
	"encoding/json"
	"io/fs"
	"path"
	"strings"
	"testing"
)

// mailData is what each mail needs, as it comes out of the outbox: JSON.
var mailData = map[string]string{
	"approval-awaited":   `{"Name":"Max <b>","Title":"Invoices","Team":"Ada & Bo","Cohort":"Autumn 2026","Link":"https://badges.example.org/review/X"}`,
	"signed-in":          `{"Name":"Ada <b>","Device":"Firefox on Linux","At":"2026-11-21 09:00","Issuer":"Academy","Ask":"academy@example.org","Link":"https://badges.example.org/account"}`,
	"address-confirm":    `{"Name":"Ada <b>","Address":"ada@home.example","Issuer":"Academy","Minutes":60,"Link":"https://badges.example.org/account/address?t=x&y=1"}`,
	"account-changed":    `{"Name":"Ada <b>","What":"address-added","Address":"<b>ada@home.example","Ask":"academy@example.org","Link":"https://badges.example.org/account"}`,
	"digest":             `{"Name":"Ada <b>","Items":[{"Subject":"One","Link":"https://badges.example.org/v/1"},{"Subject":"<script>Two","Link":"https://badges.example.org/v/2"}],"Link":"https://badges.example.org/home"}`,
	"wallet-code":        `{"Name":"Ada <b>","Badge":"First <b>","Code":"012345","Minutes":10}`,
	"step-up":            `{"Name":"Ada <b>","Code":"012345","Minutes":10}`,
	"passkey-added":      `{"Name":"Ada <b>","Passkey":"<script>phone</script>","Issuer":"Academy","Ask":"desk@academy.example.org","Link":"https://badges.example.org/account"}`,
	"sign-in":            `{"Link":"https://badges.example.org/signin/link?t=x&y=1","Minutes":15}`,
	"invitation":         `{"Name":"Ada <b>","Program":"Makers","Link":"https://badges.example.org/home"}`,
	"address-changed":    `{"Name":"Ada <b>","Issuer":"Academy","Ask":"academy@example.org","Link":"https://badges.example.org/signin"}`,
	"appeal-made":        `{"Name":"Max <b>","Title":"Invoices <script>","Link":"https://badges.example.org/requests"}`,
	"appeal-answered":    `{"Name":"Ada <b>","Title":"Invoices","Reopened":false,"Answer":"<script>Because.","Link":"https://badges.example.org/capstones/X"}`,
	"name-asked":         `{"Name":"Max <b>","Person":"Ada <script>","Link":"https://badges.example.org/requests"}`,
	"name-answered":      `{"Name":"Ada <b>","Done":false,"Wanted":"Ada <script>","Answer":"<b>No.","Link":"https://badges.example.org/account/name"}`,
	"badge-ending":       `{"Name":"Ada <b>","Badge":"Safe by\nDefault","Issuer":"Academy","Until":"2027-01-31","How":"module","What":"The <b>module","Ask":"academy@example.org","Link":"https://badges.example.org/v/X"}`,
	"badge-issued":       `{"Name":"Ada <b>","Badge":"Safe by\nDefault","Issuer":"Academy","Link":"https://badges.example.org/v/X"}`,
	"badge-renewed":      `{"Name":"Ada <b>","Badge":"Safe by\nDefault","Issuer":"Academy","Until":"2029-01-31","Link":"https://badges.example.org/v/X"}`,
	"badge-replaced":     `{"Name":"Ada <b>","Badge":"Safe by\nDefault","Issuer":"Academy","Reason":"The <script>name</script> was misspelt.","Link":"https://badges.example.org/v/X"}`,
	"badge-revoked":      `{"Name":"Ada <b>","Badge":"Safe by\nDefault","Issuer":"Academy","Code":"other","Reason":"<b>Copied.","Also":"“Base”","Ask":"academy@example.org","Link":"https://badges.example.org/v/X"}`,
	"team-joined":        `{"Name":"Ada <b>","Title":"Invoices","By":"Bo","Link":"https://badges.example.org/capstones/X"}`,
	"scope-submitted":    `{"Name":"Max <b>","Title":"Invoices","Team":"Ada & Bo","Cohort":"Autumn 2026","Link":"https://badges.example.org/scopes/X"}`,
	"scope-approved":     `{"Name":"Ada <b>","Title":"Invoices","Reviewer":"Max","Note":"<b>Good.","Link":"https://badges.example.org/capstones/X"}`,
	"scope-returned":     `{"Name":"Ada <b>","Title":"Invoices","Reviewer":"Max","Note":"Leave <script>names</script> out.","Link":"https://badges.example.org/capstones/X"}`,
	"impact-confirm":     `{"Title":"Invoices","Team":"Ada & Bo","Issuer":"Academy","Measure":"<b>Hours","Before":"40","After":"5","Unit":"hours","Period":"a month","Link":"https://badges.example.org/impact/X"}`,
	"question-confirm":   `{"Badge":"Safe <b>","Issuer":"Academy","Hours":48,"Link":"https://badges.example.org/asked/X"}`,
	"question-answered":  `{"Name":"Kim <b>","Badge":"Safe <b>","Issuer":"Academy","Words":"Is <script>it?","Answer":"<b>Yes.","Link":"https://badges.example.org/v/X"}`,
	"question-asked":     `{"Name":"Max <b>","What":"waiting","Badge":"Safe <b>","Link":"https://badges.example.org/requests"}`,
	"badge-asked":        `{"Name":"Ada <b>","What":"asked","Badge":"Safe <b>","Link":"https://badges.example.org/badges/X"}`,
	"concern":            `{"Name":"Ada <b>","What":"new","Link":"https://badges.example.org/concerns/X"}`,
	"capstone-returned":  `{"Name":"Ada <b>","Title":"Invoices","Reviewer":"Max","Note":"Say <script>alert(1)</script> why.","Link":"https://badges.example.org/capstones/X"}`,
	"capstone-submitted": `{"Name":"Max <b>","Title":"Invoices","Team":"Ada & Bo","Cohort":"Autumn 2026","Link":"https://badges.example.org/review/X"}`,

	"claim-taken":         `{"Name":"Max <b>","Title":"Invoices","By":"Lee <b>","Note":"It <script>cannot</script> wait.","Link":"https://badges.example.org/review/X"}`,
	"claim-ending":        `{"Name":"Max <b>","Title":"Invoices <b>","Link":"https://badges.example.org/review/X"}`,
	"claim-ended":         `{"Name":"Max <b>","Title":"Invoices\nBcc: x","Link":"https://badges.example.org/review/X"}`,
	"feedback-opened":     `{"Name":"Max <b>","Title":"Half-way\n<b>","Cohort":"Autumn <b>","Until":"2026-12-01","Link":"https://badges.example.org/feedback"}`,
	"feedback-ending":     `{"Name":"Max <b>","Title":"Half-way","Cohort":"Autumn <b>","Until":"2026-12-01","Link":"https://badges.example.org/feedback"}`,
	"claim-handed":        `{"Name":"Max <b>","Title":"Invoices","By":"Lee <b>","Note":"I am away.","Link":"https://badges.example.org/review/X"}`,
	"approval-taken-back": `{"Name":"Ada <b>","Title":"Invoices","Badges":"“Maker <b>”","Link":"https://badges.example.org/capstones/X"}`,
}

func TestMails(t *testing.T) {
	set := open(t, Config{})
	names, err := fs.Glob(files, "mail/*.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != len(mailData)+1 {
		t.Errorf("%d mails, but data for %d", len(names)-1, len(mailData))
	}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".tmpl")
		if name == "layout" {
			continue
		}
		var data map[string]any
		if err := json.Unmarshal([]byte(mailData[name]), &data); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		subject, text, html, err := set.Mail("", name, json.RawMessage(mailData[name]))
		if err != nil {
			t.Error(err)
			continue
		}
		link, _ := data["Link"].(string) // a code has none, so that nobody learns to follow a link for one
		if subject == "" || strings.ContainsAny(subject, "\r\n") || !strings.Contains(text, link) || strings.Contains(text, "&amp;") {
			t.Errorf("%s: subject %q, text %q", name, subject, text)
		}
		if link != "" && !strings.Contains(html, `<a href="`+strings.ReplaceAll(link, "&", "&amp;")+`"`) || strings.Contains(html, "<script") || strings.Contains(html, "<b>") || strings.Contains(html, "ZgotmplZ") {
			t.Errorf("%s: %s", name, html)
		}
		for missing := range data {
			less := map[string]any{}
			for k, v := range data {
				if k != missing {
					less[k] = v
				}
			}
			if _, _, _, err := set.Mail("", name, less); err == nil {
				t.Errorf("%s went out without %s", name, missing)
			}
		}
	}
	if _, _, _, err := set.Mail("", "sign-in", json.RawMessage("{")); err == nil {
		t.Error("a mail with broken data went out")
	}
	if _, _, _, err := set.Mail("", "none", nil); err == nil {
		t.Error("a mail that is none went out")
	}
}

// TestMailLanguages: every mail is there in every language, and its lines run the
// way of the language.
func TestMailLanguages(t *testing.T) {
	set := open(t, Config{})
	for name, data := range mailData {
		seen := map[string]string{}
		for _, l := range Languages() {
			subject, text, html, err := set.Mail(l.Tag, name, json.RawMessage(data))
			if err != nil || !strings.Contains(html, `<html lang="`+l.Tag+`" dir="`+l.Dir+`">`) {
				t.Errorf("%s in %s: %v\n%s", name, l.Tag, err, html)
			}
			if other := seen[subject+text]; other != "" {
				t.Errorf("%s says the same in %s and %s", name, l.Tag, other)
			}
			seen[subject+text] = l.Tag
		}
	}
}

// TestMailStop: a mail that can be stopped says how, in both forms.
func TestMailStop(t *testing.T) {
	const stop = "https://badges.example.org/mail/stop?t=X"
	set := open(t, Config{})
	w, err := regions[0].spoken()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range mailData {
		with := strings.Replace(data, "{", `{"Stop":"`+stop+`",`, 1)
		_, text, html, err := set.Mail("", name, json.RawMessage(with))
		if err != nil || !strings.Contains(text, stop) || !strings.Contains(html, `href="`+stop+`"`) {
			t.Errorf("%s: %v\n%s\n%s", name, err, text, html)
		}
		if !w.has("moment", name) {
			t.Errorf("%s has no name on the page of mails", name)
		}
		_, text, html, err = set.Mail("", name, json.RawMessage(data))
		if err != nil || strings.Contains(text+html, "/mail/stop") {
			t.Errorf("%s without a way to stop it: %v", name, err)
		}
	}
}
