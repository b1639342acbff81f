package issuer

import (
	"slices"
	"strings"
	"unicode"
)

// Piece is a stretch of a text of two versions: what both have, or what one has.
type Piece struct {
	Kind PieceKind
	Text string
}

// PieceKind says which version has a piece.
type PieceKind string

// The kinds of pieces.
const (
	Same    PieceKind = "same"
	Added   PieceKind = "added"
	Removed PieceKind = "removed"
)

// maxPieces bounds the work of a comparison, which grows with the square. Texts
// of more sentences are compared as a whole where they differ.
const maxPieces = 400

// Changes compares two versions of a text by sentences and lines, so that a
// reader sees what was said anew and what was taken out; nil if nothing was.
func Changes(old, new string) []Piece {
	if old == new {
		return nil
	}
	a, b := sentences(old), sentences(new)
	begin := 0
	for begin < len(a) && begin < len(b) && a[begin] == b[begin] {
		begin++
	}
	end := 0
	for end < len(a)-begin && end < len(b)-begin && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	var out pieces
	out.add(Same, a[:begin]...)
	out.compare(a[begin:len(a)-end], b[begin:len(b)-end])
	out.add(Same, a[len(a)-end:]...)
	return out
}

type pieces []Piece

func (p *pieces) add(kind PieceKind, texts ...string) {
	for _, text := range texts {
		if last := len(*p) - 1; last >= 0 && (*p)[last].Kind == kind {
			(*p)[last].Text += text
			continue
		}
		*p = append(*p, Piece{kind, text})
	}
}

// compare adds two lists along their longest common subsequence.
func (p *pieces) compare(a, b []string) {
	if len(a) > maxPieces || len(b) > maxPieces {
		p.add(Removed, a...)
		p.add(Added, b...)
		return
	}
	common := make([][]int, len(a)+1) // of a from i and b from j
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i, x := range slices.Backward(a) {
		for j, y := range slices.Backward(b) {
			if x == y {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			p.add(Same, a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			p.add(Removed, a[i])
			i++
		default:
			p.add(Added, b[j])
			j++
		}
	}
}

// sentences cuts a text after sentences and lines; together they are the text.
func sentences(text string) []string {
	var out []string
	for text != "" {
		cut, stop := len(text), false
		for i, r := range text {
			if r == '\n' {
				cut = i + 1
				break
			}
			if stop && unicode.IsSpace(r) {
				cut = i + len(string(r))
				break
			}
			stop = strings.ContainsRune(".!?…。", r)
		}
		out, text = append(out, text[:cut]), text[cut:]
	}
	return out
}

// Change is what became of one thing between two rounds of work.
type Change struct {
	Field  string // "title", "summary", "measure", "before", …
	Pieces []Piece
}

// Compare says what a plan changed in words since the one before.
func (p *Plan) Compare(before *Plan) []Change {
	return compared([]versions{{"what", before.What, p.What}, {"tools", strings.Join(before.Tools, "\n"), strings.Join(p.Tools, "\n")},
		{"data", strings.Join(before.Data, "\n"), strings.Join(p.Data, "\n")}, {"dataNote", before.DataNote, p.DataNote}})
}

// Compare says what a submission changed in words since the one before.
func (s *Submission) Compare(before *Submission) []Change {
	return compared([]versions{
		{"title", before.Title, s.Title}, {"summary", before.Summary, s.Summary},
		{"measure", before.Impact.Measure, s.Impact.Measure}, {"before", before.Impact.Before, s.Impact.Before},
		{"after", before.Impact.After, s.Impact.After}, {"unit", before.Impact.Unit, s.Impact.Unit},
		{"period", before.Impact.Period, s.Impact.Period}, {"confirmed", before.Impact.ConfirmedBy, s.Impact.ConfirmedBy},
	})
}

// versions are two of a text.
type versions struct{ field, old, new string }

func compared(fields []versions) []Change {
	var out []Change
	for _, f := range fields {
		if pieces := Changes(f.old, f.new); pieces != nil {
			out = append(out, Change{f.field, pieces})
		}
	}
	return out
}

// SameThing tells whether two pieces of evidence are the same: the same bytes,
// or the same link.
func (e *Evidence) SameThing(o *Evidence) bool {
	return e.Kind == o.Kind && e.Digest == o.Digest && e.URL == o.URL
}
