// Verifies badges with @digitalcredentials/verifier-core. Input: see
// offline.mjs; its loader fetches, so fetch answers from what was handed in.
// It caches the documents of DIDs: hand in one state of a document per run.
// Output:
//   {"verified": bool, "proof": bool, "status": "none"|"clear"|"set"|"unknown", "expired": bool,
//    "schema": [{"schema": url, "valid": bool|null, "errors": […]}]|string, "error": string|null}
// The library leaves the verdict to its caller: verified here is a valid
// signature, a current period and a status that is clear or absent. Whether
// the issuer is in a registry is not asked.
import {each, seal, words} from './offline.mjs';

seal();
const {verifyCredential} = await import('@digitalcredentials/verifier-core');

function statusOf(credential, entry) {
  if(!credential.credentialStatus) {
    return 'none';
  }
  return typeof entry?.valid !== 'boolean' ? 'unknown' : entry.valid ? 'clear' : 'set';
}

function schemaOf(result) {
  const entry = (result.additionalInformation ?? []).find(e => e.id === 'schema_check');
  if(!Array.isArray(entry?.results)) {
    return entry?.results ?? 'not checked';
  }
  return entry.results.map(({schema, result}) => ({
    schema, valid: result?.valid ?? null, errors: result?.errors ?? []
  }));
}

await each(async credential => {
  // The library writes into what it is given.
  const result = await verifyCredential({
    credential: structuredClone(credential), knownDIDRegistries: []
  });
  const log = Object.fromEntries((result.log ?? []).map(entry => [entry.id, entry]));
  const proof = log.valid_signature?.valid === true && !(result.errors?.length > 0);
  const status = statusOf(credential, log.revocation_status);
  const expired = log.expiration?.valid === false;
  const current = log.expiration?.valid === true;
  const errors = [
    ...(result.errors ?? []).map(e => [e.name, words(e)].join(': ')),
    words(result.error), log.revocation_status?.error?.message,
    status === 'set' ? 'The status of this credential is set.' : null,
    expired ? 'This credential has expired.' : null
  ].filter(Boolean);
  return {
    verified: proof && current && (status === 'none' || status === 'clear'),
    proof, status, expired, schema: schemaOf(result),
    error: errors.length ? errors.join('; ') : null
  };
});
