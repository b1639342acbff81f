package oid4vci

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer/registrar"
)

type object map[string]any

// Contexts and types of our badges, as ldp_vc tells of them (Appendix A.1.2.2).
var (
	contexts = []string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}
	types    = []string{"VerifiableCredential", "OpenBadgeCredential"}
)

// issuer answers GET /.well-known/openid-credential-issuer (§12.2.4).
func (d *OID4VCI) issuer(c echo.Context) error {
	alg, err := d.Wallets.TokenAlgorithm()
	if err != nil {
		return err
	}
	m := object{
		"credential_issuer":     d.BaseURL,
		"credential_endpoint":   d.BaseURL + credential,
		"nonce_endpoint":        d.BaseURL + nonce,
		"notification_endpoint": d.BaseURL + notification,
		"credential_configurations_supported": object{
			ldp: configuration("ldp_vc", "eddsa-rdfc-2022", []string{"did:key", "did:jwk"}, object{"@context": contexts, "type": types}),
			jwt: configuration("jwt_vc_json", alg, []string{"did:key", "did:jwk", "jwk"}, object{"type": types}),
		},
	}
	if d.Issuer != nil {
		if name := d.Issuer(c.Request().Context()); name != "" {
			m["display"] = []object{{"name": name}}
		}
	}
	c.Response().Header().Set("Cache-Control", "public, max-age=300")
	return c.JSON(http.StatusOK, m)
}

func configuration(format, alg string, binding []string, definition object) object {
	return object{
		"format": format,
		"cryptographic_binding_methods_supported": binding,
		"credential_signing_alg_values_supported": []string{alg},
		"proof_types_supported":                   object{"jwt": object{"proof_signing_alg_values_supported": registrar.ProofAlgorithms}},
		"credential_definition":                   definition,
		"credential_metadata": object{
			"display": []object{{"name": "Open Badge", "locale": "en"}},
			"claims": []object{
				{"path": []string{"credentialSubject", "achievement", "name"}, "display": []object{{"name": "Badge", "locale": "en"}}},
				{"path": []string{"credentialSubject", "achievement", "description"}, "display": []object{{"name": "What it stands for", "locale": "en"}}},
			},
		},
	}
}

// server answers GET /.well-known/oauth-authorization-server (RFC 8414 §3).
func (d *OID4VCI) server(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "public, max-age=300")
	return c.JSON(http.StatusOK, object{
		"issuer":                                          d.BaseURL,
		"token_endpoint":                                  d.BaseURL + token,
		"token_endpoint_auth_methods_supported":           []string{"none"},
		"grant_types_supported":                           []string{grant},
		"response_types_supported":                        []string{}, // RFC 8414 demands it, and there is no authorization endpoint
		"pre-authorized_grant_anonymous_access_supported": true,
	})
}
