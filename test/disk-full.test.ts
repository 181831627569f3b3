/** A disk that is full: senders are told so, nothing half-written is in sight, and all is well again by itself. */
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CT_IMAGE, ctFile } from '../src/dicom/ct-fixture.ts';
import { readFileMeta } from '../src/dicom/index.ts';
import { openTestService, type TestService } from '../src/server/http/service-fixture.ts';
import {
  createIntake,
  type DicomProvider,
  type Intake,
  listenForDicom,
  openAssociation,
} from '../src/server/index.ts';

const STUDY = String(CT_IMAGE.StudyInstanceUID);
let service: TestService;
let intake: Intake;
let provider: DicomProvider;
beforeEach(async () => {
  service = await openTestService();
  const events = { kept: () => undefined, notKept: () => undefined, log: () => undefined };
  intake = createIntake(service.archive, events);
  const visit = () => intake.visit('test');
  const log = () => undefined;
  provider = await listenForDicom({ host: '127.0.0.1', port: 0, aeTitle: 'ICHOR', visit, log });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await provider.close(0);
  await intake.close();
  await service.close();
});

/** What the system says when an object is written (writeFile), or the journal (write). */
async function fillDisk(call: 'writeFile' | 'write', code: string): Promise<void> {
  const probe = await open(path.join(service.root, 'probe'), 'w');
  const prototype = Object.getPrototypeOf(probe);
  await probe.close();
  vi.spyOn(prototype, call).mockImplementation(async () => {
    throw Object.assign(new Error('no space left on device'), { code });
  });
}

const slice = (number: number) => ctFile({ SOPInstanceUID: `1.2.3.${number}`, InstanceNumber: number });
async function store(number: number): Promise<void> {
  const file = slice(number);
  const { dataSetStart, ...meta } = readFileMeta(file, { where: 'test' });
  const peer = { host: '127.0.0.1', port: provider.port, calledAe: 'ICHOR', callingAe: 'TEST' };
  const association = await openAssociation(peer, [meta]);
  try {
    await association.store({ ...meta, dataSet: file.subarray(dataSetStart) });
  } finally {
    await association.release();
  }
}
const upload = (number: number) =>
  service.app.inject({
    method: 'POST',
    url: '/api/upload',
    headers: { 'content-type': 'application/dicom' },
    payload: Buffer.from(slice(number)),
  });
function stow(number: number) {
  const parts = ['--x\r\nContent-Type: application/dicom\r\n\r\n', slice(number), '\r\n--x--\r\n'];
  return service.app.inject({
    method: 'POST',
    url: '/dicomweb/studies',
    headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=x' },
    payload: Buffer.concat(parts.map((part) => Buffer.from(part))),
  });
}

test.each([
  ['an object is written', 'writeFile', 'ENOSPC'],
  ['an object is written beyond a quota', 'writeFile', 'EDQUOT'],
  ['the journal is written', 'write', 'ENOSPC'],
] as const)('the disk is full when %s', async (_, call, code) => {
  await fillDisk(call, code);
  await expect(store(1)).rejects.toThrow(/A700/i);
  expect((await upload(2)).statusCode).toBe(507);
  const answer = await stow(3);
  expect(answer.statusCode).toBe(507);
  expect(answer.json()['00081198'].Value[0]['00081197'].Value).toEqual([0xa700]);
  expect(await readdir(service.archive.folders.incoming)).toEqual([]);
  expect([...service.archive.index.studies()]).toEqual([]);

  vi.restoreAllMocks();
  await store(1);
  expect((await upload(2)).statusCode).toBe(200);
  expect((await stow(3)).statusCode).toBe(200);
  expect(service.archive.index.study(STUDY)?.objects.size).toBe(3);
  expect(service.archive.fault).toBeUndefined();
});
