// npm run test:maps: how much of a model's heat maps lies outside the inner table of the skull, where no intracranial bleed
// can be, and how much of the blood itself would, drawn as fine as the maps are: the patients of CT-ICH, phantoms, these and a real
// head in thin slices. --external FOLDER: PHE-SICH-CT-IDS too, which is
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
import {
  addMass,
  findingsOfBlood,
  type JudgedFindings,
  type MapMass,
  massOutside,
  NO_MASS,
} from './maps/mass-outside.ts';
import { bloodOf } from './subject/moved-bleeds.ts';
import { oneBleedHeads } from './subject/one-bleed-heads.ts';
import { resampled } from './thickness/resampled.ts';

const bundled = fileURLToPath(new URL('../models/default.onnx', import.meta.url));
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: bundled },
    data: { type: 'string', default: '../shared/data/ct-ich' },
    boxes: { type: 'string', default: '../shared/data/ct-ich-boxes/boxes.csv' },
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
  /** Where the blood is, [slices, rows, columns]: only slices that bleed count then. */
  blood?(volume: Volume): Uint8Array;
  /** Judged in place of the maps that the model draws: the blood itself, as fine as these. */
  readonly isReference?: true;
}

const heads = [...oneBleedHeads(Number(values.phantoms))];
const patients = async () => (await importCtIch(values.data, values.boxes)).studies;
const phantoms = async (): Promise<Series[]> =>
  heads.map(({ seed, bleeding, mask }) => ({
    name: String(seed),
    volume: async () => bleeding,
    blood: () => mask,
  }));
const boxed = async (): Promise<Series[]> =>
  (await patients()).flatMap(({ study, boxes, load }) =>
    boxes === undefined
      ? []
      : [{ name: study, volume: load, blood: (volume: Volume) => bloodOf(volume, boxes) }],
  );
const asReference = (series: readonly Series[]) =>
  series.map((one) => ({ ...one, isReference: true as const }));

/** In the order in which they are judged. */
const GROUPS: Readonly<Record<string, () => Promise<readonly Series[]>>> = {
  'patients of CT-ICH, which trained the bundled model': async () =>
    (await patients()).map(({ study, load }) => ({ name: study, volume: load })),
  'the same, slices on which boxes tell where the blood is': boxed,
  'the blood itself of these patients, as fine as the maps': async () => asReference(await boxed()),
  'phantoms, slices that bleed': phantoms,
  'the blood itself of the phantoms, as fine as the maps': async () => asReference(await phantoms()),
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
  for (const [done, one] of series.entries()) {
    progress.listen({ task: group, done, total: series.length });
    const volume = await one.volume();
    const findings = await predictor.predict(volume, { operatingPoint: 1 });
    const blood = one.blood && findingsOfBlood(volume, one.blood(volume), findings.frame);
    study[one.name] = massOutside(volume, one.isReference && blood ? blood : bleedingOnly(findings, blood));
  }
  return { group, studies: series.length, mass: Object.values(study).reduce(addMass, NO_MASS), study };
}

/** Slices without blood weigh nothing, where it is known which ones bleed. */
function bleedingOnly(findings: JudgedFindings, blood: JudgedFindings | undefined): JudgedFindings {
  if (blood === undefined) return findings;
  const slices = findings.slices.map((slice, i) =>
    blood.slices[i]?.anyHemorrhage === 1 ? slice : { anyHemorrhage: 0 },
  );
  return { ...findings, slices };
}

function said({ whole, outside, farOutside, withoutBrain }: MapMass): string {
  const percent = (part: number): string => `${((100 * part) / whole).toFixed(1)} %`;
  return `${percent(outside)} outside the inner table, ${percent(farOutside)} more than half a cell away from it; slices that count ${whole.toFixed(1)}, without brain ${withoutBrain.toFixed(1)} more`;
}
