package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v4"

	"hallmark/issuer"
	"hallmark/issuer/intake"
	"hallmark/issuer/web"
)

// Config is the configuration file. Every key may be left out; unknown keys
// are refused. Secrets are paths of files, never values.
type Config struct {
	BaseURL        string       `yaml:"base_url"`         // https://badges.example.org; credentials carry it for ever
	Addr           string       `yaml:"addr"`             // where the service listens, ":8080"
	PrivateAddr    string       `yaml:"private_addr"`     // metrics and profiles; "" = off
	DB             string       `yaml:"db"`               // SQLite file or postgres://…
	SealingKeyFile string       `yaml:"sealing_key_file"` // 32 random bytes that open the private keys
	SealingKeyKMS  KMSConfig    `yaml:"sealing_key_kms"`  // a key service that closes that file; none: it lies open
	SMTP           SMTPConfig   `yaml:"smtp"`
	TrustedProxies []string     `yaml:"trusted_proxies"` // CIDRs whose X-Forwarded-For is believed
	Issuer         IssuerConfig `yaml:"issuer"`
	TrustList      string       `yaml:"trust_list"` // file of issuers the verify page calls known
	Limits         LimitsConfig `yaml:"limits"`
	Log            LogConfig    `yaml:"log"`
	VCAPI          VCAPIConfig  `yaml:"vc_api"`          // off unless enabled
	HighWaterFile  string       `yaml:"high_water_file"` // how far this installation has come, kept outside the database
	Backup         BackupConfig `yaml:"backup"`          // made by serve; none without a folder
	OIDC           []OIDCConfig `yaml:"oidc"`            // accounts elsewhere that people sign in with
	Legal          LegalConfig  `yaml:"legal"`
	Retention      KeepConfig   `yaml:"retention"` // how long some records are kept

	evidence string // folder of files that were handed in

	move    bool // by serve: the installation goes to BaseURL, wherever it was
	serving bool // by serve: what it listens on is where the service is
}

// LimitsConfig says how much one address may ask for.
type LimitsConfig struct {
	Signin LimitConfig `yaml:"signin"` // asking for and using sign-in links
	Tokens LimitConfig `yaml:"tokens"` // POST /oauth/token
	Verify LimitConfig `yaml:"verify"` // checking badges
}

// LimitConfig is so many requests a second after a burst. Left out, the usual
// limit counts; a negative per_second takes it off.
type LimitConfig struct {
	PerSecond float64 `yaml:"per_second"`
	Burst     int     `yaml:"burst"`
}

func (l LimitsConfig) web() web.Limits {
	return web.Limits{Signin: web.Limit(l.Signin), Tokens: web.Limit(l.Tokens), Verify: web.Limit(l.Verify)}
}

// SMTPConfig says how mail leaves.
type SMTPConfig struct {
	Host         string `yaml:"host"`
	Port         int    `yaml:"port"`
	User         string `yaml:"user"`
	PasswordFile string `yaml:"password_file"`
	From         string `yaml:"from"`
	TLS          string `yaml:"tls"` // "required" (default), "opportunistic", "none"
}

// IssuerConfig says who signs. It counts at the first start; afterwards the
// database knows.
type IssuerConfig struct {
	Name  string `yaml:"name"`
	URL   string `yaml:"url"`
	Email string `yaml:"email"`
	DID   string `yaml:"did"` // "web" or "key"; by default web where the base URL allows it
}

// load reads the configuration file, if one is named, and lays the flags
// over it.
func (c *commands) load() (*Config, error) {
	cfg := &Config{Addr: ":8080"}
	if c.Config != "" {
		data, err := os.ReadFile(c.Config)
		if err != nil {
			return nil, fmt.Errorf("read the configuration: %w", err)
		}
		d := yaml.NewDecoder(bytes.NewReader(data))
		d.KnownFields(true)
		if err := d.Decode(cfg); err != nil && !errors.Is(err, io.EOF) {
			return nil, issuer.Refuse(issuer.Invalid, "The configuration %s cannot be read: %s.", c.Config, intake.YAMLReason(err))
		}
	}
	if c.DB != "" {
		cfg.DB = c.DB
	}
	if cfg.DB == "" {
		cfg.DB = filepath.Join(c.Data, "hallmark.db")
	}
	if cfg.SealingKeyFile == "" {
		cfg.SealingKeyFile = filepath.Join(c.Data, "sealing.key")
	}
	if cfg.HighWaterFile == "" {
		cfg.HighWaterFile = filepath.Join(c.Data, "high-water")
	}
	cfg.evidence = filepath.Join(c.Data, "evidence")
	return cfg, cfg.check()
}

// check refuses values that could only fail later.
func (c *Config) check() error {
	if c.BaseURL != "" {
		base, err := cleanBase(c.BaseURL)
		if err != nil {
			return err
		}
		c.BaseURL = base
	}
	if _, err := c.proxies(); err != nil {
		return err
	}
	if _, err := c.SealingKeyKMS.wrapper(); err != nil {
		return err
	}
	if err := c.Backup.check(); err != nil {
		return err
	}
	if err := checkProviders(c.OIDC); err != nil {
		return err
	}
	if _, err := c.Retention.times(); err != nil {
		return err
	}
	switch c.Issuer.DID {
	case "", "web", "key":
	default:
		return fmt.Errorf("issuer.did is %q; it can be web or key", c.Issuer.DID)
	}
	switch c.SMTP.TLS {
	case "", "required", "opportunistic", "none":
	default:
		return fmt.Errorf("smtp.tls is %q; it can be required, opportunistic or none", c.SMTP.TLS)
	}
	return nil
}

// cleanBase checks a base URL and takes a closing slash off.
func cleanBase(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", issuer.Refuse(issuer.Invalid, "The base URL %q must look like https://badges.example.org.", s)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func (c *Config) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range c.TrustedProxies {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("trusted_proxies: %q is not a network such as 10.0.0.0/8", s)
		}
		out = append(out, p)
	}
	return out, nil
}
