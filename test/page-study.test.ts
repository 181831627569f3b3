// A reader's hands on a study's page: wheel, keys after a menu, an address, a verdict, a draft.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { headFiles } from './support/dicom-series.ts';
import { openPagedService, type PagedService } from './support/paged-service.ts';
import { PICTURE, pictureBox, shownSlice } from './support/shown-picture.ts';

let service: PagedService;
let browser: Browser;
let page: Page;
let study: string;

beforeAll(async () => {
  service = await openPagedService();
  study = await service.show(headFiles(), 0.93, (made) => ({
    ...made,
    slices: made.slices.map((slice, i) => ({
      ...slice,
      probabilities: { anyHemorrhage: i === 7 ? 0.95 : 0.02, epidural: i === 11 ? 0.84 : 0.02 },
    })),
  }));
  browser = await startBrowser(['--enable-unsafe-swiftshader']);
  page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await service?.close();
});

beforeEach(() => open());

let visits = 0;
async function open(): Promise<void> {
  visits++;
  await page.goto(`${service.url}/?visit=${visits}#study/${study}`);
  await page.locator(PICTURE).waitFor();
}

const frame = (): Promise<unknown> =>
  page.evaluate('new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))');

test('down is towards the base, by wheel as by key; small steps of a trackpad add up', async () => {
  const first = await shownSlice(page);
  await page.keyboard.press('ArrowDown');
  expect(await shownSlice(page)).toBe(first - 1);
  const { x, y, width, height } = await pictureBox(page);
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.wheel(0, 120);
  await expect.poll(() => shownSlice(page)).toBe(first - 2);
  for (let i = 0; i < 20; i++) await page.mouse.wheel(0, -3);
  await expect.poll(() => shownSlice(page)).toBe(first - 1);
  await frame();
  expect(await shownSlice(page)).toBe(first - 1);
});

test('keys of the picture are at work after the opacity was dragged, and beside a menu that has the focus', async () => {
  await page.locator('.toolbar input[type=range]').click();
  await page.keyboard.press('3');
  await page.locator('.top-right').getByText('480 / 2500 HU').waitFor();
  await page.keyboard.press('Home');
  await page.keyboard.press('n');
  expect(await shownSlice(page)).toBe(7);
  const menu = page.locator('.toolbar select');
  await menu.focus();
  await page.keyboard.press('1');
  await page.locator('.top-right').getByText('40 / 80 HU').waitFor();
  await page.keyboard.press('E');
  expect(await menu.inputValue()).toBe('epidural');
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  expect(await shownSlice(page)).toBe(11);
  expect(await page.textContent('.top-left')).toMatch(/epidural hemorrhageprobability 0\.84$/);
  await page.locator('.curve figcaption').getByText('Probability of epidural hemorrhage').waitFor();
});

test('the address of another slice leads there where the study is open', async () => {
  await page.goto(page.url().replace(/#.*/, `#study/${study}/20`));
  await expect.poll(() => shownSlice(page)).toBe(19);
  await page.goto(page.url().replace(/#.*/, `#study/${study}/99`));
  await frame();
  expect(await shownSlice(page)).toBe(19);
});

test('a comment that was not sent is there when the study is opened again, and gone from the store once it is sent', async () => {
  await page.keyboard.press('c');
  await page.keyboard.type('thin rim, left');
  await page.getByText('What you have set below is not sent yet.').waitFor();
  await page.goto(`${service.url}/#list`);
  await open();
  expect(await page.inputValue('#comment')).toBe('thin rim, left');
  await page.keyboard.press('a');
  await page.getByText(/^local user agreed, /).waitFor();
  await expect.poll(() => page.getByText('not sent yet').count()).toBe(0);
  expect(await page.evaluate('sessionStorage.length')).toBe(0);
});

test('who disagrees with a hemorrhage sees no subtype and no slice left; all slices can be said', async () => {
  const ticked = page.locator('.verdicts fieldset input:checked');
  expect(await ticked.count()).toBe(2);
  await page.keyboard.press('x');
  await page.keyboard.press('E');
  await page.keyboard.press('d');
  await page.getByText('That says that there is no hemorrhage').waitFor();
  await expect
    .poll(async () => [await ticked.count(), await page.locator('.curve .mark').count()])
    .toEqual([0, 0]);
  await page.keyboard.press('x');
  await page.keyboard.press('E');
  await page.keyboard.press('a');
  await page.getByText(/^local user agreed, /).waitFor();
  const { items } = (await service.app.inject(`/api/studies/${study}/verdicts`)).json();
  expect(items[0]).toMatchObject({ slices: ['1.2.826.0.1.1.2.8'], slicesComplete: true });
  expect(items[1]).not.toHaveProperty('slices');
});

test('a link to a slice that is not there says so, and one that is there does not', async () => {
  const note = page.getByText('The link names slice 999');
  expect(await note.count()).toBe(0);
  await page.goto(`${service.url}/?visit=far#study/${study}/999`);
  await note.waitFor();
  expect(await note.textContent()).toMatch(/^The link names slice 999, and this study has \d+\. /);
});
