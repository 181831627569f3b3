import type { ProgressListener } from '../base/index.ts';
import { IchorError, messageOf } from '../base/index.ts';
import { type CheckCode, createCheck, type StudyCheck } from './checks.ts';
import type { DicomReader } from './dicom-reader.ts';
import type { PlacedSlice } from './slice-header.ts';

export interface DecodedSlices {
  /** slices x rows x columns, HU; the slices that could be decoded, in the order given. */
  readonly hu: Int16Array;
  readonly slices: readonly PlacedSlice[];
  readonly checks: readonly StudyCheck[];
}

export interface DecodeOptions {
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes slices of one matrix size, one file at a time, into one array. A multi-frame file is read once for a run
 * of its frames. A slice that cannot be decoded is left out and named.
 */
export async function decodeSlices(
  slices: readonly PlacedSlice[],
  reader: DicomReader,
  options: DecodeOptions,
): Promise<DecodedSlices> {
  const { rows = 0, columns = 0 } = slices[0] ?? {};
  const size = rows * columns;
  const hu = new Int16Array(slices.length * size);
  const decoded: PlacedSlice[] = [];
  const failures: Failure[] = [];
  const open = createOpener(reader);
  for (const [index, slice] of slices.entries()) {
    options.signal?.throwIfAborted();
    try {
      const values = await (await open(slice)).frameHu(slice.frame);
      if (values.length !== size)
        throw new IchorError('wrong-length', lengthText(values.length, rows, columns));
      hu.set(values, decoded.length * size);
      decoded.push(slice);
    } catch (thrown) {
      failures.push({ slice, thrown });
    }
    options.onProgress?.({ task: 'decoding slices', done: index + 1, total: slices.length });
  }
  const checks = failures.length === 0 ? [] : failureChecks(failures, slices.length);
  return { hu: hu.subarray(0, decoded.length * size), slices: decoded, checks };
}

function lengthText(found: number, rows: number, columns: number): string {
  return `${found} values decoded, ${rows} x ${columns} were expected`;
}

/** The last file stays open: frames of one object follow one another. */
function createOpener(reader: DicomReader) {
  let last: { readonly path: string; readonly object: ReturnType<DicomReader['open']> } | undefined;
  return (slice: PlacedSlice) => {
    if (last?.path !== slice.file.path) last = { path: slice.file.path, object: reader.open(slice.file) };
    return last.object;
  };
}

interface Failure {
  readonly slice: PlacedSlice;
  readonly thrown: unknown;
}

/** Failures of one reason make one check; an encoding that fails for every slice refuses the series. */
function failureChecks(failures: readonly Failure[], slices: number): StudyCheck[] {
  const byReason = Map.groupBy(failures, ({ slice, thrown }) => reasonWithout(slice.file.path, thrown));
  return [...byReason].map(([reason, group]) => {
    const unsupported = group.some(({ thrown }) => codeOf(thrown) === 'transfer-syntax-unsupported');
    const code: CheckCode =
      unsupported && group.length === slices ? 'transfer-syntax-unsupported' : 'slice-undecodable';
    const files = [...new Set(group.map(({ slice }) => slice.file.path))];
    const where = files.length === 1 ? `${files[0]}: ` : `${files.length} files: `;
    return createCheck(code, `${where}${reason}`, { files });
  });
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof IchorError ? thrown.code : undefined;
}

/** The same reason in several files is said once. */
export function reasonWithout(path: string, thrown: unknown): string {
  return messageOf(thrown).replaceAll(`${path}: `, '').replaceAll(path, 'the file');
}
