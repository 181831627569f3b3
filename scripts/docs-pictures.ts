// npm run docs:pictures: the pictures of pages in docs/images, taken anew (after two that need no page). Chromium against `ichor serve` with the bundled
// model; all that they show is phantoms, which `ichor simulate scanner` sends, the same ones each time.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { createPhantom, phantomDicom } from '../src/phantom/index.ts';
import { PAGE_FOLDER } from '../src/server/index.ts';
import { startBrowser } from '../test/support/browser.ts';
import { chooseFiles } from '../test/support/local-page.ts';
import { eventually, type Served, startServing, type WorklistRow } from '../test/support/served.ts';
import { PICTURE } from '../test/support/shown-picture.ts';
import { buildServicePage } from '../web/build-pages.config.ts';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const STUDIES = 7;
const SENT = `--studies ${STUDIES} --per-hour 3600 --positive 0.6 --emergency 0.2 --seed 1`;
const [WIDTH, HEIGHT] = [1280, 800];
const [LIST_HEIGHT, LOCAL_HEIGHT] = [420, 720];
/** Down to the end of the second slice. */
const REPORT = { width: 900, height: 1736 };
/** On a busy machine with two cores. */
const LONGEST_SECONDS = 1800;

const fileOf = (name: string): string =>
  fileURLToPath(new URL(`../docs/images/${name}.png`, import.meta.url));

const folder = await mkdtemp(path.join(tmpdir(), 'ichor-pictures-'));
let served: Served | undefined;
let browser: Browser | undefined;
try {
  await buildServicePage(PAGE_FOLDER);
  served = await startServing(path.join(folder, 'data'));
  browser = await startBrowser(['--enable-unsafe-swiftshader']);
  const { url } = served;
  const rows = await sendStudies(served);
  await judge(url, rows);
  const [study] = rows.filter(({ anyHemorrhage }) => anyHemorrhage?.positive);
  if (study === undefined) throw new Error('the model suspects none of the phantoms: take another seed');
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT }, colorScheme: 'dark' });
  await takeStudy(page, `${url}/#study/${study.studyInstanceUid}`);
  await takeList(page, url, rows.length);
  const phantom = await writePhantom();
  await takeLocalPage(page, `${url}/local/`, phantom);
  await takeReport(page, phantom);
} finally {
  await browser?.close();
  await served?.end('SIGTERM');
  await rm(folder, { recursive: true });
}

/** Gives the list once all of them are predicted. */
async function sendStudies({ dicomPort, worklist }: Served): Promise<readonly WorklistRow[]> {
  const to = ['--to', `ICHOR@127.0.0.1:${dicomPort}`];
  await run(process.execPath, [MAIN, 'simulate', 'scanner', ...to, ...SENT.split(' ')]);
  const areDone = (rows: readonly WorklistRow[]): boolean =>
    rows.length === STUDIES && rows.every(({ state }) => ['done', 'refused'].includes(state));
  return eventually(worklist, areDone, LONGEST_SECONDS);
}

/** As readers would: they agree with one, disagree with another, and have read a third. */
async function judge(url: string, rows: readonly WorklistRow[]): Promise<void> {
  const [, agreed, disagreed] = rows.filter(({ anyHemorrhage }) => anyHemorrhage?.positive);
  const read = rows.at(-1);
  const post = async (study: WorklistRow | undefined, what: string, body?: unknown): Promise<void> => {
    if (study === undefined) return;
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const asked = { method: 'POST', ...(body !== undefined && json) };
    const { ok, status } = await fetch(`${url}/api/studies/${study.studyInstanceUid}/${what}`, asked);
    if (!ok) throw new Error(`${what} was answered ${status}`);
  };
  await post(agreed, 'verdict', { opinion: 'agree' });
  await post(disagreed, 'verdict', { opinion: 'disagree' });
  await post(read, 'read');
}

/** Its folder. */
async function writePhantom(): Promise<string> {
  const written = path.join(folder, 'phantom');
  await mkdir(written);
  const bleeds = [{ subtype: 'subdural', volumeMl: 60 }] as const;
  for (const { name, bytes } of phantomDicom(createPhantom({ seed: 3, bleeds, side: 256 })))
    await writeFile(path.join(written, name), bytes);
  return written;
}

async function takeStudy(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator(PICTURE).waitFor();
  await page.locator('.slice-view[aria-busy=false]').waitFor();
  await page.screenshot({ path: fileOf('study') });
}

async function takeList(page: Page, address: string, rows: number): Promise<void> {
  await page.setViewportSize({ width: WIDTH, height: LIST_HEIGHT });
  await page.goto(`${address}/#list`);
  await page
    .locator('a.row')
    .nth(rows - 1)
    .waitFor();
  await page.getByText(/^False alerts in 30 days: \d/).waitFor();
  await page.screenshot({ path: fileOf('worklist') });
}

/** Of `ichor predict`, at its own operating point. */
async function takeReport(page: Page, phantom: string): Promise<void> {
  const out = path.join(folder, 'report');
  await run(process.execPath, [MAIN, 'predict', phantom, '--device', 'cpu', '--out', out]);
  await page.setViewportSize(REPORT);
  await page.emulateMedia({ colorScheme: 'light' });
  const [study = ''] = await readdir(out);
  await page.goto(pathToFileURL(path.join(out, study, 'report.html')).href);
  await page.screenshot({ path: fileOf('report') });
}

async function takeLocalPage(page: Page, address: string, phantom: string): Promise<void> {
  await page.setViewportSize({ width: WIDTH, height: LOCAL_HEIGHT });
  await page.goto(address);
  await page.locator('input[type=file]').first().waitFor({ state: 'attached' });
  await chooseFiles(page, phantom);
  await page.locator('.verdict').waitFor({ timeout: 1000 * LONGEST_SECONDS });
  await page.locator(PICTURE).waitFor();
  await page.screenshot({ path: fileOf('local-page') });
}
