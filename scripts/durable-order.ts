// npm run test:durable-order: `ichor serve` under strace while two senders send. Before each answer of success the object's bytes
// must have been synced, then its name, then its folder, then its line in the journal. The bar: `-- --objects 1000`.
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { openAssociation } from '../src/server/index.ts';
import { startServingUnder } from '../test/support/served.ts';
import { NOISE_KIND, noiseDataSet } from './durable/noise-object.ts';
import { STEPS, toldObjects } from './durable/read-trace.ts';

const { values } = parseArgs({
  options: {
    objects: { type: 'string', default: '200' },
    work: { type: 'string', default: 'runs/durable-order' },
  },
});
const objects = Number(values.objects);
const SENDERS = 2;
const SLICES = 25;
const work = path.resolve(values.work);
const trace = path.join(work, 'trace');
await rm(work, { recursive: true, force: true });
await mkdir(work, { recursive: true });

/** The service itself is our child, the tracer its grandchild (-D), so that signals reach the service. */
const STRACE = [
  ...['strace', '-D', '-f', '--seccomp-bpf', '-yy', '-x', '-s', '600', '-o', trace],
  ...['-e', 'trace=fsync,fdatasync,rename,write,writev,sendto'],
];
const served = await startServingUnder(STRACE, path.join(work, 'data'));

async function send(sender: number): Promise<void> {
  const peer = { host: '127.0.0.1', port: served.dicomPort, calledAe: 'ICHOR', callingAe: `SENDER${sender}` };
  const association = await openAssociation(peer, [NOISE_KIND]);
  for (let number = sender; number < objects; number += SENDERS) {
    const study = `1.2.4.${Math.floor(number / SLICES)}`;
    const sopInstanceUid = `${study}.${number}`;
    const dataSet = noiseDataSet(study, sopInstanceUid, number + 1);
    await association.store({ ...NOISE_KIND, sopInstanceUid, dataSet });
  }
  await association.release();
}

await Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)));
const exitCode = await served.end('SIGTERM');
const lines: string[] = [];
for await (const line of createInterface({ input: createReadStream(trace) }))
  if (/fsync|fdatasync|rename|<TCP/.test(line) || line.includes('<... ')) lines.push(line);
const told = toldObjects(lines);
console.log(
  `${told.length} answers of success to ${objects} objects in the trace; exit code after SIGTERM ${exitCode}`,
);
for (const step of STEPS)
  console.log(`  ${told.filter(({ done }) => done.has(step)).length} were ${step} before their answer`);
const early = told.filter(({ done }) => done.size < STEPS.length);
if (early.length > 0)
  console.log(
    `told too early: ${early
      .slice(0, 5)
      .map(({ instance }) => instance)
      .join(', ')}`,
  );
const all = new Set(told.map(({ instance }) => instance)).size;
process.exitCode = early.length === 0 && all === objects && exitCode === 0 ? 0 : 1;
