package registrar

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"hallmark/issuer"
	"hallmark/verifier"
	"hallmark/verifier/did"
	"hallmark/verifier/ob3"
)

const revocation = "revocation"

// badgeFacts is all that the document of a badge is made of.
type badgeFacts struct {
	us      *issuer.Issuer
	base    string
	program *issuer.Program
	version *issuer.AchievementVersion
	code    string
	award   *issuer.Award
	name    string // of the holder; "" without their consent
	status  *issuer.StatusEntry
	id      issuer.CredentialID
	at      time.Time
	work    *approvedWork // of a capstone, else nil
	picture string        // its digest; "": it names none
}

// approvedWork is what a badge may say of the capstone it rests on. The work
// itself and its links stay private, and of its mentors all but what they
// signed.
type approvedWork struct {
	brief        *issuer.Brief
	digest       string // seals the submission that was approved
	scores       issuer.Scores
	approvals    []issuer.Review
	allotted     []issuer.Allotment
	endorsements map[issuer.CredentialID][]endorsement
}

// document builds the Open Badges 3.0 credential, unsigned. It carries no
// address, no link to evidence and no mentor's name; the holder is a random
// URN and, with their consent, one identifier of type name.
//
// validUntil is the last second, in UTC, of the last day: a term of months
// ends with a day, and a reader in another zone sees the badge end a few
// hours early or late rather than at a moment that no one could explain.
func (f *badgeFacts) document() *ob3.AchievementCredential {
	subject := ob3.AchievementSubject{ID: f.award.Subject, Type: []string{"AchievementSubject"}, Achievement: f.achievement()}
	subject.Identifier = identifier(f.name)
	c := &ob3.AchievementCredential{
		Context:          contexts(),
		ID:               badgeURL(f.base, f.id),
		Type:             []string{"VerifiableCredential", "OpenBadgeCredential"},
		Issuer:           profile(f.us),
		ValidFrom:        ob3.At(f.at),
		AwardedDate:      ob3.At(f.award.AwardedOn.Time()),
		Name:             f.version.Name,
		Evidence:         f.evidence(),
		CredentialStatus: statusEntry(f.base, f.status),
		RelatedResource:  bound(f.base, f.picture),
	}
	if f.award.ValidUntil != nil {
		c.ValidUntil = ob3.At(*f.award.ValidUntil)
	}
	if f.work != nil {
		for _, e := range f.work.endorsements[f.id] {
			c.Endorsement = append(c.Endorsement, e.doc)
		}
	}
	subject.Result = f.results()
	c.CredentialSubject = subject
	return c
}

// identifier is the holder's name in plain; none without their consent.
func identifier(name string) []ob3.IdentityObject {
	if name == "" {
		return nil
	}
	return []ob3.IdentityObject{{Type: "IdentityObject", IdentityHash: name, IdentityType: "name"}}
}

func statusEntry(base string, e *issuer.StatusEntry) *ob3.StatusEntry {
	list, index := base+"/status/"+string(e.StatusListID), strconv.Itoa(e.StatusIndex)
	return &ob3.StatusEntry{ID: list + "#" + index, Type: "BitstringStatusListEntry", StatusPurpose: revocation,
		StatusListIndex: index, StatusListCredential: list}
}

// profile is the issuer as badges name it: no e-mail address stands in any
// public byte, not even the organisation's; its page says how to ask.
func profile(us *issuer.Issuer) ob3.Profile {
	return ob3.Profile{ID: us.DID, Type: []string{"Profile"}, Name: us.Name, URL: us.URL}
}

func (f *badgeFacts) achievement() ob3.Achievement {
	a := achievementDocument(f.base, f.code, f.version)
	a.Image = image(f.base, f.picture)
	if f.work != nil {
		a.ResultDescription = f.descriptions()
	}
	return a
}

// achievementDocument is an achievement as badges, and its own address, show
// it. Skills with an address of a framework are alignments, the others tags.
func achievementDocument(base, code string, v *issuer.AchievementVersion) ob3.Achievement {
	a := ob3.Achievement{ID: base + "/achievements/" + string(v.AchievementID), Type: []string{"Achievement"}, AchievementType: v.Type,
		Name: v.Name, Description: v.Description, Criteria: ob3.Criteria{Narrative: v.Criteria},
		HumanCode: code, Version: strconv.Itoa(v.Version)}
	for _, s := range v.Skills {
		if s.URL == "" {
			a.Tag = append(a.Tag, s.Name)
			continue
		}
		a.Alignment = append(a.Alignment, ob3.Alignment{Type: []string{"Alignment"}, TargetCode: s.Code, TargetName: s.Name,
			TargetFramework: s.Framework, TargetURL: s.URL})
	}
	return a
}

// criterion is the id of a line of the rubric, and level that of a level in
// it: both are part of the achievement.
func (f *badgeFacts) criterion(c issuer.Criterion) string {
	return f.base + "/achievements/" + string(f.version.AchievementID) + "#" + c.Code
}

func (f *badgeFacts) level(c issuer.Criterion, rank int) string {
	return f.criterion(c) + "." + strconv.Itoa(rank+1)
}

// descriptions says how the capstone was judged: a result description per
// line of the rubric, its levels from low to high.
func (f *badgeFacts) descriptions() []ob3.ResultDescription {
	var out []ob3.ResultDescription
	for _, c := range f.work.brief.Rubric {
		if c.Retired && f.work.scores[c.Code] == "" {
			continue
		}
		d := ob3.ResultDescription{ID: f.criterion(c), Type: []string{"ResultDescription"}, Name: c.Name, ResultType: "RubricCriterionLevel"}
		for rank, name := range c.Levels {
			d.RubricCriterionLevel = append(d.RubricCriterionLevel, ob3.RubricCriterionLevel{ID: f.level(c, rank),
				Type: []string{"RubricCriterionLevel"}, Name: name, Level: name, Points: strconv.Itoa(rank)})
		}
		if c.Required != "" {
			d.RequiredLevel = f.level(c, c.Rank(c.Required))
		}
		out = append(out, d)
	}
	return out
}

// results gives the level reached in each line that was scored.
func (f *badgeFacts) results() []ob3.Result {
	if f.work == nil {
		return nil
	}
	var out []ob3.Result
	for _, c := range f.work.brief.Rubric {
		if rank := c.Rank(f.work.scores[c.Code]); rank >= 0 {
			out = append(out, ob3.Result{Type: []string{"Result"}, ResultDescription: f.criterion(c), AchievedLevel: f.level(c, rank)})
		}
	}
	return out
}

// evidence says what approval the badge rests on, and no more; last, if any of
// the mentors signed theirs, who did.
func (f *badgeFacts) evidence() []ob3.Evidence {
	if f.work == nil {
		return nil
	}
	all := []ob3.Evidence{{Type: []string{"Evidence"}, Name: f.work.brief.Name,
		Narrative: "Approved against the rubric by " + mentors(f.work.approvals) + " of " + f.program.Name + ".", DigestMultibase: f.work.digest}}
	if text := f.signedAndNot(); text != "" {
		all = append(all, ob3.Evidence{Type: []string{"Evidence"}, Name: ownWord, Narrative: text})
	}
	return all
}

// lowest takes, per criterion, the lowest level that an approval gave: what
// all who approved agree on.
func lowest(rubric issuer.Rubric, reviews []issuer.Review) issuer.Scores {
	out := issuer.Scores{}
	for _, r := range reviews {
		if r.Decision != issuer.Approve {
			continue
		}
		for _, c := range rubric {
			level, ok := r.Scores[c.Code]
			if have, is := out[c.Code]; ok && (!is || c.Rank(level) < c.Rank(have)) {
				out[c.Code] = level
			}
		}
	}
	return out
}

// newURN makes a random UUID (RFC 9562, section 5.4) as a URN.
func newURN() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program first
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// ownKeys answers for our own DID from the ring.
type ownKeys struct{ doc *did.Document }

func (k ownKeys) Document(_ context.Context, id string) (*did.Document, error) {
	if id != k.doc.ID {
		return nil, did.ErrNotFound
	}
	return k.doc, nil
}

// justIssued says of the one credential that it stands: its list is signed
// after the commit.
type justIssued string

func (id justIssued) Standing(_ context.Context, credential string) (verifier.Standing, error) {
	return verifier.Standing{Known: credential == string(id), State: string(issuer.Issued)}, nil
}

// signAll signs documents with as many hands as there are processors. A fault
// of ours in one of them is an error, as it is in the act itself.
func (r *Registrar) signAll(ctx context.Context, own *did.Document, name string, at time.Time, papers []*paper) error {
	errs := make([]error, min(runtime.GOMAXPROCS(0), len(papers)))
	var next atomic.Int64
	sign := func(hand int) {
		defer func() {
			if fault := recover(); fault != nil {
				errs[hand] = fmt.Errorf("sign badge: %v\n%s", fault, debug.Stack())
			}
		}()
		for i := next.Add(1); i <= int64(len(papers)) && errs[hand] == nil; i = next.Add(1) {
			errs[hand] = r.signOne(ctx, own, name, at, papers[i-1])
		}
	}
	var wg sync.WaitGroup
	for hand := 1; hand < len(errs); hand++ {
		wg.Go(func() { sign(hand) })
	}
	sign(0)
	wg.Wait()
	return errors.Join(errs...)
}

// signOne signs a document and reads the exact bytes with our own verifier.
// What it does not find genuine, current and in keeping with the standards is
// not kept: that is a fault of ours, and the act that wanted it is undone.
func (r *Registrar) signOne(ctx context.Context, own *did.Document, name string, at time.Time, p *paper) error {
	doc, err := ob3.Marshal(p.doc)
	if err != nil {
		return err
	}
	if r.sign != nil {
		p.signed, p.key, err = r.sign(doc, at)
	} else {
		err = r.signBadge(p, doc, at)
	}
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(p.signed, doc[:len(doc)-1]) {
		return fmt.Errorf("check badge before keeping it: the signed document says something else")
	}
	v := verifier.Verifier{Keys: ownKeys{own}, Records: justIssued(badgeURL(r.BaseURL, p.credential.ID)), Now: func() time.Time { return at }}
	report, err := v.Verify(ctx, p.signed, verifier.Ask{})
	if err != nil {
		return fmt.Errorf("check badge before keeping it: %w", err)
	}
	return fit(report, name)
}

// fit tells why a credential must not be kept, nil if it may.
func fit(report *verifier.Report, did string) error {
	if report.Issuer.ID != did {
		return fmt.Errorf("check badge before keeping it: it names another issuer")
	}
	for _, c := range report.Checks {
		switch {
		case c.Outcome == verifier.Refused:
			return fmt.Errorf("check badge before keeping it: %s: %s", c.Name, c.Reason)
		case c.Outcome != verifier.Verified && (c.Name == "schema" || c.Name == "conformance"):
			return fmt.Errorf("check badge before keeping it: %s was not checked", c.Name)
		}
	}
	if report.Verdict != verifier.Verified {
		return fmt.Errorf("check badge before keeping it: the verdict is %s", report.Verdict)
	}
	return nil
}
