/** The picture of a slice as it stands on the screen, and what of the volume each of its pixels should show. */
import { decode } from 'fast-png';
import type { Browser, Page } from 'playwright-core';
import type { DisplayWindow, Volume } from '../../src/volume/index.ts';

export const PICTURE = '.slice-view canvas[data-painter]';

export interface ShownPicture {
  /** Pixels of the canvas. */
  readonly width: number;
  readonly height: number;
  /** From 0 to 255. */
  greyAt(x: number, y: number): number;
}

/** The driver is gone in the middle of its work, as a real one is now and then. */
export async function loseGraphics(browser: Browser): Promise<void> {
  const devTools = await browser.newBrowserCDPSession();
  await devTools.send('Browser.crashGpuProcess');
  await devTools.detach();
}

/** To be called before the page is opened: a driver that draws in software passes for a graphics card, so that WebGL2 is tested. */
export const claimGraphicsCard = (page: Page): Promise<unknown> =>
  page.route(/graphics-worker.*\.js/, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: 'postMessage(true)' }),
  );

/** Without what stands on it. */
export async function pictureOf(page: Page): Promise<ShownPicture> {
  await setMarks(page, 'hidden');
  const screen = decode(await page.screenshot());
  await setMarks(page, '');
  const { x: left, y: top, width, height } = await pictureBox(page);
  const [x0, y0] = [Math.round(left), Math.round(top)];
  const greyAt = (x: number, y: number): number =>
    screen.data[((y0 + y) * screen.width + x0 + x) * screen.channels] ?? Number.NaN;
  return { width, height, greyAt };
}

const setMarks = (page: Page, visibility: string): Promise<void> =>
  page.$$eval(
    '.slice-view > :not(canvas)',
    (all, value) => {
      for (const one of all)
        Object.assign((one as unknown as { style: object }).style, { visibility: value });
    },
    visibility,
  );

/** What the picture is drawn in, on the page, CSS pixels; as the page itself takes it, whole ones. */
export async function pictureBox(page: Page) {
  const box = await page.locator('.slice-view').first().boundingBox();
  if (box === null) throw new Error('the page shows no picture');
  return { ...box, width: Math.floor(box.width), height: Math.floor(box.height) };
}

/** From 0, inferior first. */
export async function shownSlice(page: Page): Promise<number> {
  const corner = (await page.textContent('.top-left')) ?? '';
  return Number(/Slice (\d+)/.exec(corner)?.[1]) - 1;
}

type Plane = Pick<Volume, 'rows' | 'columns' | 'geometry'>;

/** Where the slice lies when it fills the window: as wide and as high as it is in mm. */
export function fittedPlane(
  { rows, columns, geometry }: Plane,
  { width, height }: Pick<ShownPicture, 'width' | 'height'>,
) {
  const { row, column } = geometry.pixelSpacingMm;
  const pxPerMm = Math.min(width / (columns * column), height / (rows * row));
  return {
    pxPerMm,
    left: (width - columns * column * pxPerMm) / 2,
    top: (height - rows * row * pxPerMm) / 2,
    pxPerRow: row * pxPerMm,
    pxPerColumn: column * pxPerMm,
  };
}

/** A linear window: black at its lower end, white at its upper one. */
const greyOf = (hu: number, { centerHu, widthHu }: DisplayWindow): number =>
  255 * Math.min(1, Math.max(0, (hu - centerHu) / widthHu + 0.5));

/** Nearer to the edge of a voxel, either one may be drawn; voxels. */
const EDGE = 0.02;

/** At `points` pixels: the largest difference to the window of the HU of the slice, grey levels. */
export function worstDifference(
  picture: ShownPicture,
  plane: Plane,
  hu: Int16Array,
  displayWindow: DisplayWindow,
  points = 1000,
): number {
  const { left, top, pxPerRow, pxPerColumn } = fittedPlane(plane, picture);
  let [worst, sampled] = [0, 0];
  for (let i = 0; sampled < points; i++) {
    const [x, y] = [(i * 7919) % picture.width, (i * 104_729) % picture.height];
    const [column, row] = [(x + 0.5 - left) / pxPerColumn, (y + 0.5 - top) / pxPerRow];
    if (row < 0 || column < 0 || row >= plane.rows || column >= plane.columns) continue;
    if ([row, column].some((place) => Math.abs(place - Math.round(place)) < EDGE)) continue;
    sampled++;
    const expected = greyOf(hu[Math.floor(row) * plane.columns + Math.floor(column)] ?? 0, displayWindow);
    worst = Math.max(worst, Math.abs(picture.greyAt(x, y) - expected));
  }
  return worst;
}

/** The middle of all pixels of at least this grey, pixels of the canvas. */
export function middleOfBright({ width, height, greyAt }: ShownPicture, grey: number, from = 0, to = width) {
  let [x, y, pixels] = [0, 0, 0];
  for (let i = Math.round(from); i < Math.round(to); i++)
    for (let j = 0; j < height; j++)
      if (greyAt(i, j) >= grey) {
        x += i + 0.5;
        y += j + 0.5;
        pixels++;
      }
  if (pixels === 0) throw new Error(`no pixel is as bright as ${grey}`);
  return { x: x / pixels, y: y / pixels };
}
