// Verifies badges with @digitalbazaar/vc and eddsa-rdfc-2022, the status by
// @digitalbazaar/vc-bitstring-status-list. Input: see offline.mjs. Output:
//   {"verified": bool, "proof": bool, "status": "none"|"clear"|"set"|"unknown", "error": string|null}
// verified is the library's verdict over proof, period and status list, and
// a status that is clear or absent: the library reports a set bit and leaves
// the verdict on it to its caller.
import {each, seal, words} from './offline.mjs';

seal();
const {DataIntegrityProof} = await import('@digitalbazaar/data-integrity');
const {cryptosuite} = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const {checkStatus} = await import('@digitalbazaar/vc-bitstring-status-list');
const vc = await import('@digitalbazaar/vc');
const {documentLoader} = await import('./loader.mjs');

function statusOf(credential, result) {
  if(!credential.credentialStatus) {
    return 'none';
  }
  const results = result?.results ?? [];
  if(results.length === 0 || results.some(r => typeof r.status !== 'boolean')) {
    return 'unknown';
  }
  return results.some(r => r.status) ? 'set' : 'clear';
}

await each(async credential => {
  const suite = new DataIntegrityProof({cryptosuite});
  const result = await vc.verifyCredential({
    credential, suite, documentLoader,
    // The library refuses a checkStatus for a badge without a status, and a
    // badge with a status without a checkStatus.
    ...(credential.credentialStatus ? {checkStatus} : {})
  });
  const proofs = result.results ?? [];
  const status = statusOf(credential, result.statusResult);
  return {
    verified: result.verified === true && (status === 'none' || status === 'clear'),
    proof: proofs.length > 0 && proofs.every(r => r.verified === true),
    status,
    error: words(result.error) ?? words(result.statusResult?.error) ??
      (status === 'set' ? 'The status of this credential is set.' : null)
  };
});
