import { Away } from '../answered.ts';
import type { AskReader, ReaderAnswers, ToPage } from './reader-messages.ts';

export interface Progress {
  readonly done: number;
  readonly total: number;
}

interface Started {
  readonly worker: Worker;
  asked: number;
}

interface Waiting {
  readonly by: Started;
  readonly resolve: (answer: never) => void;
  readonly reject: (fault: Error) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** One is left for the page. */
const MOST_WORKERS = 4;
/** While one file is decoded the next is fetched. */
const QUESTIONS_PER_WORKER = 2;

/** Workers that read for a page, started as they are needed, ended by the signal: whoever waits then is told so. */
export class Readers {
  #workers: Started[] = [];
  readonly #waiting = new Map<number, Waiting>();
  readonly #most = Math.max(1, Math.min(MOST_WORKERS, navigator.hardwareConcurrency - 1));
  #questions = 0;
  #ended: Error | undefined;

  constructor(signal: AbortSignal) {
    // Its script is fetched while the page asks for the study
    this.#start();
    signal.addEventListener('abort', () => this.#end(new Error('left before it was read')));
  }

  /** So many questions at a time keep all of them busy. */
  get lanes(): number {
    return this.#most * QUESTIONS_PER_WORKER;
  }

  /** Rejects with what the worker threw, and with Away where the service was. */
  ask<Kind extends keyof ReaderAnswers>(
    kind: Kind,
    asked: AskReader<Kind>,
    onProgress?: (progress: Progress) => void,
  ): Promise<ReaderAnswers[Kind]> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = ++this.#questions;
    const { promise, resolve, reject } = Promise.withResolvers<ReaderAnswers[Kind]>();
    const free = this.#free();
    free.asked++;
    this.#waiting.set(id, { by: free, resolve, reject, onProgress });
    free.worker.postMessage({ id, kind, asked });
    return promise.finally(() => free.asked--);
  }

  /** The one with the least to do; a new one where all have enough. */
  #free(): Started {
    const [least = this.#start()] = this.#workers.toSorted((a, b) => a.asked - b.asked);
    const isEnough = least.asked >= QUESTIONS_PER_WORKER && this.#workers.length < this.#most;
    return isEnough ? this.#start() : least;
  }

  #start(): Started {
    const worker = new Worker(new URL('./reader-worker.ts', import.meta.url), { type: 'module' });
    const started = { worker, asked: 0 };
    worker.addEventListener('error', ({ message }) => {
      // Without words where its script could not be fetched
      if (message) this.#end(new Error(message));
      else this.#lose(started);
    });
    worker.addEventListener('message', ({ data }: MessageEvent<ToPage>) => this.#take(data));
    this.#workers.push(started);
    return started;
  }

  #take(told: ToPage): void {
    const waiting = this.#waiting.get(told.id);
    if (told.kind === 'progress') waiting?.onProgress?.(told);
    else this.#waiting.delete(told.id);
    if (told.kind === 'failed') waiting?.reject(told.isAway ? new Away(told.text) : new Error(told.text));
    if (told.kind === 'read') waiting?.resolve(told.answer as never);
  }

  /** The next question starts another one. */
  #lose(lost: Started): void {
    this.#workers = this.#workers.filter((one) => one !== lost);
    for (const [id, { by, reject }] of this.#waiting)
      if (by === lost) {
        this.#waiting.delete(id);
        reject(new Away());
      }
  }

  #end(why: Error): void {
    this.#ended ??= why;
    for (const { worker } of this.#workers) worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
