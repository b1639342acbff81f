package verifier

import "hallmark/verifier/vc"

// holder is who a presentation says is presenting it (VC Data Model 2.0 §4.13);
// "" when it does not say.
func holder(c *vc.Credential) string {
	h := c.Doc.Get("holder")
	if id := h.Get("id").Text(); id != "" {
		return id
	}
	return h.Text()
}
