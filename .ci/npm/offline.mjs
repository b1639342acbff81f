// What the interop scripts share: where badges and documents come from, and
// the certainty that nothing is fetched from anywhere.
//
// Input, the same for every script:
//   node SCRIPT [--documents FILE]… BADGE.json…      badges as files
//   node SCRIPT [--documents FILE]… < lines          badges as JSON lines
// A documents file is one JSON object: URL → document (a controller document
// under its https URL, a status list under its URL, a schema under its URL).
// A line is {"credential": {…}, "documents": {URL: document, …}}; documents
// of a line are added to those known before. A line without "credential"
// only adds documents and prints nothing.
//
// Output: one JSON line per badge, in the order of the input.
import {webcrypto} from 'node:crypto';
import {readFileSync} from 'node:fs';
import net from 'node:net';
import {createInterface} from 'node:readline';
import {parseArgs} from 'node:util';

const documents = new Map();

// take adds documents to those that the scripts answer from.
function take(more) {
  for(const [url, document] of Object.entries(more ?? {})) {
    documents.set(url, document);
  }
}

// load gives a copy of the document of a URL; an unknown URL is an error,
// because a script that fetched would prove nothing about what was handed in.
export function load(url) {
  if(!documents.has(url)) {
    throw new Error(`NotFoundError: ${url} was not handed in`);
  }
  return structuredClone(documents.get(url));
}

// seal answers fetch from the documents handed in and closes every socket, for
// libraries that bring their own loader, and gives them what an old Node lacks.
// Call it before importing them.
export function seal() {
  globalThis.fetch = async request => {
    const url = typeof request === 'string' ? request : (request.url ?? request.href);
    if(!documents.has(url)) {
      return new Response('not handed in', {status: 404});
    }
    return new Response(JSON.stringify(documents.get(url)), {
      status: 200, headers: {'content-type': 'application/json'}
    });
  };
  net.Socket.prototype.connect = () => {
    throw new Error('these scripts never connect to anything');
  };
  // Node 18 keeps this to the module node:crypto.
  globalThis.crypto ??= webcrypto;
  // Libraries write to standard output; it is kept for the results.
  console.log = console.error;
}

// each calls verify for every badge of the input and prints what it answers.
// A badge that makes the library throw is an answer too: not verified.
export async function each(verify) {
  const {values, positionals} = parseArgs({
    allowPositionals: true,
    options: {documents: {type: 'string', multiple: true, default: []}}
  });
  for(const file of values.documents) {
    take(JSON.parse(readFileSync(file, 'utf8')));
  }
  if(positionals.length > 0) {
    for(const file of positionals) {
      await print(() => verify(JSON.parse(readFileSync(file, 'utf8'))));
    }
    return;
  }
  await serve(({credential}) => verify(credential));
}

// serve reads requests, a JSON object per line, and prints what answer gives
// for each. Documents that come with a request are added to those known before;
// a line of nothing else is no request.
export async function serve(answer) {
  for await (const line of createInterface({input: process.stdin})) {
    if(line.trim() === '') {
      continue;
    }
    const {documents: more, ...request} = JSON.parse(line);
    take(more);
    if(Object.keys(request).length > 0) {
      await print(() => answer(request));
    }
  }
}

// print writes one answer; what makes a library throw is an answer too.
async function print(ask) {
  let result;
  try {
    result = await ask();
  } catch(error) {
    result = {verified: false, error: words(error)};
  }
  process.stdout.write(JSON.stringify(result) + '\n');
}

// words puts an error and everything that it wraps into one line.
export function words(error) {
  if(!error) {
    return null;
  }
  const parts = [error.message ?? String(error)];
  for(const inner of error.errors ?? []) {
    parts.push(words(inner));
  }
  if(error.cause) {
    parts.push(words(error.cause));
  }
  return [...new Set(parts.filter(Boolean))].join(': ');
}
