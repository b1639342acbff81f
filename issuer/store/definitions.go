package store

// definitions is the setting with the mark that triggers of the schema renew.
const definitions = "definitions"

// Definitions gives the mark of what is defined: the issuer, settings, programs,
// their modules, cohorts and achievements, clients, and which status lists there are.
// Every change of these renews it in the transaction of the change, whichever
// program makes it, and no mark comes twice. So what was read while a mark stood
// holds in every transaction that finds the mark again.
func (tx *Tx) Definitions() (string, error) { return tx.Setting(definitions) }
