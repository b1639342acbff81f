package inclusion

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"testing"
)

func TestCosignature(t *testing.T) {
	p, _, key := sample(t, 5, 2)
	private := ed25519.NewKeyFromSeed(make([]byte, 32))
	typed := append([]byte{algorithmCosignature}, private.Public().(ed25519.PublicKey)...)
	hash := sha256.Sum256(append([]byte("w.example\n"), typed...))
	spelt := fmt.Sprintf("w.example+%x+%s", hash[:4], base64.StdEncoding.EncodeToString(typed))
	w, err := NewCosigner(spelt)
	if err != nil {
		t.Fatal(err)
	}
	c, err := OpenCheckpoint(p.Checkpoint, []string{key})
	if err != nil {
		t.Fatal(err)
	}
	line := func(at uint64, text string) []byte {
		b := binary.BigEndian.AppendUint64(append([]byte{}, hash[:4]...), at)
		b = append(b, ed25519.Sign(private, CosignedText(77, []byte(text)))...)
		return fmt.Appendf(nil, "\u2014 w.example %s\n", base64.StdEncoding.EncodeToString(b))
	}
	if Cosigned(p.Checkpoint, w) {
		t.Error("co-signed before it was")
	}
	good := append(line(77, c.Text()+"x"), line(77, c.Text())...)
	signed, err := Cosign(p.Checkpoint, good, w)
	if err != nil || !Cosigned(signed, w) {
		t.Fatalf("%v", err)
	}
	if again, err := OpenCheckpoint(signed, []string{key}); err != nil || again != c {
		t.Errorf("the log's own signature: %+v, %v", again, err)
	}
	for name, lines := range map[string][]byte{
		"another time": line(78, c.Text()), "another text": line(77, "x\n"), "no line": line(77, c.Text())[:40], "nothing": nil, "rubbish": []byte("x\n\n\u2014 w.example AAAA\n"),
	} {
		if _, err := Cosign(p.Checkpoint, lines, w); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	for _, bad := range []string{"", "w.example", key, spelt + "=", "+" + spelt, "w x" + spelt[9:], "v" + spelt[1:], spelt[:len(spelt)-4]} {
		if _, err := NewCosigner(bad); err == nil {
			t.Errorf("%q is a key", bad)
		}
	}
}
