package dataintegrity

// Budget is what may still be spent on checking signatures, over all documents
// that are checked together: the credentials of a presentation, their status
// lists, and their endorsements. The limits for one document do not bound the sum.
type Budget struct{ left int }

// SlowCost is what one signature with P-384 costs, which takes twelve times as
// long as one with Ed25519 or P-256.
const SlowCost = 12

// NewBudget is enough for two presentations of what one document may hold at
// most: 500 quick signatures, or 41 with P-384.
func NewBudget() *Budget { return &Budget{500} }

// Spend takes what a signature costs. Once one could not be afforded, none can.
func (b *Budget) Spend(cost int) bool {
	if b == nil {
		return true
	}
	b.left -= cost
	return b.left >= 0
}

// affords takes what a proof costs, or leaves the proof unchecked.
func (c *checker) affords(cost int, r *Result) bool {
	if c.want.Budget.Spend(cost) {
		return true
	}
	r.fail(Unchecked, problemVerification, TooMany)
	return false
}

// TooMany is the reason where a budget is spent.
const TooMany = "There are more signatures in all than are checked at once."
