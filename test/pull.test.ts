import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Archive, openArchive } from '../src/archive/index.ts';
import { CT_IMAGE, ctFile } from '../src/dicom/ct-fixture.ts';
import { createIntake, type Intake, pullFrom } from '../src/server/index.ts';
import { eventually } from './support/served.ts';

const STUDY = String(CT_IMAGE.StudyInstanceUID);
const slice = (number: number) => ctFile({ SOPInstanceUID: `1.2.3.${number}`, InstanceNumber: number });

let root = '';
let archive: Archive;
let intake: Intake;
let pulling: { close(): Promise<void> };
let pacs: Server;
let slices: Uint8Array[] = [];
let asked: string[] = [];
let login: { token?: string; user?: string; passwordFile?: string } = {};
let status = 200;
/** Answers in the archive's place; false where it has nothing to say. */
let answerInstead: (url: string, response: ServerResponse) => boolean = () => false;
const log: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-pull-'));
  archive = await openArchive(root);
  const events = { kept: () => undefined, notKept: () => undefined, log: () => undefined };
  intake = createIntake(archive, events);
  [slices, asked, status] = [[slice(1), slice(2)], [], 200];
  answerInstead = () => false;
  login = { token: 'secret' };
  log.length = 0;
  pacs = createServer(({ url = '', headers }, response) => {
    asked.push(`${headers.authorization} ${url}`);
    if (status !== 200) return response.writeHead(status).end();
    if (answerInstead(url, response)) return;
    if (url.startsWith('/rs/studies?')) return response.end(JSON.stringify(rows()));
    response.setHeader('content-type', 'multipart/related; type="application/dicom"; boundary=x');
    for (const bytes of slices) {
      response.write('--x\r\nContent-Type: application/dicom\r\n\r\n');
      response.write(bytes);
      response.write('\r\n');
    }
    return response.end('--x--\r\n');
  }).listen(0, '127.0.0.1');
  await once(pacs, 'listening');
});
afterEach(async () => {
  await pulling.close();
  pacs.closeAllConnections();
  pacs.close();
  await intake.close();
  await archive.close();
  await rm(root, { recursive: true });
});

const rows = () => [
  { '0020000D': { vr: 'UI', Value: [STUDY] }, '00201208': { vr: 'IS', Value: [slices.length] } },
];
function start(): void {
  const address = pacs.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const from = {
    name: 'pacs',
    url: `http://127.0.0.1:${port}/rs/`,
    days: 1,
    everySeconds: 0.05,
    ...login,
  };
  pulling = pullFrom(archive, intake, [{ ...from, match: { ModalitiesInStudy: 'CT' } }], (text) =>
    log.push(text),
  );
}
const held = async () => archive.index.study(STUDY)?.objects.size ?? 0;
const pulls = () => asked.filter((line) => line.endsWith(`/rs/studies/${STUDY}`)).length;

test('what an archive has is fetched once, and again when it has more', async () => {
  start();
  await eventually(held, (count) => count === 2, 20);
  expect(asked[0]).toMatch(/^Bearer secret \/rs\/studies\?ModalitiesInStudy=CT&StudyDate=\d{8}-\d{8}&/);
  expect(archive.index.study(STUDY)?.objects.get('1.2.3.1')?.from).toBe('pulled from pacs');
  const looks = asked.length;
  await eventually(
    async () => asked.length,
    (count) => count > looks + 2,
    20,
  );
  expect(pulls()).toBe(1);
  slices.push(slice(3));
  await eventually(held, (count) => count === 3, 20);
  expect(pulls()).toBe(2);
});

const OURS = '1.2.3.99';
const report = () =>
  ctFile({ SOPInstanceUID: OURS, SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.34', Modality: 'SR' });
/** Pulled, predicted, and its result delivered to where it came from. */
async function delivered(): Promise<void> {
  start();
  await eventually(held, (count) => count === 2, 20);
  await eventually(
    async () => archive.index.study(STUDY)?.state,
    (state) => state === 'queued',
    20,
  );
  await archive.move(STUDY, 'queued', 'predicting', 'test');
  const facts = { model: 'b'.repeat(64), probability: 0.5, positive: true, disagreement: false };
  const files = { 'prediction.json': '{}', 'dicom/report.dcm': report() };
  await archive.finish(STUDY, 'test', { facts, files });
  slices.push(report());
}
const moreLooks = async (count: number) => {
  const looks = asked.length;
  await eventually(
    async () => asked.length,
    (now) => now > looks + count,
    20,
  );
};

test('our own objects in the archive are no reason to fetch; a late slice beside them is', async () => {
  answerInstead = (url, response) => {
    if (!url.startsWith(`/rs/studies/${STUDY}/instances`)) return false;
    const uids = slices.length === 3 ? ['1.2.3.1', '1.2.3.2', OURS] : ['1.2.3.3'];
    response.end(JSON.stringify(uids.map((uid) => ({ '00080018': { vr: 'UI', Value: [uid] } }))));
    return true;
  };
  await delivered();
  await moreLooks(3);
  expect(pulls()).toBe(1);
  expect(archive.index.study(STUDY)?.state).toBe('done');
  slices.push(slice(3));
  await eventually(held, (count) => count === 3, 20);
  expect([...(archive.index.study(STUDY)?.objects.keys() ?? [])]).not.toContain(OURS);
  expect(pulls()).toBe(2);
});

test('an archive that does not name instances gives a study with our objects once, and the study stays done', async () => {
  answerInstead = (url, response) => {
    const isSearch = url.startsWith(`/rs/studies/${STUDY}/instances`);
    if (isSearch) response.writeHead(404).end();
    return isSearch;
  };
  await delivered();
  await eventually(
    async () => pulls(),
    (count) => count === 2,
    20,
  );
  await moreLooks(3);
  expect(pulls()).toBe(2);
  expect(archive.index.study(STUDY)).toMatchObject({ state: 'done', results: [{ probability: 0.5 }] });
  expect(await held()).toBe(2);
});

test('a study that the archive does not give keeps no other waiting', async () => {
  answerInstead = (url, response) => {
    if (url.endsWith('/rs/studies/1.2.999')) response.writeHead(500).end();
    else if (url.startsWith('/rs/studies?'))
      response.end(JSON.stringify([{ '0020000D': { vr: 'UI', Value: ['1.2.999'] } }, ...rows()]));
    else return false;
    return true;
  };
  start();
  await eventually(held, (count) => count === 2, 20);
  await moreLooks(3);
  expect(log).toEqual([expect.stringContaining('it answered 500')]);
});

test('an archive that knows no pages is not asked for ever', async () => {
  const others = Array.from({ length: 100 }, () => ({ '0020000D': { vr: 'UI', Value: [STUDY] } }));
  answerInstead = (url, response) => {
    if (!url.startsWith('/rs/studies?')) return false;
    response.end(JSON.stringify(others));
    return true;
  };
  start();
  await eventually(held, (count) => count === 2, 20);
  await eventually(
    async () => asked.filter((line) => line.includes('offset=0')).length,
    (count) => count > 1,
    20,
  );
});

test('an archive that asks for a login by HTTP Basic gets it, with the password as its file holds it now', async () => {
  const passwordFile = path.join(root, 'password');
  login = { user: 'ichor', passwordFile };
  start();
  await eventually(
    async () => log.length,
    (count) => count === 1,
    20,
  );
  expect(log).toEqual([expect.stringMatching(/cannot read .*password: there is no such file/)]);
  await writeFile(passwordFile, 'geheim ü:1\n');
  await eventually(held, (count) => count === 2, 20);
  expect(asked[0]).toContain(`Basic ${Buffer.from('ichor:geheim ü:1').toString('base64')} /rs/`);
});

test('an archive that refuses is told of once, and asked again', async () => {
  status = 503;
  start();
  await eventually(
    async () => asked.length,
    (count) => count > 2,
    20,
  );
  expect(log).toEqual([expect.stringContaining('it answered 503')]);
  status = 200;
  await eventually(held, (count) => count === 2, 20);
});

describe('an archive that leads elsewhere', () => {
  let elsewhere: Server;
  let elsewhereUrl = '';
  let reached: string[] = [];
  beforeEach(async () => {
    reached = [];
    elsewhere = createServer(({ url = '', headers }, response) => {
      reached.push(`${headers.authorization} ${url}`);
      response.end('[]');
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const address = elsewhere.address();
    elsewhereUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterEach(() => void elsewhere.close());

  const isStudy = (url: string) => url.includes(`/studies/`);
  const askedAgain = () =>
    eventually(
      async () => asked.length,
      (count) => count > 2,
      20,
    );

  test.each([301, 302, 303, 307, 308])(
    'by a redirect with %d is not followed, in the search or for a study',
    async (code) => {
      for (const isLed of [() => true, isStudy]) {
        answerInstead = (url, response) => {
          if (isLed(url)) response.writeHead(code, { location: `${elsewhereUrl}/latest/meta-data` }).end();
          return isLed(url);
        };
        start();
        asked = [];
        await askedAgain();
        await pulling.close();
      }
      expect(reached).toEqual([]);
      expect(archive.index.study(STUDY)).toBeUndefined();
    },
  );

  test('by addresses in its answers is not followed: they are not looked at', async () => {
    const uri = (vr: string) => ({ vr, Value: [`${elsewhereUrl}/studies/${STUDY}`] });
    answerInstead = (url, response) => {
      if (url.startsWith('/rs/studies?')) {
        const named = rows().map((row) => ({ ...row, '00081190': uri('UR'), '0040E010': uri('UR') }));
        response.setHeader('location', elsewhereUrl);
        response.end(JSON.stringify(named));
        return true;
      }
      response.setHeader('content-type', 'multipart/related; type="application/dicom"; boundary=x');
      response.setHeader('content-location', `${elsewhereUrl}/all`);
      const part = ctFile({ SOPInstanceUID: '1.2.3.1', RetrieveURL: `${elsewhereUrl}/instance` });
      const head = `--x\r\nContent-Type: application/dicom\r\nContent-Location: ${elsewhereUrl}/part\r\n\r\n`;
      response.end(Buffer.concat([Buffer.from(head), part, Buffer.from('\r\n--x--\r\n')]));
      return true;
    };
    start();
    await eventually(held, (count) => count === 1, 20);
    await askedAgain();
    expect(reached).toEqual([]);
  });

  test('by what is no UID is not followed, and keeps no other study waiting', async () => {
    const uids = ['../../admin', 'http://127.0.0.1/x', '1.2.3/../../4', '1.2.3?x=1', '1.2.3#x', ''];
    answerInstead = (url, response) => {
      if (!url.startsWith('/rs/studies?')) return false;
      const odd = uids.map((uid) => ({ '0020000D': { vr: 'UI', Value: [uid] } }));
      response.end(JSON.stringify([...odd, ...rows()]));
      return true;
    };
    start();
    await eventually(held, (count) => count === 2, 20);
    await askedAgain();
    const others = asked.filter((line) => !line.includes('/rs/studies?'));
    expect(others).toEqual([`Bearer secret /rs/studies/${STUDY}`]);
    expect(log).toEqual(['pacs names 6 studies by no UID; they are not fetched']);
  });

  test('by a study of which the slices are of another one brings nothing', async () => {
    slices = [ctFile({ StudyInstanceUID: '1.2.999', SOPInstanceUID: '1.2.3.1' })];
    start();
    await askedAgain();
    expect(archive.index.study('1.2.999')).toBeUndefined();
    expect(await held()).toBe(0);
  });
});
