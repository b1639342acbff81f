// Canonicalises documents with npm jsonld (safe mode) and rdf-canonize, as the
// Data Integrity libraries of Digital Bazaar call them, for TestAgainstNPM.
// Standard input: one JSON object {url: context document} on the first line,
// then a document per line. Standard output: {"canonical": …} or {"error": …}
// per document, in order. Nothing is fetched.
import {createInterface} from 'node:readline';
import jsonld from 'jsonld';
import * as rdfCanonize from 'rdf-canonize';

let contexts;
const documentLoader = async url => {
  if(!Object.hasOwn(contexts, url)) {
    throw new Error(`unknown context ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: contexts[url]};
};

async function canonize(document) {
  const quads = await jsonld.toRDF(document, {
    base: null, safe: true, rdfDirection: 'i18n-datatype',
    produceGeneralizedRdf: false, documentLoader
  });
  return rdfCanonize.canonize(quads, {algorithm: 'RDFC-1.0', maxWorkFactor: 2});
}

for await (const line of createInterface({input: process.stdin})) {
  if(!contexts) {
    contexts = JSON.parse(line);
    continue;
  }
  let answer;
  try {
    answer = {canonical: await canonize(JSON.parse(line))};
  } catch(e) {
    answer = {error: e?.details?.event?.code ?? e?.details?.code ?? String(e?.message ?? e)};
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
