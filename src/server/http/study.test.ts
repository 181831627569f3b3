import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Fastify from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Archive, openArchive } from '../../archive/index.ts';
import { readFileMeta, writeDicomObject } from '../../dicom/index.ts';
import { type Api, withSchemas } from './api.ts';
import { studyRoutes } from './study.ts';

const STUDY = '1.2.826.0.1.1';
const CT = '1.2.840.10008.5.1.4.1.1.2';
const INSTANCE = '1.2.826.0.1.1.2.1';

let root = '';
let archive: Archive;
let app: Api;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-http-'));
  archive = await openArchive(root);
  app = withSchemas(Fastify({ routerOptions: { maxParamLength: 200 } }));
  studyRoutes(app, archive);
});
afterEach(async () => {
  await app.close();
  await archive.close();
  await rm(root, { recursive: true });
});

async function receive(instance = INSTANCE): Promise<Uint8Array> {
  const uids = { StudyInstanceUID: STUDY, SeriesInstanceUID: `${STUDY}.2` };
  const file = writeDicomObject({
    attributes: { SOPClassUID: CT, SOPInstanceUID: instance, Modality: 'CT', ...uids },
  });
  const dataSet = file.subarray(readFileMeta(file, { where: 'test' }).dataSetStart);
  const object = await archive.receive({
    sopClassUid: CT,
    sopInstanceUid: instance,
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    from: 'test',
  });
  await object.write(dataSet);
  await object.keep();
  return dataSet;
}

async function predict(): Promise<void> {
  await archive.move(STUDY, 'receiving', 'queued', 'test');
  await archive.move(STUDY, 'queued', 'predicting', 'test');
  const facts = { model: 'a'.repeat(64), probability: 0.7, positive: true, disagreement: false };
  const files = { 'prediction.json': '{"schema":"test"}', 'dicom/report.dcm': new Uint8Array([1, 2]) };
  expect(await archive.finish(STUDY, 'test', { facts, files })).toBe(true);
}

test('a study tells its objects and its result, and gives both as they are', async () => {
  const dataSet = await receive();
  await predict();
  const object = await app.inject(`/api/studies/${STUDY}/objects/${INSTANCE}`);
  expect(object.headers['content-type']).toBe('application/dicom');
  expect(object.rawPayload.subarray(-dataSet.length).equals(dataSet)).toBe(true);
  expect((await app.inject(`/api/studies/${STUDY}`)).json()).toEqual({
    studyInstanceUid: STUDY,
    state: 'done',
    objects: [{ sopInstanceUid: INSTANCE, bytes: object.rawPayload.length }],
    files: ['dicom/report.dcm', 'prediction.json'],
  });
  expect((await app.inject(`/api/studies/${STUDY}/results/prediction.json`)).json()).toEqual({
    schema: 'test',
  });
  const report = await app.inject(`/api/studies/${STUDY}/results/dicom/report.dcm`);
  expect([...report.rawPayload]).toEqual([1, 2]);
});

test('an earlier result is not shown while late slices are on their way', async () => {
  await receive();
  await predict();
  await receive('1.2.826.0.1.1.2.2');
  expect((await app.inject(`/api/studies/${STUDY}`)).json()).toMatchObject({ state: 'receiving', files: [] });
  expect((await app.inject(`/api/studies/${STUDY}/results/prediction.json`)).statusCode).toBe(404);
});

test.each([
  ['another study', '/api/studies/1.2.3', 'study-not-held'],
  ['another object', `/api/studies/${STUDY}/objects/1.2.3`, 'object-not-held'],
  ['a path out of the result', `/api/studies/${STUDY}/results/..%2F..%2F..%2Fjournal.jsonl`, 'file-not-held'],
  ['a file that is not there', `/api/studies/${STUDY}/results/report.html`, 'file-not-held'],
])('%s is not held', async (_, url, code) => {
  await receive();
  await predict();
  const answer = await app.inject(url);
  expect([answer.statusCode, answer.json().code]).toEqual([404, code]);
});

test('a UID that is none is refused before anything is looked for', async () => {
  expect((await app.inject('/api/studies/..%2Fx')).statusCode).toBe(400);
});
