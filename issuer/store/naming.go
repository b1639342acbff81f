package store

import "gorm.io/gorm/schema"

// naming maps a struct to its table and a field to its column: gorm's own
// rules, except where its plural is no English.
type naming struct{ schema.NamingStrategy }

func (n naming) TableName(name string) string {
	switch name {
	case "Evidence":
		return "evidence"
	case "LogLeaf":
		return "log_leaves"
	case "CompletionEvidence":
		return "completion_evidence"
	case "ConflictOfInterest":
		return "conflicts"
	}
	return n.NamingStrategy.TableName(name)
}

func (n naming) ColumnName(table, name string) string {
	if name == "DID" {
		return "did"
	}
	return n.NamingStrategy.ColumnName(table, name)
}
