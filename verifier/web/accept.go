package web

import (
	"mime"
	"strconv"
	"strings"
)

// Negotiate picks from offers, in order of our preference, the media type
// that an Accept header likes best (RFC 9110 §12.5.1): the most specific
// range that matches an offer gives its weight. Of equal weights a type that
// was named beats one that a wildcard lets through. It gives "" when none is
// acceptable. An absent header takes the first offer.
func Negotiate(accept string, offers ...string) string {
	if strings.TrimSpace(accept) == "" {
		return offers[0]
	}
	best, bestQ, bestRank := "", 0.0, 0
	ranges := parseAccept(accept)
	for _, offer := range offers {
		if q, rank := weight(ranges, offer); q > bestQ || q == bestQ && q > 0 && rank > bestRank {
			best, bestQ, bestRank = offer, q, rank
		}
	}
	return best
}

// Names tells whether an Accept header names a type itself, not by wildcard.
func Names(accept, media string) bool {
	for _, r := range parseAccept(accept) {
		if r.media == media && r.q > 0 {
			return true
		}
	}
	return false
}

type acceptRange struct {
	media string
	q     float64
}

func parseAccept(accept string) []acceptRange {
	var ranges []acceptRange
	for _, part := range strings.Split(accept, ",") {
		media, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q := 1.0
		if s, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(s, 64); err != nil || !(q >= 0 && q <= 1) {
				continue
			}
		}
		ranges = append(ranges, acceptRange{media, q})
	}
	return ranges
}

// weight gives what the most specific range says of an offer, and how
// specific it is: 3 for the type itself, 2 for type/*, 1 for */*.
func weight(ranges []acceptRange, offer string) (q float64, rank int) {
	major, _, _ := strings.Cut(offer, "/")
	for _, r := range ranges {
		got := 0
		switch r.media {
		case offer:
			got = 3
		case major + "/*":
			got = 2
		case "*/*":
			got = 1
		}
		if got > rank {
			q, rank = r.q, got
		}
	}
	return q, rank
}
