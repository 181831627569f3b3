// The worklist and its studies, a phantom and a real one, as a reader uses them: Chromium against `ichor serve`, from the scanner and
// the upload to the labels.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PAGE_FOLDER } from '../src/server/index.ts';
import { readStudy } from '../src/service/index.ts';
import type { AcceptedStudy } from '../src/study/index.ts';
import { BRAIN_WINDOW, sliceHu } from '../src/volume/index.ts';
import { buildServicePage } from '../web/build-pages.config.ts';
import { startBrowser } from './support/browser.ts';
import { chooseFiles } from './support/local-page.ts';
import { compressedBytes } from './support/page-size.ts';
import { writePhantomStudy } from './support/phantom-study.ts';
import { REAL_HEAD, testRealHead } from './support/real-head.ts';
import { type Served, startServing } from './support/served.ts';
import { PICTURE, pictureOf, shownSlice, worstDifference } from './support/shown-picture.ts';

const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), 'ichor-worklist-'));
const [data, dicom] = [path.join(folder, 'data'), path.join(folder, 'study')];
/** Compressed: the list, and the viewer that comes with it. */
const MOST_BYTES = 200_000;

let served: Served;
let browser: Browser;
let page: Page;
let real: AcceptedStudy;
const [said, requests]: [string[], string[]] = [[], []];

beforeAll(async () => {
  await buildServicePage(PAGE_FOLDER);
  await writePhantomStudy(dicom);
  served = await startServing(data);
  browser = await startBrowser(['--enable-unsafe-swiftshader']);
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  page = await context.newPage();
  page.on('console', (message) => {
    // Of the software driver, of the minute without a service, and of uploaded files that are no DICOM
    if (!/GPU stall|net::ERR_|status of 422/.test(message.text())) said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
}, 300_000);

afterAll(async () => {
  await browser?.close();
  served?.child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

test('an empty list says what to do', async () => {
  await page.goto(`${served.url}/`);
  await page.getByText('No study has come yet.').waitFor();
});

test('the page is small', () => {
  const bytes = compressedBytes(requests, PAGE_FOLDER);
  process.stdout.write(`worklist and viewer: ${Math.round(bytes / 1000)} kB, compressed\n`);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(MOST_BYTES);
});

test('a study that a scanner sends appears, is predicted, and stands at its rank', {
  timeout: 240_000,
}, async () => {
  await run('storescu', ['-aec', 'ICHOR', '127.0.0.1', String(served.dicomPort), '+sd', dicom]);
  await page.locator('[data-group=suspected]').waitFor({ timeout: 200_000 });
  const row = (await page.locator('a.row').textContent()) ?? '';
  expect(row).toContain('suspected hemorrhage');
  expect(row).toMatch(/^1suspected unread(0\.9\d|> 0\.99)/);
  expect(await page.title()).toBe('(1) Ichor worklist');
});

test('a filter leaves out, and says so when nothing is left', async () => {
  await page.keyboard.press('/');
  await page.keyboard.type('9.9.9');
  await page.getByText('No study fits the search and the filters.').waitFor();
  await page.fill('#search', '');
  await page.getByRole('button', { name: /^below the threshold/ }).click();
  expect(await page.locator('a.row').count()).toBe(0);
  await page.getByRole('button', { name: /^below the threshold/ }).click();
  expect(await page.locator('a.row').count()).toBe(1);
  // Enter would press the button that was clicked
  await page.locator(':focus').blur();
});

test('a key opens the study: its picture, its finding, its files', { timeout: 120_000 }, async () => {
  await page.keyboard.press('Enter');
  await page.locator('.slice-view canvas[data-painter]').waitFor({ timeout: 100_000 });
  expect(await page.textContent('.verdict')).toContain('Intracranial hemorrhage suspected: intraparenchymal');
  expect(await page.textContent('.top-left')).toMatch(/Slice \d+ \/ 28/);
  const files = await page.locator('.files a').allTextContents();
  expect(files).toEqual(
    expect.arrayContaining(['dicom/report.dcm', 'model-card.json', 'prediction.json', 'report.html']),
  );
});

const findsNothing = async (): Promise<void> => {
  for (const theme of ['Light', 'Dark']) {
    await page.getByRole('button', { name: theme }).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
};

test('axe finds nothing on the study', { timeout: 120_000 }, findsNothing);

test('axe finds nothing on the list, nor with a small picture beside it', { timeout: 120_000 }, async () => {
  const study = page.url();
  await page.goto(`${served.url}/`);
  await page.locator('a.row').first().waitFor();
  await findsNothing();
  await page.keyboard.press('p');
  const picture = page.locator('.preview img');
  await picture.waitFor();
  expect(await picture.evaluate((one: { naturalWidth: number }) => one.naturalWidth)).toBeGreaterThan(0);
  await findsNothing();
  await page.keyboard.press('p');
  await picture.waitFor({ state: 'detached' });
  await page.goto(study);
});

test('what was read leaves the top for all readers, and the title', { timeout: 120_000 }, async () => {
  await page.getByRole('button', { name: 'Mark as read' }).click({ timeout: 100_000 });
  await page.getByText('This study was marked as read.').waitFor();
  expect(await page.title()).toBe('Ichor worklist');
  expect(await served.worklist()).toMatchObject([{ rank: 1, rankReason: 'read', read: true }]);
});

test('a lost service is told, and the list comes back with it', { timeout: 120_000 }, async () => {
  await page.goto(`${served.url}/`);
  await page.locator('a.row').waitFor();
  const { port } = new URL(served.url);
  expect(await served.end('SIGTERM')).toBe(0);
  await page.getByText('The service does not answer').waitFor();
  expect(await page.locator('a.row').count()).toBe(1);
  served = await startServing(data, '--port', port);
  await page.getByText('The service does not answer').waitFor({ state: 'detached', timeout: 30_000 });
  expect(await page.locator('a.row').count()).toBe(1);
});

testRealHead(
  'a real study is uploaded, predicted by the bundled model, and stands in the list',
  {
    timeout: 240_000,
  },
  async () => {
    real = await readStudy(REAL_HEAD);
    const { studyInstanceUid } = real.study;
    await chooseFiles(page, REAL_HEAD);
    // Its licence and its description
    await page.getByText('Uploaded: 28 objects kept, 0 held already. Not kept: 2 not-dicom.').waitFor();
    const row = page.locator(`a.row[href="#study/${studyInstanceUid}"]`);
    await row.and(page.locator('[data-group=suspected], [data-group=below]')).waitFor({ timeout: 200_000 });
    const [item] = (await served.worklist()).filter((one) => one.studyInstanceUid === studyInstanceUid);
    expect(item).toMatchObject({ state: 'done', instances: 28 });
    const probability = item?.anyHemorrhage?.probability ?? Number.NaN;
    expect(await row.textContent()).toContain(probability.toFixed(2));
    await row.click();
    await page.locator(PICTURE).waitFor({ timeout: 100_000 });
    expect(await page.textContent('.top-left')).toMatch(/Slice \d+ \/ 28/);
  },
);

testRealHead('a pixel of it is the window of its HU', { timeout: 120_000 }, async () => {
  await page.locator('.slice-view[aria-busy=true]').waitFor({ state: 'detached' });
  await page.keyboard.press('i');
  await page.keyboard.press('m');
  for (const key of ['Home', 'PageUp', 'PageUp', 'PageUp', 'End']) {
    await page.keyboard.press(key);
    const hu = sliceHu(real.volume, await shownSlice(page));
    expect(worstDifference(await pictureOf(page), real.volume, hu, BRAIN_WINDOW)).toBeLessThanOrEqual(1);
  }
});

testRealHead(
  'whoever sees no hemorrhage in it has labels of all its slices',
  { timeout: 120_000 },
  async () => {
    const found = (await page.textContent('.verdict')) ?? '';
    const [key, said] = found.startsWith('Intracranial hemorrhage suspected')
      ? ['d', 'disagreed']
      : ['a', 'agreed'];
    await page.keyboard.press(key);
    await page.getByText(`local user ${said}, `).waitFor();
    await page.goto(`${served.url}/#list`);
    const { studyInstanceUid } = real.study;
    const row = page.locator(`a.row[href="#study/${studyInstanceUid}"]`);
    await row.locator(`.verdict-${key === 'd' ? 'disagree' : 'agree'}`, { hasText: said }).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('e')]);
    const [head, ...labels] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(head).toMatch(/^source,patient,study,/);
    expect(labels).toHaveLength(1 + real.volume.slices);
    for (const label of labels) {
      expect(label).toContain(studyInstanceUid);
      expect(label).toMatch(/,0,0,0,0,0,0$/);
    }
  },
);

test('the page says nothing on its console and breaks no rule of its policy', () => {
  expect(said).toEqual([]);
});
