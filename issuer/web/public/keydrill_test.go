package public_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/keyring"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store/storetest"
	"hallmark/verifier/verifiertest"
)

// drill goes through the life of a key over HTTP.
type drill struct {
	*issuertest.Service
	t *testing.T
}

var keeper = issuer.Caller{System: "keys"}

// issued issues a badge and waits for the log.
func (d *drill) issued(kind, module string) string {
	d.t.Helper()
	r, err := d.Registrar.RecordCompletion(d.t.Context(), issuer.Caller{System: "test"}, registrar.NewCompletion{
		Person: registrar.PersonRef{ID: d.People[kind]}, Module: module, Score: "92", Unit: "percent"})
	if err != nil {
		d.t.Fatal(err)
	}
	d.settle()
	return string(r.Credentials[0].ID)
}

// settle does what a running server does within a second.
func (d *drill) settle() {
	d.t.Helper()
	if err := d.Jobs.Sequence(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	if err := d.Ring.Refresh(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	d.Publish(d.t)
}

// signing gives the key that signs badges.
func (d *drill) signing() issuer.KeyID {
	d.t.Helper()
	keys, err := d.Registrar.Keys(d.t.Context(), keeper)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, k := range keys {
		if k.Purpose == keyring.PurposeCredential && k.Algorithm == keyring.Ed25519 && k.State == issuer.KeyActive {
			return k.ID
		}
	}
	d.t.Fatal("no key signs")
	return ""
}

func (d *drill) rotate() {
	d.t.Helper()
	next, err := d.Registrar.PlanKey(d.t.Context(), keeper, keyring.PurposeCredential, keyring.Ed25519)
	if err != nil {
		d.t.Fatal(err)
	}
	d.settle()
	var doc struct{ AssertionMethod []string }
	get(d.t, d.Service, "/.well-known/did.json").Want(d.t, 200).JSON(d.t, &doc)
	if !strings.Contains(strings.Join(doc.AssertionMethod, " "), string(next.ID)) {
		d.t.Errorf("the planned key is not published: %v", doc.AssertionMethod)
	}
	if _, err := d.Registrar.ActivateKey(d.t.Context(), keeper, next.ID); err != nil {
		d.t.Fatal(err)
	}
	d.settle()
}

// stolen replaces the key that signs and gives it up, as of some time ago.
func (d *drill) stolen(ago time.Duration) issuer.KeyID {
	d.t.Helper()
	id := d.signing()
	if _, err := d.Registrar.ReplaceKey(d.t.Context(), keeper, id); err != nil {
		d.t.Fatal(err)
	}
	d.settle()
	if _, err := d.Registrar.CompromiseKey(d.t.Context(), keeper, id, d.Clock.Now().Add(-ago)); err != nil {
		d.t.Fatal(err)
	}
	d.settle()
	return id
}

func (d *drill) reissue(k issuer.KeyID, doubtful bool) (done, left int) {
	d.t.Helper()
	in := registrar.KeyReissue{Key: k, Doubtful: doubtful, Notify: true}
	for {
		r, err := d.Registrar.ReissueOfKey(d.t.Context(), keeper, in)
		if err != nil {
			d.t.Fatal(err)
		}
		done, left, in.Cursor = done+r.Reissued, left+r.Doubtful, r.Next
		if r.Next == "" {
			d.settle()
			return done, left
		}
	}
}

// answer is what is said of a badge at its own address and at the verify
// endpoint; both say the same.
func (d *drill) answer(id string) string {
	d.t.Helper()
	type report struct {
		Verdict string
		Issuer  struct{ How string }
		Checks  []struct{ Name, Outcome string }
	}
	var here, there report
	get(d.t, d.Service, "/v/"+id, "Accept", "application/json").Want(d.t, 200).JSON(d.t, &here)
	signed := get(d.t, d.Service, "/v/"+id+".json").Want(d.t, 200).Body
	d.Send(d.t, "nobody", "POST", "/api/verify", string(signed), "Content-Type", "application/vc").Want(d.t, 200).JSON(d.t, &there)
	words := func(r report) string {
		out := r.Verdict
		for _, c := range r.Checks {
			if c.Outcome == "refused" {
				out += ", " + c.Name
			}
		}
		if strings.Contains(r.Issuer.How, "had signed this before") {
			out += ", with a note"
		}
		return out
	}
	if a, b := words(here), words(there); a != b {
		d.t.Errorf("%s here, %s there", a, b)
	}
	return words(here)
}

func (d *drill) want(when string, badges ...[2]string) {
	d.t.Helper()
	for i, b := range badges {
		if got := d.answer(b[0]); got != b[1] {
			d.t.Errorf("%s: badge %d is %s, want %s", when, i, got, b[1])
		}
	}
}

// by gives the badge that took the place of another.
func (d *drill) by(id string) string {
	d.t.Helper()
	b, err := d.Published.Badge(d.t.Context(), issuer.CredentialID(id))
	if err != nil || b.ReplacedBy == "" {
		d.t.Fatalf("nothing took the place of %s: %v", id, err)
	}
	return string(b.ReplacedBy)
}

// TestKeyDrill: issue, rotate, issue, a key is stolen, issue anew; every badge
// answers as it should after each step.
func TestKeyDrill(t *testing.T) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			s := issuertest.New(t, issuertest.Options{Base: secureBase, DSN: dsn(t)})
			runDrill(t, &drill{s, t})
		})
	}
}

func runDrill(t *testing.T, d *drill) {
	const good, noted, bad, replaced = "verified", "verified, with a note", "refused, issuer", "refused, status"
	d.Clock.Advance(-3 * time.Hour) // other verifiers know no time but the machine's
	first := d.issued("learner", "M1")
	d.want("issued", [2]string{first, good})
	d.rotate()
	second := d.issued("other", "M1")
	d.want("rotated", [2]string{first, good}, [2]string{second, good})

	d.Clock.Advance(2 * time.Hour)
	third := d.issued("mate", "M1") // signed while the key was in other hands
	lost := d.stolen(time.Hour)
	d.want("stolen", [2]string{first, good}, [2]string{second, noted}, [2]string{third, bad})
	d.others("stolen", map[string]bool{first: true, second: false, third: false})

	fourth := d.issued("learner", "M2")
	d.want("new key", [2]string{fourth, good})

	if done, left := d.reissue(lost, false); done != 1 || left != 1 {
		t.Errorf("%d issued anew, %d left", done, left)
	}
	anew := d.by(second)
	d.want("issued anew", [2]string{first, good}, [2]string{anew, good}, [2]string{third, bad}, [2]string{fourth, good})
	if got := d.answer(second); !strings.HasPrefix(got, replaced) {
		t.Errorf("the old one is %s", got)
	}
	if done, left := d.reissue(lost, false); done != 0 || left != 1 {
		t.Errorf("again: %d issued anew, %d left", done, left)
	}
	if done, left := d.reissue(lost, true); done != 1 || left != 0 {
		t.Errorf("the doubtful: %d issued anew, %d left", done, left)
	}
	last := d.by(third)
	d.want("all issued anew", [2]string{last, good})
	d.others("issued anew", map[string]bool{first: true, second: false, anew: true, last: true, fourth: true})
	page := string(get(t, d.Service, "/v/"+second).Want(t, 200).Body)
	if !strings.Contains(page, "/v/"+anew) {
		t.Error("the page of the old badge does not lead to the new one")
	}
}

// others asks another vendor's verifier, which knows nothing of our log.
func (d *drill) others(when string, want map[string]bool) {
	d.t.Helper()
	npm := verifiertest.NPM(d.t, "@digitalbazaar/vc", "@digitalbazaar/vc-bitstring-status-list")
	documents := map[string]json.RawMessage{secureBase + "/.well-known/did.json": get(d.t, d.Service, "/.well-known/did.json").Want(d.t, 200).Body}
	var requests []any
	var ids []string
	for id := range want {
		badge := get(d.t, d.Service, "/v/"+id+".json").Want(d.t, 200).Body
		var c struct {
			CredentialStatus struct{ StatusListCredential string }
		}
		if err := json.Unmarshal(badge, &c); err != nil {
			d.t.Fatal(err)
		}
		list := c.CredentialStatus.StatusListCredential
		documents[list] = get(d.t, d.Service, strings.TrimPrefix(list, secureBase), "Accept", "application/vc").Want(d.t, 200).Body
		requests, ids = append(requests, map[string]any{"credential": json.RawMessage(badge), "documents": documents}), append(ids, id)
	}
	type answer struct {
		Verified bool
		Error    any
	}
	for i, a := range verifiertest.Ask[answer](d.t, npm, "verify-vc.mjs", nil, requests...) {
		if a.Verified != want[ids[i]] {
			d.t.Errorf("%s: another verifier: %+v, want %v", when, a, want[ids[i]])
		}
	}
}
