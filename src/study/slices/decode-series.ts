import type { ProgressListener } from '../../base/index.ts';
import { IchorError, throwIfAborted } from '../../base/index.ts';
import type { StudyCheck } from '../checks/checks.ts';
import { commonRefusal, type Failure, failureChecks } from '../checks/failures.ts';
import type { PlacedSlice } from '../headers/slice-header.ts';
import type { DicomReader } from '../inventory/dicom-reader.ts';

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
    throwIfAborted(options.signal);
    try {
      const values = await (await open(slice)).frameHu(slice.frame);
      if (values.length !== size)
        throw new IchorError('wrong-length', lengthText(values.length, rows, columns));
      hu.set(values, decoded.length * size);
      decoded.push(slice);
    } catch (thrown) {
      failures.push({ path: slice.file.path, thrown });
    }
    options.onProgress?.({ task: 'decoding slices', done: index + 1, total: slices.length });
  }
  const refusal = failures.length === slices.length ? commonRefusal(failures) : undefined;
  const checks = failureChecks(failures, refusal ?? 'slice-undecodable');
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
