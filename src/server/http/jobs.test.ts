import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestService, STUDY, type TestService } from './service-fixture.ts';

let service: TestService;
beforeEach(async () => {
  service = await openTestService();
  await service.receive();
});
afterEach(() => service.close());

const ask = (method: 'GET' | 'POST', url: string) => service.app.inject({ method, url });
const post = async (what: string) => (await ask('POST', `/api/studies/${STUDY}/${what}`)).statusCode;
const failed = async () => (await ask('GET', '/api/jobs/failed')).json().items;

test('a study is taken out of the queue, stands there with the reason, and is asked for once more', async () => {
  expect(await post('cancel')).toBe(409);
  await service.archive.move(STUDY, 'receiving', 'queued', 'test');
  expect(await post('cancel')).toBe(202);
  expect(await failed()).toEqual([
    {
      studyInstanceUid: STUDY,
      reasonCode: 'cancelled',
      reason: 'a person took the study out of the queue',
      tries: 0,
      failedAt: expect.any(String),
    },
  ]);
  expect(await post('predict')).toBe(202);
  expect(await failed()).toEqual([]);
  expect(service.archive.index.study(STUDY)?.state).toBe('queued');
});

test('one that is being predicted is taken from its worker', async () => {
  await service.archive.move(STUDY, 'receiving', 'queued', 'test');
  await service.archive.move(STUDY, 'queued', 'predicting', 'test');
  expect(await post('cancel')).toBe(202);
  expect(await post('cancel')).toBe(409);
  expect((await ask('POST', '/api/studies/1.2.3.4/cancel')).statusCode).toBe(404);
});

test('a study whose slices retention removed keeps its result: it is not predicted again', async () => {
  await service.predict();
  await service.archive.remove(STUDY, 'retention', 'older than 1 days');
  const answer = await ask('POST', `/api/studies/${STUDY}/predict`);
  expect([answer.statusCode, answer.json().code]).toEqual([409, 'slices-removed']);
  expect((await ask('GET', `/api/studies/${STUDY}/results/prediction.json`)).statusCode).toBe(200);
  await service.receive();
  await service.archive.move(STUDY, 'receiving', 'queued', 'test');
  expect(service.archive.index.study(STUDY)?.state).toBe('queued');
});

test('while the database is away the queue is not counted, and that is said', async () => {
  const answer = await ask('GET', '/api/jobs');
  expect([answer.statusCode, answer.json().code]).toEqual([503, 'database-unreachable']);
});
