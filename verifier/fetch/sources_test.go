package fetch

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"testing"

	"hallmark/verifier/did"
	"hallmark/verifier/ob2"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func TestSources(t *testing.T) {
	const key = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
	document := func(id string) string {
		return fmt.Sprintf(`{"@context":["https://www.w3.org/ns/cid/v1"],"id":%[1]q,"verificationMethod":[{"id":"%[1]s#k","type":"Multikey","controller":%[1]q,"publicKeyMultibase":%[2]q}],"assertionMethod":["%[1]s#k"]}`, id, key)
	}
	var path, accept string
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		path, accept = r.URL.Path, r.Header.Get("Accept")
		switch path {
		case "/.well-known/did.json":
			fmt.Fprint(rw, document("did:web:example.com"))
		case "/makers/did.json":
			fmt.Fprint(rw, document("did:web:example.com"))
		case "/issuers/1":
			fmt.Fprint(rw, document("https://example.com/issuers/1"))
		case "/status/1":
			fmt.Fprint(rw, "list")
		case "/keys/1":
			fmt.Fprint(rw, `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`)
		case "/refresh/1", "/assertions/1":
			fmt.Fprint(rw, "a copy")
		case "/assertions/2":
			rw.WriteHeader(http.StatusGone)
		case "/assertions/3":
			http.Redirect(rw, r, "https://elsewhere.example.com/assertions/3", http.StatusFound)
		case "/broken":
			rw.WriteHeader(http.StatusBadGateway)
		default:
			rw.WriteHeader(http.StatusNotFound)
		}
	})
	keys := Keys{w.fetcher()}
	for id, want := range map[string][2]string{
		"did:web:example.com":           {"/.well-known/did.json", acceptDID},
		"https://example.com/issuers/1": {"/issuers/1", acceptProfile},
	} {
		d, err := keys.Document(t.Context(), id)
		if err != nil || d.ID != id || len(d.Methods) != 1 || !d.Asserts(id+"#k") {
			t.Errorf("%s: %+v, %v", id, d, err)
		}
		if path != want[0] || accept != want[1] {
			t.Errorf("%s: asked %s for %s", id, path, accept)
		}
	}
	if _, err := keys.Document(t.Context(), "did:web:example.com:nobody"); !errors.Is(err, did.ErrNotFound) {
		t.Errorf("no document: %v", err)
	}
	for _, id := range []string{"https://example.com/broken", "did:web:unknown.example.com", "did:web:localhost%3A8080", "did:web:127.0.0.1", "did:example:1", "did:web:example.com:makers", "http://example.com/issuers/1", "urn:x"} {
		if d, err := keys.Document(t.Context(), id); err == nil || errors.Is(err, did.ErrNotFound) {
			t.Errorf("%s: %v, %v", id, d, err)
		}
	}
	set, err := keys.KeySet(t.Context(), "https://example.com/keys/1")
	if err != nil || !set.Bare || set.Keys[0].Key == nil || accept != acceptKeys {
		t.Errorf("key: %+v, %v, asked for %s", set, err, accept)
	}
	if set, err := keys.KeySet(t.Context(), "https://example.com/keys/2"); !errors.Is(err, did.ErrNotFound) {
		t.Errorf("no key: %v, %v", set, err)
	}
	for _, address := range []string{"https://example.com/broken", "http://example.com/keys/1", "https://127.0.0.1/keys/1", "https://example.com/status/1"} {
		if set, err := keys.KeySet(t.Context(), address); err == nil || errors.Is(err, did.ErrNotFound) {
			t.Errorf("%s: %v, %v", address, set, err)
		}
	}
	list, err := Status{w.fetcher()}.StatusList(t.Context(), "https://example.com/status/1")
	if err != nil || string(list) != "list" || accept != acceptList {
		t.Errorf("%q %v %q", list, err, accept)
	}
	newer, err := Newer{w.fetcher()}.Refresh(t.Context(), "https://example.com/refresh/1")
	if err != nil || string(newer) != "a copy" || accept != acceptNewer {
		t.Errorf("%q %v %q", newer, err, accept)
	}
	older := Legacy{w.fetcher()}
	doc, err := older.LegacyDocument(t.Context(), "https://example.com/assertions/1")
	if err != nil || string(doc) != "a copy" || accept != acceptLegacy {
		t.Errorf("%q %v %q", doc, err, accept)
	}
	if _, err := older.LegacyDocument(t.Context(), "https://example.com/assertions/2"); !errors.Is(err, ob2.ErrGone) {
		t.Errorf("withdrawn: %v", err)
	}
	for _, address := range []string{"https://example.com/assertions/3", "https://example.com/none", "http://example.com/assertions/1", "https://10.0.0.1/a", "https://example.com:8443/a"} {
		if doc, err := older.LegacyDocument(t.Context(), address); err == nil || errors.Is(err, ob2.ErrGone) {
			t.Errorf("%s: %q, %v", address, doc, err)
		}
		if doc, err := (Newer{w.fetcher()}).Refresh(t.Context(), address); err == nil {
			t.Errorf("%s: %q", address, doc)
		}
	}
}
