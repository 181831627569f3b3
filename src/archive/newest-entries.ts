import { type FileHandle, open } from 'node:fs/promises';
import { brokenLine, type JournalLength, knownEntry } from './journal.ts';
import { CHAIN_START, readLine, statedSum } from './journal-line.ts';

export interface NumberedLine<Entry> {
  readonly entry: Entry;
  /** From 1, in the file's order. */
  readonly line: number;
}

/**
 * The entries of a journal from its end on, so that the newest ones are read without the rest: only lines before `before`. Each
 * line is held to the one that it follows. Throws as readJournal does.
 */
export async function* newestEntries<Entry>(
  file: string,
  { lines, bytes }: JournalLength,
  schema: { parse(value: unknown): Entry },
  before = Number.POSITIVE_INFINITY,
): AsyncGenerator<NumberedLine<Entry>> {
  await using handle = await open(file, 'r');
  let line = lines;
  for await (const [text, previous] of withPrevious(textsFromEnd(handle, bytes))) {
    const number = line--;
    if (number >= before) continue;
    const sum = previous === undefined ? CHAIN_START : statedSum(previous);
    const read = sum === undefined ? undefined : readLine(text, sum);
    if (read === undefined) throw brokenLine(file, number);
    yield { entry: knownEntry(() => schema.parse(read.entry), file, number), line: number };
  }
}

/** Each text with the one that stands before it in the file. */
async function* withPrevious(texts: AsyncIterable<string>): AsyncGenerator<[string, string | undefined]> {
  let last: string | undefined;
  for await (const text of texts) {
    if (last !== undefined) yield [last, text];
    last = text;
  }
  if (last !== undefined) yield [last, undefined];
}

const LINE_END = '\n'.charCodeAt(0);
const BLOCK_BYTES = 65_536;

/** The lines within so many bytes, which end with a line's end; the last one first. */
async function* textsFromEnd(handle: FileHandle, bytes: number): AsyncGenerator<string> {
  /** Of a line whose start is not read yet. */
  let rest = Buffer.alloc(0);
  for (let end = bytes - 1; end > 0; end -= BLOCK_BYTES) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
    let unread = buffer.subarray(0, bytesRead);
    for (let cut = unread.lastIndexOf(LINE_END); cut >= 0; cut = unread.lastIndexOf(LINE_END)) {
      yield Buffer.concat([unread.subarray(cut + 1), rest]).toString();
      rest = Buffer.alloc(0);
      unread = unread.subarray(0, cut);
    }
    rest = Buffer.concat([unread, rest]);
  }
  if (rest.length > 0) yield rest.toString();
}
