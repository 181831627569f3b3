// What goes wrong while a study is looked at: each is named in its place, and the rest works.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { headFiles } from './support/dicom-series.ts';
import { openPagedService, type PagedService } from './support/paged-service.ts';
import { middleOfBright, PICTURE, pictureOf, shownSlice } from './support/shown-picture.ts';

const SLICES = 12;
const SERIES = { slices: SLICES, stepMm: 10, attributes: { SliceThickness: 10 } };
/** From 0. */
const BROKEN = 5;

let service: PagedService;
let browser: Browser;
let page: Page;
let study: string;
const errors: string[] = [];

beforeAll(async () => {
  service = await openPagedService();
  study = await service.show(headFiles(SERIES), 0.93);
  browser = await startBrowser(['--enable-unsafe-swiftshader']);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await service?.close();
});

async function openPage(): Promise<Page> {
  await page?.close();
  page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.setDefaultTimeout(200_000);
  page.on('pageerror', (error) => errors.push(error.message));
  return page;
}
const openStudy = async (uid: string): Promise<void> => {
  await page.goto(`${service.url}/#study/${uid}`);
};
const goTo = async (slice: number): Promise<void> => {
  await page.keyboard.press('Home');
  for (let i = 0; i < slice; i++) await page.keyboard.press('ArrowUp');
  expect(await shownSlice(page)).toBe(slice);
};
const brightest = async (): Promise<number> => {
  const picture = await pictureOf(page);
  return middleOfBright(picture, 60).y;
};

test.each([
  ['ends early', (whole: Buffer) => whole.subarray(0, whole.length - 3000)],
  ['is no DICOM any more', () => Buffer.from('the disk has lost this file')],
])('a slice whose file %s has an empty place, and moves no other', async (_, spoil) => {
  await openPage();
  await page.route(`**/objects/*.${BROKEN + 1}`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: spoil(await response.body()) });
  });
  await openStudy(study);
  await page.locator(PICTURE).waitFor();
  await page.keyboard.press('m');
  await goTo(BROKEN);
  const told = page.locator('.notice[role=alert]');
  expect(await told.textContent()).toContain('This slice cannot be read now');
  await expect(brightest()).rejects.toThrow('no pixel is as bright');
  expect(await page.textContent('.top-left')).toContain(`${BROKEN + 1} / ${SLICES}`);
  for (const slice of [BROKEN - 1, BROKEN + 1]) {
    await goTo(slice);
    expect(await told.count()).toBe(0);
    expect(await brightest()).toBeGreaterThan(0);
  }
});

test('files that the service cannot give: the finding and its files stay, in words why', async () => {
  await openPage();
  await page.route('**/objects/*', (route) =>
    route.fulfill({ status: 503, json: { text: 'the disk is away' } }),
  );
  await openStudy(study);
  const fault = page.locator('.fault[role=alert]');
  await fault.waitFor();
  expect(await fault.textContent()).toMatch(
    /^The pictures of this study cannot be shown\. .*the disk is away/,
  );
  expect(await page.textContent('.verdict')).toContain('Intracranial hemorrhage suspected');
  expect(await page.locator('.files a').allTextContents()).toContain('report.html');
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await page.locator(`[href="#study/${study}"]`).waitFor();
});

test('a graphics card that is lost in the middle: the same slice is drawn without it', async () => {
  await openPage();
  await openStudy(study);
  await page.locator(PICTURE).waitFor();
  await goTo(7);
  await page.evaluate(
    `document.querySelector('${PICTURE}').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()`,
  );
  await page.getByText('The graphics card was lost.').waitFor();
  expect(await page.getAttribute(PICTURE, 'data-painter')).toBe('canvas');
  expect(await shownSlice(page)).toBe(7);
  expect(await brightest()).toBeGreaterThan(0);
});

test('a study whose images are removed while it is looked at stays; opened again, it says what is gone', async () => {
  await openPage();
  await openStudy(study);
  await page.locator(PICTURE).waitFor();
  await service.archive.remove(study, 'test', 'retention');
  await goTo(3);
  expect(await brightest()).toBeGreaterThan(0);
  await openPage();
  await openStudy(study);
  await page.getByText('The service does not keep the images of this study any more.').waitFor();
  expect(await page.textContent('.verdict')).toContain('Intracranial hemorrhage suspected');
});

test('a study that the service never had is named, and the list is one step away', async () => {
  await openPage();
  await openStudy('1.2.3.4');
  const fault = page.locator('main .fault[role=alert]');
  await fault.waitFor();
  expect((await fault.textContent())?.length).toBeGreaterThan(20);
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await page.locator('a.row').first().waitFor();
});

test('none of it is an error that nobody expected', () => {
  expect(errors).toEqual([]);
});
