package registrar

import (
	"testing"
)

// TestAppealsInTheQueue: who can answer an appeal as a mentor finds it among what
// waits, and who returned the work does not.
func TestAppealsInTheQueue(t *testing.T) {
	c := newCast(t, NewKit(t, false))
	ctx := t.Context()
	a, err := c.AppealReturn(ctx, c.as("lea"), c.returned("lea", "max"), "Look again.")
	c.must(err)
	reviews, err := c.Capstone(ctx, c.as("lea"), a.Capstone)
	c.must(err)
	returner := reviews.Submissions[0].Reviews[0].Reviewer.ID
	for _, test := range []struct {
		who    string
		filter QueueFilter
		want   int
	}{
		{"com", QueueFilter{}, 1}, {"lee", QueueFilter{}, 1}, {"far", QueueFilter{}, 0},
		{"com", QueueFilter{Show: "unclaimed", Cohort: "autumn"}, 1}, {"com", QueueFilter{Show: "mine"}, 0}, {"com", QueueFilter{Cohort: "spring"}, 0},
		{"lee", QueueFilter{Show: "mine"}, 0},
	} {
		if c.ids[test.who] == returner {
			test.want = 0
		}
		q, err := c.Queue(ctx, c.as(test.who), test.filter)
		c.must(err)
		if len(q.Appeals) != test.want {
			t.Errorf("%s %+v: %d appeals, want %d", test.who, test.filter, len(q.Appeals), test.want)
		}
	}
	for _, who := range []string{"com", "lee"} {
		if c.ids[who] != returner {
			_, err := c.AnswerAppeal(ctx, c.as(who), a.ID, false, "It stands.")
			c.must(err)
			break
		}
	}
	if q, err := c.Queue(ctx, c.as("com"), QueueFilter{}); err != nil || len(q.Appeals) != 0 {
		t.Errorf("%v %v", q, err)
	}
}
