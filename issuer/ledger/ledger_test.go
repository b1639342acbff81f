package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hallmark/issuer"
	"hallmark/verifier/jcs"
)

// The expected values below were made by another program (Python's hmac and
// hashlib) from the description in the package comment.

func TestLeaf(t *testing.T) {
	salt := make([]byte, SaltSize)
	for i := range salt {
		salt[i] = byte(i)
	}
	at := time.Date(2026, 11, 21, 11, 53, 59, 9, time.FixedZone("", 3600))
	got := Leaf(Issue, at, Commit(salt, []byte(`{"id":"https://badges.example.org/v/X"}`)))
	want := `{"at":"2026-11-21T10:53:00Z","commit":"ED4dQ7J35Hk4Hp3jG-96NvpAec960j60QenlVCkaRD0","type":"issue","v":1}`
	if string(got) != want {
		t.Errorf("leaf\n got %s\nwant %s", got, want)
	}
}

func TestLeafIsCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{Issue, Supersede, Revoke, Suspend, Reinstate, Key}).Draw(t, "type")
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), 0)
		leaf := Leaf(kind, at, rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "commit"))
		canonical, err := jcs.Transform(leaf)
		if err != nil || !bytes.Equal(canonical, leaf) {
			t.Fatalf("%s is not its canonical form %s: %v", leaf, canonical, err)
		}
	})
}

func TestLeafOfUnknownType(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a leaf of an unknown type was made")
		}
	}()
	Leaf(`x","v":2,"y":"`, time.Now(), nil)
}

func TestCommitNeedsItsSalt(t *testing.T) {
	a, b := NewSalt(), NewSalt()
	if len(a) != SaltSize || bytes.Equal(a, b) {
		t.Fatal("salts are not random")
	}
	if bytes.Equal(Commit(a, []byte("x")), Commit(b, []byte("x"))) {
		t.Error("two salts gave one commitment")
	}
}

func TestEvent(t *testing.T) {
	at := time.Date(2026, 11, 21, 10, 53, 7, 0, time.UTC)
	sum := sha256.Sum256(Event(Revoke, "CRED", at, "misconduct"))
	if got, want := hex.EncodeToString(sum[:]), "3d3027ede03f5d9e7f1260feb6995f0fad82aa094626553e8b0ea35b5220dc44"; got != want {
		t.Errorf("event digest %s, want %s", got, want)
	}
}

func TestAuditChain(t *testing.T) {
	first := issuer.AuditEntry{ID: "E1", IssuerID: "I", At: time.Date(2026, 11, 21, 10, 53, 7, 0, time.UTC),
		Actor: "person:P", Act: "capstone.review", Object: "C1", Outcome: "done", Detail: `{"note":"ü"}`}
	second := issuer.AuditEntry{ID: "E2", IssuerID: "I", At: time.Date(2026, 11, 21, 10, 53, 8, 0, time.UTC),
		Actor: "system:jobs", Act: "x", Outcome: "refused", Detail: "{}"}
	one := Audit(Start(), &first)
	if got, want := hex.EncodeToString(one), "918d0fc1f7b4cde1ac29b895ca91a5222cfacfc94018da6eda873424fd2bc511"; got != want {
		t.Errorf("first hash %s, want %s", got, want)
	}
	if got, want := hex.EncodeToString(Audit(one, &second)), "ba44715ff942cfd25bb78ad0c12e8c0291064c430a97805775384ae668c83024"; got != want {
		t.Errorf("second hash %s, want %s", got, want)
	}
}

// TestAuditSeesEveryChange moves a byte from one field to another or changes
// one, and expects another hash every time.
func TestAuditSeesEveryChange(t *testing.T) {
	text := rapid.StringN(0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) issuer.AuditEntry {
			return issuer.AuditEntry{ID: issuer.AuditID(text.Draw(t, label+"id")), Actor: text.Draw(t, label+"actor"),
				Act: text.Draw(t, label+"act"), Object: text.Draw(t, label+"object"), Outcome: text.Draw(t, label+"outcome"),
				Detail: text.Draw(t, label+"detail"), At: time.Unix(rapid.Int64Range(0, 9).Draw(t, label+"at"), 0)}
		}
		a, b := draw("a"), draw("b")
		same := a.ID == b.ID && a.Actor == b.Actor && a.Act == b.Act && a.Object == b.Object &&
			a.Outcome == b.Outcome && a.Detail == b.Detail && a.At.Equal(b.At)
		if bytes.Equal(Audit(Start(), &a), Audit(Start(), &b)) != same {
			t.Fatalf("%+v and %+v", a, b)
		}
		moved := a
		if a.Actor != "" {
			moved.Act, moved.Actor = a.Actor[len(a.Actor)-1:]+a.Act, a.Actor[:len(a.Actor)-1]
			if bytes.Equal(Audit(Start(), &a), Audit(Start(), &moved)) {
				t.Fatal("a field ran into the next")
			}
		}
		if bytes.Equal(Audit(Start(), &a), Audit(make([]byte, 31), &a)) {
			t.Fatal("the entry before does not count")
		}
	})
}
