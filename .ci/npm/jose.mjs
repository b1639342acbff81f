// Makes and checks signed tokens with jose, for the tests that hold our tokens
// against theirs. Standard input, a JSON object per line; keys are JWKs:
//   {"op": "sign", "payload": text, "header": {…}, "key"}    any payload
//   {"op": "claims", "claims": {…}, "header": {…}, "key"}    a JWT
//   {"op": "verify", "token", "keys": [jwk, …]}              by kid, or embedded
//                                               where no keys are given
//   {"op": "verifyClaims", "token", "keys", "expect": {…}}   a JWT: dates, issuer, …
// Output, in order: {"token"}, or {"verified": bool, "payload": text,
// "header": {…}, "error": string|null}.
import {seal, serve} from './offline.mjs';

seal();
const jose = await import('jose');

const algorithms = ['RS256', 'ES256', 'ES384', 'EdDSA'];

// finder finds the key that a header names, or takes the one it brings along.
function finder(keys) {
  return keys.length > 0 ? jose.createLocalJWKSet({keys}) : jose.EmbeddedJWK;
}

const ops = {
  async sign({payload, header, key}) {
    const by = await jose.importJWK(key, header.alg);
    return {token: await new jose.CompactSign(new TextEncoder().encode(payload))
      .setProtectedHeader(header).sign(by)};
  },
  async claims({claims, header, key}) {
    const by = await jose.importJWK(key, header.alg);
    return {token: await new jose.SignJWT(claims).setProtectedHeader(header).sign(by)};
  },
  async verify({token, keys}) {
    const {payload, protectedHeader: header} =
      await jose.compactVerify(token, finder(keys), {algorithms});
    return {verified: true, payload: new TextDecoder().decode(payload), header};
  },
  async verifyClaims({token, keys, expect}) {
    const {payload, protectedHeader: header} =
      await jose.jwtVerify(token, finder(keys), {
        algorithms, ...expect, currentDate: new Date(expect.currentDate)
      });
    return {verified: true, payload: JSON.stringify(payload), header};
  }
};

await serve(({op, ...request}) => ops[op](request));
