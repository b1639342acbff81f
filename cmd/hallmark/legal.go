package main

import (
	"fmt"
	"os"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/web/pages"
)

// LegalConfig names what the operator says on pages of their own.
type LegalConfig struct {
	PrivacyFile string `yaml:"privacy_file"` // Markdown, shown on /privacy before what the product says of itself
	ImprintFile string `yaml:"imprint_file"` // Markdown, shown on /imprint
}

// maxLegal is how long such a text may be.
const maxLegal = 64 << 10

func (c *LegalConfig) read() (legal pages.Legal, err error) {
	if legal.Privacy, err = legalText("legal.privacy_file", c.PrivacyFile); err != nil {
		return legal, err
	}
	legal.Imprint, err = legalText("legal.imprint_file", c.ImprintFile)
	return legal, err
}

func legalText(key, path string) (string, error) {
	if path == "" {
		return "", nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	if len(text) > maxLegal {
		return "", fmt.Errorf("%s: %s is longer than %d kB", key, path, maxLegal>>10)
	}
	return string(text), nil
}

// KeepConfig says how long some records are kept: times such as 720h, at least 24h.
type KeepConfig struct {
	Mails    string `yaml:"mails"`    // what was mailed to whom; 8760h, a year, if left out
	Browsers string `yaml:"browsers"` // which browsers someone signed in with; 8760h
	Concerns string `yaml:"concerns"` // concerns that were closed; 4320h
	Drafts   string `yaml:"drafts"`   // reviews that were begun and not sent; 2160h
}

func (c *KeepConfig) times() (issuer.Retention, error) {
	var r issuer.Retention
	for _, k := range []struct {
		key, text string
		into      *time.Duration
	}{{"mails", c.Mails, &r.Mails}, {"browsers", c.Browsers, &r.Browsers}, {"concerns", c.Concerns, &r.Concerns}, {"drafts", c.Drafts, &r.Drafts}} {
		if k.text == "" {
			continue
		}
		d, err := time.ParseDuration(k.text)
		if err != nil || d < issuer.ShortestRetention {
			return r, fmt.Errorf("retention.%s is %q; it is a time of at least a day, such as 720h", k.key, k.text)
		}
		*k.into = d
	}
	return r.Usual(), nil
}
