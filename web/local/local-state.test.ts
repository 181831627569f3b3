import { expect, test } from 'vitest';
import type { FromEngine } from './engine-messages.ts';
import { changeLocal, type LocalEvent, STARTING_STATE } from './local-state.ts';

const info = (name: string) => ({ source: 'nifti', name }) as const;
/** A study whose volume is as large as given and holds nothing. */
const predicted = (study: number, bytes: number): FromEngine => {
  const volume = { hu: { byteLength: bytes } };
  return { kind: 'predicted', study, shown: { volume } } as unknown as FromEngine;
};
const after = (...events: LocalEvent[]) => events.reduce(changeLocal, STARTING_STATE);

test('one study that fails leaves the others', () => {
  const { studies, isWorking, told } = after(
    { kind: 'started' },
    { kind: 'read', study: 0, info: info('a.nii') },
    { kind: 'failed', study: 0, code: 'model-broken', text: 'no' },
    { kind: 'read', study: 1, info: info('b.nii') },
    predicted(1, 8),
    { kind: 'done', wasStopped: false },
  );
  expect(studies.map(({ name, outcome }) => [name, outcome.kind])).toEqual([
    ['a.nii', 'failed'],
    ['b.nii', 'predicted'],
  ]);
  expect([isWorking, told]).toEqual([false, undefined]);
});

test('the first predicted study is shown, and stays shown when others follow', () => {
  const state = after(
    { kind: 'read', study: 0, info: info('a.nii') },
    predicted(0, 8),
    { kind: 'read', study: 1, info: info('b.nii') },
    predicted(1, 8),
  );
  expect(state.chosen).toBe(0);
});

test('old volumes give way, the shown one does not', () => {
  const large = 400e6;
  const state = after(
    ...[0, 1, 2].flatMap((study): LocalEvent[] => [
      { kind: 'read', study, info: info(`${study}.nii`) },
      predicted(study, large),
    ]),
  );
  const kept = state.studies.map(
    ({ outcome }) => outcome.kind === 'predicted' && outcome.shown.volume !== undefined,
  );
  expect(kept).toEqual([true, false, true]);
});

test('a fault of the engine stays told, and its study has failed', () => {
  const state = after(
    { kind: 'started' },
    { kind: 'read', study: 0, info: info('a.nii') },
    { kind: 'failed', code: 'wasm-missing', text: 'wasm/x: answered 404' },
    { kind: 'done', wasStopped: false },
  );
  expect(state.told).toEqual({ isFault: true, text: 'wasm/x: answered 404', code: 'wasm-missing' });
  expect(state.studies[0]?.outcome.kind).toBe('failed');
});
