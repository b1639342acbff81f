package strictjson

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
)

// maxFieldErrors is how many wrong members one answer lists.
const maxFieldErrors = 20

// Decode parses doc under DefaultLimits and fills the struct (or map, slice,
// …) that into points to. Names match `json` tags byte for byte; a member that
// no field is named after is refused; a value of another type is refused; null
// is good only for pointers, maps, slices and interfaces. Absent members leave
// their fields alone.
//
// Supported: string, bool, integers (no fraction, no exponent, in range),
// floats, pointers, slices, arrays of bytes by encoding.TextUnmarshaler, maps
// with string keys, structs (embedded ones are flattened), json.RawMessage,
// json.Number, any, and every type with UnmarshalText.
//
// Errors: *Error when the document is unreadable; *FieldError or FieldErrors
// when it is readable but wrong. After an error, into is partly filled: do not
// use it.
func Decode(doc []byte, into any) error {
	return DecodeLimits(doc, into, DefaultLimits)
}

// DecodeLimits is Decode under limits of the caller's choosing.
func DecodeLimits(doc []byte, into any, l Limits) error {
	v, err := ParseLimits(doc, l)
	if err != nil {
		return err
	}
	return v.Decode(doc, into)
}

// Decode fills into from v, as the function Decode does. doc is the document v
// was parsed from; it is read only for json.RawMessage and may be nil, then raw
// messages are written anew.
func (v *Value) Decode(doc []byte, into any) error {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return errors.New("strictjson: decode into something that is not a pointer")
	}
	d := decoder{doc: doc}
	if err := d.fill(v, target.Elem(), ""); err != nil {
		return err
	}
	switch len(d.wrong) {
	case 0:
		return nil
	case 1:
		return d.wrong[0]
	}
	return d.wrong
}

type decoder struct {
	doc   []byte
	wrong FieldErrors
}

func (d *decoder) refuse(field, reason string) {
	if len(d.wrong) < maxFieldErrors {
		d.wrong = append(d.wrong, &FieldError{Field: field, Reason: reason})
	}
}

var (
	rawType      = reflect.TypeFor[json.RawMessage]()
	jsonNumber   = reflect.TypeFor[json.Number]()
	anyType      = reflect.TypeFor[any]()
	textType     = reflect.TypeFor[encoding.TextUnmarshaler]()
	unmarshalers = reflect.TypeFor[json.Unmarshaler]()
)

// fill writes v into t. What the document got wrong goes to d.wrong; the error
// is for types that this decoder does not know.
func (d *decoder) fill(v *Value, t reflect.Value, path string) error {
	switch t.Type() {
	case rawType:
		t.SetBytes(d.raw(v))
		return nil
	case anyType:
		if a := v.Any(); a != nil {
			t.Set(reflect.ValueOf(a))
		} else {
			t.SetZero()
		}
		return nil
	case jsonNumber:
		if d.want(v, Number, path) {
			t.SetString(v.Str)
		}
		return nil
	}
	if t.Kind() == reflect.Pointer {
		if v.Kind == Null {
			t.SetZero()
			return nil
		}
		fresh := reflect.New(t.Type().Elem())
		t.Set(fresh)
		return d.fill(v, fresh.Elem(), path)
	}
	if reflect.PointerTo(t.Type()).Implements(textType) {
		if d.want(v, String, path) {
			if err := t.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(v.Str)); err != nil {
				d.refuse(path, "is not a valid value")
			}
		}
		return nil
	}
	if reflect.PointerTo(t.Type()).Implements(unmarshalers) {
		return fmt.Errorf("strictjson: %s at %q reads its own JSON, which is not strict", t.Type(), path)
	}
	return d.fillKind(v, t, path)
}

func (d *decoder) fillKind(v *Value, t reflect.Value, path string) error {
	switch t.Kind() {
	case reflect.String:
		if d.want(v, String, path) {
			t.SetString(v.Str)
		}
	case reflect.Bool:
		if d.want(v, Bool, path) {
			t.SetBool(v.Str == "true")
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		d.integer(v, t, path)
	case reflect.Float32, reflect.Float64:
		if d.want(v, Number, path) {
			f, err := strconv.ParseFloat(v.Str, t.Type().Bits())
			if err != nil {
				d.refuse(path, "is a number out of range")
			}
			t.SetFloat(f)
		}
	case reflect.Struct:
		return d.structure(v, t, path)
	case reflect.Slice:
		return d.slice(v, t, path)
	case reflect.Map:
		return d.mapping(v, t, path)
	default:
		return fmt.Errorf("strictjson: cannot decode into %s at %q", t.Type(), path)
	}
	return nil
}

func (d *decoder) want(v *Value, k Kind, path string) bool {
	if v.Kind == k {
		return true
	}
	d.refuse(path, "must be "+article(k)+", not "+article(v.Kind))
	return false
}

func article(k Kind) string {
	switch k {
	case Null:
		return "null"
	case Array, Object:
		return "an " + k.String()
	}
	return "a " + k.String()
}

func (d *decoder) integer(v *Value, t reflect.Value, path string) {
	if !d.want(v, Number, path) {
		return
	}
	if t.CanInt() {
		n, err := strconv.ParseInt(v.Str, 10, t.Type().Bits())
		if err != nil {
			d.refuse(path, "must be a whole number in range")
		}
		t.SetInt(n)
		return
	}
	n, err := strconv.ParseUint(v.Str, 10, t.Type().Bits())
	if err != nil {
		d.refuse(path, "must be a whole number in range")
	}
	t.SetUint(n)
}

func (d *decoder) raw(v *Value) []byte {
	if d.doc == nil {
		return v.Append(nil)
	}
	return append([]byte(nil), d.doc[v.Start:v.End]...)
}

func (d *decoder) structure(v *Value, t reflect.Value, path string) error {
	if !d.want(v, Object, path) {
		return nil
	}
	known := fieldsOf(t.Type())
	for i := range v.Kids {
		kid := &v.Kids[i]
		at := join(path, kid.Name)
		index, ok := known[kid.Name]
		if !ok {
			d.refuse(at, "is not known here")
			continue
		}
		if err := d.fill(kid, t.FieldByIndex(index), at); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) slice(v *Value, t reflect.Value, path string) error {
	if v.Kind == Null {
		t.SetZero()
		return nil
	}
	if !d.want(v, Array, path) {
		return nil
	}
	list := reflect.MakeSlice(t.Type(), len(v.Kids), len(v.Kids))
	t.Set(list)
	for i := range v.Kids {
		if err := d.fill(&v.Kids[i], list.Index(i), path+"["+strconv.Itoa(i)+"]"); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) mapping(v *Value, t reflect.Value, path string) error {
	if t.Type().Key().Kind() != reflect.String {
		return fmt.Errorf("strictjson: cannot decode into %s at %q", t.Type(), path)
	}
	if v.Kind == Null {
		t.SetZero()
		return nil
	}
	if !d.want(v, Object, path) {
		return nil
	}
	table := reflect.MakeMapWithSize(t.Type(), len(v.Kids))
	t.Set(table)
	for i := range v.Kids {
		kid := &v.Kids[i]
		elem := reflect.New(t.Type().Elem()).Elem()
		if err := d.fill(kid, elem, join(path, kid.Name)); err != nil {
			return err
		}
		table.SetMapIndex(reflect.ValueOf(kid.Name).Convert(t.Type().Key()), elem)
	}
	return nil
}
