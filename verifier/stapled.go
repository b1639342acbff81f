package verifier

import (
	"crypto/ed25519"
	"maps"
	"strings"
	"time"

	"hallmark/verifier/staple"
	"hallmark/verifier/vc"
)

// clockSlack is how far a reader's clock may be behind the issuer's.
const clockSlack = time.Minute

// stampForm is how a moment is said in a sentence.
const stampForm = "2006-01-02 15:04 UTC"

// stapled answers with the status that came beside the credential. It is asked
// only where no list of the issuer's could be had or believed: what a list says
// is newer. unread is the answer without it, and stays the answer where the
// staple cannot be believed, or not any more: nobody loses a badge by an old
// piece of paper.
func (r *run) stapled(c *vc.Credential, unread Check) Check {
	s, why := r.readStaple(c)
	if why != "" {
		unread.Reason = strings.TrimSuffix(unread.Reason, ".") + "; the status that came with it does not help: " + why + "."
		return unread
	}
	answer := statusCheck(Verified, "", "Its issuer signed that it stood as of "+s.AsOf.Format(stampForm)+", which is good until "+s.Until.Format(stampForm)+"; nobody was asked just now.")
	answer.Detail = map[string]any{}
	maps.Copy(answer.Detail, unread.Detail)
	answer.Detail["state"], answer.Detail["asOf"], answer.Detail["until"] = string(s.State), s.AsOf.Format(time.RFC3339), s.Until.Format(time.RFC3339)
	if s.State == staple.Good {
		r.words.asOf = s.AsOf.Format(stampForm)
		return answer
	}
	r.words.status = standingWords[string(s.State)] // in both, the states have the same names
	answer.Outcome, answer.Reason = Refused, "Its issuer signed that it was "+r.words.status+", as of "+s.AsOf.Format(stampForm)+"."
	return answer
}

// readStaple reads the status beside the credential, and says why it does not
// count where it does not: it must be of this credential, by its issuer with a
// key of theirs, and in its window. Revoked and replaced have no end.
func (r *run) readStaple(c *vc.Credential) (s *staple.Staple, why string) {
	s, err := staple.Read(strings.TrimSpace(string(r.staple)))
	switch {
	case err != nil:
		return nil, "it cannot be read"
	case s.Credential != c.ID:
		return nil, "it is of another credential"
	case s.Issuer != c.Issuer.ID:
		return nil, "it is by someone else than the issuer"
	}
	if why := r.stapler(s); why != "" {
		return nil, why
	}
	switch {
	case s.State.Final():
	case r.now.Add(clockSlack).Before(s.AsOf):
		return nil, "it is dated in the future"
	case !r.now.Before(s.Until):
		return nil, "it was good until " + s.Until.Format(stampForm)
	}
	return s, ""
}

// stapler tells why the key that signed a staple is not to be believed; "" for
// one that is. Any key that the issuer's document lists as its own will do: it
// need not be one for credentials, and what it signs says by its type that it is
// a status (RFC 8725 §3.11).
func (r *run) stapler(s *staple.Staple) (why string) {
	doc, err := r.document(s.Issuer)
	if err != nil {
		return lower(strings.TrimSuffix(couldNotLookUp(s.Issuer, err), "."))
	}
	m := doc.Method(s.KeyID)
	switch {
	case m == nil:
		return "its issuer does not list the key that signed it"
	case m.Controller != s.Issuer:
		return "the key that signed it belongs to someone else than the issuer"
	case m.Revoked != nil && !r.now.Before(*m.Revoked):
		return "its issuer has given up the key that signed it"
	case m.Expires != nil && !r.now.Before(*m.Expires):
		return "the key that signed it has run out"
	}
	if key, ok := m.Key.(ed25519.PublicKey); !ok || s.Verify(key) != nil {
		return "it was not signed with the key that it names"
	}
	return ""
}

// unreadLists says whether these answers are unknown for no other reason than
// that a list could not be had or believed.
func unreadLists(answers []Check) bool {
	unread := false
	for _, c := range answers {
		if c.Outcome == Undetermined && c.Problem != problemRetrieval && c.Problem != problemStatusProof {
			return false
		}
		unread = unread || c.Outcome == Undetermined
	}
	return unread
}
