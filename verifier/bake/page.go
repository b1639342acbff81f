package bake

import (
	"bytes"
	"unicode/utf8"
)

// A saved page carries the credential, and the status beside it, as blocks of
// data (HTML §4.12.1), with "<" written as an escape of JSON, so that no text
// looks like the end of its block. They are looked for by these very words, which
// browsers keep when they save a page: nothing else of the page is read.
var (
	pageCredential = []byte(`<script type="application/vc">`)
	pageStaple     = []byte(`<script type="application/hallmark-status+jwt">`)
	pageEnd        = []byte(`</script>`)
)

// unbakePage takes the one credential out of a page, and the status beside it.
func unbakePage(doc []byte) (credential, staple []byte, err error) {
	c := cargo{in: "page"}
	if c.credential, c.count = block(doc, pageCredential); c.count == 1 && !utf8.Valid(c.credential) {
		return nil, nil, refuse(ErrDamaged, "The badge in this page is not UTF-8 text.")
	}
	staple, n := block(doc, pageStaple)
	if n != 1 {
		staple = nil
	}
	credential, err = c.only()
	return bytes.Clone(credential), bytes.Clone(staple), err
}

// block finds the blocks that begin so, and gives the last one that ends.
func block(doc, begin []byte) (text []byte, count int) {
	for {
		_, rest, found := bytes.Cut(doc, begin)
		if !found {
			return text, count
		}
		one, _, ended := bytes.Cut(rest, pageEnd)
		if count++; ended {
			text = one
		}
		doc = rest
	}
}

// isPage tells a page by its beginning (HTML §13.1.1).
func isPage(text []byte) bool {
	for _, start := range []string{"<!doctype html", "<html"} {
		if len(text) >= len(start) && bytes.EqualFold(text[:len(start)], []byte(start)) {
			return true
		}
	}
	return false
}
