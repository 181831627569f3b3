import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openArchive } from '../src/archive/index.ts';
import {
  addToken,
  addUser,
  checkSettings,
  type DicomProvider,
  examine,
  listenForDicom,
  openAudit,
} from '../src/server/index.ts';

const run = promisify(execFile);
const main = new URL('../src/cli/main.ts', import.meta.url).pathname;
const PASSWORD = 'seven quiet herons';

let root = '';
let taken = 0;
let dicom: DicomProvider;
let secureDicom: DicomProvider;
const busy = createServer();
const at = (...names: string[]) => path.join(root, ...names);

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-doctor-'));
  await once(busy.listen(0, '127.0.0.1'), 'listening');
  taken = (busy.address() as AddressInfo).port;
  const certificate = (name: string, ...rest: string[]) =>
    run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', ...rest],
      ...['-subj', '/CN=localhost', '-keyout', at(`${name}.key`), '-out', at(`${name}.crt`)],
    ]);
  await certificate('good', '-days', '90');
  await certificate('soon', '-days', '5');
  await certificate('over', '-days', '1');
  const over = ['-in', at('over.crt'), '-signkey', at('over.key'), '-days', '-1', '-out', at('over.crt')];
  await run('openssl', ['x509', ...over]);
  await writeFile(at('damaged.onnx'), 'no model');
  const pacs = {
    ...{ host: '127.0.0.1', port: 0, aeTitle: 'PACS', log: () => undefined },
    visit: () => ({
      receive: () => Promise.reject(new Error('takes nothing')),
      notKept: () => undefined,
      ended: () => undefined,
    }),
  };
  dicom = await listenForDicom(pacs);
  const [cert, key] = await Promise.all([readFile(at('good.crt'), 'utf8'), readFile(at('good.key'), 'utf8')]);
  secureDicom = await listenForDicom({ ...pacs, tls: { cert, key } });
});
afterAll(async () => {
  busy.close();
  await dicom.close(0);
  await secureDicom.close(0);
  await rm(root, { recursive: true });
});

afterEach(() => void vi.useRealTimers());

/** A folder that a service has used, without a fault. */
async function usedFolder(name: string): Promise<string> {
  const data = at(name);
  await mkdir(data, { mode: 0o700 });
  const archive = await openArchive(data);
  await archive.close();
  const audit = await openAudit(data, () => undefined);
  for (const who of ['anna', 'bert']) await audit.tell({ action: 'saw', who });
  await audit.close();
  return data;
}

const FREE = 'port: 0';
const tls = (name: string, key = name) => `tls: { cert: ${at(`${name}.crt`)}, key: ${at(`${key}.key`)} }`;
const listening = 'dicom: { port: 0 }';
const server = (rest = '') => `server: { ${FREE}${rest && `, ${rest}`} }`;
const destination = (name: string, port: number, ae: string, rest = '') =>
  `destinations: [{ name: ${name}, ae: ${ae}, host: 127.0.0.1, port: ${port}${rest && `, ${rest}`} }]`;

const openIdOf = (issuer: string, secret?: string) =>
  `access: { openId: { issuer: '${issuer}', clientId: ichor, ${secret === undefined ? '' : `clientSecretFile: ${secret}, `}roles: { reader: [x] } } }`;

/** What is planted, in settings or in the folder, and how it is named. */
const PLANTED: readonly {
  readonly what: string;
  readonly settings?: () => string;
  readonly plant?: (data: string) => Promise<unknown>;
  readonly told: readonly [name: string, code: string];
}[] = [
  {
    what: 'a port of HTTP that is taken',
    settings: () => `server: { port: ${taken} }\n${listening}`,
    told: ['HTTP', 'port-unavailable'],
  },
  {
    what: 'a port of DICOM that is taken',
    settings: () => `${server()}\ndicom: { port: ${taken} }`,
    told: ['DICOM', 'port-unavailable'],
  },
  {
    what: 'an address that is not of this machine',
    settings: () => `${server('host: 192.0.2.1')}\n${listening}`,
    told: ['HTTP', 'port-unavailable'],
  },
  {
    what: 'one port for both',
    settings: () => 'server: { port: 18080 }\ndicom: { port: 18080 }',
    told: ['ports', 'ports-equal'],
  },
  {
    what: 'a destination that does not answer',
    settings: () => `${server()}\n${listening}\n${destination('pacs', taken, 'PACS')}`,
    plant: async () => busy.once('connection', (socket) => socket.destroy()),
    told: ['destination pacs', 'destination-unreachable'],
  },
  {
    what: 'a database that does not answer',
    settings: () =>
      `${server()}\n${listening}\ndatabase: postgres://ichor:${PASSWORD.replaceAll(' ', '-')}@127.0.0.1:1/x`,
    told: ['database', 'database-unreachable'],
  },
  {
    what: 'a destination under another title',
    settings: () => `${server()}\n${listening}\n${destination('pacs', dicom.port, 'OTHER')}`,
    told: ['destination pacs', 'destination-refused'],
  },
  {
    what: 'a folder that is not of OHIF',
    settings: () => `${server(`ohif: ${at('none')}`)}\n${listening}`,
    told: ['OHIF', 'not-ohif'],
  },
  {
    what: 'a model that is not there',
    settings: () => `${server()}\n${listening}\nmodel: { file: ${at('none.onnx')} }`,
    told: ['model', 'path-missing'],
  },
  {
    what: 'a model that is damaged',
    settings: () => `${server()}\n${listening}\nmodel: { file: ${at('damaged.onnx')} }`,
    told: ['model', 'model-unreadable'],
  },
  {
    what: 'an operating point that the model has not',
    settings: () => `${server()}\n${listening}\nmodel: { operatingPoint: strict }`,
    told: ['model', 'operating-point-unknown'],
  },
  {
    what: 'a key of another certificate',
    settings: () => `${server(tls('good', 'soon'))}\n${listening}`,
    told: ['TLS', 'tls-unusable'],
  },
  {
    what: 'a certificate that is over',
    settings: () => `${server(tls('over'))}\n${listening}`,
    told: ['TLS', 'certificate-over'],
  },
  {
    what: 'a certificate that is over soon',
    settings: () => `${server(tls('soon'))}\n${listening}`,
    told: ['TLS', 'certificate-over-soon'],
  },
  {
    what: 'no TLS on another address',
    settings: () => `${server('host: "0.0.0.0"')}\n${listening}`,
    told: ['users', 'tls-required'],
  },
  {
    what: 'no users behind a proxy',
    settings: () => `${server('behindProxy: ct.example')}\n${listening}`,
    told: ['users', 'users-required'],
  },
  {
    what: 'no list of senders on another address',
    settings: () => `${server(`host: "0.0.0.0", ${tls('good')}`)}\n${listening}`,
    plant: (data) => addUser(data, 'anna', 'administrator', PASSWORD),
    told: ['users', 'senders-required'],
  },
  {
    what: 'a watched folder that is not there',
    settings: () => `${server()}\n${listening}\nwatch: [{ folder: ${at('inbox')}, remove: true }]`,
    told: ['watch INBOX', 'path-missing'],
  },
  {
    what: 'an archive to pull from that does not answer',
    settings: () => `${server()}\n${listening}\npull: [{ name: far, url: 'http://127.0.0.1:1/dicom-web' }]`,
    told: ['pull far', 'archive-unreachable'],
  },
  {
    what: 'a password for such an archive that is not there',
    settings: () =>
      `${server()}\n${listening}\npull: [{ name: far, url: 'http://127.0.0.1:1/dicom-web', user: ichor, passwordFile: ${at('password')} }]`,
    told: ['pull far', 'path-missing'],
  },
  {
    what: 'a provider of identities that does not answer',
    settings: () => `${server()}\n${listening}\n${openIdOf('http://127.0.0.1:1')}`,
    told: ['OpenID', 'provider-unreachable'],
  },
  {
    what: 'a secret of that provider that is not there',
    settings: () => `${server()}\n${listening}\n${openIdOf('http://127.0.0.1:1', at('secret'))}`,
    told: ['OpenID', 'path-missing'],
  },
  {
    what: 'authorities of senders that are not there',
    settings: () => `${server(tls('good'))}\ndicom: { port: 0, clientCa: ${at('none.crt')} }`,
    told: ['DICOM TLS', 'path-missing'],
  },
  {
    what: 'a key of another certificate for DICOM',
    settings: () => `${server()}\ndicom: { port: 0, ${tls('good', 'soon')} }`,
    told: ['DICOM TLS', 'tls-unusable'],
  },
  {
    what: 'authorities of an HL7 receiver that are not there',
    settings: () =>
      `${server()}\n${listening}\ndestinations: [{ kind: hl7, name: ris, host: 127.0.0.1, port: ${taken}, tls: true, ca: ${at('none.crt')} }]`,
    told: ['destination ris', 'path-missing'],
  },
  {
    what: 'an archive that speaks no TLS',
    settings: () => `${server()}\n${listening}\n${destination('pacs', dicom.port, 'PACS', 'tls: true')}`,
    told: ['destination pacs', 'destination-unreachable'],
  },
  {
    what: 'a certificate for an archive that is soon over',
    settings: () =>
      `${server()}\n${listening}\n${destination('pacs', secureDicom.port, 'PACS', `tls: true, tlsName: localhost, ca: ${at('good.crt')}, cert: ${at('soon.crt')}, key: ${at('soon.key')}`)}`,
    told: ['destination pacs', 'certificate-over-soon'],
  },
  {
    what: 'accounts that are damaged',
    plant: async (data) => {
      await addToken(data, 'ris', 'reader', 1);
      await writeFile(path.join(data, 'access', 'accounts.json'), '{');
    },
    told: ['users', 'accounts-broken'],
  },
  {
    what: 'a journal that was altered',
    plant: (data) => appendFile(path.join(data, 'journal.jsonl'), '{"sum":"0","entry":{}}\n'),
    told: ['journal', 'journal-broken'],
  },
  {
    what: 'an audit trail that is gone',
    plant: (data) => rm(path.join(data, 'audit.jsonl')),
    told: ['audit trail', 'audit-cut'],
  },
  {
    what: 'a clock that went back',
    plant: async () => vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2020-01-01') }),
    told: ['clock', 'clock-behind'],
  },
  {
    what: 'a folder that others can look into',
    plant: (data) => run('chmod', ['755', data]),
    told: ['data folder', 'data-readable'],
  },
];

test.each(PLANTED)('$what is named', async ({ what, settings, plant, told }) => {
  const data = await usedFolder(what.replaceAll(' ', '-'));
  await plant?.(data);
  const text = `data: ${data}\n${settings?.() ?? `${server()}\n${listening}`}`;
  const findings = await examine(checkSettings({ name: 'site.yaml', text }));
  const faulty = findings.filter(({ state }) => state !== 'well').map(({ name, code }) => [name, code]);
  expect(faulty).toContainEqual([told[0].replace('INBOX', at('inbox')), told[1]]);
  expect(JSON.stringify(findings)).not.toMatch(/quiet.herons/);
});

test('a folder in order has no fault, and neither has one that is to be made', async () => {
  const well = `${server()}\n${listening}\n${destination('pacs', dicom.port, 'PACS')}`;
  for (const data of [await usedFolder('in-order'), at('to-be-made', 'data')]) {
    const findings = await examine(checkSettings({ name: 'site.yaml', text: `data: ${data}\n${well}` }));
    expect(findings.filter(({ state }) => state !== 'well')).toEqual([]);
    expect(findings.length).toBeGreaterThan(11);
  }
});

test('the command names a wrong key and ends with 1', async () => {
  await writeFile(at('site.yaml'), 'server:\n  prot: 80\n');
  await expect(run(process.execPath, [main, 'doctor', '--config', at('site.yaml')])).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /^FAULT {4}configuration: .*line 2: server.prot is no setting.* \[settings-invalid\]\n$/,
    ),
  });
});
