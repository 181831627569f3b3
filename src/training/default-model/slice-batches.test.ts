import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../base/index.ts';
import type { LabelledStudy } from '../../cohort/index.ts';
import type { KeptCopy } from './map-store.ts';
import { DEFAULT_RECIPE } from './recipe.ts';
import { PHANTOM_SOURCE } from './series-copy.ts';
import { createBatches } from './slice-batches.ts';
import { sliceGridOf } from './slice-grid.ts';

const GRID = sliceGridOf(DEFAULT_RECIPE);
const { mapBytes: SLICE_BYTES, cellBytes: SLICE_CELL_BYTES } = GRID;
const SUBDURAL = 3;
const NOTHING = [0, 0, 0, 0, 0, 0];
const BLEEDING = [1, 0, 0, 1, 0, 0];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-batches-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A kept copy of one slice whose maps all hold `mark`. */
async function keptCopy(
  source: string,
  mark: number,
  targets: readonly number[],
  cells?: Uint8Array,
): Promise<KeptCopy> {
  const stem = path.join(folder, `${source}-${mark}`);
  await writeFile(`${stem}.raw`, new Uint8Array(SLICE_BYTES).fill(mark));
  if (cells !== undefined) await writeFile(`${stem}.cells`, cells);
  return {
    study: { source, study: String(mark), patient: String(mark) } as LabelledStudy,
    copy: { name: 'copy-0', index: 0, bleeds: false, form: 'plain' },
    file: `${stem}.raw`,
    ...(cells !== undefined && { cells: `${stem}.cells` }),
    targets: [targets],
  };
}

test('a batch has its kinds in their places; cells are unknown only where a real slice bleeds', async () => {
  const blood = new Uint8Array(SLICE_CELL_BYTES);
  for (const place of [0, SUBDURAL]) blood.fill(255, place * 256, place * 256 + 7);
  const none = new Uint8Array(SLICE_CELL_BYTES);
  const copies = [
    await keptCopy('own', 1, BLEEDING),
    await keptCopy('own', 2, NOTHING, none),
    await keptCopy(PHANTOM_SOURCE, 3, BLEEDING, blood),
    await keptCopy(PHANTOM_SOURCE, 4, NOTHING, none),
  ];
  const quietCopies = [
    await keptCopy(PHANTOM_SOURCE, 5, BLEEDING, blood),
    await keptCopy(PHANTOM_SOURCE, 6, NOTHING, none),
  ];
  const settings = { ...DEFAULT_RECIPE.warmUp, batch: 20, real: 2, inserted: 0, phantoms: 8, quiet: 8 };
  const batch = await createBatches({ copies, quietCopies }, settings, GRID, createRandom(2))();
  const marks = Array.from({ length: 20 }, (_, i) => batch.maps?.data[i * SLICE_BYTES] as number);
  expect(marks.slice(0, 2)).toEqual([1, 1]);
  expect(new Set(marks.slice(2, 10))).toEqual(new Set([3, 4]));
  expect(new Set(marks.slice(10, 18))).toEqual(new Set([5, 6]));
  expect(marks.slice(18)).toEqual([2, 2]);
  for (const [i, mark] of marks.entries()) {
    const row = (name: string) => Array.from(batch[name]?.data.slice(6 * i, 6 * i + 6) ?? [], Number);
    expect(row('targets')).toEqual(mark % 2 === 1 ? BLEEDING : NOTHING);
    expect(row('known')).toEqual(mark === 1 ? [0, 1, 1, 0, 1, 1] : [1, 1, 1, 1, 1, 1]);
    const cells = batch.cells?.data.slice(i * SLICE_CELL_BYTES, (i + 1) * SLICE_CELL_BYTES);
    expect(Buffer.from(cells as Uint8Array).equals(mark === 3 || mark === 5 ? blood : none)).toBe(true);
  }
});

test('of a slice in whose boxes no blood was found, cells of what it has are unknown', async () => {
  const none = new Uint8Array(SLICE_CELL_BYTES);
  const copies = [await keptCopy('boxed', 7, BLEEDING, none)];
  const settings = { ...DEFAULT_RECIPE.warmUp, batch: 1, real: 1, inserted: 0, phantoms: 0, quiet: 0 };
  const batch = await createBatches({ copies }, settings, GRID, createRandom(2))();
  expect(Array.from(batch.known?.data ?? [], Number)).toEqual([0, 1, 1, 0, 1, 1]);
});
