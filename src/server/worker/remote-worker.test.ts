import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Told } from './predict-messages.ts';
import type { Predictor } from './predictor.ts';
import { sourceOf } from './remote-worker.ts';
import { startWorker } from './worker.ts';

const JOB = { study: '1.2.3', number: 1 };
/** It is predicted once more. */
const AGAIN = { ...JOB, earlierResult: 'results/1.2.3/2026-01-02T03-04-05.000Z' };
const REFUSED: Told = { kind: 'refused', reason: { code: 'not-head', text: '' }, files: {} };
const NAMES = ['1', '2', '3'].map((slice) => `1.2.3/1.2.3.${slice}.0123456789abcdef.dcm`);

let folder: string;
let service: Server;
let url: string;
/** What the service does not give. */
let missing: string[];
const asked: (string | undefined)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-remote-'));
  vi.stubEnv('TMPDIR', folder);
  missing = [];
  asked.length = 0;
  handedIn.length = 0;
  service = createServer(({ url: path = '', headers }, response) => {
    asked.push(headers.authorization);
    const slice = path.slice(path.lastIndexOf('/') + 1);
    response.writeHead(missing.includes(slice) ? 503 : 200).end(`slice ${slice}`);
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  service.close();
  await rm(folder, { recursive: true });
});

const handedIn: string[] = [];
const board = {
  take: async () => JOB,
  heard: async () => true,
  objectsOf: async () => NAMES,
  stopRule: async () => undefined,
  handIn: async (_job: unknown, _worker: string, { kind }: { readonly kind: string }) => {
    handedIn.push(kind);
    return true;
  },
};
const source = () => sourceOf(board, { service: url, token: 'pass' }, () => undefined);

test('slices are fetched for one job, and gone when it is handed in', async () => {
  const remote = source();
  const files = await remote.pathsOf(JOB);
  expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(
    ['1.2.3.1', '1.2.3.2', '1.2.3.3'].map((slice) => `slice ${slice}`),
  );
  expect(asked).toEqual(Array(3).fill('Bearer pass'));
  await remote.handIn(JOB, REFUSED, new AbortController().signal);
  expect([handedIn, await readdir(folder)]).toEqual([['refused'], []]);
});

test('where one slice cannot be fetched, those that were fetched go with the job', async () => {
  missing = ['1.2.3.3'];
  const remote = source();
  await expect(remote.pathsOf(JOB)).rejects.toMatchObject({ code: 'service-refused' });
  expect(asked).toHaveLength(3);
  await remote.left(JOB);
  expect(await readdir(folder)).toEqual([]);
  missing = [];
  expect(await remote.pathsOf(JOB)).toHaveLength(3);
});

test('the earlier report is fetched where the job names an earlier result, and gone with the slices', async () => {
  const remote = source();
  await remote.pathsOf(JOB);
  expect(await remote.earlierResultOf(JOB)).toBeUndefined();
  const earlier = await remote.earlierResultOf(AGAIN);
  expect(await readFile(path.join(earlier ?? '', 'dicom', 'report.dcm'), 'utf8')).toBe(
    'slice earlier-report',
  );
  missing = ['earlier-report'];
  await expect(remote.earlierResultOf(AGAIN)).rejects.toMatchObject({ code: 'service-refused' });
  await remote.handIn(AGAIN, REFUSED, new AbortController().signal);
  expect(await readdir(folder)).toEqual([]);
  const beside = sourceOf(board, { folder: '/data' }, () => undefined);
  expect(await beside.earlierResultOf(AGAIN)).toBe(path.join('/data', AGAIN.earlierResult));
});

test('a job that ends before its result leaves no slices, also when the next one is taken', async () => {
  missing = ['earlier-report'];
  const remote = source();
  await remote.pathsOf(AGAIN);
  await expect(remote.earlierResultOf(AGAIN)).rejects.toMatchObject({ code: 'service-refused' });
  expect(await readdir(folder)).toHaveLength(1);
  await remote.left(AGAIN);
  await remote.pathsOf(AGAIN);
  expect(await readdir(folder)).toHaveLength(1);
  await remote.left(AGAIN);
  expect(await readdir(folder)).toEqual([]);
});

const predictor: Predictor = {
  predict: async () => REFUSED,
  stop: () => undefined,
  close: async () => undefined,
};

test('a worker leaves each job that it took, whatever it meets', async () => {
  missing = ['earlier-report'];
  const lines: string[] = [];
  const remote = sourceOf({ ...board, take: async () => AGAIN }, { service: url }, () => undefined);
  const worker = startWorker(remote, predictor, (line) => lines.push(line));
  await vi.waitFor(() => expect(handedIn).toEqual(['stopped']), 10_000);
  // It goes back at once, and the worker waits before it takes another one
  expect(lines).toEqual([expect.stringContaining('cannot be read from here: the service answered 503')]);
  expect(asked).toHaveLength(4);
  expect(await readdir(folder)).toEqual([]);
  await worker.close(0);
});

test('a result waits for a database that is away, and is given up by a worker that is stopped', async () => {
  const lines: string[] = [];
  const away = async () => {
    throw new Error('the database is away');
  };
  const remote = sourceOf({ ...board, handIn: away }, { service: url }, (line) => lines.push(line));
  const worker = startWorker(remote, predictor, (line) => lines.push(line));
  const waits = 'a result waits for the database: the database is away';
  await vi.waitFor(() => expect(lines).toEqual([waits]), 10_000);
  expect(await readdir(folder)).toEqual([]);
  await worker.close(50);
  expect(lines).toEqual([waits, expect.stringContaining('a result is given up')]);
});

test('a result that waits is handed in where the database comes back before the stop', async () => {
  handedIn.length = 0;
  let tries = 0;
  const handIn: typeof board.handIn = async (...result) => {
    if (++tries === 1) throw new Error('the database is away');
    return board.handIn(...result);
  };
  const remote = sourceOf({ ...board, handIn }, { service: url }, () => undefined);
  await remote.handIn(JOB, REFUSED, new AbortController().signal);
  expect([tries, handedIn]).toEqual([2, ['refused']]);
});
