package store

import "hallmark/issuer"

// Client reads a client, also one that was revoked.
func (tx *Tx) Client(id issuer.ClientID) (*issuer.Client, error) {
	return take[issuer.Client](tx, "There is no such client.", "id = ?", id)
}

// Clients lists all clients, oldest first.
func (tx *Tx) Clients() ([]issuer.Client, error) {
	return list[issuer.Client](tx, "created_at, id", "id <> ''")
}

// AddClient keeps a new client.
func (tx *Tx) AddClient(c *issuer.Client) error { return tx.add("client", c) }

// RevokeClient ends what a client may do; revoking again changes nothing.
func (tx *Tx) RevokeClient(id issuer.ClientID) error {
	_, err := change[issuer.Client](tx, map[string]any{"revoked_at": tx.Now}, "id = ? AND revoked_at IS NULL", id)
	return err
}
