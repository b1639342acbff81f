package intake

import (
	"fmt"
	"strings"

	"hallmark/issuer/registrar"
)

// Options say how to read a file where the file itself does not.
type Options struct {
	Cohort  string            // for rows that name none
	Mapping map[string]string // the file's column → our field
	Dates   Order

	// Of completions alone.
	Columns []string // what each column is, one for one, in place of its name; "" is not used
	Module  string   // of rows that name none
	Day     string   // of rows without one, 2026-11-21
	Scale   Scale
}

// People reads a roster. Warnings speak of the file as a whole.
func (s *Sheet) People(o Options) (rows []registrar.PersonRow, warnings []string, err error) {
	cols, unknown, err := s.find(peopleNames, o.Mapping)
	if err != nil {
		return nil, nil, err
	}
	if err := cols.need("email"); err != nil {
		return nil, nil, err
	}
	if _, ok := cols["first"]; !ok {
		if err := cols.need("name"); err != nil {
			return nil, nil, err
		}
	}
	for _, r := range s.Rows {
		p := registrar.PersonRow{
			Row:        r.Number,
			Email:      cols.cell(r, "email"),
			Name:       cols.cell(r, "name"),
			Department: cols.cell(r, "department"),
			Experience: cols.cell(r, "experience"),
			TimeZone:   strings.TrimSpace(cols.cell(r, "zone")),
			Role:       plain(cols.cell(r, "role")),
			Tier:       plain(cols.cell(r, "tier")),
			Cohort:     cohortOf(cols.cell(r, "cohort"), o),
		}
		if p.Name == "" {
			p.Name = strings.TrimSpace(cols.cell(r, "first") + " " + cols.cell(r, "last"))
		}
		rows = append(rows, p)
	}
	return rows, passedOver(unknown), nil
}

func cohortOf(cell string, o Options) string {
	if c := strings.TrimSpace(cell); c != "" {
		return c
	}
	return o.Cohort
}

func passedOver(columns []string) []string {
	var warnings []string
	for _, c := range columns {
		warnings = append(warnings, fmt.Sprintf("The column “%s” is not used.", c))
	}
	return warnings
}
