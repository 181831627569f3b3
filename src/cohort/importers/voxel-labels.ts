import path from 'node:path';
import { messageOf, RefusedInput, throwIfAborted } from '../../base/index.ts';
import { findStudyFiles } from '../../files/index.ts';
import { readNiftiLabels } from '../../study/index.ts';
import { type CohortCheck, cohortCheck } from '../cohort-checks.ts';
import type { CohortStudy, ImportedCohort, KnownLabels } from '../cohort-study.ts';
import { type ImportOptions, listed, namesIn } from '../importer.ts';
import { subjectOfKnown } from '../known-labels.ts';

/** A data set of NIfTI volumes, each with a volume of voxel labels of the same name in another folder. */
export interface VoxelLabelled {
  readonly name: string;
  readonly attribution: string;
  readonly images: string;
  readonly masks: string;
  /** Greatest value that a voxel may have. */
  readonly greatest: number;
  /** Labels of a slice from the different values other than 0 on it. */
  labelsOf(values: ReadonlySet<number>): KnownLabels;
  /** Who the study is of, from the file's name without `.nii.gz`. */
  identify(stem: string): StudyIdentity;
}

/** Who a study is of; the source is the data set's name. */
export type StudyIdentity = Pick<CohortStudy, 'patient' | 'patientSource' | 'study'>;

/** Slice labels from voxel labels; reads every mask, no image. */
export async function readVoxelLabelled(
  folder: string,
  set: VoxelLabelled,
  { onProgress, signal }: ImportOptions,
): Promise<ImportedCohort> {
  const isNifti = (name: string) => /\.nii(\.gz)?$/.test(name);
  const images = (await namesIn(path.join(folder, set.images))).filter(isNifti);
  const masks = (await namesIn(path.join(folder, set.masks))).filter(isNifti);
  const both = images.filter((name) => masks.includes(name));
  const checks: CohortCheck[] = unpaired(images, masks);
  const studies: CohortStudy[] = [];
  for (const [i, name] of both.entries()) {
    throwIfAborted(signal);
    const identity = set.identify(name.replace(/\.nii(\.gz)?$/, ''));
    const read = await sliceLabels(path.join(folder, set.masks, name), set, identity.study);
    if ('code' in read) checks.push(read);
    else studies.push(studyOf(set, identity, read.slices, path.join(folder, set.images, name)));
    onProgress?.({ task: 'reading voxel labels', done: i + 1, total: both.length });
  }
  return Object.freeze({ name: set.name, studies, attribution: set.attribution, checks });
}

function unpaired(images: readonly string[], masks: readonly string[]): CohortCheck[] {
  const unlabelled = images.filter((name) => !masks.includes(name));
  const imageless = masks.filter((name) => !images.includes(name));
  return [
    ...(unlabelled.length > 0
      ? [
          cohortCheck(
            'images-unlabelled',
            `${listed(unlabelled, 'volumes')} without voxel labels: left aside`,
          ),
        ]
      : []),
    ...(imageless.length > 0
      ? [cohortCheck('images-missing', `no images of ${listed(imageless, 'label files')}`)]
      : []),
  ];
}

async function sliceLabels(
  file: string,
  set: VoxelLabelled,
  study: string,
): Promise<CohortCheck | { readonly slices: readonly KnownLabels[] }> {
  try {
    const [mask] = await findStudyFiles(file);
    const { valuesOfSlices } = await readNiftiLabels(mask as NonNullable<typeof mask>);
    const strange = valuesOfSlices.flatMap((values) => [...values]).find((v) => !isDefined(v, set.greatest));
    if (strange === undefined) return { slices: valuesOfSlices.map((values) => set.labelsOf(values)) };
    const text = `${path.basename(file)} has a voxel of ${strange}; whole numbers from 0 to ${set.greatest} were expected`;
    return cohortCheck('mask-value', text, study);
  } catch (thrown) {
    if (!(thrown instanceof RefusedInput)) throw thrown;
    return cohortCheck('study-unreadable', messageOf(thrown), study);
  }
}

const isDefined = (value: number, greatest: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= greatest;

function studyOf(
  { name }: VoxelLabelled,
  identity: StudyIdentity,
  slices: readonly KnownLabels[],
  image: string,
): CohortStudy {
  return Object.freeze<CohortStudy>({
    source: name,
    ...identity,
    subject: subjectOfKnown(slices),
    slices,
    covariates: {},
    images: { reader: 'study', paths: [image] },
  });
}
