package registrar

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/store"
	"hallmark/verifier/ob3"
	"hallmark/verifier/strictjson"
)

// manyNames are names of many scripts and shapes.
var manyNames = []string{"Ann Lee", "Zoë Ångström", "Łukasz Żółć", "Ελένη Παππά", "Дарья Смирнова", "שרה כהן", "فاطمة الزهراء", "अनन्या शर्मा", "தமிழ் செல்வி", "สมชาย ใจดี",
	"山田 花子", "김민준", "李小龍", "Nguyễn Thị Hạnh", "O’Brien-Jones", `Dwayne "Rock" J.`, `Back\Slash`, "A & B <c>", "ꦱꦸꦏꦂꦤ", "\U0001f393 Grad", "\U00020bb7野家", "e\u0301 combining", "X Æ A-12", "First Step", "P", "Makers"}

// varied issues about n badges of many kinds by the acts: modules with an end and
// without, stacked, by someone's word, of capstones, named and not.
func (c *cast) varied(t *testing.T, n int) {
	t.Helper()
	people := n / 4
	roster := make([]PersonRow, people)
	for i := range roster {
		roster[i] = PersonRow{Row: i, Email: address(i), Name: manyNames[i%len(manyNames)] + fmt.Sprint(" ", i), Cohort: "autumn"}
	}
	if r, err := c.ImportPeople(t.Context(), system, roster, ImportOptions{}); err != nil || r.Added != people {
		t.Fatalf("%v: %+v", err, r)
	}
	changes(t, c, func(tx *store.Tx) error {
		for i := 0; i < people; i += 2 {
			p, err := tx.PersonByEmail(address(i))
			if err != nil {
				return err
			}
			p.NameConsent, p.ConsentedAt = issuer.ConsentGiven, &tx.Now
			if err := tx.SavePerson(p); err != nil {
				return err
			}
		}
		return nil
	})
	var rows []CompletionRow
	var batch []BatchItem
	for i := range people {
		day := issuer.Day(fmt.Sprintf("2026-%02d-%02d", 9+i%2, 1+i%28))
		rows = append(rows, CompletionRow{Row: 2 * i, Email: address(i), Module: "M1", CompletedOn: day},
			CompletionRow{Row: 2*i + 1, Email: address(i), Module: "M2", CompletedOn: day, Score: "90", Unit: "percent"})
		batch = append(batch, BatchItem{Row: i, Achievement: "thanks", Person: PersonRef{Email: address(i)}, Reason: "For help."})
	}
	if r, err := c.ImportCompletions(t.Context(), system, rows, ImportOptions{}); err != nil || len(r.Refused) > 0 {
		t.Fatalf("%v: %+v", err, r)
	}
	c.later(time.Minute)
	if v := c.runs(t, c.as("root"), NewBatch{Items: batch, Quiet: true}); v.Issued != people {
		t.Fatalf("%+v", v)
	}
	id := c.handIn("C1", "lea", "max")
	if _, err := c.ReviewCapstone(t.Context(), c.as("lee"), id, approve(1)); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"lea", "max"} {
		c.complete(who, "M1", "2026-10-01", "")
		c.complete(who, "M2", "2026-10-02", "90")
	}
}

// TestTemplateBadges: of 5,000 varied badges each has, to the byte, the signature
// that the full path gives, and all but those with results come from a template.
func TestTemplateBadges(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.varied(t, 5000)
	copies, err := store.Read(t.Context(), c.Store, func(tx *store.Tx) (all []issuer.SignedCopy, err error) {
		credentials, err := tx.Credentials(store.CredentialQuery{All: true, Limit: 10_000})
		for _, cr := range credentials {
			one, err := tx.SignedCopy(cr.ID, issuer.FormatDataIntegrity)
			if err != nil {
				return nil, err
			}
			all = append(all, *one)
		}
		return all, err
	})
	if err != nil || len(copies) < 5000 {
		t.Fatalf("%d badges, %v", len(copies), err)
	}
	full := 0
	for _, have := range copies {
		doc, err := strictjson.Parse(have.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		unsigned := doc.Without("proof").Append(nil)
		want, _, err := c.Ring.SignCredential(unsigned, have.SignedAt)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, have.Bytes) {
			t.Fatalf("kept\n%s\nsigned in full\n%s", have.Bytes, want)
		}
		var members ob3.AchievementCredential
		if err := json.Unmarshal(have.Bytes, &members); err != nil {
			t.Fatal(err)
		}
		if _, template, _ := c.template(&members, unsigned); template == nil {
			full++
		}
	}
	if full != 2 { // the capstone of two
		t.Errorf("%d of %d badges have no template", full, len(copies))
	}
}

// TestTemplateUnlike: what has the kind of a template and differs elsewhere is
// signed as it is, and so is what comes after it.
func TestTemplateUnlike(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	c.complete("lea", "M1", "2026-10-01", "")
	c.us(t, func(us *issuer.Issuer) { us.Name = "Another Academy" })
	c.complete("max", "M1", "2026-10-01", "")
	c.us(t, func(us *issuer.Issuer) { us.Name = "Example Academy" })
	c.complete("ola", "M1", "2026-10-01", "")
	for who, name := range map[string]string{"lea": "Example Academy", "max": "Another Academy", "ola": "Example Academy"} {
		copied, err := store.Read(t.Context(), c.Store, func(tx *store.Tx) (*issuer.SignedCopy, error) {
			return tx.SignedCopy(c.current(who, "M1")[0], issuer.FormatDataIntegrity)
		})
		if err != nil {
			t.Fatal(err)
		}
		doc, err := strictjson.Parse(copied.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if got := doc.Get("issuer").Get("name").Text(); got != name {
			t.Errorf("the badge of %s was issued by %q, not %q", who, got, name)
		}
	}
}

// us changes what the issuer says about itself.
func (c *cast) us(t *testing.T, change func(us *issuer.Issuer)) {
	t.Helper()
	changes(t, c, func(tx *store.Tx) error {
		us, err := tx.Issuer()
		if err != nil {
			return err
		}
		change(us)
		return tx.SaveIssuer(us)
	})
}
