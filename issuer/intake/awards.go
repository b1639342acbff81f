package intake

import (
	"strings"

	"hallmark/issuer/registrar"
)

var awardNames = map[string][]string{
	"email":  {"email", "e-mail", "email address", "mail", "e-mail address"},
	"reason": {"reason", "why"},
}

// Awards reads a list of people who are to be awarded an achievement. A row
// without a reason has the one that is given. Warnings speak of the file as a
// whole.
func (s *Sheet) Awards(achievement, program, reason string, mapping map[string]string) (items []registrar.BatchItem, warnings []string, err error) {
	cols, unknown, err := s.find(awardNames, mapping)
	if err != nil {
		return nil, nil, err
	}
	if err := cols.need("email"); err != nil {
		return nil, nil, err
	}
	for _, r := range s.Rows {
		i := registrar.BatchItem{Row: r.Number, Achievement: achievement, Program: program,
			Person: registrar.PersonRef{Email: strings.TrimSpace(cols.cell(r, "email"))}, Reason: strings.TrimSpace(cols.cell(r, "reason"))}
		if i.Reason == "" {
			i.Reason = reason
		}
		if i.Person.Email == "" {
			i.Problem = "The row names no address."
		}
		items = append(items, i)
	}
	return items, passedOver(unknown), nil
}
