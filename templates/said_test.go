package templates

import "testing"

func TestSaid(t *testing.T) {
	var phrases []phrase
	for _, p := range [][2]string{
		{"This badge is %s; it cannot be suspended.", "%1 : ce badge ne peut pas être suspendu."},
		{"Move %d of %q, 100%% sure.", "%2 (%1)"},
		{"This %s.", "?"},
		{"Say no.", "Dites <non>."},
	} {
		one, err := compile(p[0], p[1])
		if err != nil {
			t.Fatal(err)
		}
		phrases = append(phrases, one)
	}
	w := &words{region: region{language: "fr"}, phrases: phrases}
	for sentence, want := range map[string]string{
		"This badge is <b>paused</b>; it cannot be suspended.": "<bdi>&lt;b&gt;paused&lt;/b&gt;</bdi> : ce badge ne peut pas être suspendu.",
		`Move 3 of "A\nB", 100% sure.`:                         `<bdi>&#34;A\nB&#34;</bdi> (<bdi>3</bdi>)`,
		"Say no.":                                              "Dites &lt;non&gt;.",
		"Nobody & nothing.":                                    `<span lang="en" dir="ltr">Nobody &amp; nothing.</span>`,
		"":                                                     "",
	} {
		if got := w.said(sentence); string(got) != want {
			t.Errorf("%s: %s, want %s", sentence, got, want)
		}
	}
	if got := (&words{region: regions[0], phrases: phrases}).said("Say no."); got != "Say no." {
		t.Errorf("English: %s", got)
	}
	for _, wrong := range []string{"%2", "%0"} {
		if _, err := compile("It is %s.", wrong); err == nil {
			t.Errorf("%s names a value that is not there", wrong)
		}
	}
}

// TestPhrases: the files of every language can be read.
func TestPhrases(t *testing.T) {
	for _, l := range Languages() {
		for _, whose := range []string{"acts", "verifier"} {
			if _, err := readPhrases(l.Tag, whose); err != nil {
				t.Errorf("%s: %v", l.Tag, err)
			}
		}
	}
}

// TestFound: a sentence of the verifier, with its days as people write them, and
// one within another.
func TestFound(t *testing.T) {
	for language, tests := range map[string]map[string]string{
		"fr": {
			"It was revoked on 2026-11-21: A <b>mistake</b>.":                                           "Il a été <bdi>révoqué le <bdi>21 novembre 2026</bdi></bdi> : <bdi>A &lt;b&gt;mistake&lt;/b&gt;</bdi>.",
			"Whether it was withdrawn could not be checked: the issuer's status list could not be had.": "Impossible de vérifier s’il a été retiré : <bdi>la liste d’état de l’émetteur n’a pas pu être obtenue</bdi>.",
			"Nobody foresaw this on 2026-11-21.":                                                        `<span lang="en" dir="ltr">Nobody foresaw this on 21 novembre 2026.</span>`,
		},
		"ar": {"The key that signed has run out.": "انتهت صلاحية المفتاح الذي وقّع."},
		"en": {"It expired on 2026-11-21.": "It expired on 21 November 2026."},
	} {
		for _, r := range regions {
			if r.language != language || r.tag == "en-US" {
				continue
			}
			w, err := r.spoken()
			if err != nil {
				t.Fatal(err)
			}
			for sentence, want := range tests {
				if got := string(w.found(sentence)); got != want {
					t.Errorf("%s: %s, want %s", r.tag, got, want)
				}
			}
		}
	}
}
