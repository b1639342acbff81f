package jobs

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"hallmark/issuer/ledger"
	"hallmark/issuer/store"
	"hallmark/verifier/inclusion"
)

// onlooker is a witness as C2SP tlog-witness describes it: it signs a head only
// if it goes on from the last one that it signed.
type onlooker struct {
	t      *testing.T
	log    []string // verifier keys of the log
	key    ed25519.PrivateKey
	name   string
	seen   tlog.Tree
	mood   int // a status to answer with instead; 0: none
	asked  int
	forged bool // signs something else
}

func (o *onlooker) public() string {
	typed := append([]byte{4}, o.key.Public().(ed25519.PublicKey)...)
	hash := sha256.Sum256(append([]byte(o.name+"\n"), typed...))
	return fmt.Sprintf("%s+%x+%s", o.name, hash[:4], base64.StdEncoding.EncodeToString(typed))
}

func (o *onlooker) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	o.asked++
	if o.mood != 0 {
		w.WriteHeader(o.mood)
		return
	}
	body, err := io.ReadAll(req.Body)
	if err != nil || req.Method != "POST" || req.URL.Path != "/w/add-checkpoint" {
		o.t.Errorf("%s %s: %v", req.Method, req.URL, err)
	}
	top, head, _ := strings.Cut(string(body), "\n\n")
	lines := strings.Split(top, "\n")
	c, err := inclusion.OpenCheckpoint([]byte(head), o.log)
	if err != nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if lines[0] != fmt.Sprintf("old %d", o.seen.N) {
		w.Header().Set("Content-Type", "text/x.tlog.size")
		w.WriteHeader(http.StatusConflict)
		fmt.Fprintf(w, "%d\n", o.seen.N)
		return
	}
	var proof tlog.TreeProof
	for _, line := range lines[1:] {
		h, err := tlog.ParseHash(line)
		if err != nil {
			o.t.Errorf("proof line %q", line)
		}
		proof = append(proof, h)
	}
	if o.seen.N > 0 && o.seen.N != c.Size {
		err = tlog.CheckTree(proof, c.Size, c.Root, o.seen.N, o.seen.Hash)
	}
	if err != nil || o.seen.N == c.Size && o.seen.Hash != c.Root {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	o.seen = tlog.Tree{N: c.Size, Hash: c.Root}
	text, _, _ := strings.Cut(head, "\n\n")
	o.sign(w, text+"\n")
}

func (o *onlooker) sign(w io.Writer, text string) {
	const at = 1_795_000_000
	if o.forged {
		text = "x" + text
	}
	verifier, err := inclusion.NewCosigner(o.public())
	if err != nil {
		o.t.Error(err)
		return
	}
	b := binary.BigEndian.AppendUint32(nil, verifier.KeyHash())
	b = binary.BigEndian.AppendUint64(b, at)
	b = append(b, ed25519.Sign(o.key, inclusion.CosignedText(at, []byte(text)))...)
	fmt.Fprintf(w, "\u2014 %s %s\n", o.name, base64.StdEncoding.EncodeToString(b))
}

func postTo(ctx context.Context, address, contentType string, text []byte, max int64) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, "POST", address, bytes.NewReader(text))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", contentType)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, max))
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	return res.StatusCode, body, err
}

// TestWitness: a witness signs what goes on from what it knows; one that fails
// holds up nothing.
func TestWitness(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Runner, _ *clock) {
		keys, err := r.Ring.LogKeys(ledger.Origin(r.BaseURL))
		if err != nil {
			t.Fatal(err)
		}
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		o := &onlooker{t: t, log: keys, key: private, name: "witness.example/w1"}
		server := httptest.NewServer(o)
		t.Cleanup(server.Close)
		r.Witness = &Witness{URL: server.URL + "/w", Key: o.public(), Post: postTo}
		cosigner, err := inclusion.NewCosigner(o.public())
		if err != nil {
			t.Fatal(err)
		}
		grow := func(n int) { r.record(t, 1, n); do(t, r.Sequence) }
		cosigned := func() bool {
			return inclusion.Cosigned([]byte(read(t, r, (*store.Tx).LastCheckpoint).Note), cosigner)
		}
		do(t, r.Sequence)
		do(t, r.Cosign) // there is nothing in the log
		for i, n := range []int{1, 4, 300} {
			grow(n)
			do(t, r.Cosign)
			if !cosigned() || o.seen.N != read(t, r, (*store.Tx).LastCheckpoint).Size {
				t.Fatalf("round %d is not co-signed", i)
			}
		}
		asked := o.asked
		do(t, r.Cosign)
		do(t, r.Sequence) // does not sign anew what has one more signature
		if o.asked != asked || !cosigned() {
			t.Error("the witness was asked for what it has signed")
		}
		grow(1)
		r.Witness.Post = func(ctx context.Context, address, contentType string, text []byte, max int64) (int, []byte, error) {
			grow(1) // while the witness looks at the head before
			return postTo(ctx, address, contentType, text, max)
		}
		do(t, r.Cosign)
		r.checkTree(t, 307)
		if cosigned() {
			t.Error("a head that the witness has not seen bears its signature")
		}
		r.Witness.Post = postTo
		do(t, r.Cosign)
		grow(1)
		r.witnessed.Store(0) // a program that has just started knows nothing
		do(t, r.Cosign)
		if !cosigned() {
			t.Error("not co-signed after the witness said what it knows")
		}
		for name, upset := range map[string]func(){
			"out of order": func() { o.mood = 500 }, "forged": func() { o.forged = true }, "ahead": func() { o.seen.N = 1 << 40 },
		} {
			before := o.seen
			upset()
			grow(1)
			if err := r.Cosign(t.Context()); err == nil || cosigned() {
				t.Errorf("%s: co-signed", name)
			}
			o.mood, o.forged, o.seen = 0, false, before
		}
		server.Close()
		grow(1)
		if err := r.Cosign(t.Context()); err == nil {
			t.Error("a witness that is away signed")
		}
		r.checkTree(t, 312)
	})
}
