package registrar

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
)

// aBadge gives a badge of someone of the cast, that of M1 if they have none.
func (c *cast) aBadge(who string) issuer.CredentialID {
	c.t.Helper()
	all, err := c.Badges(c.t.Context(), c.as(who))
	c.must(err)
	if len(all) == 0 {
		return c.complete(who, "M1", "2026-10-01", "").Credentials[0].ID
	}
	return all[0].ID
}

// question asks about a badge, from an address of its own, and gives the secret of
// the link that was mailed there.
func (c *cast) question(badge issuer.CredentialID, words string) string {
	c.t.Helper()
	address := fmt.Sprintf("asker%d@example.com", len(c.mailed(c.t, "question-confirm")))
	c.must(c.AskQuestion(c.t.Context(), NewQuestion{Badge: badge, Name: "Kim Reader", Email: address, Words: words, Language: "fr-FR"}))
	return c.askedLink(address)
}

func (c *cast) askedLink(address string) string {
	c.t.Helper()
	for _, m := range c.mailed(c.t, "question-confirm") {
		var said struct{ Link string }
		c.must(json.Unmarshal([]byte(m.Data), &said))
		if m.Recipient == address {
			return said.Link[strings.LastIndex(said.Link, "/")+1:]
		}
	}
	c.t.Fatalf("no link was mailed to %s", address)
	return ""
}

// openQuestion asks and confirms.
func (c *cast) openQuestion(badge issuer.CredentialID, words string) issuer.QuestionID {
	c.t.Helper()
	secret := c.question(badge, words)
	_, err := c.ConfirmQuestion(c.t.Context(), secret)
	c.must(err)
	q, err := store.Read(c.t.Context(), c.Store, func(tx *store.Tx) (*issuer.Question, error) { return tx.QuestionOf(secretHash(secret)) })
	c.must(err)
	return q.ID
}

// asksOf lists who of the cast finds a question at their desk.
func (c *cast) asksOf(id issuer.QuestionID) string {
	c.t.Helper()
	var seen []string
	for _, who := range []string{"lea", "max", "ola", "com", "lee", "far", "owen", "pat", "root", "spo", "none"} {
		v, err := c.Requests(c.t.Context(), c.as(who))
		c.must(err)
		if slices.ContainsFunc(v.Questions, func(q QuestionView) bool { return q.ID == id }) {
			seen = append(seen, who)
		}
	}
	return strings.Join(seen, " ")
}

// TestQuestionToItsAnswer: asked by a stranger, nobody's until it is confirmed,
// answered by mail, told to the holder without a word of it, and forgotten.
func TestQuestionToItsAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, k *Kit) {
		c := newCast(t, k)
		ctx := t.Context()
		badge := c.aBadge("lea")
		ask := NewQuestion{Badge: badge, Name: "Kim Secretname", Email: " Kim@Firm.example", Words: "Did Secretword one happen?", Language: "fr-FR"}
		for range 2 { // a double click
			c.must(c.AskQuestion(ctx, ask))
		}
		sent := c.mailed(t, "question-confirm")
		if len(sent) != 1 || sent[0].Recipient != "kim@firm.example" || sent[0].PersonID != "" || !strings.Contains(sent[0].Data, `"Language":"fr-FR"`) || strings.Contains(sent[0].Data, "Secret") {
			t.Fatalf("%+v", sent)
		}
		if n := len(c.mailed(t, "question-asked")) + len(c.mailed(t, "badge-asked")); n != 0 {
			t.Errorf("%d people heard of a question that nobody confirmed", n)
		}
		secret := c.askedLink("kim@firm.example")
		v, err := c.Asked(ctx, secret)
		c.must(err)
		if v.State != issuer.QuestionAsked || v.Words != ask.Words || v.Badge == "" || !strings.HasSuffix(v.Link, string(badge)) {
			t.Errorf("%+v", v)
		}
		for range 2 {
			if v, err = c.ConfirmQuestion(ctx, secret); err != nil || v.State != issuer.QuestionOpen {
				t.Fatalf("%+v %v", v, err)
			}
		}
		var told []string
		for _, m := range c.mailed(t, "question-asked") {
			told = append(told, m.Recipient)
			if strings.Contains(m.Data, "Secret") {
				t.Errorf("a mail says what was asked: %s", m.Data)
			}
		}
		slices.Sort(told)
		if got := strings.Join(told, " "); got != "lee@example.org owen@example.org pat@example.org" {
			t.Errorf("mailed to %s", got)
		}
		desk, err := c.Requests(ctx, c.as("lee"))
		c.must(err)
		if len(desk.Questions) != 1 {
			t.Fatalf("%+v", desk.Questions)
		}
		q := desk.Questions[0]
		if got := c.asksOf(q.ID); got != "lee owen pat root" {
			t.Errorf("at the desk of %s", got)
		}
		if q.Address != "kim@firm.example" || q.Name != ask.Name || q.Words != ask.Words || q.Badge.ID != string(badge) || q.Holder.ID != c.ids["lea"] {
			t.Errorf("%+v", q)
		}
		for name, test := range map[string]struct {
			answer bool
			words  string
		}{"no answer": {true, " "}, "closed with words": {false, "I will not say."}, "too long": {true, strings.Repeat("x", issuer.MaxQuestionAnswer+1)}} {
			if err := c.AnswerQuestion(ctx, c.as("lee"), q.ID, test.answer, test.words); !errors.Is(err, issuer.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		c.must(c.AnswerQuestion(ctx, c.as("lee"), q.ID, true, "Yes, Secretword two did."))
		if err := c.AnswerQuestion(ctx, c.as("owen"), q.ID, true, "Once more."); !errors.Is(err, issuer.Conflict) {
			t.Errorf("answered twice: %v", err)
		}
		answers := c.mailed(t, "question-answered")
		if len(answers) != 1 || answers[0].Recipient != "kim@firm.example" || !strings.Contains(answers[0].Data, "Secretword two") {
			t.Errorf("%+v", answers)
		}
		if v, err = c.Asked(ctx, secret); err != nil || v.State != issuer.QuestionAnswered || v.Answer != "Yes, Secretword two did." {
			t.Errorf("%+v %v", v, err)
		}
		if _, err := c.WithdrawQuestion(ctx, secret); !errors.Is(err, issuer.Conflict) {
			t.Errorf("taken back after the answer: %v", err)
		}
		about, err := c.QuestionsAbout(ctx, c.as("lea"), badge)
		c.must(err)
		if len(about) != 1 || about[0].State != issuer.QuestionAnswered {
			t.Errorf("%+v", about)
		}
		holder := c.mailed(t, "badge-asked")
		if len(holder) != 2 || strings.Contains(holder[0].Data+holder[1].Data, "Secret") || strings.Contains(holder[0].Data+holder[1].Data, "firm.example") || holder[0].PersonID != c.ids["lea"] {
			t.Errorf("%+v", holder)
		}
		for _, cell := range c.cells() {
			if strings.Contains(cell.text, "Secret") && !strings.HasPrefix(cell.column, "questions.") && !strings.HasPrefix(cell.column, "messages.data") {
				t.Errorf("%s holds %q", cell.column, cell.text)
			}
		}
		c.later(issuer.ConcernLife - time.Hour)
		c.must(c.TendConcerns(ctx))
		if _, err := c.Asked(ctx, secret); err != nil {
			t.Errorf("forgotten too early: %v", err)
		}
		c.later(2 * time.Hour)
		c.must(c.TendConcerns(ctx))
		if _, err := c.Asked(ctx, secret); !errors.Is(err, issuer.NotFound) {
			t.Errorf("not forgotten: %v", err)
		}
	})
}

// TestQuestionsAreNobodysWayToMail: an address gets a few links an hour whoever has
// it, and a link that ended confirms nothing.
func TestQuestionsAreNobodysWayToMail(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	ctx := t.Context()
	badge := c.aBadge("lea")
	for i := range issuer.QuestionsPerHour + 2 {
		c.must(c.AskQuestion(ctx, NewQuestion{Badge: badge, Name: "Kim", Email: "ola@example.org", Words: fmt.Sprint("Question ", i)}))
	}
	if n := len(c.mailed(t, "question-confirm")); n != issuer.QuestionsPerHour {
		t.Errorf("%d mails", n)
	}
	secret := c.askedLink("ola@example.org")
	c.later(issuer.QuestionLinkLife)
	if _, err := c.ConfirmQuestion(ctx, secret); !errors.Is(err, issuer.Gone) {
		t.Errorf("confirmed too late: %v", err)
	}
	c.must(c.TendConcerns(ctx))
	if _, err := c.Asked(ctx, secret); !errors.Is(err, issuer.NotFound) {
		t.Errorf("not confirmed and kept: %v", err)
	}
	for name, in := range map[string]NewQuestion{
		"no words":   {Badge: badge, Name: "Kim", Email: "kim@firm.example"},
		"no name":    {Badge: badge, Email: "kim@firm.example", Words: "x"},
		"no address": {Badge: badge, Name: "Kim", Email: "kim", Words: "x"},
		"long":       {Badge: badge, Name: "Kim", Email: "kim@firm.example", Words: strings.Repeat("x", issuer.MaxAsking+1)},
		"long name":  {Badge: badge, Name: strings.Repeat("x", issuer.MaxAsker+1), Email: "kim@firm.example", Words: "x"},
	} {
		if err := c.AskQuestion(ctx, in); !errors.Is(err, issuer.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := c.SetVisibility(ctx, c.as("lea"), badge, issuer.Hidden)
	c.must(err)
	hidden := c.AskQuestion(ctx, NewQuestion{Badge: badge, Name: "Kim", Email: "kim@firm.example", Words: "x"})
	never := c.AskQuestion(ctx, NewQuestion{Badge: "NEVERWAS", Name: "Kim", Email: "kim@firm.example", Words: "x"})
	if !errors.Is(hidden, issuer.NotFound) || hidden.Error() != never.Error() {
		t.Errorf("a badge that is not shown: %v; none: %v", hidden, never)
	}
}

// TestQuestionWaits: who answers is reminded once a week, nobody answers about a
// badge of their own, and who asked can take it back.
func TestQuestionWaits(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	ctx := t.Context()
	_, err := c.GrantRole(ctx, system, NewGrant{Person: c.ids["lea"], Role: issuer.Owner, Program: "makers"})
	c.must(err)
	id := c.openQuestion(c.aBadge("lea"), "Is it so?")
	if got := c.asksOf(id); got != "lee owen pat root" {
		t.Errorf("at the desk of %s", got)
	}
	if err := c.AnswerQuestion(ctx, c.as("lea"), id, true, "Of course."); !errors.Is(err, issuer.NotFound) {
		t.Errorf("answered by its holder: %v", err)
	}
	before := len(c.mailed(t, "question-asked"))
	c.later(issuer.QuestionPatience)
	for range 2 {
		c.must(c.TendConcerns(ctx))
	}
	if n := len(c.mailed(t, "question-asked")) - before; n != 3 {
		t.Errorf("%d reminders", n)
	}
	secret := c.question(c.aBadge("lea"), "Another one?")
	_, err = c.ConfirmQuestion(ctx, secret)
	c.must(err)
	v, err := c.WithdrawQuestion(ctx, secret)
	if err != nil || v.State != issuer.QuestionClosed || !v.Withdrawn {
		t.Errorf("%+v %v", v, err)
	}
	c.must(c.AnswerQuestion(ctx, c.as("owen"), id, false, ""))
	if desk, err := c.Requests(ctx, c.as("owen")); err != nil || desk.Waiting() != 0 {
		t.Errorf("%+v %v", desk, err)
	}
	if n := len(c.mailed(t, "question-answered")); n != 0 {
		t.Errorf("%d answers to questions that were closed", n)
	}
}
