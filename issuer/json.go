package issuer

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// Strings is a list of words kept as JSON text in one column.
type Strings []string

// GormDataType names the kind of column to the schema check.
func (Strings) GormDataType() string { return "text" }

// Value makes the JSON text.
func (s Strings) Value() (driver.Value, error) {
	if s == nil {
		return "[]", nil
	}
	return toJSON([]string(s))
}

// Scan reads the JSON text.
func (s *Strings) Scan(src any) error { return fromJSON(src, (*[]string)(s)) }

// Has tells whether the list holds word.
func (s Strings) Has(word string) bool {
	for _, w := range s {
		if w == word {
			return true
		}
	}
	return false
}

// toJSON and fromJSON move a value into and out of a text column.
func toJSON(v any) (driver.Value, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode column: %w", err)
	}
	return string(b), nil
}

func fromJSON(src, into any) error {
	switch v := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), into)
	case []byte:
		return json.Unmarshal(v, into)
	}
	return fmt.Errorf("decode column: unexpected %T", src)
}
