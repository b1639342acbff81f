package badge

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// Source Serif 4, in the two cuts that papers and pictures for sharing are set
// in: one for text, one for what is read from afar. Both have the Latin, Greek
// and Cyrillic letters.
var (
	//go:embed type/SourceSerif4-Regular.ttf
	textTTF []byte
	//go:embed type/SourceSerif4Display-Semibold.ttf
	displayTTF []byte
)

var textFont, displayFont = parsed(&textTTF), parsed(&displayTTF)

func parsed(ttf *[]byte) func() *sfnt.Font {
	return sync.OnceValue(func() *sfnt.Font {
		f, err := sfnt.Parse(*ttf)
		if err != nil {
			panic(err) // the font is compiled in
		}
		return f
	})
}

// has tells whether f can write r. Beyond the basic plane a PDF of ours has no
// code for a letter.
func has(f *sfnt.Font, buf *sfnt.Buffer, r rune) bool {
	if r > 0xffff {
		return false
	}
	glyph, err := f.GlyphIndex(buf, r)
	return err == nil && glyph != 0
}

// written gives text as f can write it: composed, without control characters,
// and without the signs that f lacks. ok is false where a letter is lacking:
// then the text is not to be written at all, because a name with a hole in it
// is another name.
func written(f *sfnt.Font, text string) (clean string, ok bool) {
	var buf sfnt.Buffer
	ok = true
	clean = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r), r == unicode.ReplacementChar:
			return -1
		case has(f, &buf, r):
			return r
		case unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number):
			ok = false
		}
		return -1
	}, norm.NFC.String(text))
	return clean, ok
}

// broken breaks a text at blanks so that no line is wider than width; a word
// that is wider by itself is broken where it must be.
func broken(text string, width float64, measure func(string) float64) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		joined := strings.TrimSpace(line + " " + word)
		if measure(joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; measure(line) > width; {
			end := fitting(line, width, measure)
			if end == len(line) {
				break // a single letter is wider
			}
			lines, line = append(lines, line[:end]), line[end:]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// fitting is how many bytes of a word fit, at least one letter.
func fitting(word string, width float64, measure func(string) float64) (end int) {
	for i, r := range word {
		next := i + utf8.RuneLen(r)
		if end > 0 && measure(word[:next]) > width {
			return end
		}
		end = next
	}
	return end
}

// plainly takes the signs of Markdown out of a text: who reads paper reads
// words. Each line is a paragraph; what was a list keeps its dots.
func plainly(markdown string) []string {
	var out []string
	joined := ""
	end := func() {
		if joined != "" {
			out = append(out, joined)
		}
		joined = ""
	}
	for line := range strings.Lines(markdown) {
		line = strings.TrimSpace(line)
		head := strings.TrimLeft(line, "#")
		switch item, found := listItem(line); {
		case line == "":
			end()
		case found:
			end()
			joined = "• " + unmarked(item)
		case head != line && strings.HasPrefix(head, " "):
			end()
			joined = unmarked(head)
			end()
		default:
			joined = strings.TrimSpace(joined + " " + unmarked(line))
		}
	}
	end()
	return out
}

func listItem(line string) (item string, ok bool) {
	for _, mark := range []string{"- ", "* ", "+ "} {
		if item, ok = strings.CutPrefix(line, mark); ok {
			return item, true
		}
	}
	return "", false
}

// unmarked takes emphasis and the targets of links out of a line.
func unmarked(line string) string {
	line = strings.NewReplacer("**", "", "__", "", "`", "").Replace(line)
	for {
		open := strings.IndexByte(line, '[')
		middle := strings.Index(line, "](")
		if open < 0 || middle < open {
			return strings.TrimSpace(line)
		}
		end := strings.IndexByte(line[middle:], ')')
		if end < 0 {
			return strings.TrimSpace(line)
		}
		line = line[:open] + line[open+1:middle] + line[middle+end+1:]
	}
}
