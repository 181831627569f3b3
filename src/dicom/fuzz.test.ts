import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RefusedInput } from '../base/index.ts';
import { ctFile } from './ct-fixture.ts';
import { readDicomObject } from './dicom-object.ts';
import { frameHu } from './hounsfield.ts';
import { readIdentity } from './identity.ts';

const FILES = [
  ctFile(),
  ctFile({ NumberOfFrames: 2, Rows: 6, PerFrameFunctionalGroupsSequence: [{}, {}], KVP: undefined }),
];
/** Even over a file, which fc.double is not: it draws exponents. */
const share = fc.nat(9999).map((parts) => parts / 10_000);
const change = fc.record({
  file: fc.nat(FILES.length - 1),
  cut: fc.option(share, { freq: 2 }),
  bytes: fc.array(fc.tuple(share, fc.nat(255)), { maxLength: 6 }),
});

test('whatever is changed: a result or a RefusedInput, without a name in it', {
  timeout: 30_000,
}, async () => {
  const started = performance.now();
  const outcomes = { read: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(change, async ({ file, cut, bytes }) => {
      const whole = Uint8Array.from(FILES[file] as Uint8Array);
      for (const [place, value] of bytes) whole[Math.floor(place * whole.length)] = value;
      try {
        const object = readDicomObject(whole.subarray(0, Math.floor((cut ?? 1) * whole.length)), {
          where: 'IM1',
        });
        readIdentity(object);
        expect((await frameHu(object, 0)).length).toBeGreaterThan(0);
        outcomes.read++;
      } catch (error) {
        if (!(error instanceof RefusedInput)) throw error;
        expect(error.message).not.toMatch(/secret|1950/i);
        outcomes.refused++;
      }
    }),
    { seed: 20_252, numRuns: 4000, interruptAfterTimeLimit: 10_000 },
  );
  expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(50);
  expect(performance.now() - started).toBeLessThan(15_000);
});
