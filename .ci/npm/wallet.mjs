// A wallet of another vendor's making (@openid4vc/openid4vci): it takes badges
// that are offered to it. Input: a line of JSON for each offer,
//   {"offer": "openid-credential-offer://…", "pin": "123456", "method": "did"|"jwk",
//    "forms": [credential_configuration_id, …]}
// Output: {"did": "did:jwk:…", "credentials": {form: credential}, "error": string|null}.
// It speaks to loopback alone.
import {createHash, createPrivateKey, generateKeyPairSync, randomBytes, webcrypto} from 'node:crypto';
import {createInterface} from 'node:readline';
import {SignJWT} from 'jose';

globalThis.crypto ??= webcrypto;
console.log = console.error;
const {clientAuthenticationAnonymous, setGlobalConfig} = await import('@openid4vc/oauth2');
const {Openid4vciClient} = await import('@openid4vc/openid4vci');
setGlobalConfig({allowInsecureUrls: true}); // the tests have no certificate

const none = () => { throw new Error('not needed here'); };

async function take({offer, pin, method, forms}) {
  const jwk = generateKeyPairSync('ec', {namedCurve: 'P-256'}).privateKey.export({format: 'jwk'});
  const publicJwk = {crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y}; // in this order: a did:jwk is its spelling
  const did = `did:jwk:${Buffer.from(JSON.stringify(publicJwk)).toString('base64url')}`;
  const client = new Openid4vciClient({callbacks: {
    fetch: (url, options) => {
      if(new URL(url).hostname !== '127.0.0.1') {
        throw new Error(`${url} is elsewhere`);
      }
      return fetch(url, options);
    },
    hash: (data, alg) => createHash(alg.replace('-', '')).update(data).digest(),
    generateRandom: n => randomBytes(n),
    signJwt: async (_, {header, payload}) => ({
      jwt: await new SignJWT(payload).setProtectedHeader(header).sign(createPrivateKey({key: jwk, format: 'jwk'})), signerJwk: publicJwk
    }),
    clientAuthentication: clientAuthenticationAnonymous(),
    verifyJwt: none, decryptJwe: none, encryptJwe: none
  }});
  const credentialOffer = await client.resolveCredentialOffer(offer);
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
  const {accessTokenResponse} = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({credentialOffer, issuerMetadata, txCode: pin});
  const accessToken = accessTokenResponse.access_token;
  const credentials = {};
  for(const form of forms) {
    const {c_nonce: nonce} = await client.requestNonce({issuerMetadata});
    const signer = method === 'did' ? {method, didUrl: `${did}#0`, alg: 'ES256'} : {method, publicJwk, alg: 'ES256'};
    const {jwt} = await client.createCredentialRequestJwtProof({issuerMetadata, signer, nonce, credentialConfigurationId: form});
    const {credentialResponse} = await client.retrieveCredentials({issuerMetadata, accessToken, credentialConfigurationId: form, proofs: {jwt: [jwt]}});
    credentials[form] = credentialResponse.credentials[0].credential;
    await client.sendNotification({issuerMetadata, accessToken, notification: {notificationId: credentialResponse.notification_id, event: 'credential_accepted'}});
  }
  return {did, credentials, error: null};
}

for await (const line of createInterface({input: process.stdin})) {
  let answer;
  try {
    answer = await take(JSON.parse(line));
  } catch(error) {
    answer = {did: '', credentials: {}, error: String(error?.stack ?? error)};
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
