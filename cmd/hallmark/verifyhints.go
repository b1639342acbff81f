package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"hallmark/verifier"
	"hallmark/verifier/bake"
)

// nothing says, in place of a report, what was handed in instead of a badge and
// what to do about it.
func (v *verifyCmd) nothing(doc []byte, err error) string {
	name := v.What
	if name == "-" {
		name = "the standard input"
	}
	var picture *bake.Error
	text := bytes.TrimSpace(bytes.TrimPrefix(doc, []byte("\ufeff")))
	switch {
	case errors.As(err, &picture) && !errors.Is(err, bake.ErrNotPicture):
		return picture.Reason
	case len(text) == 0:
		return fmt.Sprintf("There is nothing in %s.", name)
	case bytes.HasPrefix(doc, []byte("\xff\xfe")) || bytes.HasPrefix(doc, []byte("\xfe\xff")):
		return fmt.Sprintf("The text in %s is written in UTF-16; save it as UTF-8 and try again.", name)
	case text[0] == '[':
		return fmt.Sprintf("%s holds a list; badges are checked one at a time.", name)
	case isLink(string(text)) && len(text) < 500 && !bytes.ContainsAny(text, " \t\r\n") && printable(string(text)):
		return fmt.Sprintf("%s holds a link, not a badge. To check what it leads to: hallmark verify %s", name, text)
	case !utf8.Valid(text):
		return fmt.Sprintf("There is no credential in %s. A badge is a PNG, an SVG or a PDF with the credential in it, its JSON, or its token.", name)
	}
	return fmt.Sprintf("There is no credential in %s. Give the badge itself: its picture or PDF as it was downloaded, its JSON, or its token.", name)
}

// tips say what the person may do where something was left open.
func (v *verifyCmd) tips(r *verifier.Report) []string {
	var tips []string
	for _, c := range r.Checks {
		address, _ := c.Detail["list"].(string)
		url, _ := c.Detail["url"].(string)
		switch {
		case c.Name == "status" && c.Outcome == verifier.Undetermined && v.Status == "" && printable(address) && isLink(address):
			tips = append(tips, "To look at its status list yourself, add: --status "+address)
		case c.Name == "refresh" && c.Detail["available"] == true && !v.Refresh && !v.Offline && printable(url):
			tips = append(tips, "To ask its issuer for a newer copy, add: --refresh")
		}
	}
	return tips
}

// printable: what a terminal shows as it is and a shell takes as one word. Tips
// hold words of strangers.
func printable(word string) bool {
	return word != "" && strings.IndexFunc(word, func(c rune) bool { return c <= ' ' || c >= 0x7f || strings.ContainsRune("\\\"'`$&|;<>(){}*!", c) }) < 0
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, os.ErrNotExist)
}

// looksTyped tells a link without its beginning from the name of a file: a host
// with a dot, then a slash.
func looksTyped(what string) bool {
	host, rest, ok := strings.Cut(what, "/")
	return ok && rest != "" && strings.Contains(host, ".") && strings.Trim(host, ".") != ""
}
