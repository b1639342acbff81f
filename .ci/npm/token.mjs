// Checks tokens with the library jose, as a reader of Open Badges 3.0 §8.2 does
// who knows nothing but the token: the key is what lies at the kid, or for a
// did:key the kid itself. Input, a JSON object per line:
//   {"token", "documents": {url: JWK, …}}
// Output, in order: {"verified": bool, "header", "claims", "error"}.
import {load, seal, serve} from './offline.mjs';

seal();
const {importJWK, jwtVerify, decodeProtectedHeader} = await import('jose');
const {from} = await import('@digitalbazaar/ed25519-multikey');

async function keyOf({kid, alg}) {
  if(!kid.startsWith('did:key:')) {
    return importJWK(load(kid), alg);
  }
  const publicKeyMultibase = kid.split('#')[1];
  const multikey = await from({type: 'Multikey', id: kid, controller: kid.split('#')[0], publicKeyMultibase});
  const {publicKey} = await multikey.export({publicKey: true, raw: true});
  return importJWK({kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url')}, alg);
}

await serve(async ({token}) => {
  const header = decodeProtectedHeader(token);
  const {payload} = await jwtVerify(token, await keyOf(header), {algorithms: ['RS256', 'ES256', 'EdDSA']});
  return {verified: true, header, claims: payload, error: null};
});
