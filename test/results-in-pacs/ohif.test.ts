import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at } from '../../src/base/index.ts';
import { startBrowser } from '../support/browser.ts';
import { createPlaces } from '../support/places.ts';
import { type ArchiveWithOhif, ichorWithOhif, orthancWithOhif } from './archives-for-ohif.ts';
import { colouredSlices, type OpenedStudy, openInOhif, printReport, showSegmentation } from './ohif.ts';
import { pydicom, type SegmentFrame } from './tools.ts';

const SOFTWARE_GL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const place = createPlaces('ohif');
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser(SOFTWARE_GL);
});
afterAll(() => browser?.close());

/** OHIF starts within seconds on a machine of its own, and within minutes on a busy one. */
const SLOW_MS = 900_000;
const ARCHIVES = [
  ['orthanc-dicomweb', orthancWithOhif],
  ["Ichor's own DICOMweb", ichorWithOhif],
] as const;

describe.each(ARCHIVES)('OHIF before %s', (_, startArchive) => {
  let archive: ArchiveWithOhif;
  let opened: OpenedStudy;
  let errorsOfCtAlone: ReadonlySet<string>;
  beforeAll(async () => {
    archive = await startArchive(await place());
    const context = await browser.newContext({ viewport: { width: 1024, height: 640 } });
    const { page, errors } = await openInOhif(context, archive.address, archive.alone);
    errorsOfCtAlone = new Set(errors);
    await page.close();
    opened = await openInOhif(context, archive.address, archive.withResults);
  }, SLOW_MS);
  afterAll(async () => {
    await opened?.page.context().close();
    await archive?.close();
  });

  const hasNoNewError = () => expect(opened.errors.filter((text) => !errorsOfCtAlone.has(text))).toEqual([]);

  test(
    'shows the segmentation on the right slices, pixel by pixel',
    async () => {
      const segmentation = (await pydicom(archive.results))['segmentation.dcm'];
      if (segmentation?.modality !== 'SEG') throw new Error('there is no segmentation');
      const { frames, columns } = segmentation;
      const segmented = [...new Set(frames.map(({ source }) => source))];
      const before = await colouredSlices(opened, { only: segmented });
      expect(before.map(({ points }) => points.length)).toEqual(segmented.map(() => 0));
      await showSegmentation(opened);
      const slices = await colouredSlices(opened, { coloured: segmented });
      expect(slices.length).toBeGreaterThan(10);
      const shown = slices.filter(({ points }) => points.length > 0);
      expect(new Set(shown.map(({ uid }) => uid))).toEqual(new Set(segmented));
      for (const { uid, points, mm2 } of shown) {
        const own = frames.filter(({ source }) => source === uid);
        const { spacing } = at(own, 0);
        const inside = new Set(own.flatMap(({ pixels }) => pixels));
        const outside = points.filter((point) => !isNear(inside, pixelAt(at(own, 0), point), columns));
        expect(outside, uid).toEqual([]);
        const areaMm2 = inside.size * spacing[0] * spacing[1];
        expect((points.length * mm2) / areaMm2, uid).toBeGreaterThan(0.9);
      }
      hasNoNewError();
    },
    SLOW_MS,
  );

  test(
    'lists the report and prints its probabilities',
    async () => {
      const { page } = opened;
      expect(await page.getByText('SR', { exact: true }).count()).toBe(1);
      const printed = await printReport(opened, 'NumericValue');
      const report = (await pydicom(archive.results))['report.dcm'];
      if (report?.modality !== 'SR') throw new Error('there is no report');
      expect(printed.join(' ')).toContain(String(at(report.findings, 0).probability));
      hasNoNewError();
    },
    SLOW_MS,
  );
});

/** Column and row of a place in a slice, from its first pixel's middle. */
function pixelAt(frame: SegmentFrame, point: readonly number[]): readonly [column: number, row: number] {
  const from = frame.position.map((start, i) => at(point, i) - start);
  const along = (first: number) =>
    from.reduce((sum, mm, i) => sum + mm * at(frame.orientation, first + i), 0);
  return [along(0) / frame.spacing[1], along(3) / frame.spacing[0]];
}

/** The outline is drawn on the edge of the area, some pixels of the screen wide. */
function isNear(
  inside: ReadonlySet<number>,
  [column, row]: readonly [number, number],
  columns: number,
): boolean {
  const around = [-1, 0, 1];
  return around.some((down) =>
    around.some((along) => inside.has((Math.round(row) + down) * columns + Math.round(column) + along)),
  );
}
