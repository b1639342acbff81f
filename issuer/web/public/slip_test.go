package public_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/verifier/slip"
	"hallmark/verifier/verifiertest"
)

// scanned is what a scanner reads in a PNG.
func scanned(t *testing.T, picture []byte) string {
	t.Helper()
	if _, err := exec.LookPath("zbarimg"); err != nil {
		verifiertest.Lacks(t, "install zbar-tools to scan codes")
	}
	file := filepath.Join(t.TempDir(), "code.png")
	if err := os.WriteFile(file, picture, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), "zbarimg", "-q", "--raw", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func judge(t *testing.T, s *issuertest.Service, text string) slip.Answer {
	t.Helper()
	body, err := json.Marshal(map[string]string{"slip": text})
	if err != nil {
		t.Fatal(err)
	}
	var answer slip.Answer
	s.Send(t, "nobody", "POST", "/api/verify", string(body), "Content-Type", "application/json").Want(t, 200).JSON(t, &answer)
	return answer
}

// TestSlip: one code opens the page and holds what was printed, signed.
func TestSlip(t *testing.T) {
	s := issuertest.New(t, issuertest.Options{Base: "https://badges.example.org"})
	if err := s.Registrar.AnswerConsent(t.Context(), s.Caller(t, "learner"), true); err != nil {
		t.Fatal(err)
	}
	id := completed(t, s)
	path := "/v/" + string(id)
	svg := get(t, s, path+"/slip.svg").Want(t, 200)
	side := regexp.MustCompile(`viewBox="0 0 (\d+) `).FindSubmatch(svg.Body)
	if n, err := strconv.Atoi(string(side[1])); err != nil || n > 8+17+4*13 {
		t.Errorf("the code has %s modules a side with its margin: a version above 13", side[1])
	}
	link := scanned(t, get(t, s, path+"/slip.png").Want(t, 200).Body)
	if want := "HTTPS://BADGES.EXAMPLE.ORG/V/" + string(id) + "#" + slip.Mark; !strings.HasPrefix(link, want) {
		t.Fatalf("%s does not begin with %s", link, want)
	}
	good := judge(t, s, link)
	if good.Verdict != "verified as printed" || good.Slip.Name != "Leo Learner" || good.Slip.Credential != string(id) || !strings.HasSuffix(good.Page, path) {
		t.Errorf("%+v", good)
	}
	if at := s.Clock.Now().UTC().Truncate(time.Minute); good.Slip.AsOf != at.Format(time.RFC3339) || !strings.Contains(good.Summary, "stood as of "+at.Format("2006-01-02 15:04")) {
		t.Errorf("as of %s it says %+v", at, good)
	}
	_, fragment, _ := strings.Cut(link, "#")
	for _, alone := range []string{fragment, "#" + fragment, "https://badges.example.org" + path + "?lang=en#" + fragment} {
		if a := judge(t, s, alone); a != good {
			t.Errorf("as %s: %+v", alone, a)
		}
	}
	if strings.Contains(good.Summary, "current") {
		t.Errorf("it says more than it knows: %s", good.Summary)
	}
	if lower := judge(t, s, strings.ToLower(link)); lower != good {
		t.Errorf("in lower case %+v", lower)
	}
	// The link as it is, with its fragment, leads to the badge.
	body, err := json.Marshal(map[string]string{"url": link})
	if err != nil {
		t.Fatal(err)
	}
	if a := s.Send(t, "nobody", "POST", "/api/verify", string(body), "Content-Type", "application/json").Want(t, 200); !bytes.Contains(a.Body, []byte(`"verdict":"verified"`)) {
		t.Errorf("%s", a.Body)
	}
	other, _, _ := strings.Cut(link, string(id))
	for name, text := range map[string]string{"cut off": link[:len(link)-9], "before it another badge's link": other + strings.Repeat("A", 26) + "#" + fragment, "no slip": "https://badges.example.org/v/" + string(id), "nothing": ""} {
		body, err := json.Marshal(map[string]string{"slip": text})
		if err != nil {
			t.Fatal(err)
		}
		if a := s.Send(t, "nobody", "POST", "/api/verify", string(body), "Content-Type", "application/json"); a.Status != 400 && a.Status != 422 {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
}

// TestSlipOfOthers: a slip of another issuer, one that was changed, and one of
// a badge that is no more.
func TestSlipOfOthers(t *testing.T) {
	s, stranger := issuertest.New(t, issuertest.Options{}), issuertest.New(t, issuertest.Options{})
	ours, theirs := completed(t, s), completed(t, stranger)
	text := func(s *issuertest.Service, id issuer.CredentialID) string {
		t.Helper()
		text, err := s.Published.Slip(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	mine := text(s, ours)
	if a := judge(t, s, mine); a.Verdict != "verified as printed" || a.Slip.Name != "" {
		t.Errorf("without consent: %+v", a)
	}
	if a := judge(t, s, text(stranger, theirs)); a.Verdict != "undetermined" || a.Page != "" {
		t.Errorf("a stranger's: %+v", a)
	}
	at := len(mine) - 20 // in the signature
	letter := "A"
	if mine[at:at+1] == letter {
		letter = "B"
	}
	if a := judge(t, s, mine[:at]+letter+mine[at+1:]); a.Verdict != "refused" {
		t.Errorf("changed: %+v", a)
	}
	if _, err := s.Registrar.SetVisibility(t.Context(), s.Caller(t, "learner"), ours, issuer.Hidden); err != nil {
		t.Fatal(err)
	}
	if a := judge(t, s, mine); a.Verdict != "undetermined" || a.Page != "" {
		t.Errorf("taken down: %+v", a)
	}
	get(t, s, "/v/"+string(ours)+"/slip.svg").Want(t, 404)
	if _, err := s.Registrar.SetVisibility(t.Context(), s.Caller(t, "learner"), ours, issuer.Unlisted); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Registrar.RevokeCredential(t.Context(), issuer.Caller{System: "test"}, ours, registrar.StatusChange{Code: "other"}); err != nil {
		t.Fatal(err)
	}
	get(t, s, "/v/"+string(ours)+"/slip.svg").Want(t, 409)
	if a := judge(t, s, mine); a.Verdict != "refused" || !strings.Contains(a.Summary, "does not count any more") {
		t.Errorf("revoked: %+v", a)
	}
}
