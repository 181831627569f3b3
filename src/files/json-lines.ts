import { appendFile, mkdir, truncate } from 'node:fs/promises';
import path from 'node:path';
import { IchorError } from '../base/index.ts';
import { readIfThere } from './read.ts';
import { explainSystemError } from './system-errors.ts';
import { writeFileWhole } from './write.ts';

/** What a file of JSON lines holds. */
export interface JsonLinesForm<Line> {
  /** Of one line; a zod schema. */
  readonly schema: { parse(value: unknown): Line };
  /** Of the error where a line is damaged. */
  readonly code: string;
  /** What to do then: `delete that line and import again`. */
  readonly advice: string;
}

/** A file of JSON lines that grows while something goes on, and that a kill may cut in its last line. */
export interface JsonLines<Line> {
  /** All lines but a last one that was cut; none where there is no file. Throws IchorError with the form's code. */
  read(): Promise<Line[]>;
  /** Adds a line and sees it onto the disk; what was left of a cut one goes before. Throws as writeFileWhole does. */
  append(line: Line): Promise<void>;
  /** Writes the file anew. */
  rewrite(lines: readonly Line[]): Promise<void>;
}

export function jsonLines<Line>(file: string, form: JsonLinesForm<Line>): JsonLines<Line> {
  let repaired = false;
  const read = async (): Promise<Line[]> => {
    const lines = decoder.decode(wholeLines(await readIfThere(file))).split('\n');
    return lines.flatMap((line, i) => (line === '' ? [] : [parseLine(line, i + 1, file, form)]));
  };
  const append = async (line: Line): Promise<void> => {
    try {
      if (!repaired) await repair(file);
      await appendFile(file, written(line), { flush: true });
      repaired = true;
    } catch (thrown) {
      throw explainSystemError(thrown, 'write', file);
    }
  };
  return { read, append, rewrite: (lines) => writeFileWhole(file, lines.map(written).join('')) };
}

const decoder = new TextDecoder();
const written = (line: unknown): string => `${JSON.stringify(line)}\n`;
const LINE_END = '\n'.charCodeAt(0);

const wholeLines = (bytes: Uint8Array = new Uint8Array()): Uint8Array =>
  bytes.subarray(0, bytes.lastIndexOf(LINE_END) + 1);

/** Takes away a last line that was cut, so that the next one does not run into it; makes the folder. */
async function repair(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const bytes = await readIfThere(file);
  const whole = wholeLines(bytes).length;
  if (bytes !== undefined && whole < bytes.length) await truncate(file, whole);
}

function parseLine<Line>(line: string, number: number, file: string, form: JsonLinesForm<Line>): Line {
  try {
    return form.schema.parse(JSON.parse(line));
  } catch (cause) {
    const text = `${path.basename(file)}, line ${number} is damaged: ${form.advice}`;
    throw new IchorError(form.code, text, { cause });
  }
}
