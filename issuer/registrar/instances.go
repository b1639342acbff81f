package registrar

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
	"hallmark/verifier"
	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/vc"
)

// NewInstance says which signer a protocol is to have.
type NewInstance struct {
	Name        string // lower-case letters, digits and hyphens
	Cryptosuite string
	Algorithm   string // "" is the usual one of the suite
	Status      string // "", "revocation" or "suspension"
}

// InstanceView is an instance as its clients know it.
type InstanceView struct {
	ID          issuer.InstanceID
	DID         string
	Cryptosuite string
	Algorithm   string
	Status      string
}

// InstanceOptions are what a client may ask of one signature.
type InstanceOptions struct {
	CredentialID string   // to set the status by, for a credential without an id
	Mandatory    []string // JSON pointers, for ecdsa-sd-2023
}

// Unfit refuses to sign a credential and says what is wrong with it. It is an
// issuer.Invalid.
type Unfit struct{ Problems []vc.Problem }

func (u *Unfit) Error() string {
	return "The credential is not signed: " + u.Problems[0].Reason + "."
}

// Unwrap gives the kind of refusal.
func (u *Unfit) Unwrap() error { return issuer.Invalid }

var instanceName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// EnsureInstances makes the instances there are not, each with a key of its
// own. One that there is must be as it was: its identifier is its key.
func (r *Registrar) EnsureInstances(ctx context.Context, wanted []NewInstance) ([]InstanceView, error) {
	views := make([]InstanceView, 0, len(wanted))
	seen := map[string]bool{}
	for _, n := range wanted {
		if seen[n.Name] {
			return nil, issuer.Refuse(issuer.Invalid, "The instance %q is named twice.", n.Name)
		}
		seen[n.Name] = true
		if err := n.check(); err != nil {
			return nil, err
		}
		i, err := look(ctx, r, issuer.Caller{System: "setup"}, func(w *work) (*issuer.Instance, error) { return w.Instance(issuer.InstanceID(n.Name)) })
		if errors.Is(err, issuer.NotFound) {
			i, err = r.addInstance(ctx, n)
		}
		if err != nil {
			return nil, err
		}
		if i.Cryptosuite != n.Cryptosuite || i.Algorithm != n.Algorithm || i.Status != n.Status {
			return nil, issuer.Refuse(issuer.Conflict, "The instance %q began with %s, %s and status %q, and its key says so; give the other one another name.", n.Name, i.Cryptosuite, i.Algorithm, i.Status)
		}
		views = append(views, InstanceView{i.ID, i.DID(), i.Cryptosuite, i.Algorithm, i.Status})
	}
	return views, nil
}

// check refuses what cannot be an instance and fills the algorithm in.
func (n *NewInstance) check() error {
	fit := keyring.Algorithms(n.Cryptosuite)
	switch {
	case !instanceName.MatchString(n.Name) || n.Name == "credentials" || n.Name == "presentations":
		return issuer.Refuse(issuer.Invalid, "An instance needs a name of lower-case letters, digits and hyphens that is no part of the protocol; %q is none.", n.Name)
	case len(fit) == 0:
		return issuer.Refuse(issuer.Invalid, "The cryptosuite %q of the instance %q is not known.", n.Cryptosuite, n.Name)
	case n.Algorithm == "":
		n.Algorithm = fit[0]
	case !slices.Contains(fit, n.Algorithm):
		return issuer.Refuse(issuer.Invalid, "The cryptosuite of the instance %q works with %s, not with %q.", n.Name, strings.Join(fit, " and "), n.Algorithm)
	}
	switch {
	case n.Status != "" && n.Status != revocation && n.Status != suspension:
		return issuer.Refuse(issuer.Invalid, "The status of the instance %q can be revocation or suspension.", n.Name)
	case n.Status != "" && n.Cryptosuite == dataintegrity.EcdsaSD2023:
		return issuer.Refuse(issuer.Invalid, "The instance %q cannot add status entries: a status list is read by everyone, and its cryptosuite is for credentials shown in part.", n.Name)
	}
	return nil
}

const suspension = "suspension"

func (r *Registrar) addInstance(ctx context.Context, n NewInstance) (*issuer.Instance, error) {
	return act(ctx, r, issuer.Caller{System: "setup"}, "instance.add", n.Name, func(w *work) (*issuer.Instance, error) {
		i := &issuer.Instance{ID: issuer.InstanceID(n.Name), IssuerID: w.us.ID, Cryptosuite: n.Cryptosuite, Algorithm: n.Algorithm, Status: n.Status, CreatedAt: w.Now}
		if err := r.Ring.MakeInstanceKey(i); err != nil {
			return nil, err
		}
		added, err := w.AddInstanceOnce(i)
		if err == nil && !added {
			return w.Instance(i.ID) // another copy of the program was first
		}
		w.note("did", i.DID())
		return i, err
	})
}

// MayUseInstances lets through clients with the scope for it. People have no
// scopes, and so have sessions.
func (r *Registrar) MayUseInstances(ctx context.Context, by issuer.Caller) error {
	_, err := look(ctx, r, by, func(w *work) (struct{}, error) { return struct{}{}, w.mayUseInstances() })
	return err
}

func (w *work) mayUseInstances() error {
	switch {
	case !w.by.Signed():
		return issuer.Refuse(issuer.Unsigned, "Send an access token with the scope %s.", issuer.VCAPI)
	case w.by.Client == "" || !w.by.May(issuer.VCAPI):
		return forbid("The access token lacks the scope " + string(issuer.VCAPI) + ".")
	}
	return nil
}

// SignAtInstance signs a credential that a client hands in, with the proof as an
// object, and adds a status entry where the instance does that. What breaks the
// data model, or holds what no vocabulary defines, is *Unfit; what our own
// verifier would not take is never answered. The credential is not kept.
func (r *Registrar) SignAtInstance(ctx context.Context, by issuer.Caller, id issuer.InstanceID, doc []byte, o InstanceOptions) ([]byte, error) {
	return act(ctx, r, by, "instance.sign", string(id), func(w *work) ([]byte, error) {
		if err := w.mayUseInstances(); err != nil {
			return nil, err
		}
		if err := w.mayIssue(); err != nil {
			return nil, err
		}
		i, err := w.Instance(id)
		if err != nil {
			return nil, err
		}
		c, err := fitToSign(doc, i)
		if err != nil {
			return nil, err
		}
		if o.CredentialID != "" && c.ID != "" && c.ID != o.CredentialID {
			return nil, unfit("/id", "its id is not the one that the options name")
		}
		w.note("credential", clip(c.ID))
		list, doc := &issuer.InstanceList{}, doc // an act may be run more than once
		if i.Status != "" {
			if doc, list, err = w.addStatus(ctx, i, c, o.CredentialID); err != nil {
				return nil, err
			}
		}
		signed, err := r.signAs(i, doc, w.Now, o.Mandatory)
		if err != nil {
			return nil, err
		}
		return signed, w.proven(ctx, i, signed, list)
	})
}

// signAs signs as an instance. What cannot be signed is the document's fault, or
// that of the pointers.
func (r *Registrar) signAs(i *issuer.Instance, doc []byte, at time.Time, mandatory []string) ([]byte, error) {
	signer, err := r.Ring.InstanceSigner(i)
	if err != nil {
		return nil, err
	}
	signed, err := dataintegrity.Sign(doc, signer, dataintegrity.Options{
		VerificationMethod: i.DID() + "#" + i.Public, Created: at, Cryptosuite: i.Cryptosuite, Mandatory: mandatory,
	}, false)
	if err != nil {
		return nil, &Unfit{[]vc.Problem{{Reason: strings.TrimPrefix(err.Error(), "sign: "), Type: problemGeneration, Fatal: true}}}
	}
	return signed, nil
}

// problemGeneration is the type of VC Data Integrity §4.7 for proofs that cannot
// be made.
const problemGeneration = "https://w3id.org/security#PROOF_GENERATION_ERROR"

// proven runs our own verifier over what is about to be answered. Of a proof for
// showing parts it checks what shows everything. Status and period are not
// asked: credentials may be signed before they are valid.
func (w *work) proven(ctx context.Context, i *issuer.Instance, signed []byte, list *issuer.InstanceList) error {
	if i.Cryptosuite == dataintegrity.EcdsaSD2023 {
		var err error
		if signed, err = dataintegrity.Derive(signed, []string{""}); err != nil {
			return fmt.Errorf("show all of what was signed: %w", err)
		}
	}
	v := &verifier.Verifier{Now: func() time.Time { return w.Now }, Status: oneList(list.Bytes)}
	report, err := v.Verify(ctx, signed, verifier.Ask{})
	if err != nil {
		return fmt.Errorf("verify our own signature: %w", err)
	}
	for _, c := range report.Checks[:3] { // format, proof, issuer
		if c.Outcome != verifier.Verified {
			return &Unfit{[]vc.Problem{{Reason: "our own verifier would refuse it, at the check " + c.Name + ": " + strings.TrimSuffix(c.Reason, "."), Type: problemGeneration, Fatal: true}}}
		}
	}
	if c := report.Checks[4]; list.ID != "" && c.Outcome != verifier.Verified {
		return errors.New("our own status entry cannot be read: " + c.Reason)
	}
	return nil
}

// oneList is the status list at hand, whatever address is asked for.
type oneList []byte

// StatusList gives it.
func (l oneList) StatusList(context.Context, string) ([]byte, error) {
	if len(l) == 0 {
		return nil, errors.New("there is no status list at hand")
	}
	return l, nil
}

func unfit(pointer, reason string) *Unfit {
	return &Unfit{[]vc.Problem{{Pointer: pointer, Reason: reason, Type: vc.ProblemMalformed, Fatal: true}}}
}
