package jsonld

import (
	"embed"
	"fmt"
	"sync"

	"hallmark/verifier/strictjson"
)

//go:embed contexts/*.json
var contextFiles embed.FS

// knownFiles says which embedded files make up the context of each URL. Where
// a published context grew under its URL, a second file holds what was added.
var knownFiles = map[string][]string{
	"https://www.w3.org/2018/credentials/v1":                     {"credentials-v1.json"},
	"https://www.w3.org/ns/credentials/v2":                       {"credentials-v2.json"},
	"https://www.w3.org/ns/credentials/undefined-terms/v2":       {"credentials-undefined-terms-v2.json"},
	"https://www.w3.org/ns/credentials/examples/v2":              {"credentials-examples-v2.json"},
	"https://www.w3.org/ns/credentials/status/v1":                {"credentials-status-v1.json"},
	"https://www.w3.org/ns/did/v1":                               {"did-v1.json"},
	"https://w3id.org/citizenship/v4rc1":                         {"citizenship-v4rc1.json"},
	"https://w3id.org/security/data-integrity/v1":                {"data-integrity-v1.json"},
	"https://w3id.org/security/data-integrity/v2":                {"data-integrity-v2.json"},
	"https://w3id.org/vc/status-list/2021/v1":                    {"status-list-2021-v1.json"},
	"https://w3id.org/security/multikey/v1":                      {"multikey-v1.json"},
	"https://w3id.org/security/suites/ed25519-2020/v1":           {"ed25519-2020-v1.json"},
	"https://purl.imsglobal.org/spec/ob/v3p0/context.json":       {"ob-3.0.0.json"},
	"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": {"ob-3.0.1.json"},
	"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": {"ob-3.0.2.json"},
	"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": {"ob-3.0.3.json", "ob-3.0.3-additions.json"},
	"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json":    {"ob-extensions.json"},
}

// Known reports whether the context of a URL is embedded. No other is used.
func Known(url string) bool {
	_, ok := knownFiles[url]
	return ok
}

// known parses the embedded contexts, once: URL to context objects.
var known = sync.OnceValue(func() map[string][]*strictjson.Value {
	out := make(map[string][]*strictjson.Value, len(knownFiles))
	for url, files := range knownFiles {
		for _, file := range files {
			text, err := contextFiles.ReadFile("contexts/" + file)
			if err != nil {
				panic(fmt.Sprintf("jsonld: embedded context %s: %v", file, err))
			}
			doc, err := strictjson.Parse(text)
			if err != nil {
				panic(fmt.Sprintf("jsonld: embedded context %s: %v", file, err))
			}
			out[url] = append(out[url], doc.Get("@context"))
		}
	}
	return out
})
