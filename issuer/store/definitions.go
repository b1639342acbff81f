package store

// definitions is the setting with the mark that triggers of the schema renew.
const definitions = "definitions"

// Definitions gives the mark of what is defined: the issuer, settings, programs,
// their modules, cohorts and achievements, clients, and which status lists there are.
// Every change of these renews it in the transaction of the change, whichever
// program makes it, and no mark comes twice. So what was read while a mark stood
// holds in every transaction that finds the mark again.
//
// On SQLite nobody else writes while an act does: acts that share a transaction
// read the mark once, and again after a statement that may have renewed it.
func (tx *Tx) Definitions() (string, error) {
	shared := tx.late != nil && tx.dialect == sqliteDialect
	if shared && tx.late.mark != "" {
		return tx.late.mark, nil
	}
	mark, err := tx.Setting(definitions)
	if err == nil && shared {
		tx.late.mark = mark
	}
	return mark, err
}
