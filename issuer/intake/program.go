package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
)

// MaxProgram is the size of a program file in bytes.
const MaxProgram = 1 << 20

// Program reads a program file. A key that is not known is refused by name,
// with its line: a misspelt "requires" must not lose a prerequisite.
func Program(data []byte) (*registrar.ProgramFile, error) {
	if len(data) > MaxProgram {
		return nil, issuer.Refuse(issuer.Invalid, "This program file is larger than %d KiB.", MaxProgram>>10)
	}
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	var p registrar.ProgramFile
	switch err := d.Decode(&p); {
	case errors.Is(err, io.EOF):
		return nil, issuer.Refuse(issuer.Invalid, "This program file is empty.")
	case err != nil:
		return nil, issuer.Refuse(issuer.Invalid, "This program file cannot be read: %s.", YAMLReason(err))
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, issuer.Refuse(issuer.Invalid, "This file holds more than one program; give each its own file.")
	}
	return &p, nil
}

// WriteProgram writes a program as the file that Program reads.
func WriteProgram(p *registrar.ProgramFile) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(p); err != nil {
		return nil, fmt.Errorf("write program %s: %w", p.Program.Code, err)
	}
	if err := e.Close(); err != nil {
		return nil, fmt.Errorf("write program %s: %w", p.Program.Code, err)
	}
	return b.Bytes(), nil
}

// wrongKind is how the reader tells of a list, say, where a name must be.
var wrongKind = regexp.MustCompile("cannot (?:construct|unmarshal) !!([a-z]+).* into .*$")

var yamlKinds = map[string]string{"seq": "a list", "map": "a group of keys", "str": "a text", "int": "a number",
	"float": "a number", "bool": "yes or no", "null": "nothing", "timestamp": "a day"}

// YAMLReason makes one line of the reader's errors, which name lines and keys,
// in words that a person understands.
func YAMLReason(err error) string {
	reason := strings.TrimPrefix(err.Error(), "yaml: ")
	reason = strings.TrimPrefix(reason, "unmarshal errors:")
	reason = strings.TrimPrefix(reason, "construct errors:")
	lines := strings.FieldsFunc(reason, func(r rune) bool { return r == '\n' })
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
		if before, _, ok := strings.Cut(lines[i], " in type "); ok {
			lines[i] = strings.Replace(strings.TrimSuffix(before, " not found"), "field ", "the key ", 1) + " is not known"
		}
		if m := wrongKind.FindStringSubmatch(lines[i]); m != nil {
			lines[i] = strings.Replace(lines[i], m[0], yamlKinds[m[1]]+" stands where something else must", 1)
		}
	}
	return strings.Join(lines, "; ")
}
