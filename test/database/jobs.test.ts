import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type Archive,
  followIndex,
  type IndexInDatabase,
  type JobBoard,
  type JobOutcome,
  jobBoard,
  openArchive,
} from '../../src/archive/index.ts';
import { IchorError } from '../../src/base/index.ts';
import { type Clerk, startClerk } from '../../src/server/index.ts';
import { queueStudy, receiveSlice, resultOf, studyUid } from '../support/held-studies.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { eventually } from '../support/served.ts';

let postgres: Postgres;
let databases = 0;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.remove());

let root = '';
let archive: Archive;
let follower: IndexInDatabase;
let board: JobBoard;
let clerk: Clerk | undefined;
const predicted: number[] = [];
const log = (text: string) => {
  throw new Error(text);
};

async function open(url?: string): Promise<void> {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-jobs-'));
  archive = await openArchive(root);
  follower = await followIndex(archive, { ...(url && { url }), log });
  board = jobBoard(async () => follower.database());
}
afterEach(async () => {
  await clerk?.close();
  clerk = undefined;
  await follower.close();
  await archive.close();
  await rm(root, { recursive: true });
});

let recent: string[] | undefined;
const stopRule = async () => recent && { range: {}, recent };
const start = () => {
  clerk = startClerk(archive, board, { predicted: (seconds) => predicted.push(seconds), stopRule, log });
};
const stateOf = async (study: string) => archive.index.study(study)?.state;
const becomes = (study: string, state: string) =>
  eventually(
    () => stateOf(study),
    (now) => now === state,
    20,
  );
async function takenJob() {
  await follower.upToDate();
  const job = await board.take('a');
  if (job === undefined) throw new Error('no job');
  return job;
}
/** The time that a study waits after a fault. */
const endWaiting = () =>
  follower
    .database()
    .updateTable('job')
    .set({ not_before: new Date(0) })
    .execute();
const fallSilent = () =>
  follower
    .database()
    .updateTable('job')
    .set({ heard_at: new Date(0) })
    .execute();
const handedIn = (probability: number) => {
  const { facts, files } = resultOf(probability);
  return [{ kind: 'predicted', facts }, files] as const;
};

describe.each(['embedded', 'PostgreSQL'])('jobs, %s', (kind) => {
  beforeEach(() => (kind === 'embedded' ? open() : postgres.urlOf(`jobs_${++databases}`).then(open)));

  test('each study goes to one worker, urgent ones first, and its result into the journal', async () => {
    for (const number of [1, 2, 3]) await queueStudy(archive, studyUid(number), number === 3);
    await follower.upToDate();
    expect(await board.counts()).toMatchObject({ waiting: 3, later: 0, taken: 0 });
    const jobs = [
      await board.take('a'),
      ...(await Promise.all([board.take('b'), board.take('c'), board.take('d')])),
    ];
    expect(jobs.map((job) => job?.study).toSorted()).toEqual([
      studyUid(1),
      studyUid(2),
      studyUid(3),
      undefined,
    ]);
    expect(jobs[0]?.study).toBe(studyUid(3));

    start();
    await becomes(studyUid(3), 'predicting');
    const [job] = jobs;
    if (job === undefined) throw new Error('no job');
    expect(await board.heard(job, 'a', 0.5)).toBe(true);
    expect(await board.handIn(job, 'b', ...handedIn(0.75))).toBe(false);
    expect(await board.handIn(job, 'a', ...handedIn(0.75))).toBe(true);
    await becomes(studyUid(3), 'done');
    // what drift is looked for in came through the database too
    expect(archive.index.study(studyUid(3))?.results).toMatchObject([
      { probability: 0.75, positive: true, seen: { kernel: 'H31s', headHu: 33 } },
    ]);
    await follower.upToDate();
    expect(await board.handIn(job, 'a', ...handedIn(0.1))).toBe(false);
    expect(await board.counts()).toMatchObject({ waiting: 0, taken: 2 });
  });

  test('a job names the refusal or the result whose report a new one takes the place of', async () => {
    const uid = studyUid(1);
    await queueStudy(archive, uid);
    start();
    const first = await takenJob();
    expect(first.earlierResult).toBeUndefined();
    const refused = { kind: 'refused', reason: { code: 'too-few-slices', text: '' } } as const;
    await board.handIn(first, 'a', refused, { 'dicom/report.dcm': new Uint8Array([1]) });
    await becomes(uid, 'refused');
    const refusal = archive.index.study(uid)?.newestFolder;
    expect(refusal).toContain(uid);

    await receiveSlice(archive, uid, 2);
    await archive.move(uid, 'receiving', 'queued', 'test');
    const second = await takenJob();
    expect(second.earlierResult).toBe(refusal);
    await board.handIn(second, 'a', ...handedIn(0.75));
    await becomes(uid, 'done');
    await archive.move(uid, 'done', 'queued', 'test');
    expect((await takenJob()).earlierResult).toBe(archive.index.study(uid)?.results[0]?.folder);
  });

  test('a result that the disk does not take is no fault of its study, which waits with the reason', async () => {
    const uid = studyUid(1);
    await queueStudy(archive, uid);
    start();
    if (clerk === undefined) throw new Error('no clerk');
    const { source } = clerk;
    const take = async () => {
      await follower.upToDate();
      const job = await eventually(
        () => source.take(),
        (taken) => taken !== undefined,
        20,
      );
      if (job === undefined) throw new Error('no job');
      return job;
    };
    const told = { kind: 'predicted', result: resultOf(0.75) } as const;
    const running = new AbortController().signal;
    const full = vi
      .spyOn(archive, 'finish')
      .mockRejectedValue(new IchorError('disk-full', 'no space is left'));
    for (let times = 0; times < 5; times++) {
      const job = await take();
      await expect(source.handIn(job, told, running)).rejects.toThrow('no space is left');
      await source.left(job);
      await becomes(uid, 'queued');
      expect(archive.index.study(uid)).toMatchObject({ tries: 0, reason: { code: 'result-not-kept' } });
    }
    full.mockRestore();
    await source.handIn(await take(), told, running);
    await becomes(uid, 'done');
  });

  test('workers elsewhere find what results are held to, as it changes', async () => {
    start();
    const told = (rule: unknown) =>
      eventually(
        () => board.stopRule(),
        (found) => JSON.stringify(found) === JSON.stringify(rule),
        20,
      );
    await told(undefined);
    recent = ['the kernels differ'];
    await told({ range: {}, recent });
    recent = undefined;
    await told(undefined);
  });

  test('a late slice takes the study back from its worker, whose result then counts for nothing', async () => {
    await queueStudy(archive, studyUid(1));
    const job = await takenJob();
    start();
    await becomes(studyUid(1), 'predicting');
    await receiveSlice(archive, studyUid(1), 2);
    await archive.move(studyUid(1), 'receiving', 'queued', 'test');
    await follower.upToDate();
    expect(await board.heard(job, 'a', 0.5)).toBe(false);
    expect(await board.handIn(job, 'a', ...handedIn(0.75))).toBe(false);
    const again = await board.take('b');
    expect(again?.number).toBeGreaterThan(job.number);
    expect(await board.objectsOf(studyUid(1))).toHaveLength(2);
    expect(archive.index.study(studyUid(1))?.results).toEqual([]);
  });
});

test('a worker that falls silent loses its study to the next one; after ten losses it is given up, until a person asks', async () => {
  const url = await postgres.urlOf('silent');
  await open(url);
  await queueStudy(archive, studyUid(1));
  start();
  for (let losses = 1; losses <= 10; losses++) {
    await follower.upToDate();
    await endWaiting();
    expect(await board.take(`worker ${losses}`)).toMatchObject({ study: studyUid(1) });
    await becomes(studyUid(1), 'predicting');
    await fallSilent();
    await becomes(studyUid(1), losses < 10 ? 'queued' : 'failed');
  }
  expect(archive.index.study(studyUid(1))).toMatchObject({
    tries: 0,
    losses: 10,
    reason: { code: 'worker-lost' },
  });
  await follower.upToDate();
  expect(await board.counts()).toEqual({ waiting: 0, later: 0, taken: 0 });
  await archive.move(studyUid(1), 'failed', 'queued', 'a person');
  await follower.upToDate();
  expect(await board.take('worker 11')).toMatchObject({ study: studyUid(1) });
});

test('a study whose prediction ends without an answer is given up after three tries, losses between them or not', async () => {
  await open(await postgres.urlOf('ended'));
  const uid = studyUid(1);
  await queueStudy(archive, uid);
  start();
  const ended: JobOutcome = { kind: 'failed', reason: { code: 'worker-ended', text: 'it ended' } };
  for (const [turn, isLost] of [false, true, false, true, false].entries()) {
    await follower.upToDate();
    await endWaiting();
    const job = await takenJob();
    await becomes(uid, 'predicting');
    if (isLost) await fallSilent();
    else await board.handIn(job, 'a', ended);
    await becomes(uid, turn < 4 ? 'queued' : 'failed');
  }
  expect(archive.index.study(uid)).toMatchObject({ tries: 3, losses: 2, reason: { code: 'worker-ended' } });
});

test('what failed waits longer after each try', async () => {
  await open(await postgres.urlOf('backoff'));
  await queueStudy(archive, studyUid(1));
  start();
  const job = await takenJob();
  await board.handIn(job, 'a', { kind: 'failed', reason: { code: 'study-failed', text: 'it failed' } });
  await eventually(
    async () => archive.index.study(studyUid(1))?.reason?.code,
    (code) => code === 'study-failed',
    20,
  );
  await follower.upToDate();
  expect(await board.counts()).toMatchObject({ waiting: 0, later: 1 });
  expect(await board.take('a')).toBeUndefined();
});
