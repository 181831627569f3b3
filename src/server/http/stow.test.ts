import { afterEach, beforeEach, expect, test } from 'vitest';
import { CT_IMAGE, ctFile } from '../../dicom/ct-fixture.ts';
import { INSTANCE, openTestService, STUDY, type TestService } from './service-fixture.ts';

let service: TestService;
beforeEach(async () => {
  service = await openTestService();
});
afterEach(() => service.close());

async function stow(url: string, ...parts: readonly Uint8Array[]) {
  const payload = Buffer.concat([
    ...parts.flatMap((part) => [Buffer.from('\r\n--x\r\nContent-Type: application/dicom\r\n\r\n'), part]),
    Buffer.from('\r\n--x--\r\n'),
  ]);
  const headers = { 'content-type': 'multipart/related; type="application/dicom"; boundary=x' };
  const answer = await service.app.inject({ method: 'POST', url, headers, payload });
  return { status: answer.statusCode, told: answer.json() };
}

const GOOD = ctFile();
const GARBAGE = new TextEncoder().encode('x'.repeat(500));
const BASE = 'http://localhost:80/dicomweb';
const [URL_TAG, OTHERS, FAILED, STORED] = ['00081190', '0008119A', '00081198', '00081199'];
const reference = {
  '00081150': { vr: 'UI', Value: [CT_IMAGE.SOPClassUID] },
  '00081155': { vr: 'UI', Value: [INSTANCE] },
};
const failure = (reason: number) => ({ '00081197': { vr: 'US', Value: [reason] } });

test('what is stored has an address, under which it is given', async () => {
  const { status, told } = await stow('/dicomweb/studies', GOOD);
  const url = `${BASE}/studies/${STUDY}/series/${STUDY}.2/instances/${INSTANCE}`;
  expect([status, told]).toEqual([
    200,
    {
      [URL_TAG]: { vr: 'UR', Value: [`${BASE}/studies/${STUDY}`] },
      [STORED]: { vr: 'SQ', Value: [{ ...reference, [URL_TAG]: { vr: 'UR', Value: [url] } }] },
    },
  ]);
  expect((await service.app.inject(new URL(url).pathname)).statusCode).toBe(200);
});

test('what failed is named as it was announced; what nobody can name stands apart', async () => {
  const { status, told } = await stow('/dicomweb/studies/1.2.3', GOOD, GARBAGE);
  expect(status).toBe(409);
  expect(told).toEqual({
    [URL_TAG]: { vr: 'UR' },
    [FAILED]: { vr: 'SQ', Value: [{ ...reference, ...failure(0xa900) }] },
    [OTHERS]: { vr: 'SQ', Value: [failure(0xc000)] },
  });
});

test('objects of two studies have no address in common', async () => {
  const other = ctFile({ StudyInstanceUID: '1.2.9', SOPInstanceUID: '1.2.9.1' });
  const { told } = await stow('/dicomweb/studies', GOOD, other);
  expect(told[URL_TAG]).toEqual({ vr: 'UR' });
  expect(told[STORED].Value).toHaveLength(2);
});
