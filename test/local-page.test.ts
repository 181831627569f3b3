// The page without a server, built and used as a person does: in Chromium, under the name of a plain http host, and on localhost.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Prediction } from '../src/prediction/index.ts';
import { openModel, readStudy } from '../src/service/index.ts';
import type { AcceptedStudy } from '../src/study/index.ts';
import { BRAIN_WINDOW, sliceHu } from '../src/volume/index.ts';
import { buildLocalPage } from '../web/build-pages.config.ts';
import { startBrowser } from './support/browser.ts';
import { downloadedText, filesUnder, probabilitiesOf } from './support/local-page.ts';
import { servePages } from './support/page-server.ts';
import { writePhantomStudy } from './support/phantom-study.ts';
import {
  fittedPlane,
  PICTURE as PREDICTED,
  pictureBox,
  pictureOf,
  shownSlice,
  worstDifference,
} from './support/shown-picture.ts';

/** A name that is not localhost: the page is no secure context, as on a hospital's plain http. */
const HOST = 'ichor.test';
/** Compressed; the viewer with its list. */
const MOST_VIEWER_BYTES = 300_000;

const folder = mkdtempSync(path.join(tmpdir(), 'ichor-local-'));
const built = path.join(folder, 'built');
const dicom = path.join(folder, 'study');
let [browser, server, context, page]: [
  Browser,
  Awaited<ReturnType<typeof servePages>>,
  BrowserContext,
  Page,
] = [] as never;
let study: AcceptedStudy;
let ours: Prediction;
const [said, requests]: [string[], string[]] = [[], []];

beforeAll(async () => {
  await buildLocalPage(built);
  await writePhantomStudy(dicom);
  server = await servePages(await filesUnder(built));
  browser = await startBrowser([
    `--host-resolver-rules=MAP ${HOST} 127.0.0.1`,
    '--enable-unsafe-swiftshader',
  ]);
  context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  page = await openPage(context, `http://${HOST}:${server.port}/`);
  await choose(page, dicom);
  study = await readStudy(dicom);
  const model = await openModel({ device: 'cpu' });
  ours = (await model.predict(study, { heatMaps: false })).prediction;
  await model.close();
  await page.waitForSelector(PREDICTED, { timeout: 240_000 });
}, 300_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true });
});

async function openPage(of: BrowserContext, address: string): Promise<Page> {
  const opened = await of.newPage();
  opened.on('console', (message) => {
    // Of the software driver, whenever a picture of the page is taken
    if (!message.text().includes('GPU stall')) said.push(message.text());
  });
  opened.on('pageerror', (error) => said.push(error.message));
  opened.on('request', (request) => requests.push(request.url()));
  await opened.goto(address);
  return opened;
}

const choose = (on: Page, from: string): Promise<void> =>
  on.setInputFiles(
    'input[type=file] >> nth=0',
    readdirSync(from).map((name) => path.join(from, name)),
  );

test('the viewer is small; the engine and the model are fetched apart', () => {
  const assets = readdirSync(path.join(built, 'assets')).filter((name) => /^index.*\.(js|css)$/.test(name));
  const bytes = assets.reduce(
    (sum, name) => sum + gzipSync(readFileSync(path.join(built, 'assets', name)), { level: 9 }).length,
    0,
  );
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

test('nothing leaves the page, and it breaks no rule of its policy', () => {
  expect(requests.length).toBeGreaterThan(4);
  expect(requests.filter((url) => !/^(blob:)?http:\/\/ichor\.test:/.test(url))).toEqual([]);
  expect(said).toEqual([]);
});

test('the shown slice is the most suspicious one, its number and window stand on it', async () => {
  const probabilities = ours.slices.map(({ probabilities: { anyHemorrhage = 0 } }) => anyHemorrhage);
  const top = probabilities.indexOf(Math.max(...probabilities));
  expect(await page.textContent('.top-left')).toContain(`Slice ${top + 1} / ${ours.slices.length}`);
  expect(await page.textContent('.top-right')).toBe('brain40 / 80 HU');
  expect(await page.locator('.side').allTextContents()).toEqual(['R', 'L', 'A', 'P']);
});

test.each(['webgl2', 'canvas'])(
  'by %s, a shown pixel is the window of the HU that was predicted',
  async (kind) => {
    if (kind === 'canvas') {
      await page.$eval(PREDICTED, (canvas) => {
        const drawn = canvas as unknown as {
          getContext(name: string): { getExtension(name: string): { loseContext(): void } };
        };
        drawn.getContext('webgl2').getExtension('WEBGL_lose_context').loseContext();
      });
      await page.getByText('The graphics card was lost.').waitFor();
    } else {
      await page.keyboard.press('i');
      await page.keyboard.press('m');
    }
    expect(await page.getAttribute('.slice-view canvas', 'data-painter')).toBe(kind);
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

test('every action has a key, and ? lists it', async () => {
  await page.keyboard.press('?');
  const listed = (await page.locator('.keys').textContent()) ?? '';
  for (const words of [
    'one slice up',
    'next suspicious slice',
    'heat map on or off',
    'drag measures a length',
  ])
    expect(listed).toContain(words);
  await page.keyboard.press('Escape');
  expect(await page.locator('dialog').isVisible()).toBe(false);
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
  expect(await page.locator('.studies > li').count()).toBe(2);
});

test('on localhost the second visit needs no network', { timeout: 240_000 }, async () => {
  const own = await browser.newContext();
  const first = await openPage(own, `http://localhost:${server.port}/`);
  await first.getByText('Works offline from now on.').waitFor({ timeout: 60_000 });
  await own.setOffline(true);
  const second = await own.newPage();
  await second.goto(`http://localhost:${server.port}/`);
  await choose(second, dicom);
  await second.waitForSelector(PREDICTED, { timeout: 200_000 });
  expect(await second.textContent('.verdict')).toBe(await page.textContent('.verdict'));
  await own.close();
});
