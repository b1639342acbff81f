package intake

import (
	"bytes"
	"errors"
	"io"
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
		return nil, issuer.Refuse(issuer.Invalid, "This program file cannot be read: %s.", yamlReason(err))
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, issuer.Refuse(issuer.Invalid, "This file holds more than one program; give each its own file.")
	}
	return &p, nil
}

// yamlReason makes one line of the reader's errors, which name lines and keys.
func yamlReason(err error) string {
	reason := strings.TrimPrefix(err.Error(), "yaml: ")
	reason = strings.TrimPrefix(reason, "unmarshal errors:")
	reason = strings.TrimPrefix(reason, "construct errors:")
	lines := strings.FieldsFunc(reason, func(r rune) bool { return r == '\n' })
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
		if before, _, ok := strings.Cut(lines[i], " in type "); ok {
			lines[i] = strings.Replace(strings.TrimSuffix(before, " not found"), "field ", "the key ", 1) + " is not known"
		}
	}
	return strings.Join(lines, "; ")
}
