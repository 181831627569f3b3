import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import jpeg from 'jpeg-js';
import type { Volume } from '../../src/volume/index.ts';

/** HU of the brain window's black and white in ct-ich's pictures (its README). */
const WINDOW_HU = { low: -20, width: 120 } as const;

/** A patient's pictures as HU, -20 to 100; positions are made up, slices 5 mm apart. */
export async function ctIchVolume(folder: string, spacingMm = 0.4): Promise<Volume> {
  const names = (await readdir(folder)).sort();
  const pictures = await Promise.all(
    names.map(async (name) => jpeg.decode(await readFile(path.join(folder, name)), { useTArray: true })),
  );
  const { width: columns, height: rows } = pictures[0] as { width: number; height: number };
  const hu = new Int16Array(pictures.length * rows * columns);
  for (const [slice, { data }] of pictures.entries()) {
    for (let i = 0; i < rows * columns; i++)
      hu[slice * rows * columns + i] = Math.round(
        WINDOW_HU.low + ((data[4 * i] as number) * WINDOW_HU.width) / 255,
      );
  }
  return {
    hu,
    slices: pictures.length,
    rows,
    columns,
    geometry: {
      pixelSpacingMm: { row: spacingMm, column: spacingMm },
      rowDirection: [1, 0, 0],
      columnDirection: [0, 1, 0],
      imagePositionsPatient: pictures.map((_, i) => [0, 0, 5 * i] as const),
      sliceSpacingMm: 5,
      gantryTiltDegrees: 0,
      orientationKnown: false,
    },
  };
}
