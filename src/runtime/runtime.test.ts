import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IchorError, type Runtime, runtimeOn, sharedTensor, TRIAL_GRAPH, trialFeeds } from '../base/index.ts';
import { startComputeThread } from './compute-thread.ts';
import { fastest } from './devices.ts';
import { createRuntime } from './runtime.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 1 });
});
afterAll(() => runtime.close());

// 32 channels times 0.5 * 0.25: nine places of the kernel inside, four at a corner
const INSIDE = 32 * 9 * 0.125;
const CORNER = 32 * 4 * 0.125;

test('a graph runs on the thread and names its ports', async () => {
  const session = await runtime.load(TRIAL_GRAPH, { name: 'trial' });
  expect(session.inputs.map((port) => [port.name, port.element, port.shape])).toEqual([
    ['x', 'float32', [1, 32, 64, 64]],
    ['w', 'float32', [32, 32, 3, 3]],
  ]);
  const { y } = await session.run(trialFeeds());
  expect(y?.shape).toEqual([1, 32, 64, 64]);
  expect(y?.data[0]).toBeCloseTo(CORNER, 4);
  expect(y?.data[65]).toBeCloseTo(INSIDE, 4);
  await session.close();
});

test('the event loop turns while it computes', async () => {
  const session = await runtime.load(TRIAL_GRAPH);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  for (let run = 0; run < 20; run++) await session.run(trialFeeds());
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
});

test('a shared buffer is filled in place', async () => {
  const session = await runtime.load(TRIAL_GRAPH);
  const into = sharedTensor('float32', [1, 32, 64, 64]);
  const { y } = await session.run(trialFeeds(), ['y'], { into: { y: into } });
  expect(y).toBe(into);
  expect(into.data[65]).toBeCloseTo(INSIDE, 4);
});

test('a part of a larger buffer is fed as the part', async () => {
  const session = await runtime.load(TRIAL_GRAPH);
  const feeds = trialFeeds();
  const size = 32 * 64 * 64;
  const large = new Float32Array(2 * size).fill(0.5, size);
  const { y } = await session.run({
    ...feeds,
    x: { element: 'float32', shape: [1, 32, 64, 64], data: large.subarray(size) },
  });
  expect(y?.data[65]).toBeCloseTo(INSIDE, 4);
});

const codeOf = async (failing: Promise<unknown>): Promise<[string, string]> => {
  const thrown = await failing.then(
    () => undefined,
    (fault: unknown) => fault,
  );
  if (!(thrown instanceof IchorError)) throw new Error('expected an IchorError', { cause: thrown });
  return [thrown.code, thrown.message];
};

describe('faults carry a code and the name of the graph', () => {
  test('bytes that are no graph', async () => {
    const [code, text] = await codeOf(runtime.load(Uint8Array.of(1, 2, 3), { name: 'broken' }));
    expect(code).toBe('runtime-failed');
    expect(text).toContain('broken could not be loaded');
  });

  test('an input that is missing, or of the wrong shape', async () => {
    const session = await runtime.load(TRIAL_GRAPH, { name: 'trial' });
    const { x, w } = trialFeeds() as Required<ReturnType<typeof trialFeeds>>;
    expect(await codeOf(session.run({ x: x! }))).toEqual([
      'runtime-input-missing',
      'trial was run without its input w',
    ]);
    const [code, text] = await codeOf(session.run({ x: { ...x!, shape: [1, 64, 32, 64] } as never, w: w! }));
    expect(code).toBe('runtime-failed');
    expect(text).toContain('trial failed');
  });

  test('stopped by its signal', async () => {
    const session = await runtime.load(TRIAL_GRAPH, { name: 'trial' });
    const stopping = new AbortController();
    const running = session.run(trialFeeds(), ['y'], { signal: stopping.signal });
    stopping.abort();
    expect((await codeOf(running))[0]).toBe('aborted');
  });

  test('a closed runtime', async () => {
    const closed = await createRuntime({ device: 'cpu' });
    await closed.close();
    expect((await codeOf(closed.load(TRIAL_GRAPH)))[0]).toBe('runtime-closed');
  });
});

describe('a thread that ends without an error lets nobody wait', () => {
  const endsWhenAsked = () =>
    new Worker(`require('node:worker_threads').parentPort.on('message', () => process.exit(3))`, {
      eval: true,
    });
  const SETTINGS = { device: 'cpu', threads: 1 } as const;
  const ENDED = ['runtime-ended', 'the computing thread ended by itself (code 3); start again'];

  test('neither who had asked, nor who asks then', async () => {
    const thread = startComputeThread(endsWhenAsked());
    const asked = [1, 2].map(() => codeOf(thread.ask({ kind: 'open', settings: SETTINGS })));
    expect(await Promise.all(asked)).toEqual([ENDED, ENDED]);
    expect(await codeOf(thread.ask({ kind: 'close', session: 1 }))).toEqual(ENDED);
    await thread.stop();
  });

  test('nor who opens a runtime on it', async () => {
    expect(await codeOf(runtimeOn(startComputeThread(endsWhenAsked()), SETTINGS))).toEqual(ENDED);
  });
});

test('a session may be closed twice', async () => {
  const session = await runtime.load(TRIAL_GRAPH, { name: 'trial' });
  await session.close();
  await session.close();
  expect((await codeOf(session.run(trialFeeds())))[1]).toBe('trial failed: the session is closed');
});

describe('the device', () => {
  test('a GPU slower than the CPU, as a software one is, is not taken', () => {
    const chosen = fastest([
      { device: 'cuda', fault: 'no driver' },
      { device: 'webgpu', milliseconds: 900 },
      { device: 'cpu', milliseconds: 3 },
    ]);
    expect(chosen.device).toBe('cpu');
    expect(chosen.note).toBe(
      'cpu: the fastest that runs here; cuda does not run (no driver); webgpu is slower',
    );
  });

  test('auto runs, and says on what', async () => {
    const automatic = await createRuntime();
    expect(automatic.deviceNote.startsWith(automatic.device)).toBe(true);
    await automatic.close();
  });
});
