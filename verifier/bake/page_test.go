package bake

import (
	"errors"
	"strings"
	"testing"
)

func pageOf(blocks string) []byte {
	return []byte("<!DOCTYPE html>\n<!-- saved from url=(0021)https://a.example/v/A -->\n<html><head><title>A badge</title></head><body>" + blocks + "<p>Text</p></body></html>")
}

// TestUnbakePage: exactly one credential, whatever else a page holds.
func TestUnbakePage(t *testing.T) {
	const status = "eyJ.status.x"
	one, held := string(pageCredential)+badge+"</script>", string(pageStaple)+status+"</script>"
	for name, test := range map[string]struct {
		doc    []byte
		staple string
		want   error
	}{
		"one":                   {pageOf(one), "", nil},
		"with its status":       {pageOf(one + held), status, nil},
		"status first":          {pageOf(held + one), status, nil},
		"two statuses":          {pageOf(one + held + held), "", nil},
		"in lower case":         {[]byte("<html>" + one), "", nil},
		"after a byte mark":     {append([]byte("\xef\xbb\xbf \n"), pageOf(one)...), "", nil},
		"two":                   {pageOf(one + one), "", ErrSeveral},
		"two, one without end":  {pageOf(one + string(pageCredential) + badge), "", ErrSeveral},
		"one within another":    {pageOf(string(pageCredential) + one), "", ErrSeveral},
		"none":                  {pageOf(""), "", ErrNone},
		"a status alone":        {pageOf(held), status, ErrNone},
		"another kind of block": {pageOf(`<script type="application/json">` + badge + "</script>"), "", ErrNone},
		"no UTF-8":              {pageOf(string(pageCredential) + "\xff</script>"), "", ErrDamaged},
		"too long":              {pageOf(one + strings.Repeat(" ", MaxFile)), "", ErrTooLarge},
	} {
		u, err := Unpack(test.doc)
		if !errors.Is(err, test.want) || u.Kind != PageKind || string(u.Staple) != test.staple {
			t.Errorf("%s: %+v, %v", name, u, err)
		}
		if test.want == nil && string(u.Credential) != badge {
			t.Errorf("%s: %q", name, u.Credential)
		}
		var shown *Error
		if err != nil && !errors.As(err, &shown) {
			t.Errorf("%s: %v is nothing to show", name, err)
		}
	}
	for _, text := range []string{"<htm", "<!doctype", "<!DOCTYPE svg>", "html", " {}"} {
		if Sniff([]byte(text)) == PageKind {
			t.Errorf("%q passes for a page", text)
		}
	}
}

func FuzzUnbakePage(f *testing.F) {
	f.Add(pageOf(string(pageCredential) + badge + "</script>" + string(pageStaple) + "x</script>"))
	f.Add(pageOf(string(pageCredential)))
	f.Add([]byte("<html>" + string(pageCredential) + "</script>" + string(pageCredential)))
	f.Fuzz(func(t *testing.T, doc []byte) {
		u, err := Unpack(append([]byte("<html>"), doc...))
		if err == nil && strings.Count(string(doc), string(pageCredential)) != 1 {
			t.Fatalf("%q is one of several, or none", u.Credential)
		}
	})
}
