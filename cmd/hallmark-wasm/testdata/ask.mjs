// Runs the verifier for browsers under Node: the arguments are the script that
// starts it and the program. Each line read is one question, {text}, {bytes} (base64)
// or {slip} with what is handed in; each line written is an answer, as the program gave it.
import {readFileSync} from 'node:fs';
import {createInterface} from 'node:readline';
import vm from 'node:vm';

const [starter, program] = process.argv.slice(2);
vm.runInThisContext(readFileSync(starter, 'utf8'));
const go = new Go();
const {instance} = await WebAssembly.instantiate(readFileSync(program), go.importObject);
go.run(instance);
for await (const line of createInterface({input: process.stdin})) {
  const {text, bytes, slip, known} = JSON.parse(line);
  const begin = performance.now();
  const answer = slip !== undefined ? hallmarkSlip(slip, known)
    : hallmarkVerify(bytes === undefined ? text : new Uint8Array(Buffer.from(bytes, 'base64')), known);
  console.log(JSON.stringify({ms: performance.now() - begin, answer}));
}
process.exit(0);
