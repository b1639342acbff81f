package issuer

import (
	"hash/fnv"
	"strings"
)

// Hue is a program's colour in degrees, always the same for its code.
func Hue(programCode string) int {
	h := fnv.New32a()
	h.Write([]byte(programCode))
	return int(h.Sum32() % 360)
}

// Icons are the pictures that a badge can bear.
var Icons = []string{"bolt", "book", "chart", "check", "compass", "data", "flag", "key", "lamp", "layers", "plug",
	"process", "shield", "speech", "star", "users"}

// Colours are the inks that a badge can be struck in, if not in those of its
// program.
var Colours = []string{"navy", "forest", "plum", "oxblood", "teal", "slate", "umber", "indigo"}

// topics leads from the beginning of a word to the picture of what it is about.
var topics = []struct{ word, icon string }{
	{"process", "process"}, {"workflow", "bolt"}, {"automat", "bolt"}, {"data", "data"}, {"analy", "chart"}, {"measur", "chart"},
	{"govern", "shield"}, {"secur", "shield"}, {"safe", "shield"}, {"protect", "shield"}, {"privacy", "shield"}, {"access", "key"},
	{"integrat", "plug"}, {"connect", "plug"}, {"usab", "users"}, {"user", "users"}, {"team", "users"},
	{"mentor", "lamp"}, {"coach", "lamp"}, {"feedback", "speech"}, {"communicat", "speech"}, {"test", "check"}, {"quality", "check"},
}

// kindIcons is what a badge bears whose texts say nothing of its topic.
var kindIcons = map[string]string{"short": "book", "track": "compass", "capstone": "flag", "level": "layers", "program": "star", "mentor": "lamp"}

// IconFor picks a picture by the first text with a word that tells a topic,
// else by the kind of the badge.
func IconFor(kind string, texts ...string) string {
	for _, text := range texts {
		for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == '-' }) {
			for _, t := range topics {
				if strings.HasPrefix(w, t.word) {
					return t.icon
				}
			}
		}
	}
	return kindIcons[kind]
}
