package issuer

// PurposeSlip is the purpose of the keys that sign slips, the short forms of
// badges in QR codes. They sign no badge, and no key for badges signs a slip.
const PurposeSlip = "slip"

// SlipKey is a Key of that purpose as its own table keeps it.
type SlipKey Key
