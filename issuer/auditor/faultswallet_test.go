package auditor_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/store"
	"hallmark/verifier/did"
)

// redeemed prepares a step about an offer to a wallet that was redeemed.
func redeemed(x *scene) {
	holding(x)
	must := func(err error) {
		x.t.Helper()
		if err != nil {
			x.t.Fatal(err)
		}
	}
	ctx := x.t.Context()
	holder, err := x.Registrar.Caller(ctx, x.person)
	must(err)
	o, err := x.Registrar.OfferToWallet(ctx, holder, x.id)
	must(err)
	mails, err := store.Read(ctx, x.Store, func(tx *store.Tx) ([]issuer.Message, error) { return tx.Messages("", 1000) })
	must(err)
	i := slices.IndexFunc(mails, func(m issuer.Message) bool { return m.Template == "wallet-code" && m.PersonID == x.person })
	var said struct{ Code string }
	must(json.Unmarshal([]byte(mails[i].Data), &said))
	code, err := x.Registrar.Wallets().Offer(ctx, o.Secret)
	must(err)
	x.token, err = x.Registrar.Wallets().Redeem(ctx, code, said.Code)
	must(err)
	_, x.wallet, err = ed25519.GenerateKey(nil)
	must(err)
}

// copy has the wallet of the step fetch its copy.
func (x *scene) copy() error {
	nonce, err := x.Registrar.Wallets().Nonce(x.t.Context())
	if err != nil {
		return err
	}
	id, method, err := did.FromKey(x.wallet.Public())
	if err != nil {
		return err
	}
	b64 := base64.RawURLEncoding.EncodeToString
	signed := b64(fmt.Appendf(nil, `{"typ":"openid4vci-proof+jwt","alg":"EdDSA","kid":%q}`, method)) + "." +
		b64(fmt.Appendf(nil, `{"aud":%q,"iat":%d,"nonce":%q}`, x.URL, x.Clock.Now().Unix(), nonce))
	got, err := x.Registrar.Wallets().Copy(x.t.Context(), x.token, registrar.WalletWish{Proof: signed + "." + b64(ed25519.Sign(x.wallet, []byte(signed)))})
	if err == nil && !strings.Contains(string(got.Bytes), id) {
		err = errors.New("the copy is for another key")
	}
	return err
}

// copied tells whether there is one copy of the badge of the step.
func (x *scene) copied() error {
	copies, err := store.Read(x.t.Context(), x.Store, func(tx *store.Tx) ([]issuer.Credential, error) {
		c, err := tx.Credential(x.id)
		if err != nil {
			return nil, err
		}
		return tx.WalletCopies(c)
	})
	if err == nil && len(copies) != 1 {
		err = fmt.Errorf("there are %d copies", len(copies))
	}
	return err
}
