import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readStudies } from '../src/study/index.ts';
import { collected } from './support/collected.ts';
import { headFiles, memoryFile } from './support/dicom-series.ts';

const HEAD = headFiles({ slices: 12, stepMm: 12, attributes: { SliceThickness: 10 } });

/** A change to a file's bytes, mostly in its header, where it hurts. */
const mutation = fc.record({
  kind: fc.constantFrom('flip', 'fill', 'cut', 'insert', 'swap'),
  at: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 1600 }) },
    fc.integer({ min: 0, max: 10_000 }),
  ),
  length: fc.integer({ min: 1, max: 64 }),
  value: fc.integer({ min: 0, max: 255 }),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(bytes: Uint8Array, { kind, at, length, value }: Mutation): Uint8Array {
  const place = at % bytes.length;
  const changed = Uint8Array.from(bytes);
  if (kind === 'cut') return changed.subarray(0, place);
  if (kind === 'insert')
    return Uint8Array.from([
      ...bytes.subarray(0, place),
      ...new Uint8Array(length).fill(value),
      ...bytes.subarray(place),
    ]);
  if (kind === 'flip') changed[place] = (changed[place] as number) ^ (value || 1);
  if (kind === 'fill') changed.fill(value, place, place + length);
  if (kind === 'swap') changed.copyWithin(place, 0, length);
  return changed;
}

/** Up to four files of the series, each changed up to three times. */
const damage = fc.array(
  fc.record({
    file: fc.integer({ min: 0, max: HEAD.length - 1 }),
    mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 4 },
);

test('whatever is damaged: no crash, no hang, and every file is used or named', {
  timeout: 60_000,
}, async () => {
  const whole = await Promise.all(HEAD.map((file) => file.read()));
  const started = performance.now();
  await fc.assert(
    fc.asyncProperty(damage, async (damages) => {
      const bytes = [...whole];
      for (const { file, mutations } of damages)
        bytes[file] = mutations.reduce(mutate, bytes[file] as Uint8Array);
      const files = HEAD.map((file, i) => memoryFile(file.path, bytes[i] as Uint8Array));
      const outcomes = await collected(readStudies(files));
      const spoken = outcomes.flatMap((outcome) => [
        ...(outcome.kind === 'accepted' ? outcome.slices.map((slice) => slice.file) : []),
        ...outcome.checks.flatMap((check) => check.files ?? []),
      ]);
      const refusedAll = outcomes.every((outcome) => outcome.kind === 'refused');
      for (const outcome of outcomes) {
        if (outcome.kind === 'refused') expect(outcome.checks.map((c) => c.severity)).toContain('refused');
        else
          expect(outcome.volume.hu).toHaveLength(
            outcome.volume.slices * outcome.volume.rows * outcome.volume.columns,
          );
        expect(JSON.stringify(outcome.checks)).not.toMatch(/secret/i);
      }
      if (!refusedAll) expect(new Set(spoken)).toEqual(new Set(HEAD.map((file) => file.path)));
    }),
    { seed: 20_251, numRuns: 1000, interruptAfterTimeLimit: 12_000 },
  );
  expect(performance.now() - started).toBeLessThan(15_000);
});
