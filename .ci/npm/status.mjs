// Makes and reads status lists with @digitalbazaar/vc-bitstring-status-list.
// Standard input, a JSON object per line:
//   {"op": "check", "credential", "documents": {url: list credential}}
//   {"op": "make", "length": entries, "set": [index, …]}
// Output, in order: {"verified": bool, "set": [bool, …], "error": string|null}, an
// entry of "set" for each of the credential's; or {"encodedList": text}. The proof
// of the list is left aside: proofs.mjs checks those.
import {seal, serve, words} from './offline.mjs';

seal();
const {checkStatus, createList} = await import('@digitalbazaar/vc-bitstring-status-list');
const {documentLoader} = await import('./loader.mjs');

const ops = {
  async check({credential}) {
    const result = await checkStatus({
      credential, documentLoader, verifyBitstringStatusListCredential: false
    });
    return {
      verified: result.verified === true, error: words(result.error),
      set: (result.results ?? []).map(r => r.status)
    };
  },
  async make({length, set}) {
    const list = await createList({length});
    for(const index of set) {
      list.setStatus(index, true);
    }
    return {encodedList: await list.encode()};
  }
};

await serve(({op, ...request}) => ops[op](request));
