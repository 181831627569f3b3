import { open } from 'node:fs/promises';
import { IchorError, messageOf, type ProgressListener, throwIfAborted } from '../../base/index.ts';
import { type DicomAttributes, readDicomHeader } from '../../dicom/index.ts';
import { explainSystemError } from '../../files/index.ts';

/** What sorting images into studies needs of each. */
export interface RsnaHeader {
  readonly file: string;
  readonly study: string;
  readonly patient: string;
  /** Along the body, mm: the third of Image Position Patient. */
  readonly heightMm: number;
  /** Unsigned 12-bit values without an offset: air cannot be what the intercept says. */
  readonly hasDoubtfulIntercept: boolean;
}

/** Bytes that hold every attribute of these files before Pixel Data; more are read where they do not. */
const HEAD_BYTES = 4096;
/** Disks answer many small reads together faster than one by one. */
const READS_AT_ONCE = 32;
/** An unsigned 12-bit CT stores air at or near 0, so its intercept lies near -1024. */
const HIGHEST_INTERCEPT = -100;

export interface RsnaHeaders {
  readonly headers: readonly RsnaHeader[];
  /** Files that cannot be sorted, with the reason. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** Reads the headers of many files; the files' names are given with the folder that holds them. */
export async function readRsnaHeaders(
  files: readonly { readonly name: string; readonly path: string }[],
  onProgress?: ProgressListener,
  signal?: AbortSignal,
): Promise<RsnaHeaders> {
  const headers: RsnaHeader[] = [];
  const unreadable = new Map<string, string>();
  const waiting = files[Symbol.iterator]();
  let done = 0;
  const work = async (): Promise<void> => {
    for (const { name, path } of waiting) {
      throwIfAborted(signal);
      try {
        headers.push(headerOf(name, await attributesOf(name, path)));
      } catch (thrown) {
        if (!(thrown instanceof IchorError)) throw thrown;
        unreadable.set(name, messageOf(thrown));
      }
      onProgress?.({ task: 'reading headers', done: ++done, total: files.length });
    }
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, work));
  return { headers, unreadable };
}

async function attributesOf(name: string, path: string): Promise<DicomAttributes> {
  for (let bytes = HEAD_BYTES; ; bytes *= 16) {
    const head = await firstBytes(path, bytes);
    try {
      return readDicomHeader(head, { where: name });
    } catch (thrown) {
      const isCut = thrown instanceof IchorError && thrown.code === 'dicom-truncated';
      if (!isCut || head.length < bytes) throw thrown;
    }
  }
}

async function firstBytes(path: string, count: number): Promise<Uint8Array> {
  try {
    const handle = await open(path);
    try {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(count), 0, count, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw explainSystemError(thrown, 'read', path);
  }
}

function headerOf(file: string, attributes: DicomAttributes): RsnaHeader {
  const text = (keyword: string): string => {
    const found = (attributes.text(keyword) ?? '').trim();
    if (found !== '') return found;
    throw new IchorError('tag-missing', `${file}: ${keyword} missing`);
  };
  return {
    file,
    study: text('StudyInstanceUID'),
    patient: text('PatientID'),
    heightMm: attributes.numbers('ImagePositionPatient')[2] ?? Number.NaN,
    hasDoubtfulIntercept:
      attributes.number('BitsStored') === 12 &&
      attributes.number('PixelRepresentation') === 0 &&
      (attributes.number('RescaleIntercept') ?? 0) > HIGHEST_INTERCEPT,
  };
}
