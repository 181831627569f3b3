import { expect, test } from 'vitest';
import { type Taken, type UploadState, Uploads } from './uploads.ts';

const named = (...paths: string[]) => paths.map((path) => ({ path }));
const KEPT: Taken = { kept: 1, duplicates: 0, notKept: {} };

function uploads(send: (path: string) => Promise<Taken>) {
  const told: UploadState[] = [];
  const made = new Uploads<{ path: string }>({
    send: ({ path }) => send(path),
    tell: (state) => told.push(state),
  });
  return { made, told };
}

test('files are counted as they go, and one that is refused does not stop the others', async () => {
  const { made, told } = uploads(async (path) => {
    if (path === 'b') throw new Error('the disk is full');
    return path === 'c' ? { kept: 0, duplicates: 2, notKept: { 'not-dicom': 3 } } : KEPT;
  });
  await made.add(named('a', 'b', 'c'));
  expect(told.map(({ done, total }) => [done, total])).toEqual([
    [0, 3],
    [1, 3],
    [2, 3],
    [3, 3],
    [3, 3],
  ]);
  expect(told.at(-1)).toEqual({
    ...{ total: 3, done: 3, kept: 1, duplicates: 2, notKept: { 'not-dicom': 3 } },
    ...{ isRunning: false, fault: 'b: the disk is full' },
  });
});

test('what is given meanwhile comes behind, and a stop says how many were not sent', async () => {
  const first = Promise.withResolvers<Taken>();
  const sent: string[] = [];
  const { made, told } = uploads(async (path) => {
    sent.push(path);
    return path === 'a' ? first.promise : KEPT;
  });
  const running = made.add(named('a', 'b'));
  await made.add(named('c'));
  expect(told.at(-1)).toMatchObject({ done: 0, total: 3, isRunning: true });
  made.stop();
  first.resolve(KEPT);
  await running;
  expect(sent).toEqual(['a']);
  expect(told.at(-1)).toMatchObject({ isRunning: false, fault: 'stopped; 3 of the files were not sent' });
  await made.add(named('d'));
  expect(told.at(-1)).toMatchObject({ done: 1, total: 1, kept: 1, isRunning: false });
});
