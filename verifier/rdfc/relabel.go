package rdfc

import (
	"crypto"
	"slices"
)

// Numbers canonicalises the dataset and gives the number that each blank node
// got, counted as they were made; -1 for one that no statement names.
func (d *Dataset) Numbers(h crypto.Hash, l Limits) ([]int32, error) {
	if err := d.order(h, l); err != nil {
		return nil, err
	}
	return slices.Clone(d.work.canonical), nil
}

// Lines gives the statements as N-Quads, each with its line feed, sorted by
// bytes, under labels of the caller's choosing, by blank node, without "_:".
// They are no canonical form. ErrTooComplex: they would be too long.
func (d *Dataset) Lines(labels []string) ([]string, error) {
	d.Dedup()
	if d.TooLong() {
		return nil, ErrTooComplex
	}
	names := naming{labels: labels}
	if labels == nil {
		names.labels = []string{}
	}
	out := make([]string, len(d.quads))
	var buf []byte
	for i := range d.quads {
		buf = d.quads[i].line(buf[:0], names)
		out[i] = string(buf)
	}
	slices.Sort(out)
	return out, nil
}
