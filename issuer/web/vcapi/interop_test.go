package vcapi_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os/exec"
	"testing"

	"hallmark/issuer/issuertest"
	"hallmark/verifier/verifiertest"
)

// TestOtherVendor: what the EdDSA instances issue verifies with another vendor's
// libraries, status list included; changed or revoked it does not.
func TestOtherVendor(t *testing.T) {
	npm := verifiertest.NPM(t, "@digitalbazaar/vc", "@digitalbazaar/eddsa-rdfc-2022-cryptosuite")
	d := open(t, issuertest.Options{})
	simple := func(name string) object {
		return with(t, plain("2.0", d.dids[name]), func(c object) {
			c["@context"], c["type"] = c["@context"].([]any)[:1], []any{"VerifiableCredential"}
			c["credentialSubject"] = object{"id": "did:example:alice", "name": "Alice"}
		})
	}
	good := d.issue(t, "eddsa-rdfc", simple("eddsa-rdfc"), nil)
	old := d.issue(t, "eddsa-rdfc", plain("1.1", d.dids["eddsa-rdfc"]), nil)
	listed, revoked := d.issue(t, "status", simple("status"), nil), d.issue(t, "status", simple("status"), nil)
	d.post(t, "/status/credentials/status", object{"credentialId": revoked["id"], "credentialStatus": object{"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}}).Want(t, 200)
	url := at(t, listed, "credentialStatus", "statusListCredential").(string)
	documents := map[string]json.RawMessage{url: d.get(t, url).Want(t, 200).Body}
	changed := with(t, good, func(c object) { c["credentialSubject"].(object)["name"] = "Mallory" })
	var in bytes.Buffer
	for _, c := range []object{good, old, listed, revoked, changed} {
		line, err := json.Marshal(map[string]any{"credential": c, "documents": documents})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	c := exec.CommandContext(t.Context(), "node", "verify-vc.mjs")
	var errs bytes.Buffer
	c.Dir, c.Stdin, c.Stderr = npm, &in, &errs
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	type said struct {
		Verified, Proof bool
		Status          string
		Error           any
	}
	want := []said{{Verified: true, Proof: true, Status: "none"}, {Verified: true, Proof: true, Status: "none"},
		{Verified: true, Proof: true, Status: "clear"}, {Proof: true, Status: "set"}, {Status: "none"}}
	var n int
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); n++ {
		var got said
		if err := json.Unmarshal(lines.Bytes(), &got); err != nil || n >= len(want) {
			t.Fatalf("%v: %s", err, out)
		}
		if got.Verified != want[n].Verified || got.Proof != want[n].Proof || got.Status != want[n].Status {
			t.Errorf("credential %d: %+v, want %+v", n, got, want[n])
		}
	}
	if n != len(want) {
		t.Errorf("%d answers of %d\n%s", n, len(want), errs.String())
	}
}
