// Package rdfc puts RDF datasets into canonical form: RDF Dataset
// Canonicalization, RDFC-1.0 (https://www.w3.org/TR/rdf-canon/).
//
// It owns: the dataset as a list of quads in reused memory, the hashing of
// blank nodes, canonical N-Quads, and reading N-Quads. It does not own where
// quads come from (package jsonld).
//
// Decisions worth knowing:
//   - Terms are kept as they will be written. An IRI or literal is escaped once,
//     when it is added, and mostly is the very string it was given.
//   - A dataset is a set: quads added twice count once (§4.4 would otherwise
//     hash the repetition).
//   - Blank nodes are numbers. Labels of parsed N-Quads are kept beside them, so
//     that tests can look at the issued identifiers map.
//   - Work is bounded (§7.1, dataset poisoning): Limits.Steps bounds the
//     permutations and recursions of §4.8, and ten times as many hashes of
//     related nodes are allowed. The hardest of the W3C tests that has a result
//     needs a tenth of the default; the poison test is refused in milliseconds.
//   - Lines are sorted by bytes of UTF-8, which is code point order, as §4.4.3
//     asks. Implementations that sort by UTF-16 units differ for characters
//     beyond U+FFFF next to U+E000–U+FFFF.
package rdfc
