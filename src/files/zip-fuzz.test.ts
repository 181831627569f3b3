import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { RefusedInput } from '../base/index.ts';
import { findStudyFiles } from './index.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'ichor-zip-fuzz-'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** Three small files, one of them stored as it is. */
async function sound(): Promise<Uint8Array> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.alloc(300, 'a'), 'study/IM1');
  zip.addBuffer(Buffer.from('stored'), 'study/IM2', { compress: false });
  zip.addBuffer(Buffer.alloc(40, 'b'), 'readme.txt');
  zip.end();
  const chunks: Uint8Array[] = [];
  for await (const chunk of zip.outputStream as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Even over a file, which fc.double is not: it draws exponents. */
const share = fc.nat(9999).map((parts) => parts / 10_000);
const change = fc.record({
  bytes: fc.array(fc.tuple(share, fc.nat(255)), { maxLength: 3 }),
  keep: fc.option(share, { freq: 2 }),
});

test('whatever is changed in a zip: files as long as it says, or a refusal', {
  timeout: 30_000,
}, async () => {
  const whole = await sound();
  const file = path.join(place, 'a.zip');
  const outcomes = { read: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(change, async ({ bytes, keep }) => {
      const changed = Uint8Array.from(whole);
      for (const [at, value] of bytes) changed[Math.floor(at * whole.length)] = value;
      await writeFile(file, changed.subarray(0, Math.floor((keep ?? 1) * whole.length)));
      try {
        for (const found of await findStudyFiles(file)) {
          const content = await found.read();
          expect(content.length).toBe(found.size);
          expect(found.path).not.toMatch(/^\/|\.\.\//);
        }
        outcomes.read++;
      } catch (error) {
        if (!(error instanceof RefusedInput)) throw error;
        outcomes.refused++;
      }
    }),
    { seed: 20_254, numRuns: 1500, interruptAfterTimeLimit: 10_000 },
  );
  expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(20);
});
