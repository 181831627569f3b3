import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { inLanes } from '../base/index.ts';
import { openThreads } from './pool.ts';

type Fixture = typeof import('./worker-fixture.ts');
const open = (threads: number, signal?: AbortSignal) =>
  openThreads<Fixture>('./worker-fixture', import.meta.url, threads, signal);

test('lanes keep all threads busy, and results come back to who asked', async () => {
  await using pool = open(2);
  const results: number[] = [];
  await inLanes([1, 2, 3, 4, 5].entries(), pool.threads, async ([i, value]) => {
    results[i] = await pool.ask('twice', value);
  });
  expect(results).toEqual([2, 4, 6, 8, 10]);
});

test('what a task tells comes in order and before its result', async () => {
  await using pool = open(1);
  const words: unknown[] = [];
  const result = await pool.ask('count', 3, { onWord: (word) => words.push(word) });
  expect([...words, result]).toEqual([1, 2, 3, 3]);
});

test('errors keep their class and code, and the thread goes on', async () => {
  await using pool = open(1);
  await expect(pool.ask('refuse', 'x.dcm')).rejects.toMatchObject({
    name: 'RefusedInput',
    code: 'not-ct',
    message: 'x.dcm is not a CT',
  });
  const fault = await pool.ask('blunder', null).catch((thrown: unknown) => thrown);
  expect(fault).toMatchObject({
    message: expect.stringMatching(/null/),
    stack: expect.stringContaining('worker-fixture'),
  });
  expect(await pool.ask('twice', 4)).toBe(8);
});

test.each([0, 1])(
  'a thread that exits with code %d without a word rejects what it was asked, and what is asked later',
  async (code) => {
    await using pool = open(2);
    await expect(pool.ask('exit', code)).rejects.toMatchObject({ code: 'thread-ended' });
    await expect(pool.ask('twice', 1)).rejects.toMatchObject({ code: 'thread-ended' });
  },
);

test('an abort ends the thread under way, with the reason that was given', async () => {
  const abort = new AbortController();
  await using pool = open(1, abort.signal);
  const hanging = pool.ask('hang', null);
  const waiting = pool.ask('twice', 1);
  const reason = new Error('enough');
  setTimeout(() => abort.abort(reason), 50);
  await expect(hanging).rejects.toBe(reason);
  await expect(waiting).rejects.toBe(reason);
});

test('a closed pool leaves nobody waiting', async () => {
  const pool = open(1);
  const hanging = pool.ask('hang', null);
  const outcome = expect(hanging).rejects.toThrow('the threads are closed');
  await pool[Symbol.asyncDispose]();
  await outcome;
});

test('a worker file that is not there is told as such', async () => {
  await using pool = openThreads<Fixture>('./none', import.meta.url, 1);
  await expect(pool.ask('twice', 1)).rejects.toThrow(/a thread ended: .*none/);
});

test('buffers that move are not copied: who gave them away has them no more', async () => {
  await using pool = open(1);
  const bytes = new Uint8Array(1000);
  const filled = await pool.ask('fill', bytes, { move: [bytes.buffer] });
  expect([bytes.length, filled.length, filled[999]]).toEqual([0, 1000, 7]);
});

test('a pool that goes on keeps nothing of what it has answered', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  await using pool = open(1);
  const answers: WeakRef<Uint8Array>[] = [];
  for (let i = 0; i < 20; i++) answers.push(new WeakRef(await pool.ask('fill', new Uint8Array(1000))));
  // What was just looked at through a weak reference stays until the task ends
  await new Promise(setImmediate);
  collectGarbage();
  expect(answers.filter((answer) => answer.deref() !== undefined).length).toBeLessThanOrEqual(1);
});

test('after a fault no lane takes another item', async () => {
  const taken: number[] = [];
  const work = async (item: number): Promise<void> => {
    taken.push(item);
    if (item === 2) throw new Error('two');
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await expect(inLanes([1, 2, 3, 4, 5], 2, work)).rejects.toThrow('two');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(taken).toEqual([1, 2]);
});
