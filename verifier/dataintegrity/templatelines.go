package dataintegrity

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// script writes statements in order. The lines of one subject stand together,
// and among them those of one predicate, since neither term is the beginning of
// another as it is written; so there is little left to put in order once the
// values are known.
type script struct {
	runs []run
	set  bool // a line is written once, and there are no two of it
}

// run is the lines of one subject.
type run struct {
	subject word
	parts   []part
}

// part is some of the lines of a run. Those that are not in order yet are of
// one predicate.
type part struct {
	steps   []step
	unknown bool
}

// step is fixed text and the word that follows it.
type step struct {
	fixed string
	word  word
	ends  bool // a line ends here
}

func newScript(all []statement, set bool) *script {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b statement) int {
		return cmp.Or(cmp.Compare(a.subject.kind, b.subject.kind), cmp.Compare(a.subject.at, b.subject.at), cmp.Compare(a.subject.text, b.subject.text),
			cmp.Compare(a.predicate, b.predicate), cmp.Compare(a.object.kind, b.object.kind), cmp.Compare(a.object.text+" .", b.object.text+" ."))
	})
	s := &script{set: set}
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].subject == all[from].subject {
			to++
		}
		s.runs = append(s.runs, newRun(all[from:to]))
		from = to
	}
	return s
}

func newRun(lines []statement) run {
	r := run{subject: lines[0].subject}
	var b partBuilder
	for from := 0; from < len(lines); {
		to, unknown := from+1, false
		for to < len(lines) && lines[to].predicate == lines[from].predicate {
			to++
		}
		for _, st := range lines[from:to] {
			unknown = unknown || to > from+1 && st.object.kind != fixedWord
		}
		if unknown && len(b.steps)+len(b.pending) > 0 {
			r.parts = append(r.parts, b.end(false))
		}
		for _, st := range lines[from:to] {
			b.word(st.subject)
			b.pending += " " + st.predicate + " "
			b.word(st.object)
			b.pending += " .\n"
			if unknown {
				b.flush(true)
			}
		}
		if unknown {
			r.parts = append(r.parts, b.end(true))
		}
		from = to
	}
	if len(b.steps)+len(b.pending) > 0 {
		r.parts = append(r.parts, b.end(false))
	}
	return r
}

// partBuilder joins what is fixed.
type partBuilder struct {
	steps   []step
	pending string
}

func (b *partBuilder) word(w word) {
	switch w.kind {
	case fixedWord:
		b.pending += w.text
	case iriWord:
		b.pending += "<"
		b.steps = append(b.steps, step{fixed: b.pending, word: w})
		b.pending = ">"
	case textWord:
		b.pending += `"`
		b.steps = append(b.steps, step{fixed: b.pending, word: w})
		b.pending = w.text
	case blankWord:
		b.steps = append(b.steps, step{fixed: b.pending, word: w})
		b.pending = ""
	}
}

func (b *partBuilder) flush(ends bool) {
	b.steps = append(b.steps, step{fixed: b.pending, ends: ends})
	b.pending = ""
}

func (b *partBuilder) end(unknown bool) part {
	if b.pending != "" {
		b.flush(false)
	}
	p := part{b.steps, unknown}
	b.steps = nil
	return p
}

// append writes the lines. It is not ok where a value makes two subjects or two
// lines equal.
func (s *script) append(dst []byte, w *writer, names []string) ([]byte, bool) {
	w.runs = w.runs[:0]
	for i := range s.runs {
		w.runs = append(w.runs, int32(i))
	}
	apart := true
	slices.SortFunc(w.runs, func(a, b int32) int {
		c := compareSubjects(s.runs[a].subject.subject(w, names), s.runs[b].subject.subject(w, names))
		apart = apart && (c != 0 || a == b)
		return c
	})
	if !apart {
		return dst, false
	}
	for _, i := range w.runs {
		for j := range s.runs[i].parts {
			p := &s.runs[i].parts[j]
			from := len(dst)
			w.ends = w.ends[:0]
			for k := range p.steps {
				st := &p.steps[k]
				dst = append(dst, st.fixed...)
				switch st.word.kind {
				case iriWord:
					dst = append(dst, w.values[st.word.at]...)
				case textWord:
					dst = appendLiteral(dst, w.values[st.word.at])
				case blankWord:
					dst = append(dst, names[st.word.at]...)
				}
				if st.ends {
					w.ends = append(w.ends, int32(len(dst)-from))
				}
			}
			if p.unknown && !w.sort(dst[from:]) && s.set {
				return dst, false
			}
		}
	}
	return dst, true
}

// sort puts lines in order, which end at w.ends, and tells whether they differ.
func (w *writer) sort(lines []byte) (differ bool) {
	w.some = append(w.some[:0], lines...)
	w.order = w.order[:0]
	for i := range w.ends {
		w.order = append(w.order, int32(i))
	}
	line := func(i int32) []byte {
		from := int32(0)
		if i > 0 {
			from = w.ends[i-1]
		}
		return w.some[from:w.ends[i]]
	}
	slices.SortFunc(w.order, func(a, b int32) int { return bytes.Compare(line(a), line(b)) })
	to, differ := 0, true
	for k, i := range w.order {
		differ = differ && (k == 0 || !bytes.Equal(line(i), line(w.order[k-1])))
		to += copy(lines[to:], line(i))
	}
	return differ
}

// subject is a word at the beginning of a line, without the brackets of an IRI.
func (o *word) subject(w *writer, names []string) string {
	switch o.kind {
	case iriWord:
		return w.values[o.at]
	case blankWord:
		return names[o.at]
	}
	return strings.TrimSuffix(strings.TrimPrefix(o.text, "<"), ">")
}

// compareSubjects orders two subjects as the lines that begin with them: IRIs
// come before the names of nameless objects. An IRI is closed by ">", which is
// greater than some of what may stand in one; a name is followed by a blank,
// which is less than all that may stand in one.
func compareSubjects(a, b string) int {
	nameless := strings.HasPrefix(a, "_:")
	if nameless != strings.HasPrefix(b, "_:") {
		if nameless {
			return 1
		}
		return -1
	}
	n := min(len(a), len(b))
	if c := strings.Compare(a[:n], b[:n]); c != 0 || len(a) == len(b) || nameless {
		return cmp.Or(c, cmp.Compare(len(a), len(b)))
	}
	if len(a) == n {
		return cmp.Compare('>', b[n])
	}
	return cmp.Compare(a[n], '>')
}

// appendLiteral writes a literal's text as canonical N-Quads do (RDFC-1.0 §5).
func appendLiteral(dst []byte, s string) []byte {
	const hex, short = "0123456789ABCDEF", "\bb\tt\nn\ff\rr\"\"\\\\"
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c != 0x7f {
			continue
		}
		dst = append(dst, s[from:i]...)
		from = i + 1
		if at := strings.IndexByte(short, c); at >= 0 {
			dst = append(dst, '\\', short[at+1])
		} else {
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(dst, s[from:]...)
}
