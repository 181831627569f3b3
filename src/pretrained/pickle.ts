import { type ByteCursor, unreadable } from './byte-cursor.ts';

/** A class or function that a pickle names; it is never looked up, let alone called. */
export class GlobalName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export interface PickleHandlers {
  /** What the call of a global gives. Throws for a name that it does not know. */
  call(name: string, args: readonly unknown[]): unknown;
  /** What a persistent identifier stands for. */
  persistent(id: unknown): unknown;
}

const MARK = Symbol('mark');

interface Machine {
  readonly cursor: ByteCursor;
  readonly handlers: PickleHandlers;
  readonly stack: unknown[];
  readonly memo: Map<number, unknown>;
}

/**
 * Reads one pickle (Python's protocols 2 to 4, as far as a state dict needs them) without executing anything: calls go
 * to a table of a few names, everything else is refused. Dictionaries become Maps. Throws `weights-file-unreadable`.
 */
export function readPickle(cursor: ByteCursor, handlers: PickleHandlers): unknown {
  const machine: Machine = { cursor, handlers, stack: [], memo: new Map() };
  for (;;) {
    const code = cursor.uint8();
    if (code === STOP) return pop(machine);
    const step = OPCODES[code];
    if (step === undefined)
      throw unreadable(
        cursor.where,
        `byte ${cursor.at - 1} is opcode 0x${code.toString(16)}, which no weights need`,
      );
    step(machine);
  }
}

const STOP = 0x2e;

type Step = (machine: Machine) => void;
const push =
  (read: (cursor: ByteCursor) => unknown): Step =>
  ({ stack, cursor }) =>
    void stack.push(read(cursor));
const remember =
  (place: (machine: Machine) => number): Step =>
  (machine) =>
    void machine.memo.set(place(machine), machine.stack.at(-1));
const recall =
  (place: (cursor: ByteCursor) => number): Step =>
  ({ stack, memo, cursor }) => {
    const key = place(cursor);
    if (!memo.has(key))
      throw unreadable(cursor.where, `the pickle recalls entry ${key}, which it never kept`);
    stack.push(memo.get(key));
  };
const tuple =
  (count: number): Step =>
  (machine) =>
    void machine.stack.push(popMany(machine, count));

const OPCODES: Readonly<Record<number, Step>> = {
  128: ({ cursor }) => void cursor.uint8(), // PROTO
  149: ({ cursor }) => void cursor.take(8), // FRAME
  40: push(() => MARK),
  125: push(() => new Map()),
  93: push(() => []),
  41: push(() => []), // EMPTY_TUPLE
  78: push(() => null),
  136: push(() => true),
  137: push(() => false),
  74: push((c) => c.int32()),
  75: push((c) => c.uint8()),
  77: push((c) => c.uint16()),
  71: push((c) => c.view(8).getFloat64(0, false)),
  138: push(readLong),
  88: push((c) => c.text(c.int32())),
  140: push((c) => c.text(c.uint8())),
  84: push((c) => c.text(c.int32())),
  85: push((c) => c.text(c.uint8())),
  113: remember(({ cursor }) => cursor.uint8()),
  114: remember(({ cursor }) => cursor.int32()),
  148: remember(({ memo }) => memo.size),
  104: recall((c) => c.uint8()),
  106: recall((c) => c.int32()),
  99: push((c) => new GlobalName(`${c.line()}.${c.line()}`)),
  147: (machine) => {
    const [module, name] = popMany(machine, 2);
    machine.stack.push(new GlobalName(`${module}.${name}`));
  },
  116: (machine) => void machine.stack.push(popToMark(machine)),
  133: tuple(1),
  134: tuple(2),
  135: tuple(3),
  81: (machine) => void machine.stack.push(machine.handlers.persistent(pop(machine))),
  82: reduce,
  98: (machine) => void pop(machine), // BUILD: attributes of a state dict, such as its version
  97: (machine) => {
    const value = pop(machine);
    listAtTop(machine).push(value);
  },
  101: (machine) => {
    const values = popToMark(machine);
    const list = listAtTop(machine);
    for (const value of values) list.push(value);
  },
  115: (machine) => setItems(machine, popMany(machine, 2)),
  117: (machine) => setItems(machine, popToMark(machine)),
};

function reduce(machine: Machine): void {
  const [called, args] = popMany(machine, 2);
  const { where } = machine.cursor;
  if (!(called instanceof GlobalName) || !Array.isArray(args))
    throw unreadable(where, 'the pickle calls what is not a function');
  machine.stack.push(machine.handlers.call(called.name, args));
}

/** A little-endian integer of any length; only the first six bytes count, which no size exceeds. */
function readLong(cursor: ByteCursor): number {
  const bytes = cursor.take(cursor.uint8());
  return bytes.slice(0, 6).reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
}

function pop(machine: Machine): unknown {
  if (machine.stack.length === 0) throw unreadable(machine.cursor.where, 'the pickle takes more than it put');
  return machine.stack.pop();
}

function popMany(machine: Machine, count: number): unknown[] {
  if (machine.stack.length < count)
    throw unreadable(machine.cursor.where, 'the pickle takes more than it put');
  return machine.stack.splice(machine.stack.length - count, count);
}

function popToMark(machine: Machine): unknown[] {
  const mark = machine.stack.lastIndexOf(MARK);
  if (mark === -1) throw unreadable(machine.cursor.where, 'the pickle closes what it never opened');
  return machine.stack.splice(mark).slice(1);
}

function listAtTop({ stack, cursor }: Machine): unknown[] {
  const list = stack.at(-1);
  if (!Array.isArray(list)) throw unreadable(cursor.where, 'the pickle appends to what is not a list');
  return list;
}

function setItems({ stack, cursor }: Machine, items: readonly unknown[]): void {
  const map = stack.at(-1);
  if (!(map instanceof Map))
    throw unreadable(cursor.where, 'the pickle sets items of what is not a dictionary');
  for (let i = 0; i + 1 < items.length; i += 2) map.set(items[i], items[i + 1]);
}
