import { existsSync } from 'node:fs';
import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HeldStudy } from '../../archive/index.ts';
import { ctFile, PIXELS } from '../../dicom/ct-fixture.ts';
import { type DicomJson, readDicomObject } from '../../dicom/index.ts';
import { keepMetadata } from '../dicomweb/held-instances.ts';
import { checkRemoval, piecesOf } from './file-stream.ts';
import { INSTANCE, openTestService, STUDY, type TestService } from './service-fixture.ts';

const SERIES = `${STUDY}.2`;
const RESULT = '1.2.826.0.1.1.9.1';
const report = ctFile({ SOPInstanceUID: RESULT, SeriesInstanceUID: `${STUDY}.9`, Modality: 'SR' });
const at = `/dicomweb/studies/${STUDY}/series/${SERIES}/instances/${INSTANCE}`;

let service: TestService;
let dataSet: Uint8Array;
beforeEach(async () => {
  service = await openTestService();
  dataSet = await service.receive();
  await service.receive('1.2.826.0.1.1.2.2');
  await service.predict({}, { 'dicom/report.dcm': report });
});
afterEach(() => service.close());

const ask = (url: string, accept?: string) =>
  service.app.inject({ url, headers: accept === undefined ? {} : { accept } });
const search = async (url: string): Promise<DicomJson[]> => (await ask(`/dicomweb${url}`)).json();
const values = (found: readonly DicomJson[], tag: string) => found.map((one) => one[tag]?.Value);

/** The parts of a multipart answer. */
function partsOf(answer: { rawPayload: Buffer; headers: Record<string, unknown> }) {
  const [, boundary = ''] = /boundary=([^;]+)/.exec(String(answer.headers['content-type'])) ?? [];
  const text = answer.rawPayload.toString('latin1');
  expect(text.endsWith(`\r\n--${boundary}--\r\n`)).toBe(true);
  return text
    .slice(0, -`\r\n--${boundary}--\r\n`.length)
    .split(`--${boundary}\r\n`)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\r\n\r\n');
      return {
        head: part.slice(0, end),
        body: Buffer.from(part.slice(end + 4).replace(/\r\n$/, ''), 'latin1'),
      };
    });
}

test('studies, series and instances are found, the result among them', async () => {
  const [study] = await search('/studies?PatientName=secret*&limit=5');
  expect(study).toMatchObject({
    '00080061': { vr: 'CS', Value: ['CT', 'SR'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Secret^Name' }] },
    '00201206': { vr: 'IS', Value: [2] },
    '00201208': { vr: 'IS', Value: [3] },
    '00081190': { vr: 'UR', Value: [`http://localhost:80/dicomweb/studies/${STUDY}`] },
  });
  expect(values(await search(`/studies/${STUDY}/series`), '00080060')).toEqual([['CT'], ['SR']]);
  expect(values(await search('/series?Modality=SR'), '00100020')).toEqual([['SECRET-ID']]);
  expect(values(await search(`/studies/${STUDY}/instances`), '00080018')).toHaveLength(3);
  expect(values(await search(`/instances?SOPInstanceUID=${RESULT}`), '0020000E')).toEqual([[`${STUDY}.9`]]);
  expect(await search('/studies?PatientID=nobody')).toEqual([]);
});

test('a page of a search, and that there is more', async () => {
  const answer = await ask(`/dicomweb/studies/${STUDY}/instances?limit=1&offset=1`);
  expect(values(answer.json(), '00080018')).toEqual([['1.2.826.0.1.1.2.2']]);
  expect(answer.headers.warning).toContain('299');
  expect((await ask(`/dicomweb/studies/${STUDY}/instances?limit=3`)).headers.warning).toBeUndefined();
});

test('attributes that are asked for stand beside the usual ones', async () => {
  const [instance] = await search(`/studies/${STUDY}/instances?includefield=KVP,00180050&limit=1`);
  expect(instance).toMatchObject({ '00180060': { Value: [120] }, '00180050': { Value: [5] } });
  expect(instance?.['00280030']).toBeUndefined();
  const [all] = await search(`/studies/${STUDY}/instances?includefield=all&limit=1`);
  expect(all?.['00280030']?.Value).toEqual([0.5, 0.25]);
});

test('of what retention takes no attribute stays, and nothing is given that was read meanwhile', async () => {
  const big = ctFile(
    { SOPInstanceUID: `${INSTANCE}.3`, Rows: 256, Columns: 256 },
    { pixelData: new Uint8Array(2 * 256 * 256).fill(1) },
  );
  await service.receive(`${INSTANCE}.3`, big);
  await search('/studies');
  const metadata = path.join(service.root, 'metadata');
  expect(await readdir(metadata)).toHaveLength(2);
  await service.predict();
  const file = service.archive.pathOf(STUDY, `${INSTANCE}.3`) ?? '';
  const pieces = piecesOf(file, checkRemoval(service.archive, STUDY));
  expect((await pieces.next()).value?.length).toBe(65_536);
  const late = keepMetadata(
    service.archive,
    service.archive.index.study(STUDY) as HeldStudy,
    path.join(metadata, `${STUDY}.late`),
    'Secret^Name',
  );
  expect(await service.archive.remove(STUDY, 'test', 'old')).toBe(true);
  await late;
  await expect(pieces.next()).rejects.toMatchObject({ code: 'slices-removed', status: 404 });
  const left = await readdir(metadata);
  const texts = await Promise.all(left.map((name) => readFile(path.join(metadata, name), 'utf8')));
  expect(texts.join('')).not.toContain(INSTANCE);
  expect(left).not.toContain(`${STUDY}.late`);
});

test('metadata hold all attributes, with addresses that give the long values', async () => {
  const [first, , third] = (await ask(`/dicomweb/studies/${STUDY}/metadata`)).json();
  expect(first['00280030'].Value).toEqual([0.5, 0.25]);
  expect(third['00080018'].Value).toEqual([RESULT]);
  const { BulkDataURI } = first['7FE00010'];
  expect(BulkDataURI).toBe(`http://localhost:80${at}/bulkdata/7FE00010`);
  const bulk = await ask(new URL(BulkDataURI).pathname, 'application/octet-stream');
  expect(bulk.rawPayload).toEqual(Buffer.from(PIXELS.buffer));
});

test('objects come as they were sent, alone and all of a study', async () => {
  const [only] = partsOf(await ask(at));
  expect(only?.head).toBe('Content-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1');
  expect(only?.body.subarray(-dataSet.length).equals(dataSet)).toBe(true);
  const alone = await ask(at, 'application/dicom');
  expect(alone.rawPayload.equals(only?.body ?? Buffer.of())).toBe(true);
  const all = partsOf(
    await ask(`/dicomweb/studies/${STUDY}`, 'multipart/related; type="application/dicom"; transfer-syntax=*'),
  );
  expect(all).toHaveLength(3);
  expect(all[2]?.body.equals(Buffer.from(report))).toBe(true);
});

test('an object whose file is gone is answered as a fault, while the audit trail takes its line too', async () => {
  await ask(`${at}/metadata`);
  await rm(service.archive.pathOf(STUDY, INSTANCE) ?? '');
  const answer = await ask(at, 'application/dicom');
  expect([answer.statusCode, answer.json().code]).toEqual([500, 'unexpected']);
  expect(service.log.filter((line) => line.includes('ENOENT'))).toHaveLength(1);
});

/** How many descriptors of this process lead to a file. */
async function openOf(file: string): Promise<number> {
  const links = (await readdir('/proc/self/fd')).map((name) => readlink(path.join('/proc/self/fd', name)));
  const places = await Promise.allSettled(links);
  return places.filter((place) => place.status === 'fulfilled' && place.value === file).length;
}

test.runIf(existsSync('/proc/self/fd'))('an object that is not sent in the end is never opened', async () => {
  const file = service.archive.pathOf(STUDY, INSTANCE) ?? '';
  const seen: number[] = [];
  vi.spyOn(service.audit, 'tell').mockImplementation(async () => {
    await pause(50);
    seen.push(await openOf(file));
    throw new Error('the trail takes no line');
  });
  expect((await ask(at, 'application/dicom')).statusCode).toBe(500);
  expect([seen, await openOf(file)]).toEqual([[0], 0]);
});

test('frames as they are stored, and decoded', async () => {
  const stored = await ask(
    `${at}/frames/1`,
    'multipart/related; type=application/octet-stream; transfer-syntax=*',
  );
  expect(partsOf(stored)[0]?.body).toEqual(Buffer.from(PIXELS.buffer));
  const alone = await ask(`${at}/frames/1`, 'application/octet-stream');
  expect(alone.rawPayload).toEqual(Buffer.from(PIXELS.buffer));
});

test('another transfer syntax than explicit little endian is not made, and the explicit one is', async () => {
  const explicit = await ask(at, 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1');
  expect(readDicomObject(explicit.rawPayload, { where: 'test' }).text('SOPInstanceUID')).toBe(INSTANCE);
  expect((await ask(at, 'application/dicom; transfer-syntax=1.2.840.10008.1.2.4.90')).statusCode).toBe(406);
});

test.each([
  ['a study that is not held', '/dicomweb/studies/1.2.3', 404],
  ['metadata of a series that is not held', `/dicomweb/studies/${STUDY}/series/1.2/metadata`, 404],
  ['a UID that is none', '/dicomweb/studies/1..2/metadata', 400],
  ['frame 0', `${at}/frames/0`, 400],
  ['a frame too many', `${at}/frames/2`, 404],
  ['no list of frames', `${at}/frames/1,,2`, 400],
  ['an attribute that nobody knows', '/dicomweb/studies?Nonsense=1', 400],
  ['a negative page', '/dicomweb/studies?offset=-1', 400],
  ['a value that is not there', `${at}/bulkdata/00081115/1/00080018`, 404],
])('%s is refused', async (_, url, status) => {
  expect((await ask(url)).statusCode).toBe(status);
});

test.each([
  ['objects', at, 'image/png'],
  ['several objects as one', `/dicomweb/studies/${STUDY}`, 'application/dicom'],
  ['metadata as XML', `${at}/metadata`, 'multipart/related; type="application/dicom+xml"'],
  ['frames', `${at}/frames/1`, 'image/jls'],
])('%s: a form that cannot be is refused by name', async (_, url, accept) => {
  const answer = await ask(url, accept);
  expect([answer.statusCode, answer.json().code]).toEqual([406, 'not-acceptable']);
});
