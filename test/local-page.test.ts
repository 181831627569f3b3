// The page without a server, built and used as a person does: in Chromium, under the name of a plain http host, and on localhost.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Prediction } from '../src/prediction/index.ts';
import { openModel, readStudy } from '../src/service/index.ts';
import type { AcceptedStudy } from '../src/study/index.ts';
import { BRAIN_WINDOW, sliceHu } from '../src/volume/index.ts';
import { buildLocalPage } from '../web/build-pages.config.ts';
import { comparedPictures, MOST_CHANGED, startPictureBrowser } from './support/kept-pictures.ts';
import {
  chooseFiles,
  downloadedText,
  filesUnder,
  foreign,
  PLAIN_HOST,
  predictedRow,
  probabilitiesOf,
  WITH_PLAIN_HOST,
} from './support/local-page.ts';
import { withoutKey } from './support/page-keys.ts';
import { servePages } from './support/page-server.ts';
import { compressedBytes } from './support/page-size.ts';
import { writePhantomStudy } from './support/phantom-study.ts';
import { REAL_HEAD, testRealHead } from './support/real-head.ts';
import {
  claimGraphicsCard,
  fittedPlane,
  loseGraphics,
  PICTURE as PREDICTED,
  pictureBox,
  pictureOf,
  shownSlice,
  worstDifference,
} from './support/shown-picture.ts';

/** Compressed; the viewer with its list. */
const MOST_VIEWER_BYTES = 300_000;

const folder = mkdtempSync(path.join(tmpdir(), 'ichor-local-'));
const built = path.join(folder, 'built');
const [dicom, other] = [path.join(folder, 'study'), path.join(folder, 'other')];
let [browser, server, context, page]: [
  Browser,
  Awaited<ReturnType<typeof servePages>>,
  BrowserContext,
  Page,
] = [] as never;
let study: AcceptedStudy;
let ours: Prediction;
let oursOfOther: Prediction;
const [said, requests]: [string[], string[]] = [[], []];
/** What had been asked for before any file was given. */
let atFirst: readonly string[] = [];

beforeAll(async () => {
  await buildLocalPage(built);
  await writePhantomStudy(dicom);
  await writePhantomStudy(other, 3, [{ subtype: 'subdural' }]);
  server = await servePages(await filesUnder(built));
  browser = await startPictureBrowser([WITH_PLAIN_HOST]);
  context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  page = await openPage(context, `http://${PLAIN_HOST}:${server.port}/`);
  await page.locator('input[type=file]').first().waitFor({ state: 'attached' });
  atFirst = [...requests];
  await chooseFiles(page, dicom);
  study = await readStudy(dicom);
  await using model = await openModel({ device: 'cpu' });
  const predict = async (one: AcceptedStudy) => (await model.predict(one, { heatMaps: false })).prediction;
  ours = await predict(study);
  oursOfOther = await predict(await readStudy(other));
  await page.waitForSelector(PREDICTED, { timeout: 240_000 });
}, 300_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true });
});

async function openPage(of: BrowserContext, address: string): Promise<Page> {
  const opened = await of.newPage();
  await claimGraphicsCard(opened);
  opened.on('console', (message) => {
    // Of the software driver, whenever a picture of the page is taken
    if (!message.text().includes('GPU stall')) said.push(message.text());
  });
  opened.on('pageerror', (error) => said.push(error.message));
  opened.on('request', (request) => requests.push(request.url()));
  await opened.goto(address);
  return opened;
}

test('the viewer is small; engine and model are fetched when there is a study', () => {
  const large = (urls: readonly string[]) => urls.filter((url) => /\.(wasm|onnx)$/.test(url));
  expect(atFirst.length).toBeGreaterThan(1);
  expect(large(atFirst)).toEqual([]);
  expect(large(requests).length).toBeGreaterThanOrEqual(2);
  const bytes = compressedBytes(atFirst, built);
  process.stdout.write(`page without a server: ${Math.round(bytes / 1000)} kB, compressed\n`);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(MOST_VIEWER_BYTES);
});

test('what it downloads is what the command line writes', async () => {
  const theirs: Prediction = JSON.parse(await downloadedText(page, 'prediction.json'));
  expect(probabilitiesOf(theirs)).toBeAllClose(probabilitiesOf(ours), { absolute: 1e-4 });
  expect(theirs.series).toEqual(ours.series);
  const report = await downloadedText(page, 'Report');
  expect(report).toContain('<h1>Ichor: intracranial hemorrhage on head CT</h1>');
  expect(report).not.toContain('undefined');
});

test('so is a second study, given while the first is looked at', { timeout: 240_000 }, async () => {
  await chooseFiles(page, other);
  await predictedRow(page, 1).click({ timeout: 200_000 });
  const theirs: Prediction = JSON.parse(await downloadedText(page, 'prediction.json'));
  expect(theirs.study).toEqual(oursOfOther.study);
  expect(probabilitiesOf(theirs)).toBeAllClose(probabilitiesOf(oursOfOther), { absolute: 1e-4 });
  await predictedRow(page, 0).click();
});

testRealHead('so is a real one', { timeout: 240_000 }, async () => {
  const own = await openPage(context, `http://${PLAIN_HOST}:${server.port}/`);
  await chooseFiles(own, REAL_HEAD);
  await own.waitForSelector(PREDICTED, { timeout: 200_000 });
  const theirs: Prediction = JSON.parse(await downloadedText(own, 'prediction.json'));
  await own.close();
  await using model = await openModel({ device: 'cpu' });
  const { prediction } = await model.predict(await readStudy(REAL_HEAD), { heatMaps: false });
  expect(theirs.slices).toHaveLength(28);
  expect(theirs.series).toEqual(prediction.series);
  expect(probabilitiesOf(theirs)).toBeAllClose(probabilitiesOf(prediction), { absolute: 1e-4 });
});

test('nothing leaves the page, and it breaks no rule of its policy', () => {
  expect(requests.length).toBeGreaterThan(4);
  expect(foreign(requests)).toEqual([]);
  expect(said).toEqual([]);
});

test('the shown slice is the most suspicious one, its number and window stand on it', async () => {
  const probabilities = ours.slices.map(({ probabilities: { anyHemorrhage = 0 } }) => anyHemorrhage);
  const top = probabilities.indexOf(Math.max(...probabilities));
  expect(await page.textContent('.top-left')).toContain(`Slice ${top + 1} / ${ours.slices.length}`);
  expect(await page.textContent('.top-right')).toBe('brain40 / 80 HU');
  expect(await page.locator('.side').allTextContents()).toEqual(['R', 'L', 'A', 'P']);
});

test('it looks as it was kept', { timeout: 120_000 }, async () => {
  // Another model would have another map, curve and slice
  for (const key of ['m', 'Home', 'PageUp', 'PageUp']) await page.keyboard.press(key);
  await page.$eval('.curve', (one) => Object.assign(one, { hidden: true }));
  for (const { picture, changed, tooWide } of await comparedPictures(page, 'local')) {
    expect(changed, picture).toBeLessThanOrEqual(MOST_CHANGED);
    expect(tooWide, picture).toBe(0);
  }
  await page.$eval('.curve', (one) => Object.assign(one, { hidden: false }));
  await page.keyboard.press('m');
});

test.each(['webgl2', 'canvas'])(
  'by %s, a shown pixel is the window of the HU that was predicted',
  async (kind) => {
    if (kind === 'canvas') {
      await loseGraphics(browser);
      await page.getByText('The graphics card was lost.').waitFor();
    } else {
      await page.keyboard.press('i');
      await page.keyboard.press('m');
    }
    await page.locator(`.slice-view canvas[data-painter=${kind}]`).waitFor();
    for (const key of ['Home', 'PageUp', 'PageUp']) {
      await page.keyboard.press(key);
      const hu = sliceHu(study.volume, await shownSlice(page));
      expect(worstDifference(await pictureOf(page), study.volume, hu, BRAIN_WINDOW)).toBeLessThanOrEqual(1);
    }
  },
);

test('a length is right, and the HU under the pointer is that of the volume', async () => {
  const box = await pictureBox(page);
  const { volume } = study;
  const { pxPerMm } = fittedPlane(volume, box);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.keyboard.press('l');
  await page.mouse.move(x - 60, y - 20);
  await page.mouse.down();
  await page.mouse.move(x + 60, y + 70, { steps: 4 });
  await page.mouse.up();
  const length = Number.parseFloat((await page.textContent('.length')) ?? '');
  const expected = Math.hypot(120, 90) / pxPerMm;
  expect(Math.abs(length - expected)).toBeLessThan(0.005 * expected);
  const slice = await shownSlice(page);
  const probe = await page.textContent('.bottom-right');
  const [, hu, r, c] = (/^(-?\d+) HUrow (\d+), column (\d+)$/.exec(probe ?? '') ?? []).map(Number);
  expect(hu).toBe(sliceHu(volume, slice)[Number(r) * volume.columns + Number(c)]);
});

test.each(['Light', 'Dark'])('axe finds nothing, theme %s', async (theme) => {
  await page.getByRole('button', { name: theme }).click();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

test('every button, link and field has a key that ? lists, with a study and without', async () => {
  expect(await withoutKey(page)).toEqual([]);
  const listed = page.locator('.studies button[aria-current=true] .name');
  const first = await listed.textContent();
  await page.keyboard.press('N');
  expect(await listed.textContent()).not.toBe(first);
  await page.keyboard.press('B');
  expect(await listed.textContent()).toBe(first);
  await page.getByRole('button', { name: 'prediction.json' }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('J')]);
  expect(download.suggestedFilename()).toBe('prediction.json');
  const empty = await openPage(context, `http://${PLAIN_HOST}:${server.port}/`);
  await empty.getByText('Choose a folder').waitFor();
  expect(await withoutKey(empty)).toEqual([]);
  const chooser = empty.waitForEvent('filechooser');
  // Once it answers this, the browser knows that its dialogue is waited for
  await empty.evaluate('undefined');
  await empty.keyboard.press('u');
  expect((await chooser).isMultiple()).toBe(true);
  await empty.close();
});

test('a file that is no study is refused by name, and the others stay', async () => {
  await page.setInputFiles('input[type=file] >> nth=0', {
    name: 'letter.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('to the radiologist'),
  });
  const refused = page.locator('[data-state=refused]');
  await refused.waitFor();
  expect(await refused.textContent()).toContain('letter.txt is not a DICOM or NIfTI study');
  expect(await page.locator('.studies > li').count()).toBe(3);
});

test('20,000 dropped files without a study are one refusal, and the page goes on', {
  timeout: 240_000,
}, async () => {
  await page.evaluate(`{
    const dropped = new DataTransfer();
    for (let i = 0; i < 20000; i++) dropped.items.add(new File(['no study'], 'NOTE' + i + '.txt'));
    document.querySelector('.page').dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true }));
  }`);
  const refused = page.locator('[data-state=refused]').last();
  await refused
    .getByText('none of 20000 files is a DICOM or NIfTI study')
    .first()
    .waitFor({ timeout: 200_000 });
  expect(((await refused.textContent()) ?? '').length).toBeLessThan(2000);
  expect(await page.locator('.studies > li').count()).toBe(4);
  await page.keyboard.press('Home');
  expect(await shownSlice(page)).toBe(0);
});

test('a full store of the browser is told where it says whether it works offline', async () => {
  const own = await browser.newContext();
  const full = await own.newPage();
  const origin = `http://127.0.0.1:${server.port}`;
  const devTools = await own.newCDPSession(full);
  await devTools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 });
  await full.goto(`${origin}/`);
  await full.getByText('The browser did not keep the page for offline use.').waitFor({ timeout: 60_000 });
  expect(await full.getByText('Choose files').isVisible()).toBe(true);
  await own.close();
});

test('on localhost the second visit needs no network', { timeout: 240_000 }, async () => {
  const own = await browser.newContext();
  const first = await openPage(own, `http://localhost:${server.port}/`);
  await first.getByText('Works offline from now on.').waitFor({ timeout: 60_000 });
  await own.setOffline(true);
  const second = await own.newPage();
  await second.goto(`http://localhost:${server.port}/`);
  await chooseFiles(second, dicom);
  await second.waitForSelector(PREDICTED, { timeout: 200_000 });
  expect(await second.textContent('.verdict')).toBe(await page.textContent('.verdict'));
  await own.close();
});
