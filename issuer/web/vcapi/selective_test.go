package vcapi_test

import (
	"encoding/json"
	"testing"

	"hallmark/issuer/issuertest"
	"hallmark/verifier/dataintegrity"
)

// shown derives elsewhere, as the holder's own program does.
func shown(t testing.TB, base object, pointers ...string) object {
	t.Helper()
	raw, err := dataintegrity.Derive([]byte(text(t, base)), pointers)
	if err != nil {
		t.Fatal(err)
	}
	var out object
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// races is a credential with nameless objects in lists within lists, whose terms
// an inline context defines.
func races(issuer string) object {
	boat := func(year int, length float64, name string) object {
		return object{"year": year, "length": length, "boatName": name}
	}
	return object{
		"@context": []any{"https://www.w3.org/ns/credentials/v2", object{
			"@protected": true, "RegattaCredential": "urn:x:RegattaCredential",
			"Regatta": object{"@id": "urn:x:Regatta", "@context": object{
				"@protected": true, "id": "@id", "type": "@type", "number": "urn:x:number",
				"boats": object{"@id": "urn:x:boats", "@context": object{"@protected": true, "boatName": "urn:x:boatName", "length": "urn:x:length", "year": "urn:x:year"}},
			}},
			"regattas": object{"@id": "urn:x:regattas", "@type": "@id"},
		}},
		"type": []any{"VerifiableCredential", "RegattaCredential"}, "issuer": issuer,
		"credentialSubject": object{"name": "Ann", "regattas": []any{
			object{"type": "Regatta", "number": "North", "boats": []any{boat(2023, 5.5, "Gull"), boat(2023, 6.1, "Tern"), boat(2020, 7.0, "Tern"), boat(2023, 7.8, "Tern")}},
			object{"type": "Regatta", "number": "South", "boats": []any{boat(2022, 5.9, "Rail"), boat(2023, 4.9, "Coot"), boat(2020, 6.8, "Coot")}},
		}},
	}
}

// TestSelective: what the suite for ecdsa-sd-2023 asks: issue with mandatory
// pointers, derive with selective ones, verify what is shown and nothing else.
func TestSelective(t *testing.T) {
	d := open(t, issuertest.Options{})
	const name = "ecdsa-sd"
	mandatory := object{"mandatoryPointers": []string{"/issuer", "/credentialSubject/name"}}
	base := d.issue(t, name, races(d.dids[name]), mandatory)
	tests := []struct {
		name     string
		pointers []string
		boats    []int // how many of each regatta
	}{
		{"only what must", []string{}, nil},
		{"nested", []string{"/credentialSubject/regattas/0/number"}, []int{0}},
		{"the whole", []string{"/credentialSubject"}, []int{4, 3}},
		{"a whole list", []string{"/credentialSubject/regattas/0/boats"}, []int{4}},
		{"some of a list", []string{"/credentialSubject/regattas/0/boats/0", "/credentialSubject/regattas/0/boats/1"}, []int{2}},
		{"a list without its first", []string{"/credentialSubject/regattas/0/boats/2", "/credentialSubject/regattas/0/boats/3", "/credentialSubject/regattas/1/boats/1"}, []int{2, 1}},
	}
	for _, tt := range tests {
		c := d.derive(t, base, tt.pointers)
		status, v := d.verify(t, name, c, nil)
		if status != 200 || !*v.Verified || c["issuer"] != d.dids[name] || at(t, c, "credentialSubject", "name") != "Ann" {
			t.Errorf("%s: %d %+v", tt.name, status, v)
		}
		for i, want := range tt.boats {
			boats, _ := at(t, c, "credentialSubject", "regattas", i).(object)["boats"].([]any)
			if len(boats) != want {
				t.Errorf("%s: %d boats of regatta %d, want %d", tt.name, len(boats), i, want)
			}
		}
		for _, change := range []func(object){
			func(c object) { c["credentialSubject"].(object)["name"] = "Ben" },
			func(c object) { delete(c["credentialSubject"].(object), "name") },
			func(c object) { c["credentialSubject"].(object)["description"] = "more" },
			func(c object) { c["proof"] = base["proof"] },
			func(c object) {
				c["proof"].(object)["proofValue"] = "u" + c["proof"].(object)["proofValue"].(string)[4:]
			},
			func(c object) { c["proof"].(object)["proofValue"] = c["proof"].(object)["proofValue"].(string)[1:] },
		} {
			if status, _ := d.verify(t, "", with(t, c, change), nil); status != 400 {
				t.Errorf("%s, changed: %d", tt.name, status)
			}
		}
	}
	if status, v := d.verify(t, name, base, nil); status != 400 || v.Type != securityPrefix+"PROOF_VERIFICATION_ERROR" {
		t.Errorf("a base proof: %d %+v", status, v)
	}
	for _, pointer := range []string{"/non/existent/path", "/credentialSubject/invalidPointer", "no pointer", "/credentialSubject/regattas/9"} {
		a := d.post(t, "/"+name+"/credentials/issue", asked("credential", races(d.dids[name]), object{"mandatoryPointers": []string{pointer}}))
		if v := judged(t, a); a.Status != 400 || v.Type != securityPrefix+"PROOF_GENERATION_ERROR" {
			t.Errorf("mandatory %q: %d %s", pointer, a.Status, a.Body)
		}
		a = d.post(t, "/"+name+"/credentials/derive", asked("verifiableCredential", base, object{"selectivePointers": []string{pointer}}))
		if v := judged(t, a); a.Status != 400 || v.Type != securityPrefix+"PROOF_GENERATION_ERROR" {
			t.Errorf("selective %q: %d %s", pointer, a.Status, a.Body)
		}
	}
	if a := d.post(t, "/eddsa-rdfc/credentials/issue", asked("credential", plain("2.0", d.dids["eddsa-rdfc"]), mandatory)); a.Status != 400 {
		t.Errorf("mandatory pointers under another suite: %d", a.Status)
	}
	tampered := with(t, base, func(c object) { c["credentialSubject"].(object)["name"] = "Ben" })
	if a := d.post(t, "/"+name+"/credentials/derive", asked("verifiableCredential", tampered, object{"selectivePointers": []string{"/credentialSubject"}})); a.Status != 400 {
		t.Errorf("derived from a changed credential: %d %s", a.Status, a.Body)
	}
}
