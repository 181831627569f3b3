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

type Masses = Record<string, MapMass>;

interface Row {
  readonly group: string;
  readonly studies: number;
  readonly mass: MapMass;
  readonly study: Masses;
}

interface Series {
  readonly name: string;
  volume(): Promise<Volume>;
  /** Where the blood is, [slices, rows, columns], where that is known. */
  blood?(volume: Volume): Uint8Array;
}

const heads = [...oneBleedHeads(Number(values.phantoms))];

/** In the order in which they are judged. */
const GROUPS: Readonly<Record<string, () => Promise<readonly Series[]>>> = {
  'patients of CT-ICH, which trained the bundled model': async () =>
    (await importCtIch(values.data, values.boxes)).studies.map(({ study, boxes, load }) => ({
      name: study,
      volume: load,
      ...(boxes && { blood: (volume: Volume) => bloodOf(volume, boxes) }),
    })),
  phantoms: async () =>
    heads.map(({ seed, bleeding, mask }) => ({
      name: String(seed),
      volume: async () => bleeding,
      blood: () => mask,
    })),
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
  const rows: Row[] = [];
  for (const [group, series] of Object.entries(GROUPS)) {
    const wanted = await series();
    if (wanted.length > 0) rows.push(...(await judged(group, wanted)));
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

/** The group, and where blood is known the slices that bleed alone, and the blood itself in place of the maps. */
async function judged(group: string, series: readonly Series[]): Promise<Row[]> {
  const [whole, bleeding, reference]: [Masses, Masses, Masses] = [{}, {}, {}];
  for (const [done, { name, volume, blood }] of series.entries()) {
    progress.listen({ task: group, done, total: series.length });
    const own = await volume();
    const findings = await predictor.predict(own, { operatingPoint: 1 });
    whole[name] = massOutside(own, findings);
    if (blood === undefined) continue;
    const truth = findingsOfBlood(own, blood(own), findings.frame);
    bleeding[name] = massOutside(own, bleedingOnly(findings, truth));
    reference[name] = massOutside(own, truth);
  }
  const rows = [
    rowOf(group, whole),
    rowOf('the same, slices whose blood is known', bleeding),
    rowOf('the blood itself on these, as fine as the maps', reference),
  ];
  return rows.filter(({ studies }) => studies > 0);
}

function rowOf(group: string, study: Masses): Row {
  const masses = Object.values(study);
  return { group, studies: masses.length, mass: masses.reduce(addMass, NO_MASS), study };
}

/** Slices without blood weigh nothing. */
function bleedingOnly(findings: JudgedFindings, blood: JudgedFindings): JudgedFindings {
  const slices = findings.slices.map((slice, i) =>
    blood.slices[i]?.anyHemorrhage === 1 ? slice : { anyHemorrhage: 0 },
  );
  return { ...findings, slices };
}

function said({ whole, outside, farOutside, withoutBrain }: MapMass): string {
  const percent = (part: number): string => `${((100 * part) / whole).toFixed(1)} %`;
  return `${percent(outside)} outside the inner table, ${percent(farOutside)} more than half a cell away from it; slices that count ${whole.toFixed(1)}, without brain ${withoutBrain.toFixed(1)} more`;
}
