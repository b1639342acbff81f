package rdfc

import (
	"bytes"
	"slices"
	"strconv"
)

// issuer gives temporary names b0, b1, … in the order of asking (§4.5).
type issuer struct {
	order  []int32 // nodes in the order in which they got names
	number []int32 // 1 + number by node; 0: none
}

func (w *work) newIssuer() *issuer {
	n := len(w.canonical)
	if last := len(w.issuers) - 1; last >= 0 {
		is := w.issuers[last]
		w.issuers = w.issuers[:last]
		is.order = is.order[:0]
		is.number = slices.Grow(is.number[:0], n)[:n]
		clear(is.number)
		return is
	}
	return &issuer{number: make([]int32, n)}
}

func (w *work) copyIssuer(from *issuer) *issuer {
	is := w.newIssuer()
	is.order = append(is.order, from.order...)
	copy(is.number, from.number)
	return is
}

func (w *work) free(is *issuer) {
	if is != nil {
		w.issuers = append(w.issuers, is)
	}
}

// issue returns the node's number, giving it one if it has none.
func (is *issuer) issue(node int32) (number int32, fresh bool) {
	if is.number[node] == 0 {
		is.order = append(is.order, node)
		is.number[node] = int32(len(is.order))
		fresh = true
	}
	return is.number[node] - 1, fresh
}

func appendTemporary(dst []byte, number int32) []byte {
	return strconv.AppendInt(append(dst, "_:b"...), int64(number), 10)
}

func appendCanonical(dst []byte, number int32) []byte {
	return strconv.AppendInt(append(dst, "_:c14n"...), int64(number), 10)
}

// issueShared names the nodes that share their first-degree hash (§4.4.3,
// step 5): by their neighbourhood, in the order of its hash.
func (d *Dataset) issueShared() error {
	type result struct {
		hash   digest
		issuer *issuer
	}
	w := &d.work
	for from := 0; from < len(w.order); {
		to := w.group(from)
		var results []result
		for _, node := range w.order[from:to] {
			if to == from+1 || w.canonical[node] >= 0 {
				continue
			}
			temporary := w.newIssuer()
			temporary.issue(node)
			hash, used, err := d.nDegree(node, temporary)
			if err != nil {
				return err
			}
			results = append(results, result{hash, used})
		}
		slices.SortStableFunc(results, func(a, b result) int {
			return slices.Compare(a.hash[:w.size], b.hash[:w.size])
		})
		for _, r := range results {
			for _, node := range r.issuer.order {
				w.give(node)
			}
			w.free(r.issuer)
		}
		from = to
	}
	return nil
}

// relation is a neighbour of a node under the hash of how it is related.
type relation struct {
	hash digest
	node int32
}

// spend takes one step from the budget.
func (w *work) spend() error {
	if w.steps--; w.steps < 0 {
		return ErrTooComplex
	}
	return nil
}

// nDegree hashes a node by its neighbourhood (§4.8.3). It takes over is and
// returns the issuer that holds the names given on the chosen path.
func (d *Dataset) nDegree(node int32, is *issuer) (digest, *issuer, error) {
	w := &d.work
	if err := w.spend(); err != nil {
		return digest{}, nil, err
	}
	relations, err := d.relations(node, is)
	if err != nil {
		return digest{}, nil, err
	}
	var data []byte
	for from := 0; from < len(relations); {
		to := from + 1
		for to < len(relations) && relations[to].hash == relations[from].hash {
			to++
		}
		data = append(data, relations[from].hash[:w.size]...)
		path, chosen, err := d.bestPath(relations[from:to], is)
		if err != nil {
			return digest{}, nil, err
		}
		data = append(data, path...)
		w.free(is)
		is = chosen
		from = to
	}
	return w.digestOf(data), is, nil
}

// relations lists the neighbours of a node, sorted by hash (steps 2 and 3).
func (d *Dataset) relations(node int32, is *issuer) ([]relation, error) {
	w := &d.work
	var out []relation
	for _, i := range w.quadsOf(node) {
		q := &d.quads[i]
		for _, at := range [...]struct {
			blank    int32
			position byte
		}{{q.subject.blank, 's'}, {q.object.blank, 'o'}, {q.graph.blank, 'g'}} {
			if at.blank == 0 || at.blank-1 == node {
				continue
			}
			if w.hashes--; w.hashes < 0 {
				return nil, ErrTooComplex
			}
			out = append(out, relation{w.related(at.blank-1, q, is, at.position), at.blank - 1})
		}
	}
	slices.SortStableFunc(out, func(a, b relation) int {
		return slices.Compare(a.hash[:w.size], b.hash[:w.size])
	})
	return out, nil
}

// related hashes how a neighbour is related (§4.7.3).
func (w *work) related(node int32, q *quad, is *issuer, position byte) digest {
	in := append(w.buf[:0], position)
	if position != 'g' {
		in = append(append(append(in, '<'), q.predicate...), '>')
	}
	switch {
	case w.canonical[node] >= 0:
		in = appendCanonical(in, w.canonical[node])
	case is.number[node] > 0:
		in = appendTemporary(in, is.number[node]-1)
	default:
		in = append(in, w.first[node][:w.size]...)
	}
	w.buf = in
	return w.digestOf(in)
}

// bestPath tries the orders of equally related neighbours and returns the
// least path and the issuer it leaves (step 5.4).
func (d *Dataset) bestPath(group []relation, is *issuer) ([]byte, *issuer, error) {
	w := &d.work
	nodes := make([]int32, len(group))
	for i, r := range group {
		nodes[i] = r.node
	}
	slices.Sort(nodes)
	var best, path []byte
	var chosen *issuer
	for {
		if err := w.spend(); err != nil {
			return nil, nil, err
		}
		tried, used, err := d.path(nodes, is, path[:0], best)
		if err != nil {
			return nil, nil, err
		}
		path = tried
		if used != nil && (chosen == nil || bytes.Compare(path, best) < 0) {
			w.free(chosen)
			chosen = used
			best, path = path, best
		} else {
			w.free(used)
		}
		if !nextPermutation(nodes) {
			return best, chosen, nil
		}
	}
}

// path follows one order. The issuer is nil when the path is worse than best.
func (d *Dataset) path(nodes []int32, is *issuer, path, best []byte) ([]byte, *issuer, error) {
	w := &d.work
	used := w.copyIssuer(is)
	var recurse []int32
	for _, node := range nodes {
		if w.canonical[node] >= 0 {
			path = appendCanonical(path, w.canonical[node])
		} else {
			number, fresh := used.issue(node)
			if fresh {
				recurse = append(recurse, node)
			}
			path = appendTemporary(path, number)
		}
		if worse(path, best) {
			w.free(used)
			return path, nil, nil
		}
	}
	for _, node := range recurse {
		// §4.8.3 step 5.4.5.1 hands the copy to the recursion; the name was
		// issued above, so it is the same before and after.
		number, _ := used.issue(node)
		hash, after, err := d.nDegree(node, used)
		if err != nil {
			return nil, nil, err
		}
		path = appendTemporary(path, number)
		path = append(append(append(path, '<'), hash[:w.size]...), '>')
		used = after
		if worse(path, best) {
			w.free(used)
			return path, nil, nil
		}
	}
	return path, used, nil
}

// worse is the test of steps 5.4.4.3 and 5.4.5.6.
func worse(path, best []byte) bool {
	return len(best) > 0 && len(path) >= len(best) && bytes.Compare(path, best) > 0
}

// nextPermutation steps to the next order of a; false after the last one.
// Equal elements are not swapped with each other: their order has no effect.
func nextPermutation(a []int32) bool {
	i := len(a) - 2
	for i >= 0 && a[i] >= a[i+1] {
		i--
	}
	if i < 0 {
		return false
	}
	j := len(a) - 1
	for a[j] <= a[i] {
		j--
	}
	a[i], a[j] = a[j], a[i]
	slices.Reverse(a[i+1:])
	return true
}
