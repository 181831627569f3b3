import path from 'node:path';
import {
  type Archive,
  type HeldStudy,
  type Job,
  type JobBoard,
  type JobOutcome,
  NO_TRY,
  type Reason,
  type TakenJob,
  WORKER_LOST,
} from '../../archive/index.ts';
import { IchorError, messageOf } from '../../base/index.ts';
import type { StopRule } from '../drift/outside.ts';
import { lookAgain } from '../look-again.ts';
import type { Told } from './predict-messages.ts';
import { type JobSource, SILENT_SECONDS } from './worker.ts';

/** A study is given up after so many tries: one that ends what predicts it would end it for ever. */
const MOST_TRIES = 3;
/** And after so many who were not heard of again, which hardly ever is the study's doing. */
const MOST_LOSSES = 10;
const LOOK_MS = 250;
/** The service's own worker, which works while the service stands. */
const OWN = 'service';

export interface ClerkEvents extends Pick<JobSource, 'stopRule'> {
  /** Seconds from taking the study to the result kept. */
  predicted(seconds: number): void;
  log(text: string): void;
}

/** Writes into the journal what workers anywhere say in the database: it alone moves their studies. */
export interface Clerk {
  /** For the worker in the service's own process, whose results need no way through the database. */
  readonly source: JobSource;
  close(): Promise<void>;
}

export function startClerk(archive: Archive, board: JobBoard, events: ClerkEvents): Clerk {
  const clerk = new JournalClerk(archive, board, events);
  return { source: clerk, close: () => clerk.close() };
}

class JournalClerk implements JobSource {
  readonly #archive: Archive;
  readonly #board: JobBoard;
  readonly #events: ClerkEvents;
  readonly #predicting = new Set<string>();
  /** Why results were not kept, until their studies wait again. */
  readonly #notKept = new Map<string, Reason>();
  readonly #stopListening: () => void;
  readonly #looks: ReturnType<typeof lookAgain>;
  /** Of the service's own worker; what else it is said to have is left from an earlier process. */
  #own: Job | undefined;
  #isTaking = false;
  /** The stop rule as workers elsewhere find it, and in words. */
  #ruleTold: { readonly rule: StopRule | undefined; readonly json: string } | undefined;

  constructor(archive: Archive, board: JobBoard, events: ClerkEvents) {
    this.#archive = archive;
    this.#board = board;
    this.#events = events;
    for (const { study, state } of archive.index.studies())
      if (state === 'predicting') this.#predicting.add(study);
    this.#stopListening = archive.onEntry(({ study }) => {
      if (archive.index.study(study)?.state === 'predicting') this.#predicting.add(study);
      else this.#predicting.delete(study);
    });
    this.#looks = lookAgain(
      LOOK_MS,
      () => this.#look(),
      (thrown) => this.#complain(thrown),
    );
  }

  async close(): Promise<void> {
    await this.#looks.close();
    this.#stopListening();
  }

  async take(): Promise<Job | undefined> {
    this.#isTaking = true;
    try {
      this.#own = await this.#board.take(OWN);
    } finally {
      this.#isTaking = false;
    }
    const job = this.#own;
    // What changed since the database was told goes back there by itself
    return job !== undefined && this.#of(job) && (await this.#begin(job)) ? job : undefined;
  }

  async pathsOf({ study }: Job): Promise<readonly string[]> {
    return this.#archive.paths(study);
  }

  async earlierResultOf({ earlierResult }: Job): Promise<string | undefined> {
    return earlierResult && path.join(this.#archive.folders.root, earlierResult);
  }

  stopRule(): ReturnType<JobSource['stopRule']> {
    return this.#events.stopRule();
  }

  async heard(job: Job, progress: number): Promise<boolean> {
    await this.#board.heard(job, OWN, progress);
    return this.#of(job)?.state === 'predicting';
  }

  async handIn(job: Job, told: Told): Promise<void> {
    try {
      await this.#conclude(job, OWN, told);
    } catch (thrown) {
      // Not the study's fault. A look gives it back, once the journal can take that
      const text = `its result could not be kept (${messageOf(thrown)}); it is predicted again`;
      this.#notKept.set(job.study, { code: 'result-not-kept', text });
      throw thrown;
    }
  }

  async left(): Promise<void> {
    this.#own = undefined;
  }

  async #look(): Promise<void> {
    await this.#tellRule();
    const before = [...this.#predicting];
    const taken = await this.#board.taken();
    for (const job of taken) await this.#note(job);
    const known = new Set(taken.map(({ study }) => study));
    for (const study of before)
      if (!known.has(study) && study !== this.#own?.study) await this.#giveBack(study);
  }

  async #tellRule(): Promise<void> {
    const rule = await this.stopRule();
    // The same object until something changes: it is not put into words four times a second
    if (this.#ruleTold !== undefined && this.#ruleTold.rule === rule) return;
    const json = JSON.stringify(rule ?? null);
    if (json !== this.#ruleTold?.json) await this.#board.tellStopRule(json);
    this.#ruleTold = { rule, json };
  }

  async #note(job: TakenJob): Promise<void> {
    const held = this.#of(job);
    if (held === undefined || this.#isOwn(job)) return;
    if (held.state === 'queued') await this.#begin(job, job.worker);
    if (job.outcome !== undefined) await this.#conclude(job, job.worker, await this.#told(job, job.outcome));
    else if (job.worker === OWN || job.silentSeconds > SILENT_SECONDS) await this.#giveBack(job.study);
  }

  /** What was handed in, with its files. */
  async #told(job: Job, outcome: JobOutcome): Promise<Told> {
    const files = () => this.#board.filesOf(job);
    if (outcome.kind === 'predicted')
      return { kind: outcome.kind, result: { facts: outcome.facts, files: await files() } };
    const { kind, reason } = outcome;
    return kind === 'refused' ? { kind, reason, files: await files() } : { kind, reason };
  }

  /** The study, where it still stands as it did when it was queued for this job. */
  #of({ study, number }: Job): HeldStudy | undefined {
    const held = this.#archive.index.study(study);
    const isSame = held?.queuedByLine === number && (held.state === 'queued' || held.state === 'predicting');
    return isSame ? held : undefined;
  }

  #isOwn({ study, number, worker }: TakenJob): boolean {
    return worker === OWN && (this.#isTaking || (this.#own?.study === study && this.#own.number === number));
  }

  #begin({ study }: Job, worker = OWN): Promise<boolean> {
    return this.#archive.move(study, 'queued', 'predicting', worker);
  }

  async #conclude(job: Job, worker: string, told: Told): Promise<void> {
    const held = this.#of(job);
    if (held === undefined) return;
    const { study, movedAt } = held;
    if (told.kind === 'predicted') {
      if (await this.#archive.finish(study, worker, told.result))
        this.#events.predicted((Date.now() - Date.parse(movedAt)) / 1000);
    } else if (told.kind === 'refused') {
      await this.#archive.refuse(study, worker, told.reason, told.files);
    } else {
      await this.#giveBack(study, told.reason);
    }
  }

  /** Waits again, or is given up where that happened too often. */
  async #giveBack(study: string, reason: Reason = this.#notKept.get(study) ?? WORKER_LOST): Promise<void> {
    const { tries = 0, losses = 0 } = this.#archive.index.study(study) ?? {};
    const isLastTry = tries >= MOST_TRIES && !NO_TRY.has(reason.code);
    const isLastLoss = losses + 1 >= MOST_LOSSES && reason.code === WORKER_LOST.code;
    const to = isLastTry || isLastLoss ? 'failed' : 'queued';
    await this.#archive.move(study, 'predicting', to, 'service', reason);
    this.#notKept.delete(study);
  }

  /** A database that is away is told of once, by who follows it. */
  #complain(thrown: unknown): void {
    if (thrown instanceof IchorError && thrown.code === 'database-unreachable') return;
    this.#events.log(`what workers did is not in the journal yet: ${messageOf(thrown)}`);
  }
}
