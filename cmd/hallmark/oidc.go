package main

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"hallmark/issuer/signin"
	"hallmark/verifier/fetch"
)

// OIDCConfig is a provider of OpenID Connect whose accounts people sign in with.
// It is told that they come back to base_url + /signin/oidc/callback.
type OIDCConfig struct {
	Name             string   `yaml:"name"`               // in addresses: "work"
	Label            string   `yaml:"label"`              // on the button: "Work account"
	Issuer           string   `yaml:"issuer"`             // https://login.example.org; http on loopback alone
	ClientID         string   `yaml:"client_id"`          // as the provider knows this service
	ClientSecretFile string   `yaml:"client_secret_file"` // none for a public client
	Domains          []string `yaml:"domains"`            // whose confirmed addresses may join without an invitation
}

var (
	oidcName   = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)
	oidcDomain = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)
)

func (o OIDCConfig) check() error {
	switch {
	case !oidcName.MatchString(o.Name) || o.Name == "callback":
		return fmt.Errorf("oidc: name is %q; it can have small letters, digits and hyphens", o.Name)
	case o.Label == "" || o.ClientID == "":
		return fmt.Errorf("oidc: %s needs a label and a client_id", o.Name)
	}
	for _, d := range o.Domains {
		if !oidcDomain.MatchString(d) {
			return fmt.Errorf("oidc: %q is not a domain such as example.org", d)
		}
	}
	if err := signin.CheckIssuer(o.Issuer); err != nil {
		return fmt.Errorf("oidc: %s: issuer: %w", o.Name, err)
	}
	return nil
}

func checkProviders(all []OIDCConfig) error {
	seen := map[string]bool{}
	for _, o := range all {
		if err := o.check(); err != nil {
			return err
		}
		if seen[o.Name] || seen[o.Issuer] {
			return fmt.Errorf("oidc: %s is there twice", o.Name)
		}
		seen[o.Name], seen[o.Issuer] = true, true
	}
	return nil
}

// providers reads the secrets, and makes the way to the providers: guarded, but for
// the origins that whoever runs this named themselves.
func (c *Config) providers() ([]signin.Provider, *http.Client, error) {
	var all []signin.Provider
	guard := &fetch.Fetcher{}
	for _, o := range c.OIDC {
		p := signin.Provider{Name: o.Name, Label: o.Label, Issuer: o.Issuer, ClientID: o.ClientID, Domains: o.Domains}
		if o.ClientSecretFile != "" {
			secret, err := readFile(o.ClientSecretFile, 4096)
			if err != nil {
				return nil, nil, err
			}
			p.Secret = strings.TrimRight(string(secret), "\r\n")
		}
		origin, err := fetch.Origin(o.Issuer)
		if err != nil {
			return nil, nil, err
		}
		guard.Allow = append(guard.Allow, origin)
		all = append(all, p)
	}
	return all, guard.Client(), nil
}
