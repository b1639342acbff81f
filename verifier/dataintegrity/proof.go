package dataintegrity

import (
	"context"
	"time"

	"hallmark/verifier/did"
	"hallmark/verifier/strictjson"
)

// State is the answer about one proof.
type State uint8

// The three answers. The zero value is the one that vouches for nothing.
const (
	Unchecked State = iota // could not be checked
	Good                   // the key named by the proof signed exactly this document
	Bad                    // checked, and wrong
)

func (s State) String() string { return [...]string{"unchecked", "good", "bad"}[s] }

// AssertionMethod is the purpose of proofs that make statements.
const AssertionMethod = "assertionMethod"

// MaxProofs is how many proofs of one document are checked.
const MaxProofs = 4

// Result is the answer about one proof of a document.
type Result struct {
	State   State
	Reason  string // a sentence for people
	Problem string // RFC 9457 type of VC Data Integrity §4.7 or Controlled Identifiers §3.5; "" when good

	ID                 string
	Cryptosuite        string // or the type of a proof that is not a DataIntegrityProof
	VerificationMethod string
	Purpose            string
	Created, Expires   *time.Time
	Method             *did.Method       // the key that was used; nil when none was found
	Signed             *strictjson.Value // what a good proof signed: the document without proof
	Statements         []byte            // the same as canonical N-Quads; nil under a suite that signs the JSON itself
}

// KeyFunc finds the verification method with this id. Errors of type *KeyError
// say what to answer; every other error leaves the proof unchecked.
type KeyFunc func(ctx context.Context, verificationMethod string) (*did.Method, error)

// KeyError says that there is no key to check with, and what that means.
type KeyError struct {
	State   State // Bad or Unchecked
	Reason  string
	Problem string
}

func (e *KeyError) Error() string { return e.Reason }

// Expect is what a reader asks of every proof.
type Expect struct {
	Purpose   string    // "" is AssertionMethod
	Domain    string    // "" is not asked
	Challenge string    // "" is not asked
	Now       time.Time // when expires is judged; zero: not judged
	Budget    *Budget   // what the signatures may cost; nil: not counted
}

// Problem types (VC Data Integrity §4.7, Controlled Identifiers §3.5).
const (
	security            = "https://w3id.org/security#"
	problemParsing      = security + "PARSING_ERROR"
	problemVerification = security + "PROOF_VERIFICATION_ERROR"
	problemTransform    = security + "PROOF_TRANSFORMATION_ERROR"
	problemDomain       = security + "INVALID_DOMAIN_ERROR"
	problemChallenge    = security + "INVALID_CHALLENGE_ERROR"
	problemDataLoss     = security + "DATA_LOSS_DETECTION_ERROR"
	problemMethod       = security + "INVALID_VERIFICATION_METHOD"
)

func (r *Result) fail(state State, problem, reason string) {
	r.State, r.Problem, r.Reason = state, problem, reason
}

// read fills the members of a DataIntegrityProof and judges those that can be
// judged without a key (VC Data Integrity §2.1, §4.4). It gives the suite; nil:
// r says why.
func (r *Result) read(proof *strictjson.Value, want Expect) *suite {
	if proof.Kind != strictjson.Object {
		r.fail(Bad, problemParsing, "The proof is not an object.")
		return nil
	}
	r.ID, r.VerificationMethod = proof.Get("id").Text(), proof.Get("verificationMethod").Text()
	r.Purpose, r.Cryptosuite = proof.Get("proofPurpose").Text(), proof.Get("cryptosuite").Text()
	kind := proof.Get("type").Text()
	s := findSuite(kind, r.Cryptosuite)
	if kind != integrityProof {
		r.Cryptosuite = kind
	}
	switch {
	case kind == "":
		r.fail(Bad, problemVerification, "The proof does not say of what type it is.")
	case s == nil && kind != integrityProof:
		r.fail(Unchecked, problemTransform, "The proof is of a type that is not known here: "+clip(kind)+".")
	case r.Cryptosuite == "":
		r.fail(Bad, problemVerification, "The proof does not name its cryptosuite.")
	case s == nil:
		r.fail(Unchecked, problemTransform, "The proof was made in a way that is not known here: "+clip(r.Cryptosuite)+".")
	case r.VerificationMethod == "":
		r.fail(Bad, problemVerification, "The proof does not name its key.")
	case r.Purpose == "":
		r.fail(Bad, problemVerification, "The proof does not say what it is for.")
	case r.Purpose != want.purpose():
		r.fail(Bad, problemVerification, "The proof was made for another purpose: "+clip(r.Purpose)+".")
	case proof.Get("proofValue").Text() == "":
		r.fail(Bad, problemVerification, "The proof has no value.")
	case kind == Ed25519Signature2020 && proof.Get("created") == nil:
		// VC DI EdDSA §3.1: such a proof says when it was made.
		r.fail(Bad, problemVerification, "The proof does not say when it was made.")
	case r.readShapes(proof) && r.readTimes(proof, want) && r.readAudience(proof, want):
		return s
	}
	return nil
}

func (e Expect) purpose() string {
	if e.Purpose == "" {
		return AssertionMethod
	}
	return e.Purpose
}

// readShapes refuses optional members of another shape than VC Data Integrity
// §2.1 gives them: id is a URL; domain is one or several strings; challenge and
// nonce are strings.
func (r *Result) readShapes(proof *strictjson.Value) bool {
	wrong := ""
	for _, name := range [...]string{"domain", "challenge", "nonce"} {
		v := proof.Get(name)
		if v != nil && v.Kind == strictjson.Array && name != "domain" {
			wrong = name
		}
		for one := range v.Each() {
			if one.Kind != strictjson.String {
				wrong = name
			}
		}
	}
	if id := proof.Get("id"); id != nil && !did.IsURL(id.Text()) {
		wrong = "id"
	}
	if wrong != "" {
		r.fail(Bad, problemVerification, "The proof has a member that is not as it should be: "+wrong+".")
	}
	return wrong == ""
}

func (r *Result) readTimes(proof *strictjson.Value, want Expect) bool {
	for _, member := range [...]struct {
		name string
		into **time.Time
	}{{"created", &r.Created}, {"expires", &r.Expires}} {
		v := proof.Get(member.name)
		if v == nil {
			continue
		}
		at, err := did.ParseDateTimeStamp(v.Text())
		if err != nil {
			r.fail(Bad, problemVerification, "The proof has a date that cannot be read: "+member.name+".")
			return false
		}
		*member.into = &at
	}
	if r.Expires != nil && !want.Now.IsZero() && !want.Now.Before(*r.Expires) {
		r.fail(Bad, problemVerification, "The proof was good only until "+r.Expires.UTC().Format("2006-01-02 15:04 UTC")+".")
		return false
	}
	return true
}

// readAudience compares domain and challenge where the reader asked for them.
func (r *Result) readAudience(proof *strictjson.Value, want Expect) bool {
	if want.Domain != "" {
		found := false
		for v := range proof.Get("domain").Each() {
			found = found || v.Text() == want.Domain
		}
		if !found {
			r.fail(Bad, problemDomain, "The proof was made for another reader.")
			return false
		}
	}
	if want.Challenge != "" && proof.Get("challenge").Text() != want.Challenge {
		r.fail(Bad, problemChallenge, "The proof does not answer the challenge.")
		return false
	}
	return true
}

// clip shortens a stranger's word for a message and quotes it.
func clip(word string) string {
	runes := []rune(word)
	if len(runes) > 40 {
		runes = append(runes[:40], '…')
	}
	for i, c := range runes {
		if c < 0x20 || c == 0x7f || c > 0x7e && c != '…' {
			runes[i] = '?'
		}
	}
	return `"` + string(runes) + `"`
}
