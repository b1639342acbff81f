package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"hallmark/issuer"
)

// TestDifferences: a text comes back from what differs from an example, whatever
// both are; what is no such thing is refused or gives some text, and never fails.
func TestDifferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringMatching(`[a-c"]{0,6}`)
		example, text := []byte(part.Draw(t, "example")), []byte(part.Draw(t, "text"))
		little := differences(example, text)
		back, ok := withDifferences(example, little)
		if same := bytes.Count(example, []byte(quote)) == bytes.Count(text, []byte(quote)); same && (!ok || !bytes.Equal(back, text)) || !same && !bytes.Equal(little, text) {
			t.Fatalf("%q from %q by %q", back, example, little)
		}
		withDifferences(example, rapid.SliceOf(rapid.Byte()).Draw(t, "noise"))
	})
	if back, ok := withDifferences([]byte(`a"b`), bytes.Repeat([]byte{0xff}, 40)); ok {
		t.Errorf("noise gives %q", back)
	}
}

func signedCopy(tx *Tx, id string, text string) *issuer.SignedCopy {
	sum := sha256.Sum256([]byte(text))
	return &issuer.SignedCopy{CredentialID: issuer.CredentialID(id), Format: "di", IssuerID: us, KeyID: "K", Bytes: []byte(text), Digest: sum[:], SignedAt: tx.Now}
}

// TestCopies: copies that look alike are kept as what differs from one example,
// which an act that fails does not leave behind, and are read as they were.
func TestCopies(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		sample(t, s)
		long := func(name string) string {
			return fmt.Sprintf(`{"name":%q,"text":"%s"}`, name, bytes.Repeat([]byte("long "), 40))
		}
		alike := Alike{"alike", func() ([]byte, error) { return []byte(long("")), nil }}
		keep := func(id, text string, index int, a Alike) func(tx *Tx) error {
			return func(tx *Tx) error {
				if err := tx.add("status entry", &issuer.StatusEntry{StatusListID: "SL", StatusIndex: index, IssuerID: us, CredentialID: issuer.CredentialID(id)}); err != nil {
					return err
				}
				return errors.Join(tx.AddCredentials(&issuer.Credential{ID: issuer.CredentialID(id), IssuerID: us, AwardID: "AW", StatusListID: "SL", StatusIndex: index, ValidFrom: tx.Now, IssuedAt: tx.Now}),
					tx.AddSignedCopy(signedCopy(tx, id, text), a))
			}
		}
		undone := errors.New("undone")
		errs := heldUp(t, s,
			func(tx *Tx) error { return errors.Join(keep("C0", long("no one"), 20, alike)(tx), undone) },
			keep("C1", long("Ann"), 21, alike),
			keep("C2", long("Ben"), 22, alike),
			keep("C3", `{"another":"form of badge"}`, 23, alike),
			keep("C4", long("Cas"), 24, Alike{}),
		)
		if err := errors.Join(errs[1:]...); err != nil || !errors.Is(errs[0], undone) {
			t.Fatal(errs)
		}
		must(t, s, keep("C5", long("Dot"), 25, alike))
		for id, want := range map[string]string{"C1": long("Ann"), "C2": long("Ben"), "C3": `{"another":"form of badge"}`, "C4": long("Cas"), "C5": long("Dot")} {
			c := get(t, s, func(tx *Tx) (*issuer.SignedCopy, error) { return tx.SignedCopy(issuer.CredentialID(id), "di") })
			all := get(t, s, func(tx *Tx) ([]issuer.SignedCopy, error) { return tx.SignedCopiesOf(issuer.CredentialID(id)) })
			if string(c.Bytes) != want || len(all) != 1 || string(all[0].Bytes) != want {
				t.Errorf("%s is read as %s and %s", id, c.Bytes, all[0].Bytes)
			}
			little := get(t, s, func(tx *Tx) (int, error) {
				rows, err := read[issuer.SignedCopy](tx, "WHERE credential_id = ?", id)
				return len(rows[0].Bytes), err
			})
			if alike := id == "C1" || id == "C2" || id == "C5"; (little < 20) != alike {
				t.Errorf("%s is kept as %d bytes", id, little)
			}
		}
		if n := get(t, s, func(tx *Tx) (int, error) { return count[issuer.CopyExample](tx, "kind = 'alike'") }); n != 1 && s.dialect == sqliteDialect { // acts at the same time may each keep one
			t.Errorf("%d examples are kept", n)
		}
	})
}

// TestCopiesAltered: bytes that are not those that were signed are not given out
// for them, and an auditor gets them all the same.
func TestCopiesAltered(t *testing.T) {
	s := migrated(t, sqliteFile(t))
	sample(t, s)
	text := `{"name":"Ann","much":"` + string(bytes.Repeat([]byte("long "), 40)) + `"}`
	must(t, s, func(tx *Tx) error {
		_, err := tx.exec("DROP TRIGGER tg_signed_copies_sealed")
		return err
	})
	must(t, s, func(tx *Tx) error {
		sum := sha256.Sum256([]byte(text))
		_, err := tx.exec("UPDATE signed_copies SET example_id = 'EX', bytes = ?, digest = ? WHERE credential_id = 'CRED'", []byte{9, 9, 9}, sum[:])
		return err
	})
	if _, err := Read(t.Context(), s, func(tx *Tx) (*issuer.SignedCopy, error) { return tx.SignedCopy("CRED", "di") }); err == nil {
		t.Error("altered bytes were given out")
	}
	all := get(t, s, func(tx *Tx) ([]issuer.SignedCopy, error) { return tx.SignedCopiesOf("CRED") })
	if sum := sha256.Sum256(all[0].Bytes); bytes.Equal(sum[:], all[0].Digest) {
		t.Error("the digest does not tell")
	}
}
