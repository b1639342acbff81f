package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web/vcapi"
)

// VCAPIConfig opens the door for programs that speak the VC-API.
type VCAPIConfig struct {
	Enabled   bool             `yaml:"enabled"`
	Instances []InstanceConfig `yaml:"instances"` // none: one for each cryptosuite and curve, and one that adds status entries
}

// InstanceConfig is one signer with a did:key of its own, made when serve or admin
// instances first finds it named.
type InstanceConfig struct {
	Name        string `yaml:"name"`        // part of its address: /vc-api/{name}/…
	Cryptosuite string `yaml:"cryptosuite"` // eddsa-rdfc-2022, ecdsa-sd-2023, …
	Curve       string `yaml:"curve"`       // P-256 or P-384, for ECDSA; "" is P-256
	Status      string `yaml:"status"`      // "revocation" or "suspension": adds status entries
	ProofOnly   bool   `yaml:"proof_only"`  // its verify routes do not ask whose key signed: for conformance suites alone
}

// usualInstances are there when the configuration names none.
var usualInstances = []InstanceConfig{
	{Name: "eddsa-rdfc-2022", Cryptosuite: "eddsa-rdfc-2022"},
	{Name: "eddsa-jcs-2022", Cryptosuite: "eddsa-jcs-2022"},
	{Name: "ecdsa-rdfc-2019-p256", Cryptosuite: "ecdsa-rdfc-2019", Curve: "P-256"},
	{Name: "ecdsa-rdfc-2019-p384", Cryptosuite: "ecdsa-rdfc-2019", Curve: "P-384"},
	{Name: "ecdsa-jcs-2019-p256", Cryptosuite: "ecdsa-jcs-2019", Curve: "P-256"},
	{Name: "ecdsa-jcs-2019-p384", Cryptosuite: "ecdsa-jcs-2019", Curve: "P-384"},
	{Name: "ecdsa-sd-2023", Cryptosuite: "ecdsa-sd-2023", Curve: "P-256"},
	{Name: "status", Cryptosuite: "eddsa-rdfc-2022", Status: "revocation"},
}

// instances makes the instances of the configuration, or finds them; none while
// the VC-API is off.
func (c *VCAPIConfig) instances(ctx context.Context, r *registrar.Registrar) ([]vcapi.Instance, error) {
	if !c.Enabled {
		return nil, nil
	}
	configs := c.Instances
	if len(configs) == 0 {
		configs = usualInstances
	}
	wanted := make([]registrar.NewInstance, 0, len(configs))
	for _, i := range configs {
		wanted = append(wanted, registrar.NewInstance{Name: i.Name, Cryptosuite: i.Cryptosuite, Algorithm: i.Curve, Status: i.Status})
	}
	views, err := r.EnsureInstances(ctx, wanted)
	if err != nil {
		return nil, err
	}
	made := make([]vcapi.Instance, 0, len(views))
	for n, v := range views {
		made = append(made, vcapi.Instance{InstanceView: v, ProofOnly: configs[n].ProofOnly})
	}
	return made, nil
}

type adminClientCmd struct {
	Name  string   `arg:"" help:"What the client is called in the audit trail."`
	Scope []string `required:"" help:"What it may do, such as vc-api; may be given several times." placeholder:"SCOPE"`
}

// Run makes a client and prints its secret, this once.
func (a *adminClientCmd) Run(ctx context.Context, cli *commands, std streams) error {
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	client, secret, err := parts.Registrar.AddClient(ctx, issuer.Caller{System: "admin"}, a.Name, a.Scope)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "client_id %s\nclient_secret %s\nThe secret is shown this once. Access tokens (%s) last an hour: POST %s/oauth/token.\n",
		client.ID, secret, strings.Join(client.Scopes, " "), parts.Config.BaseURL)
	return err
}

type adminInstancesCmd struct{}

// Run lists the instances of the VC-API with their identifiers. Like serve it
// makes those that the configuration names for the first time: there would be no
// identifier to list.
func (a *adminInstancesCmd) Run(ctx context.Context, cli *commands, std streams) error {
	parts, err := cli.open(ctx, std)
	if err != nil {
		return err
	}
	defer parts.Close()
	instances, err := parts.Config.VCAPI.instances(ctx, parts.Registrar)
	if err != nil {
		return err
	}
	if len(instances) == 0 {
		return issuer.Refuse(issuer.Invalid, "The VC-API is off; set vc_api: {enabled: true} in the configuration.")
	}
	table := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	for _, i := range instances {
		note := i.Status
		if i.ProofOnly {
			note += " proof_only"
		}
		fmt.Fprintf(table, "%s/vc-api/%s\t%s\t%s\t%s\t%s\n", parts.Config.BaseURL, i.ID, i.Cryptosuite, i.Algorithm, i.DID, note)
	}
	return table.Flush()
}
