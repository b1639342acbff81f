package registrar

import (
	"context"
	"crypto/sha256"
	"fmt"

	"hallmark/issuer"
	"hallmark/issuer/ledger"
	"hallmark/verifier/ob3"
)

// paper is a credential on its way from a document to signed bytes.
type paper struct {
	credential *issuer.Credential
	person     issuer.PersonID
	doc        *ob3.AchievementCredential
	salt       *issuer.LogSalt
	signed     []byte
	key        issuer.KeyID
	kind       *kind // of the template it was signed from; nil: in full
}

// signing is papers that are being signed; done closes with err set.
type signing struct {
	papers []*paper
	done   chan struct{}
	err    error
}

// keepSigned signs documents, checks them, and keeps the credentials, their
// bytes, audit entries and leaves in the log.
func (w *work) keepSigned(ctx context.Context, papers ...*paper) error {
	if err := w.startKeeping(ctx, papers); err != nil {
		return err
	}
	return w.endIssuing()
}

func (w *work) startKeeping(ctx context.Context, papers []*paper) error {
	own, err := w.r.Ring.VerifierDocument()
	if err != nil {
		return err
	}
	credentials, salts := make([]*issuer.Credential, len(papers)), make([]*issuer.LogSalt, len(papers))
	entries := make([]*issuer.AuditEntry, len(papers))
	for i, p := range papers {
		c := p.credential
		c.IssuerID, c.ValidFrom, c.IssuedAt = w.us.ID, w.Now, w.Now
		p.salt = &issuer.LogSalt{CredentialID: c.ID, IssuerID: w.us.ID, Salt: ledger.NewSalt()}
		credentials[i], salts[i] = c, p.salt
		entries[i] = w.entry("credential."+ledger.Issue, string(c.ID), "done", fmt.Sprintf(`{"award":%q,"person":%q}`, c.AwardID, p.person))
	}
	s := &signing{papers: papers, done: make(chan struct{})}
	w.signing = s
	go func() {
		defer close(s.done)
		s.err = w.r.signAll(ctx, own, w.us.DID, w.Now, papers)
	}()
	if err := w.AddCredentials(credentials...); err != nil {
		return err
	}
	if err := w.AddSalts(salts...); err != nil {
		return err
	}
	return w.AddAuditEntries(entries...)
}

// signatures is closed when what is being signed is there; nil if nothing is.
func (w *work) signatures() <-chan struct{} {
	if w.signing == nil {
		return nil
	}
	return w.signing.done
}

// endIssuing waits for what is being signed and keeps it.
func (w *work) endIssuing() error {
	s := w.signing
	if s == nil {
		return nil
	}
	w.signing = nil
	<-s.done
	if s.err != nil {
		return s.err
	}
	leaves := make([]*issuer.LogLeaf, len(s.papers))
	for i, p := range s.papers {
		digest := sha256.Sum256(p.signed)
		copied := &issuer.SignedCopy{CredentialID: p.credential.ID, Format: issuer.FormatDataIntegrity, IssuerID: w.us.ID,
			KeyID: p.key, Bytes: p.signed, Digest: digest[:], SignedAt: w.Now}
		if err := w.AddSignedCopy(copied, p.alike()); err != nil {
			return err
		}
		leaves[i] = w.newLeaf(p.salt, ledger.Issue, p.signed)
	}
	return w.AddLeaves(leaves...)
}

// abandon waits for hands that sign for an act that failed.
func (w *work) abandon() {
	if w.signing != nil {
		<-w.signing.done
	}
}

// leaf puts a line about a credential into the public log: a commitment to
// what happened, which is either the signed bytes or an event.
func (w *work) leaf(id issuer.CredentialID, kind string, what []byte) error {
	salt, err := w.Salt(id)
	if err != nil {
		return err
	}
	return w.AddLeaf(w.newLeaf(salt, kind, what))
}

func (w *work) newLeaf(salt *issuer.LogSalt, kind string, what []byte) *issuer.LogLeaf {
	return &issuer.LogLeaf{ID: issuer.LeafID(rowID()), IssuerID: w.us.ID, CredentialID: salt.CredentialID, Type: kind,
		At: ledger.Minute(w.Now), Data: ledger.Leaf(kind, w.Now, ledger.Commit(salt.Salt, what))}
}
