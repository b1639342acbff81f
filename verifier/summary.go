package verifier

import (
	"strings"
	"time"
	"unicode"

	"hallmark/verifier/vc"
)

// summaryWords are words that checks leave for the summary.
type summaryWords struct {
	status string // "revoked on 2026-11-21"
	asOf   string // "2026-11-21 09:00 UTC", where a stapled status answered
	period string // "expired on 2029-11-21"
	kind   string // " (of an older kind)", said after the first words; "" for a credential

	title, holder string // in signed words; "" when there are none
	from, until   *time.Time
}

// summary is one sentence; its first words are the answer.
func (r *run) summary() string {
	answer, about := r.answer()
	return answer + r.words.kind + ": " + about
}

// unknownIssuer begins a summary where nobody vouches for who issued it.
const unknownIssuer = "Issuer not known to us. "

// answer gives the first words, and what follows them.
func (r *run) answer() (answer, about string) {
	is := func(i int, o Outcome) bool { return r.report.check(i).Outcome == o }
	reason := func(i int) string { return lower(r.report.check(i).Reason) }
	good := "Genuine and current"
	if r.words.asOf != "" {
		good = "Genuine; status as of " + r.words.asOf
	}
	switch {
	case is(format, Refused):
		return "Not genuine", reason(format)
	case is(proof, Refused):
		return "Not genuine", reason(proof)
	case is(issuer, Refused):
		return "Not genuine", reason(issuer)
	case !r.genuine() && r.report.Verdict == Refused:
		return "Not good", r.refusal() + "; whether it is genuine could not be checked."
	case is(format, Undetermined):
		return "Could not be checked fully", reason(format)
	case is(proof, Undetermined):
		return "Could not be checked fully", reason(proof)
	case is(issuer, Undetermined):
		return "Could not be checked fully", reason(issuer)
	case r.report.Verdict == Refused:
		answer = "Genuine, but " + r.refusal()
	case is(status, Undetermined):
		answer = "Genuine, but whether it is still good could not be checked"
	case is(recipient, Undetermined):
		answer = good + ", but whose it is could not be checked"
	case is(period, Undetermined):
		answer = "Genuine, but its dates could not be read"
	case r.report.Issuer.Trusted:
		answer = good
	default:
		answer = unknownIssuer + good
	}
	return answer, r.what() + "."
}

// refusal names what ends a credential, the gravest first.
func (r *run) refusal() string {
	is := func(i int) bool { return r.report.check(i).Outcome == Refused }
	switch {
	case is(status) && r.words.status != "":
		return r.words.status
	case is(status):
		return "withdrawn"
	case is(period):
		return r.words.period
	}
	return "issued to someone else"
}

// describe leaves the credential's own signed words for the summary.
func (r *run) describe(c *vc.Credential) {
	r.words.title = c.Name()
	if r.words.title == "" && len(c.Subjects) > 0 {
		r.words.title = c.Subjects[0].Get("achievement").Get("name").Text()
	}
	r.words.holder, r.words.from, r.words.until = statedName(c), c.ValidFrom, c.ValidUntil
}

// what describes the credential in its own signed words: its title, who issued
// it, to whom, and until when.
func (r *run) what() string {
	text := "a credential"
	if r.words.title != "" {
		text = quote(r.words.title)
	}
	text += ", issued by " + r.issuerWords()
	if r.words.holder != "" && !r.unnamed {
		text += " to " + quote(r.words.holder)
	}
	if r.words.from != nil {
		text += " on " + date(*r.words.from)
	}
	if r.words.until != nil && r.report.check(period).Outcome == Verified {
		text += ", valid until " + date(*r.words.until)
	}
	return text
}

// issuerWords name the issuer. A name that it gave itself comes with the
// identifier that was checked, and with a word of care where it may mislead.
func (r *run) issuerWords() string {
	i := &r.report.Issuer
	id := hostOf(i.ID)
	if id == "" {
		id = clip(i.ID, 64)
	}
	if i.Name == "" {
		return id
	}
	if !i.Trusted && deception(i.Name) != "" {
		id += ", a name to read with care"
	}
	return quote(i.Name) + " (" + id + ")"
}

// quote puts a stranger's words in quotation marks that they cannot leave.
func quote(words string) string {
	return "“" + strings.NewReplacer("“", "'", "”", "'").Replace(clean(words, 80)) + "”"
}

// Plain is what a stranger calls itself, fit to be shown: as in the summary.
func Plain(name string) string { return clean(name, 80) }

// verdictMarks are signs that a page of ours puts beside a verdict.
const verdictMarks = "\u2611\u2705\u2713\u2714\U0001f5f8\U0001f5f9"

// maxMarks is how many marks a letter may carry. Scripts need four at most; more
// are piled up to write over the lines around.
const maxMarks = 5

// clean makes a stranger's words fit for a sentence: one line, no control or
// format characters (they can reorder or hide what is read), no sign that would
// pass for our verdict, no pile of marks on a letter, at most max runes.
func clean(words string, max int) string {
	var out []rune
	marks := 0
	for _, c := range strings.Join(strings.Fields(words), " ") {
		if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || unicode.Is(unicode.Co, c) || strings.ContainsRune(verdictMarks, c) {
			continue
		}
		if marks++; !unicode.In(c, unicode.Mn, unicode.Me) {
			marks = 0
		}
		if marks > maxMarks {
			continue
		}
		if len(out) == max {
			return string(out) + "…"
		}
		out = append(out, c)
	}
	return string(out)
}

// clip is clean for identifiers: what is not printable ASCII becomes "?".
func clip(id string, max int) string {
	out := []rune(clean(id, max))
	for i, c := range out {
		if (c < 0x21 || c > 0x7e) && c != '…' {
			out[i] = '?'
		}
	}
	return string(out)
}

// lower makes a sentence fit after a colon.
func lower(sentence string) string {
	if len(sentence) > 1 && sentence[0] >= 'A' && sentence[0] <= 'Z' && sentence[1] >= 'a' && sentence[1] <= 'z' {
		return string(sentence[0]|0x20) + sentence[1:]
	}
	return sentence
}
