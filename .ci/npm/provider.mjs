// A provider of OpenID Connect of another vendor, for the tests of signing in:
// node provider.mjs CLIENT_ID SECRET REDIRECT_URI. It listens on loopback, prints
// its address, and ends with its input. Whoever types an address is its owner;
// one that begins with "unconfirmed" is not confirmed.
import {createServer} from 'node:http';
import Provider from 'oidc-provider';

const [client_id, client_secret, redirect] = process.argv.slice(2);
const server = createServer().listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(url, {
    clients: [{client_id, client_secret, redirect_uris: [redirect], response_types: ['code'], grant_types: ['authorization_code']}],
    claims: {openid: ['sub'], email: ['email', 'email_verified'], profile: ['name']},
    findAccount: (_, id) => ({accountId: id, claims: () => ({
      sub: `subject of ${id}`, email: id, email_verified: !id.startsWith('unconfirmed'), name: `Known as ${id.split('@')[0]}`})}),
    pkce: {required: () => true},
    cookies: {keys: ['for a test alone']}
  });
  server.on('request', provider.callback());
  console.log(url);
});
process.stdin.resume().on('end', () => process.exit(0));
