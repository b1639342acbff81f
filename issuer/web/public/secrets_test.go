package public_test

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/keyring"
	"hallmark/issuer/store"
)

// secretsOf opens every key of a service and gives its secrets, each in the
// ways in which it could come out.
func secretsOf(t *testing.T, s *issuertest.Service) (forms []string, keys int) {
	t.Helper()
	sealing := bytes.Repeat([]byte{7}, keyring.SealingKeySize)
	rows, err := store.Read(t.Context(), s.Store, func(tx *store.Tx) ([]issuer.Key, error) { return tx.Keys() })
	if err != nil {
		t.Fatal(err)
	}
	mentors, err := store.Read(t.Context(), s.Store, func(tx *store.Tx) ([]issuer.MentorKey, error) { return tx.MentorKeys() })
	if err != nil || len(mentors) == 0 {
		t.Fatalf("%d keys of mentors, %v", len(mentors), err)
	}
	for _, k := range mentors {
		rows = append(rows, issuer.Key{Sealed: k.Sealed})
	}
	forms = spelled(sealing)
	for _, k := range rows {
		sealed, err := jose.ParseEncryptedCompact(k.Sealed, []jose.KeyAlgorithm{jose.A256GCMKW}, []jose.ContentEncryption{jose.A256GCM})
		if err != nil {
			t.Fatal(err)
		}
		secret, err := sealed.Decrypt(sealing)
		if err != nil {
			t.Fatal(err)
		}
		forms = append(forms, spelled(secret)...)
		if k.Algorithm == keyring.RSA2048 {
			parsed, err := x509.ParsePKCS8PrivateKey(secret)
			if err != nil {
				t.Fatal(err)
			}
			private := parsed.(*rsa.PrivateKey)
			for _, n := range append([]*big.Int{private.D}, private.Primes...) {
				forms = append(append(forms, spelled(n.Bytes())...), n.String())
			}
		}
	}
	return forms, len(rows)
}

func spelled(secret []byte) []string {
	return []string{string(secret), hex.EncodeToString(secret), strings.ToUpper(hex.EncodeToString(secret)),
		base64.StdEncoding.EncodeToString(secret)[:40], base64.RawURLEncoding.EncodeToString(secret)[:40], strings.Trim(fmt.Sprint(secret), "[]")}
}

var placeholder = regexp.MustCompile(`:[a-z]+|\*`)

// TestNothingPrivateComesOut looks for every private key in the files of the
// database, in what was logged and in the answer of every address there is, to
// nobody and to who runs the installation.
func TestNothingPrivateComesOut(t *testing.T) {
	dir := t.TempDir()
	s := issuertest.New(t, issuertest.Options{Base: secureBase, DSN: filepath.Join(dir, "hallmark.db")})
	d := &drill{s, t}
	id := d.issued("learner", "M1")
	get(t, s, "/v/"+id+".jwt").Want(t, 200)
	approves(t, s, "lead", capstone(t, s, "K2"), true) // with a key of the mentor's
	d.rotate()
	lost := d.stolen(0)
	d.reissue(lost, true)
	secrets, keys := secretsOf(t, s)
	if keys < 9 {
		t.Fatalf("%d keys", keys)
	}
	seen := map[string][]byte{"log": []byte(s.Log.String())}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, name := range files {
		if seen[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	answered, browser := 0, s.Browse(t, "root")
	for _, route := range s.Echo.Routes() {
		for _, value := range []string{id, id + ".json", string(lost), string(d.signing()), "0/000.p/1"} {
			path := placeholder.ReplaceAllString(route.Path, value)
			if route.Method != "GET" || !strings.HasPrefix(path, "/") {
				continue
			}
			for _, kind := range []string{"nobody", "root", "lms"} {
				a := s.Send(t, kind, "GET", path, "")
				seen[kind+" "+path] = fmt.Appendf(a.Body, "%v", a.Header)
				if a.Status == 200 {
					answered++
				}
			}
			a := browser.Get(t, path)
			seen["browser "+path] = fmt.Appendf(a.Body, "%v", a.Header)
			if path == route.Path {
				break
			}
		}
	}
	seen["log"] = []byte(s.Log.String())
	if answered < 60 || !bytes.Contains(seen["nobody /.well-known/did.json"], []byte(d.signing())) {
		t.Fatalf("%d answers: the search finds nothing", answered)
	}
	for where, text := range seen {
		for _, secret := range secrets {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("a private key came out: %s", where)
			}
		}
	}
}
