package public

import (
	"errors"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/badge"
	"hallmark/issuer/registrar"
	"hallmark/verifier/strictjson"
)

// ThingPage is the data of the templates "page/achievement" and "page/issuer":
// what a credential names, read from the document that programs get.
type ThingPage struct {
	ID          string
	Name        string
	Description string
	URL         string
	Criteria    string // Markdown
	Picture     string // path, "" for none
	JSON        string // the document
}

func thingOf(doc []byte) ThingPage {
	v, err := strictjson.Parse(doc)
	if err != nil {
		return ThingPage{JSON: string(doc)}
	}
	t := ThingPage{
		ID: v.Get("id").Text(), Name: v.Get("name").Text(), Description: v.Get("description").Text(),
		URL: v.Get("url").Text(), Criteria: v.Get("criteria").Get("narrative").Text(), JSON: string(doc),
	}
	if i := strings.LastIndex(t.ID, "/achievements/"); i >= 0 {
		t.Picture = "/art/" + t.ID[i+len("/achievements/"):] + ".svg"
	}
	return t
}

// artOf is what the picture of a badge is drawn from: its program gives the
// colours, the day it was earned the year struck into it.
func artOf(a registrar.AchievementRef, program string, on issuer.Day) badge.Art {
	art := badge.Art{Kind: a.Art.Kind, Ring: a.Art.Ring, Icon: a.Art.Icon, Inks: badge.InksNamed(a.Art.Ink, program), Code: a.Code, Name: a.Name}
	if on != "" {
		art.Year = on.Time().Year()
	}
	return art
}

// Draw draws what badges of an achievement that were earned on a day look like.
func Draw(a registrar.AchievementRef, program string, on issuer.Day) ([]byte, error) {
	return badge.PNG(artOf(a, program, on), badge.DefaultSize)
}

// readyReason shows a refusal's sentence, and of a fault only that there is
// one.
func readyReason(err error) string {
	var refusal *issuer.Error
	if errors.As(err, &refusal) {
		return refusal.Reason
	}
	return "The database cannot be reached."
}
