package issuer

import "time"

// PurposeStaple is the purpose of the keys that sign stapled statuses, which
// travel beside badges. They sign no badge and no list. In trial mode there is
// none: there the one key signs them.
const PurposeStaple = "staple"

// StapleKey is a Key of that purpose as its own table keeps it.
type StapleKey Key

// StatusListLife is how long a signed status list counts. No stapled status
// counts longer than the list that was out when it was made.
const StatusListLife = 24 * time.Hour
