// npm run describe:default: the bundled model's card and the pages' figures anew, from what was measured. The networks
// stay as they are, bit by bit; the file's SHA-256 changes with its card.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fingerprintOf } from '../src/graph/index.ts';
import { readModel, withCard } from '../src/network/index.ts';
import { DEFAULT_RECIPE, defaultCard, withExternal } from '../src/training/index.ts';
import { type ExternalRow, externalTable } from './external/table.ts';
import { writeFigures } from './figures-table.ts';
import { writeBetweenMarks } from './marked-text.ts';

const at = (name: string) => new URL(`../models/${name}`, import.meta.url);
const record = async (name: string) => JSON.parse(await readFile(at(name), 'utf8'));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const before = await readFile(at('default.onnx'));
const networks = fingerprintOf(before);
const measured = await record('cross-validation.json');
const EXTERNAL = 'external-test-results.json';
const runs: ExternalRow[] = existsSync(at(EXTERNAL)) ? (await record(EXTERNAL)).runs : [];
const points = withExternal(measured.operatingPoints, runs, networks);
const card = defaultCard(DEFAULT_RECIPE, measured.figures, measured.seeds.length, points);
const after = withCard(readModel(before, 'models/default.onnx'), card);
await writeFile(at('default.onnx'), after);
await judgedStill('phantom-test-results.json');
for (const page of ['../README.md', '../docs/model-card.md']) {
  const file = new URL(page, import.meta.url);
  await writeFigures(file, card.performance);
  await writeBetweenMarks(file, 'external', externalTable(runs, networks));
}
process.stdout.write(`models/default.onnx: SHA-256 ${sha256(after)}, networks ${networks} as before\n`);

/** What was judged with these networks was so under the old card: the results name the file of today. */
async function judgedStill(name: string): Promise<void> {
  const results = await record(name);
  if (results.modelSha256 !== sha256(before)) return;
  const text = JSON.stringify({ ...results, modelSha256: sha256(after) }, undefined, 2);
  await writeFile(at(name), `${text}\n`);
}
