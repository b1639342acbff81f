package issuer

import (
	"maps"
	"slices"
	"strings"
)

// Mix says of what groups people are, without telling about anyone: no group
// of fewer than Fewest is named, and no number here, nor the difference of any
// two, is about fewer.
type Mix struct {
	Groups []Group `json:"groups,omitempty"` // the largest first
	Rest   int     `json:"rest,omitempty"`   // people of groups that are not named, and who is of none
}

// Group is the people who say the same of themselves.
type Group struct {
	Name   string `json:"name"`
	People int    `json:"people"`
}

// MixOf tells the mix of people by what each says; "" is nothing. If those of
// small groups are together fewer than Fewest, the smallest group that could be
// named joins them: otherwise the total less the named groups would tell of them.
func MixOf(people map[string]int) Mix {
	var m Mix
	for _, name := range slices.Sorted(maps.Keys(people)) {
		if n := people[name]; name == "" || n < Fewest {
			m.Rest += n
		} else {
			m.Groups = append(m.Groups, Group{name, n})
		}
	}
	m.sort()
	if last := len(m.Groups) - 1; m.Rest > 0 && m.Rest < Fewest && last >= 0 {
		m.Rest += m.Groups[last].People
		m.Groups = m.Groups[:last]
	}
	if m.Rest < Fewest && len(m.Groups) == 0 {
		return Mix{}
	}
	return m
}

// plus adds what another cohort tells, and nothing that it does not: else the
// total less this one would tell of a small group there.
func (m Mix) plus(o Mix) Mix {
	people := map[string]int{}
	for _, g := range slices.Concat(m.Groups, o.Groups) {
		people[g.Name] += g.People
	}
	sum := Mix{Rest: m.Rest + o.Rest}
	for name, n := range people {
		sum.Groups = append(sum.Groups, Group{name, n})
	}
	sum.sort()
	return sum
}

func (m *Mix) sort() {
	slices.SortFunc(m.Groups, func(a, b Group) int {
		if a.People != b.People {
			return b.People - a.People
		}
		return strings.Compare(a.Name, b.Name)
	})
}

// Told is how many people the mix is about.
func (m Mix) Told() int {
	n := m.Rest
	for _, g := range m.Groups {
		n += g.People
	}
	return n
}
