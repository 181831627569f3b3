import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Archive, type Entry, type HeldStudy, openArchive } from '../../archive/index.ts';
import { createDriftWatch, stopReasons } from './drift-watch.ts';
import type { DriftFacts } from './facts.ts';
import { siteStudies } from './site-fixture.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-drift-'));
});
afterEach(() => rm(root, { recursive: true }));

const START = Date.parse('2026-01-01T00:00:00Z');
const AFTER = START + 300 * 144 * 60_000;
const period = { from: new Date(START).toISOString(), to: new Date(AFTER).toISOString() };

const common = { objects: new Map(), urgent: false, isRead: false, tries: 0, losses: 0, line: 1 };

/** As the index has it. */
function heldOf(facts: DriftFacts): HeldStudy {
  const { study, endedAt, refusal, probability = 0, positive = false, agreed: _, ...seen } = facts;
  const times = { receivedAt: endedAt, lastArrivalAt: endedAt, movedAt: endedAt };
  const held = { ...common, ...times, study, verdicts: [] };
  if (refusal !== undefined)
    return { ...held, state: 'refused', results: [], reason: { code: refusal, text: 'refused' } };
  const result = {
    probability,
    positive,
    disagreement: false,
    folder: study,
    model: '',
    sha256: '',
    deliveries: {},
  };
  return { ...held, state: 'done', results: [{ ...result, at: endedAt, seen }] };
}

type Listener = Parameters<Archive['onEntry']>[0];

async function watchOver(facts: readonly DriftFacts[], listeners: Listener[] = []) {
  const archive = await openArchive(root);
  await archive.close();
  const studies = facts.map(heldOf);
  const index = { studies: () => studies, study: () => undefined };
  return createDriftWatch({
    folders: archive.folders,
    index,
    onEntry: (listener) => {
      listeners.push(listener);
      return () => undefined;
    },
  });
}

test('nothing is watched before a period was accepted; one that is too short is refused', async () => {
  const watch = await watchOver(siteStudies(1, START, 150));
  expect(await watch.state()).toBeUndefined();
  await expect(watch.accept(period, 'anna')).rejects.toThrow(
    '150 studies ended in that period, at least 200 are needed: take a longer one',
  );
});

test('an accepted period outlives a restart, and a new kernel stops: results are marked, none is hidden', async () => {
  const later = siteStudies(2, AFTER, 200, { kernel: 'H60f' });
  const facts = [...siteStudies(1, START, 300), ...later];
  await (await watchOver(facts)).accept(period, 'anna');
  const state = await (await watchOver(facts)).state();
  expect(state?.period).toMatchObject({ ...period, by: 'anna' });
  expect(state?.streams.filter(({ alarm }) => alarm).map(({ name }) => name)).toEqual(['kernel']);
  const reasons = later.map((one) => stopReasons(heldOf(one), state));
  const shifted = later.findIndex(({ kernel }) => kernel === 'H60f');
  const usual = later.findIndex(({ kernel }) => kernel === 'SOFT');
  const asAWhole = 'the recent studies as a whole differ from the reference period in the convolution kernel';
  expect(reasons[shifted]).toContain('the convolution kernel "H60f" did not occur in the reference period');
  expect(reasons[usual]).toContain(asAWhole);
  // a refused study has no result that could be marked, and those of the reference period stay as they were
  expect(reasons[later.findIndex(({ refusal }) => refusal !== undefined)]).toEqual([]);
  expect(stopReasons(heldOf(facts[0] ?? later[0] ?? { study: '', endedAt: '' }), state)).toEqual([]);
});

test('alarms that a person has seen are told as such, after a restart too, and marks stay', async () => {
  const later = siteStudies(2, AFTER, 200, { kernel: 'H60f' });
  const facts = [...siteStudies(1, START, 300), ...later];
  const watch = await watchOver(facts);
  await expect(watch.acknowledge('seen', 'anna')).rejects.toThrow('no alarm of drift stands');
  await watch.accept(period, 'anna');
  await watch.acknowledge('the new kernel is being checked', 'bert');
  const state = await (await watchOver(facts)).state();
  expect(state?.acknowledged).toMatchObject({
    ...{ by: 'bert', comment: 'the new kernel is being checked', streams: ['kernel'] },
  });
  const shifted = later.find(({ kernel }) => kernel === 'H60f') ?? { study: '', endedAt: '' };
  expect(stopReasons(heldOf(shifted), state)).not.toEqual([]);
  // Against another reference alarms are new ones
  expect((await watch.accept(period, 'anna')).acknowledged).toBeUndefined();
});

test('a damaged file is named', async () => {
  const watch = await watchOver([]);
  await writeFile(path.join(root, 'drift-reference.json'), '{"from": 1}');
  await expect(watch.state()).rejects.toThrow(/^drift-reference\.json is damaged: restore it/);
});

test('only what changes a study that has ended is a reason to compare anew', async () => {
  const listeners: Listener[] = [];
  const watch = await watchOver(siteStudies(1, START, 300), listeners);
  await watch.accept(period, 'anna');
  const told = { at: period.to, study: '1.2.3', by: 'test' };
  const isNew = async (entry: Entry) => {
    const before = await watch.state();
    for (const listener of listeners) listener(entry);
    return (await watch.state()) !== before;
  };
  expect(await isNew({ ...told, event: 'moved', from: 'receiving', to: 'queued' })).toBe(false);
  expect(await isNew({ ...told, event: 'moved', from: 'queued', to: 'predicting' })).toBe(false);
  expect(await isNew({ ...told, event: 'moved', from: 'predicting', to: 'refused' })).toBe(true);
  expect(await isNew({ ...told, event: 'moved', from: 'done', to: 'queued' })).toBe(true);
});
