import type { StudyFile } from '../base/index.ts';
import { readDicomHeader } from '../dicom/index.ts';
import { type AcceptedStudy, readStudies, type StudyOutcome } from '../study/index.ts';
import { cohortCheck } from './cohort-checks.ts';
import type { FileDigests } from './file-digests.ts';
import type { Acquisition, ReadImages, RefusedImages } from './read-images.ts';

/** The one study among files; several are refused, as labels are for one. */
export async function readOneStudy(
  files: readonly StudyFile[],
  digests: FileDigests,
  signal?: AbortSignal,
): Promise<ReadImages | RefusedImages> {
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
  return {
    volume,
    series,
    checks,
    digests,
    sliceFiles: slices.map(({ file }) => file),
    acquisition: await acquisitionOf(study, files),
  };
}

/** By the middle slice's header. */
async function acquisitionOf(study: AcceptedStudy, files: readonly StudyFile[]): Promise<Acquisition> {
  const middle = study.slices[Math.floor(study.slices.length / 2)]?.file;
  const file = files.find(({ path }) => path === middle);
  if (study.study.source !== 'dicom' || file === undefined) return {};
  const header = readDicomHeader(await file.read(), { where: file.path });
  const [manufacturer, model] = ['Manufacturer', 'ManufacturerModelName'].map((k) => header.text(k)?.trim());
  const exposureMs = header.number('ExposureTime');
  return {
    ...(manufacturer && { manufacturer }),
    ...(model && { model }),
    ...(exposureMs !== undefined && { exposureMs }),
  };
}
