package registrar

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"hallmark/issuer"
)

// AddClient makes a client that can ask for access tokens with some of these
// scopes. Its secret is shown this once; only its SHA-256 is kept. Only who
// runs the installation may.
func (r *Registrar) AddClient(ctx context.Context, by issuer.Caller, name string, scopes []string) (*ClientView, string, error) {
	secret := rand.Text() + rand.Text()
	view, err := act(ctx, r, by, "client.add", "", func(w *work) (*ClientView, error) {
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		clean, _, err := issuer.CleanName(name)
		if err != nil {
			return nil, err
		}
		if len(scopes) == 0 {
			return nil, issuer.Wrong("scopes", "Name at least one scope.")
		}
		for _, s := range scopes {
			if !slices.Contains(issuer.Scopes, issuer.Scope(s)) {
				return nil, issuer.Wrong("scopes", "There is no scope “%s”.", clip(s))
			}
		}
		sorted := slices.Clone(scopes)
		slices.Sort(sorted)
		sum := sha256.Sum256([]byte(secret))
		c := &issuer.Client{ID: issuer.ClientID(rand.Text()), IssuerID: w.us.ID, Name: clean, SecretHash: hex.EncodeToString(sum[:]),
			Scopes: slices.Compact(sorted), CreatedBy: w.by.Person, CreatedAt: w.Now}
		w.object = string(c.ID)
		w.note("scopes", c.Scopes)
		return clientView(c), w.Tx.AddClient(c)
	})
	if err != nil {
		return nil, "", err
	}
	return view, secret, nil
}

func clientView(c *issuer.Client) *ClientView {
	return &ClientView{ID: c.ID, Name: c.Name, Scopes: c.Scopes, CreatedAt: c.CreatedAt, RevokedAt: c.RevokedAt}
}

// RevokeClient ends a client and every token it holds. Doing it again changes
// nothing.
func (r *Registrar) RevokeClient(ctx context.Context, by issuer.Caller, id issuer.ClientID) (*ClientView, error) {
	return act(ctx, r, by, "client.revoke", string(id), func(w *work) (*ClientView, error) {
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		if _, err := w.Client(id); err != nil {
			return nil, err
		}
		if err := w.Tx.RevokeClient(id); err != nil {
			return nil, err
		}
		c, err := w.Client(id)
		if err != nil {
			return nil, err
		}
		return clientView(c), nil
	})
}

// Clients lists the clients, oldest first, for who runs the installation.
func (r *Registrar) Clients(ctx context.Context, by issuer.Caller) ([]ClientView, error) {
	return look(ctx, r, by, func(w *work) ([]ClientView, error) {
		if err := w.mayManage(""); err != nil {
			return nil, err
		}
		clients, err := w.Tx.Clients()
		views := make([]ClientView, 0, len(clients))
		for i := range clients {
			views = append(views, *clientView(&clients[i]))
		}
		return views, err
	})
}
