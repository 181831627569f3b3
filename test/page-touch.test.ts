// A tablet: what fingers do to the list and to a study, by the touch events of a real browser.
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { headFiles } from './support/dicom-series.ts';
import { openPagedService, type PagedService } from './support/paged-service.ts';
import { middleOfBright, PICTURE, pictureBox, pictureOf, shownSlice } from './support/shown-picture.ts';

type Point = readonly [x: number, y: number];

let service: PagedService;
let browser: Browser;
let page: Page;
let devTools: CDPSession;
let study: string;
const errors: string[] = [];

beforeAll(async () => {
  service = await openPagedService();
  study = await service.show(headFiles(), 0.93);
  browser = await startBrowser(['--enable-unsafe-swiftshader']);
  const context = await browser.newContext({
    ...{ viewport: { width: 768, height: 1024 }, hasTouch: true, isMobile: true },
  });
  page = await context.newPage();
  page.setDefaultTimeout(200_000);
  page.on('pageerror', (error) => errors.push(error.message));
  devTools = await context.newCDPSession(page);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await service?.close();
});

const STEPS = 8;

/** Fingers that go together, each from a point to another, CSS pixels of the page. */
async function fingers(...ways: readonly (readonly [from: Point, to: Point])[]): Promise<void> {
  const touchPoints = (share: number) =>
    ways.map(([[x0, y0], [x1, y1]], id) => ({ id, x: x0 + share * (x1 - x0), y: y0 + share * (y1 - y0) }));
  await devTools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: touchPoints(0) });
  for (let step = 1; step <= STEPS; step++)
    await devTools.send('Input.dispatchTouchEvent', {
      type: 'touchMove',
      touchPoints: touchPoints(step / STEPS),
    });
  await devTools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

/** Two fingers beside the middle go together from so far off it to so far off it, CSS pixels. */
async function pinch(from: number, to: number): Promise<void> {
  const [x, y] = await middle();
  await fingers(
    [
      [x - from, y],
      [x - to, y],
    ],
    [
      [x + from, y],
      [x + to, y],
    ],
  );
}

async function middle(): Promise<Point> {
  const { x, y, width, height } = await pictureBox(page);
  return [x + width / 2, y + height / 2];
}

/** By the scale bar beside the picture. */
async function pxPerMm(): Promise<number> {
  const [path = '', text = ''] = await Promise.all([
    page.getAttribute('.marks .bar', 'd'),
    page.textContent('.marks text'),
  ]);
  return Number(/v-([\d.]+)/.exec(path ?? '')?.[1]) / Number.parseFloat(text ?? '');
}

test('a tap on a row opens the study', async () => {
  await page.goto(`${service.url}/#list`);
  await page.locator('a.row').first().tap();
  await page.locator(PICTURE).waitFor();
  expect(page.url()).toContain(study);
});

test('one finger scrolls the slices, and the page stays where it is', async () => {
  const before = await shownSlice(page);
  const [x, y] = await middle();
  await fingers([
    [x, y + 40],
    [x, y - 40],
  ]);
  expect(await shownSlice(page)).toBe(before + 10);
  await fingers([
    [x, y],
    [x, y + 40],
  ]);
  expect(await shownSlice(page)).toBe(before + 5);
  expect(await page.evaluate('scrollY + document.querySelector("main").scrollTop')).toBe(0);
});

test('a tap tells the HU of its place', async () => {
  const [x, y] = await middle();
  await page.touchscreen.tap(x, y);
  expect(await page.getAttribute('.bottom-right', 'data-probe')).toBe('33');
  await page.touchscreen.tap(x - (await pxPerMm()) * 120, y);
  expect(await page.getAttribute('.bottom-right', 'data-probe')).toBe('-1000');
});

test('two fingers move the picture', async () => {
  await page.getByRole('button', { name: 'bone', exact: true }).tap();
  const before = middleOfBright(await pictureOf(page), 128);
  const [x, y] = await middle();
  await fingers(
    [
      [x - 40, y],
      [x + 10, y + 30],
    ],
    [
      [x + 40, y],
      [x + 90, y + 30],
    ],
  );
  const after = middleOfBright(await pictureOf(page), 128);
  expect(after.x - before.x).toBeCloseTo(50, -0.5);
  expect(after.y - before.y).toBeCloseTo(30, -0.5);
});

test('two fingers apart zoom the picture and not the page, and change no slice', async () => {
  const [slice, before] = [await shownSlice(page), await pxPerMm()];
  await pinch(50, 100);
  expect((await pxPerMm()) / before).toBeCloseTo(2, 1);
  await pinch(100, 50);
  expect((await pxPerMm()) / before).toBeCloseTo(1, 1);
  expect(await shownSlice(page)).toBe(slice);
  expect(await page.evaluate('visualViewport.scale')).toBe(1);
});

test('a finger that stays when the other is lifted changes nothing', async () => {
  const slice = await shownSlice(page);
  const [x, y] = await middle();
  const at = (...points: readonly Point[]) => points.map(([px, py], id) => ({ id, x: px, y: py }));
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]) =>
    devTools.send('Input.dispatchTouchEvent', { type, touchPoints: at(...points) });
  await send('touchStart', [
    [x - 30, y],
    [x + 30, y],
  ]);
  await send('touchEnd', [[x - 30, y]]);
  await send('touchMove', [[x - 30, y + 60]]);
  await send('touchEnd', []);
  expect(await shownSlice(page)).toBe(slice);
});

test('a finger on the curve goes to the slice under it', async () => {
  const box = await page.locator('.curve .bars').boundingBox();
  if (box === null) throw new Error('the page shows no curve');
  const { x, y, width, height } = box;
  await page.touchscreen.tap(x + width - 3, y + height / 2);
  expect(await shownSlice(page)).toBe(27);
  await fingers([
    [x + width - 3, y + height / 2],
    [x + 3, y + height / 2],
  ]);
  expect(await shownSlice(page)).toBe(0);
});

test('none of it is an error', () => {
  expect(errors).toEqual([]);
});
