import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ctFile } from '../src/dicom/ct-fixture.ts';
import { readFileMeta } from '../src/dicom/index.ts';
import { openTestService, type TestService } from '../src/server/http/service-fixture.ts';
import {
  checkSettings,
  type DicomProvider,
  followCertificate,
  listenForDicom,
  openAssociation,
  openAudit,
  openDoors,
  readTlsKeys,
  refuseUnsafe,
  renewTls,
  startDelivering,
} from '../src/server/index.ts';
import { RESULT_FILES } from '../src/service/index.ts';
import { startMllp } from './support/mllp.ts';
import { connects, freePort } from './support/ports.ts';
import { eventually } from './support/served.ts';

const run = promisify(execFile);
let folder = '';
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-tls-'));
  const make = (name: string, days: string) =>
    run('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        days,
      ],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', at(`${name}.key`), '-out', at(`${name}.crt`)],
    ]);
  await make('ours', '90');
  await make('sender', '3');
});

afterAll(() => rm(folder, { recursive: true }));

let audit: Awaited<ReturnType<typeof openAudit>>;
beforeEach(async () => {
  audit = await openAudit(folder, () => undefined);
});

let service: TestService | undefined;
let dicom: DicomProvider | undefined;
let receiver: ChildProcess | undefined;
const log: string[] = [];
afterEach(async () => {
  receiver?.kill();
  await dicom?.close(0);
  dicom = undefined;
  await service?.close();
  await audit.close();
  service = undefined;
});

const settingsOf = (text: string) => checkSettings({ name: 'site.yaml', text });
const tls = (name = 'ours') => `tls: { cert: ${at(`${name}.crt`)}, key: ${at(`${name}.key`)} }`;

async function openWith(text: string): Promise<number> {
  const settings = settingsOf(text);
  const doors = await openDoors(settings, audit, (line) => log.push(line));
  const opened = await openTestService(doors.http);
  service = opened;
  await opened.app.listen({ host: '127.0.0.1', port: 0 });
  dicom = await listenForDicom({
    ...doors.dicom,
    visit: () => ({
      receive: () => Promise.reject(new Error('none')),
      notKept: () => undefined,
      ended: () => undefined,
    }),
    log: (line) => log.push(line),
  });
  return (opened.app.server.address() as AddressInfo).port;
}

const asked = async (port: number, headers: Record<string, string> = {}) =>
  new Promise<{ status: number | undefined; cookie: string[] | undefined }>((resolve, reject) => {
    readFile(at('ours.crt')).then((ca) =>
      get({ host: '127.0.0.1', port, path: '/health/live', ca, headers }, (answer) =>
        resolve({ status: answer.resume().statusCode, cookie: answer.headers['set-cookie'] }),
      ).on('error', reject),
    );
  });

test('HTTP answers by TLS 1.2 or later alone', async () => {
  const port = await openWith(`data: ${folder}\nserver: { ${tls()} }`);
  expect((await asked(port)).status).toBe(200);
  await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();
  const old = new Promise((resolve, reject) => {
    connect({
      host: '127.0.0.1',
      port,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      rejectUnauthorized: false,
    })
      .on('secureConnect', () => resolve('connected'))
      .on('error', reject);
  });
  await expect(old).rejects.toThrow();
});

test('dcmtk speaks DICOM over TLS with it, and without TLS gets no association', async () => {
  await openWith(`data: ${folder}\nserver: { ${tls()} }\ndicom: { port: 0 }`);
  const echo = (...options: string[]) =>
    run('echoscu', ['-aec', 'ICHOR', '-to', '5', ...options, '127.0.0.1', String(dicom?.port)]);
  await echo('--anonymous-tls', '--add-cert-file', at('ours.crt'));
  await expect(echo()).rejects.toThrow();
});

test('a sender shows a certificate of the authorities that are listed', async () => {
  await openWith(`data: ${folder}\nserver: { ${tls()} }\ndicom: { port: 0, clientCa: ${at('sender.crt')} }`);
  const echo = (name: string) =>
    run('echoscu', [
      ...['-aec', 'ICHOR', '-to', '5', '--enable-tls', at(`${name}.key`), at(`${name}.crt`)],
      ...['--add-cert-file', at('ours.crt'), '127.0.0.1', String(dicom?.port)],
    ]);
  await echo('sender');
  await expect(echo('ours')).rejects.toThrow();
});

test('DICOM speaks TLS with a certificate of its own where HTTP speaks none, as behind a proxy', async () => {
  await openWith(`data: ${folder}\ndicom: { port: 0, ${tls()} }`);
  const echo = (...options: string[]) =>
    run('echoscu', ['-aec', 'ICHOR', '-to', '5', ...options, '127.0.0.1', String(dicom?.port)]);
  await echo('--anonymous-tls', '--add-cert-file', at('ours.crt'));
  await expect(echo()).rejects.toThrow();
});

test("a file of senders' authorities that is not there is named at the start", async () => {
  const text = `data: ${folder}\ndicom: { port: 0, ${tls()}, clientCa: ${at('none.crt')} }`;
  await expect(openDoors(settingsOf(text), audit, () => undefined)).rejects.toThrow(/none\.crt/);
});

test('a scanner that is not listed, or comes from elsewhere, is rejected', async () => {
  await openWith(
    `data: ${folder}\ndicom: { port: 0, senders: [{ ae: CT1, address: 127.0.0.1 }, { ae: CT2, address: 10.0.0.9 }] }`,
  );
  const echo = (title: string) =>
    run('echoscu', ['-aet', title, '-aec', 'ICHOR', '127.0.0.1', String(dicom?.port)]);
  await echo('CT1');
  for (const title of ['CT2', 'OTHER']) await expect(echo(title)).rejects.toThrow();
});

/** Of what a port shows now. */
const shownAt = (port: number) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    }).on('error', reject);
  });

test('a renewed certificate is shown by HTTP and DICOM without a restart, once its key is there too', async () => {
  for (const end of ['crt', 'key']) await copyFile(at(`ours.${end}`), at(`site.${end}`));
  const text = `data: ${folder}\nserver: { ${tls('site')} }\ndicom: { port: 0 }`;
  const port = await openWith(text);
  const [app, provider] = [service?.app, dicom];
  if (app === undefined || provider === undefined) throw new Error('nothing was opened');
  const shown = async () => [await shownAt(port), await shownAt(provider.port)];
  const before = await shown();
  const following = followCertificate(
    settingsOf(text),
    (renewed) => {
      if (renewed.http) renewTls(app.server, renewed.http);
      if (renewed.dicom) provider.renew(renewed.dicom);
    },
    (line) => log.push(line),
    50,
  );
  await pause(200);
  await copyFile(at('sender.crt'), at('site.crt'));
  const isRefused = async () => log.join().includes('cannot be taken yet');
  await eventually(isRefused, (is) => is, 10);
  expect(await shown()).toEqual(before);
  await copyFile(at('sender.key'), at('site.key'));
  await eventually(shown, ([http, dicom]) => http !== before[0] && dicom !== before[1], 10);
  await following.close();
});

/** Delivers one result to these, until each was tried: what became of it, by destination. */
async function delivered(
  destinations: Parameters<typeof startDelivering>[1],
  files: Readonly<Record<string, Buffer>> = {},
): Promise<Readonly<Record<string, string>>> {
  const opened = await openTestService();
  service = opened;
  await opened.receive();
  await opened.predict({}, files);
  const delivering = startDelivering(opened.archive, destinations, 'ICHOR', () => undefined);
  const states = async () => {
    const { items } = (await opened.app.inject('/api/deliveries')).json();
    return Object.fromEntries(
      items.map((one: Record<string, string>) => [one.destination, `${one.state} ${one.reasonCode}`]),
    );
  };
  const found = await eventually(states, (all) => Object.keys(all).length === destinations.length, 10);
  await delivering.close();
  return found;
}
const [TAKEN, NOT_REACHED] = ['delivered undefined', 'waiting destination-unreachable'];

test('HL7 goes by TLS to a receiver of the named authority, and to no other', async () => {
  const [cert, key] = [await readFile(at('ours.crt')), await readFile(at('ours.key'))];
  const mllp = await startMllp((number) => `AA|${number}`, { cert, key });
  const { port, messages } = mllp;
  const common = { kind: 'hl7', host: '127.0.0.1', port, application: '', facility: '' } as const;
  const rest = { identity: false, when: 'result', tls: true } as const;
  const found = await delivered([
    { ...common, ...rest, name: 'known', ca: at('ours.crt') },
    { ...common, ...rest, name: 'stranger', ca: at('sender.crt') },
  ]);
  mllp.close();
  expect(found).toEqual({ known: TAKEN, stranger: NOT_REACHED });
  expect(messages).toHaveLength(1);
});

test('C-STORE goes by TLS to dcmtk, with a certificate of ours, and to no peer that cannot show what it must', async () => {
  const port = await freePort();
  const kept = await mkdtemp(path.join(folder, 'kept-'));
  receiver = spawn('storescp', [
    ...['--enable-tls', at('ours.key'), at('ours.crt'), '--require-peer-cert'],
    ...['--add-cert-file', at('sender.crt'), '-od', kept, '-aet', 'PACS', String(port)],
  ]);
  const shown = { tls: true, ca: at('ours.crt'), cert: at('sender.crt'), key: at('sender.key') };
  const common = { ae: 'PACS', host: '127.0.0.1', port, when: 'result' } as const;
  await eventually(
    () => connects(port),
    (does) => does,
    10,
  );
  const file = Buffer.from(ctFile({ SOPInstanceUID: '1.2.826.0.1.9.1' }));
  const found = await delivered(
    [
      { ...common, ...shown, name: 'known' },
      { ...common, ...shown, name: 'its-name', tlsName: 'localhost' },
      { ...common, ...shown, name: 'other-name', tlsName: 'pacs.example' },
      { ...common, ...shown, name: 'stranger', ca: at('sender.crt') },
      { ...common, ...shown, name: 'not-there', ca: at('none.crt') },
      { ...common, name: 'unnamed-us', tls: true, ca: at('ours.crt') },
      { ...common, name: 'plainly' },
    ],
    { [RESULT_FILES.report]: file },
  );
  expect(found).toEqual({
    ...{ known: TAKEN, 'its-name': TAKEN, 'other-name': NOT_REACHED, stranger: NOT_REACHED },
    ...{ 'not-there': NOT_REACHED, 'unnamed-us': NOT_REACHED, plainly: NOT_REACHED },
  });
  const [object = ''] = await readdir(kept);
  const dataSetOf = (bytes: Buffer) => bytes.subarray(readFileMeta(bytes, { where: 'kept' }).dataSetStart);
  expect(dataSetOf(await readFile(path.join(kept, object)))).toEqual(dataSetOf(file));
}, 30_000);

test('the simulated scanner sends by TLS', async () => {
  await openWith(`data: ${folder}\ndicom: { port: 0, ${tls()} }`);
  const peer = { host: '127.0.0.1', port: dicom?.port ?? 0, calledAe: 'ICHOR', callingAe: 'SCANNER' };
  const echo = async (how: { readonly ca?: string; readonly tls?: boolean }) => {
    using association = await openAssociation({ ...peer, ...how });
    await association.echo();
  };
  await echo({ tls: true, ca: at('ours.crt') });
  for (const how of [{}, { tls: true }])
    await expect(echo(how)).rejects.toMatchObject({ code: 'destination-unreachable' });
});

test('a certificate that is soon over is told; one of another key, or none, is refused', async () => {
  await openWith(`data: ${folder}\nserver: { ${tls('sender')} }`);
  expect(log.at(-1)).toMatch(/^the TLS certificate is over in [23] days; renew it$/);
  const code = (cert: string, key: string) =>
    readTlsKeys({ cert: at(cert), key: at(key) }).catch((thrown) => thrown.code);
  await writeFile(at('text.crt'), 'no certificate');
  expect(await code('ours.crt', 'sender.key')).toBe('tls-unusable');
  expect(await code('text.crt', 'ours.key')).toBe('tls-unusable');
  expect(await code('none.crt', 'ours.key')).toBe('path-missing');
});

test('behind a proxy only the proxy is answered, under its name, and its word on the address counts', async () => {
  const text = `data: ${folder}\nserver: { behindProxy: ct.example, proxies: [10.0.0.0/8] }`;
  const doors = await openDoors(settingsOf(text), audit, () => undefined);
  const opened = await openTestService(doors.http);
  service = opened;
  const me = async (remoteAddress: string, host: string) => {
    const answer = await opened.app.inject({ url: '/health/live', remoteAddress, headers: { host } });
    return [answer.statusCode, answer.json().code];
  };
  expect(await me('10.1.2.3', 'ct.example')).toEqual([200, undefined]);
  expect(await me('10.1.2.3', 'evil.example')).toEqual([403, 'other-origin']);
  expect(await me('192.168.0.1', 'ct.example')).toEqual([403, 'not-by-proxy']);
});

const CASES: readonly (readonly [string, string | undefined])[] = [
  ['server: { host: "127.0.0.1" }', undefined],
  ['server: { host: "::1" }', undefined],
  ['server: { host: "0.0.0.0" }', 'tls-required'],
  ['server: { host: "0.0.0.0", tls: { cert: a, key: b } }\ndicom: { senders: [] }', 'users-required'],
  ['server: { behindProxy: ct.example }', 'users-required'],
];

test.each(CASES)('without users, %j is refused as it has to be', (text, code) => {
  expect(codeOf(() => refuseUnsafe(settingsOf(text), { users: [], tokens: [] }))).toBe(code);
});

const user = { name: 'anna', password: '', changedAt: '', disabled: false } as const;
const ADMINISTRATOR = { users: [{ ...user, role: 'administrator' as const }], tokens: [] };

test('on another address an enabled administrator and a list of senders are needed', () => {
  const open = 'server: { host: "0.0.0.0", tls: { cert: a, key: b } }';
  const listed = `${open}\ndicom: { senders: [{ ae: CT1 }] }`;
  const refusal = (text: string, accounts: Parameters<typeof refuseUnsafe>[1]) =>
    codeOf(() => refuseUnsafe(settingsOf(text), accounts));
  expect(refusal(open, ADMINISTRATOR)).toBe('senders-required');
  expect(refusal(listed, ADMINISTRATOR)).toBeUndefined();
  expect(refusal(listed, { users: [{ ...user, role: 'reader' }], tokens: [] })).toBe('users-required');
  expect(refusal(listed, { users: [{ ...user, role: 'administrator', disabled: true }], tokens: [] })).toBe(
    'users-required',
  );
});

function codeOf(act: () => void): unknown {
  try {
    act();
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? thrown.code : thrown;
  }
  return undefined;
}
