import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';
import { run } from './tools.ts';

const VERSION = '3.13.2';
const CACHE = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'ichor');

/** The built OHIF as npm has it, 200 MB: fetched once into a cache outside the tree, as Ichor does not depend on it. */
export async function ohifFolder(): Promise<string> {
  const folder = path.join(CACHE, `ohif-${VERSION}`);
  const built = path.join(folder, 'package', 'dist');
  if (existsSync(built)) return built;
  await mkdir(CACHE, { recursive: true });
  const draft = await mkdtemp(path.join(CACHE, 'draft-'));
  await run('npm', ['pack', `@ohif/app@${VERSION}`, '--loglevel=error', '--pack-destination', draft]);
  await run('tar', ['xzf', path.join(draft, `ohif-app-${VERSION}.tgz`), '-C', draft]);
  if (!existsSync(path.join(draft, 'package', 'dist')))
    throw new Error(`@ohif/app ${VERSION}, as npm has it, holds no folder dist`);
  await rename(draft, folder);
  return built;
}

/** A study in OHIF, and all that the page said of errors since it was opened. */
export interface OpenedStudy {
  readonly page: Page;
  readonly errors: readonly string[];
}

/** Opens a study in a new page, its tour taken; its first slice is on show when it is given. Pages of one context share what they load. */
export async function openInOhif(
  context: BrowserContext,
  address: string,
  study: string,
): Promise<OpenedStudy> {
  const page = await context.newPage();
  await page.addInitScript(`localStorage.setItem('shownTours', '["basicViewerTour"]')`);
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', ({ message }) => errors.push(message));
  page.setDefaultTimeout(LONGEST_MS);
  await page.goto(`${address}/ohif/viewer?StudyInstanceUIDs=${study}`, { waitUntil: 'commit' });
  await page.getByText('Confirm and hide').click();
  await page.waitForFunction(`${VIEWPORT}?.getImageIds?.().length > 0`);
  return { page, errors };
}
const LONGEST_MS = 300_000;

const VIEWPORT =
  'window.services?.cornerstoneViewportService.getCornerstoneViewport(window.services.viewportGridService.getState().activeViewportId)';

/** Opens the segmentation, as a reader does. */
export async function showSegmentation({ page }: OpenedStudy): Promise<void> {
  await page.getByText('SEG', { exact: true }).last().dblclick();
  await page.waitForFunction(`(() => {
    const id = window.services.viewportGridService.getState().activeViewportId;
    const shown = window.services.segmentationService.getSegmentationRepresentations(id);
    return shown.length > 0 && ${VIEWPORT}?.getImageIds?.().length > 0;
  })()`);
}

/** Opens the report, as a reader does, then its elements; gives the values of those that are so named. */
export async function printReport({ page }: OpenedStudy, keyword: string): Promise<string[]> {
  await page.getByText('SR', { exact: true }).dblclick();
  await page.evaluate(`(() => {
    const report = services.displaySetService.getActiveDisplaySets().find(({ Modality }) => Modality === 'SR');
    commandsManager.runCommand('openDICOMTagViewer', { displaySetInstanceUID: report.displaySetInstanceUID });
  })()`);
  await page.getByPlaceholder('Search metadata').fill(keyword);
  const named = page.getByText(keyword, { exact: true });
  await named.first().waitFor();
  return Promise.all((await named.all()).map((one) => one.locator('..').innerText()));
}

/** A slice on show: where its coloured pixels are, in patient millimetres, and the area of one. */
const colouredSchema = z.array(
  z.object({ uid: z.string(), points: z.array(z.array(z.number())), mm2: z.number() }),
);

/** A slice that is to be coloured is waited for so long. */
const COLOURED_MS = 60_000;

/**
 * Of each slice of the series on show, or of those asked for, every fourth pixel of every fourth row: as soon as it stays
 * the same, and of those that are to be coloured, is.
 */
export async function colouredSlices(
  { page }: OpenedStudy,
  { only, coloured = [] }: { readonly only?: readonly string[]; readonly coloured?: readonly string[] } = {},
) {
  const asked = JSON.stringify({ only, coloured });
  return colouredSchema.parse(await page.evaluate(`${COLOURED}(${asked})`));
}
const STEP = 4;
const COLOURED = `(async ({ only, coloured }) => {
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const seen = (viewport) => {
    const canvas = viewport.getCanvas();
    const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const scale = canvas.width / canvas.clientWidth;
    const points = [];
    for (let y = 0; y < height; y += ${STEP}) for (let x = 0; x < width; x += ${STEP}) {
      const [r, g, b] = data.subarray(4 * (y * width + x));
      if (Math.max(r, g, b) - Math.min(r, g, b) >= 24) points.push([...viewport.canvasToWorld([x / scale, y / scale])]);
    }
    const [a, b] = [[0, 0], [${STEP} / scale, 0]].map((place) => viewport.canvasToWorld(place));
    return { points, mm2: (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2 };
  };
  const told = [];
  for (const [i, id] of ${VIEWPORT}.getImageIds().entries()) {
    const uid = id.match(/instances\\/([0-9.]+)/)[1];
    if (only !== undefined && !only.includes(uid)) continue;
    let viewport;
    // A segmentation that has just been opened gets a viewport of its own, and the one before goes
    const isAnother = () => ${VIEWPORT}?.getImageIds?.().length > 0 && ${VIEWPORT} !== viewport;
    const show = async () => {
      viewport = ${VIEWPORT};
      await viewport.setImageIdIndex(i);
      viewport.render();
    };
    await show();
    // A slice is drawn, then what lies over it
    const until = performance.now() + ${COLOURED_MS};
    let now = seen(viewport);
    for (let alike = 0; alike < 3; ) {
      await nextFrame();
      await nextFrame();
      if (isAnother()) await show();
      const next = seen(viewport);
      const isAwaited = coloured.includes(uid) && next.points.length === 0 && performance.now() < until;
      alike = !isAwaited && next.points.length === now.points.length ? alike + 1 : 0;
      now = next;
    }
    told.push({ uid, ...now });
  }
  return told;
})`;
