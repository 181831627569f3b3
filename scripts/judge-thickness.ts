// npm run test:thickness: what a model says of one head in slices of 0.625, 1.25, 2.5 and 5 mm, and how long it takes:
// phantoms scanned at 0.625 mm with the noise of so thin slices, and a real head, resampled.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { HEMORRHAGE_SUBTYPE_NAMES } from '../src/base/index.ts';
import { createProgressDisplay } from '../src/cli/index.ts';
import { writeFileWhole } from '../src/files/index.ts';
import { readModel } from '../src/network/index.ts';
import { createPhantom, ORDINARY_SCANNER } from '../src/phantom/index.ts';
import { createPredictor } from '../src/prediction/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { readStudy } from '../src/service/index.ts';
import type { Volume } from '../src/volume/index.ts';
import { resampled } from './thickness/resampled.ts';

const bundled = fileURLToPath(new URL('../models/default.onnx', import.meta.url));
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: bundled },
    study: { type: 'string', default: '../shared/data/cranium/cranium_hu.nii.gz' },
    /** Half of them bleed. */
    phantoms: { type: 'string', default: '10' },
    out: { type: 'string', default: 'runs/thickness.json' },
  },
});
const [THINNEST, ...THICKER] = [0.625, 1.25, 2.5, 5] as const;
/** Seeds that trained nothing. */
const FIRST_SEED = 886_001;
/** Noise falls with the root of what is averaged: the protocol's belongs to 5 mm. */
const thinNoise = ORDINARY_SCANNER.noiseHu.map((hu) => hu * Math.sqrt(5 / THINNEST)) as [number, number];
const thinScanner = {
  ...ORDINARY_SCANNER,
  noiseHu: thinNoise,
  sliceThicknessMm: THINNEST,
  sliceSpacingMm: THINNEST,
};

interface Row {
  readonly head: string;
  readonly thicknessMm: number;
  readonly slices: number;
  readonly subject: number;
  readonly bestSlice: number;
  readonly positiveSlices: number;
  readonly coreSeconds: number;
}

const runtime = await createRuntime({ device: 'cpu' });
const predictor = createPredictor(readModel(await readFile(values.model), values.model), runtime);
const progress = createProgressDisplay();
const rows: Row[] = [];
const count = Number(values.phantoms);
for (let i = 0; i < count; i++) {
  progress.listen({ task: 'judging phantoms', done: i, total: count });
  const subtype = i % 2 === 0 ? undefined : HEMORRHAGE_SUBTYPE_NAMES[((i - 1) / 2) % 5];
  const bleeds = subtype === undefined ? [] : [{ subtype }];
  const seed = FIRST_SEED + i;
  const { volume } = createPhantom({ seed, side: 256, bleeds, scanner: thinScanner });
  await ask(`phantom ${seed}, ${subtype ?? 'no bleed'}`, THINNEST, volume);
  for (const mm of THICKER) await ask(`phantom ${seed}, ${subtype ?? 'no bleed'}`, mm, resampled(volume, mm));
}
const real = (await readStudy(values.study)).volume;
for (const mm of [THINNEST, ...THICKER]) await ask('real head', mm, resampled(real, mm));
progress.stop();
await runtime.close();
await writeFileWhole(
  values.out,
  `${JSON.stringify({ schema: 'ichor-thickness-test-1', rows }, undefined, 1)}\n`,
);
for (const [head, own] of Map.groupBy(rows, (row) => row.head)) {
  const subjects = own.map(({ subject }) => subject);
  const said = own.map(
    (row) =>
      `${row.thicknessMm} mm ${row.subject.toFixed(3)} (${row.positiveSlices} of ${row.slices}, best ${row.bestSlice.toFixed(3)}, ${row.coreSeconds.toFixed(1)} s)`,
  );
  process.stdout.write(
    `${head}: moves by ${(Math.max(...subjects) - Math.min(...subjects)).toFixed(3)}; ${said.join('; ')}\n`,
  );
}
process.stdout.write(`written to ${values.out}\n`);

async function ask(head: string, thicknessMm: number, volume: Volume): Promise<void> {
  const before = process.cpuUsage();
  const { subject, slices } = await predictor.predict(volume, { operatingPoint: 1, heatMaps: false });
  const { user, system } = process.cpuUsage(before);
  const own = slices.map(({ anyHemorrhage }) => anyHemorrhage ?? 0);
  rows.push({
    head,
    thicknessMm,
    slices: own.length,
    subject: subject.anyHemorrhage ?? 0,
    bestSlice: Math.max(...own),
    positiveSlices: own.filter((p) => p >= 0.5).length,
    coreSeconds: (user + system) / 1e6,
  });
}
