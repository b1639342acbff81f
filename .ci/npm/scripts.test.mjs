// The interop scripts are the tests' second opinion, so they are tried
// themselves: on badges of another vendor's making, good and tampered with,
// for a did:key and a did:web issuer, with the status clear and set.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createList, createCredential} from '@digitalbazaar/vc-bitstring-status-list';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {documentLoader} from './loader.mjs';

const scripts = ['verify-vc.mjs', 'verify-core.mjs'];
const schemaURL = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json';
const fixtures = process.env.HALLMARK_FIXTURES ?? '';
const withFixtures = {skip: existsSync(join(fixtures, 'standards')) && fixtures ? false :
  'HALLMARK_FIXTURES does not name the folder of reference data'};

// run hands lines to a script and gives back what it printed.
function run(script, lines) {
  const done = spawnSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], {
    input: lines.map(l => JSON.stringify(l)).join('\n') + '\n', encoding: 'utf8', maxBuffer: 64 << 20
  });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.trim().split('\n').map(l => JSON.parse(l));
}

function reference(path) {
  return JSON.parse(readFileSync(join(fixtures, 'standards', path), 'utf8'));
}

// signed makes a badge and its status list for an issuer id.
async function signed({issuer, methodID, setBit}) {
  const key = await Ed25519Multikey.generate();
  const {publicKeyMultibase} = await key.export({publicKey: true});
  const did = issuer ?? `did:key:${publicKeyMultibase}`;
  key.controller = did;
  key.id = methodID ?? `${did}#${publicKeyMultibase}`;
  const issue = credential => vc.issue({
    credential, documentLoader,
    suite: new DataIntegrityProof({signer: key.signer(), cryptosuite})
  });
  const list = await createList({length: 131072});
  list.setStatus(7, setBit);
  const statusURL = 'https://issuer.example/status/a';
  const listCredential = await createCredential({id: statusURL, list, statusPurpose: 'revocation'});
  listCredential.issuer = did;
  const badge = {
    '@context': [
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'
    ],
    id: 'https://issuer.example/v/1',
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: {id: did, type: ['Profile'], name: 'Example Academy'},
    validFrom: '2020-01-01T00:00:00Z',
    name: 'Foundations',
    credentialSubject: {
      type: ['AchievementSubject'],
      achievement: {
        id: 'https://issuer.example/achievements/f', type: ['Achievement'], name: 'Foundations',
        description: 'Knows the foundations.', criteria: {narrative: 'Passed the module.'}
      }
    },
    credentialStatus: {
      id: `${statusURL}#7`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation',
      statusListIndex: '7', statusListCredential: statusURL
    }
  };
  const documents = {[statusURL]: await issue(listCredential)};
  const method = {id: key.id, type: 'Multikey', controller: did, publicKeyMultibase};
  if(did.startsWith('did:web:')) {
    documents['https://issuer.example/.well-known/did.json'] = {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id: did, verificationMethod: [method], assertionMethod: [method.id]
    };
  }
  return {credential: await issue(badge), documents};
}

for(const script of scripts) {
  const web = {issuer: 'did:web:issuer.example', methodID: 'did:web:issuer.example#k1'};
  for(const [name, who] of [['did:key', {}], ['did:web', web]]) {
    test(`${script}: a good badge of a ${name} verifies, its copies do not`, async () => {
      const good = await signed({...who, setBit: false});
      const renamed = structuredClone(good.credential);
      renamed.name = 'Summa cum laude';
      const added = structuredClone(good.credential);
      added.credentialSubject.distinction = 'summa cum laude';
      const [first, second, third] = run(script, [
        good, {credential: renamed}, {credential: added}
      ]);
      assert.deepEqual([first.verified, first.proof, first.status, first.error], [true, true, 'clear', null]);
      for(const bad of [second, third]) {
        assert.deepEqual([bad.verified, bad.proof], [false, false]);
        assert.ok(bad.error);
      }
    });
  }
  test(`${script}: a revoked badge is refused for its status`, async () => {
    const [answer] = run(script, [await signed({setBit: true})]);
    assert.deepEqual([answer.verified, answer.proof, answer.status], [false, true, 'set']);
  });
  test(`${script}: a list or key document that was not handed in is never fetched`, async () => {
    const badge = await signed({setBit: false});
    const [noList] = run(script, [{credential: badge.credential}]);
    assert.deepEqual([noList.verified, noList.status], [false, 'unknown']);
    const webBadge = await signed({...web, setBit: false});
    const [noKey] = run(script, [{credential: webBadge.credential}]);
    assert.deepEqual([noKey.verified, noKey.proof], [false, false]);
  });
  test(`${script}: the reference badge is genuine and revoked, one changed byte is not genuine`, withFixtures, () => {
    const badge = reference('examples/examples-ob3-di.json');
    const list = reference('examples/examples-status-list.json');
    const changed = structuredClone(badge);
    changed.credentialSubject.achievement.name += '!';
    const [first, second] = run(script, [
      {documents: {
        [list.id]: list, [schemaURL]: reference('schemas/ob_v3p0_achievementcredential_schema.json')
      }},
      {credential: badge}, {credential: changed}
    ]);
    assert.deepEqual([first.verified, first.proof, first.status], [false, true, 'set']);
    assert.deepEqual([second.verified, second.proof], [false, false]);
    if(first.schema) {
      assert.deepEqual(first.schema.map(s => s.valid), [true]);
    }
  });
}
