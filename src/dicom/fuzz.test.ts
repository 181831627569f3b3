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
const change = fc.record({
  file: fc.nat(FILES.length - 1),
  cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 5 }),
  bytes: fc.array(fc.tuple(fc.double({ min: 0, max: 0.99, noNaN: true }), fc.nat(255)), { maxLength: 6 }),
});

test('whatever is changed: a result or a RefusedInput, without a name in it', {
  timeout: 30_000,
}, async () => {
  const started = performance.now();
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
      } catch (error) {
        if (!(error instanceof RefusedInput)) throw error;
        expect(error.message).not.toMatch(/secret|1950/i);
      }
    }),
    { seed: 20_252, numRuns: 4000, interruptAfterTimeLimit: 10_000 },
  );
  expect(performance.now() - started).toBeLessThan(15_000);
});
