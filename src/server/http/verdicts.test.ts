import { afterEach, beforeEach, expect, test } from 'vitest';
import { openArchive } from '../../archive/index.ts';
import { INSTANCE, openTestService, STUDY, type TestService } from './service-fixture.ts';

let service: TestService;
beforeEach(async () => {
  service = await openTestService();
});
afterEach(() => service.close());

const ask = async (url: string) => (await service.app.inject(url)).json();
const judge = (payload: object, study = STUDY) =>
  service.app.inject({ method: 'POST', url: `/api/studies/${study}/verdict`, payload });
const AGREED = { opinion: 'agree', subtypes: { subdural: true, epidural: false }, slices: [INSTANCE] };

test('the newest verdict counts, the earlier ones are kept, also after a restart', async () => {
  await service.receive();
  await service.predict();
  const first = await judge({ ...AGREED, comment: 'thin' });
  expect([first.statusCode, first.json()]).toEqual([
    201,
    {
      ...{ studyInstanceUid: STUDY, at: expect.any(String), by: 'local user', result: expect.any(String) },
      ...{ positive: true, current: true, ...AGREED, comment: 'thin' },
    },
  ]);
  expect((await judge({ opinion: 'disagree' })).statusCode).toBe(201);
  const { items } = await ask(`/api/studies/${STUDY}/verdicts`);
  const brief = items.map(({ opinion, current }: Record<string, unknown>) => [opinion, current]);
  expect(brief).toEqual([
    ['disagree', true],
    ['agree', false],
  ]);
  expect((await ask('/api/worklist')).items[0]).toMatchObject({ verdict: { opinion: 'disagree' } });
  expect((await ask('/api/verdicts?limit=1')).items).toEqual(items.slice(0, 1));
  await service.archive.close();
  const again = await openArchive(service.root);
  expect(again.index.study(STUDY)?.verdicts.map(({ opinion }) => opinion)).toEqual(['agree', 'disagree']);
  await again.close();
});

test('a verdict is on one result: a newer one has none, and is not judged by who saw the old one', async () => {
  await service.receive();
  await service.predict();
  const { result } = await ask(`/api/studies/${STUDY}`);
  await judge({ opinion: 'agree', result });
  await service.predict({ positive: false, probability: 0.1 });
  expect((await ask('/api/worklist')).items[0].verdict).toBeUndefined();
  expect((await judge({ opinion: 'agree', result })).json().code).toBe('result-changed');
  expect((await ask(`/api/studies/${STUDY}/verdicts`)).items).toMatchObject([{ current: false }]);
});

test('a verdict is taken back by who gave it, and the one before counts again', async () => {
  await service.receive();
  await service.predict();
  const takeBack = (at: string) =>
    service.app.inject({ method: 'DELETE', url: `/api/studies/${STUDY}/verdict`, query: { at } });
  const [held] = service.archive.index.studies();
  await service.archive.judge(STUDY, held?.results[0]?.folder ?? '', 'bert', { opinion: 'disagree' });
  const [ofBert] = (await ask(`/api/studies/${STUDY}/verdicts`)).items;
  const { at } = (await judge({ opinion: 'agree' })).json();
  expect((await takeBack(at)).json()).toMatchObject({ verdict: { by: 'bert', current: true } });
  expect((await ask('/api/worklist')).items[0]).toMatchObject({ verdict: { opinion: 'disagree' } });
  expect(await ask('/api/verdicts/summary')).toMatchObject({ positive: { judged: 1, disagreed: 1 } });
  expect((await ask(`/api/studies/${STUDY}/verdicts`)).items).toMatchObject([
    { at, by: 'local user', current: false, withdrawnAt: expect.any(String) },
    { by: 'bert', current: true },
  ]);
  for (const not of [at, ofBert.at]) expect((await takeBack(not)).json().code).toBe('verdict-not-held');
});

test('false alerts are counted among the positive studies that were judged', async () => {
  await service.receive();
  await service.predict();
  expect(await ask('/api/verdicts/summary')).toMatchObject({
    positive: { studies: 1, judged: 0, disagreed: 0 },
    falseAlertShare: null,
  });
  await judge({ opinion: 'disagree' });
  // Wilson's interval of 1 in 1: 1 / (1 + 1.96^2) and 1
  expect(await ask('/api/verdicts/summary?days=30')).toMatchObject({
    positive: { studies: 1, judged: 1, disagreed: 1 },
    negative: { studies: 0, judged: 0, disagreed: 0 },
    falseAlertShare: { value: 1, low: expect.closeTo(0.2065, 4), high: 1 },
  });
});

test.each([
  ['no opinion', {}, 400, 'bad-request'],
  ['an unknown field', { opinion: 'agree', patient: 'Secret' }, 400, 'bad-request'],
  [
    'no hemorrhage, and a subtype',
    { opinion: 'disagree', subtypes: { subdural: true } },
    400,
    'verdict-contradicts',
  ],
  ['no hemorrhage, and a slice', { opinion: 'disagree', slices: [INSTANCE] }, 400, 'verdict-contradicts'],
  ['a slice of another study', { opinion: 'agree', slices: ['1.2.3'] }, 400, 'verdict-contradicts'],
])('%s is refused', async (_, payload, status, code) => {
  await service.receive();
  await service.predict();
  const answer = await judge(payload);
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
});

test('what is not held, or has no result, cannot be judged', async () => {
  expect((await judge({ opinion: 'agree' })).statusCode).toBe(404);
  await service.receive();
  expect((await judge({ opinion: 'agree' })).json().code).toBe('no-result');
});
