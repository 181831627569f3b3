import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { at, IchorError } from '../base/index.ts';
import { explainSystemError } from '../files/index.ts';
import { CHAIN_START, readLine, statedSum, writeLine } from './journal-line.ts';

/** An append-only file of entries: what somebody was told, in the order in which it was. */
export interface Journal<Entry> {
  /**
   * Resolves when the entry is on the disk, with what the form's onEntry said of it; entries that wait meanwhile go there
   * together. Throws IchorError `disk-full` (the next one may succeed), `journal-lost` (nothing more is taken before a
   * restart).
   */
  append(entry: Entry): Promise<boolean>;
  /** The last entry that onEntry was told of, by its line, and that line's checksum. */
  readonly position: JournalPosition;
  /** What is on the disk. */
  readonly length: JournalLength;
  /** `journal-lost`, once that happened. */
  readonly fault: IchorError | undefined;
  close(): Promise<void>;
}

export interface JournalForm<Entry> {
  /** A zod schema. */
  readonly schema: { parse(value: unknown): Entry };
  /**
   * Called for each entry when it is on the disk, with its line, in the file's order: first the old ones, then the new ones.
   * Says whether the entry had an effect.
   */
  readonly onEntry: (entry: Entry, line: number) => boolean;
}

/** Whole lines, and the bytes that they have. */
export interface JournalLength {
  readonly lines: number;
  readonly bytes: number;
}

export interface JournalPosition {
  readonly line: number;
  readonly sum: string;
}

interface Waiting<Entry> {
  readonly entry: Entry;
  resolve(hasEffect: boolean): void;
  reject(reason: unknown): void;
}

/**
 * Opens a journal and gives all that it holds; a last line that was cut is taken away, for nobody was told of it. Throws
 * IchorError `journal-broken` with the line that was altered, or that does not follow the one before.
 */
export async function openJournal<Entry>(file: string, form: JournalForm<Entry>): Promise<Journal<Entry>> {
  // Read and write at places: a journal opened for appending could not be put right after a full disk
  const handle = await open(file, 'r+').catch(() => open(file, 'wx+'));
  try {
    const whole = await endOfLastLine(handle);
    if (whole < (await handle.stat()).size) {
      await handle.truncate(whole);
      await handle.sync();
    }
    return new ChainedJournal(handle, file, form, await replay(handle, file, form, whole));
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

/** Gives all that a journal holds, also while another process writes it, and where it ends. Throws as openJournal does. */
export async function readJournal<Entry>(file: string, form: JournalForm<Entry>): Promise<JournalPosition> {
  await using handle = await open(file, 'r');
  const { lines: line, sum } = await replay(handle, file, form, await endOfLastLine(handle));
  return { line, sum };
}

/** The bytes of all whole lines, also while another process writes it. */
export async function wholeLines(file: string): Promise<Uint8Array> {
  await using handle = await open(file, 'r');
  const bytes = new Uint8Array(await endOfLastLine(handle));
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, done);
    done += bytesRead;
  }
  return bytes;
}

/** How long it is, unread, also while another process writes it. */
export async function journalLength(file: string): Promise<JournalLength> {
  await using handle = await open(file, 'r');
  const bytes = await endOfLastLine(handle);
  let lines = 0;
  if (bytes > 0)
    for await (const chunk of handle.createReadStream({ autoClose: false, start: 0, end: bytes - 1 }))
      for (const byte of chunk as Uint8Array) if (byte === LINE_END) lines++;
  return { lines, bytes };
}

/** Where the journal ends, with its last checksum. */
interface JournalEnd extends JournalLength {
  readonly sum: string;
}

async function replay<Entry>(
  handle: FileHandle,
  file: string,
  { schema, onEntry }: JournalForm<Entry>,
  whole: number,
): Promise<JournalEnd> {
  let sum = CHAIN_START;
  let number = 0;
  if (whole === 0) return { lines: 0, bytes: 0, sum };
  const lines = handle.createReadStream({ autoClose: false, start: 0, end: whole - 1, encoding: 'utf8' });
  for await (const text of textsOf(lines)) {
    number++;
    const line = readLine(text, sum);
    if (line === undefined) throw brokenLine(file, number);
    onEntry(
      knownEntry(() => schema.parse(line.entry), file, number),
      number,
    );
    sum = line.sum;
  }
  return { lines: number, bytes: whole, sum };
}

/** What the line of that number says of its checksum; undefined where the journal is shorter. */
export async function sumOfLine(file: string, line: number): Promise<string | undefined> {
  let number = 0;
  for await (const text of textsOf(createReadStream(file, 'utf8')))
    if (++number === line) return statedSum(text);
  return undefined;
}

/** Lines end with \n alone: node:readline also ends them at U+2028 and U+2029, which JSON holds as they are. */
async function* textsOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let text = '';
  for await (const piece of pieces) {
    const [end = '', ...others] = piece.split('\n');
    text += end;
    for (const next of others) {
      yield text;
      text = next;
    }
  }
  if (text !== '') yield text;
}

export const brokenLine = (file: string, line: number): IchorError =>
  new IchorError(
    'journal-broken',
    `${path.basename(file)}, line ${line} was altered or does not follow the line before it; ` +
      'restore the journal from a backup, and keep this file to see what happened',
  );

/** An entry that is whole and means nothing to us: a newer version's. */
export function knownEntry<Entry>(parse: () => Entry, file: string, line: number): Entry {
  try {
    return parse();
  } catch (cause) {
    const text = `${path.basename(file)}, line ${line} holds what this version does not know; start the version that wrote it`;
    throw new IchorError('journal-broken', text, { cause });
  }
}

const LINE_END = '\n'.charCodeAt(0);
const LOOK_BACK_BYTES = 65_536;

/** The bytes up to and with the last line end. */
async function endOfLastLine(handle: FileHandle): Promise<number> {
  const buffer = new Uint8Array(LOOK_BACK_BYTES);
  for (let end = (await handle.stat()).size; end > 0; end -= LOOK_BACK_BYTES) {
    const start = Math.max(0, end - LOOK_BACK_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, end - start, start);
    const last = buffer.subarray(0, bytesRead).lastIndexOf(LINE_END);
    if (last >= 0) return start + last + 1;
  }
  return 0;
}

class ChainedJournal<Entry> implements Journal<Entry> {
  #waiting: Waiting<Entry>[] = [];
  #writing: Promise<void> | undefined;
  #lost: IchorError | undefined;
  #leftOver = false;
  readonly #handle: FileHandle;
  readonly #file: string;
  readonly #form: JournalForm<Entry>;
  #end: JournalEnd;
  #position: JournalPosition;

  constructor(handle: FileHandle, file: string, form: JournalForm<Entry>, end: JournalEnd) {
    this.#handle = handle;
    this.#file = file;
    this.#form = form;
    this.#end = end;
    this.#position = { line: end.lines, sum: end.sum };
  }

  append(entry: Entry): Promise<boolean> {
    return new Promise((resolve, reject) => {
      // What could not be read back must not be written
      this.#waiting.push({ entry: this.#form.schema.parse(entry), resolve, reject });
      this.#writing ??= this.#writeWaiting();
    });
  }

  get position(): JournalPosition {
    return this.#position;
  }

  get length(): JournalLength {
    return this.#end;
  }

  get fault(): IchorError | undefined {
    return this.#lost;
  }

  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    await this.#handle.close();
  }

  async #writeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const sums = await this.#write(batch.map(({ entry }) => entry));
        for (const [i, { entry, resolve }] of batch.entries()) {
          this.#position = { line: this.#position.line + 1, sum: at(sums, i) };
          resolve(this.#form.onEntry(entry, this.#position.line));
        }
      } catch (thrown) {
        for (const { reject } of batch) reject(thrown);
      }
    }
    this.#writing = undefined;
  }

  /** Gives the checksum of each line. */
  async #write(entries: readonly Entry[]): Promise<readonly string[]> {
    if (this.#lost !== undefined) throw this.#lost;
    let { sum } = this.#end;
    const lines = entries.map((entry) => {
      const line = writeLine(entry, sum);
      sum = line.sum;
      return line;
    });
    const bytes = Buffer.from(lines.map(({ text }) => text).join(''));
    try {
      if (this.#leftOver) await this.#handle.truncate(this.#end.bytes);
      this.#leftOver = true;
      await writeAt(this.#handle, bytes, this.#end.bytes);
    } catch (thrown) {
      throw explainSystemError(thrown, 'write', this.#file);
    }
    await this.#sync();
    this.#leftOver = false;
    this.#end = { lines: this.#end.lines + entries.length, bytes: this.#end.bytes + bytes.length, sum };
    return lines.map((line) => line.sum);
  }

  /** After a failed sync nobody can say what is on the disk, and a second one would succeed in any case. */
  async #sync(): Promise<void> {
    try {
      await this.#handle.datasync();
    } catch (cause) {
      const text = `${path.basename(this.#file)} could not be synced to the disk; look at the disk, then start again`;
      this.#lost = new IchorError('journal-lost', text, { cause });
      throw this.#lost;
    }
  }
}

async function writeAt(handle: FileHandle, bytes: Uint8Array, place: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, place + done);
    done += bytesWritten;
  }
}
