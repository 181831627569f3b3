/** Late, twice, out of order: what a scanner and its network do to one study, and what the list then shows. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Archive, currentResult, openArchive } from '../src/archive/index.ts';
import { ctFile, dataSetOf } from '../src/dicom/ct-fixture.ts';
import {
  createIntake,
  type DicomProvider,
  type Intake,
  listenForDicom,
  openAssociation,
} from '../src/server/index.ts';
import { resultOf } from './support/held-studies.ts';
import { eventually } from './support/served.ts';

const STUDY = '1.2.826.0.1.88';
const kind = { sopClassUid: '1.2.840.10008.5.1.4.1.1.2', transferSyntaxUid: '1.2.840.10008.1.2.1' };

let root = '';
let archive: Archive;
let intake: Intake;
let provider: DicomProvider;
/** How many slices each prediction saw, and what the study's current result was each time that anything changed. */
let predicted: number[] = [];
let shown: (number | undefined)[] = [];
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-order-'));
  archive = await openArchive(root);
  [predicted, shown] = [[], []];
  const events = { kept: () => undefined, notKept: () => undefined, log: () => undefined };
  intake = createIntake(archive, events);
  archive.onEntry(() => {
    const held = archive.index.study(STUDY);
    shown.push(held && currentResult(held)?.probability);
    if (held?.state === 'queued') void predict();
  });
  provider = await listenForDicom({
    ...{ host: '127.0.0.1', port: 0, aeTitle: 'ICHOR', log: () => undefined },
    visit: () => intake.visit('test'),
  });
});
afterEach(async () => {
  await provider.close(0);
  await intake.close();
  await archive.close();
  await rm(root, { recursive: true });
});

/** A worker whose probability tells how many slices it saw. */
async function predict(): Promise<void> {
  if (!(await archive.move(STUDY, 'queued', 'predicting', 'test'))) return;
  const slices = archive.paths(STUDY).length;
  await pause(300);
  if (await archive.finish(STUDY, 'test', resultOf(slices / 100))) predicted.push(slices);
}

function slice(number: number, series = 1) {
  const sopInstanceUid = `${STUDY}.${series}.${number}`;
  const file = ctFile({
    ...{ StudyInstanceUID: STUDY, SeriesInstanceUID: `${STUDY}.${series}` },
    ...{ SOPInstanceUID: sopInstanceUid, InstanceNumber: number },
  });
  return { ...kind, sopInstanceUid, dataSet: dataSetOf(file) };
}

const open = () =>
  openAssociation({ host: '127.0.0.1', port: provider.port, calledAe: 'ICHOR', callingAe: 'TEST' }, [kind]);

async function send(numbers: readonly number[], series = 1): Promise<void> {
  const association = await open();
  for (const number of numbers) await association.store(slice(number, series));
  await association.release();
}

const held = async () => archive.index.study(STUDY);
const isDone = () => eventually(held, (study) => study?.state === 'done', 60);
const slicesOf = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i);

test('three associations with a cut between, then again, late and beside another series: one current result of all', async () => {
  await send(slicesOf(0, 4));
  const cut = await open();
  for (const number of slicesOf(4, 7)) await cut.store(slice(number));
  cut.abort();
  await pause(500);
  await send(slicesOf(5, 10));
  await isDone();
  expect(predicted).toEqual([10]);

  // The same again changes nothing: the result stays the current one
  const before = archive.position.line;
  await send(slicesOf(0, 10));
  await pause(3000);
  expect(archive.position.line).toBe(before);
  expect(currentResult(archive.index.study(STUDY) ?? fail())?.probability).toBe(0.1);

  // A late slice: at once there is no current result, until there is one of all slices
  const late = await open();
  await late.store(slice(10));
  expect(archive.index.study(STUDY)?.state).toBe('receiving');
  await late.release();
  await isDone();
  expect(predicted).toEqual([10, 11]);

  // A second series arrives while the first one is complete: nothing is final before its end
  const second = await open();
  await second.store(slice(0, 2));
  await send([11]);
  await pause(4000);
  await second.store(slice(1, 2));
  expect(archive.index.study(STUDY)?.state).toBe('receiving');
  await second.release();
  await isDone();
  expect(predicted).toEqual([10, 11, 14]);

  const { results = [] } = archive.index.study(STUDY) ?? {};
  expect(results.map(({ probability }) => probability)).toEqual([0.1, 0.11, 0.14]);
  // What was shown as final: never a result of fewer slices than had been acknowledged
  expect(new Set(shown)).toEqual(new Set([undefined, 0.1, 0.11, 0.14]));
});

function fail(): never {
  throw new Error('the study is not held');
}
