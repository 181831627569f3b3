// What goes wrong while a study is looked at: each is named in its place, and the rest works.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ctFile } from '../src/dicom/ct-fixture.ts';
import { readStudy } from '../src/study/index.ts';
import { BRAIN_WINDOW, type Volume } from '../src/volume/index.ts';
import { startBrowser } from './support/browser.ts';
import { openPagedService, type PagedService } from './support/paged-service.ts';
import { PLACED, placedFiles, placedHu } from './support/placed-head.ts';
import {
  claimGraphicsCard,
  loseGraphics,
  middleOfBright,
  PICTURE,
  pictureOf,
  shownSlice,
  worstDifference,
} from './support/shown-picture.ts';

const HEAD = { studyUid: '1.2.826.0.1.74' };
/** From 0. */
const BROKEN = 5;

let service: PagedService;
let browser: Browser;
let page: Page;
let study: string;
let volume: Volume;
const errors: string[] = [];

beforeAll(async () => {
  service = await openPagedService();
  const files = placedFiles(HEAD);
  study = await service.show(files, 0.93);
  ({ volume } = await readStudy(files));
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
/** Its pictures as they are in the files: square pixels, no map. */
const openPictures = async (): Promise<void> => {
  await openStudy(study);
  await page.locator(PICTURE).waitFor();
  for (const key of ['i', 'm']) await page.keyboard.press(key);
};
const goTo = async (slice: number): Promise<void> => {
  await page.keyboard.press('Home');
  for (let i = 0; i < slice; i++) await page.keyboard.press('ArrowUp');
  expect(await shownSlice(page)).toBe(slice);
};
/** Between the picture and the brain window of a slice of the files, grey levels at most. */
const differenceTo = async (slice: number): Promise<number> =>
  worstDifference(await pictureOf(page), volume, placedHu(HEAD, slice), BRAIN_WINDOW);

test.each([
  ['ends early', (whole: Buffer) => whole.subarray(0, whole.length - 3000)],
  ['is no DICOM any more', () => Buffer.from('the disk has lost this file')],
])('a slice whose file %s has an empty place, and moves no other', async (_, spoil) => {
  await openPage();
  await page.route(`**/objects/*.${BROKEN + 1}`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: spoil(await response.body()) });
  });
  await openPictures();
  await goTo(BROKEN);
  const told = page.locator('.notice[role=alert]');
  expect(await told.textContent()).toContain('This slice cannot be read now');
  const empty = await pictureOf(page);
  expect(() => middleOfBright(empty, 60)).toThrow('no pixel is as bright');
  expect(await page.textContent('.top-left')).toContain(`${BROKEN + 1} / ${PLACED.slices}`);
  for (const slice of [BROKEN - 1, BROKEN + 1]) {
    await goTo(slice);
    expect(await told.count()).toBe(0);
    expect(await differenceTo(slice)).toBeLessThanOrEqual(1);
    // A picture that had moved by one place would be seen
    expect(await differenceTo(slice + 1)).toBeGreaterThan(20);
  }
});

test('files that the service cannot give: the finding and its files stay, in words why', async () => {
  await openPage();
  await page.route('**/objects/*', (route) =>
    route.fulfill({ status: 503, json: { text: 'the disk is away' } }),
  );
  await page.route('**/api/worklist*', async (route) => {
    const { items } = await (await route.fetch()).json();
    const outside = ['the convolution kernel "H60f" did not occur in the reference period'];
    await route.fulfill({ json: { items: items.map((item: object) => ({ ...item, outside })) } });
  });
  await openStudy(study);
  const fault = page.locator('.fault[role=alert]');
  await fault.waitFor();
  expect(await fault.textContent()).toMatch(
    /^The pictures of this study cannot be shown\. .*the disk is away/,
  );
  expect(await page.textContent('.verdict')).toContain('Intracranial hemorrhage suspected');
  await page.locator('.findings .outside-note').getByText('H60f').waitFor();
  expect(await page.locator('.files a').allTextContents()).toContain('report.html');
  await page.keyboard.press('v');
  await page.locator('.files a').first().waitFor({ state: 'visible' });
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await page.locator(`[href="#study/${study}"]`).waitFor();
});

test('a study that is opened while the service is away says so in plain words, and comes when it is back', async () => {
  await openPage();
  await page.goto(`${service.url}/#list`);
  await page.locator(`[href="#study/${study}"]`).waitFor();
  // The worker's script too
  await page.context().setOffline(true);
  await page.evaluate(`location.hash = '#study/${study}'`);
  await page.getByText('The service does not answer. This study is asked for again by itself.').waitFor();
  expect(await page.locator('main').textContent()).not.toContain('Failed to fetch');
  await page.context().setOffline(false);
  await page.locator(PICTURE).waitFor();
  await page.locator('.slice-view[aria-busy=false]').waitFor();
});

test('slices that a broken network lost come when it is back, one that cannot be decoded does not', async () => {
  await openPage();
  let isBroken = true;
  await page.route('**/objects/*', async (route) => {
    if (
      route
        .request()
        .url()
        .endsWith(`.${BROKEN + 1}`)
    )
      return route.fulfill({ body: 'lost by the disk' });
    return isBroken ? route.abort() : route.continue();
  });
  await openStudy(study);
  const told = page.locator('.notice[role=alert]');
  await told.getByText('the slice is asked for again by itself').waitFor();
  isBroken = false;
  await told.waitFor({ state: 'detached' });
  await page.locator(PICTURE).waitFor();
  for (const key of ['i', 'm']) await page.keyboard.press(key);
  await goTo(BROKEN - 1);
  expect(await differenceTo(BROKEN - 1)).toBeLessThanOrEqual(1);
  await goTo(BROKEN);
  expect(await told.textContent()).toContain('This slice cannot be read now');
});

test('a graphics card that is lost in the middle: the same slice is drawn without it', async () => {
  await claimGraphicsCard(await openPage());
  await openPictures();
  await goTo(7);
  await loseGraphics(browser);
  await page.getByText('The graphics card was lost.').waitFor();
  await page.locator('.slice-view canvas[data-painter=canvas]').waitFor();
  expect(await shownSlice(page)).toBe(7);
  expect(await differenceTo(7)).toBeLessThanOrEqual(1);
});

test('a study whose images are removed while it is looked at stays; opened again, it says what is gone', async () => {
  await openPage();
  await openPictures();
  await page.locator('.slice-view[aria-busy=false]').waitFor();
  await service.archive.remove(study, 'test', 'retention');
  await goTo(3);
  expect(await differenceTo(3)).toBeLessThanOrEqual(1);
  await openPage();
  await openStudy(study);
  await page.getByText('The service does not keep the images of this study any more.').waitFor();
  expect(await page.textContent('.verdict')).toContain('Intracranial hemorrhage suspected');
});

test('the same where a dose report comes late, and its own files are there', async () => {
  const uids = { StudyInstanceUID: study, SeriesInstanceUID: `${study}.88`, SOPInstanceUID: `${study}.88.1` };
  const doseReport = { SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.67', Modality: 'SR' };
  await service.receive('', ctFile({ ...uids, ...doseReport }));
  const { objects } = (await service.app.inject(`/api/studies/${study}`)).json();
  expect(objects).toHaveLength(1);
  await openPage();
  await openStudy(study);
  await page.getByText('The service does not keep the images of this study any more.').waitFor();
  expect(await page.textContent('.verdict')).toContain('Intracranial hemorrhage suspected');
  expect(await page.locator('.files a').allTextContents()).toContain('report.html');
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
