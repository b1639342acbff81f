package registrar

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"
)

// sorted is base32 whose texts sort as their bytes do.
var sorted = base32.NewEncoding("234567ABCDEFGHIJKLMNOPQRSTUVWXYZ").WithPadding(base32.NoPadding)

// rowID makes an id for the rows that acts add all the time: awards, completions,
// audit entries, leaves, messages. It begins with the time, so that the newest
// stand side by side in the indexes of the database, and what one commit adds goes
// into few of their pages; 80 random bits follow. What opens a door or stands in
// public bytes (credentials, links, tokens) is random throughout.
func rowID() string {
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(time.Now().UnixMilli())<<14) // 50 bits are 10 characters
	return sorted.EncodeToString(ms[:])[:10] + rand.Text()[:16]
}
