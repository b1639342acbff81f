package main

import (
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/jobs"
	"hallmark/verifier/fetch"
	"hallmark/verifier/inclusion"
)

// LogConfig says what belongs to the public log.
type LogConfig struct {
	Witness WitnessConfig `yaml:"witness"`
}

// WitnessConfig names a witness that co-signs the checkpoints (C2SP
// tlog-witness); without a URL there is none.
type WitnessConfig struct {
	URL string `yaml:"url"` // prefix of its addresses, https://witness.example/w
	Key string `yaml:"key"` // its verifier key, name+hash+key
}

// witness is the witness of the configuration, asked by the guarded client.
func (c *WitnessConfig) witness() (*jobs.Witness, error) {
	if c.URL == "" && c.Key == "" {
		return nil, nil
	}
	origin, err := fetch.Origin(c.URL)
	if err != nil {
		return nil, issuer.Refuse(issuer.Invalid, "log.witness.url %q is not an address that can be asked.", c.URL)
	}
	if _, err := inclusion.NewCosigner(c.Key); err != nil {
		return nil, issuer.Refuse(issuer.Invalid, "log.witness.key %q is not the verifier key of a witness: it looks like name+01234567+BA….", c.Key)
	}
	client := &fetch.Fetcher{Allow: []string{origin}}
	return &jobs.Witness{URL: strings.TrimSuffix(c.URL, "/"), Key: c.Key, Post: client.Post}, nil
}
