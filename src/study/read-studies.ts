import type { ProgressListener, StudyFile } from '../base/index.ts';
import { RefusedInput, UsageError } from '../base/index.ts';
import { createCheck, isRefused, type StudyCheck } from './checks/checks.ts';
import { MINIMUM_SLICES } from './choice/series-rules.ts';
import { dicomReader, keepingReader } from './inventory/dicom-reader.ts';
import { takeInventory } from './inventory/inventory.ts';
import { niftiStudyInfo, readNifti } from './nifti/nifti.ts';
import type { AcceptedStudy, StudyInfo, StudyOutcome } from './outcome/outcome.ts';
import { dicomStudyInfo, readDicomStudy } from './read-dicom-study.ts';
import type { OpenDecoders } from './slices/decode-series.ts';

export interface ReadOptions {
  /** A Series Instance UID or a Series Number: reads this series whatever the overridable rules say. */
  readonly seriesUid?: string;
  /** Fewer slices are refused; MINIMUM_SLICES without it. */
  readonly minimumSlices?: number;
  /** Decodes compressed slices in threads of its own; on the calling thread without it. */
  readonly openDecoders?: OpenDecoders;
  /** Asked before a study's slices are read: one that is not wanted is left out, without an outcome. */
  readonly isWanted?: (study: StudyInfo) => boolean;
  readonly onProgress?: ProgressListener;
  readonly signal?: AbortSignal;
}

/**
 * Reads the studies among files, one after another, so that only one volume needs to be held at a time. DICOM
 * studies come in order of their UIDs, then NIfTI files in order of their paths; the order of the files given does
 * not matter. What cannot be read is an outcome with its checks; the only thing thrown is an abort.
 */
export async function* readStudies(
  files: readonly StudyFile[],
  options: ReadOptions = {},
): AsyncGenerator<StudyOutcome, void, undefined> {
  if (files.length === 0) {
    yield { kind: 'refused', checks: [createCheck('no-files', 'no file was found')] };
    return;
  }
  const settings = { ...options, minimumSlices: options.minimumSlices ?? MINIMUM_SLICES };
  const reader = keepingReader(dicomReader);
  const inventory = await takeInventory(files, reader, settings);
  if (inventory.studies.length === 0 && inventory.niftiFiles.length === 0) {
    yield { kind: 'refused', checks: nothingRead(files, inventory.checksFor(undefined)) };
    return;
  }
  const { isWanted = () => true } = options;
  for (const study of inventory.studies) {
    if (isWanted(dicomStudyInfo(study)))
      yield await readDicomStudy(study, inventory.checksFor(study), reader, settings);
  }
  for (const file of inventory.niftiFiles) {
    if (isWanted(niftiStudyInfo(file))) yield await readNifti(file, settings);
  }
}

/** Where every file fails for the same refused reason, that reason leads; otherwise that nothing was found. */
function nothingRead(files: readonly StudyFile[], found: readonly StudyCheck[]): StudyCheck[] {
  if (isRefused(found)) return [...found];
  const which = files.length === 1 ? `${files[0]?.path} is not` : `none of ${files.length} files is`;
  const [first] = found.filter((check) => check.severity === 'warned');
  const why = first === undefined ? '' : `; ${first.text}`;
  return [createCheck('no-study', `${which} a DICOM or NIfTI study that can be read${why}`), ...found];
}

/**
 * Reads the one study among files. Throws RefusedInput with the code and text of the first refusing check;
 * UsageError `several-studies`.
 */
export async function readStudy(
  files: readonly StudyFile[],
  options: ReadOptions = {},
): Promise<AcceptedStudy> {
  const outcomes: StudyOutcome[] = [];
  for await (const outcome of readStudies(files, options)) {
    outcomes.push(outcome);
    if (outcomes.length > 1) {
      throw new UsageError('several-studies', 'there are several studies: read them with readStudies');
    }
  }
  const [outcome] = outcomes;
  if (outcome?.kind === 'accepted') return outcome;
  const reason = refusalOf(outcome?.checks ?? []);
  throw new RefusedInput(reason.code, reason.text);
}

function refusalOf(checks: readonly StudyCheck[]): StudyCheck {
  return checks.find((check) => check.severity === 'refused') ?? createCheck('no-study', 'nothing was read');
}
