import { afterEach, beforeEach, expect, test } from 'vitest';
import { ctFile } from '../../dicom/ct-fixture.ts';
import { INSTANCE, openTestService, STUDY, type TestService } from './service-fixture.ts';

let service: TestService;
beforeEach(async () => {
  service = await openTestService();
});
afterEach(() => service.close());
const ask = (url: string) => service.app.inject(url);
const REPORT = { 'dicom/report.dcm': new Uint8Array([1, 2]) };

test('a study tells its objects and its result, and gives both as they are', async () => {
  const dataSet = await service.receive();
  await service.predict({}, REPORT);
  const object = await ask(`/api/studies/${STUDY}/objects/${INSTANCE}`);
  expect(object.headers['content-type']).toBe('application/dicom');
  expect(object.rawPayload.subarray(-dataSet.length).equals(dataSet)).toBe(true);
  expect(Number(object.headers['content-length'])).toBe(object.rawPayload.length);
  expect((await ask(`/api/studies/${STUDY}`)).json()).toEqual({
    studyInstanceUid: STUDY,
    state: 'done',
    result: expect.any(String),
    objects: [{ sopInstanceUid: INSTANCE, bytes: object.rawPayload.length }],
    files: ['dicom/report.dcm', 'prediction.json'],
  });
  expect((await ask(`/api/studies/${STUDY}/results/prediction.json`)).json()).toEqual({
    schema: 'test',
  });
  const report = await ask(`/api/studies/${STUDY}/results/dicom/report.dcm`);
  expect([...report.rawPayload]).toEqual([1, 2]);
});

test('a file of several pieces, and one without a byte, are given under their lengths', async () => {
  await service.receive();
  const large = new Uint8Array(2.5 * 2 ** 20).map((_, i) => i % 251);
  await service.predict({}, { 'large.bin': large, 'empty.bin': new Uint8Array() });
  for (const [name, bytes] of Object.entries({ large, empty: new Uint8Array() })) {
    const { rawPayload, headers } = await ask(`/api/studies/${STUDY}/results/${name}.bin`);
    expect(Buffer.compare(rawPayload, bytes)).toBe(0);
    expect(Number(headers['content-length'])).toBe(bytes.length);
  }
});

test('a report is shown with its own style, of no origin, and nothing in it may run', async () => {
  await service.receive();
  await service.predict({}, { 'report.html': '<!doctype html><title>Report</title>' });
  const { headers } = await ask(`/api/studies/${STUDY}/results/report.html`);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'; style-src/);
  expect(headers['content-security-policy']).not.toMatch(/script|allow/);
});

test('an earlier result is not shown while late slices are on their way', async () => {
  await service.receive();
  await service.predict({}, REPORT);
  await service.receive('1.2.826.0.1.1.2.2');
  expect((await ask(`/api/studies/${STUDY}`)).json()).toMatchObject({ state: 'receiving', files: [] });
  expect((await ask(`/api/studies/${STUDY}/results/prediction.json`)).statusCode).toBe(404);
  const report = await ask(`/api/studies/${STUDY}/earlier-report`);
  expect([...report.rawPayload]).toEqual([1, 2]);
});

test('a study whose slices were removed says so, also when a dose report comes late', async () => {
  await service.receive();
  await service.predict({}, REPORT);
  await service.archive.remove(STUDY, 'retention', 'older than 30 days');
  const removed = await ask(`/api/studies/${STUDY}`);
  expect(removed.json()).toMatchObject({ state: 'done', removedAt: expect.any(String), objects: [] });
  const report = { SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.67', Modality: 'SR' };
  await service.receive('', ctFile({ ...report, SOPInstanceUID: '1.2.826.0.1.1.2.9' }));
  const { removedAt } = removed.json();
  expect((await ask(`/api/studies/${STUDY}`)).json()).toMatchObject({
    ...{ state: 'done', removedAt, objects: [{ sopInstanceUid: '1.2.826.0.1.1.2.9' }] },
    files: ['dicom/report.dcm', 'prediction.json'],
  });
  await service.receive();
  expect((await ask(`/api/studies/${STUDY}`)).json()).not.toHaveProperty('removedAt');
});

test.each([
  ['another study', '/api/studies/1.2.3', 'study-not-held'],
  ['another object', `/api/studies/${STUDY}/objects/1.2.3`, 'object-not-held'],
  ['a path out of the result', `/api/studies/${STUDY}/results/..%2F..%2F..%2Fjournal.jsonl`, 'file-not-held'],
  ['a report of a study without one', `/api/studies/1.2.3/earlier-report`, 'file-not-held'],
  ['a file that is not there', `/api/studies/${STUDY}/results/report.html`, 'file-not-held'],
])('%s is not held', async (_, url, code) => {
  await service.receive();
  await service.predict({}, REPORT);
  const answer = await ask(url);
  expect([answer.statusCode, answer.json().code]).toEqual([404, code]);
});

test('a UID that is none is refused before anything is looked for', async () => {
  expect((await ask('/api/studies/..%2Fx')).statusCode).toBe(400);
});
