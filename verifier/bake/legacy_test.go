package bake

import (
	"errors"
	"strings"
	"testing"
)

func TestUnbakeLegacy(t *testing.T) {
	idat, iend := rawChunk("IDAT", "x"), rawChunk("IEND", "")
	png := func(chunks ...string) string {
		return string(pngOf(append(append([]string{header(5, 4)}, chunks...), idat, iend)...))
	}
	svg := func(body string) string {
		return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org">` + body + `</svg>`
	}
	const old = "openbadges\x00"
	const itxtHead = old + "\x00\x00\x00\x00"
	tests := []struct {
		name, doc, text string
		want            error
	}{
		{"PNG, address", png(rawChunk("tEXt", old+"https://a.example/1")), "https://a.example/1", nil},
		{"PNG, JSON", png(rawChunk("iTXt", itxtHead+`{"a":"Ω"}`)), `{"a":"Ω"}`, nil},
		{"PNG, JWS, with a language", png(rawChunk("iTXt", old+"\x00\x00en\x00badge\x00"+jws)), jws, nil},
		{"SVG, address", svg(`<openbadges:assertion verify="https://a.example/1"/>`), "https://a.example/1", nil},
		{"SVG, JWS", svg(`<openbadges:assertion verify="` + jws + `"></openbadges:assertion>`), jws, nil},
		{"SVG, JSON", svg(`<openbadges:assertion><![CDATA[{"a":1}]]></openbadges:assertion>`), `{"a":1}`, nil},
		{"SVG, JSON and its address", svg(`<openbadges:assertion verify="https://a.example/1"><![CDATA[{"a":1}]]></openbadges:assertion><g/>`), `{"a":1}`, nil},
		{"SVG, in a group", svg(`<g><openbadges:assertion verify="https://a.example/1"/></g><g/>`), "https://a.example/1", nil},
		{"PNG, compressed", png(rawChunk("zTXt", old+"\x00x\x9c\x03\x00")), "", ErrDamaged},
		{"PNG, compressed iTXt", png(rawChunk("iTXt", old+"\x01\x00\x00\x00x")), "", ErrDamaged},
		{"PNG, cut off", png(rawChunk("iTXt", old)), "", ErrDamaged},
		{"PNG, empty", png(rawChunk("tEXt", old)), "", ErrDamaged},
		{"PNG, not UTF-8", png(rawChunk("tEXt", old+"\xff")), "", ErrDamaged},
		{"PNG, twice", png(rawChunk("tEXt", old+"https://a.example/1"), rawChunk("tEXt", old+"https://a.example/1")), "", ErrSeveral},
		{"PNG, long", png(rawChunk("tEXt", old+strings.Repeat("x", MaxCredential+1))), "", ErrTooLarge},
		{"SVG, JWS and JSON", svg(`<openbadges:assertion verify="` + jws + `">{"a":1}</openbadges:assertion>`), "", ErrDamaged},
		{"SVG, empty", svg(`<openbadges:assertion/>`), "", ErrDamaged},
		{"SVG, twice", svg(`<openbadges:assertion verify="https://a.example/1"/><openbadges:assertion verify="https://a.example/2"/>`), "", ErrSeveral},
		{"beside one of 3.0", png(rawChunk("tEXt", old+"https://a.example/1"), itxt(badge)), "", ErrNone},
		{"none", plain, "", ErrNone},
		{"no picture", "{}", "", ErrNone},
	}
	for _, tt := range tests {
		got, _, err := UnbakeLegacy([]byte(tt.doc))
		if !errors.Is(err, tt.want) || string(got) != tt.text {
			t.Errorf("%s: %q, %v, want %q, %v", tt.name, got, err, tt.text, tt.want)
		}
	}
}
