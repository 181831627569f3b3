// npm run test:subject: whether a model's subject lags behind its slices, on heads with one bleed that trained nothing, on the
// same heads with the bleed on one, two and three slices, and on the same heads without it, scanned with little noise or with an
// open skull too.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createProgressDisplay } from '../src/cli/index.ts';
import { readModel } from '../src/network/index.ts';
import { createPredictor } from '../src/prediction/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import type { Volume } from '../src/volume/index.ts';
import { withOpenSkull } from './heads/forms.ts';
import { type Answer, answerOf, writeAnswers } from './subject/answers.ts';
import { FEWEST_SLICES } from './subject/bloodiest-slices.ts';
import { oneBleedHeads } from './subject/one-bleed-heads.ts';

const bundled = fileURLToPath(new URL('../models/default.onnx', import.meta.url));
const { values } = parseArgs({
  options: {
    model: { type: 'string', default: bundled },
    /** Of each subtype. */
    heads: { type: 'string', default: '20' },
    out: { type: 'string', default: 'runs/subject.json' },
  },
});

/** As after the removal of a bone flap of about 8 cm. */
const OPEN_DEGREES = 60;

const ofEach = Number(values.heads);
const runtime = await createRuntime({ device: 'cpu' });
const predictor = createPredictor(readModel(await readFile(values.model), values.model), runtime);
const progress = createProgressDisplay();
const answers: Answer[] = [];
let done = 0;
for (const { seed, subtype, bleeding, healthy, quiet, on } of oneBleedHeads(ofEach)) {
  const name = `${subtype} ${seed}`;
  await ask('one bleed', name, bleeding);
  await ask('without a bleed', name, healthy);
  await ask('without a bleed, little noise', name, quiet());
  await ask('without a bleed, skull open', name, withOpenSkull(healthy, OPEN_DEGREES));
  for (const slices of FEWEST_SLICES) await ask(`on ${slices} of about 30 slices`, name, on(slices));
  progress.listen({ task: 'judging heads', done: ++done, total: 5 * ofEach });
}
progress.stop();
await predictor.close();
await runtime.close();
await writeAnswers(values.out, answers);

async function ask(kind: string, name: string, volume: Volume | undefined): Promise<void> {
  if (volume !== undefined) answers.push(await answerOf(predictor, { kind, name, volume }));
}
