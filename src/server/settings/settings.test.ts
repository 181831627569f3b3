import { expect, test } from 'vitest';
import { checkSettings } from './read-settings.ts';
import { settingsExample } from './settings-example.ts';

const DEFAULTS = {
  data: 'ichor-data',
  server: { host: '127.0.0.1', port: 8080, proxies: ['127.0.0.1', '::1'] },
  access: { longestHours: 12, idleHours: 2 },
  dicom: { port: 11112, ae: 'ICHOR' },
  destinations: [],
  retention: { days: 0, freeGigabytes: 0 },
  rules: [],
  watch: [],
  pull: [],
  page: { map: true },
  model: { device: 'auto', here: true },
};
const file = (text: string) => ({ name: 'site.yaml', text });
const faultOf = (text: string, ...overrides: Parameters<typeof checkSettings>[1] & object) => {
  try {
    checkSettings(file(text), overrides);
  } catch (thrown) {
    return String(thrown);
  }
  return 'none';
};

test('without a file and in an empty one everything has its default', () => {
  expect(checkSettings(undefined)).toEqual(DEFAULTS);
  expect(checkSettings(file(''))).toEqual(DEFAULTS);
});

test('the example is taken as it is, and sets what is the default in any case', () => {
  expect(checkSettings(file(settingsExample()))).toEqual(DEFAULTS);
});

test('what stands in the example behind a mark is taken too, once the mark is gone', () => {
  const { destinations, model, server, dicom } = checkSettings(
    file(settingsExample().replace(/#(?=\w| {2})/g, '')),
  );
  expect(destinations).toMatchObject([
    { name: 'pacs', ae: 'ORTHANC', host: '10.0.0.5', port: 4242 },
    { kind: 'stow', when: 'positive' },
  ]);
  expect(server).toMatchObject({
    tls: { cert: '/etc/ichor/tls.crt', key: '/etc/ichor/tls.key' },
    behindProxy: 'ct.hospital.example',
  });
  expect(dicom).toMatchObject({ senders: [{ ae: 'CT1', address: '10.0.0.7' }], tls: true });
  expect(model).toEqual({
    file: '/srv/models/own.onnx',
    device: 'auto',
    threads: 4,
    here: true,
    operatingPoint: 'balanced',
  });
});

test('the command line stands over the file', () => {
  const settings = checkSettings(file('server: { port: 9000, host: "::1" }'), [
    { key: 'server.port', value: 0, flag: '--port' },
  ]);
  expect(settings.server).toMatchObject({ host: '::1', port: 0 });
});

test.each([
  ['server:\n  port: eighty', 'site.yaml, line 2: server.port is "eighty", expected a port, from 0 to 65535'],
  ['dicom: { port: 70000 }', 'line 1: dicom.port is 70000, expected a port'],
  ['dicom:\n  ae: "A\\\\B"', 'line 2: dicom.ae is "A\\\\B", expected an AE title'],
  ['server:\n  prot: 80', 'line 2: server.prot is no setting; `ichor config example` lists them all'],
  ['sever: {}', 'line 1: sever is no setting'],
  ['server: 80', 'line 1: server is 80, expected object, received number'],
  ['destinations:\n  - { name: a b, ae: X, host: h, port: 1 }', 'line 2: destinations.0.name is "a b"'],
  [
    'destinations:\n  - { name: a, host: h, port: 1 }',
    'line 2: destinations.0.ae is missing, expected an AE',
  ],
  [
    'destinations:\n  - { name: a, ae: X, host: h, port: 1 }\n  - { name: a, ae: Y, host: h, port: 1 }',
    'each destination needs a name of its own',
  ],
  [
    'model: { operatingPoint: 2 }',
    'model.operatingPoint is 2, expected a probability from 0 to 1, or the name',
  ],
  [
    'dicom:\n  tls: true',
    'line 2: dicom.tls is true, expected server.tls beside it, or a cert and a key of its own',
  ],
  ['dicom:\n  clientCa: a.crt', 'line 2: dicom.clientCa is "a.crt", expected DICOM to speak TLS'],
  [
    'server: { tls: { cert: a, key: b } }\ndicom: { tls: false, clientCa: c }',
    'line 2: dicom.clientCa is "c", expected DICOM to speak TLS',
  ],
  [
    'dicom:\n  tls: { cert: a.crt }',
    'line 2: dicom.tls is not right, expected true or false, or a cert and a key',
  ],
  ['server:\n  tls:\n    cert: a.crt', 'line 3: server.tls.key is missing, expected a text'],
  ['server: { proxies: [10.0.0.0/33] }', 'server.proxies.0 is "10.0.0.0/33", expected an address like'],
  ['server: { behindProxy: "https://ct" }', 'server.behindProxy is "https://ct", expected a host name'],
  [
    'dicom: { senders: [{ ae: CT1, address: ct1 }] }',
    'dicom.senders.0.address is "ct1", expected an address',
  ],
  [
    'destinations: [{ name: pacs, ae: X, host: h, port: 1 }]\nrules:\n  - { name: x, when: { modality: CT }, destinations: [pacs, pcas] }',
    'line 3: rules.0.destinations.1 is "pcas", expected the name of a destination, of which there are pacs',
  ],
  ['model: { device: tpu }', 'model.device is "tpu", expected auto, cpu, cuda or webgpu'],
  [
    'data: [1]\nserver: { port: -1 }',
    'data is not right, expected a text; site.yaml, line 2: server.port is -1',
  ],
  [
    'pull:\n  - { name: pacs, url: "http://jane:hunter2@pacs/dicom-web" }',
    'line 2: pull.0.url is not right, expected an address without user and password in it',
  ],
  [
    'destinations:\n  - { kind: fhir, name: ehr, url: "https://jane:hunter2@ehr/r4" }',
    'line 2: destinations.0.url is not right, expected an address without user',
  ],
  [
    'access: { openId: { issuer: "https://jane:hunter2@login/", clientId: x, roles: {} } }',
    'access.openId.issuer is not right, expected the address',
  ],
  ['server: { behindProxy: "https://jane:hunter2@ct" }', 'server.behindProxy is not right, expected'],
  [
    'pull: [{ name: pacs, url: "http://pacs", user: jane }]',
    'pull.0.passwordFile is missing, expected the file of the password',
  ],
  [
    'destinations: [{ kind: stow, name: web, url: "http://pacs", passwordFile: /etc/pw }]',
    'destinations.0.user is missing, expected the user',
  ],
  [
    'pull: [{ name: pacs, url: "http://pacs", user: jane, passwordFile: /etc/pw, token: x }]',
    'pull.0.token is not right, expected token or user, not both',
  ],
  [
    'pull: [{ name: pacs, url: "http://pacs", user: "a:b", passwordFile: x }]',
    'pull.0.user is "a:b", expected',
  ],
  [
    'destinations: [{ name: pacs, ae: PACS, host: pacs, port: 104, ca: /etc/ca.pem }]',
    'destinations.0.tls is missing, expected true beside ca',
  ],
  [
    'destinations: [{ kind: hl7, name: ris, host: ris, port: 2575, tls: true, cert: /etc/tls.crt }]',
    'destinations.0.key is missing, expected the file of the private key of cert',
  ],
  ['a: [', 'site.yaml, line 1 is no YAML'],
  ['- 1', 'site.yaml: the whole is not right, expected object, received array'],
])('%j is told by its key', (text, told) => {
  expect(faultOf(text)).toContain(told);
  expect(faultOf(text)).not.toContain('hunter2');
});

test('a wrong option is told by its name', () => {
  expect(faultOf('', { key: 'server.port', value: 99_999, flag: '--port' })).toContain(
    '--port: server.port is 99999, expected a port',
  );
});
