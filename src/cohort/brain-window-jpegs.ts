import { readFile } from 'node:fs/promises';
import path from 'node:path';
import jpeg from 'jpeg-js';
import { at, RefusedInput } from '../base/index.ts';
import { explainSystemError } from '../files/index.ts';
import type { Volume } from '../volume/index.ts';

/** The images are the brain window, -20 to 100 HU over 0 to 255; what lies outside is clipped. */
const LOWEST_HU = -20;
const HU_PER_GREY = 120 / 255;

/** The distribution does not say: half a millimetre is usual; nothing that trains or predicts reads it. */
const ASSUMED_SPACING_MM = 0.5;
const SLICE_SPACING_MM = 5;

export interface BrainWindowImages {
  readonly volume: Volume;
  readonly names: readonly string[];
  readonly bytes: readonly Uint8Array[];
}

/**
 * One JPEG a slice, inferior to superior, as PhysioNet CT-ICH 1.0.0 has them. Throws RefusedInput
 * `image-unreadable`, `labels-mismatch` where the sizes differ.
 */
export async function readBrainWindowJpegs(files: readonly string[]): Promise<BrainWindowImages> {
  const bytes: Uint8Array[] = [];
  for (const file of files) bytes.push(await readBytes(file));
  const images = bytes.map((content, i) => decodeJpeg(content, at(files, i)));
  const { width: columns, height: rows } = images[0] ?? { width: 0, height: 0 };
  if (images.some((image) => image.width !== columns || image.height !== rows)) {
    const folder = path.basename(path.dirname(path.dirname(at(files, 0))));
    throw new RefusedInput('labels-mismatch', `images of different sizes in ${folder}`);
  }
  const hu = new Int16Array(images.length * rows * columns);
  for (const [i, image] of images.entries()) hu.set(image.hu, i * rows * columns);
  const volume = { hu, slices: images.length, rows, columns, geometry: assumedGeometry(images.length) };
  return { volume, names: files.map((file) => path.basename(file)), bytes };
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (thrown) {
    throw explainSystemError(thrown, 'read', path.basename(file));
  }
}

/** HU of a brain-window JPEG, from its first channel (all three are alike). */
function decodeJpeg(bytes: Uint8Array, file: string): { width: number; height: number; hu: Int16Array } {
  try {
    const { width, height, data } = jpeg.decode(bytes, { useTArray: true, formatAsRGBA: false });
    const channels = data.length / (width * height);
    const grey = (i: number): number => at(data, i * channels);
    const hu = Int16Array.from({ length: width * height }, (_, i) =>
      Math.round(LOWEST_HU + grey(i) * HU_PER_GREY),
    );
    return { width, height, hu };
  } catch (error) {
    const text = `${path.basename(path.dirname(file))}/${path.basename(file)} is not a readable JPEG`;
    throw new RefusedInput('image-unreadable', text, { cause: error });
  }
}

function assumedGeometry(slices: number): Volume['geometry'] {
  return {
    pixelSpacingMm: { row: ASSUMED_SPACING_MM, column: ASSUMED_SPACING_MM },
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    imagePositionsPatient: Array.from({ length: slices }, (_, i) => [0, 0, i * SLICE_SPACING_MM] as const),
    sliceSpacingMm: SLICE_SPACING_MM,
    gantryTiltDegrees: 0,
    orientationKnown: false,
  };
}
