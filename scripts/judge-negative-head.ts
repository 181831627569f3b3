// npm run test:negative-head: what the bundled model and every fold's model say of a head that was never trained
// or calibrated on and is negative by our reading: subject and slices at 0.5, HU as read and clipped.
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { exportModel, readModel } from '../src/network/index.ts';
import { createPredictor } from '../src/prediction/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { readStudy } from '../src/service/index.ts';
import { readWeights } from '../src/training/index.ts';
import type { Volume } from '../src/volume/index.ts';

const { values } = parseArgs({
  options: {
    study: { type: 'string', default: '../shared/data/ge-head-tilted' },
    work: { type: 'string', default: 'training-runs/default' },
    out: { type: 'string', default: 'models/negative-head.json' },
  },
});
const POSITIVE = 0.5;
/** Beside them lie CNNs of runs that were stopped halfway. */
const FOLD_WEIGHTS = /^seed-\d+-fold-\d+\.weights$/;
/** What ct-ich's images stop at. */
const CLIPPED_HU = [-20, 100] as const;

const bundled = fileURLToPath(new URL('../models/default.onnx', import.meta.url));
const model = readModel(await readFile(bundled), bundled);
const { volume } = await readStudy(values.study);
const [low, high] = CLIPPED_HU;
const clipped: Volume = { ...volume, hu: volume.hu.map((v) => Math.min(Math.max(v, low), high)) };
const FORMS = { 'as read': volume, [`clipped to ${low}..${high}`]: clipped };

const runtime = await createRuntime({ device: 'cpu' });
const rows = [];
for (const [name, bytes] of await modelsOf(path.join(values.work, 'cv'))) {
  const predictor = createPredictor({ card: model.card, bytes }, runtime);
  for (const [form, heads] of Object.entries(FORMS)) {
    const { subject, slices } = await predictor.predict(heads, { heatMaps: false, operatingPoint: POSITIVE });
    const ofSlices = slices.map(({ anyHemorrhage }) => Number((anyHemorrhage ?? 0).toFixed(3)));
    const positives = ofSlices.filter((p) => p >= POSITIVE).length;
    const probability = Number((subject.anyHemorrhage ?? 0).toFixed(3));
    rows.push({ model: name, form, subject: probability, positiveSlices: positives, slices: ofSlices });
    process.stdout.write(
      `${name}, ${form}: subject ${probability}, ${positives} of ${ofSlices.length} slices from ${POSITIVE} on\n`,
    );
    process.stdout.write(`  ${ofSlices.join(' ')}\n`);
  }
}
await runtime.close();
await writeFile(values.out, `${JSON.stringify({ schema: 'ichor-negative-head-1', rows }, undefined, 1)}\n`);

/** The bundled model first, then one for each fold whose weights are there. */
async function modelsOf(folder: string): Promise<[name: string, bytes: Uint8Array][]> {
  const files = existsSync(folder)
    ? (await readdir(folder)).filter((name) => FOLD_WEIGHTS.test(name)).sort()
    : [];
  const folds = files.map(async (file): Promise<[string, Uint8Array]> => {
    const weights = await readWeights(path.join(folder, file));
    return [path.basename(file, '.weights'), exportModel(model.card, weights)];
  });
  return [['bundled', model.bytes], ...(await Promise.all(folds))];
}
