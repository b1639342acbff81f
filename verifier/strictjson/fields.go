package strictjson

import (
	"reflect"
	"strings"
	"sync"
	"unicode/utf8"
)

var fieldTables sync.Map // reflect.Type → map[string][]int

// fieldsOf maps JSON names to fields. A field without a tag goes by its Go
// name; `json:"-"` and unexported fields have none; an embedded struct without
// a tag lends its fields, and the outer field wins.
func fieldsOf(t reflect.Type) map[string][]int {
	if table, ok := fieldTables.Load(t); ok {
		return table.(map[string][]int)
	}
	table := make(map[string][]int)
	collect(t, nil, table)
	fieldTables.Store(t, table)
	return table
}

func collect(t reflect.Type, prefix []int, table map[string][]int) {
	for i := range t.NumField() {
		field := t.Field(i)
		tag, tagged := field.Tag.Lookup("json")
		name, _, _ := strings.Cut(tag, ",")
		index := append(append([]int(nil), prefix...), i)
		switch {
		case tag == "-":
		case field.Anonymous && name == "" && field.Type.Kind() == reflect.Struct:
			collect(field.Type, index, table)
		case !field.IsExported():
		default:
			if !tagged || name == "" {
				name = field.Name
			}
			if held, dup := table[name]; !dup || len(held) > len(index) {
				table[name] = index
			}
		}
	}
}

// join adds a member name to a path; a name that would make the path unclear
// is quoted, a long one cut short.
func join(path, name string) string {
	if name == "" || strings.ContainsAny(name, ".[]\" ") || len(name) > 40 || !printable(name) {
		name = quoted(name)
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

func printable(s string) bool {
	for _, r := range s {
		if r < 0x20 || r == 0x7f || r == utf8.RuneError {
			return false
		}
	}
	return true
}
