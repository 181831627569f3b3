import { at, HEMORRHAGE_SUBTYPE_NAMES, IchorError, messageOf, RefusedInput } from '../base/index.ts';
import { findStudyFiles } from '../files/index.ts';
import { dot, type NiftiMask, readNiftiMask } from '../study/index.ts';
import type { Volume } from '../volume/index.ts';
import type { CohortStudy } from './cohort-study.ts';

/** Where the blood is: 0, or the subtype's place in HEMORRHAGE_SUBTYPE_NAMES from 1. */
export type BleedMask = NiftiMask;

/** As far apart as this, in pixels, and images and mask do not lie on one grid. */
const TOLERANCE = 0.5;
/** Cosine of the angle between directions that are the same. */
const SAME_DIRECTION = 0.999;

/**
 * The mask that a manifest names for a study.
 * @throws RefusedInput naming the study: unreadable, `mask-value` where a value stands for no subtype, `mask-mismatch`
 * where a slice's blood is not what its labels say
 */
export async function readBleedMask(study: CohortStudy, key: string): Promise<BleedMask> {
  try {
    const [file, ...more] = await findStudyFiles(study.maskFile as string);
    if (file === undefined || more.length > 0)
      throw new RefusedInput('mask-value', 'one NIfTI file was expected');
    const mask = await readNiftiMask(file);
    refuseUnlike(mask, study);
    return mask;
  } catch (thrown) {
    if (!(thrown instanceof IchorError)) throw thrown;
    throw new RefusedInput(thrown.code, `mask of ${key}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function refuseUnlike(
  { slices, rows, columns, values }: BleedMask,
  { slices: labels, subject }: CohortStudy,
): void {
  const inAny = new Set(values);
  const unlikeSubject = HEMORRHAGE_SUBTYPE_NAMES.find(
    (name, i) => (subject[name] ?? inAny.has(i + 1)) !== inAny.has(i + 1),
  );
  const area = rows * columns;
  for (let slice = 0; slice < slices; slice++) {
    const found = new Set(values.subarray(slice * area, (slice + 1) * area));
    const greatest = Math.max(...found);
    if (greatest > HEMORRHAGE_SUBTYPE_NAMES.length) {
      const text = `it has a voxel of ${greatest}; 0 to ${HEMORRHAGE_SUBTYPE_NAMES.length} were expected`;
      throw new RefusedInput('mask-value', text);
    }
    const unlike = HEMORRHAGE_SUBTYPE_NAMES.find(
      (name, i) => (labels?.[slice]?.[name] ?? found.has(i + 1)) !== found.has(i + 1),
    );
    if (unlike === undefined) continue;
    const text = `slice ${slice + 1} is labelled otherwise for ${unlike} than its voxels are`;
    throw new RefusedInput('mask-mismatch', text);
  }
  if (unlikeSubject === undefined) return;
  const text = `the subject is labelled otherwise for ${unlikeSubject} than its voxels are`;
  throw new RefusedInput('mask-mismatch', text);
}

/** Throws RefusedInput `mask-mismatch` where the mask does not lie on the grid of the study's images. */
export function refuseOffGrid(mask: BleedMask, volume: Volume, key: string): void {
  const refuse = (text: string): never => {
    throw new RefusedInput('mask-mismatch', `mask of ${key}: ${text}`);
  };
  const sizes = ({ slices, rows, columns }: Pick<Volume, 'slices' | 'rows' | 'columns'>) =>
    `${slices} slices of ${rows} x ${columns}`;
  if (sizes(mask) !== sizes(volume)) refuse(`it has ${sizes(mask)}, the images have ${sizes(volume)}`);
  const { geometry } = volume;
  if (!geometry.orientationKnown) return;
  const turned = (['rowDirection', 'columnDirection'] as const).some(
    (name) => dot(mask.geometry[name], geometry[name]) < SAME_DIRECTION,
  );
  if (turned) refuse('its rows or columns lie in another direction than those of the images');
  const first = at(geometry.imagePositionsPatient, 0);
  const pixelMm = Math.min(geometry.pixelSpacingMm.row, geometry.pixelSpacingMm.column);
  const awayMm = Math.hypot(...first.map((mm, i) => mm - at(mask.geometry.firstPosition, i)));
  if (awayMm > TOLERANCE * pixelMm) refuse(`it lies ${awayMm.toFixed(1)} mm away from the images`);
  const driftMm = Math.max(
    mask.rows * Math.abs(mask.geometry.pixelSpacingMm.row - geometry.pixelSpacingMm.row),
    mask.columns * Math.abs(mask.geometry.pixelSpacingMm.column - geometry.pixelSpacingMm.column),
  );
  if (driftMm > TOLERANCE * pixelMm) refuse('its pixels have another size than those of the images');
}
