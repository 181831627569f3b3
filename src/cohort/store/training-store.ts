import type { HemorrhageName } from '../../base/index.ts';

/** A stored scan without its voxels: what a trainer samples, weighs and splits by. */
export interface ScanEntry {
  /** Unique in the store: `rsna-2019/ID_0123abcdef`. */
  readonly study: string;
  /** Unique over data sets; what splits keep together: `rsna-2019/ID_89abcdef`. */
  readonly patient: string;
  /** Whose data it is. */
  readonly source: string;
  readonly slices: number;
  /**
   * A row a slice, inferior to superior: 0 or 1 by HEMORRHAGE_CLASSES. Absent where subjects alone are labelled. A
   * class that the data set does not label is NaN, here and below: it cannot be trained on by mistake.
   */
  readonly sliceTargets?: readonly (readonly number[])[];
  /** 0 or 1 by HEMORRHAGE_CLASSES; NaN where not labelled. */
  readonly subjectTargets: readonly number[];
  /** The classes that are labelled. */
  readonly labelled: readonly HemorrhageName[];
  /** Of the stored voxels, as hexadecimal: what a run's data hash is made of. */
  readonly sha256: string;
}

/** A scan as the networks take it. */
export interface TrainingScan extends ScanEntry {
  /** HU [slices, 256, 256], inferior to superior; resampled as the paper does, neither clipped nor windowed. */
  readonly hu: Int16Array;
}

/** Labelled scans on disk, each read whole in one go. */
export interface TrainingStore {
  /** In an order that the importing machine's speed does not change. */
  readonly scans: readonly ScanEntry[];
  /**
   * Reads and unpacks one scan.
   * @throws IchorError `scan-unknown`, `store-corrupt` where the voxels are not those that were written
   */
  load(index: number): Promise<TrainingScan>;
}

/** Side of the stored slices, pixels. */
export const STORED_SIDE = 256;
