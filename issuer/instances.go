package issuer

import "time"

// Instance is a signer of its own beside the issuer: it signs what clients of
// the VC-API hand in, under a did:key that is its one key. It has nothing to do
// with the awards, keys and status lists of the issuer.
type Instance struct {
	ID          InstanceID
	IssuerID    IssuerID
	Cryptosuite string // "eddsa-rdfc-2022"
	Algorithm   string // "Ed25519", "P-256", "P-384"
	Status      string // purpose of the status entries it adds; "" adds none
	Public      string // Multikey
	Sealed      string
	CreatedAt   time.Time
}

// DID is the identifier that its credentials name as their issuer.
func (i *Instance) DID() string { return "did:key:" + i.Public }

// InstanceList is a Bitstring Status List of an instance. Which of its entries
// are set is in the rows of InstanceEntry; Bytes is the list as it was signed
// last, in the transaction that changed it.
type InstanceList struct {
	ID         InstanceListID
	IssuerID   IssuerID
	InstanceID InstanceID
	Purpose    string // "revocation" or "suspension"
	Size       int    // entries
	Bytes      []byte
	ChangedAt  time.Time
	CreatedAt  time.Time
}

// InstanceEntry reserves one index of a list for one credential of an
// instance, named by its own id or, where it has none, by that of its entry.
type InstanceEntry struct {
	InstanceListID InstanceListID
	StatusIndex    int
	IssuerID       IssuerID
	InstanceID     InstanceID
	CredentialID   string
	SetAt          *time.Time
}
