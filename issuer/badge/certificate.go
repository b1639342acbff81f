package badge

import (
	"bytes"
	"fmt"
	"image/color"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Certificate is what the paper form of a badge says. Its words are ready to
// be printed, in one language; empty ones are left out.
type Certificate struct {
	Art    Art
	Lang   string // BCP 47
	Title  string // of the file
	Issuer string

	Kind     string // "Certificate"
	To       string // stands before the name
	Holder   string // "" where no name is shown
	Nameless string // stands in place of a name that is not shown
	Unread   string // stands in place of words whose letters the typeface lacks
	Unsigned string // a remark on a name that is not part of what was signed
	For      string // stands before the badge
	Name     string // of the badge
	When     string
	Until    string
	About    string // what the badge is, in a sentence or two

	Standing string // a large word, where the badge is not simply good: "Revoked"
	Because  string // a sentence about it

	Status   string // the verdict of the day
	Tone     Tone
	AsOf     string // the day
	Check    string // what to do to check it
	Link     string // as printed
	QR       string // as in the code
	QRSays   string // under the code
	Slip     string // the link with a slip, for a second code; "" for none
	SlipSays string // under that
	Beware   string
	Carried  string // that the file carries the credential
	Vouched  string // who stands behind the key
	Trial    string
	Overleaf string // says that the sections stand on the next page

	Sections []Section // what was signed, in words
	Signed   []byte    // the credential, attached as credential.json
	Staple   []byte    // where it stands, signed, attached as status.staple; nil for none
	At       time.Time // the time of the file: when the badge was signed
}

// Section is a part of what was signed.
type Section struct {
	Title string
	Text  string   // in Markdown
	List  []string // one below the other
	Items []string // one after the other
}

// Tone is how good a status is.
type Tone int

// The tones.
const (
	Unsure Tone = iota
	Good
	Bad
)

func (t Tone) ink() color.NRGBA {
	return [...]color.NRGBA{Unsure: unsureInk, Good: goodInk, Bad: badInk}[t]
}

// Names of what is in the file: the credential, and the status beside it.
const (
	Attached = "credential.json"
	Stapled  = "status.staple"
)

// Where things stand on the page, in millimetres. Everything keeps clear of the
// edge that a Letter page lacks.
const (
	pageWidth = 210.0
	left      = 24.0
	wide      = pageWidth - 2*left
	lowest    = 281.0
	headEnd   = 31.0
	artSize   = 46.0 // at least
	artMost   = 60.0
	artGap    = 3.0

	overleafRoom = 12.0

	codeSize = 35.0
)

// footTop is where the foot begins: beside one code there is room for all of it,
// between two for half.
func (c *Certificate) footTop() float64 {
	if c.Slip != "" {
		return 221
	}
	return 233
}

var (
	quiet     = style{textFace, 10, 14, quietInk}
	fine      = style{textFace, 8.5, 11.5, quietInk}
	bodyText  = style{textFace, 10.5, 15, ink}
	label     = style{textFace, 9.5, 15, quietInk}
	nameStyle = style{displayFace, 32, 38, ink}
	badgeName = style{displayFace, 21, 26, ink}
)

// PDF draws the certificate: one page of A4, or two if what was signed does
// not fit below the name. The same certificate gives the same bytes.
func (c Certificate) PDF() ([]byte, error) {
	s := newSheet()
	s.describe(c)
	s.AddPage()
	if c.Standing != "" {
		s.overprint(c.Standing)
	}
	s.head(c)
	award, under := c.shown(s), s.sectionsHeight(c)
	above := artSize + artGap + s.piecesHeight(award)
	footTop := c.footTop()
	fits := headEnd+above+under <= footTop-2*rowGap
	if !fits {
		under = overleafRoom
	}
	// What is left over stands above the badge and, twice as much, below.
	spare := max(0, footTop-rowGap-under-above-headEnd)
	size := min(artSize+spare/4, artMost)
	s.y = headEnd + (spare-size+artSize)/3
	s.mark(c.Art, (pageWidth-size)/2, s.y, size)
	s.y += size + artGap
	for _, p := range award {
		s.y += p.gap
		s.block(p.style, p.text, (pageWidth-p.width)/2, p.width, true)
	}
	s.y = footTop - rowGap - under
	if fits {
		s.sections(c, footTop)
	} else {
		s.block(quiet, c.Overleaf, left, wide, true)
	}
	if err := s.foot(c); err != nil {
		return nil, fmt.Errorf("draw certificate: %w", err)
	}
	if !fits {
		s.overleaf(c)
	}
	var out bytes.Buffer
	if err := s.Output(&out); err != nil {
		return nil, fmt.Errorf("draw certificate: %w", err)
	}
	return out.Bytes(), nil
}

// describe fills in what programs show about the file.
func (s *sheet) describe(c Certificate) {
	s.SetTitle(c.Title, true)
	s.SetAuthor(c.Issuer, true)
	s.SetSubject(c.Name, true)
	s.SetCreator("Hallmark", true)
	s.SetProducer("Hallmark", true)
	s.SetLang(c.Lang)
	s.SetCreationDate(c.At.UTC())
	s.SetModificationDate(c.At.UTC())
	files := []fpdf.Attachment{{Content: c.Signed, Filename: Attached, Description: c.Title}}
	if c.Staple != nil {
		files = append(files, fpdf.Attachment{Content: c.Staple, Filename: Stapled, Description: c.AsOf})
	}
	s.SetAttachments(files)
}

// overprint lays a word across the page, under everything else, so that no
// part of the page looks like a good certificate.
func (s *sheet) overprint(word string) {
	t := style{displayFace, 130, 130, shadowInk}
	t = s.fitted(t, word, 250, 1, 40)
	s.use(t)
	s.TransformBegin()
	s.TransformRotate(52, pageWidth/2, 150)
	s.Text(pageWidth/2-s.GetStringWidth(word)/2, 150+t.size*mm/3, word)
	s.TransformEnd()
}

// say gives a text as the typeface can write it, or, where that would lose a
// letter, other.
func say(text, other string) string {
	if clean, ok := written(textFont(), text); ok {
		return clean
	}
	return other
}

func (s *sheet) head(c Certificate) {
	s.use(quiet)
	room := s.GetStringWidth(c.Kind) + 8
	s.Text(pageWidth-left-s.GetStringWidth(c.Kind), 21, c.Kind)
	s.above(style{displayFace, 13, 16, ink}, say(c.Issuer, c.Unread), wide-room)
	s.rule(left, 25, wide, 0.5, accentInk)
	s.y = 25
	s.block(fine, c.Trial, left, wide, false)
}

// above sets a text on the rule at the head of a page, in one line or two; what
// does not fit ends in an ellipsis.
func (s *sheet) above(t style, text string, width float64) {
	t = s.fitted(t, text, width, 1, 9)
	lines := s.lines(t, text, width)
	if len(lines) > 2 {
		end := fitting(lines[1], width-s.GetStringWidth("…"), s.GetStringWidth)
		lines = []string{lines[0], lines[1][:end] + "…"}
	}
	for i, line := range lines {
		s.Text(left, 21-float64(len(lines)-1-i)*t.lead*mm, line)
	}
}

// piece is a centred text, gap millimetres below the one before it.
type piece struct {
	style
	text       string
	gap, width float64
}

// award says who earned what, line by line.
func (s *sheet) award(c Certificate) (all []piece) {
	add := func(t style, text string, gap, width float64) {
		if text != "" {
			all = append(all, piece{t, text, gap, width})
		}
	}
	name := nameStyle
	if c.Standing != "" {
		name.size, name.lead = 24, 29
		add(style{displayFace, 34, 38, badInk}, c.Standing, 0, wide)
		add(style{textFace, 10.5, 14, badInk}, say(c.Because, ""), 1, wide-28)
	}
	add(quiet, c.To, 2, wide)
	switch holder := say(c.Holder, ""); {
	case holder != "":
		add(s.fitted(name, holder, wide, 1, 20), holder, 1.5, wide)
	case c.Holder != "":
		add(bodyText, c.Unread, 2, wide-40)
	default:
		add(bodyText, c.Nameless, 2, wide-40)
	}
	add(fine, c.Unsigned, 1, wide)
	add(quiet, c.For, 3, wide)
	add(s.fitted(badgeName, say(c.Name, c.Unread), wide-12, 2, 12), say(c.Name, c.Unread), 1, wide-12)
	add(bodyText, say(c.When, ""), 2, wide)
	if c.Standing == "" {
		add(quiet, c.Until, 0, wide)
	}
	add(bodyText, say(c.About, ""), 3, wide-28)
	return all
}

// shown is what of the award the first page has room for: a name that is too
// long pushes off what is said about the badge, which stands overleaf then.
func (c Certificate) shown(s *sheet) []piece {
	all := s.award(c)
	for len(all) > 1 && headEnd+artSize+artGap+s.piecesHeight(all)+overleafRoom > c.footTop() {
		all = all[:len(all)-1]
	}
	return all
}

func (s *sheet) piecesHeight(all []piece) (sum float64) {
	for _, p := range all {
		sum += p.gap + s.height(p.style, p.text, p.width)
	}
	return sum
}

// A section is a row between thin rules: its title, and beside it the text.
const (
	besides = left + 47
	beside  = pageWidth - left - besides
	rowGap  = 2.5
	hanging = 3.5
)

// paragraphs of a section, ready to be written.
func (c Certificate) paragraphs(part Section) []string {
	all := plainly(part.Text)
	for _, entry := range part.List {
		all = append(all, "• "+entry)
	}
	if len(part.Items) > 0 {
		all = append(all, strings.Join(part.Items, " · "))
	}
	for i, line := range all {
		all[i] = say(line, c.Unread)
	}
	return all
}

// paragraph sets one, as far as end and then on new pages; the lines of a
// list's entry hang beside its dot.
func (s *sheet) paragraph(c Certificate, text string, end float64) {
	x, width := besides, beside
	entry, dotted := strings.CutPrefix(text, "• ")
	if dotted {
		x, width = x+hanging, width-hanging
	}
	for i, line := range s.lines(bodyText, entry, width) {
		s.room(c, end, bodyText.lead*mm)
		s.use(bodyText)
		s.y += bodyText.lead * mm
		if dotted && i == 0 {
			s.Text(besides, s.y, "•")
		}
		s.Text(x, s.y, line)
	}
}

func (s *sheet) paragraphHeight(line string) float64 {
	if entry, dotted := strings.CutPrefix(line, "• "); dotted {
		return s.height(bodyText, entry, beside-hanging)
	}
	return s.height(bodyText, line, beside)
}

func (s *sheet) sectionsHeight(c Certificate) (sum float64) {
	for _, part := range c.Sections {
		sum += 2 * rowGap
		for _, line := range c.paragraphs(part) {
			sum += s.paragraphHeight(line)
		}
	}
	return sum
}

// sections sets what was signed; at the end of a page it goes on on a new one.
func (s *sheet) sections(c Certificate, end float64) {
	for _, part := range c.Sections {
		s.room(c, end, 2*rowGap+bodyText.lead*mm)
		s.rule(left, s.y, wide, 0.2, ruleInk)
		s.y += rowGap / 2
		top := s.y
		s.block(label, part.Title, left, besides-left-6, false)
		s.y = top
		for _, line := range c.paragraphs(part) {
			s.paragraph(c, line, end)
		}
		s.y += rowGap * 1.5
	}
}

// room begins a new page where less than need is left of this one.
func (s *sheet) room(c Certificate, end, need float64) {
	if s.y+need > end {
		s.another(c)
	}
}

// foot says how to check it: this is what paper cannot do by itself. What must be
// read before anything is done stands beside the codes, the rest where there is
// room.
func (s *sheet) foot(c Certificate) error {
	top, room := c.footTop(), beside
	s.rule(left, top, wide, 0.2, ruleInk)
	if err := s.scannable(c.QR, c.QRSays, left, top+6); err != nil {
		return err
	}
	s.LinkString(left, top+6, codeSize, codeSize, c.Link)
	if c.Slip != "" {
		if err := s.scannable(c.Slip, c.SlipSays, pageWidth-left-codeSize, top+6); err != nil {
			return err
		}
		room -= codeSize + 6
	}
	s.y = top + 2.5
	s.block(style{displayFace, 13, 17, c.Tone.ink()}, c.Status, besides, room, false)
	s.block(quiet, c.AsOf, besides, room, false)
	s.y += 1.5
	s.block(style{textFace, 9.5, 13, ink}, c.Check, besides, room, false)
	x, small := besides, c.Beware+" "+c.Carried
	if c.Slip != "" {
		s.y++
		s.block(fine, c.Beware, besides, room, false)
		s.y = max(s.y, top+6+codeSize+fine.lead*mm) + 1
		x, room, small = left, wide, c.Carried
	}
	link := s.fitted(style{textFace, 10.5, 16, accentInk}, c.Link, room, 1, 6)
	begin := s.y
	s.block(link, c.Link, x, room, false)
	s.LinkString(x, begin, room, s.y-begin+1, c.Link)
	s.y++
	s.block(fine, small, x, room, false)
	s.block(fine, say(c.Vouched, ""), x, room, false)
	return nil
}

// scannable sets a code with a word under it.
func (s *sheet) scannable(code, says string, x, y float64) error {
	if err := s.code(code, x, y, codeSize); err != nil {
		return err
	}
	s.y = y + codeSize
	s.block(fine, says, x, codeSize, true)
	return nil
}

// overleaf sets what was signed on pages of its own.
func (s *sheet) overleaf(c Certificate) {
	s.another(c)
	s.sections(c, lowest-8)
}

// another begins a page with a line that says what it belongs to.
func (s *sheet) another(c Certificate) {
	s.AddPage()
	if c.Standing != "" {
		s.overprint(c.Standing)
	}
	s.use(style{displayFace, 12, 16, badInk})
	room := wide - s.GetStringWidth(c.Standing) - 8
	s.Text(pageWidth-left-s.GetStringWidth(c.Standing), 21, c.Standing)
	s.above(style{displayFace, 13, 16, ink}, say(c.Name, c.Unread), room)
	s.rule(left, 25, wide, 0.5, accentInk)
	s.use(fine)
	s.Text(left, lowest, c.Link)
	s.y = 28
}
