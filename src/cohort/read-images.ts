import type { AcceptedStudy } from '../study/index.ts';
import type { Volume } from '../volume/index.ts';
import type { FileDigests } from './file-digests.ts';

/** What was found on the way: of the cohort or of the study's own reading. */
export interface FoundCheck {
  readonly code: string;
  readonly severity: 'noted' | 'warned' | 'refused';
  readonly text: string;
}

/** How a scan was made, as far as a DICOM header tells (paper, supplementary Table 1). */
export interface Acquisition {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly exposureMs?: number;
}

/** A study's images, before its labels are brought into their order. */
export interface ReadImages {
  readonly volume: Volume;
  /** Names of the files that the slices come from, in the volume's order. */
  readonly sliceFiles: readonly string[];
  readonly digests: FileDigests;
  readonly checks: readonly FoundCheck[];
  readonly series?: AcceptedStudy['series'];
  readonly acquisition: Acquisition;
  /** The images do not tell the space between slices; the volume's geometry holds a usual one. */
  readonly spacingAssumed?: boolean;
}

export interface RefusedImages {
  readonly kind: 'refused';
  readonly checks: readonly FoundCheck[];
}
