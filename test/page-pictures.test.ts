// The list, a study and the administrators' page, as pictures: held to those that are kept.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPhantom, phantomDicom } from '../src/phantom/index.ts';
import { headFiles, memoryFile } from './support/dicom-series.ts';
import { comparedPictures, IS_KEEPING, MOST_CHANGED, startPictureBrowser } from './support/kept-pictures.ts';
import { openPagedService, type PagedService } from './support/paged-service.ts';
import { PICTURE } from './support/shown-picture.ts';

/** Clocks stand still in the pictures. */
const NOW = '2025-06-01T10:00:00Z';
const CAME = '2025-06-01T09:48:00Z';

let service: PagedService;
let browser: Browser;
let page: Page;
let study: string;

beforeAll(async () => {
  service = await openPagedService();
  const phantom = createPhantom({
    seed: 2,
    bleeds: [{ subtype: 'intraparenchymal', volumeMl: 30 }],
    side: 256,
  });
  const files = [...phantomDicom(phantom)].map(({ name, bytes }) => memoryFile(name, bytes));
  study = await service.show(files, 0.93);
  for (const [i, probability] of [0.71, 0.12, 0.04].entries()) await service.show(another(i), probability);
  await service.take(another(3).slice(0, 1));
  browser = await startPictureBrowser();
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC' });
  page = await context.newPage();
  await page.clock.setFixedTime(NOW);
  await page.route('**/api/worklist*', async (route) => {
    const { items } = await (await route.fetch()).json();
    const times = ({ finishedAt }: { finishedAt?: string }) => ({
      receivedAt: CAME,
      ...(finishedAt !== undefined && { finishedAt: NOW }),
    });
    await route.fulfill({ json: { items: items.map((item: object) => ({ ...item, ...times(item) })) } });
  });
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await service?.close();
});

const another = (i: number) =>
  headFiles({ studyUid: `1.2.826.0.1.80.${i}`, seriesUid: `1.2.826.0.1.80.${i}.1`, slices: 12, stepMm: 10 });

test.each([
  ['list', 'list', 'a.row >> nth=4'],
  ['study', 'study', PICTURE],
  ['administration', 'admin', '.admin'],
])('the %s looks as it was kept', { timeout: 120_000 }, async (name, hash, shown) => {
  await page.goto(`${service.url}/#${hash === 'study' ? `study/${study}` : hash}`);
  await page.locator(shown).waitFor({ timeout: 100_000 });
  for (const { picture, changed, tooWide } of await comparedPictures(page, name)) {
    expect(changed, picture).toBeLessThanOrEqual(MOST_CHANGED);
    expect(tooWide, picture).toBe(0);
  }
});

test.skipIf(IS_KEEPING)(
  'a part that is missing, another colour and a picture that moved would be seen',
  async () => {
    await page.goto(`${service.url}/#study/${study}`);
    await page.locator(PICTURE).waitFor({ timeout: 100_000 });
    for (const spoil of [
      `document.querySelector('.findings .verdict').style.visibility = 'hidden'`,
      `document.querySelector('.toolbar').style.marginTop = '12px'`,
      `document.documentElement.style.setProperty('--panel', '#404850')`,
    ]) {
      await page.evaluate(spoil);
      const [first] = await comparedPictures(page, 'study');
      expect(first?.changed, spoil).toBeGreaterThan(MOST_CHANGED);
      await page.reload();
      await page.locator(PICTURE).waitFor({ timeout: 100_000 });
    }
  },
);
