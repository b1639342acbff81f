// Makes and checks Data Integrity proofs with Digital Bazaar's libraries, for
// the tests that hold our proofs against theirs. Standard input, a JSON object
// per line:
//   {"documents": {url: document, …}}                             no answer
//   {"op": "issue", "document", "suite", "key", "mandatory"?}     a credential
//   {"op": "present", "document", "suite", "key", "challenge", "domain"}
//   {"op": "derive", "document", "pointers"}                      ecdsa-sd-2023
//   {"op": "verify", "document"}                                  a credential
//   {"op": "verifyPresentation", "document", "challenge", "domain"}
//   {"op": "proofs", "document"}                 the proofs of any document
// A key is {"publicKeyMultibase", "secretKeyMultibase"} and becomes a did:key.
// Output, in order: {"document": …}, or {"verified": bool, "proofs": [bool, …],
// "error": string|null}; "verified" is the library's verdict over everything it
// looks at, "proofs" over each proof of the document, in their order.
import {seal, serve, words} from './offline.mjs';

seal();
const EcdsaMultikey = await import('@digitalbazaar/ecdsa-multikey');
const Ed25519Multikey = await import('@digitalbazaar/ed25519-multikey');
const eddsaRdfc = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const eddsaJcs = await import('@digitalbazaar/eddsa-jcs-2022-cryptosuite');
const ecdsaRdfc = await import('@digitalbazaar/ecdsa-rdfc-2019-cryptosuite');
const ecdsaJcs = await import('@digitalbazaar/ecdsa-jcs-2019-cryptosuite');
const ecdsaSd = await import('@digitalbazaar/ecdsa-sd-2023-cryptosuite');
const {Ed25519Signature2020} = await import('@digitalbazaar/ed25519-signature-2020');
const {DataIntegrityProof} = await import('@digitalbazaar/data-integrity');
const {default: jsigs} = await import('jsonld-signatures');
const vc = await import('@digitalbazaar/vc');
const {documentLoader} = await import('./loader.mjs');

const signing = {
  'eddsa-rdfc-2022': () => eddsaRdfc.cryptosuite,
  'eddsa-jcs-2022': () => eddsaJcs.createSignCryptosuite(),
  'ecdsa-rdfc-2019': () => ecdsaRdfc.cryptosuite,
  'ecdsa-jcs-2019': () => ecdsaJcs.createSignCryptosuite(),
  'ecdsa-sd-2023': mandatoryPointers => ecdsaSd.createSignCryptosuite({mandatoryPointers})
};

async function signer({publicKeyMultibase, secretKeyMultibase}) {
  const controller = `did:key:${publicKeyMultibase}`;
  const multikey = publicKeyMultibase.startsWith('z6Mk') ? Ed25519Multikey : EcdsaMultikey;
  const key = await multikey.from({
    type: 'Multikey', id: `${controller}#${publicKeyMultibase}`, controller,
    publicKeyMultibase, secretKeyMultibase
  });
  return key.signer();
}

async function signSuite({suite, key, mandatory}) {
  const by = await signer(key);
  if(suite === 'Ed25519Signature2020') {
    return new Ed25519Signature2020({signer: by});
  }
  return new DataIntegrityProof({signer: by, cryptosuite: signing[suite](mandatory)});
}

// checkSuites are made anew for each document: they remember what they hashed.
function checkSuites() {
  return [
    new Ed25519Signature2020(),
    ...[
      eddsaRdfc.cryptosuite, eddsaJcs.createVerifyCryptosuite(),
      ecdsaRdfc.cryptosuite, ecdsaJcs.createVerifyCryptosuite(),
      ecdsaSd.createVerifyCryptosuite()
    ].map(cryptosuite => new DataIntegrityProof({cryptosuite}))
  ];
}

// verdict puts the library's results, which come in the order in which they were
// ready, into the order of the document's proofs.
function verdict(document, result, signed = result) {
  const verified = new Map((signed?.results ?? []).map(r => [r.proof?.proofValue, r.verified]));
  const proofs = [document.proof ?? []].flat().map(p => verified.get(p.proofValue) === true);
  return {
    verified: result.verified === true, proofs,
    error: result.verified === true ? null : words(result.error) ?? 'not verified'
  };
}

const ops = {
  async issue({document: credential, ...how}) {
    return {document: await vc.issue({credential, suite: await signSuite(how), documentLoader})};
  },
  async present({document: presentation, challenge, domain, ...how}) {
    return {document: await vc.signPresentation({
      presentation, challenge, domain, suite: await signSuite(how), documentLoader
    })};
  },
  async derive({document: verifiableCredential, pointers: selectivePointers}) {
    const suite = new DataIntegrityProof({
      cryptosuite: ecdsaSd.createDiscloseCryptosuite({selectivePointers})
    });
    return {document: await vc.derive({verifiableCredential, suite, documentLoader})};
  },
  async verify({document: credential}) {
    return verdict(credential, await vc.verifyCredential({
      credential, suite: checkSuites(), documentLoader
    }));
  },
  async verifyPresentation({document: presentation, challenge, domain}) {
    const result = await vc.verify({
      presentation, challenge, domain, suite: checkSuites(), documentLoader
    });
    return verdict(presentation, result, result.presentationResult);
  },
  async proofs({document}) {
    return verdict(document, await jsigs.verify(document, {
      suite: checkSuites(), purpose: new jsigs.purposes.AssertionProofPurpose(), documentLoader
    }));
  }
};

await serve(({op, ...request}) => ops[op](request));
