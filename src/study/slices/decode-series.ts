import type { ProgressListener, StudyFile } from '../../base/index.ts';
import { at, IchorError, inLanes, largestOf, throwIfAborted } from '../../base/index.ts';
import { decodeHu, type HuFrame, transferSyntaxOf } from '../../dicom/index.ts';
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
  readonly openDecoders?: OpenDecoders | undefined;
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Decodes frames elsewhere than on the calling thread. */
export interface FrameDecoders extends AsyncDisposable {
  /** So many frames at a time keep all of it busy. */
  readonly lanes: number;
  /** Memory that it can read and fill. */
  memory(bytes: number): ArrayBufferLike;
  decode(frame: HuFrame, into: Int16Array): Promise<void>;
}

/** Opens threads for so many compressed frames; undefined where they would take longer to start than they save. */
export type OpenDecoders = (frames: number) => Promise<FrameDecoders | undefined>;

/** So many files are read ahead of the one that is decoded. */
const READ_AHEAD = 2;

/** On the calling thread. */
const HERE: FrameDecoders = {
  lanes: 1,
  memory: (bytes) => new ArrayBuffer(bytes),
  decode: decodeHu,
  [Symbol.asyncDispose]: async () => {},
};

/**
 * Decodes slices of one matrix size, a few files at a time, into one array. A multi-frame file is read once for a run
 * of its frames. A slice that cannot be decoded is left out and named.
 */
export async function decodeSlices(
  slices: readonly PlacedSlice[],
  reader: DicomReader,
  options: DecodeOptions,
): Promise<DecodedSlices> {
  const { rows = 0, columns = 0, transferSyntaxUid = '' } = slices[0] ?? {};
  const size = rows * columns;
  const isCompressed = transferSyntaxOf(transferSyntaxUid)?.codec !== 'native';
  await using decoders = (isCompressed && (await options.openDecoders?.(slices.length))) || HERE;
  const lanes = decoders.lanes + READ_AHEAD;
  const hu = new Int16Array(decoders.memory(2 * slices.length * size));
  const memories = fileMemories(slices, lanes, decoders);
  const faults: Failure[] = [];
  const open = createOpener(reader);
  let done = 0;
  await inLanes(slices.entries(), lanes, async ([index, slice]) => {
    throwIfAborted(options.signal);
    const memory = memories.pop();
    try {
      const frame = (await open(slice, memory)).huFrame(slice.frame);
      refuseOtherSize(frame, rows, columns);
      await decoders.decode(frame, hu.subarray(index * size, (index + 1) * size));
    } catch (thrown) {
      faults[index] = { path: slice.file.path, thrown };
    } finally {
      if (memory !== undefined) memories.push(memory);
    }
    options.onProgress?.({ task: 'decoding slices', done: ++done, total: slices.length });
  });
  const failures = faults.filter((fault) => fault !== undefined);
  const refusal = failures.length === slices.length ? commonRefusal(failures) : undefined;
  const checks = failureChecks(failures, refusal ?? 'slice-undecodable');
  const decoded = [...slices.keys()].filter((index) => faults[index] === undefined);
  for (const [place, index] of decoded.entries())
    if (place < index) hu.copyWithin(place * size, index * size, (index + 1) * size);
  return {
    hu: hu.subarray(0, decoded.length * size),
    slices: decoded.map((index) => at(slices, index)),
    checks,
  };
}

/** Larger files are rare, and have memory of their own. */
const LARGEST_REUSED_BYTES = 2 ** 22;

/**
 * Memory for the bytes of one file per lane, used again and again: new memory costs more time than decoding raw pixels.
 * None where several slices lie in a file, which is held for all of them.
 */
function fileMemories(
  slices: readonly PlacedSlice[],
  lanes: number,
  { memory }: FrameDecoders,
): Uint8Array[] {
  if (new Set(slices.map(({ file }) => file)).size < slices.length) return [];
  const sizes = slices.map(({ file }) => file.size).filter((size) => size <= LARGEST_REUSED_BYTES);
  const largest = Math.max(0, largestOf(sizes));
  return Array.from({ length: lanes }, () => new Uint8Array(memory(largest)));
}

function refuseOtherSize({ frame: { pixels } }: HuFrame, rows: number, columns: number): void {
  if (pixels.rows === rows && pixels.columns === columns) return;
  throw new IchorError('wrong-length', lengthText(pixels.rows * pixels.columns, rows, columns));
}

function lengthText(found: number, rows: number, columns: number): string {
  return `${found} values decoded, ${rows} x ${columns} were expected`;
}

/** The last file stays open: frames of one object follow one another. */
function createOpener(reader: DicomReader) {
  let last: { readonly file: StudyFile; readonly object: ReturnType<DicomReader['open']> } | undefined;
  return (slice: PlacedSlice, memory: Uint8Array | undefined) => {
    if (last?.file !== slice.file) last = { file: slice.file, object: reader.open(slice.file, memory) };
    return last.object;
  };
}
