package statuslist_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hallmark/verifier/statuslist"
	"hallmark/verifier/verifiertest"
)

type object = map[string]any

// theirs is what the library of Digital Bazaar answers.
type theirs struct {
	Verified           bool
	Set                []bool
	Error, EncodedList string
}

// question is about one entry of a list.
func question(encoded string, index string, more object) object {
	const url, issuer = "https://issuer.example/status/1", "did:example:school"
	entry := object{"id": url + "#" + index, "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": index, "statusListCredential": url}
	for name, value := range more {
		entry[name] = value
	}
	contexts := []string{"https://www.w3.org/ns/credentials/v2"}
	return object{"op": "check",
		"credential": object{"@context": contexts, "type": []string{"VerifiableCredential"}, "issuer": issuer, "credentialSubject": object{"id": "did:example:ann"}, "credentialStatus": entry},
		"documents": object{url: object{"@context": contexts, "id": url, "type": []string{"VerifiableCredential", "BitstringStatusListCredential"}, "issuer": issuer,
			"credentialSubject": object{"id": url + "#list", "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": encoded}}},
	}
}

// TestListsOfOthers: each side reads the other's lists alike, to the last entry,
// and says so of a number beyond it.
func TestListsOfOthers(t *testing.T) {
	t.Parallel()
	npm := verifiertest.NPM(t, "@digitalbazaar/vc-bitstring-status-list")
	r := rand.New(rand.NewPCG(1, 7))
	var asked []any
	var wanted []string
	lists := map[int]asList{} // made there, by request
	ask := func(encoded string, index string, more object, want string) {
		asked, wanted = append(asked, question(encoded, index, more)), append(wanted, want)
	}
	for _, size := range []int{131072, 131080, 1 << 20} {
		list := statuslist.New(size)
		set := []int{0, 7, 8, 15, size - 1}
		for range 20 {
			set = append(set, r.IntN(size))
		}
		for _, index := range set {
			if err := list.Set(index, true); err != nil {
				t.Fatal(err)
			}
		}
		encoded, err := list.Encode()
		if err != nil {
			t.Fatal(err)
		}
		for _, index := range append(set, 1, 6, 9, 14, size-2, r.IntN(size), r.IntN(size)) {
			ask(encoded, strconv.Itoa(index), nil, fmt.Sprint(slices.Contains(set, index)))
		}
		ask(encoded, strconv.Itoa(size), nil, "out of range")
		ask(encoded, "-1", nil, "out of range")
		lists[len(asked)] = asList{size, set}
		asked, wanted = append(asked, object{"op": "make", "length": size, "set": set}), append(wanted, "")
	}
	// Entries of several bits are not known to it: it takes the index for that of a
	// bit, where Bitstring Status List §3.2 multiplies it by statusSize.
	wide := statuslist.New(262144)
	if err := wide.Set(11, true); err != nil { // the second bit of entry 5
		t.Fatal(err)
	}
	encoded, err := wide.Encode()
	if err != nil {
		t.Fatal(err)
	}
	messages := object{"statusSize": 2, "statusMessage": []object{{"status": "0x0", "message": "valid"}, {"status": "0x1", "message": "paused"}, {"status": "0x2", "message": "x"}, {"status": "0x3", "message": "y"}}}
	ask(encoded, "5", messages, "false")
	ask(encoded, "11", messages, "true")
	if value, err := statuslist.Lookup(encoded, 5, 2); err != nil || value != 1 {
		t.Errorf("entry 5 of two bits is %d: %v", value, err)
	}
	for i, a := range verifiertest.Ask[theirs](t, npm, "status.mjs", nil, asked...) {
		switch want := wanted[i]; {
		case lists[i].size > 0:
			lists[i].read(t, a.EncodedList, r)
		case want == "out of range":
			if a.Verified || !strings.Contains(a.Error, "must be") && !strings.Contains(a.Error, "range") {
				t.Errorf("an index beyond the list: they say %+v", a)
			}
		case !a.Verified || fmt.Sprint(a.Set) != "["+want+"]":
			t.Errorf("entry %v: they say %+v, want %s", asked[i].(object)["credential"].(object)["credentialStatus"].(object)["statusListIndex"], a, want)
		}
	}
	t.Logf("%d questions", len(asked))
}

// asList is a list that was made there: its size and what is set in it.
type asList struct {
	size int
	set  []int
}

// read reads it here.
func (l asList) read(t *testing.T, encoded string, r *rand.Rand) {
	t.Helper()
	if whole, err := statuslist.Decode(encoded); err != nil || whole.Len() != l.size {
		t.Fatalf("their list of %d: %v", l.size, err)
	}
	indexes := slices.Clone(l.set)
	for range 200 {
		indexes = append(indexes, r.IntN(l.size))
	}
	for _, index := range indexes {
		value, err := statuslist.Lookup(encoded, uint64(index), 1)
		if err != nil || (value == 1) != slices.Contains(l.set, index) {
			t.Errorf("entry %d of their list: %d %v", index, value, err)
		}
	}
	if _, err := statuslist.Lookup(encoded, uint64(l.size), 1); kind(err) != "RANGE_ERROR" {
		t.Errorf("beyond their list: %v", err)
	}
}
