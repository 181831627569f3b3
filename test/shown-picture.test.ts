// What the page shows of a study: the HU of its files in each encoding, lengths in mm, the patient's sides.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StudyFile } from '../src/base/index.ts';
import { readFileMeta } from '../src/dicom/index.ts';
import { readStudy } from '../src/study/index.ts';
import { BRAIN_WINDOW, type DisplayWindow, sliceHu } from '../src/volume/index.ts';
import { startBrowser } from './support/browser.ts';
import { memoryFile } from './support/dicom-series.ts';
import { openPagedService, type PagedService } from './support/paged-service.ts';
import {
  type Direction,
  distance,
  type PlacedHead,
  placedFiles,
  placedHu,
  placeOf,
} from './support/placed-head.ts';
import { createPlaces } from './support/places.ts';
import {
  claimGraphicsCard,
  middleOfBright,
  PICTURE,
  pictureBox,
  pictureOf,
  shownSlice,
  worstDifference,
} from './support/shown-picture.ts';

const run = promisify(execFile);

/** By tools of others: the UID's end, the command, how many HU it loses at most (measured, rounded up). */
const ENCODINGS = [
  ['1.2', 'dcmconv', ['+ti'], 0],
  ['1.2.1', undefined, [], 0],
  ['1.2.1.99', 'dcmconv', ['+td'], 0],
  ['1.2.2', 'dcmconv', ['+tb'], 0],
  ['1.2.5', 'dcmcrle', [], 0],
  ['1.2.4.51', 'dcmcjpeg', ['+ee', '+bt'], 20],
  ['1.2.4.57', 'dcmcjpeg', ['+el'], 0],
  ['1.2.4.70', 'dcmcjpeg', ['+e1'], 0],
  ['1.2.4.80', 'dcmcjpls', ['+el'], 0],
  ['1.2.4.81', 'dcmcjpls', ['+en', '+md', '2'], 2],
  ['1.2.4.90', 'gdcmconv', ['--j2k'], 0],
  ['1.2.4.91', 'gdcmconv', ['--lossy', '--j2k', '-r', '8'], 70],
] as const;
/** The slice that most is looked at on, from 0, and where it lies over the middle of the head. */
const SHOWN = 6;
const SHOWN_MM = 5;
const DICOM_ROOT = '1.2.840.10008.';
const BONE_VIEW: DisplayWindow = { name: 'bone', centerHu: 480, widthHu: 2500 };

const STUDIES = ENCODINGS.map(([ending], i) => ({ ending, head: { studyUid: `1.2.826.0.1.70.${i + 1}` } }));
const cos = (degrees: number) => Math.cos((degrees * Math.PI) / 180);
const sin = (degrees: number) => Math.sin((degrees * Math.PI) / 180);

type Lying = Pick<PlacedHead, 'rowDirection' | 'columnDirection'>;

/** What the reader takes, up to 45 degrees from axial: where rows run, where columns run. */
const LYING: readonly (readonly [string, Direction, Direction])[] = [
  ['supine, head first', [1, 0, 0], [0, 1, 0]],
  ['supine, seen from the head as a feet-first scan is', [-1, 0, 0], [0, 1, 0]],
  ['prone', [-1, 0, 0], [0, -1, 0]],
  ['upside down', [1, 0, 0], [0, -1, 0]],
  ['on the right side', [0, 1, 0], [-1, 0, 0]],
  ['on the left side', [0, -1, 0], [1, 0, 0]],
  ['leaning towards coronal', [1, 0, 0], [0, cos(40), -sin(40)]],
  ['leaning towards sagittal', [cos(40), 0, sin(40)], [0, 1, 0]],
];
/** A place of the shown slice that lies left and anterior of its middle, whichever way the slice lies. */
function leftAnterior({ rowDirection = [1, 0, 0], columnDirection = [0, 1, 0] }: Lying): Direction {
  const [x, y] = [50, -40];
  const area = rowDirection[0] * columnDirection[1] - columnDirection[0] * rowDirection[1];
  const along = (x * columnDirection[1] - y * columnDirection[0]) / area;
  const down = (y * rowDirection[0] - x * rowDirection[1]) / area;
  return [x, y, SHOWN_MM + along * rowDirection[2] + down * columnDirection[2]];
}
const turned = LYING.map(([, rowDirection, columnDirection], i): PlacedHead => {
  const lying = { rowDirection, columnDirection };
  return { studyUid: `1.2.826.0.1.71.${i + 1}`, ...lying, ballsMm: [leftAnterior(lying)] };
});
/** Two balls in one tilted plane, as a gantry tilts it. */
const TILT: PlacedHead = {
  studyUid: '1.2.826.0.1.72.1',
  columnDirection: [0, cos(22), -sin(22)],
  ballsMm: [],
};
const ENDS = [
  [20, 25],
  [77, 83],
] as const;
const tilted: PlacedHead = {
  ...TILT,
  ballsMm: ENDS.map(([row, column]) => placeOf(TILT, SHOWN, row, column)),
};

let service: PagedService;
const place = createPlaces('encoded');
const filesOf = new Map<string, readonly StudyFile[]>();

beforeAll(async () => {
  service = await openPagedService({ page: { map: false } });
  for (const [i, [ending, command, options]] of ENCODINGS.entries()) {
    const { head } = STUDIES[i] ?? {};
    if (head === undefined) throw new Error(`no study for ${ending}`);
    const files = await encoded(placedFiles(head), command, options);
    filesOf.set(ending, files);
    expect(await service.show(files, 0.9)).toBe(head.studyUid);
  }
  for (const head of [...turned, tilted]) await service.show(placedFiles(head), 0.9);
}, 240_000);

afterAll(async () => {
  await service?.close();
});

async function encoded(
  files: readonly StudyFile[],
  command: string | undefined,
  options: readonly string[],
): Promise<readonly StudyFile[]> {
  if (command === undefined) return files;
  const folder = await place();
  return Promise.all(
    files.map(async (file) => {
      const [from, to] = [path.join(folder, file.path), path.join(folder, `${file.path}.out`)];
      await writeFile(from, await file.read());
      await run(command, [...options, from, to]);
      return memoryFile(file.path, await readFile(to));
    }),
  );
}

/** Square pixels, no map, the 7th slice from the base. */
async function open(page: Page, study: string): Promise<void> {
  // Two studies differ in the hash alone, which loads no page
  await page.goto('about:blank');
  await page.goto(`${service.url}/#study/${study}`);
  await page.locator(PICTURE).waitFor();
  for (const key of ['i', 'Home', 'PageUp', 'ArrowUp']) await page.keyboard.press(key);
  expect(await shownSlice(page)).toBe(SHOWN);
}

const VIEWPORT = { viewport: { width: 1024, height: 700 } };

describe.each([
  ['webgl2', true],
  ['canvas', false],
])('drawn by %s', (painter, isCardClaimed) => {
  let browser: Browser;
  let page: Page;
  const said: string[] = [];

  beforeAll(async () => {
    browser = await startBrowser(['--enable-unsafe-swiftshader']);
    page = await browser.newPage(VIEWPORT);
    if (isCardClaimed) await claimGraphicsCard(page);
    page.setDefaultTimeout(200_000);
    page.on('console', (message) => {
      if (!message.text().includes('GPU stall')) said.push(message.text());
    });
    page.on('pageerror', (error) => said.push(error.message));
  });
  afterAll(() => browser?.close());

  test.each(ENCODINGS.map(([ending, , , mostLostHu], i) => [ending, mostLostHu, i] as const))(
    '%s: a pixel is the window of the HU, of which %d at most are lost',
    async (ending, mostLostHu, i) => {
      const files = filesOf.get(ending) ?? [];
      const [first] = files;
      if (first === undefined) throw new Error('the study has no file');
      const { transferSyntaxUid } = readFileMeta(await first.read(), { where: ending });
      expect(transferSyntaxUid).toBe(`${DICOM_ROOT}${ending}`);
      const { volume } = await readStudy(files);
      const head = STUDIES[i]?.head ?? { studyUid: '' };
      await open(page, head.studyUid);
      expect(await page.getAttribute(PICTURE, 'data-painter')).toBe(painter);
      for (const [key, displayWindow, step] of [
        ['1', BRAIN_WINDOW, 'ArrowUp'],
        ['3', BONE_VIEW, 'ArrowDown'],
      ] as const) {
        await page.keyboard.press(key);
        await page.keyboard.press(step);
        const slice = await shownSlice(page);
        const made = placedHu(head, slice);
        const read = sliceHu(volume, slice);
        const lost = Math.max(...read.map((hu, at) => Math.abs(hu - (made[at] ?? 0))));
        expect(lost).toBeLessThanOrEqual(mostLostHu);
        expect(lost > 0).toBe(mostLostHu > 0);
        const shown = await pictureOf(page);
        expect(worstDifference(shown, volume, read, displayWindow, 500)).toBeLessThanOrEqual(1);
      }
    },
  );

  test('the page says nothing on its console', () => {
    expect(said).toEqual([]);
  });
});

describe('in the patient', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await startBrowser(['--enable-unsafe-swiftshader']);
    page = await browser.newPage(VIEWPORT);
    page.setDefaultTimeout(200_000);
  });
  afterAll(() => browser?.close());

  test('a length on a tilted slice is that in the patient, zoomed or not', async () => {
    await open(page, tilted.studyUid);
    await page.keyboard.press('3');
    const [from, to] = tilted.ballsMm ?? [];
    if (from === undefined || to === undefined) throw new Error('two balls were expected');
    const trueMm = distance(from, to);
    await page.keyboard.press('l');
    for (const zoom of [[], ['+']]) {
      for (const key of zoom) await page.keyboard.press(key);
      const picture = await pictureOf(page);
      const half = picture.width / 2;
      const ends = [middleOfBright(picture, 254, 0, half), middleOfBright(picture, 254, half)];
      const box = await pictureBox(page);
      const [start, end] = ends.map(({ x, y }) => ({ x: box.x + x, y: box.y + y }));
      if (start === undefined || end === undefined) throw new Error('two ends were expected');
      await page.mouse.move(start.x, start.y);
      await page.mouse.down();
      await page.mouse.move(end.x, end.y, { steps: 3 });
      await page.mouse.up();
      const measured = Number.parseFloat((await page.textContent('.length')) ?? '');
      expect(Math.abs(measured / trueMm - 1)).toBeLessThan(0.005);
    }
  });

  test.each(LYING.map(([name], i) => [name, i] as const))('the letters name the sides: %s', async (_, i) => {
    await open(page, turned[i]?.studyUid ?? '');
    await page.keyboard.press('3');
    const letters = await page.$$eval('.side', (all) =>
      Object.fromEntries(all.map((one) => [String(one.className).replace('side ', ''), one.textContent])),
    );
    const picture = await pictureOf(page);
    const ball = middleOfBright(picture, 254);
    const beside = [
      letters[ball.x < picture.width / 2 ? 'left' : 'right'],
      letters[ball.y < picture.height / 2 ? 'top' : 'bottom'],
    ];
    expect(beside.toSorted()).toEqual(['A', 'L']);
    expect(Object.values(letters).toSorted()).toEqual(['A', 'L', 'P', 'R']);
  });
});
