// npm run describe:training: writes into the bundled model what the 57 series of its training look like to it, and the
// table of docs/unlike-training.md. The networks and the card stay as they are.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../src/base/index.ts';
import { createProgressDisplay, reportFailure } from '../src/cli/index.ts';
import { readModel, withReference } from '../src/network/index.ts';
import { createPredictor, unlikeness } from '../src/prediction/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { skullEdgeChecks } from '../src/study/index.ts';
import { fitFacing, fitReference } from '../src/training/index.ts';
import { inModels, writeDescribed } from './bundled-file.ts';
import { writeBetweenMarks } from './marked-text.ts';
import { type LookedAt, otherSeries, trainingSeries, turned } from './unlike/series.ts';
import { ABOUT, foundLeftOut, looksOf, type Seen, tableOf } from './unlike/table.ts';

const { values } = parseArgs({ options: { data: { type: 'string', default: '../shared/data' } } });
const progress = createProgressDisplay();
try {
  await describe();
} catch (thrown) {
  progress.stop();
  process.exitCode = reportFailure(thrown);
}

async function describe(): Promise<void> {
  if (!existsSync(path.join(values.data, 'ct-ich')))
    throw new UsageError(
      'path-missing',
      `${values.data} has no ct-ich: give the folder that has it with --data`,
    );
  const model = readModel(await readFile(inModels('default.onnx')), 'models/default.onnx');
  const runtime = await createRuntime({ device: 'cpu' });
  const { look } = createPredictor(model, runtime);
  const series = await trainingSeries(values.data);
  const upright = await lookAtAll('the training', series, look);
  const upsideDown = await lookAtAll('the training upside down', series.map(turned), look);
  const fit = fitReference(looksOf(upright), ABOUT, unlikeness);
  const { limit } = fit.reference;
  const leftOut = foundLeftOut(upright, upsideDown, { limit, distances: fit.leftOut });
  const reference = { ...fit.reference, facing: fitFacing(looksOf(upright), looksOf(upsideDown)) };
  const others = await lookAtAll('the others', await otherSeries(values.data), look);
  await runtime.close();
  progress.stop();
  const sha256 = await writeDescribed(model.bytes, withReference(model, reference));
  const table = tableOf(reference, leftOut, others);
  await writeBetweenMarks(new URL('../docs/unlike-training.md', import.meta.url), 'unlike', table);
  process.stdout.write(`${table}\nmodels/default.onnx: SHA-256 ${sha256}\n`);
}

async function lookAtAll(
  task: string,
  series: readonly LookedAt[],
  look: ReturnType<typeof createPredictor>['look'],
): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const [done, { row, ...one }] of series.entries()) {
    progress.listen({ task: `looking at ${task}`, done, total: series.length });
    const volume = await one.volume();
    seen.push({ row, look: await look(volume), isBlurred: skullEdgeChecks(volume).length > 0 });
  }
  return seen;
}
