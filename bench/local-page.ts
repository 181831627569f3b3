/**
 * Claims of the page without a server, on a plain web server under a name that is no localhost, so with one thread of
 * WebAssembly: ten studies agree within 1e-4 with the command line; 32 slices of 512 x 512 with the bundled model take at
 * most 25 s from the choice of the files to the finding; no task of the page takes above 50 ms meanwhile; nothing is asked of
 * another host.
 * `node bench/local-page.ts [--studies 10] [--slices 32] [--folder FOLDER]`: phantoms, or the studies in a folder.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HEMORRHAGE_SUBTYPES } from '../src/base/index.ts';
import type { Prediction } from '../src/prediction/index.ts';
import { openModel, readStudy } from '../src/service/index.ts';
import { startBrowser } from '../test/support/browser.ts';
import {
  chooseFiles,
  downloadedText,
  filesUnder,
  foreign,
  PLAIN_HOST,
  predictedRow,
  probabilitiesOf,
  WITH_PLAIN_HOST,
} from '../test/support/local-page.ts';
import { servePages } from '../test/support/page-server.ts';
import { writePhantomStudy } from '../test/support/phantom-study.ts';
import { buildLocalPage } from '../web/build-pages.config.ts';
import { writeBenchmarkStudy } from './support/benchmark-study.ts';
import {
  highestMemoryMb,
  longest,
  SETTLED_MS,
  SOFTWARE_GL,
  shown,
  takeLongTasks,
  watchLongTasks,
} from './support/page-measures.ts';
import { numberAfter, told, wordAfter } from './support/race.ts';

const MOST = { predictedS: 25, longTaskMs: 50 };
const [studies, slices] = [numberAfter('--studies', 10), numberAfter('--slices', 32)];
const given = wordAfter('--folder');
const folder = await mkdtemp(path.join(tmpdir(), 'ichor-bench-'));
const built = path.join(folder, 'built');
await buildLocalPage(built);
const server = await servePages(await filesUnder(built));
const browser = await startBrowser([WITH_PLAIN_HOST, ...SOFTWARE_GL]);
const page = await browser.newPage();
await watchLongTasks(page);
const requests: string[] = [];
page.on('request', (request) => requests.push(request.url()));
// The browser itself has started
await page.waitForTimeout(SETTLED_MS);
await page.goto(`http://${PLAIN_HOST}:${server.port}/`);
await shown(page, 'input[type=file]');
await page.waitForTimeout(SETTLED_MS);
const starting = longest(await takeLongTasks(page));
const model = await openModel({ device: 'cpu' });

/** Its files are chosen; ms until its finding can be looked at. */
async function predictInPage(dicom: string, study: number): Promise<number> {
  const started = performance.now();
  await chooseFiles(page, dicom);
  await predictedRow(page, study).click({ timeout: 550_000 });
  return performance.now() - started;
}

const shownPrediction = async (): Promise<Prediction> =>
  JSON.parse(await downloadedText(page, 'prediction.json'));

/** Of one study in the page and on the command line. */
async function difference(dicom: string): Promise<number> {
  const theirs = probabilitiesOf(await shownPrediction());
  const { prediction } = await model.predict(await readStudy(dicom), { heatMaps: false });
  const ours = probabilitiesOf(prediction);
  if (theirs.length !== ours.length)
    throw new Error(`the page has ${theirs.length} numbers, not ${ours.length}`);
  return longest(ours.map((value, i) => Math.abs(value - (theirs[i] ?? Number.NaN))));
}

/** Normal heads and one bleed of each subtype in turn. */
async function phantom(i: number): Promise<string> {
  const dicom = path.join(folder, `study${i}`);
  const bleeds = HEMORRHAGE_SUBTYPES.slice(i % 6, (i % 6) + 1).map(({ name }) => ({ subtype: name }));
  await writePhantomStudy(dicom, 11 + i, bleeds);
  return dicom;
}

// The model and the engine are opened with the first study, as at a first visit
const large = path.join(folder, 'large');
await writeBenchmarkStudy(large, slices);
const wallS = (await predictInPage(large, 0)) / 1000;
const tasks = await takeLongTasks(page);
const { timingsMs } = await shownPrediction();
const device = await page.textContent('.diagnostics summary');
const differences = [await difference(large)];
told(`${slices} slices of 512 x 512, engine and model fetched too`, wallS, MOST.predictedS, 's');
console.log(`  ${JSON.stringify(timingsMs)} ms; ${device}`);
told('longest task of the page meanwhile', longest(tasks), MOST.longTaskMs, 'ms');
console.log(`  while the page itself started: ${Math.round(starting)} ms`);

const folders = given === undefined ? [] : (await readdir(given)).map((name) => path.join(given, name));
for (let i = 0; i < (folders.length || studies); i++) {
  const dicom = folders[i] ?? (await phantom(i));
  await predictInPage(dicom, i + 1);
  differences.push(await difference(dicom));
}
console.log(`  differences ${differences.map((one) => one.toExponential(1)).join(', ')}`);
told(`largest difference of ${differences.length} studies`, longest(differences) / 1e-4, 1, 'e-4');
console.log(`  highest memory of the page ${Math.round(await highestMemoryMb(browser))} MB`);
const others = foreign(requests);
told(`of ${requests.length} requests, to other hosts`, others.length, 0, 'requests');
if (requests.length < 4) throw new Error('fewer requests were recorded than the page has parts');
await model.close();
await browser.close();
server.close();
await rm(folder, { recursive: true });
