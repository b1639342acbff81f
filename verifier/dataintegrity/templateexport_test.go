package dataintegrity

// Text is the canonical form of the filled document, where the template tells it.
func (t *Template) Text(values []string) ([]byte, bool) {
	var w writer
	return t.shape.canonical(&w, values)
}
