package evidence

import (
	"bytes"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"hallmark/issuer"
)

// Kind is what the bytes of a file are, as far as it shows from outside.
type Kind string

// The kinds that are taken.
const (
	pdf     Kind = "pdf"
	png     Kind = "png"
	jpeg    Kind = "jpeg"
	archive Kind = "zip" // Office documents are archives, too
	text    Kind = "text"
)

// Taken says for people what is taken.
const Taken = "PDF, PNG, JPEG, plain text, CSV, Office documents (.docx, .xlsx, .pptx, .odt, .ods, .odp) and ZIP"

var beginnings = []struct {
	kind  Kind
	begin string
}{
	{pdf, "%PDF-"},
	{png, "\x89PNG\r\n\x1a\n"},
	{jpeg, "\xff\xd8\xff"},
	{archive, "PK\x03\x04"},
}

// headSize is how many bytes of a file are looked at to tell its kind, but for
// texts, which are read whole.
const headSize = 16

// kindOf tells the kind of a file from how it begins; "" is none that is told
// so. A text may still be one.
func kindOf(head []byte) Kind {
	for _, b := range beginnings {
		if bytes.HasPrefix(head, []byte(b.begin)) {
			return b.kind
		}
	}
	return ""
}

// refused says that a file is of no kind that is taken.
func refused(what string) error {
	e := issuer.Wrong("file", "%s is not taken. Hand in %s.", what, Taken)
	e.Kind = issuer.Unsuitable
	return e
}

// texts follows a text through a file: UTF-8 without control characters that
// does not begin as a document for a browser does.
type texts struct {
	begun bool   // something but blanks was seen
	rest  []byte // of a character that is not whole yet
}

// write looks at more of the file; an error says that it is no text.
func (t *texts) write(p []byte) error {
	p = append(t.rest, p...)
	for len(p) > 0 {
		if !utf8.FullRune(p) {
			break
		}
		r, size := utf8.DecodeRune(p)
		switch {
		case r == utf8.RuneError && size == 1:
			return refused("A file of this kind")
		case unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\f", r):
			return refused("A file of this kind")
		case !t.begun && r == '<':
			return refused("HTML, SVG or XML")
		case !unicode.IsSpace(r) && r != '\ufeff':
			t.begun = true
		}
		p = p[size:]
	}
	t.rest = bytes.Clone(p)
	return nil
}

// end tells whether the text ended whole.
func (t *texts) end() error {
	if len(t.rest) > 0 {
		return refused("A file of this kind")
	}
	return nil
}

// forms are the ends of names that each kind may have, with what they are then;
// the first is for names with another end.
var forms = map[Kind][]struct{ end, media string }{
	pdf:  {{".pdf", "application/pdf"}},
	png:  {{".png", "image/png"}},
	jpeg: {{".jpg", "image/jpeg"}, {".jpeg", "image/jpeg"}},
	text: {{".txt", "text/plain; charset=utf-8"}, {".csv", "text/csv; charset=utf-8"}, {".md", "text/plain; charset=utf-8"}},
	archive: {
		{".zip", "application/zip"},
		{".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
		{".odt", "application/vnd.oasis.opendocument.text"},
		{".ods", "application/vnd.oasis.opendocument.spreadsheet"},
		{".odp", "application/vnd.oasis.opendocument.presentation"},
	},
}

// MediaType is what a file of this kind and name is.
func (k Kind) MediaType(name string) string {
	end := strings.ToLower(path.Ext(name))
	for _, f := range forms[k] {
		if f.end == end {
			return f.media
		}
	}
	return forms[k][0].media
}

// Filename makes the name under which a file is given out of what its owner
// calls it: a text without folders, with an end that fits what the file is, so
// that no system takes it for something to run.
func Filename(name, media string) string {
	name = CleanName(name)
	end, first := strings.ToLower(path.Ext(name)), ""
	for _, list := range forms {
		for _, f := range list {
			if f.media != media {
				continue
			}
			if f.end == end {
				return name
			}
			if first == "" {
				first = f.end
			}
		}
	}
	return name + first
}

// CleanName makes a text of the name that a file came with: the last part of a
// path, without what cannot be seen or turns the text around it; "file" if
// nothing is left.
func CleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == utf8.RuneError || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name)
	clean, _, err := issuer.CleanName(strings.Trim(shorten(name), ". "))
	if err != nil {
		return "file"
	}
	return clean
}

// shorten keeps the end of a name that is too long to keep.
func shorten(name string) string {
	runes := []rune(name)
	if len(runes) <= issuer.MaxName/2 {
		return name
	}
	end := []rune(path.Ext(name))
	if len(end) > 10 {
		end = nil
	}
	return string(runes[:issuer.MaxName/2-len(end)]) + string(end)
}
