// npm run test:maps: how much of a model's heat maps lies outside the inner table of the skull, where no intracranial bleed
// can be: the patients of CT-ICH, phantoms, these and a real head in thin slices. --external FOLDER: PHE-SICH-CT-IDS too, which is
// for testing only, so of a finished model.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createProgressDisplay, reportFailure } from '../src/cli/index.ts';
import { importCtIch } from '../src/cohort/index.ts';
import { writeFileWhole } from '../src/files/index.ts';
import { readModel } from '../src/network/index.ts';
import { createPredictor } from '../src/prediction/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { readStudy } from '../src/service/index.ts';
import type { Volume } from '../src/volume/index.ts';
import { readPheSich } from './external/phe-sich.ts';
import { addMass, type MapMass, massOutside, NO_MASS } from './maps/mass-outside.ts';
import { oneBleedHeads } from './subject/one-bleed-heads.ts';
import { resampled } from './thickness/resampled.ts';

const bundled = fileURLToPath(new URL('../models/default.onnx', import.meta.url));
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: bundled },
    data: { type: 'string', default: '../shared/data/ct-ich' },
    external: { type: 'string' },
    thin: { type: 'string', default: '../shared/data/cranium/cranium_hu.nii.gz' },
    /** Of each subtype. */
    phantoms: { type: 'string', default: '4' },
    out: { type: 'string', default: 'runs/maps.json' },
  },
});
const THIN_MM = 1.25;

interface Series {
  readonly name: string;
  volume(): Promise<Volume>;
}

const heads = [...oneBleedHeads(Number(values.phantoms))];

/** In the order in which they are judged. */
const GROUPS: Readonly<Record<string, () => Promise<readonly Series[]>>> = {
  'patients of CT-ICH, which trained the bundled model': async () =>
    (await importCtIch(values.data)).studies.map(({ study, load }) => ({ name: study, volume: load })),
  phantoms: async () =>
    heads.map(({ seed, bleeding }) => ({ name: String(seed), volume: async () => bleeding })),
  [`phantoms in slices of ${THIN_MM} mm`]: async () =>
    heads.map(({ seed, bleeding }) => ({
      name: String(seed),
      volume: async () => resampled(bleeding, THIN_MM),
    })),
  'a real head of 1.5 mm': async () => [
    { name: 'cranium', volume: async () => (await readStudy(values.thin)).volume },
  ],
  'PHE-SICH-CT-IDS, only reported': async () =>
    values.external === undefined ? [] : externalSeries(values.external),
};

const externalSeries = async (folder: string): Promise<Series[]> =>
  (await readPheSich(folder)).map(({ patient, study }) => ({
    name: patient,
    volume: async () => (await readStudy([await study()])).volume,
  }));

const progress = createProgressDisplay();
const runtime = await createRuntime({ device: 'cpu' });
const predictor = createPredictor(readModel(await readFile(values.model), values.model), runtime);
try {
  const rows: { group: string; studies: number; mass: MapMass; study: Record<string, MapMass> }[] = [];
  for (const [group, series] of Object.entries(GROUPS)) {
    const wanted = await series();
    if (wanted.length > 0) rows.push(await judged(group, wanted));
  }
  progress.stop();
  const record = { schema: 'ichor-map-test-1', rows };
  await writeFileWhole(values.out, `${JSON.stringify(record, undefined, 1)}\n`);
  for (const { group, studies, mass } of rows) process.stdout.write(`${group} (${studies}): ${said(mass)}\n`);
} catch (thrown) {
  progress.stop();
  process.exitCode = reportFailure(thrown);
} finally {
  await predictor.close();
  await runtime.close();
}

async function judged(group: string, series: readonly Series[]) {
  const study: Record<string, MapMass> = {};
  for (const [done, { name, volume }] of series.entries()) {
    progress.listen({ task: group, done, total: series.length });
    const own = await volume();
    study[name] = massOutside(own, await predictor.predict(own, { operatingPoint: 1 }));
  }
  return { group, studies: series.length, mass: Object.values(study).reduce(addMass, NO_MASS), study };
}

function said({ whole, outside, farOutside, withoutBrain }: MapMass): string {
  const percent = (part: number): string => `${((100 * part) / whole).toFixed(1)} %`;
  return `${percent(outside)} outside the inner table, ${percent(farOutside)} more than half a cell away from it; slices that count ${whole.toFixed(1)}, without brain ${withoutBrain.toFixed(1)} more`;
}
