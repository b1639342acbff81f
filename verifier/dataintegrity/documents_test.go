package dataintegrity_test

import "strings"

// document is one of the documents that every suite is tried on.
type document struct {
	name, text string
	jsonOnly   bool // for suites that sign the JSON itself
	whole      bool // holds a list or a graph, which cannot be shown in part
	renamed    bool // compaction would change a name in it: see selectiveCases
	alike      bool // repeats a member of a list: beyond the work that npm rdf-canonize does by default
}

// documents are credentials of many shapes, all of one issuer.
func documents(issuer string) []document {
	const (
		v2  = `"https://www.w3.org/ns/credentials/v2"`
		ob  = v2 + `,"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"`
		v1  = `"https://www.w3.org/2018/credentials/v1"`
		di  = `"https://w3id.org/security/data-integrity/v2"`
		voc = `{"@vocab":"https://school.example/terms#"}`
	)
	plain := func(context, rest string) string {
		return `{"@context":[` + context + `],"id":"urn:uuid:8c1a","type":["VerifiableCredential"],"issuer":"ISSUER",` + rest + `}`
	}
	old := func(context, rest string) string {
		return `{"@context":[` + context + `],"id":"https://school.example/v/1","type":["VerifiableCredential"],"issuer":"ISSUER","issuanceDate":"2024-02-29T23:59:59Z",` + rest + `}`
	}
	badge := func(subject, achievement, rest string) string {
		return `{"@context":[` + ob + `],"id":"https://school.example/v/7","type":["VerifiableCredential","OpenBadgeCredential"],"name":"Foundations",
"issuer":{"id":"ISSUER","type":["Profile"],"name":"School","url":"https://school.example"},"validFrom":"2024-01-01T00:00:00Z",
"credentialSubject":{"id":"did:example:ann","type":["AchievementSubject"],` + subject + `"achievement":{"id":"urn:uuid:a1","type":["Achievement"],"name":"Foundations","description":"Knows them.","criteria":{"narrative":"Pass."}` + achievement + `}}` + rest + `}`
	}
	list := []document{
		{name: "least", text: plain(v2, `"credentialSubject":{"id":"did:example:ann"}`)},
		{name: "type as a text", text: `{"@context":[` + v2 + `],"type":"VerifiableCredential","issuer":{"id":"ISSUER"},"credentialSubject":{"id":"did:example:ann"}}`},
		{name: "languages", text: plain(v2, `"name":[{"@value":"Certificate","@language":"en"},{"@value":"Zeugnis","@language":"de-CH"}],"description":{"@value":"Réussi","@language":"fr"},"credentialSubject":{"id":"did:example:ann"}`)},
		{name: "direction", text: plain(v2, `"name":{"@value":"שלום","@language":"he","@direction":"rtl"},"credentialSubject":{"id":"did:example:ann"}`)},
		{name: "two subjects", text: plain(v2, `"credentialSubject":[{"id":"did:example:ann","name":"Ann"},{"id":"did:example:ben","name":"Ben"}]`)},
		{name: "nameless subject", text: plain(v2+","+voc, `"credentialSubject":{"name":"Ann","school":{"town":{"name":"Bern"},"founded":1834}}`)},
		{name: "nameless subjects alike", text: plain(v2+","+voc, `"credentialSubject":[{"knows":{"level":1}},{"knows":{"level":1}},{"knows":{"level":2}}]`)},
		{name: "twins", text: plain(v2+","+voc, `"credentialSubject":{"id":"did:example:ann","grades":[{"course":"x","by":{"who":"m"}},{"course":"x","by":{"who":"m"}},{"course":"y"},"none",3]}`)},
		{name: "odd names", text: plain(v2+","+voc, `"credentialSubject":{"id":"did:example:ann","a/b~c":"slash","0":"nought","ключ":"key","a-b_c.d":true}`)},
		{name: "numbers", text: plain(v2+","+voc, `"credentialSubject":{"id":"did:example:ann","n":[0,-7,5.5,0.1,-0.25,123456789012,333333.333],"yes":true,"no":false}`)},
		{name: "typed values", text: plain(v2+`,{"@protected":true,"xsd":"http://www.w3.org/2001/XMLSchema#","on":{"@id":"urn:x:on","@type":"xsd:date"},"seen":{"@id":"urn:x:seen","@type":"@id"},"lang":{"@id":"urn:x:lang","@container":"@language"}}`,
			`"credentialSubject":{"id":"did:example:ann","on":["2024-01-01","2024-01-02"],"seen":["https://school.example/1","urn:isbn:1"],"lang":{"en":"one","de":["eins","ein"]}}`)},
		{name: "scoped context", text: plain(v2+`,{"@protected":true,"Class":{"@id":"urn:x:Class","@context":{"@protected":true,"room":"urn:x:room","pupils":"urn:x:pupils"}},"attends":{"@id":"urn:x:attends","@context":{"@protected":true,"since":"urn:x:since"}}}`,
			`"credentialSubject":{"id":"did:example:ann","attends":[{"type":"Class","room":"B1","pupils":12,"since":2020},{"type":"Class","room":"B2","pupils":12,"since":2021}]}`)},
		{name: "a list", whole: true, text: plain(v2+`,{"@protected":true,"steps":{"@id":"urn:x:steps","@container":"@list"}}`, `"credentialSubject":{"id":"did:example:ann","steps":["one","two","three"]}`)},
		{name: "a list that repeats", whole: true, alike: true, text: plain(v2+`,{"@protected":true,"steps":{"@id":"urn:x:steps","@container":"@list"}}`, `"credentialSubject":{"id":"did:example:ann","steps":["one","two","two","three"]}`)},
		{name: "a JSON literal", text: plain(v2+`,{"@protected":true,"raw":{"@id":"urn:x:raw","@type":"@json"}}`, `"credentialSubject":{"id":"did:example:ann","raw":{"b":[1,{"z":null,"a":"ü"}],"a":false}}`)},
		{name: "everything about it", text: plain(v2+","+voc, `"validFrom":"2024-01-01T00:00:00Z","validUntil":"2124-01-01T12:30:00+02:00","evidence":[{"id":"https://school.example/e","type":["Evidence"]},{"type":["Evidence"],"name":"talk"}],
"termsOfUse":{"type":"TrustFrameworkPolicy","id":"https://school.example/terms"},"credentialSchema":[{"id":"https://school.example/s.json","type":"JsonSchema"}],"relatedResource":[{"id":"https://school.example/r","digestMultibase":"uEiB"}],
"credentialSubject":{"id":"did:example:ann","name":"Ann","description":"Pupil"}`)},
		{name: "examples", text: `{"@context":[` + v2 + `,"https://www.w3.org/ns/credentials/examples/v2"],"type":["VerifiableCredential","ExampleAlumniCredential"],"issuer":"ISSUER","validFrom":"2010-01-01T19:23:24Z","credentialSubject":{"id":"did:example:ann","alumniOf":{"id":"did:example:school","name":"School of Examples"}}}`},
		{name: "badge", text: badge("", "", "")},
		{name: "results", text: badge(`"result":[{"type":["Result"],"resultDescription":"urn:uuid:r1","value":"92.5","status":"Completed"},{"type":["Result"],"resultDescription":"urn:uuid:r2","achievedLevel":"urn:uuid:l2"}],`,
			`,"resultDescription":[{"id":"urn:uuid:r1","type":["ResultDescription"],"name":"Score","resultType":"Percent","valueMin":"0","valueMax":"100"},{"id":"urn:uuid:r2","type":["ResultDescription"],"name":"Level","resultType":"RubricCriterionLevel","rubricCriterionLevel":[{"id":"urn:uuid:l1","type":["RubricCriterionLevel"],"name":"Fair"},{"id":"urn:uuid:l2","type":["RubricCriterionLevel"],"name":"Good","level":"2"}]}]`, "")},
		{name: "alignments", text: badge("", `,"alignment":[{"type":["Alignment"],"targetName":"Skill","targetUrl":"https://frame.example/1","targetFramework":"Frame","targetType":"ceasn:Competency"},{"type":["Alignment"],"targetName":"Skill","targetUrl":"https://frame.example/2","targetCode":"2.b"}]`, "")},
		{name: "hashed recipient", text: badge(`"identifier":[{"type":"IdentityObject","hashed":true,"identityHash":"sha256$6b86","identityType":"emailAddress","salt":"pepper"},{"type":"IdentityObject","hashed":false,"identityHash":"ann","identityType":"systemId"}],`, "", "")},
		{name: "profile", renamed: true, text: strings.Replace(badge("", `,"creator":{"id":"https://school.example","type":["Profile"],"name":"School"},"image":{"id":"https://school.example/i.png","type":"Image","caption":"A star"}`, ""), `"url":"https://school.example"`,
			`"url":"https://school.example","phone":"+41441234567","address":{"type":["Address"],"addressCountryCode":"CH","geo":{"type":"GeoCoordinates","latitude":46.9481,"longitude":7.4474}},"otherIdentifier":[{"type":"IdentifierEntry","identifier":"12-34","identifierType":"identifier"}]`, 1)},
		{name: "endorsed", whole: true, text: badge("", "", `,"endorsement":[{"@context":[`+ob+`],"id":"urn:uuid:e1","type":["VerifiableCredential","EndorsementCredential"],"issuer":{"id":"did:example:guild","type":["Profile"],"name":"Guild"},"validFrom":"2024-01-01T00:00:00Z","name":"Praise","credentialSubject":{"id":"https://school.example/v/7","type":["EndorsementSubject"],"endorsementComment":"Sound."},
"proof":[{"type":"DataIntegrityProof","cryptosuite":"eddsa-rdfc-2022","created":"2024-01-01T00:00:00Z","verificationMethod":"did:example:guild#k","proofPurpose":"assertionMethod","proofValue":"z3u2"}]}]`)},
		{name: "described", text: badge("", `,"tag":["basics","start"],"inLanguage":"en-GB","version":"2","creditsAvailable":2.5,"fieldOfStudy":"Craft","related":[{"id":"urn:uuid:a0","type":["Related"],"inLanguage":"de"}],"achievementType":"Course","humanCode":"F-1"`, "")},
		{name: "evidence", text: badge("", "", `,"evidence":[{"id":"https://school.example/e1","type":["Evidence"],"name":"Essay","narrative":"Long.","genre":"text","audience":"teachers"},{"type":["Evidence"],"narrative":"Oral."}],"awardedDate":"2024-01-02T03:04:05Z","image":{"id":"https://school.example/b.png","type":"Image"}`)},
		{name: "letters", text: badge(`"narrative":"tab\tline\nreturn\rquote\"back\\slash/ \u0001\u007f\u2028 \ud83c\udf93 é e\u0301 日本語 ﷽",`, "", "")},
		{name: "studies", text: badge(`"activityStartDate":"2023-09-01T08:00:00Z","activityEndDate":"2023-12-20T17:00:00Z","creditsEarned":1.5,"licenseNumber":"L-9","role":"pupil","term":"autumn",`, "", `,"description":"All of it."`)},
		{name: "endorsement", text: `{"@context":[` + ob + `],"id":"urn:uuid:e2","type":["VerifiableCredential","EndorsementCredential"],"issuer":{"id":"ISSUER","type":["Profile"],"name":"Guild"},"validFrom":"2024-01-01T00:00:00Z","name":"Praise","credentialSubject":{"id":"urn:uuid:a1","type":["EndorsementSubject"],"endorsementComment":"Good."}}`},
		{name: "1.1", text: old(v1+","+di, `"expirationDate":"2124-01-01T00:00:00Z","credentialSubject":{"id":"did:example:ann"}`)},
		{name: "1.1 with terms", text: old(v1+`,{"@protected":true,"degree":{"@id":"urn:x:degree","@context":{"@protected":true,"title":"urn:x:title"}}},`+di, `"credentialSubject":{"id":"did:example:ann","degree":[{"title":"BSc"},{"title":"MSc"}]}`)},
		{name: "1.1 nameless", text: old(v1+","+di+","+voc, `"credentialSubject":{"about":{"x":{"y":{"z":"deep"}}}},"evidence":[{"type":["Talk"],"verifier":"https://school.example"}]`)},
		{name: "names in UTF-16 order", jsonOnly: true, text: plain(v2+","+voc, `"credentialSubject":{"id":"did:example:ann","\u20ac":"euro","\r":"return","\ufb33":"dalet","1":"one","\ud83d\ude02":"smile","\u0080":"control","ö":"o"}`)},
		{name: "numbers of JSON", jsonOnly: true, text: plain(v2+","+voc, `"credentialSubject":{"id":"did:example:ann","n":[1e20,0.000001,1e-7,9007199254740991,-0.5,1.5e300,2.5e-300],"list":[[],[1,[2]],{}],"none":null}`)},
	}
	for i := range list {
		list[i].text = strings.ReplaceAll(list[i].text, "ISSUER", issuer)
	}
	return list
}
