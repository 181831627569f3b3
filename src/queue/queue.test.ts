import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openQueue } from './job-queue.ts';
import { openDatabase, type QueueDatabase } from './queue-database.ts';

interface Numbered {
  readonly number: number;
}

/** A PostgreSQL that the tests may use, as postgres://user@host/database; without it only the embedded one is tested. */
const POSTGRES = process.env.ICHOR_TEST_POSTGRES;
const PLACES = ['embedded', ...(POSTGRES === undefined ? [] : [POSTGRES])];

let folder: string;
let database: QueueDatabase;
let kind: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-queue-'));
  kind = `squares-${randomUUID()}`;
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const jobs = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: `job-${i}`, payload: { number: i } }));
const open = (tries = 3) =>
  openQueue<Numbered, { square: number }>(database, { kind, silentSeconds: 10, tries });

describe.each(PLACES)('a queue, %s', { timeout: 60_000 }, (place) => {
  beforeEach(async () => {
    database = await openDatabase(place === 'embedded' ? path.join(folder, 'db') : place);
  }, 60_000);

  test('does every job once, however often it is added, and keeps its result', async () => {
    const queue = await open();
    await queue.add(jobs(5));
    await queue.add(jobs(6));
    const done: string[] = [];
    await queue.work(async ({ id, payload }) => {
      done.push(id);
      return { square: payload.number ** 2 };
    });
    await queue.add(jobs(6));
    await queue.work(async () => {
      throw new Error('nothing is left to do');
    });
    expect(done.sort()).toEqual(jobs(6).map(({ id }) => id));
    const results = Object.fromEntries((await queue.states()).map(({ id, result }) => [id, result?.square]));
    expect(results).toEqual({ 'job-0': 0, 'job-1': 1, 'job-2': 4, 'job-3': 9, 'job-4': 16, 'job-5': 25 });
    await queue.close();
  });

  test('tries a failing job again, then gives it up with its error, and the others are done', async () => {
    const queue = await open(2);
    await queue.add(jobs(2));
    let tries = 0;
    await queue.work(async ({ id, payload }) => {
      if (id === 'job-0') tries++;
      if (id === 'job-0') throw new Error('no such study');
      return { square: payload.number ** 2 };
    });
    const states = Object.fromEntries((await queue.states()).map((state) => [state.id, state]));
    expect(tries).toBe(2);
    expect(states['job-0']).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('no such study'),
    });
    expect(states['job-1']).toMatchObject({ state: 'done', result: { square: 1 } });
    await queue.close();
  });

  test('tries a job that was given up once more when it is added again', async () => {
    const queue = await open(1);
    await queue.add(jobs(1));
    await queue.work(async () => {
      throw new Error('no disk');
    });
    expect((await queue.states()).map(({ state }) => state)).toEqual(['failed']);
    await queue.add(jobs(1));
    await queue.work(async () => ({ square: 0 }));
    expect((await queue.states()).map(({ state }) => state)).toEqual(['done']);
    await queue.close();
  });

  test('a job that the signal stopped goes back, and has as many tries as before', async () => {
    const queue = await open(2);
    await queue.add(jobs(1));
    for (let stops = 0; stops < 3; stops++) {
      const stop = new AbortController();
      const work = queue.work(async () => {
        stop.abort(new Error('stopped'));
        throw stop.signal.reason;
      }, stop.signal);
      await expect(work).rejects.toThrow('stopped');
      expect((await queue.states()).map(({ state }) => state)).toEqual(['waiting']);
    }
    let tries = 0;
    await queue.work(async () => {
      tries++;
      throw new Error('no disk');
    });
    expect(tries).toBe(2);
    await queue.close();
  });

  describe.runIf(place === 'embedded')('a worker whose job was given to another', () => {
    const sql = async (text: string): Promise<object[]> => {
      const { db } = database.options as { db: { executeSql(sql: string): Promise<{ rows: object[] }> } };
      return (await db.executeSql(text)).rows;
    };
    /** As pg-boss counts where another worker takes the job of a silent one. */
    const takeAway = () => sql('UPDATE ichor_queue.job SET retry_count = retry_count + 1');
    const theirs = [{ state: 'active', retry_count: 1, retry_limit: 2 }];
    const found = () => sql('SELECT state::text, retry_count, retry_limit FROM ichor_queue.job');

    test('is told to stop, and leaves the job to that one', async () => {
      const queue = await open();
      await queue.add(jobs(1));
      const stop = new AbortController();
      const work = queue.work(async (_, signal) => {
        await takeAway();
        await once(signal, 'abort');
        stop.abort();
        throw signal.reason;
      }, stop.signal);
      await expect(work).rejects.toMatchObject({
        code: 'job-lost',
        message: 'job-0 was given to another worker',
      });
      expect(await found()).toEqual(theirs);
      await queue.close();
    });

    test.each(['ends', 'fails'])('and which %s before it is told changes nothing', async (ending) => {
      const queue = await open();
      await queue.add(jobs(1));
      const stop = new AbortController();
      await queue.work(async () => {
        await takeAway();
        setTimeout(() => stop.abort(), 500);
        if (ending === 'fails') throw new Error('no disk');
        return { square: 0 };
      }, stop.signal);
      expect(await found()).toEqual(theirs);
      await queue.close();
    });
  });

  test.runIf(place === 'embedded')('keeps jobs for a year, however long they wait or last', async () => {
    const queue = await open();
    await queue.add(jobs(1));
    const { db } = database.options as { db: { executeSql(text: string): Promise<{ rows: object[] }> } };
    const kept =
      'SELECT expire_seconds, deletion_seconds, extract(epoch FROM keep_until - start_after)::int AS waits FROM ichor_queue.job';
    const { rows } = await db.executeSql(kept);
    const year = 365 * 24 * 3600;
    expect(rows).toEqual([{ expire_seconds: year, deletion_seconds: year, waits: year }]);
    await queue.close();
  });

  test('gives the job of a killed worker to another', async () => {
    const queue = await open(10);
    await queue.add(jobs(8));
    const worker = () => {
      const child = fork(
        fileURLToPath(new URL('./queue-fixture-worker.ts', import.meta.url)),
        place === 'embedded' ? [kind] : [kind, place],
        { serialization: 'advanced' },
      );
      database.serve(child);
      return child;
    };
    const victim = worker();
    await heldJob(victim);
    victim.kill('SIGKILL');
    await once(worker(), 'exit');
    const states = await queue.states();
    expect(states).toHaveLength(8);
    for (const { id, state, result } of states)
      expect({ id, state, result }).toEqual({
        id,
        state: 'done',
        result: { square: Number(id.slice(4)) ** 2 },
      });
    await queue.close();
  });

  test('is not another one in the same database', async () => {
    const [first, second] = [
      await open(),
      await openQueue<Numbered, { square: number }>(database, { kind: `${kind}-2` }),
    ];
    await first.add(jobs(1));
    await first.work(async () => ({ square: 0 }));
    await second.add(jobs(1));
    expect((await second.states()).map(({ state }) => state)).toEqual(['waiting']);
    await first.close();
    await second.close();
  });
});

/** Until the worker says that it holds a job. */
function heldJob(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on('message', (message: { holds?: string }) => {
      if (message.holds !== undefined) resolve();
    });
  });
}
