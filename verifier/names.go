package verifier

import (
	"strings"
	"unicode"

	"hallmark/verifier/strictjson"
	"hallmark/verifier/vc"
)

// maxNames bounds how many names of one credential are looked at.
const maxNames = 64

// deceptiveNames gives the names in a credential that may read as something
// else than they are: characters that nobody sees or that turn the direction of
// reading (Unicode Technical Report 36 §2.5), letters of several alphabets in
// one word or letters that all look like another alphabet's (Unicode Technical
// Standard 39 §4.1, §5.1), and marks that claim to be a verdict.
func deceptiveNames(c *vc.Credential) []map[string]any {
	var list []map[string]any
	look := func(pointer string, v *strictjson.Value) {
		for one := range v.Each() {
			text := one.Text()
			if text == "" {
				text = one.Get("@value").Text()
			}
			if why := deception(text); why != "" && len(list) < 20 {
				list = append(list, map[string]any{"at": pointer, "reason": why})
			}
		}
	}
	look("/issuer/name", c.Issuer.Value.Get("name"))
	look("/name", c.Doc.Get("name"))
	seen := 0
	for _, subject := range c.Subjects {
		look("/credentialSubject/name", subject.Get("name"))
		for a := range subject.Get("achievement").Each() {
			look("/credentialSubject/achievement/name", a.Get("name"))
		}
		for identity := range subject.Get("identifier").Each() {
			if seen++; seen > maxNames {
				return list
			}
			if hashed := identity.Get("hashed"); hashed == nil || hashed.Str != "true" {
				look("/credentialSubject/identifier/identityHash", identity.Get("identityHash"))
			}
		}
	}
	return list
}

// deception says why a name may mislead; "" when it may not.
func deception(name string) string {
	if strings.IndexFunc(name, func(c rune) bool { return c < ' ' || c > '~' }) < 0 {
		return ""
	}
	var before rune
	for _, c := range name {
		switch {
		case turnsDirection(c):
			return "a name holds characters that turn the direction of reading"
		case invisible(c, before):
			return "a name holds characters that cannot be seen"
		case strings.ContainsRune("✓✔✅☑🗸🗹", c):
			return "a name holds a check mark, which is no verdict of ours"
		}
		before = c
	}
	words := strings.FieldsFunc(name, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsMark(c) })
	for _, word := range words {
		if mixesAlphabets(word) {
			return "a name mixes alphabets within a word, as names do that imitate others"
		}
	}
	switch {
	case imitatesLatin(name):
		return "a name is written in letters that only look like Latin ones"
	case dressed(name):
		return "a name is written in signs made of letters, as names do that imitate others"
	}
	return ""
}

// dressed: Latin letters in another width or style (not in NFKC, which Unicode
// Technical Standard 39 §3.1 keeps out of names). Full-width letters are at home
// beside Chinese, Japanese and Korean ones.
func dressed(name string) bool {
	wide, asian := false, false
	for _, c := range name {
		switch {
		case undress(c) == c:
			asian = asian || kindOf(c) == asianKind
		case c >= 0xFF01 && c <= 0xFF5E:
			wide = true
		case unicode.IsLetter(c) || c >= 0x2460:
			return true
		}
	}
	return wide && !asian
}

// undress gives the ASCII letter or digit that a full-width, mathematical, circled
// or boxed one is made of; any other character as it is.
func undress(c rune) rune {
	letter := func(n rune, small bool) rune {
		if small {
			return 'a' + n
		}
		return 'A' + n
	}
	switch {
	case c < 0x2100:
		return c
	case c >= 0xFF10 && c <= 0xFF19, c >= 0xFF21 && c <= 0xFF3A, c >= 0xFF41 && c <= 0xFF5A:
		return c - 0xFEE0
	case c >= 0x1D400 && c <= 0x1D6A3:
		n := (c - 0x1D400) % 52
		return letter(n%26, n >= 26)
	case c >= 0x1D7CE && c <= 0x1D7FF:
		return '0' + (c-0x1D7CE)%10
	case c >= 0x24B6 && c <= 0x24E9:
		return letter((c-0x24B6)%26, c >= 0x24D0)
	case c >= 0x1F130 && c <= 0x1F149:
		return 'A' + c - 0x1F130
	case c >= 0x1F150 && c <= 0x1F169:
		return 'A' + c - 0x1F150
	case c >= 0x1F170 && c <= 0x1F189:
		return 'A' + c - 0x1F170
	}
	if plain := strings.IndexRune(letterlike, c); plain >= 0 {
		return rune(lettersLike[len([]rune(letterlike[:plain]))])
	}
	return c
}

// The styled letters that Unicode had before its block of mathematical ones.
const (
	letterlike  = "ℂℊℋℌℍℎℐℑℒℓℕℙℚℛℜℝℤℨℬℭℯℰℱℳℴℹⅅⅆⅇⅈⅉ"
	lettersLike = "CgHHHhIILlNPQRRRZZBCeEFMoiDdeij"
)

// turnsDirection: the bidirectional controls of UAX 9 §2.
func turnsDirection(c rune) bool {
	return c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069 || c == 0x200E || c == 0x200F || c == 0x061C
}

// invisible: zero width and other characters without a picture. A joiner is
// fine where its script or an emoji needs it, which is not after a Latin, Greek
// or Cyrillic letter.
func invisible(c, before rune) bool {
	switch c {
	case 0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x2800, 0x3164, 0xFEFF, 0xFFA0:
		return true
	case 0x200C, 0x200D:
		return before == 0 || unicode.In(before, unicode.Latin, unicode.Greek, unicode.Cyrillic) || unicode.IsSpace(before)
	}
	// Tag characters end the flags of three countries, after U+1F3F4.
	return unicode.IsControl(c) && c != '\n' && c != '\t' && c != '\r' || c == 0xE0001
}

// scripts that are told apart. Those of one group are written together: Han
// with kana, with bopomofo, or with hangul, and each with Latin (UTS 39 §5.2,
// "highly restrictive"). Letters of other scripts are one more kind.
var scripts = []struct {
	table *unicode.RangeTable
	kind  uint8
}{
	{unicode.Latin, 1}, {unicode.Cyrillic, 2}, {unicode.Greek, 4}, {unicode.Armenian, 8}, {unicode.Cherokee, 16}, {unicode.Georgian, 32},
	{unicode.Han, 64}, {unicode.Hiragana, 64}, {unicode.Katakana, 64}, {unicode.Bopomofo, 64}, {unicode.Hangul, 64},
}

const (
	latinKind  = 1
	asianKind  = 64
	furtherOne = 128
)

func mixesAlphabets(word string) bool {
	var kinds uint8
	for _, c := range word {
		if unicode.IsMark(c) || unicode.Is(unicode.Lm, c) || c == 'µ' || c == 'ª' || c == 'º' {
			continue
		}
		kinds |= kindOf(c)
	}
	kinds &^= asianKind
	return kinds&(kinds-1) != 0
}

func kindOf(c rune) uint8 {
	if c < 0x80 {
		return latinKind
	}
	for _, s := range scripts {
		if unicode.Is(s.table, c) {
			return s.kind
		}
	}
	return furtherOne
}

// lookalikes are Cyrillic and Greek letters that look like Latin ones in common
// fonts, with those (from confusables.txt of UTS 39).
var lookalikes = strings.NewReplacer(
	"а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "у", "y", "х", "x", "і", "i", "ј", "j", "ѕ", "s", "һ", "h", "ԁ", "d", "ԛ", "q", "ԝ", "w", "ӏ", "l", "в", "b", "к", "k", "м", "m", "н", "h", "т", "t",
	"А", "a", "В", "b", "Е", "e", "К", "k", "М", "m", "Н", "h", "О", "o", "Р", "p", "С", "c", "Т", "t", "У", "y", "Х", "x", "І", "i", "Ј", "j", "Ѕ", "s", "Ԛ", "q", "Ԝ", "w", "Ү", "y", "Ѵ", "v",
	"Α", "a", "Β", "b", "Ε", "e", "Ζ", "z", "Η", "h", "Ι", "i", "Κ", "k", "Μ", "m", "Ν", "n", "Ο", "o", "Ρ", "p", "Τ", "t", "Υ", "y", "Χ", "x", "ο", "o", "ν", "v", "ι", "i", "ρ", "p", "α", "a", "υ", "u")

// imitatesLatin: at least four letters, none of them Latin, and every one of
// them looks Latin as it is written.
func imitatesLatin(name string) bool {
	letters := 0
	for _, c := range name {
		if !unicode.IsLetter(c) {
			continue
		}
		kind := kindOf(c)
		if kind != 2 && kind != 4 || strings.ContainsRune("вкмнтαυρι", c) || kindOf(firstRune(lookalikes.Replace(string(c)))) != latinKind {
			return false
		}
		letters++
	}
	return letters >= 4
}

func firstRune(text string) rune {
	for _, c := range text {
		return c
	}
	return 0
}

// alikeInPrint are signs and pairs of letters that look like another letter.
var alikeInPrint = strings.NewReplacer("0", "o", "1", "l", "|", "l", "rn", "m", "vv", "w")

// skeleton is what a name looks like: letters and digits alone, in lower case,
// look-alikes as the Latin letters that they resemble.
func skeleton(name string) string {
	folded := strings.ToLower(lookalikes.Replace(strings.Map(undress, name)))
	folded = alikeInPrint.Replace(folded)
	folded = strings.ReplaceAll(folded, "i", "l") // as capital I does
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, folded)
}

// resembles gives the name on the list that this name of an issuer looks like;
// "" if there is none. Whoever is on the list under it is somebody else.
func (t *Trust) resembles(name string) string {
	if t == nil {
		return ""
	}
	return t.looks[skeleton(name)] // a name without a skeleton is not there
}
