// npm run describe:default: the bundled model's card and the pages' figures anew, from what was measured. The networks
// stay as they are, bit by bit; the file's SHA-256 changes with its card.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fingerprintOf } from '../src/graph/index.ts';
import { readModel, withCard } from '../src/network/index.ts';
import { DEFAULT_RECIPE, defaultCard, withExternal } from '../src/training/index.ts';
import { inModels, writeDescribed } from './bundled-file.ts';
import { type ExternalRow, externalTable } from './external/table.ts';
import { writeFigures } from './figures-table.ts';
import { writeBetweenMarks } from './marked-text.ts';

const record = async (name: string) => JSON.parse(await readFile(inModels(name), 'utf8'));

const before = await readFile(inModels('default.onnx'));
const networks = fingerprintOf(before);
const measured = await record('cross-validation.json');
const EXTERNAL = 'external-test-results.json';
const runs: ExternalRow[] = existsSync(inModels(EXTERNAL)) ? (await record(EXTERNAL)).runs : [];
const points = withExternal(measured.operatingPoints, runs, networks);
const card = defaultCard(DEFAULT_RECIPE, measured.figures, measured.seeds.length, points);
const after = withCard(readModel(before, 'models/default.onnx'), card);
const sha256 = await writeDescribed(before, after);
for (const page of ['../README.md', '../docs/model-card.md']) {
  const file = new URL(page, import.meta.url);
  await writeFigures(file, card.performance);
  await writeBetweenMarks(file, 'external', externalTable(runs, networks));
}
process.stdout.write(`models/default.onnx: SHA-256 ${sha256}, networks ${networks} as before\n`);
