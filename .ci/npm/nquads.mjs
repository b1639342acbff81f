// Canonicalises N-Quads with npm rdf-canonize, for TestAgainstNPM of rdfc.
// Standard input: {"nquads": …, "hash": "sha256" | "sha384"} per line. Standard
// output, in order: {"canonical": …} or {"error": …}.
import {createInterface} from 'node:readline';
import * as rdfCanonize from 'rdf-canonize';

for await (const line of createInterface({input: process.stdin})) {
  const {nquads, hash} = JSON.parse(line);
  let answer;
  try {
    answer = {canonical: await rdfCanonize.canonize(nquads, {
      algorithm: 'RDFC-1.0', inputFormat: 'application/n-quads',
      messageDigestAlgorithm: hash, maxWorkFactor: 3
    })};
  } catch(e) {
    answer = {error: String(e?.message ?? e)};
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
