import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { IchorError, joinBytes, RefusedInput } from '../base/index.ts';
import { type DicomAttributes, fileHead, readDicomHeader } from '../dicom/index.ts';
import { explainSystemError, readWhole } from '../files/index.ts';
import { type ReceivedEntry, uidSchema } from './entries.ts';
import { type ArchiveFolders, makeSyncedFolder, objectPath, syncFolder } from './folders.ts';
import { isSlice } from './held-study.ts';

/** What a sender says of an object before its bytes. */
export interface Arrival {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  /** `dicom STORESCU 127.0.0.1`; never a patient's data. */
  readonly from: string;
  readonly urgent?: boolean;
  /** The study that it is said to belong to, where that is said. */
  readonly study?: string;
}

/** An object that arrives. One of keep() and discard() ends it. */
export interface IncomingObject {
  /** The next bytes of the data set, as they are sent; theirs to keep. Throws as keep() does. */
  write(part: Uint8Array): Promise<void>;
  /**
   * Resolves when the object outlives a power cut: only then may its sender be told. Throws RefusedInput `object-contradicts`,
   * `object-too-large`, `tag-missing` or what readDicomHeader says; IchorError `disk-full`, `disk-error`.
   */
  keep(): Promise<KeptObject>;
  /** Leaves nothing behind. */
  discard(): Promise<void>;
}

export interface KeptObject {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly sopClass: string;
  /** The very same data set was held already, or the object is one of ours that comes back. */
  readonly isDuplicate: boolean;
}

/** What an arriving object asks of its archive. */
export interface ArrivalBook {
  holds(study: string, instance: string, sha256: string): boolean;
  /** Whether it is an object of a result or a refusal that was made here. */
  hasMade(study: string, instance: string): Promise<boolean>;
  /** Resolves when no object of the study is just being removed. */
  mayBePlaced(study: string): Promise<void>;
  /** Resolves when it is in the journal. */
  received(entry: ReceivedEntry): Promise<void>;
}

const MOST_BYTES = 1_073_741_824;
const WRITTEN_AT_ONCE = 524_288;
/** The attributes before the pixels lie within, but for objects whose file is then read whole. */
const HEADER_BYTES = 262_144;

export async function openIncoming(
  arrival: Arrival,
  folders: ArchiveFolders,
  book: ArrivalBook,
): Promise<IncomingObject> {
  for (const uid of [arrival.sopClassUid, arrival.sopInstanceUid, arrival.transferSyntaxUid])
    if (!uidSchema.safeParse(uid).success)
      throw new RefusedInput('object-contradicts', 'an object was announced with a UID that is none');
  const file = path.join(folders.incoming, `${randomUUID()}.part`);
  const handle = await open(file, 'wx+').catch((thrown: unknown) => {
    throw explainSystemError(thrown, 'write', file);
  });
  return new ArrivingObject(arrival, folders, book, file, handle);
}

class ArrivingObject implements IncomingObject {
  readonly #arrival: Arrival;
  readonly #folders: ArchiveFolders;
  readonly #book: ArrivalBook;
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #parts: Uint8Array[] = [];
  #waiting = 0;
  #isOpen = true;

  constructor(
    arrival: Arrival,
    folders: ArchiveFolders,
    book: ArrivalBook,
    file: string,
    handle: FileHandle,
  ) {
    this.#arrival = arrival;
    this.#folders = folders;
    this.#book = book;
    this.#file = file;
    this.#handle = handle;
    this.#add(fileHead(arrival.sopClassUid, arrival.sopInstanceUid, arrival.transferSyntaxUid));
  }

  async write(part: Uint8Array): Promise<void> {
    this.#bytes += part.length;
    if (this.#bytes > MOST_BYTES)
      throw new RefusedInput('object-too-large', `an object of more than ${MOST_BYTES} bytes is not taken`);
    this.#hash.update(part);
    this.#add(part);
    if (this.#waiting >= WRITTEN_AT_ONCE) await this.#flush();
  }

  async keep(): Promise<KeptObject> {
    await this.#flush();
    const entry = this.#entry(await this.#header());
    const { study, series, instance, sopClass, sha256, companion } = entry;
    // A destination may send on what it got from us; what we make is never a slice
    const isOurs = companion === true && (await this.#book.hasMade(study, instance));
    await this.#book.mayBePlaced(study);
    const isDuplicate = isOurs || this.#book.holds(study, instance, sha256);
    if (isDuplicate) await this.discard();
    else await this.#place(entry);
    return { study, series, instance, sopClass, isDuplicate };
  }

  async discard(): Promise<void> {
    if (this.#isOpen) await this.#handle.close();
    this.#isOpen = false;
    await rm(this.#file, { force: true });
  }

  #add(part: Uint8Array): void {
    this.#parts.push(part);
    this.#waiting += part.length;
  }

  async #flush(): Promise<void> {
    const bytes = joinBytes(this.#parts);
    this.#parts = [];
    this.#waiting = 0;
    await this.#disk(() => this.#handle.writeFile(bytes));
  }

  /** Of the file as it was written: what the disk would give back. */
  async #header(): Promise<DicomAttributes> {
    const where = 'the object that was sent';
    const head = new Uint8Array(HEADER_BYTES);
    const { bytesRead } = await this.#disk(() => this.#handle.read(head, 0, head.length, 0));
    try {
      return readDicomHeader(head.subarray(0, bytesRead), { where });
    } catch (thrown) {
      if (bytesRead < head.length || !(thrown instanceof RefusedInput)) throw thrown;
      return readDicomHeader(await readWhole(this.#file), { where });
    }
  }

  #entry(header: DicomAttributes): ReceivedEntry {
    const { sopClassUid, sopInstanceUid, transferSyntaxUid, from, urgent } = this.#arrival;
    if (header.text('SOPClassUID') !== sopClassUid || header.text('SOPInstanceUID') !== sopInstanceUid)
      throw new RefusedInput(
        'object-contradicts',
        "an object's SOP Class or SOP Instance UID is another than was announced for it",
      );
    const study = uidIn(header, 'StudyInstanceUID');
    if (study !== (this.#arrival.study ?? study))
      throw new RefusedInput('object-contradicts', 'an object belongs to another study than was said of it');
    const modality = header.text('Modality');
    const kind = { sopClass: sopClassUid, ...(modality !== undefined && { modality }) };
    const expected = header.number('NumberOfStudyRelatedInstances') ?? 0;
    return {
      event: 'received',
      at: new Date().toISOString(),
      study,
      series: uidIn(header, 'SeriesInstanceUID'),
      instance: sopInstanceUid,
      ...kind,
      transferSyntax: transferSyntaxUid,
      sha256: this.#hash.digest('hex'),
      bytes: this.#bytes,
      from,
      ...(urgent === true && { urgent }),
      ...(!isSlice(kind) && { companion: true }),
      ...(Number.isInteger(expected) && expected > 0 && { expected }),
    };
  }

  /** Bytes, name, folder, journal: in this order each is on the disk before the next. */
  async #place(entry: ReceivedEntry): Promise<void> {
    const place = objectPath(this.#folders, entry);
    await this.#disk(async () => {
      await this.#handle.sync();
      this.#isOpen = false;
      await this.#handle.close();
      await makeSyncedFolder(path.dirname(place));
      await rename(this.#file, place);
      await syncFolder(path.dirname(place));
    });
    await this.#book.received(entry);
  }

  async #disk<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw thrown instanceof IchorError ? thrown : explainSystemError(thrown, 'write', 'the archive');
    }
  }
}

function uidIn(header: DicomAttributes, keyword: string): string {
  const read = uidSchema.safeParse(header.text(keyword));
  if (!read.success)
    throw new RefusedInput('tag-missing', `an object was sent without a ${keyword} that is a UID`);
  return read.data;
}
