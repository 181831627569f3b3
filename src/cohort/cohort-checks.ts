import type { Severity } from '../study/index.ts';

/** Something found in a cohort's label files or between them and the images: what, where, and how much it matters. */
export interface CohortCheck {
  readonly code: CohortCheckCode;
  readonly severity: Severity;
  /** One sentence: what was found, where, what was done about it. */
  readonly text: string;
  /** The study concerned; absent where a whole file is. */
  readonly study?: string;
  /** Of the study; absent where it is the cohort's name. */
  readonly source?: string;
}

/** Every check by its code; `refused` leaves the study it names out of the cohort. Published in docs/cohorts.md. */
export const COHORT_CHECKS = {
  // Label files
  'byte-order-mark': ['noted', 'The label file starts with a byte order mark, which was skipped.'],
  'blank-rows': ['noted', 'The label file holds blank rows, which were skipped.'],
  'two-row-header': ['noted', 'The label file has a header of two rows, or line breaks in it.'],
  'double-rows': ['noted', 'A label is given more than once, each time alike; it was taken once.'],
  'contradicting-rows': ['refused', 'A label is given more than once, and not alike.'],
  'labels-contradict': ['warned', 'The class of any hemorrhage and the subtypes contradict each other.'],
  'labels-incomplete': ['refused', 'A study lacks some of its labels.'],
  'reader-tie': ['warned', 'As many readers say yes as no: the class counts as not labelled.'],
  'reader-missing': ['warned', 'A reader says nothing of a study that the others have read.'],
  // Labels against images
  'images-of-two-patients': [
    'refused',
    'Two patients have the same images: at least one is not who the labels say, and both would stand on two sides of a split.',
  ],
  'images-missing': ['noted', 'Labels whose images are not in the folder.'],
  'images-unlabelled': ['warned', 'Images without a label; they take no part.'],
  'labels-mismatch': ['refused', 'Labels and slices do not fit together.'],
  'mask-value': ['refused', 'A voxel label has a value that the data set does not define.'],
  'mask-mismatch': ['refused', 'A mask does not lie on the grid of its images, or contradicts the labels.'],
  // Images
  'image-unreadable': ['warned', 'An image cannot be read; it takes no part.'],
  'study-unreadable': [
    'refused',
    "The file of a study's images or mask, without which its labels have no place, cannot be read.",
  ],
  'slice-left-out': ['warned', 'A labelled slice is not in the volume that was read.'],
  'windowed-images': ['noted', 'Images are windowed: HU outside of the window are clipped.'],
  'intercept-doubtful': [
    'refused',
    'Stored values are unsigned 12 bit without an offset: the rescale intercept cannot be right.',
  ],
} as const satisfies Readonly<Record<string, readonly [Severity, string]>>;

export type CohortCheckCode = keyof typeof COHORT_CHECKS;

export const hasRefusal = (checks: readonly { readonly severity: Severity }[]): boolean =>
  checks.some(({ severity }) => severity === 'refused');

/** A check with its table's severity. */
export function cohortCheck(
  code: CohortCheckCode,
  text: string,
  study?: string,
  source?: string,
): CohortCheck {
  const severity = COHORT_CHECKS[code][0];
  return Object.freeze({
    code,
    severity,
    text,
    ...(study !== undefined && { study }),
    ...(source !== undefined && { source }),
  });
}
