package auditor

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"hallmark/issuer"
	"hallmark/issuer/keyring"
)

// keyNote is what acts say of keys: those they made, each with its purpose
// before its id, and since when one is compromised.
type keyNote struct {
	Keys  []string
	Since *time.Time
}

// checkKeys holds the keys against the acts that made them: one that was put
// into the database would be published as the issuer's, and whoever put it there
// could sign. A key's id follows from its public part.
func (c *audit) checkKeys() error {
	entries, err := c.AuditOfActs("issuer.setup", "issuer.move", "key.make", "key.plan", "key.activate", "key.replace", "key.compromise")
	if err != nil {
		return err
	}
	made, lost := map[string]bool{}, map[issuer.KeyID]time.Time{}
	for i := range entries {
		e, n := &entries[i], keyNote{}
		if e.Outcome != "done" || json.Unmarshal([]byte(e.Detail), &n) != nil {
			continue
		}
		for _, k := range n.Keys {
			made[k] = true
		}
		if e.Act == "key.compromise" && n.Since != nil {
			lost[issuer.KeyID(e.Object)] = *n.Since
		}
	}
	keys, err := c.Keys()
	if err != nil {
		return err
	}
	for i := range keys {
		c.key(&keys[i], made, lost)
	}
	for _, k := range slices.Sorted(maps.Keys(made)) {
		_, id, _ := strings.Cut(k, " ")
		c.find("key", id, "It was made, and is missing.")
	}
	return nil
}

func (c *audit) key(k *issuer.Key, made map[string]bool, lost map[issuer.KeyID]time.Time) {
	id := string(k.ID)
	c.ours("key", id, k.IssuerID)
	if name, err := keyring.Name(k.Public); err != nil || name != k.ID {
		c.find("key", id, "Its public part is that of another.")
	}
	if !made[k.Purpose+" "+id] {
		c.find("key", id, "No act has made it for its purpose.")
	}
	delete(made, k.Purpose+" "+id)
	since, is := lost[k.ID]
	if is != (k.State == issuer.KeyCompromised) || is != (k.CompromisedAt != nil) || is && !k.CompromisedAt.Equal(since) {
		c.find("key", id, "Whether it is compromised, and since when, is not what the acts recorded about it say.")
	}
}
