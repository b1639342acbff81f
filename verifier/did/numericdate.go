package did

import (
	"errors"
	"math"
	"strconv"
	"time"

	"hallmark/verifier/strictjson"
)

// ParseNumericDate reads seconds since 1970 (RFC 7519 §2, NumericDate), a
// number that may have a fraction, from the year 0 to the year 9999.
func ParseNumericDate(v *strictjson.Value) (time.Time, error) {
	wrong := errors.New("this is not a date in seconds since 1970")
	if v == nil || v.Kind != strictjson.Number {
		return time.Time{}, wrong
	}
	seconds, err := strconv.ParseFloat(v.Str, 64)
	if err != nil || seconds < -62167219200 || seconds > 253402300799 {
		return time.Time{}, wrong
	}
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), int64(part*1e9)).UTC(), nil
}
