import { expect, test } from 'vitest';
import type { Entry } from './entries.ts';
import { currentVerdict } from './held-study.ts';
import { StudyIndex } from './study-index.ts';

const STUDY = '1.2.3';
const at = (second: number) => new Date(1_700_000_000_000 + 1000 * second).toISOString();

const received = (instance: string, sha256: string, second = 0): Entry => ({
  event: 'received',
  at: at(second),
  study: STUDY,
  series: '1.2.3.4',
  instance,
  sopClass: '1.2.840.10008.5.1.4.1.1.2',
  transferSyntax: '1.2.840.10008.1.2.1',
  sha256: sha256.padEnd(64, '0'),
  bytes: 100,
  from: 'test',
});
type Judged = Extract<Entry, { event: 'verdict' }>;
type Moved = Extract<Entry, { event: 'moved' }>;
const moved = (from: Moved['from'], to: Moved['to'], code?: string): Entry => ({
  ...{ event: 'moved', at: at(9), study: STUDY, from, to, by: 'test' },
  ...(code !== undefined && { code, text: `text of ${code}` }),
});
const finished: Extract<Entry, { event: 'finished' }> = {
  event: 'finished',
  at: at(10),
  study: STUDY,
  by: 'test',
  result: {
    folder: 'results/1',
    sha256: 'a'.repeat(64),
    model: 'b'.repeat(64),
    probability: 0.75,
    positive: true,
    disagreement: false,
  },
};

function indexOf(entries: readonly Entry[]) {
  const index = new StudyIndex();
  const effects = entries.map((entry, i) => index.apply(entry, i + 1));
  return { index, effects, study: index.study(STUDY) };
}

const PREDICTING = [received('1', 'a'), moved('receiving', 'queued'), moved('queued', 'predicting')];

test('a study goes from its first object to its result', () => {
  const { study } = indexOf([...PREDICTING, finished]);
  expect(study).toMatchObject({ state: 'done', receivedAt: at(0), movedAt: at(10), tries: 1 });
  expect(study?.results.map(({ probability }) => probability)).toEqual([0.75]);
});

test('the same data set again changes nothing; another one of the same UID opens the study', () => {
  const done = [...PREDICTING, finished];
  const { effects, study, index } = indexOf([...done, received('1', 'a', 20), received('1', 'b', 30)]);
  expect(effects.slice(-2)).toEqual([false, true]);
  expect(study).toMatchObject({ state: 'receiving', lastArrivalAt: at(30), tries: 0 });
  expect([...(study?.objects.values() ?? [])].map(({ sha256 }) => sha256[0])).toEqual(['b']);
  expect(study?.results).toHaveLength(1);
  expect(index.holds(STUDY, '1', 'a'.padEnd(64, '0'))).toBe(true);
});

test('a result that is late for a slice that came meanwhile is not the current one', () => {
  const { effects, study } = indexOf([...PREDICTING, received('2', 'c', 5), finished]);
  expect(effects.at(-1)).toBe(false);
  expect(study).toMatchObject({ state: 'receiving', results: [] });
});

const DOSE_REPORT = { sopClass: '1.2.840.10008.5.1.4.1.1.88.67', modality: 'SR' };
const companion = (instance: string, sha256: string, second = 0): Entry => ({
  ...received(instance, sha256, second),
  ...{ ...DOSE_REPORT, companion: true },
});
const read: Entry = { event: 'read', at: at(11), study: STUDY, by: 'test' };
const judged: Judged = {
  ...{ event: 'verdict', at: at(11), study: STUDY, by: 'test', folder: 'results/1', opinion: 'agree' },
};

test('what a reader took back counts no more, and the word before it does again', () => {
  const bert = { ...judged, at: at(12), by: 'bert', opinion: 'disagree' } as const;
  const withdrawn: Entry = { event: 'withdrawn', at: at(13), study: STUDY, by: 'bert', verdictAt: at(12) };
  const told = [...PREDICTING, finished, judged, bert];
  const { study, effects } = indexOf([...told, withdrawn, withdrawn]);
  expect(effects.slice(-2)).toEqual([true, false]);
  expect(study && currentVerdict(study)).toMatchObject({ by: 'test', opinion: 'agree' });
  expect(study?.verdicts).toMatchObject([{ by: 'test' }, { by: 'bert', withdrawnAt: at(13) }]);
  const { effects: others } = indexOf([...told, { ...withdrawn, by: 'test' }]);
  expect(others.at(-1)).toBe(false);
});

test('a study that was marked as read may be marked as unread again', () => {
  const unread: Entry = { ...read, event: 'unread', at: at(12) };
  const { study, effects } = indexOf([...PREDICTING, finished, unread, read, unread]);
  expect(effects.slice(-3)).toEqual([false, true, true]);
  expect(study).toMatchObject({ state: 'done', isRead: false });
});

const REFUSED = moved('predicting', 'refused', 'not-head');
test.each([
  ['done', [...PREDICTING, finished]],
  ['queued', PREDICTING.slice(0, 2)],
  ['predicting', PREDICTING],
  ['refused', [...PREDICTING, REFUSED]],
  ['failed', [...PREDICTING, moved('predicting', 'failed', 'fault')]],
] as const)('what is no slice leaves a study %s as it is', (_, entries) => {
  const before = indexOf([...entries, read, judged]).study;
  const { study, effects } = indexOf([...entries, read, judged, companion('9', 'd', 20)]);
  expect(effects.at(-1)).toBe(true);
  const { objects, lastArrivalAt, line, ...rest } = before ?? {};
  expect(study).toMatchObject(rest);
  expect(study).toMatchObject({ lastArrivalAt: at(20), isRead: true });
  expect([...(study?.objects.keys() ?? [])]).toEqual(['1', '9']);
});

test('a study of nothing else is received and ends, and its first slice starts it again', () => {
  const alone = [companion('9', 'd'), ...PREDICTING.slice(1), REFUSED];
  expect(indexOf(alone).study).toMatchObject({ state: 'refused', reason: { code: 'not-head' } });
  expect(indexOf([...alone, companion('8', 'e', 20)]).study?.state).toBe('refused');
  expect(indexOf([...alone, received('1', 'a', 20)]).study?.state).toBe('receiving');
});

test('what takes the place of a slice starts the study again', () => {
  expect(indexOf([...PREDICTING, finished, companion('1', 'd', 20)]).study?.state).toBe('receiving');
});

test('a journal of an earlier version, whose dose report started the study again, gives what it gave', () => {
  const report: Entry = { ...received('9', 'd', 20), ...DOSE_REPORT };
  const second = { ...finished, result: { ...finished.result, folder: 'results/2' } };
  const again = [report, ...PREDICTING.slice(1), second, { ...judged, folder: 'results/2' }];
  const { study } = indexOf([...PREDICTING, finished, ...again]);
  expect(study).toMatchObject({ state: 'done', verdicts: [{ folder: 'results/2' }] });
  expect(study?.results.map(({ folder }) => folder)).toEqual(['results/1', 'results/2']);
});

test('after a removal the result stays until as many slices have come again', () => {
  const removed: Entry = { event: 'removed', at: at(20), study: STUDY, by: 'test', because: 'old' };
  const two = [received('1', 'a'), received('2', 'b'), companion('9', 'd'), ...PREDICTING.slice(1), finished];
  const late = [...two, removed, received('3', 'c', 30), companion('8', 'e', 31)];
  expect(indexOf(late).study).toMatchObject({ state: 'done', removedAt: at(20), removedSlices: 2 });
  const again = { ...removed, at: at(40) };
  expect(indexOf([...late, again, received('1', 'a', 50)]).study).toMatchObject({
    ...{ state: 'done', removedAt: at(40), removedSlices: 2 },
  });
  const { study } = indexOf([...late, received('1', 'a', 50)]);
  expect(study).toMatchObject({ state: 'receiving', isRead: false });
  expect(study).not.toHaveProperty('removedAt');
  expect([...(study?.objects.keys() ?? [])]).toEqual(['3', '8', '1']);
});

test('a move from where the study is not, or to where it may not go, has no effect', () => {
  const { effects } = indexOf([
    received('1', 'a'),
    moved('queued', 'predicting'),
    moved('receiving', 'done'),
  ]);
  expect(effects).toEqual([true, false, false]);
});

test('a study knows the lines that queued it and that changed it last', () => {
  const { study } = indexOf([...PREDICTING, finished, moved('done', 'queued')]);
  expect(study).toMatchObject({ line: 5, queuedByLine: 5 });
  expect(indexOf(PREDICTING).study).toMatchObject({ line: 3, queuedByLine: 2 });
});

test('a reason stays until the next move', () => {
  const refused = [...PREDICTING, moved('predicting', 'refused', 'not-head')];
  expect(indexOf(refused).study?.reason).toEqual({ code: 'not-head', text: 'text of not-head' });
  expect(indexOf([...refused, moved('refused', 'queued')]).study).not.toHaveProperty('reason');
});

test('a new result takes the place of the newest files, whatever became of the study since', () => {
  const refused: Entry = {
    ...{ event: 'moved', at: at(12), study: STUDY, from: 'predicting', to: 'refused', by: 'test' },
    ...{ code: 'not-head', text: 'no head', folder: 'results/2' },
  };
  const again = [received('2', 'c', 11), moved('receiving', 'queued'), moved('queued', 'predicting')];
  const failed = [
    ...[...PREDICTING, finished, ...again, refused],
    ...[moved('refused', 'queued'), moved('queued', 'predicting'), moved('predicting', 'failed', 'fault')],
  ];
  expect(indexOf(PREDICTING).study?.newestFolder).toBeUndefined();
  expect(indexOf([...PREDICTING, finished, ...again]).study?.newestFolder).toBe('results/1');
  expect(indexOf(failed).study).toMatchObject({ state: 'failed', newestFolder: 'results/2' });
});
