package pages

import (
	"net/url"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// sampleTrail is a page with every kind of deed, and every sentence of each.
func sampleTrail(l tongue) TrailPage {
	page := TrailPage{Trail: &registrar.TrailView{Next: "7", Back: "2026-10-01", Who: registrar.TrailName{Name: l.name}, Zone: "Europe/Berlin"}, Filtered: true, All: true,
		Filter: registrar.TrailFilter{Who: l.title, About: l.title, Group: issuer.DeedWork, From: "2026-10-01", Until: "2026-11-21", Refused: true}, Groups: issuer.DeedGroups,
		Problem: l.text, Wrong: "who", Next: url.Values{"before": {"7"}, "who": {l.title}}, Sheet: url.Values{"who": {l.title}}}
	kinds := []string{"person", "badge", "capstone", "completion", "cohort", "program", "story", "gone"}
	names := []registrar.TrailName{{Kind: "person", Name: l.name, Ref: "ADA"}, {Kind: "system"}, {Kind: "nobody"}, {Kind: "erased"}, {Kind: "nameless"}}
	add := func(d issuer.Deed, sentence string, refused bool) {
		i := len(page.Trail.Items)
		line := registrar.TrailLine{Position: int64(i), At: noon, Day: "2026-11-21", Clock: "13:00:00 CET", Act: d.Act, Group: d.Group, Sentence: sentence, Refused: refused,
			Who: names[i%len(names)], What: registrar.TrailName{Kind: kinds[i%len(kinds)], Name: l.title, Ref: "REF", Place: "2026-autumn"}}
		if line.What.Kind == "gone" {
			line.What = registrar.TrailName{Kind: "gone"}
		}
		if i%7 == 0 {
			line.Words, line.Facts = []string{l.text}, []registrar.TrailFact{{Key: "person", Value: l.name}, {Key: "role", Value: "mentor"}, {Key: "submission", Value: "2"}, {Key: "code", Value: "error"}}
		}
		page.Trail.Items = append(page.Trail.Items, line)
	}
	for _, d := range issuer.Deeds("", false) {
		for _, sentence := range d.Texts() {
			add(d, sentence, false)
		}
	}
	unknown := issuer.DeedOf("never.heard.of")
	add(unknown, unknown.Text(""), false)
	add(unknown, "trail.refused", true)
	return page
}

// fullTrail is the sample, many times.
func fullTrail(l tongue) TrailPage {
	page := sampleTrail(l)
	for len(page.Trail.Items) < 1000 {
		more := page.Trail.Items[len(page.Trail.Items)%100]
		more.At = more.At.Add(-time.Hour)
		page.Trail.Items = append(page.Trail.Items, more)
	}
	return page
}
