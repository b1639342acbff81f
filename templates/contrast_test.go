package templates

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
)

// luminance of a colour "#rrggbb" (WCAG 2.2, relative luminance).
func luminance(t *testing.T, hex string) float64 {
	var r, g, b uint8
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &r, &g, &b); err != nil {
		t.Fatalf("%q is not a colour", hex)
	}
	line := func(c uint8) float64 {
		v := float64(c) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*line(r) + 0.7152*line(g) + 0.0722*line(b)
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast holds every pair of tokens that meets on a page to WCAG 2.2:
// 4.5:1 for text (1.4.3), 3:1 for borders of controls and focus (1.4.11).
func TestContrast(t *testing.T) {
	css, err := files.ReadFile("static/hallmark.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(string(css), -1)
	if len(themes) != 3 {
		t.Fatalf("found %d sets of tokens, want light, dark and print", len(themes))
	}
	all := map[string]string{}
	for i, theme := range []string{"light", "dark", "print"} {
		if theme == "print" {
			all = map[string]string{}
		}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{3,6})`).FindAllStringSubmatch(themes[i][1], -1) {
			hex := m[2]
			if len(hex) == 4 {
				hex = "#" + strings.Repeat(hex[1:2], 2) + strings.Repeat(hex[2:3], 2) + strings.Repeat(hex[3:4], 2)
			}
			all[m[1]] = hex
		}
		for _, ground := range []string{"paper", "raised"} {
			for _, ink := range []string{"ink", "quiet", "accent", "verified", "refused", "unknown"} {
				if c := contrast(t, all[ink], all[ground]); c < 4.5 {
					t.Errorf("%s: %s on %s is %.2f:1, want 4.5:1", theme, ink, ground, c)
				}
			}
			if c := contrast(t, all["edge"], all[ground]); c < 3 {
				t.Errorf("%s: the edge of a control on %s is %.2f:1, want 3:1", theme, ground, c)
			}
		}
		if theme != "print" {
			if c := contrast(t, all["on-accent"], all["accent"]); c < 4.5 {
				t.Errorf("%s: the word on a button is %.2f:1, want 4.5:1", theme, c)
			}
		}
	}
}
