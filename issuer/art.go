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

// icons maps the beginning of a word in a skill's or module's name to a
// picture.
var icons = []struct{ word, icon string }{
	{"data", "data"}, {"process", "process"}, {"govern", "shield"}, {"secur", "shield"}, {"safe", "shield"},
	{"automat", "bolt"}, {"usab", "users"}, {"user", "users"}, {"team", "users"}, {"integrat", "plug"}, {"connect", "plug"},
}

// IconFor picks a picture by what words say, first words first.
func IconFor(words ...string) string {
	for _, text := range words {
		for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == '-' }) {
			for _, i := range icons {
				if strings.HasPrefix(w, i.word) {
					return i.icon
				}
			}
		}
	}
	return "star"
}
