import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Job,
  type JobBoard,
  type JobOutcome,
  jobBoard,
  openDatabase,
  type ResultToKeep,
} from '../../archive/index.ts';
import { IchorError, messageOf } from '../../base/index.ts';
import { writeFileWhole } from '../../files/index.ts';
import { stopRuleSchema } from '../drift/outside.ts';
import type { PredictorOptions, Told } from './predict-messages.ts';
import { openPredictor } from './predictor.ts';
import { type JobSource, startWorker } from './worker.ts';

/** Where the service listens, and a token of ours. */
interface Service {
  readonly service: string;
  readonly token?: string;
}

export interface WorkOptions extends PredictorOptions {
  /** `postgres://...`, the service's own. */
  readonly database: string;
  /** Where the slices are: the service's data folder as this machine sees it, or the service's address. */
  readonly pixels: { readonly folder: string } | Service;
  log(text: string): void;
}

const NOT_FOUND = 404;
const RETRY_MS = 1000;
const LAST_PREDICTION_MS = 20_000;

/**
 * A worker on any machine that reaches the service's database. It changes nothing but its jobs there: the service writes what
 * it hands in. Throws what openPredictor and openDatabase throw.
 */
export async function work({
  database: url,
  pixels,
  log,
  ...predicting
}: WorkOptions): Promise<{ close(): Promise<void> }> {
  const database = await openDatabase(url);
  const stack = new AsyncDisposableStack();
  stack.defer(() => database.destroy());
  try {
    const predictor = await openPredictor(predicting);
    stack.defer(() => predictor.close());
    const board = jobBoard(async () => database);
    const source = sourceOf(board, pixels, log);
    const worker = startWorker(source, predictor, log);
    stack.defer(() => worker.close(LAST_PREDICTION_MS));
  } catch (thrown) {
    await stack.disposeAsync();
    throw thrown;
  }
  return { close: () => stack.disposeAsync() };
}

/** Where a worker elsewhere gets its studies. */
export function sourceOf(
  board: Pick<JobBoard, 'take' | 'heard' | 'handIn' | 'objectsOf' | 'stopRule'>,
  pixels: WorkOptions['pixels'],
  log: (text: string) => void,
): JobSource {
  const name = `${hostname()}-${process.pid}`;
  let fetched: string | undefined;
  /** A patient's slices stay no longer than they are needed. */
  const forget = async (): Promise<void> => {
    if (fetched !== undefined) await rm(fetched, { recursive: true, force: true });
    fetched = undefined;
  };
  return {
    take: () => board.take(name),
    heard: (job, progress) => board.heard(job, name, progress),
    pathsOf: async ({ study }) => {
      const names = await board.objectsOf(study);
      if ('folder' in pixels) return names.map((object) => path.join(pixels.folder, 'objects', object));
      fetched = await mkdtemp(path.join(tmpdir(), 'ichor-worker-'));
      return fetchObjects(pixels, study, names, fetched);
    },
    earlierResultOf: async ({ study, earlierResult }) => {
      if (earlierResult === undefined) return undefined;
      if ('folder' in pixels) return path.join(pixels.folder, earlierResult);
      return fetched && (await fetchEarlierReport(pixels, study, path.join(fetched, 'earlier')));
    },
    stopRule: async () => stopRuleSchema.optional().parse(await board.stopRule()),
    handIn: async (job, told, stopped) => {
      // Before the wait for a database that is away
      await forget();
      await handIn(board, job, name, told, stopped, log);
    },
    left: forget,
  };
}

/**
 * The result is worth waiting for: a database that is away is asked again until it has it. A worker that is stopped gives it
 * up, and its study waits again as that of one who fell silent.
 */
async function handIn(
  board: Pick<JobBoard, 'handIn'>,
  job: Job,
  name: string,
  told: Told,
  stopped: AbortSignal,
  log: (text: string) => void,
): Promise<void> {
  const [outcome, files] = handedIn(told);
  for (let isTold = false; ; await pauseUnless(stopped)) {
    try {
      await board.handIn(job, name, outcome, files);
      return;
    } catch (thrown) {
      if (stopped.aborted)
        return log(`a result is given up, its study is predicted again: ${messageOf(thrown)}`);
      if (!isTold) log(`a result waits for the database: ${messageOf(thrown)}`);
      isTold = true;
    }
  }
}

/** A stop ends it at once, and is looked for after one last try. */
const pauseUnless = (stopped: AbortSignal): Promise<void> =>
  pause(RETRY_MS, undefined, { signal: stopped }).catch((thrown: unknown) => {
    if (!stopped.aborted) throw thrown;
  });

/** The outcome for the database's row, and the files beside it. */
function handedIn(told: Told): readonly [JobOutcome, ResultToKeep['files']?] {
  if (told.kind === 'predicted') return [{ kind: told.kind, facts: told.result.facts }, told.result.files];
  const { kind, reason } = told;
  return told.kind === 'refused' ? [{ kind, reason }, told.files] : [{ kind, reason }];
}

/** As files of a folder of our own: what reads them reads them as any study. */
async function fetchObjects(
  from: Service,
  study: string,
  names: readonly string[],
  folder: string,
): Promise<string[]> {
  const files: string[] = [];
  for (const name of names) {
    const instance = path.basename(name).replace(/\.[0-9a-f]{16}\.dcm$/, '');
    const answer = await ask(from, `/api/studies/${study}/objects/${instance}`);
    if (!answer.ok) throw notGiven(answer, 'a slice');
    const file = path.join(folder, path.basename(name));
    await writeFile(file, answer.body ?? '');
    files.push(file);
  }
  return files;
}

/** The report that a new one takes the place of, as a result's folder holds it; undefined where there is none. */
async function fetchEarlierReport(from: Service, study: string, folder: string): Promise<string | undefined> {
  const answer = await ask(from, `/api/studies/${study}/earlier-report`);
  if (answer.status === NOT_FOUND) return undefined;
  if (!answer.ok) throw notGiven(answer, 'the earlier report');
  await writeFileWhole(path.join(folder, 'dicom', 'report.dcm'), await answer.bytes());
  return folder;
}

const ask = ({ service, token }: Service, route: string): Promise<Response> =>
  fetch(`${service.replace(/\/$/, '')}${route}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

const notGiven = ({ status }: Response, what: string): IchorError =>
  new IchorError(
    'service-refused',
    `the service answered ${status} when asked for ${what}; look at its address and the token`,
  );
