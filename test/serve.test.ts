import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { sha256 } from '../src/base/index.ts';
import { CT_IMAGE, ctFile, dataSetOf } from '../src/dicom/ct-fixture.ts';
import { readDicomObject, readFileMeta } from '../src/dicom/index.ts';
import { readReport } from '../src/results/index.ts';
import { eventually, type Served, startServing } from './support/served.ts';

const run = promisify(execFile);
const main = new URL('../src/cli/main.ts', import.meta.url).pathname;
const ichor = (...args: string[]) => run(process.execPath, [main, ...args]);

let root = '';
let data = '';
let phantom = '';
let served: Served;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-serve-'));
  data = path.join(root, 'data');
  await ichor('phantom', '--count', '1', '--seed', '7', '--out', path.join(root, 'phantoms'));
  const [folder] = (await readdir(path.join(root, 'phantoms'), { withFileTypes: true })).filter((one) =>
    one.isDirectory(),
  );
  phantom = path.join(root, 'phantoms', folder?.name ?? '', 'dicom');
  served = await startServing(data);
}, 300_000);
afterAll(async () => {
  served.child.kill('SIGKILL');
  await rm(root, { recursive: true });
});

const slices = () => readdir(phantom);
const post = (route: string, type: string, body: NonNullable<RequestInit['body']>, headers = {}) =>
  fetch(`${served.url}${route}`, { method: 'POST', headers: { 'content-type': type, ...headers }, body });
const json = async (response: Response) => z.record(z.string(), z.unknown()).parse(await response.json());
const rowOf = async (study: string) =>
  (await served.worklist()).find((row) => row.studyInstanceUid === study);

test('a study sent by storescu is on the list with the probability of ichor predict', async () => {
  await run('storescu', ['-aec', 'ICHOR', '127.0.0.1', String(served.dicomPort), '+sd', phantom]);
  const [row] = await eventually(served.worklist, ([first]) => first?.state === 'done', 120);
  expect(row).toMatchObject({ rank: 1, instances: (await slices()).length });
  const { stdout } = await ichor(
    'predict',
    phantom,
    '--json',
    '--device',
    'cpu',
    '--out',
    path.join(root, 'out'),
  );
  const { anyHemorrhage } = JSON.parse(stdout);
  expect(row?.anyHemorrhage?.probability).toBe(anyHemorrhage.probability);
  const result = `${served.url}/api/studies/${row?.studyInstanceUid}/results/prediction.json`;
  expect(await json(await fetch(result))).toMatchObject({
    operatingPointName: 'triage',
    operatingPointMisses: expect.stringContaining('missed'),
  });
});

test('a late slice starts the study again; one current result, the earlier one kept', async () => {
  const [before] = await served.worklist();
  const [name = ''] = await slices();
  const file = await readFile(path.join(phantom, name));
  const { dataSetStart } = readFileMeta(file, { where: name });
  const uid = String(readDicomObject(file, { where: name }).text('SOPInstanceUID'));
  // Another version of a slice, some rows in its middle brighter or darker: what is found changes a little
  const altered = Buffer.from(file);
  const middle = altered.length - (altered.length - dataSetStart) / 2;
  for (let at = middle - (middle % 2); at < middle + 20_000; at += 2) altered[at] = (altered[at] ?? 0) ^ 0x3f;
  expect(altered.subarray(dataSetStart).indexOf(uid)).toBeGreaterThan(0);
  const uploaded = await post('/api/upload', 'application/dicom', altered);
  expect(await uploaded.json()).toEqual({ kept: 1, duplicates: 0, notKept: {} });
  expect((await rowOf(before?.studyInstanceUid ?? ''))?.state).toBe('receiving');
  await eventually(served.worklist, ([first]) => first?.state === 'done', 120);
  const results = await readdir(path.join(data, 'results', before?.studyInstanceUid ?? ''));
  expect(results).toHaveLength(2);
  const [first, second] = await Promise.all(
    results.toSorted().map(async (folder) => {
      const file = path.join(data, 'results', before?.studyInstanceUid ?? '', folder, 'dicom', 'report.dcm');
      return readReport(await readFile(file), folder);
    }),
  );
  expect(first?.predecessor).toBeUndefined();
  expect(second?.predecessor).toEqual(first?.identity);
});

test('STOW-RS: each object has its answer; what is no head CT is kept and refused with its reason', async () => {
  const study = '1.2.826.0.1.77';
  const [good, bad] = [ctFile({ StudyInstanceUID: study }), Buffer.from('not a DICOM file')];
  const part = (bytes: Uint8Array) => [
    Buffer.from('\r\n--x y\r\nContent-Type: application/dicom\r\n\r\n'),
    bytes,
  ];
  const body = (...parts: Uint8Array[]) =>
    Buffer.concat([...parts.flatMap(part), Buffer.from('\r\n--x y--\r\n')]);
  const type = 'multipart/related; type="application/dicom"; boundary="x y"';
  const both = await post('/dicomweb/studies', type, body(good, bad));
  expect([both.status, await both.json()]).toEqual([
    202,
    {
      '00081199': {
        vr: 'SQ',
        Value: [
          {
            '00081150': { vr: 'UI', Value: [CT_IMAGE.SOPClassUID] },
            '00081155': { vr: 'UI', Value: [CT_IMAGE.SOPInstanceUID] },
            '00081190': { vr: 'UR', Value: [expect.stringMatching(/instances\/[\d.]+$/)] },
          },
        ],
      },
      '00081190': { vr: 'UR', Value: [`${served.url}/dicomweb/studies/${study}`] },
      '0008119A': { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [0xc000] } }] },
    },
  ]);
  expect((await post('/dicomweb/studies/1.2.3', type, body(good))).status).toBe(409);
  expect((await post('/dicomweb/studies', type, body())).status).toBe(400);
  expect((await post('/dicomweb/studies', type, body(good).subarray(0, 900))).status).toBe(400);
  const row = await eventually(
    () => rowOf(study),
    (found) => found?.state === 'refused',
  );
  expect(row).toMatchObject({ instances: 1, reasonCode: expect.stringMatching(/^[a-z-]+$/) });
  const [held] = await readdir(path.join(data, 'objects', study));
  const kept = await readFile(path.join(data, 'objects', study, held ?? ''));
  expect(sha256(dataSetOf(kept))).toBe(sha256(dataSetOf(good)));
  const report = await fetch(`${served.url}/api/studies/${study}/results/dicom/report.dcm`);
  expect(readReport(await report.bytes(), 'report')).toMatchObject({
    refusal: { comments: expect.arrayContaining([expect.stringContaining('[matrix-size]')]) },
    findings: [],
  });
  const found = await fetch(`${served.url}/dicomweb/studies/${study}/series?Modality=SR`);
  expect(await found.json()).toHaveLength(1);
});

test('a zip is taken file by file; a bomb and what is no zip leave nothing behind', async () => {
  const file = (number: number) =>
    ctFile({ StudyInstanceUID: '1.2.826.0.1.78', SOPInstanceUID: `1.2.78.${number}` });
  const zip = zipSync({
    'a.dcm': file(1),
    'b.dcm': file(2),
    'again.dcm': file(2),
    'readme.txt': Buffer.from('x'.repeat(500)),
  });
  const answer = await post('/api/upload', 'application/zip', new Uint8Array(zip));
  expect(await answer.json()).toEqual({ kept: 2, duplicates: 1, notKept: { 'not-dicom': 1 } });
  const bomb = zipSync({ 'zeros.dcm': new Uint8Array(50_000_000) });
  const refused = await post('/api/upload', 'application/zip', new Uint8Array(bomb));
  expect([refused.status, (await json(refused)).code]).toEqual([413, 'zip-bomb']);
  expect(await readdir(path.join(data, 'incoming'))).toEqual([]);
});

test('marked as read, a study goes to the end of the list and stays there', async () => {
  const [first] = await served.worklist();
  const uid = first?.studyInstanceUid ?? '';
  expect((await fetch(`${served.url}/api/studies/${uid}/read`, { method: 'POST' })).status).toBe(204);
  const rows = await served.worklist();
  expect(rows.map((row) => row.studyInstanceUid).indexOf(uid)).toBe(rows.length - 1);
  expect((await fetch(`${served.url}/api/studies/1.2.3.4/read`, { method: 'POST' })).status).toBe(404);
});

test.each([
  ['another name that leads here', { host: 'evil.example' }],
  ['a page of another site', { origin: 'http://evil.example' }],
  ['a page of another port', { origin: 'http://127.0.0.1:1' }],
  ['a request across sites', { 'sec-fetch-site': 'cross-site' }],
])('%s is turned away', async (_, headers) => {
  const status = await new Promise((resolve, reject) =>
    request(`${served.url}/api/worklist`, { headers }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end(),
  );
  expect(status).toBe(403);
});

test.runIf(process.platform === 'linux')('its memory is bound from the start', async () => {
  const of = (name: string) => readFile(`/proc/${served.child.pid}/${name}`, 'utf8');
  expect(await of('cmdline')).toContain('--max-semi-space-size=16');
  expect(await of('environ')).toContain('MALLOC_ARENA_MAX=2');
});

test('health and metrics, without an identity', async () => {
  for (const route of ['/health/live', '/health/ready'])
    expect((await fetch(`${served.url}${route}`)).status).toBe(200);
  const metrics = await (await fetch(`${served.url}/metrics`)).text();
  expect(metrics).toMatch(/ichor_studies\{state="done"\} 1/);
  expect(metrics).toMatch(/ichor_prediction_seconds_count 2/);
  expect(metrics).not.toMatch(/1\.2\.826|Secret/);
  expect(served.stderr()).not.toMatch(/1\.2\.826|Secret/);
});

test('SIGTERM ends it with 0 in time; all is there again afterwards', async () => {
  // What is under way goes on after a restart: the list is compared once all of it has ended
  const hasEnded = ({ state }: { state: string }) => ['done', 'refused', 'failed'].includes(state);
  const before = await eventually(served.worklist, (rows) => rows.every(hasEnded));
  const startedAt = performance.now();
  expect(await served.end('SIGTERM')).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(30_000);
  served = await startServing(data);
  expect(await served.worklist()).toEqual(before);
});

test('SIGTERM waits for no destination that takes connections and says nothing, of whatever kind', async () => {
  await served.end('SIGTERM');
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => void sockets.add(socket.on('error', () => undefined).resume()));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;
  const common = { when: 'result', history: true };
  const [place, url] = [{ host: '127.0.0.1', port }, `http://127.0.0.1:${port}/`];
  const destinations = [
    { ...common, ...place, name: 'c-store', ae: 'PACS' },
    { ...common, ...place, name: 'c-store-by-tls', ae: 'PACS', tls: true },
    { ...common, ...place, name: 'hl7', kind: 'hl7' },
    { ...common, url, name: 'stow', kind: 'stow' },
    { ...common, url, name: 'fhir', kind: 'fhir' },
    { ...common, url, name: 'hook', kind: 'webhook', secret: 'x'.repeat(16), privateNetwork: true },
  ];
  const config = path.join(root, 'silent.yaml');
  await writeFile(config, JSON.stringify({ destinations }));
  served = await startServing(data, '--config', config);
  await eventually(
    async () => sockets.size,
    (open) => open === destinations.length,
  );
  const startedAt = performance.now();
  expect(await served.end('SIGTERM')).toBe(0);
  // Deliveries under way have 5 seconds
  expect(performance.now() - startedAt).toBeLessThan(15_000);
  silent.close();
  served = await startServing(data);
});

test('another address than loopback is refused, with the reason', async () => {
  await expect(ichor('serve', '--host', '0.0.0.0', '--data', data)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('nothing encrypts what travels'),
  });
});
