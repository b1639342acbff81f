// Package strictjson is the one reader of strangers' JSON.
//
// It owns: parsing one JSON text (RFC 8259) under the restrictions of I-JSON
// (RFC 7493) into an arena of values, writing values back, and decoding into
// Go structs without any leniency. It does not own canonical form (package
// jcs) or the meaning of what it reads.
//
// Refused, always: more than one value or bytes after it; names that occur
// twice in an object, compared after unescaping; bytes that are not UTF-8 (a
// byte order mark included); escapes of lone surrogates; raw control
// characters in strings; numbers that do not survive a float64; anything
// beyond the limits.
//
// Numbers: RFC 7493 §2.2 asks for numbers that IEEE 754 doubles can carry. A
// literal is accepted when the shortest decimal that identifies its float64
// is the same number as the literal. So 0.1, 1e23 and 9007199254740994 are
// fine, 1e400, 1e-400, 9007199254740993 and 0.10000000000000001 are not: two
// documents that print different numbers never canonicalise alike.
//
// Names are compared byte for byte. encoding/json folds case ("Issuer" and
// even "issuer" spelt with U+212A fill the same field), takes the last of two
// equal names and ignores what it does not know; a signature over one reading
// would vouch for another. Decode does none of that.
//
// A parse makes a handful of allocations: the document is copied once as a
// string that all unescaped strings share, and values lie in slabs, the
// members of one object or array next to each other.
package strictjson
