// Package jsonld takes strict JSON-LD 1.1 to RDF.
package jsonld
