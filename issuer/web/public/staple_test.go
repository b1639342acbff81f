package public_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
	"hallmark/verifier"
	"hallmark/verifier/slip"
	"hallmark/verifier/staple"
	"hallmark/verifier/verifiertest"
)

// published signs the status lists.
func published(t testing.TB, s *issuertest.Service) {
	t.Helper()
	if err := s.Jobs.PublishNow(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// stapleOf gets and reads the status of a badge.
func stapleOf(t *testing.T, s *issuertest.Service, id issuer.CredentialID) (*staple.Staple, string) {
	t.Helper()
	a := get(t, s, "/v/"+string(id)+"/staple").Want(t, 200)
	if media, cache := a.Header.Get("Content-Type"), a.Header.Get("Cache-Control"); media != staple.MediaType || cache != "no-store" {
		t.Errorf("Content-Type %q, Cache-Control %q", media, cache)
	}
	read, err := staple.Read(string(a.Body))
	if err != nil {
		t.Fatal(err)
	}
	return read, string(a.Body)
}

// offline is a verifier without network that knows our keys.
func offline(s *issuertest.Service) *verifier.Verifier {
	return &verifier.Verifier{Keys: s.Published, Now: s.Clock.Now}
}

// TestStaple: what is said of a badge in every state, and how long that counts.
func TestStaple(t *testing.T) {
	for _, base := range []string{"https://badges.example.org", ""} { // "": trial mode
		s := issuertest.New(t, issuertest.Options{Base: base})
		operator := issuer.Caller{System: "test"}
		id := completed(t, s)
		published(t, s)
		signed := get(t, s, "/v/"+string(id)+".json").Want(t, 200).Body
		ask := func(text string) *verifier.Report {
			t.Helper()
			r, err := offline(s).Verify(t.Context(), signed, verifier.Ask{Staple: []byte(text)})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		good, text := stapleOf(t, s, id)
		now := s.Clock.Now().UTC() // it runs, so that seconds may lie between the list, the staple and this line
		if age, left := now.Sub(good.AsOf), good.Until.Sub(good.AsOf); good.State != staple.Good || age < 0 || age > time.Minute || left > staple.MaxLife || left < staple.MaxLife-time.Minute {
			t.Errorf("%+v, now %s", good.Claims, now)
		}
		if r := ask(text); r.Verdict != verifier.Verified || !strings.Contains(r.Summary, "Genuine; status as of "+good.AsOf.Format("2006-01-02 15:04")) {
			t.Errorf("%s: %s", base, r.Summary)
		}
		if r := ask(""); r.Verdict != verifier.Undetermined {
			t.Errorf("without it: %s", r.Summary)
		}
		s.Clock.Advance(40 * time.Minute)
		later, _ := stapleOf(t, s, id)
		if later.Until != good.Until || !later.AsOf.After(good.AsOf) {
			t.Errorf("it counts longer than the list that is out: until %s, the list until %s", later.Until, good.Until)
		}
		s.Clock.Advance(24 * time.Hour)
		get(t, s, "/v/"+string(id)+"/staple").Want(t, 503) // the list is out of date
		if r := ask(text); r.Verdict != verifier.Undetermined || !strings.Contains(r.Checks[4].Reason, "it was good until") {
			t.Errorf("a day later: %s", r.Checks[4].Reason)
		}
		published(t, s)

		if _, err := s.Registrar.SuspendCredential(t.Context(), operator, id, registrar.StatusChange{Reason: "x"}); err != nil {
			t.Fatal(err)
		}
		paused, text := stapleOf(t, s, id)
		if r := ask(text); paused.State != staple.Suspended || r.Verdict != verifier.Refused {
			t.Errorf("%s: %s", paused.State, r.Summary)
		}
		if _, err := s.Registrar.ReinstateCredential(t.Context(), operator, id, registrar.StatusChange{}); err != nil {
			t.Fatal(err)
		}
		if again, _ := stapleOf(t, s, id); again.State != staple.Good {
			t.Errorf("reinstated: %s", again.State)
		}
		if _, err := s.Registrar.RevokeCredential(t.Context(), operator, id, registrar.StatusChange{Code: "other"}); err != nil {
			t.Fatal(err)
		}
		revoked, text := stapleOf(t, s, id)
		if r := ask(text); revoked.State != staple.Revoked || r.Verdict != verifier.Refused || !strings.Contains(r.Summary, "revoked") {
			t.Errorf("%s: %s", revoked.State, r.Summary)
		}
		if _, err := s.Registrar.SetVisibility(t.Context(), s.Caller(t, "learner"), id, issuer.Hidden); err != nil {
			t.Fatal(err)
		}
		get(t, s, "/v/"+string(id)+"/staple").Want(t, 404)
		get(t, s, "/v/"+strings.Repeat("A", 26)+"/staple").Want(t, 404)
	}
}

// TestStapleOfRestored: records that were put back to an earlier state may have
// forgotten a revocation, so that they call nothing good.
func TestStapleOfRestored(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		id := completed(t, s)
		published(t, s)
		for held, status := range map[issuer.Hold]int{{Since: time.Unix(1, 0)}: 503, {Since: time.Unix(1, 0), Known: true}: 200, {}: 200} {
			if _, err := store.Write(t.Context(), s.Store, func(tx *store.Tx) (bool, error) { return true, tx.SetHold(held) }); err != nil {
				t.Fatal(err)
			}
			get(t, s, "/v/"+string(id)+"/staple").Want(t, status)
		}
	})
}

// TestNoGoodStapleOnceRevoked: from the moment when a revocation is acknowledged
// nobody gets a good word for the badge, neither by itself nor in its PDF.
func TestNoGoodStapleOnceRevoked(t *testing.T) {
	issuertest.OnBoth(t, func(t *testing.T, s *issuertest.Service) {
		id := completed(t, s)
		published(t, s)
		var acknowledged atomic.Bool
		var goods atomic.Int64
		done := make(chan struct{})
		for range 4 {
			go func() {
				defer func() { done <- struct{}{} }()
				for after := 0; after < 20; {
					late := acknowledged.Load()
					text, err := s.Published.Staple(t.Context(), id)
					if err != nil {
						t.Error(err)
						return
					}
					read, err := staple.Read(text)
					switch {
					case err != nil:
						t.Error(err)
					case late && read.State != staple.Revoked:
						t.Errorf("after the revocation it is %s", read.State)
					case read.State == staple.Good:
						goods.Add(1)
					}
					if late {
						after++
					}
				}
			}()
		}
		for goods.Load() < 20 {
			time.Sleep(time.Millisecond)
		}
		if _, err := s.Registrar.RevokeCredential(t.Context(), issuer.Caller{System: "test"}, id, registrar.StatusChange{Code: "other"}); err != nil {
			t.Error(err)
		}
		acknowledged.Store(true)
		for range 4 {
			<-done
		}
	})
}

// TestCertificateOffline: the file proves itself without network for as long as
// the status in it counts, and tells of a revocation for good.
func TestCertificateOffline(t *testing.T) {
	for _, base := range []string{"https://badges.example.org", ""} {
		s := issuertest.New(t, issuertest.Options{Base: base})
		id := completed(t, s)
		published(t, s)
		file := func() []byte { return get(t, s, "/v/"+string(id)+".pdf").Want(t, 200).Body }
		check := func(name string, doc []byte, want verifier.Outcome, says string) {
			t.Helper()
			r, err := offline(s).Verify(t.Context(), doc, verifier.Ask{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Verdict != want || !strings.Contains(r.Summary, says) {
				t.Errorf("%s: %s, %s", name, r.Verdict, r.Summary)
			}
		}
		first := file()
		check("at once", first, verifier.Verified, "Genuine; status as of ")
		s.Clock.Advance(23 * time.Hour)
		check("a day later", first, verifier.Verified, "Genuine; status as of ")
		s.Clock.Advance(2 * time.Hour)
		check("two days later", first, verifier.Undetermined, "Genuine, but whether it is still good could not be checked")
		if _, err := s.Registrar.RevokeCredential(t.Context(), issuer.Caller{System: "test"}, id, registrar.StatusChange{Code: "other"}); err != nil {
			t.Fatal(err)
		}
		second := file()
		check("revoked", second, verifier.Refused, "Genuine, but revoked")
		s.Clock.Advance(1000 * time.Hour)
		check("revoked long ago", second, verifier.Refused, "Genuine, but revoked")
	}
}

// TestPageSaved: a badge's page that somebody saved proves itself as a file does,
// whatever is written in the badge.
func TestPageSaved(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{Base: "https://badges.example.org"})
	id := completed(t, s)
	published(t, s)
	saved := func() []byte { return get(t, s, "/v/"+string(id), "Accept", "text/html").Want(t, 200).Body }
	page := saved()
	r, err := offline(s).Verify(t.Context(), page, verifier.Ask{})
	if err != nil || r.Verdict != verifier.Verified || !strings.Contains(r.Summary, "Genuine; status as of ") || r.Checks[12].Outcome != verifier.Verified {
		t.Fatalf("%v %+v", err, r)
	}
	forged := bytes.Replace(page, []byte(`"achievement":{`), []byte(`"achievement":{"tag":["x"],`), 1)
	if r, err := offline(s).Verify(t.Context(), forged, verifier.Ask{}); err != nil || r.Verdict != verifier.Refused {
		t.Errorf("forged: %v %+v", err, r)
	}
	if _, err := s.Registrar.RevokeCredential(t.Context(), issuer.Caller{System: "test"}, id, registrar.StatusChange{Code: "other"}); err != nil {
		t.Fatal(err)
	}
	if r, err := offline(s).Verify(t.Context(), saved(), verifier.Ask{}); err != nil || r.Verdict != verifier.Refused || !strings.Contains(r.Summary, "revoked") {
		t.Errorf("revoked: %v %+v", err, r)
	}
	if _, err := offline(s).Verify(t.Context(), get(t, s, "/verify").Want(t, 200).Body, verifier.Ask{}); !errors.Is(err, verifier.ErrNoCredential) {
		t.Errorf("another page: %v", err)
	}
}

// TestCertificateCodes: both codes on the printed page are read by another
// program; the second is a slip that says as of when the badge stood.
func TestCertificateCodes(t *testing.T) {
	for _, tool := range []string{"zbarimg", "pdftoppm"} {
		if _, err := exec.LookPath(tool); err != nil {
			verifiertest.Lacks(t, "install zbar-tools and poppler-utils to scan certificates")
		}
	}
	s := issuertest.New(t, issuertest.Options{Base: "https://badges.example.org"})
	if err := s.Registrar.AnswerConsent(t.Context(), s.Caller(t, "learner"), true); err != nil {
		t.Fatal(err)
	}
	id := completed(t, s)
	published(t, s)
	page := filepath.Join(t.TempDir(), "page")
	if err := os.WriteFile(page+".pdf", get(t, s, "/v/"+string(id)+".pdf").Want(t, 200).Body, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "pdftoppm", "-gray", "-r", "150", "-png", "-singlefile", page+".pdf", page).CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("%v %s", err, out)
	}
	read, err := exec.CommandContext(t.Context(), "zbarimg", "-q", "--raw", page+".png").Output()
	if err != nil {
		t.Fatal(err)
	}
	link := "HTTPS://BADGES.EXAMPLE.ORG/V/" + string(id)
	codes := strings.Fields(string(read))
	slices.Sort(codes)
	if len(codes) != 2 || codes[0] != link || !strings.HasPrefix(codes[1], link+"#"+slip.Mark) {
		t.Fatalf("%q", codes)
	}
	if a := judge(t, s, codes[1]); a.Verdict != slip.AsPrinted || a.Slip.AsOf == "" || a.Slip.Name != "Leo Learner" {
		t.Errorf("%+v", a)
	}
}
