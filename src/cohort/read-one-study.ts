import type { StudyFile } from '../base/index.ts';
import { readDicomHeader } from '../dicom/index.ts';
import { type AcceptedStudy, readStudies, type StudyOutcome } from '../study/index.ts';
import { cohortCheck } from './cohort-checks.ts';
import type { FileDigests } from './file-digests.ts';
import type { ReadImages, RefusedCohortStudy } from './read-study-images.ts';

/** The one study among files; several are refused, as labels are for one. */
export async function readOneStudy(
  files: readonly StudyFile[],
  digests: FileDigests,
  signal?: AbortSignal,
): Promise<ReadImages | RefusedCohortStudy> {
  const outcomes: StudyOutcome[] = [];
  for await (const outcome of readStudies(files, signal && { signal })) outcomes.push(outcome);
  const accepted = outcomes.filter((outcome) => outcome.kind === 'accepted');
  const [study] = accepted;
  if (study === undefined) return { kind: 'refused', checks: outcomes.flatMap(({ checks }) => checks) };
  if (accepted.length > 1) {
    const text = `${accepted.length} studies lie where one was expected: labels are for one`;
    return { kind: 'refused', checks: [cohortCheck('labels-mismatch', text)] };
  }
  const { volume, series, checks, slices } = study;
  const exposureMs = await exposureOf(study, files);
  return {
    volume,
    series,
    checks,
    digests,
    sliceFiles: slices.map(({ file }) => file),
    ...(exposureMs !== undefined && { exposureMs }),
  };
}

/** Exposure Time (0018,1150) of the middle slice, ms; undefined where it is not told. */
async function exposureOf(study: AcceptedStudy, files: readonly StudyFile[]): Promise<number | undefined> {
  if (study.study.source !== 'dicom') return undefined;
  const middle = study.slices[Math.floor(study.slices.length / 2)]?.file;
  const file = files.find(({ path }) => path === middle);
  return file && readDicomHeader(await file.read(), { where: file.path }).number('ExposureTime');
}
