package vcapi_test

import (
	"strconv"
	"strings"
	"testing"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/verifier/statuslist"
)

// TestStatusSuite: what the suite for Bitstring Status Lists asks: an entry in
// what is issued, a list that anyone can have, and statuses that are set.
func TestStatusSuite(t *testing.T) {
	d := open(t, issuertest.Options{})
	for name, purpose := range map[string]string{"status": "revocation", "pause": "suspension"} {
		c := d.issue(t, name, plain("2.0", d.dids[name]), nil)
		e := at(t, c, "credentialStatus").(object)
		list := e["statusListCredential"].(string)
		index, err := strconv.Atoi(e["statusListIndex"].(string))
		if err != nil || e["type"] != "BitstringStatusListEntry" || e["statusPurpose"] != purpose || e["id"] == list || len(e) != 5 ||
			!strings.HasPrefix(list, d.URL+"/vc-api/"+name+"/status-lists/") {
			t.Errorf("entry %v", e)
		}
		bit := func() bool {
			a := d.get(t, list).Want(t, 200)
			var l object
			a.JSON(t, &l)
			s := at(t, l, "credentialSubject").(object)
			if a.Header.Get("Content-Type") != "application/json" || a.Header.Get("Access-Control-Allow-Origin") != "*" || a.Header.Get("ETag") == "" ||
				l["id"] != list || l["issuer"] != d.dids[name] || at(t, l, "type", 1) != "BitstringStatusListCredential" || len(s) != 4 ||
				s["type"] != "BitstringStatusList" || s["statusPurpose"] != purpose || l["proof"].(object)["proofValue"] == nil {
				t.Errorf("list %v %v", l, a.Header)
			}
			if status, v := d.verify(t, "", l, nil); status != 200 || !*v.Verified {
				t.Errorf("the list itself: %d %+v", status, v)
			}
			bits, err := statuslist.Decode(s["encodedList"].(string))
			if err != nil || bits.Len() < 131072 {
				t.Fatal(err)
			}
			on, err := bits.Get(index)
			if err != nil {
				t.Fatal(err)
			}
			return on
		}
		set := func(change func(object)) *issuertest.Answer {
			body := object{"credentialId": c["id"], "credentialStatus": object{"type": "BitstringStatusListEntry", "statusPurpose": purpose}}
			change(body)
			return d.post(t, "/"+name+"/credentials/status", body)
		}
		asks := func(want bool) {
			t.Helper()
			for _, instance := range []string{"", name} {
				status, v := d.verify(t, instance, c, object{"checks": []string{"proof", "credentialStatus"}})
				if status != 200 || *v.Verified != want || len(v.ProblemDetails) != map[bool]int{true: 0, false: 1}[want] {
					t.Errorf("%s at %q: %d %+v", name, instance, status, v)
				}
			}
			// The page and API for everyone find the list as well.
			var r struct{ Verdict string }
			d.Send(t, "nobody", "POST", "/api/verify", text(t, c)).Want(t, 200).JSON(t, &r)
			if (r.Verdict == "verified") != want || r.Verdict == "undetermined" {
				t.Errorf("%s: the verdict for everyone is %s", name, r.Verdict)
			}
			if bit() == want {
				t.Errorf("%s: the bit is %v", name, !want)
			}
		}
		asks(true)
		for what, tt := range map[string]struct {
			change func(object)
			status int
		}{
			"another purpose":     {func(b object) { b["credentialStatus"].(object)["statusPurpose"] = "message" }, 400},
			"no purpose":          {func(b object) { delete(b["credentialStatus"].(object), "statusPurpose") }, 400},
			"another credential":  {func(b object) { b["credentialId"] = "urn:uuid:other" }, 404},
			"unknown member":      {func(b object) { b["credentialStatus"].(object)["value"] = 1 }, 400},
			"unset before it was": {func(b object) { b["status"] = false }, 200},
		} {
			if a := set(tt.change); a.Status != tt.status {
				t.Errorf("%s, %s: %d %s", name, what, a.Status, a.Body)
			}
		}
		asks(true)
		set(func(object) {}).Want(t, 200)
		asks(false)
		set(func(b object) { b["status"] = true }).Want(t, 200)
		asks(false)
		back := set(func(b object) { b["status"] = false })
		if want := map[string]int{"status": 409, "pause": 200}[name]; back.Status != want {
			t.Errorf("%s taken back: %d %s", name, back.Status, back.Body)
		}
		asks(name == "pause")
		// An id once, whoever is meant by it.
		if a := d.post(t, "/"+name+"/credentials/issue", asked("credential", with(t, plain("2.0", d.dids[name]), func(n object) { n["id"] = c["id"] }), nil)); a.Status != 409 {
			t.Errorf("the same id again: %d %s", a.Status, a.Body)
		}
	}
}

// TestStatusNames: credentials without an id are known by the one in the options,
// or by that of their entry.
func TestStatusNames(t *testing.T) {
	d := open(t, issuertest.Options{})
	nameless := func() object {
		return with(t, plain("2.0", d.dids["status"]), func(c object) { delete(c, "id") })
	}
	one := d.issue(t, "status", nameless(), object{"credentialId": "urn:x:1"})
	two := d.issue(t, "status", nameless(), nil)
	three := d.issue(t, "status", nameless(), nil)
	for id, c := range map[string]object{"urn:x:1": one, at(t, two, "credentialStatus", "id").(string): two} {
		body := object{"credentialId": id, "credentialStatus": object{"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}}
		d.post(t, "/status/credentials/status", body).Want(t, 200)
		if status, v := d.verify(t, "", c, nil); status != 200 || *v.Verified {
			t.Errorf("%s: %d %+v", id, status, v)
		}
	}
	if status, v := d.verify(t, "", three, nil); status != 200 || !*v.Verified {
		t.Errorf("the third: %d %+v", status, v)
	}
	other := plain("2.0", d.dids["status"])
	if a := d.post(t, "/status/credentials/issue", asked("credential", other, object{"credentialId": "urn:x:2"})); a.Status != 400 {
		t.Errorf("two ids: %d", a.Status)
	}
	for name, change := range map[string]func(object){
		"with a status":   func(c object) { c["credentialStatus"] = one["credentialStatus"] },
		"with a long id":  func(c object) { c["id"] = "urn:x:" + strings.Repeat("x", 1000) },
		"of version 1.1":  func(c object) { clear(c); copyInto(c, plain("1.1", d.dids["status"])) },
		"for somebody":    func(c object) { c["issuer"] = d.dids["pause"] },
		"without meaning": func(c object) { c["@context"] = c["@context"].([]any)[:1] },
	} {
		if a := d.post(t, "/status/credentials/issue", asked("credential", with(t, plain("2.0", d.dids["status"]), change), nil)); a.Status != 400 {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
}

func copyInto(to, from object) {
	for k, v := range from {
		to[k] = v
	}
}

// TestListsAreWhereTheyAre: lists of others are not there.
func TestListsAreWhereTheyAre(t *testing.T) {
	d := open(t, issuertest.Options{})
	list := at(t, d.issue(t, "status", plain("2.0", d.dids["status"]), nil), "credentialStatus", "statusListCredential").(string)
	for _, url := range []string{strings.Replace(list, "/status/", "/pause/", 1), strings.Replace(list, "/status/", "/none/", 1), list + "X", list[:len(list)-1]} {
		if a := d.get(t, url); a.Status != 404 || a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d", url, a.Status)
		}
	}
	if a := d.Send(t, "nobody", "GET", strings.TrimPrefix(list, d.URL), "", "Accept", "application/vc"); a.Status != 200 || a.Header.Get("Content-Type") != "application/vc" {
		t.Errorf("as application/vc: %d %v", a.Status, a.Header)
	}
	a := d.get(t, list)
	if again := d.Send(t, "nobody", "GET", strings.TrimPrefix(list, d.URL), "", "If-None-Match", a.Header.Get("ETag")); again.Status != 304 {
		t.Errorf("again: %d", again.Status)
	}
}

// TestStable: instances stay themselves over restarts; one that is named anew
// must be what it was. The issuer's own keys, lists and identifier are untouched.
func TestStable(t *testing.T) {
	d := open(t, issuertest.Options{})
	before := d.get(t, d.URL+"/.well-known/jwks.json").Body
	again, err := d.Registrar.EnsureInstances(t.Context(), suites)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{d.Issuer.DID: true}
	for _, v := range again {
		if v.DID != d.dids[string(v.ID)] || seen[v.DID] {
			t.Errorf("%s is %s, was %s", v.ID, v.DID, d.dids[string(v.ID)])
		}
		seen[v.DID] = true
	}
	c := d.issue(t, "status", plain("2.0", d.dids["status"]), nil)
	d.post(t, "/status/credentials/status", object{"credentialId": c["id"], "credentialStatus": object{"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}}).Want(t, 200)
	if after := d.get(t, d.URL+"/.well-known/jwks.json").Body; string(after) != string(before) || strings.Contains(string(before), d.dids["eddsa-rdfc"][8:]) {
		t.Errorf("the issuer's keys: %s", after)
	}
	for what, n := range map[string]registrar.NewInstance{
		"another suite":          {Name: "eddsa-rdfc", Cryptosuite: "eddsa-jcs-2022"},
		"another curve":          {Name: "ecdsa-rdfc-p256", Cryptosuite: "ecdsa-rdfc-2019", Algorithm: "P-384"},
		"another status":         {Name: "status", Cryptosuite: "eddsa-rdfc-2022"},
		"no such suite":          {Name: "x", Cryptosuite: "rsa"},
		"a suite we only check":  {Name: "x", Cryptosuite: "Ed25519Signature2020"},
		"a curve that misfits":   {Name: "x", Cryptosuite: "eddsa-rdfc-2022", Algorithm: "P-256"},
		"selective with P-384":   {Name: "x", Cryptosuite: "ecdsa-sd-2023", Algorithm: "P-384"},
		"selective with status":  {Name: "x", Cryptosuite: "ecdsa-sd-2023", Status: "revocation"},
		"no such status":         {Name: "x", Cryptosuite: "eddsa-rdfc-2022", Status: "message"},
		"no name":                {Cryptosuite: "eddsa-rdfc-2022"},
		"a name of the protocol": {Name: "credentials", Cryptosuite: "eddsa-rdfc-2022"},
		"a name in capitals":     {Name: "Status2", Cryptosuite: "eddsa-rdfc-2022"},
	} {
		if _, err := d.Registrar.EnsureInstances(t.Context(), []registrar.NewInstance{n}); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
	if _, err := d.Registrar.EnsureInstances(t.Context(), append(suites[:1:1], suites[0])); err == nil {
		t.Error("one named twice")
	}
	if _, err := d.Registrar.SignAtInstance(t.Context(), issuer.Caller{System: "x"}, "status", nil, registrar.InstanceOptions{}); err == nil {
		t.Error("signed for a system")
	}
}
