package oid4vci

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	"hallmark/verifier/strictjson"
	verifyweb "hallmark/verifier/web"
)

// refusal is an answer of the protocol (RFC 6749 §5.2, OpenID4VCI §8.3.1.2).
type refusal struct {
	Code   string `json:"error"`
	Reason string `json:"error_description"`
}

// refuse answers with an error of the protocol.
func refuse(c echo.Context, status int, code, reason string) error {
	return c.JSON(status, refusal{code, described(reason)})
}

// described is a text in the characters that error_description can have (RFC 6749
// §5.2).
func described(reason string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"' || r == '\\' || r == '“' || r == '”' || r == '’':
			return '\''
		case r < ' ' || r > '~':
			return '?'
		}
		return r
	}, reason)
}

// refused answers for an error: with one of the protocol where it is one, else as
// every other door does.
func refused(c echo.Context, err error) error {
	var r *registrar.WalletRefusal
	if !errors.As(err, &r) {
		return err
	}
	if r.Code == registrar.InvalidToken {
		c.Response().Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		c.Response().Header().Set("Access-Control-Expose-Headers", "WWW-Authenticate")
		return refuse(c, http.StatusUnauthorized, r.Code, r.Reason)
	}
	return refuse(c, http.StatusBadRequest, r.Code, r.Reason)
}

// bearer gives the access token of a request (RFC 6750 §2.1); without a good one
// it has answered, before anything of the request is read.
func (d *OID4VCI) bearer(c echo.Context) (token string, ok bool, err error) {
	scheme, token, _ := strings.Cut(c.Request().Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		c.Response().Header().Set("WWW-Authenticate", "Bearer")
		c.Response().Header().Set("Access-Control-Expose-Headers", "WWW-Authenticate")
		return "", false, refuse(c, http.StatusUnauthorized, registrar.InvalidToken, "Send the access token that the token endpoint gave.")
	}
	if err := d.Wallets.Good(c.Request().Context(), token); err != nil {
		return "", false, refused(c, err)
	}
	return token, true, nil
}

// token answers POST /oid4vci/token (§6.1).
func (d *OID4VCI) token(c echo.Context) error {
	const invalid = "invalid_request"
	form, err := web.Form(c)
	if err != nil {
		return unreadable(c, err, invalid)
	}
	for name, values := range form {
		if len(values) > 1 { // RFC 6749 §3.2
			return refuse(c, http.StatusBadRequest, invalid, "The parameter "+clip(name)+" is there twice.")
		}
	}
	switch kind := form.Get("grant_type"); {
	case kind == "":
		return refuse(c, http.StatusBadRequest, invalid, "The parameter grant_type is missing.")
	case kind != grant:
		return refuse(c, http.StatusBadRequest, "unsupported_grant_type", "Only "+grant+" is taken here.")
	}
	for _, name := range []string{"pre-authorized_code", "tx_code"} {
		if form.Get(name) == "" {
			return refuse(c, http.StatusBadRequest, invalid, "The parameter "+name+" is missing.")
		}
	}
	access, err := d.Wallets.Redeem(c.Request().Context(), form.Get("pre-authorized_code"), form.Get("tx_code"))
	if err != nil {
		return refused(c, err)
	}
	c.Response().Header().Set("Pragma", "no-cache")
	return c.JSON(http.StatusOK, object{"access_token": access, "token_type": "Bearer", "expires_in": int(issuer.WalletTokenLife.Seconds())})
}

// nonce answers POST /oid4vci/nonce (§7.1). What is in the body is not read.
func (d *OID4VCI) nonce(c echo.Context) error {
	n, err := d.Wallets.Nonce(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, object{"c_nonce": n})
}

// credential answers POST /oid4vci/credential (§8.2): the copy of the badge for
// the key that the wallet proves to have.
func (d *OID4VCI) credential(c echo.Context) error {
	access, ok, err := d.bearer(c)
	if !ok {
		return err
	}
	body, err := read(c)
	if err != nil {
		return unreadable(c, err, "invalid_credential_request")
	}
	wish, err := wished(body)
	if err != nil {
		return refused(c, err)
	}
	got, err := d.Wallets.Copy(c.Request().Context(), access, *wish)
	if err != nil {
		return refused(c, err)
	}
	var signed any = json.RawMessage(got.Bytes)
	if wish.Token {
		signed = string(got.Bytes)
	}
	return c.JSON(http.StatusOK, object{"credentials": []object{{"credential": signed}}, "notification_id": got.Notice})
}

// wished reads what a wallet asks for.
func wished(body *strictjson.Value) (*registrar.WalletWish, error) {
	no := func(code, reason string) (*registrar.WalletWish, error) {
		return nil, &registrar.WalletRefusal{Code: code, Reason: reason}
	}
	id := body.Get("credential_configuration_id")
	switch identifier := body.Get("credential_identifier"); {
	case id != nil && identifier != nil:
		return no("invalid_credential_request", "Name a credential_configuration_id or a credential_identifier, and not both.")
	case identifier != nil:
		return no("unknown_credential_identifier", "No credential_identifier was given with the access token.")
	case id == nil || id.Kind != strictjson.String:
		return no("invalid_credential_request", "Name the credential_configuration_id.")
	case id.Str != ldp && id.Str != jwt:
		return no("unknown_credential_configuration", "There are the configurations "+ldp+" and "+jwt+".")
	case body.Get("credential_response_encryption") != nil:
		return no("invalid_encryption_parameters", "Answers are not encrypted here beyond the connection.")
	}
	proofs := body.Get("proofs")
	if proofs == nil || proofs.Kind != strictjson.Object || len(proofs.Kids) != 1 {
		return no(registrar.InvalidProof, "Send proofs with one member, jwt.")
	}
	list := proofs.Get("jwt")
	if list == nil || list.Kind != strictjson.Array || len(list.Kids) != 1 || list.Kids[0].Kind != strictjson.String {
		return no(registrar.InvalidProof, "Send proofs with one member, jwt, a list of one proof.")
	}
	return &registrar.WalletWish{Token: id.Str == jwt, Proof: list.Kids[0].Str}, nil
}

// notification answers POST /oid4vci/notification (§11.1).
func (d *OID4VCI) notification(c echo.Context) error {
	const invalid = "invalid_notification_request"
	access, ok, err := d.bearer(c)
	if !ok {
		return err
	}
	body, err := read(c)
	if err != nil {
		return unreadable(c, err, invalid)
	}
	id, event := body.Get("notification_id").Text(), body.Get("event").Text()
	known := false
	for _, e := range issuer.WalletEvents {
		known = known || e == event
	}
	if id == "" || !known {
		return refuse(c, http.StatusBadRequest, invalid, "Send a notification_id and an event: "+strings.Join(issuer.WalletEvents, ", ")+".")
	}
	if err := d.Wallets.Told(c.Request().Context(), access, issuer.WalletOfferID(id), event); err != nil {
		return refused(c, err)
	}
	return c.NoContent(http.StatusNoContent)
}

// read reads a body: one JSON object of at most 256 KiB, with no member twice.
func read(c echo.Context) (*strictjson.Value, error) {
	media, err := verifyweb.MediaType(c)
	if err != nil {
		return nil, err
	}
	if media != "application/json" {
		return nil, verifyweb.Unsupported(media, "application/json")
	}
	doc, err := verifyweb.ReadBody(c, verifyweb.MaxJSON)
	if err != nil {
		return nil, err
	}
	root, err := strictjson.Parse(doc)
	if err == nil && root.Kind != strictjson.Object {
		err = &strictjson.Error{Reason: "it is no object"}
	}
	return root, err
}

// unreadable answers for a body that could not be read with the protocol's code
// for it; bodies that are too large are refused as everywhere.
func unreadable(c echo.Context, err error, code string) error {
	var syntax *strictjson.Error
	if errors.As(err, &syntax) {
		return refuse(c, http.StatusBadRequest, code, "The body is not readable JSON: "+syntax.Reason+".")
	}
	var p *verifyweb.Problem
	if errors.As(err, &p) && p.Status != http.StatusRequestEntityTooLarge && p.Status < http.StatusInternalServerError {
		return refuse(c, http.StatusBadRequest, code, p.Detail)
	}
	return err
}

// clip shortens a stranger's word for a message.
func clip(word string) string {
	if r := []rune(word); len(r) > 40 {
		return string(r[:40])
	}
	return word
}
