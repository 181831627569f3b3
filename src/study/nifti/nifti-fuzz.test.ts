import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { fileOf, niftiBytes } from '../../../test/support/nifti-file.ts';
import { readNifti } from './nifti.ts';

const PLAIN = [niftiBytes(), niftiBytes({ datatype: 16 })];

/** Bytes of the header changed, where sizes, types and the affine stand; the file cut, packed, or both. */
const change = fc.record({
  file: fc.nat(PLAIN.length - 1),
  bytes: fc.array(fc.tuple(fc.nat(351), fc.nat(255)), { minLength: 1, maxLength: 4 }),
  keepTenths: fc.integer({ min: 5, max: 20 }),
  packed: fc.boolean(),
});

test('whatever is changed in a NIfTI file: a volume of the size it says, or a refusal, within bounds', {
  timeout: 30_000,
}, async () => {
  const [started, before] = [performance.now(), process.memoryUsage().rss];
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(change, async ({ file, bytes, keepTenths, packed }) => {
      const whole = Uint8Array.from(PLAIN[file] as Uint8Array);
      for (const [place, value] of bytes) whole[place] = value;
      const stored = packed ? gzipSync(whole, { level: 1 }) : whole;
      const cut = stored.subarray(0, Math.floor((keepTenths / 10) * stored.length));
      const outcome = await readNifti(fileOf('head.nii', cut), { minimumSlices: 8 });
      if (outcome.kind === 'refused') expect(outcome.checks.map((c) => c.severity)).toContain('refused');
      else {
        const { hu, slices, rows, columns, geometry } = outcome.volume;
        expect(hu).toHaveLength(slices * rows * columns);
        expect(geometry.imagePositionsPatient).toHaveLength(slices);
        expect(geometry.imagePositionsPatient.flat().every(Number.isFinite)).toBe(true);
        accepted++;
      }
    }),
    { seed: 20_253, numRuns: 1500, interruptAfterTimeLimit: 10_000 },
  );
  expect(accepted).toBeGreaterThan(3);
  expect(performance.now() - started).toBeLessThan(15_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(1e9);
});
