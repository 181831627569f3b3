/**
 * Pages held to pictures of them that are kept, in both themes, on a reading room's screen and on a tablet. A kept picture has
 * an eighth of the page's width and height: a part that is missing, moved or of another colour is seen in it, the edges
 * of letters are not. After a change that was meant, look at the new pages and keep them:
 * `ICHOR_KEEP_PICTURES=1 npm run test:slow -- test/page-pictures.test.ts test/local-page.test.ts`
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type DecodedPng, decode, encode } from 'fast-png';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from './browser.ts';

/** Pages are taken as they are, in place of what was kept. */
export const IS_KEEPING = process.env.ICHOR_KEEP_PICTURES !== undefined;
const FOLDER = path.resolve(import.meta.dirname, '..', 'kept-pictures');
/** Where a page that has changed is put whole, to be looked at. */
const TO_LOOK_AT = path.resolve(import.meta.dirname, '..', '..', 'out', 'page-pictures');
const THEMES = ['dark', 'light'] as const;
const SIZES = [
  { width: 1280, height: 720 },
  { width: 768, height: 1024 },
] as const;
const SHRINK = 8;
const CHANNELS = 3;
/** Grey levels by which a pixel of the small picture may differ: of text, where it is drawn by another version of the browser. */
const LIKE = 24;
/** Share of pixels that may differ by more. */
export const MOST_CHANGED = 0.005;

/** Its pages are drawn with one font, and without the graphics card. */
export const startPictureBrowser = (args: readonly string[] = []): Promise<Browser> =>
  startBrowser(
    ['--enable-unsafe-swiftshader', '--font-render-hinting=none', '--force-color-profile=srgb', ...args],
    { FONTCONFIG_FILE: path.join(import.meta.dirname, 'fonts.conf') },
  );

export interface ComparedPicture {
  readonly picture: string;
  /** Of its pixels. */
  readonly changed: number;
  /** A page wider than the screen has to be pushed to and fro, CSS pixels. */
  readonly tooWide: number;
}

/** The page as it stands, at each size and in each theme. It is left at the first size, in the dark theme. */
export async function comparedPictures(page: Page, name: string): Promise<ComparedPicture[]> {
  const compared: ComparedPicture[] = [];
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const theme of THEMES) {
      await switchTo(page, theme);
      const picture = `${name}-${theme}-${size.width}x${size.height}.png`;
      compared.push({ picture, changed: await changedShare(page, picture), tooWide: await tooWide(page) });
    }
  }
  await page.setViewportSize(SIZES[0]);
  await switchTo(page, THEMES[0]);
  return compared;
}

async function switchTo(page: Page, theme: (typeof THEMES)[number]): Promise<void> {
  if ((await page.getAttribute('html', 'data-theme')) !== theme) await page.keyboard.press('t');
}

const tooWide = (page: Page): Promise<number> =>
  page.evaluate('Math.max(0, document.documentElement.scrollWidth - innerWidth)');

async function changedShare(page: Page, picture: string): Promise<number> {
  // The picture follows the new size by an observer, in the frame after it
  await page.evaluate('new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))');
  await page.locator('.slice-view[aria-busy=true]').first().waitFor({ state: 'detached' });
  const screen = await page.screenshot({ animations: 'disabled' });
  const small = shrunk(decode(screen));
  const file = path.join(FOLDER, picture);
  if (IS_KEEPING) await writeFile(file, encode(small));
  const changed = share(small, decode(await readFile(file)));
  if (changed > MOST_CHANGED || IS_KEEPING) {
    await mkdir(TO_LOOK_AT, { recursive: true });
    await writeFile(path.join(TO_LOOK_AT, picture), screen);
  }
  return changed;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly channels: 3;
}

/** Each pixel is the mean of a square. */
function shrunk({ width, height, channels, data }: DecodedPng): Picture {
  const [columns, rows] = [Math.floor(width / SHRINK), Math.floor(height / SHRINK)];
  const meanOf = (row: number, column: number, channel: number): number => {
    let sum = 0;
    for (let i = 0; i < SHRINK ** 2; i++) {
      const [y, x] = [row * SHRINK + Math.floor(i / SHRINK), column * SHRINK + (i % SHRINK)];
      sum += data[(y * width + x) * channels + channel] ?? 0;
    }
    return Math.round(sum / SHRINK ** 2);
  };
  const small = new Uint8Array(rows * columns * CHANNELS);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let channel = 0; channel < CHANNELS; channel++)
        small[(row * columns + column) * CHANNELS + channel] = meanOf(row, column, channel);
  return { width: columns, height: rows, channels: CHANNELS, data: small };
}

/** Of pixels that differ; all of them where the sizes do. */
function share(now: Picture, kept: DecodedPng): number {
  if (now.width !== kept.width || now.height !== kept.height || kept.channels !== CHANNELS) return 1;
  const pixels = now.width * now.height;
  let changed = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * CHANNELS;
    const isLike = [0, 1, 2].every(
      (channel) => Math.abs((now.data[from + channel] ?? 0) - (kept.data[from + channel] ?? 0)) <= LIKE,
    );
    changed += Number(!isLike);
  }
  return changed / pixels;
}
