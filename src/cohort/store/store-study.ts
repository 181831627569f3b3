import path from 'node:path';
import { patientKey, studyKey } from '../cohort.ts';
import type { CohortStudy, StudyLabels } from '../cohort-study.ts';
import { digestOf, hashedUid, sha256 } from '../file-digests.ts';
import { toPaperGrid } from '../paper-grid.ts';
import type { FoundCheck } from '../read-images.ts';
import type { ReadCohortStudy } from '../read-study-images.ts';
import { readCohortStudy } from '../read-study-images.ts';
import { sha256Of } from './open-store.ts';
import { type JournalLine, marksOf, type Provenance, type ScanRecord } from './scan-record.ts';
import { writeScan } from './zarr-files.ts';

/** Decodes one study, resamples it, writes its array; the line says what was stored, or why not. */
export async function storeStudy(study: CohortStudy, folder: string, software: string): Promise<JournalLine> {
  const identity = { study: studyKey(study), patient: patientKey(study), source: study.source };
  const read = await readCohortStudy(study);
  if (read.kind === 'refused') {
    return { kind: 'refused', ...identity, checks: read.checks.map(plainCheck) };
  }
  const hu = toPaperGrid(read.volume);
  const array = `scans/${safe(study.source)}/${safe(study.study)}`;
  const record: Omit<ScanRecord, 'storedBytes'> = {
    kind: 'scan',
    ...identity,
    folder: array,
    slices: read.volume.slices,
    labels: marksOfLabels({ subject: study.subject, ...(read.slices && { slices: read.slices }) }),
    ...(study.readers && { readers: readersOf(study.readers) }),
    covariates: { ...study.covariates },
    checks: read.checks.map(plainCheck),
    provenance: provenanceOf(read, software),
    sha256: sha256Of(hu),
    asked: askedFor(study),
  };
  const storedBytes = await writeScan(folder, array, hu, record);
  return { ...record, storedBytes };
}

/** SHA-256 of a study's labels and of where its files lie: the same where a run that was cut goes on. */
export function askedFor({ images, maskFile, ...labels }: CohortStudy): string {
  const mask = maskFile === undefined ? {} : { maskFile: endOf(maskFile) };
  return sha256(JSON.stringify([images.reader, images.paths.map(endOf), { ...labels, ...mask }]));
}

/** The last three names of a path: another study's images, and yet the same after the data set was moved. */
const endOf = (file: string): string => file.split(path.sep).slice(-3).join('/');

/** Of a file's name, in letters; most file systems take 255. */
const LONGEST_NAME = 120;

/** A name as a file's: letters, digits, dot and dash; another name, another file. */
function safe(name: string): string {
  const escaped = (c: string): string => `_${c.codePointAt(0)?.toString(16)}_`;
  const plain = name
    .replace(/[^A-Za-z0-9.-]/g, escaped)
    .replace(/^\.+/, (dots) => [...dots].map(escaped).join(''));
  return plain.length <= LONGEST_NAME
    ? plain
    : `${plain.slice(0, LONGEST_NAME - 17)}_${sha256(name).slice(0, 16)}`;
}

/** Dotted numbers of at least five parts. */
const UIDS = /\b[0-2](?:\.\d+){4,}\b/g;

/** A check without UIDs in the clear: the first digits of their SHA-256 stand in their place. */
const plainCheck = ({ code, severity, text }: FoundCheck) => ({
  code,
  severity,
  text: text.replace(UIDS, (uid) => `sha256:${hashedUid(uid).slice(0, 12)}`),
});

const marksOfLabels = ({ subject, slices }: StudyLabels) => ({
  subject: marksOf(subject),
  ...(slices && { slices: slices.map(marksOf) }),
});

const readersOf = (readers: NonNullable<CohortStudy['readers']>) =>
  Object.fromEntries(Object.entries(readers).map(([reader, labels]) => [reader, marksOfLabels(labels)]));

function provenanceOf(read: ReadCohortStudy, ichor: string): Provenance {
  const { series, volume, sliceFiles, digests, acquisition, spacingAssumed = false } = read;
  return {
    files: new Set(sliceFiles).size,
    filesSha256: digestOf(sliceFiles, digests),
    ...(series?.seriesInstanceUid && { seriesSha256: hashedUid(series.seriesInstanceUid) }),
    ...acquisition,
    ...(series?.kernel && { kernel: series.kernel }),
    ...(series?.sliceThicknessMm !== undefined && { sliceThicknessMm: series.sliceThicknessMm }),
    ...(!spacingAssumed && { sliceSpacingMm: volume.geometry.sliceSpacingMm }),
    rows: volume.rows,
    columns: volume.columns,
    ichor,
  };
}
