import { RefusedInput } from '../base/index.ts';
import {
  type DataSet,
  type Encoding,
  isExplicitAt,
  type ReadingOptions,
  readDataSet,
  UnreadableBytes,
} from './elements.ts';
import { inflate } from './inflate.ts';
import { BIG_ENDIAN, DEFLATED, EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from './transfer-syntaxes.ts';

export interface ParsedFile {
  /** By the file meta information; by the looks of the first element where that is missing. */
  readonly transferSyntaxUid: string;
  readonly dataSet: DataSet;
  /** Its representations are the dictionary's. */
  readonly isImplicit: boolean;
  /** Of the data set in memory: more than the file's where it was deflated. */
  readonly bytes: number;
  /** Where the last element that was read ends, in the data set's bytes. */
  readonly end: number;
}

/** Bytes before `DICM` (PS3.10 7.1). */
const PREAMBLE = 128;
const MEDIA_STORAGE_SOP_CLASS_UID = 0x00020002;
const MEDIA_STORAGE_SOP_INSTANCE_UID = 0x00020003;
const TRANSFER_SYNTAX_UID = 0x00020010;

const EXPLICIT: Encoding = Object.freeze({ isExplicit: true, isLittleEndian: true });
const ENCODINGS: Readonly<Record<string, Encoding>> = {
  [IMPLICIT_LITTLE_ENDIAN]: Object.freeze({ isExplicit: false, isLittleEndian: true }),
  [BIG_ENDIAN]: Object.freeze({ isExplicit: true, isLittleEndian: false }),
};

/** Whether the first bytes are a DICOM file's: `DICM` after the preamble, or a data set that starts like one. */
export function isDicom(head: Uint8Array): boolean {
  return hasPreamble(head) || bareEncodingOf(head) !== undefined;
}

const META_ALONE: ReadingOptions = { accepts: (tag) => tag >>> 16 === 2 };

const hasPreamble = (bytes: Uint8Array): boolean => ascii(bytes, PREAMBLE, 4) === 'DICM';

const ascii = (bytes: Uint8Array, start: number, length: number): string =>
  Array.from(bytes.subarray(start, start + length), (byte) => String.fromCharCode(byte)).join('');

const trimmed = (uid: Uint8Array): string => ascii(uid, 0, uid.length).replaceAll('\0', '').trim();

/** How a file without preamble is encoded: one that starts in group 2 or 8 with a plausible element. */
function bareEncodingOf(head: Uint8Array): Encoding | undefined {
  const [group = 0, zero, element = 0, alsoZero] = head;
  if (head.length < 16 || (group !== 2 && group !== 8) || zero !== 0 || alsoZero !== 0) return undefined;
  if (/^[A-Z]{2}$/.test(ascii(head, 4, 2))) return EXPLICIT;
  const length = new DataView(head.buffer, head.byteOffset).getUint32(4, true);
  const isPlausible = group === 8 && element <= 0x90 && length > 0 && length < 128 && length % 2 === 0;
  return isPlausible ? ENCODINGS[IMPLICIT_LITTLE_ENDIAN] : undefined;
}

/**
 * A whole file's elements, as views into its bytes. Throws RefusedInput `not-dicom`, `dicom-truncated` or
 * `dicom-damaged` with the place and what was wrong, never with a value. Reading ends before the first element
 * whose tag is not accepted. The bytes may be a file's beginning, as readDataSet takes it.
 */
export function parseFile(bytes: Uint8Array, where: string, options: ReadingOptions = {}): ParsedFile {
  return explained(where, () => parse(bytes, options));
}

/** What a file with preamble says of itself before its data set starts (PS3.10 7.1). */
export interface FileMeta {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  /** Where the data set starts, in bytes. */
  readonly dataSetStart: number;
}

/** Of a file's first bytes. Throws as readDicomObject does; `not-dicom` too where the file has no preamble. */
export function readFileMeta(head: Uint8Array, { where }: { readonly where: string }): FileMeta {
  return explained(where, () => {
    if (!hasPreamble(head)) throw new UnreadableBytes('not-dicom', 'no DICM at byte 128: not a DICOM file');
    const { dataSet, end } = readDataSet(head, PREAMBLE + 4, EXPLICIT, META_ALONE);
    const uidAt = (tag: number): string => trimmed(dataSet.get(tag)?.value ?? new Uint8Array());
    return {
      sopClassUid: uidAt(MEDIA_STORAGE_SOP_CLASS_UID),
      sopInstanceUid: uidAt(MEDIA_STORAGE_SOP_INSTANCE_UID),
      transferSyntaxUid: uidAt(TRANSFER_SYNTAX_UID),
      dataSetStart: end,
    };
  });
}

function explained<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnreadableBytes)) throw error;
    const advice = error.kind === 'dicom-truncated' ? '; fetch the file again from where it came' : '';
    throw new RefusedInput(error.kind, `${where}: ${error.message}${advice}`, { cause: error });
  }
}

function parse(bytes: Uint8Array, options: ReadingOptions): ParsedFile {
  const start = hasPreamble(bytes) ? PREAMBLE + 4 : 0;
  const bare = bareEncodingOf(bytes.subarray(start)) ?? (start > 0 ? EXPLICIT : undefined);
  if (bare === undefined) throw new UnreadableBytes('not-dicom', 'no DICM at byte 128: not a DICOM file');
  const { dataSet: meta, end } = readDataSet(bytes, start, EXPLICIT, META_ALONE);
  const element = meta.get(TRANSFER_SYNTAX_UID);
  const transferSyntaxUid = element === undefined ? uidOf(bare) : trimmed(element.value);
  const isDeflated = transferSyntaxUid === DEFLATED;
  const body = isDeflated ? inflate(bytes.subarray(end)) : bytes;
  const from = isDeflated ? 0 : end;
  const encoding = encodingAt(body, from, ENCODINGS[transferSyntaxUid] ?? EXPLICIT);
  const read = readDataSet(
    body,
    from,
    encoding,
    isDeflated ? { ...options, fileBytes: body.length } : options,
  );
  return { transferSyntaxUid, ...read, isImplicit: !encoding.isExplicit, bytes: body.length };
}

/** As the first element is encoded, where it contradicts the transfer syntax: some writers name another than they use. */
function encodingAt(body: Uint8Array, from: number, said: Encoding): Encoding {
  const left = body.length - from - 8;
  if (!said.isLittleEndian || left < 0) return said;
  const length = new DataView(body.buffer, body.byteOffset).getUint32(from + 4, true);
  const isExplicit = isExplicitAt(body, from);
  // Neither: the element is damaged, and said to be so
  return isExplicit || length <= left ? { ...said, isExplicit } : said;
}

const uidOf = ({ isExplicit }: Encoding): string =>
  isExplicit ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN;
