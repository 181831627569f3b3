import { IchorError, messageOf, throwIfAborted } from '../base/index.ts';
import { findStudyFiles } from '../files/index.ts';
import { readBrainWindowJpegs } from './brain-window-jpegs.ts';
import { type CohortCheck, cohortCheck } from './cohort-checks.ts';
import type { CohortStudy, ImageReaderName, KnownLabels, StudyImages } from './cohort-study.ts';
import { digestAll, type FileDigests, hashed } from './file-digests.ts';
import type { ReadImages, RefusedImages } from './read-images.ts';
import { readOneStudy } from './read-one-study.ts';

/** A study with its volume and the labels of the volume's own slices. */
export interface ReadCohortStudy extends ReadImages {
  readonly kind: 'read';
  readonly slices?: readonly KnownLabels[];
}

type ImageReader = (images: StudyImages, signal?: AbortSignal) => Promise<ReadImages | RefusedImages>;

const IMAGE_READERS: Readonly<Record<ImageReaderName, ImageReader>> = {
  study: async ({ paths }, signal) => {
    const digests: FileDigests = new Map();
    const files = [];
    for (const path of paths)
      for (const file of await findStudyFiles(path, signal && { signal })) files.push(file);
    return await readOneStudy(hashed(files, digests), digests, signal);
  },
  'brain-window-jpegs': async ({ paths }) => {
    const { volume, names, bytes } = await readBrainWindowJpegs(paths);
    const text = 'images of the brain window: HU below -20 and above 100 are clipped';
    const checks = [cohortCheck('windowed-images', text)];
    return {
      volume,
      sliceFiles: names,
      digests: digestAll(names, bytes),
      checks,
      acquisition: {},
      spacingAssumed: true,
    };
  },
};

/** Reads a study's images and brings its labels into the order of the volume; what cannot be read is an outcome. */
export async function readCohortStudy(
  study: CohortStudy,
  signal?: AbortSignal,
): Promise<ReadCohortStudy | RefusedImages> {
  try {
    const read = await IMAGE_READERS[study.images.reader](study.images, signal);
    if ('kind' in read) return read;
    return withLabels(study, read);
  } catch (thrown) {
    throwIfAborted(signal);
    if (!(thrown instanceof IchorError)) throw thrown;
    const text = messageOf(thrown);
    return { kind: 'refused', checks: [{ code: thrown.code, severity: 'refused', text }] };
  }
}

function withLabels(study: CohortStudy, read: ReadImages): ReadCohortStudy | RefusedImages {
  if (study.slices === undefined) return { kind: 'read', ...read };
  return study.sliceFiles === undefined ? labelsInOrder(study, read) : labelsByFile(study, read);
}

function labelsInOrder(study: CohortStudy, read: ReadImages): ReadCohortStudy | RefusedImages {
  const { slices = [] } = study;
  if (slices.length === read.volume.slices) return { kind: 'read', ...read, slices };
  const text = `${slices.length} slices are labelled, the volume that was read has ${read.volume.slices}`;
  return { kind: 'refused', checks: [...read.checks, cohortCheck('labels-mismatch', text)] };
}

/** Slices that were left out lose their labels and are named; a slice without a label refuses the study. */
function labelsByFile(study: CohortStudy, read: ReadImages): ReadCohortStudy | RefusedImages {
  const byFile = new Map(study.sliceFiles?.map((file, i) => [file, study.slices?.[i] as KnownLabels]));
  const unlabelled = read.sliceFiles.filter((file) => !byFile.has(file));
  if (unlabelled.length > 0) {
    const text = `${unlabelled.length} slices of the volume have no label, the first is ${unlabelled[0]}`;
    return { kind: 'refused', checks: [...read.checks, cohortCheck('labels-mismatch', text)] };
  }
  const used = new Set(read.sliceFiles);
  const leftOut = [...byFile.keys()].filter((file) => !used.has(file));
  const checks: CohortCheck[] = leftOut.length === 0 ? [] : [slicesLeftOut(leftOut)];
  const slices = read.sliceFiles.map((file) => byFile.get(file) as KnownLabels);
  return { kind: 'read', ...read, slices, checks: [...read.checks, ...checks] };
}

function slicesLeftOut(files: readonly string[]): CohortCheck {
  const text = `${files.length} labelled slices are not in the volume that was read: ${files.slice(0, 5).join(', ')}`;
  return cohortCheck('slice-left-out', text);
}
