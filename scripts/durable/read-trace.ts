/** What `strace -f -yy -x` wrote, as the steps of each object on its way to its answer. */

/** How far an object had come when its sender was told of success. */
export interface ToldObject {
  readonly instance: string;
  readonly done: ReadonlySet<Step>;
}

/** In this order each has to be over before the next one begins, and all before the answer. */
export const STEPS = ['bytes synced', 'renamed', 'folder synced', 'journal synced'] as const;
export type Step = (typeof STEPS)[number];

interface Call {
  readonly text: string;
  /** False where the line tells of its end alone. */
  readonly begins: boolean;
  readonly ends: boolean;
}

/**
 * Follows each object by its names: synced under its .part, renamed to its place, its folder synced, a line of the journal
 * synced. A step counts only where the one before it had ended when it began; an answer, where it began.
 */
export function toldObjects(lines: Iterable<string>): ToldObject[] {
  const told: ToldObject[] = [];
  const underWay = new Map<string, string>();
  const synced = new Set<string>();
  /** By SOP Instance UID. */
  const placed = new Map<string, { readonly folder: string; readonly done: Set<Step> }>();
  /** What was done when a call of a thread began. */
  const eligible = new Map<string, string[]>();

  const reach = (call: string, step: Step, thread: string): void => {
    for (const instance of eligible.get(`${thread} ${call}`) ?? []) placed.get(instance)?.done.add(step);
  };
  const having = (test: (one: { folder: string; done: Set<Step> }) => boolean): string[] =>
    [...placed].flatMap(([instance, one]) => (test(one) ? [instance] : []));

  for (const line of lines) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const { text, begins, ends } = callOf(rest, underWay.get(thread));
    if (begins && !ends) underWay.set(thread, text);
    const [, name = '', args = ''] = /^(\w+)\((.*)$/.exec(text) ?? [];
    const file = /^\d+<([^>]*)>/.exec(args)?.[1] ?? '';
    const key = `${thread} ${name}`;
    if (begins && name === 'fsync' && !file.endsWith('.part'))
      eligible.set(
        key,
        having(({ folder, done }) => folder === file && done.has('renamed')),
      );
    if (begins && name === 'fdatasync' && file.endsWith('/journal.jsonl'))
      eligible.set(
        key,
        having(({ done }) => done.has('folder synced')),
      );
    if (begins && /^(write|writev|sendto)$/.test(name) && /^\d+<TCP/.test(args)) {
      const instance = successOf(args);
      if (instance !== undefined) told.push({ instance, done: new Set(placed.get(instance)?.done) });
    }
    if (!ends || !/= 0\b/.test(rest)) continue;
    if (name === 'fsync' && file.endsWith('.part')) synced.add(file);
    if (name === 'rename') {
      const [, from = '', folder = '', instance = ''] =
        /^"([^"]*)", "(.*)\/([\d.]+)\.[0-9a-f]{16}[^"/]*"/.exec(args) ?? [];
      if (from.endsWith('.part'))
        placed.set(instance, { folder, done: new Set(synced.has(from) ? ['bytes synced', 'renamed'] : []) });
    }
    if (name === 'fsync' && !file.endsWith('.part')) reach(name, 'folder synced', thread);
    if (name === 'fdatasync') reach(name, 'journal synced', thread);
  }
  return told;
}

function callOf(rest: string, begun: string | undefined): Call {
  if (rest.startsWith('<... ')) return { text: begun ?? '', begins: false, ends: true };
  const unfinished = / <unfinished \.\.\.>$/;
  return { text: rest.replace(unfinished, ''), begins: true, ends: !unfinished.test(rest) };
}

/** A unit's header, a piece's length, context and control stand before the command (PS3.8 9.3.5). */
const COMMAND_START = 12;

/** The object of a C-STORE response that says success (PS3.7 9.3.1.2). */
function successOf(args: string): string | undefined {
  const [, escaped = ''] = /"((?:\\x[0-9a-f]{2})+)"/.exec(args) ?? [];
  const bytes = Buffer.from(escaped.replaceAll('\\x', ''), 'hex');
  if (bytes[0] !== 4) return undefined;
  const elements = new Map<number, Buffer>();
  for (let start = COMMAND_START; start + 8 <= bytes.length; start += 8 + bytes.readUInt32LE(start + 4))
    elements.set(
      bytes.readUInt16LE(start + 2),
      bytes.subarray(start + 8, start + 8 + bytes.readUInt32LE(start + 4)),
    );
  const isSuccess =
    elements.get(0x0100)?.readUInt16LE() === 0x8001 && elements.get(0x0900)?.readUInt16LE() === 0;
  return isSuccess ? elements.get(0x1000)?.toString('latin1').replace(/\0$/, '') : undefined;
}
