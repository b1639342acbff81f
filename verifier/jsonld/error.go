package jsonld

// Error says where a document cannot be taken as RDF without loss, and why.
type Error struct {
	Pointer string // JSON pointer (RFC 6901) into the document; "" is the document itself
	Reason  string // a phrase that names the term
}

func (e *Error) Error() string {
	if e.Pointer == "" {
		return e.Reason
	}
	return e.Pointer + ": " + e.Reason
}
