/** Files on their way to the service: what came of them, and how they are stopped. */
import { messageOf } from '../../src/base/index.ts';
import { WORDS } from '../words.ts';

/** What the service says of a file or a zip. */
export interface Taken {
  readonly kept: number;
  readonly duplicates: number;
  /** How many for each reason. */
  readonly notKept: Readonly<Record<string, number>>;
}

export interface UploadState extends Taken {
  /** Files that were given, and how many of them have an answer. */
  readonly total: number;
  readonly done: number;
  readonly isRunning: boolean;
  /** The first fault, with its file. */
  readonly fault?: string;
}

interface Sendable {
  readonly path: string;
}

interface Way<File> {
  /** Rejects with what the service refused. */
  send(file: File, signal: AbortSignal): Promise<Taken>;
  tell(state: UploadState): void;
}

const NOTHING: UploadState = { total: 0, done: 0, kept: 0, duplicates: 0, notKept: {}, isRunning: false };

/** One after the other, those that come meanwhile behind the others; one that is not taken does not stop them. */
export class Uploads<File extends Sendable> {
  #state = NOTHING;
  #waiting: File[] = [];
  #stopping = new AbortController();
  readonly #way: Way<File>;

  constructor(way: Way<File>) {
    this.#way = way;
  }

  /** Resolves when the last of them has an answer, or when they are stopped. */
  async add(files: readonly File[]): Promise<void> {
    const isFirst = !this.#state.isRunning;
    const before = isFirst ? NOTHING : this.#state;
    this.#waiting.push(...files);
    this.#change({ ...before, isRunning: true, total: before.total + files.length });
    if (isFirst) await this.#run();
  }

  /** What could not be had of what was given. */
  fail(text: string): void {
    this.#change({ ...(this.#state.isRunning ? this.#state : NOTHING), fault: text });
  }

  /** Those under way are broken off; what was kept stays kept. */
  stop(): void {
    this.#waiting = [];
    this.#stopping.abort();
  }

  async #run(): Promise<void> {
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const after = await this.#sent(next, signal);
      if (signal.aborted) break;
      this.#change({ ...this.#state, ...after, done: this.#state.done + 1 });
    }
    const { done, total, fault } = this.#state;
    const stopped =
      signal.aborted && fault === undefined ? { fault: WORDS.upload.stopped(total - done) } : {};
    this.#change({ ...this.#state, ...stopped, isRunning: false });
  }

  async #sent(file: File, signal: AbortSignal): Promise<Partial<UploadState>> {
    try {
      return added(this.#state, await this.#way.send(file, signal));
    } catch (thrown) {
      return { fault: this.#state.fault ?? `${file.path}: ${messageOf(thrown)}` };
    }
  }

  #change(state: UploadState): void {
    this.#state = state;
    this.#way.tell(state);
  }
}

function added(before: Taken, { kept, duplicates, notKept }: Taken): Taken {
  const reasons = { ...before.notKept };
  for (const [code, count] of Object.entries(notKept)) reasons[code] = (reasons[code] ?? 0) + count;
  return { kept: before.kept + kept, duplicates: before.duplicates + duplicates, notKept: reasons };
}
