package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"hallmark/verifier/dataintegrity"
	"hallmark/verifier/did"
	"hallmark/verifier/ob3"
)

// stranger is an issuer whose identifier is its key: to check its badges
// nobody is asked.
type stranger struct {
	t   *testing.T
	key ed25519.PrivateKey
	id  string
}

func newStranger(t *testing.T, seed string) *stranger {
	t.Helper()
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat(seed, ed25519.SeedSize)))
	mk, err := did.EncodeMultikey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return &stranger{t, key, "did:key:" + mk}
}

func (s *stranger) sign(v any) []byte {
	s.t.Helper()
	raw, err := ob3.Marshal(v)
	if err != nil {
		s.t.Fatal(err)
	}
	method := s.id + "#" + strings.TrimPrefix(s.id, "did:key:")
	signed, err := dataintegrity.Sign(raw, s.key, dataintegrity.Options{VerificationMethod: method, Created: time.Now().Add(-time.Hour)}, true)
	if err != nil {
		s.t.Fatal(err)
	}
	return signed
}

// badge is a badge of somebody else with everything a badge can say.
func (s *stranger) badge(change ...func(*ob3.AchievementCredential)) []byte {
	now := time.Now()
	c := &ob3.AchievementCredential{
		Context: []string{ob3.ContextCredentials, ob3.ContextBadges}, ID: "urn:uuid:0b7f8f2e-6f0a-4b53-9f8d-3b2f9f7b6c11", Type: []string{"VerifiableCredential", "OpenBadgeCredential"},
		Issuer: ob3.Profile{ID: s.id, Type: []string{"Profile"}, Name: "Northern College of Applied Craft"}, Name: "Timber Framing, Level 2",
		ValidFrom: ob3.At(now.Add(-48 * time.Hour)), ValidUntil: ob3.At(now.AddDate(3, 0, 0)),
		CredentialSubject: ob3.AchievementSubject{ID: "urn:uuid:7f1f7f0e-6b54-4a2e-9f58-0d2f6f2c5e11", Type: []string{"AchievementSubject"},
			Identifier: []ob3.IdentityObject{{Type: "IdentityObject", IdentityType: "name", IdentityHash: "Aino Mäkelä"}},
			Achievement: ob3.Achievement{ID: "https://college.example/achievements/tf2", Type: []string{"Achievement"}, Name: "Timber Framing, Level 2",
				Description: "Lays out, cuts and raises a frame with mortise and tenon joints, safely and in a team.",
				Criteria:    ob3.Criteria{Narrative: "Raise a frame of at least four bents. Have each joint looked at by a master."}}},
		Evidence: []ob3.Evidence{{ID: "https://college.example/frames/17", Type: []string{"Evidence"}, Name: "The boat shed at Kivijärvi"}},
	}
	for _, f := range change {
		f(c)
	}
	return s.sign(c)
}

// bring puts a text into the form and has it checked.
func (v *visitor) bring(text string) {
	v.t.Helper()
	v.open("/verify", "verify")
	quoted, err := json.Marshal(text)
	if err != nil {
		v.t.Fatal(err)
	}
	v.run(`document.querySelector("[data-paste]").open = true; document.getElementById("text").value = ` + string(quoted))
	v.press("check")
	v.see("#verdict")
}

// media has the visitor's browser show the light, the dark or the printed
// edition.
func (v *visitor) media(kind emulation.SetEmulatedMediaParams) {
	v.t.Helper()
	v.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, kind)
		return err
	}))
}

// shoot leaves a picture of the whole page in a file.
func (v *visitor) shoot(name string) {
	v.t.Helper()
	if err := os.WriteFile(name, get(v, chromedp.FullScreenshot(100)), 0o600); err != nil {
		v.t.Fatal(err)
	}
}

// TestVerifyStates: the verify page in all its states stands on a phone and on
// a desk, light and dark, without a fault that axe-core finds, a script error or
// a sideways scroll. With HALLMARK_SCREENSHOTS set each is left there as a
// picture.
func TestVerifyStates(t *testing.T) {
	b := openBrowser(t)
	script := axeScript(t)
	l, _ := demo(t)
	college, guild := newStranger(t, "C"), newStranger(t, "G")
	praise := guild.sign(map[string]any{"@context": []string{ob3.ContextCredentials, ob3.ContextBadges}, "id": "urn:uuid:11111111-6f0a-4b53-9f8d-3b2f9f7b6c11",
		"type": []string{"VerifiableCredential", "EndorsementCredential"}, "issuer": map[string]any{"id": guild.id, "type": []string{"Profile"}, "name": "Guild of Carpenters"}, "name": "Endorsement",
		"validFrom":         time.Now().Add(-time.Hour).UTC().Format(time.RFC3339),
		"credentialSubject": map[string]any{"id": "https://college.example/achievements/tf2", "type": []string{"EndorsementSubject"}, "endorsementComment": "We take on whoever holds this one."}})
	own := func() string {
		_, body := call(t, "GET", l.Badge+".json", "", "")
		return string(body)
	}()
	foreign := string(college.badge())
	var endorsed map[string]any
	if err := json.Unmarshal(college.badge(), &endorsed); err != nil {
		t.Fatal(err)
	}
	delete(endorsed, "proof")
	endorsed["endorsement"] = []any{json.RawMessage(praise), json.RawMessage(bytes.Replace(praise, []byte("whoever"), []byte("whoeever"), 1))}
	unknown := college.badge(func(c *ob3.AchievementCredential) {
		c.CredentialStatus = &ob3.StatusEntry{ID: "urn:entry:4", Type: "BitstringStatusListEntry", StatusPurpose: "revocation",
			StatusListIndex: "4", StatusListCredential: "http://127.0.0.1/status/1"} // never dialled: not https
	})
	out := college.badge(func(c *ob3.AchievementCredential) { c.ValidUntil = ob3.At(time.Now().AddDate(0, 0, -10)) })
	rows := []string{"link"}
	for i := range 20 {
		rows = append(rows, []string{l.Badge, strings.ToUpper(l.Badge), "http://127.0.0.1/v/NOTHINGHERE", l.URL + "/v/NOTHINGHERE", "not-a-link"}[i%5])
	}
	states := []struct {
		name, verdict string
		reach         func(v *visitor)
	}{
		{"empty", "", func(v *visitor) { v.open("/verify", "verify") }},
		{"own", "verified", func(v *visitor) { v.bring(own) }},
		{"stranger", "verified", func(v *visitor) { v.bring(foreign) }},
		{"endorsed", "verified", func(v *visitor) { v.bring(string(college.sign(endorsed))) }},
		{"refused", "refused", func(v *visitor) { v.bring(strings.Replace(foreign, "Level 2", "Level 3", 2)) }},
		{"expired", "refused", func(v *visitor) { v.bring(string(out)) }},
		{"undetermined", "undetermined", func(v *visitor) { v.bring(string(unknown)) }},
		{"older", "undetermined", func(v *visitor) {
			v.bring(`{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"http://127.0.0.1/a/1","recipient":{"type":"email","hashed":true,"identity":"sha256$9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
				"badge":"http://127.0.0.1/b/1","verification":{"type":"hosted"},"issuedOn":"2020-06-01T09:00:00Z"}`) // never dialled: not https
			if page := v.text("#verdict"); !strings.Contains(page, "Open Badges 2.0") {
				v.t.Errorf("an older badge is not said to be one:\n%s", page)
			}
		}},
		{"problem", "", func(v *visitor) {
			v.open("/verify", "verify")
			v.fill("#link", l.URL+"/about")
			v.press("check")
			v.see("[data-problem]")
		}},
		{"many", "", func(v *visitor) {
			v.open("/verify", "verify")
			v.fill("#links", strings.Join(rows[1:], "\n"))
			v.press("check-many")
			v.see("[data-batch]")
		}},
	}
	for _, s := range states {
		t.Run(s.name, func(t *testing.T) {
			v := b.visitor(t, s.name, l.URL)
			s.reach(v)
			if s.verdict != "" {
				v.see(`[data-verdict="` + s.verdict + `"]`)
				if at := get(v, chromedp.Evaluate[string]("document.activeElement.id")); at != "verdict" {
					t.Errorf("the focus is at %q", at)
				}
			}
			if shots := os.Getenv("HALLMARK_SCREENSHOTS"); shots != "" {
				v.media(emulation.SetEmulatedMediaParams{Media: "print"})
				v.do(chromedp.EmulateViewport(760, 844))
				v.shoot(filepath.Join(shots, "verify-"+s.name+"-print.png"))
			}
			for _, scheme := range []string{"light", "dark"} {
				v.scheme(scheme)
				v.fits(s.name, 320, 390, 1280)
				if found := v.axe(script); found != "" {
					t.Errorf("axe-core, %s:\n%s", scheme, found)
				}
			}
			v.photograph("verify-"+s.name, "light", "dark")
		})
	}
	for _, f := range b.told() {
		if !strings.Contains(f, "status of 4") { // the browser itself notes a 422
			t.Error(f)
		}
	}
}

// TestBatchPage: the filter leaves what is not verified, and what the page
// saves is the table.
func TestBatchPage(t *testing.T) {
	b := openBrowser(t)
	l, _ := demo(t)
	v := b.visitor(t, "manager", l.URL)
	v.open("/verify", "verify")
	v.run(`const data = new DataTransfer(); data.items.add(new File(["Name;Link\r\nFatou;` + l.Badge + `\r\nNobody;` + l.URL + `/v/NOTHINGHERE\r\n"], "people.csv", {type: "text/csv"}));
		window.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}))`)
	for range 100 {
		if get(v, chromedp.Evaluate[int64](`document.getElementById("table").files.length`)) == 1 {
			break
		}
		sleep(t)
	}
	v.press("check-many")
	v.see(`[data-row="2"][data-verdict="verified"]`)
	v.see(`[data-row="3"][data-verdict="undetermined"]`)
	shown := `[...document.querySelectorAll("tr[data-row]")].filter(r => r.checkVisibility()).map(r => r.dataset.row).join()`
	if got := get(v, chromedp.Evaluate[string](shown)); got != "2,3" {
		t.Errorf("rows %s are shown", got)
	}
	v.do(chromedp.Click(chromedp.CSS(`[name="show"][value="open"]`)))
	if got := get(v, chromedp.Evaluate[string](shown)); got != "3" {
		t.Errorf("of what is not verified rows %s are shown", got)
	}
	link := get(v, chromedp.AttributeValue(chromedp.CSS(`[data-act="save-table"]`), "href")).Value
	encoded, found := strings.CutPrefix(link, "data:text/csv;charset=utf-8;base64,")
	table, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || !found || !strings.HasPrefix(string(table), "Name;Link;verdict;") || !strings.Contains(string(table), "\r\nFatou;"+l.Badge+";verified;") {
		t.Errorf("%v %v %.400s", found, err, table)
	}
	for _, f := range b.told() {
		t.Error(f)
	}
}

// code draws a QR code of so many pixels a module.
func code(t *testing.T, text string, scale int) *image.Gray {
	t.Helper()
	bits, err := qrcode.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, 0, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	side := bits.GetWidth() + 8
	picture := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
	for y := range side * scale {
		for x := range side * scale {
			mx, my := x/scale-4, y/scale-4
			dark := mx >= 0 && my >= 0 && mx < bits.GetWidth() && my < bits.GetHeight() && bits.Get(mx, my)
			if !dark {
				picture.SetGray(x, y, color.Gray{Y: 235})
			}
		}
	}
	return picture
}

// film writes a picture as what a camera sees: a few frames of raw video.
func film(t *testing.T, picture *image.Gray) string {
	t.Helper()
	const width, height = 640, 480
	frame := bytes.Repeat([]byte{90}, width*height)
	left, top := (width-picture.Rect.Dx())/2, (height-picture.Rect.Dy())/2
	for y := range picture.Rect.Dy() {
		copy(frame[(top+y)*width+left:], picture.Pix[y*picture.Stride:y*picture.Stride+picture.Rect.Dx()])
	}
	frame = append(frame, bytes.Repeat([]byte{128}, width*height/2)...)
	var video bytes.Buffer
	fmt.Fprintf(&video, "YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n", width, height)
	for range 5 {
		video.WriteString("FRAME\n")
		video.Write(frame)
	}
	name := filepath.Join(t.TempDir(), "camera.y4m")
	if err := os.WriteFile(name, video.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// withCamera is a browser whose camera sees a film, and whose owner lets pages
// use it.
func withCamera(film string) []chromedp.ExecAllocatorOption {
	return []chromedp.ExecAllocatorOption{chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("use-file-for-fake-video-capture", film)}
}

// TestCamera: the code on a piece of paper, held in front of a phone, is
// checked; another code is said to be none; and the camera runs no longer than
// its view is open.
func TestCamera(t *testing.T) {
	l, _ := demo(t)
	t.Run("badge", func(t *testing.T) {
		b := openBrowser(t, withCamera(film(t, code(t, strings.ToUpper(l.Badge), 6)))...)
		v := b.visitor(t, "manager", l.URL)
		v.open("/verify", "verify")
		v.do(chromedp.Click(chromedp.CSS("[data-camera]")))
		v.see(`[data-verdict="verified"]`)
		if link := get(v, chromedp.Evaluate[string](`document.getElementById("link").value`)); link != strings.ToUpper(l.Badge) {
			t.Errorf("the link is %q", link)
		}
		for _, f := range b.told() {
			t.Error(f)
		}
	})
	t.Run("something else", func(t *testing.T) {
		b := openBrowser(t, withCamera(film(t, code(t, "WIFI:T:WPA;S:guests;P:welcome;;", 6)))...)
		v := b.visitor(t, "manager", l.URL)
		v.open("/verify", "verify")
		v.run(`const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
			navigator.mediaDevices.getUserMedia = async (what) => window.seen = await ask(what)`)
		v.do(chromedp.Click(chromedp.CSS("[data-camera]")))
		want := get(v, chromedp.Evaluate[string](`document.querySelector("[data-verify]").dataset.sayOther`))
		said := ""
		for range 200 {
			if said = get(v, chromedp.Evaluate[string](`document.querySelector("[data-camera-state]").textContent`)); said == want {
				break
			}
			sleep(t)
		}
		if said != want {
			t.Errorf("the page says %q", said)
		}
		v.do(chromedp.Click(chromedp.CSS("[data-camera-close]")))
		if got := get(v, chromedp.Evaluate[string](`window.seen.getTracks().map(track => track.readyState).join()`)); got != "ended" {
			t.Errorf("the camera is %s after its view was closed", got)
		}
		for _, f := range b.told() {
			t.Error(f)
		}
	})
}

// TestBrings: what is dropped or pasted anywhere ends in the right field, and
// a picture of a QR code brings the link that it shows.
func TestBrings(t *testing.T) {
	b := openBrowser(t)
	l, _ := demo(t)
	_, badge := call(t, "GET", l.Badge+".json", "", "")
	_, picture := call(t, "GET", l.Badge+".png", "", "")
	var screenshot bytes.Buffer
	if err := png.Encode(&screenshot, code(t, l.Badge, 5)); err != nil {
		t.Fatal(err)
	}
	file := func(content []byte, name, media string) string {
		return fmt.Sprintf(`data.items.add(new File([Uint8Array.from(atob(%q), c => c.charCodeAt(0))], %q, {type: %q}))`, base64.StdEncoding.EncodeToString(content), name, media)
	}
	text := func(s string) string {
		return fmt.Sprintf(`data.setData("text/plain", atob(%q))`, base64.StdEncoding.EncodeToString([]byte(s)))
	}
	paste := `document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}))`
	drop := `window.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}))`
	said := func(key string) string {
		return `document.querySelector("[data-state]").textContent === document.querySelector("[data-verify]").dataset.say` + key
	}
	tests := []struct{ name, what, how, want string }{
		{"link", text(l.Badge), paste, `document.getElementById("link").value === "` + l.Badge + `"`},
		{"link typed from paper", text("badges.example.org/v/ABC"), paste, `document.getElementById("link").value === "badges.example.org/v/ABC"`},
		{"text", text(string(badge)), paste, `document.getElementById("text").value.startsWith("{") && document.querySelector("[data-paste]").open`},
		{"links", text("https://a.example/1\nhttps://a.example/2"), drop, `document.getElementById("links").value === "https://a.example/1\nhttps://a.example/2"`},
		{"words", text("hello there"), paste, said("Unknown")},
		{"badge's file", file(badge, "badge.json", "application/json"), drop, `document.getElementById("file").files[0]?.name === "badge.json"`},
		{"badge's picture", file(picture, "badge.png", "image/png"), drop, `document.getElementById("file").files[0]?.name === "badge.png"`},
		{"screenshot of a code", file(screenshot.Bytes(), "screen.png", "image/png"), paste, `document.getElementById("link").value === "` + l.Badge + `" && document.getElementById("file").files.length === 0`},
		{"picture of nothing", file(blank(t), "photo.png", "image/png"), paste, said("Picture")},
		{"table", file([]byte("link\nx\n"), "t.csv", "text/csv"), drop, `document.getElementById("table").files[0]?.name === "t.csv"`},
	}
	v := b.visitor(t, "manager", l.URL)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v.open("/verify", "verify")
			v.run("const data = new DataTransfer(); " + tt.what + "; " + tt.how)
			for range 200 {
				if get(v, chromedp.Evaluate[bool](tt.want)) {
					return
				}
				sleep(t)
			}
			t.Error(v.where())
		})
	}
	v.open("/verify", "verify")
	v.run("const data = new DataTransfer(); " + file(picture, "badge.png", "image/png") + "; " + drop)
	for range 100 {
		if get(v, chromedp.Evaluate[bool](`document.getElementById("file").files.length === 1`)) {
			break
		}
		sleep(t)
	}
	v.press("check")
	v.see(`[data-verdict="verified"]`)
	if status, _ := call(t, "GET", l.URL+"/verify", "", ""); status != http.StatusOK {
		t.Error(status)
	}
	for _, f := range b.told() {
		t.Error(f)
	}
}

func blank(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 60, 40))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
