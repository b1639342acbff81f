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
		if _, err := readPhrases(l.Tag); err != nil {
			t.Errorf("%s: %v", l.Tag, err)
		}
	}
}
