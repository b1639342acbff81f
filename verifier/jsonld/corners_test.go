package jsonld

import "testing"

// corners are documents for single questions, wherever the answer lies.
func corners(t testing.TB) [][]byte {
	const context = `"@context":{"a":"urn:a","b":"urn:b","id":"@id","type":"@type","j":{"@id":"urn:j","@type":"@json"},"x":{"@id":"urn:x","@type":"@id"},"v":{"@id":"urn:v","@type":"@vocab"},"s":{"@id":"urn:s","@container":"@set"},"l":{"@id":"urn:l","@container":"@list"},
"g":{"@id":"urn:g","@container":"@graph","@type":"@id"},"d":{"@id":"urn:d","@type":"http://www.w3.org/2001/XMLSchema#double"},"f":{"@id":"urn:f","@type":"http://www.w3.org/2001/XMLSchema#float"},"i":{"@id":"urn:i","@type":"http://www.w3.org/2001/XMLSchema#integer"},"bo":{"@id":"urn:bo","@type":"http://www.w3.org/2001/XMLSchema#boolean"},
"lm":{"@id":"urn:lm","@container":"@language"},"n":{"@id":"urn:n","@type":"@none"},"sub":{"@id":"urn:sub","@context":{"a":"urn:a2","c":"urn:c"}},"T":{"@id":"urn:T","@context":{"a":"urn:ta","d":"urn:td"}},"U":{"@id":"urn:U","@context":{"a":{"@id":"urn:ua","@type":"@id"}}},
"le":{"@id":"urn:le","@language":"en"},"p":"urn:p:","xl":{"@id":"urn:xl","@type":"@id","@container":"@list"}},`
	var out [][]byte
	for _, body := range []string{
		`"a":1e-7`, `"a":-0`, `"d":-0`, `"a":1.5`, `"a":true`, `"a":null`, `"a":[]`, `"a":[[1],[2]]`, `"a":{}`, `"a":{"id":"urn:z"}`, `"a":{"@value":"x","@language":"EN-us"}`,
		`"a":{"@value":"x","@language":"en","@direction":"rtl"}`, `"a":{"@value":"x","@direction":"rtl"}`, `"a":{"@value":5}`, `"a":{"@value":5,"@direction":"rtl"}`, `"a":{"@value":"5","@type":"urn:t"}`, `"a":{"@value":"x","@index":"i"}`,
		`"a":{"@list":[1,2]}`, `"a":{"@set":[1,2]}`, `"j":{"z":1,"y":[null]}`, `"j":null`, `"j":[1]`, `"j":"x"`, `"j":[1e21,1e-7,-0,0.1]`, `"j":{"\ud83d\ude00":1,"é":2}`, `"x":"foo"`, `"x":"urn:y"`, `"x":5`, `"x":true`, `"x":{"id":"urn:z","a":1}`,
		`"s":[]`, `"l":[]`, `"l":[1,2]`, `"l":1`, `"l":[[1]]`, `"l":["a","a"]`, `"l":[{"a":1},{"id":"urn:q"},null]`, `"l":[{"a":1},{"id":"urn:q"}]`, `"l":[{"@value":"x","@language":"en"}]`, `"xl":["urn:1","urn:2"]`, `"l":{"a":1}`,
		`"g":{"a":1}`, `"g":[{"a":1},{"a":2}]`, `"g":[]`, `"g":"urn:q"`, `"g":{}`, `"g":{"id":"urn:only"}`, `"g":{"id":"urn:z","a":1}`, `"g":{"g":{"a":1},"a":2}`, `"g":{"@value":1}`, `"g":{"type":"T"}`, `"g":5`,
		`"d":5`, `"d":"5"`, `"d":"5.0E0"`, `"d":"abc"`, `"d":5.5`, `"d":1e-7`, `"d":"INF"`, `"d":"NaN"`, `"f":5`, `"f":5.5`, `"f":true`, `"f":1e-7`, `"i":"5"`, `"i":5`, `"i":5.5`, `"i":["5",5]`, `"bo":["true",true]`, `"bo":true`,
		`"a":[5,{"@value":"5","@type":"http://www.w3.org/2001/XMLSchema#integer"}]`, `"a":[5,{"@value":5,"@type":"http://www.w3.org/2001/XMLSchema#integer"}]`, `"a":["x",{"@value":"x"}]`, `"a":["x",{"@value":"x","@type":"http://www.w3.org/2001/XMLSchema#string"}]`,
		`"a":[{"@value":[1],"@type":"@json"},{"@value":[1],"@type":"@json"}]`, `"a":[{"@value":1,"@type":"@json"},{"@value":1,"@type":"@json"}]`, `"a":[{"@value":"x","@language":"en"},{"@value":"x","@language":"EN"}]`,
		`"a":[{"@value":"x","@language":"en","@direction":"ltr"},{"@value":"x","@type":"https://www.w3.org/ns/i18n#en_ltr"}]`, `"x":["urn:q",{"id":"urn:q"}]`, `"a":[{"id":"urn:q","b":1},{"id":"urn:q","b":1}]`, `"a":[{"id":"urn:q","l":[1]},{"id":"urn:q","l":[1]}]`,
		`"g":[{"id":"urn:q","b":1},{"id":"urn:q","b":1}]`, `"g":{"a":[{"id":"urn:q","b":1},{"id":"urn:q","b":[1,2]}]}`, `"a":[1,1,1.0,"1"]`,
		`"lm":{"en":"x","de":["y"]}`, `"lm":"x"`, `"lm":{"@none":"x"}`, `"lm":{"en":null}`, `"lm":{"en":[]}`, `"lm":{}`, `"lm":{"@value":"x"}`, `"lm":{"en":{"@value":"x"}}`, `"lm":[{"en":"x"}]`, `"lm":{"en":"x","EN":"x"}`,
		`"id":"urn:only"`, `"a":1,"id":"_:b5"`, `"a":1,"type":["urn:t","urn:t"]`, `"a":1,"id":"urn:a b"`, `"a":1,"id":"urn:a<b"`, `"a":1,"id":"a/b"`, `"a":1,"id":"x,y:z"`, `"a":1,"id":"1x:y"`, `"a":1,"id":"p:x"`, `"a":1,"id":"p://x"`, `"type":[]`, `"a":1,"type":[]`, `"a":1,"type":"_:x"`, `"type":"urn:t"`,
		`"urn:q":1`, `"b:c":1`, `"p:c":1`, `"_:p":1`, `"a:c":1`, `"type":"@json","a":1`, `"a":{"@value":{"q":1},"@type":"@json"}`, `"a":{"@value":null,"@type":"@json"}`, `"a":"@foo"`, `"x":"@foo"`, `"x":"@type"`, `"x":"a"`, `"x":"b:c"`, `"x":"p:c"`, `"id":"@type","a":1`, `"id":"","a":1`, `"x":""`,
		`"a":1,"@included":[{"b":1}]`, `"@type":"urn:t","type":"urn:u"`, `"@type":"urn:t"`, `"@id":"urn:t","a":1`, `"a":{"@language":"en"}`, `"a":{"@value":null}`, `"a":{"@value":"x","@language":"bad tag"}`, `"@graph":[{"a":1}]`, `"a":{"@value":"x","@type":[]}`, `"a":{"@value":"x","@type":["urn:t"]}`,
		`"a":{"id":null}`, `"a":{"type":null}`, `"v":"T"`, `"v":"a"`, `"v":"p:x"`, `"v":"nothing"`, `"v":"id"`, `"v":"urn:v"`, `"v":5`, `"n":"x"`, `"n":5`, `"le":"x"`, `"le":5`, `"le":{"@value":"x"}`, `"le":["x",{"@value":"x","@language":"EN"}]`,
		`"sub":{"a":1,"c":2}`, `"sub":[{"a":1},{"b":{"a":1,"c":3}}]`, `"sub":"x"`, `"sub":{"type":"T","a":1,"c":{"a":5}}`, `"type":"T","a":1`, `"type":"T","a":{"a":2}`, `"type":"T","d":"x"`, `"type":"T","b":{"d":5}`, `"type":["U","T"],"a":"urn:1"`, `"type":["T","U"],"a":"urn:1"`,
		`"type":"T","a":{"id":"urn:1"}`, `"type":"T","a":{"@value":"x"}`, `"type":"T","sub":{"a":1,"c":1,"d":5}`, `"type":"T","a":{"@value":"x","@type":"T"}`, `"type":"T","a":{"@value":"x","@language":"en","@direction":"ltr"}`, `"type":"T","l":[{"a":1}]`, `"type":"T","g":{"a":1,"d":7}`,
		`"a":{"@context":{"a":"urn:other"},"a":1}`, `"a":{"@context":{"q":"urn:q"},"q":1,"b":{"q":2}}`, `"a":{"@context":null,"b":1}`, `"a":{"@context":[],"b":1}`, `"type":"T","a":{"@context":{"q":"urn:q"},"d":5,"q":1}`, `"http://www.w3.org/1999/02/22-rdf-syntax-ns#type":"x"`,
		`"a":"\u0000\b\t\n\u000b\f\r\u001f\u007f\u0080\"\\"`, `"a":"\ud83d\ude00"`, `"id":"urn:\u00e9","a":1`, `"id":"urn:\u00a0","a":1`, `"a":123456789012345680000`, `"a":1e21`, `"a":1.5e300`, `"a":5e-324`, `"a":0.30000000000000004`, `"a":4503599627370497.5`, `"a":1e20`, `"a":100.0`,
		`"a":{"b":{"a":{"b":1}}}`, `"a":[{"b":1},{"b":1}]`, `"a":[{"b":{"b":1}},{"b":{"b":1}},{"b":{"b":2}}]`, `"a":[{},{}]`, `"g":[{"a":{}},{"a":{}}]`,
	} {
		out = append(out, oneLine(`{`+context+body+`}`))
	}
	for _, doc := range ownSeeds {
		out = append(out, oneLine(doc))
	}
	return out
}

func oneLine(doc string) []byte {
	b := []byte(doc)
	for i := range b {
		if b[i] == '\n' || b[i] == '\t' {
			b[i] = ' '
		}
	}
	return b
}
