package issuer

import "time"

// Picture is what badges of one version of an achievement and one year look
// like, as a PNG to the byte. The badges name it by its digest, so it is kept
// as it was made, however later programs would draw it.
type Picture struct {
	AchievementVersionID AchievementVersionID
	Year                 int // that is struck into it
	IssuerID             IssuerID
	Digest               string // digestMultibase of Bytes
	Bytes                []byte
	CreatedAt            time.Time
}
