package chart

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const near = 1e-9

func inside(t *rapid.T, what string, s Share) {
	t.Helper()
	if s < -near || s > 100+near || math.IsNaN(float64(s)) {
		t.Fatalf("%s is at %v", what, s)
	}
}

// TestBars: whatever the numbers, no bar leaves the chart, a larger number never
// has the shorter bar, the largest has the whole width, one of more than nothing
// can be seen, and the mirror image is as long and mirrored twice the same.
func TestBars(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfN(rapid.IntRange(0, 1_000_000), 1, 20).Draw(t, "numbers")
		bars, widest := make([]Bar, len(numbers)), Share(0)
		for i, n := range numbers {
			bars[i] = Bar{Here: n}
			if i > 0 {
				bars[i].Before = numbers[i-1]
			}
		}
		c := NewBars(bars)
		back := c.Facing("rtl")
		again := back.Facing("rtl")
		for i, r := range c.Rows {
			inside(t, "the end of a bar", r.Here.At+r.Here.Width)
			inside(t, "the end of what it is a part of", r.Before.At+r.Before.Width)
			widest = max(widest, r.Here.Width)
			if numbers[i] > 0 && r.Here.Width < least || numbers[i] == 0 && r.Here.Width != 0 {
				t.Fatalf("%d has a bar of %v", numbers[i], r.Here.Width)
			}
			for j, o := range c.Rows {
				if numbers[i] < numbers[j] && r.Here.Width > o.Here.Width {
					t.Fatalf("%d is longer than %d", numbers[i], numbers[j])
				}
			}
			m := back.Rows[i]
			inside(t, "a mirrored bar", m.Here.At)
			if m.Here.Width != r.Here.Width || m.Here.At+m.Here.Width != 100-r.Here.At || m.Start != r.End || again.Rows[i].Here.Width != r.Here.Width || math.Abs(float64(again.Rows[i].Here.At-r.Here.At)) > near {
				t.Fatalf("mirrored: %+v of %+v", m, r)
			}
			if r.Top+BarHeight > c.Height || r.Text >= r.Top {
				t.Fatalf("row %d stands outside, or on its text: %+v", i, r)
			}
		}
		if most := maxOf(numbers); most > 0 && widest != 100 {
			t.Fatalf("the largest has %v of the width", widest)
		}
	})
}

// TestLine: the line stays inside, runs in one direction through all numbers,
// higher for larger ones, under the largest tick; and there are few ticks, at
// round numbers.
func TestLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfN(rapid.IntRange(0, 1_000_000), 0, 60).Draw(t, "numbers")
		l := NewLine(numbers)
		if len(l.Points) != len(numbers) || len(l.Segments) != max(0, len(numbers)-1) {
			t.Fatalf("%d points, %d pieces of %d numbers", len(l.Points), len(l.Segments), len(numbers))
		}
		most := l.Ticks[len(l.Ticks)-1].Value
		if l.Ticks[0].Value != 0 || len(l.Ticks) < 2 || len(l.Ticks) > 5 || most < maxOf(numbers) {
			t.Fatalf("ticks %+v for %d", l.Ticks, maxOf(numbers))
		}
		back := l.Facing("rtl")
		for i, p := range l.Points {
			inside(t, "a point", p.X)
			inside(t, "a point", p.Y)
			if i > 0 && (p.X <= l.Points[i-1].X || back.Points[i].X >= back.Points[i-1].X) {
				t.Fatal("the line runs back")
			}
			for j, o := range l.Points {
				if numbers[i] > numbers[j] && p.Y >= o.Y {
					t.Fatalf("%d is not above %d", numbers[i], numbers[j])
				}
			}
			if p.X+back.Points[i].X != 100 || p.Y != back.Points[i].Y {
				t.Fatalf("mirrored: %v of %v", back.Points[i], p)
			}
		}
		for i, label := range l.Labels {
			if label.X != l.Points[label.Index].X || i > 0 && label.X <= l.Labels[i-1].X {
				t.Fatalf("labels %+v", l.Labels)
			}
		}
	})
}

func TestShare(t *testing.T) {
	for s, want := range map[Share]string{0: "0%", 100: "100%", 100.0 / 3: "33.33%", 0.5: "0.5%"} {
		if got := s.String(); got != want {
			t.Errorf("%v is written %s, want %s", float64(s), got, want)
		}
	}
}

func maxOf(numbers []int) int {
	most := 0
	for _, n := range numbers {
		most = max(most, n)
	}
	return most
}

func TestFit(t *testing.T) {
	for label, want := range map[string]string{"": "", "Foundations": "Foundations",
		"A name that is longer than there is room": "A name that is longer than the…",
		strings.Repeat("界", 20):                    strings.Repeat("界", 15) + "…"} {
		if got := Fit(label); got != want {
			t.Errorf("%q is cut to %q, want %q", label, got, want)
		}
	}
}
