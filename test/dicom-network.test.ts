import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Archive, openArchive } from '../src/archive/index.ts';
import { at, createRandom, sha256 } from '../src/base/index.ts';
import { CT_IMAGE, ctFile, dataSetOf } from '../src/dicom/ct-fixture.ts';
import {
  type DicomProvider,
  type DicomProviderOptions,
  listenForDicom,
  openAssociation,
} from '../src/server/index.ts';
import { mutated } from './support/mutated.ts';
import { associationRequest, scriptedPeer } from './support/scripted-peer.ts';

const run = promisify(execFile);
const STUDY = String(CT_IMAGE.StudyInstanceUID);
const CT = String(CT_IMAGE.SOPClassUID);
const UID = String(CT_IMAGE.SOPInstanceUID);
const EXPLICIT = '1.2.840.10008.1.2.1';

let root = '';
let archive: Archive;
let provider: DicomProvider;
let log: string[] = [];
let visits = 0;
let ends: boolean[] = [];

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-dicom-'));
  archive = await openArchive(path.join(root, 'data'));
  [log, ends, visits] = [[], [], 0];
  await listen();
});
afterEach(async () => {
  await provider.close(0);
  await archive.close();
  await rm(root, { recursive: true });
});

async function listen(rest: Partial<DicomProviderOptions> = {}) {
  const visit = ({ callingAe, address }: { callingAe: string; address: string }) => {
    visits++;
    return {
      receive: (announced: object) =>
        archive.receive({
          ...(announced as Parameters<Archive['receive']>[0]),
          from: `${callingAe} ${address}`,
        }),
      notKept: (reason: unknown) => void log.push(String((reason as { code: string }).code)),
      ended: (inOrder: boolean) => void ends.push(inOrder),
    };
  };
  const options = {
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'ICHOR',
    visit,
    log: (text: string) => void log.push(text),
  };
  provider = await listenForDicom({ ...options, ...rest });
}

async function listenAgain(rest: Partial<DicomProviderOptions>) {
  await provider.close(0);
  await listen(rest);
}

const held = () => [...(archive.index.study(STUDY)?.objects.values() ?? [])];
const dcmtk = (command: string, ...rest: string[]) =>
  run(command, [
    '-aec',
    'ICHOR',
    ...rest.slice(0, -1),
    '127.0.0.1',
    String(provider.port),
    at(rest, rest.length - 1),
  ]);

async function waitUntil(isSo: () => boolean) {
  for (let i = 0; i < 500 && !isSo(); i++) await pause(10);
  expect(isSo()).toBe(true);
}

describe("dcmtk's own senders", () => {
  test('C-ECHO', async () => {
    await run('echoscu', ['-aec', 'ICHOR', '127.0.0.1', String(provider.port)]);
    await waitUntil(() => ends.length === 1);
    expect(ends).toEqual([true]);
  });

  const RANDOM = Int16Array.from({ length: 192 }, (_, i) => ((i * 7919) % 4001) - 1000);
  test.each([
    ['implicit little endian', ['dcmconv', '+ti'], '-xi', '1.2.840.10008.1.2'],
    ['explicit little endian', ['dcmconv', '+te'], '-xe', EXPLICIT],
    ['explicit big endian', ['dcmconv', '+tb'], '-xb', '1.2.840.10008.1.2.2'],
    ['RLE', ['dcmcrle'], '-xr', '1.2.840.10008.1.2.5'],
    ['JPEG lossless', ['dcmcjpeg'], '-xs', '1.2.840.10008.1.2.4.70'],
    ['JPEG-LS', ['dcmcjpls'], '-xt', '1.2.840.10008.1.2.4.80'],
  ])(
    'C-STORE of %s: the data set is the one in the file',
    async (_, [command = '', ...options], propose, uid) => {
      const [plain, file] = ['plain.dcm', 'sent.dcm'].map((name) => path.join(root, name));
      await writeFile(plain ?? '', ctFile({}, { pixelData: RANDOM }));
      await run(command, [...options, plain ?? '', file ?? '']);
      await dcmtk('storescu', propose, file ?? '');
      const sent = await readFile(file ?? '');
      expect(held()).toMatchObject([
        { sha256: sha256(dataSetOf(sent)), transferSyntax: uid, from: 'STORESCU 127.0.0.1' },
      ]);
      const [kept = ''] = archive.paths(STUDY);
      expect(sha256(dataSetOf(await readFile(kept)))).toBe(sha256(dataSetOf(sent)));
    },
  );

  test('another title than ours is rejected', async () => {
    await expect(run('echoscu', ['127.0.0.1', String(provider.port)])).rejects.toMatchObject({
      stderr: expect.stringContaining('Called AE Title Not Recognized'),
    });
  });

  test('a sender that is not on the list is rejected, as is one from another address', async () => {
    await listenAgain({ senders: [{ callingAe: 'CT1' }, { callingAe: 'CT2', address: '127.0.0.9' }] });
    const echo = (title: string) =>
      run('echoscu', ['-aet', title, '-aec', 'ICHOR', '127.0.0.1', String(provider.port)]);
    await echo('CT1');
    const rejected = { stderr: expect.stringContaining('Calling AE Title Not Recognized') };
    await expect(echo('CT2')).rejects.toMatchObject(rejected);
    await expect(echo('CT3')).rejects.toMatchObject(rejected);
  });

  test('off loopback there is a list or no door', async () => {
    await expect(
      listenForDicom({ ...({} as DicomProviderOptions), host: '0.0.0.0', port: 0 }),
    ).rejects.toMatchObject({
      code: 'senders-required',
    });
  });
});

describe('a scripted peer', () => {
  const bytes = dataSetOf(ctFile({ ImageComments: 'x'.repeat(9000) }));

  test.each([1, 2, 3, 5, 8])('%d pieces in a unit: nothing is lost, nothing added', async (piecesInUnit) => {
    const peer = await scriptedPeer(provider.port);
    await peer.associate([{ id: 1, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] }]);
    expect(
      await peer.store({ sopClassUid: CT, sopInstanceUid: UID }, bytes, { pieceBytes: 333, piecesInUnit }),
    ).toBe(0);
    expect(held().map((object) => object.sha256)).toEqual([sha256(bytes)]);
    peer.abort();
    await waitUntil(() => ends.length === 1);
    expect(ends).toEqual([false]);
    expect(held()).toHaveLength(1);
  });

  test.each([
    ['a data set that is none', { sopClassUid: CT, sopInstanceUid: UID }, bytes.subarray(0, 1003), 0xc000],
    ['another object than was announced', { sopClassUid: CT, sopInstanceUid: '1.2.3' }, bytes, 0xa900],
    [
      'another class than was agreed on',
      { sopClassUid: '1.2.840.10008.5.1.4.1.1.4', sopInstanceUid: UID },
      bytes,
      0x0122,
    ],
    ['a UID that leads elsewhere', { sopClassUid: CT, sopInstanceUid: '../../x' }, bytes, 0xa900],
  ])('%s is a status, and the association goes on', async (_, announced, sent, status) => {
    const peer = await scriptedPeer(provider.port);
    await peer.associate([{ id: 1, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] }]);
    expect(await peer.store(announced, sent, { pieceBytes: 400, piecesInUnit: 2 })).toBe(status);
    expect(
      await peer.store({ sopClassUid: CT, sopInstanceUid: UID }, bytes, {
        pieceBytes: 4000,
        piecesInUnit: 1,
      }),
    ).toBe(0);
    peer.abort();
    expect(await readdir(path.join(root, 'data', 'incoming'))).toEqual([]);
  });

  test('a sender that is cut leaves nothing half-written', async () => {
    const peer = await scriptedPeer(provider.port);
    await peer.associate([{ id: 1, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] }]);
    await peer.startStore({ sopClassUid: CT, sopInstanceUid: UID }, bytes.subarray(0, 2000));
    await waitUntil(() => visits === 1);
    peer.cut();
    await waitUntil(() => ends.length === 1);
    expect(await readdir(path.join(root, 'data', 'incoming'))).toEqual([]);
    expect(held()).toEqual([]);
  });
});

describe('rude peers', () => {
  const isOpen = (port: number, first?: Uint8Array, everyMs?: number) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    if (first !== undefined && everyMs === undefined) socket.write(first);
    const dripping = everyMs && setInterval(() => socket.write(Uint8Array.of(1)), everyMs);
    const startedAt = performance.now();
    return new Promise<number>((resolve) => {
      socket.resume();
      socket.on('close', () => {
        clearInterval(dripping);
        resolve(performance.now() - startedAt);
      });
    });
  };

  test('a unit of 4 GB is refused by its header, and its sender is cut', async () => {
    const closedAfter = await isOpen(provider.port, Uint8Array.of(1, 0, 0xff, 0xff, 0xff, 0xff));
    expect(closedAfter).toBeLessThan(2000);
    expect(log.at(-1)).toContain('4294967295 bytes was announced');
  });

  test('what is no DICOM is cut', async () => {
    await isOpen(provider.port, Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    // It is told once its own end of the connection is closed too
    await expect.poll(() => log.at(-1)).toContain("is not one of DICOM's");
  });

  test('idle and dripping peers are cut in time, while a good one is served', async () => {
    await listenAgain({ limits: { requestMs: 700, waiting: 20 } });
    const rude = [
      ...Array.from({ length: 30 }, () => isOpen(provider.port)),
      ...Array.from({ length: 10 }, () => isOpen(provider.port, undefined, 50)),
    ];
    const peer = await openAssociation({
      host: '127.0.0.1',
      port: provider.port,
      calledAe: 'ICHOR',
      callingAe: 'GOOD',
    });
    await peer.echo();
    await peer.release();
    for (const closedAfter of await Promise.all(rude)) expect(closedAfter).toBeLessThan(3500);
  });

  test('of one address only so many associations are taken', async () => {
    await listenAgain({ limits: { associationsOfOneAddress: 2 } });
    const open = () =>
      openAssociation({ host: '127.0.0.1', port: provider.port, calledAe: 'ICHOR', callingAe: 'MANY' });
    const [first] = [await open(), await open()];
    await expect(open()).rejects.toThrow(/does not take it now: no association .result 2/);
    await first.release();
    await waitUntil(() => provider.associations === 1);
    await (await open()).release();
  });
});

test('where all places are taken, the one that has been silent for longest makes room', async () => {
  await listenAgain({ limits: { associations: 2 } });
  const open = () =>
    openAssociation({ host: '127.0.0.1', port: provider.port, calledAe: 'ICHOR', callingAe: 'MANY' });
  const [silent, busy] = [await open(), await open()];
  await pause(300);
  await busy.echo();
  const newcomer = await open();
  await newcomer.echo();
  await busy.echo();
  await expect(silent.echo()).rejects.toThrow();
  expect(provider.associations).toBe(2);
  // Nobody is silent now
  await expect(open()).rejects.toThrow(/does not take it now: no association .result 2/);
  await Promise.all([busy.release(), newcomer.release()]);
});

const REQUEST = associationRequest([
  { id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] },
]);

/** So many that associate and say nothing, each from an address of its own, all at once. */
const rush = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const socket = connect({
      port: provider.port,
      host: '127.0.0.1',
      localAddress: `127.0.${2 + Math.floor(i / 200)}.${1 + (i % 200)}`,
    });
    socket.on('error', () => undefined).on('connect', () => socket.write(REQUEST));
    return socket.resume();
  });

test.each([
  ['has worked here', {}],
  [
    'is on the list with its address',
    { senders: [{ callingAe: 'SCRIPT' }, { callingAe: 'GOOD', address: '127.0.0.1' }] },
  ],
])('while a crowd rushes in, a peer that %s is served', async (_, options) => {
  await listenAgain(options);
  const echo = async () => {
    const to = { host: '127.0.0.1', port: provider.port, calledAe: 'ICHOR', callingAe: 'GOOD' };
    const association = await openAssociation(to);
    await association.echo();
    await association.release();
  };
  if (!('senders' in options)) await echo();
  const crowd = rush(300);
  await Promise.all(Array.from({ length: 5 }, echo));
  for (let i = 0; i < 5; i++) await echo();
  // Strangers have 32 of the 48 places
  await expect.poll(() => provider.associations).toBe(32);
  for (const socket of crowd) socket.destroy();
});

test('the time that the disk takes for an object is not the silence of its sender', async () => {
  const slowly = { write: async () => undefined, keep: () => pause(400), discard: async () => undefined };
  const visit = () => ({
    receive: async () => slowly,
    notKept: () => undefined,
    ended: () => undefined,
  });
  await listenAgain({ visit, limits: { associations: 1 } });
  const kind = { sopClassUid: CT, transferSyntaxUid: EXPLICIT };
  const to = { host: '127.0.0.1', port: provider.port, calledAe: 'ICHOR', callingAe: 'SLOW' };
  const sender = await openAssociation(to, [kind]);
  await sender.store({ ...kind, sopInstanceUid: UID, dataSet: dataSetOf(ctFile()) });
  await expect(openAssociation({ ...to, callingAe: 'NEW' })).rejects.toThrow(/does not take it now/);
  await sender.store({ ...kind, sopInstanceUid: UID, dataSet: dataSetOf(ctFile()) });
  await sender.release();
});

/** What our own sender says in one association: C-ECHO, C-STORE, release. */
async function recordedAssociation(): Promise<Uint8Array> {
  const said: Uint8Array[] = [];
  const recorder = createServer((socket) => {
    const on = connect(provider.port, '127.0.0.1');
    socket
      .on('data', (bytes) => said.push(bytes))
      .pipe(on)
      .pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(recorder, 'listening');
  const address = recorder.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const kind = { sopClassUid: CT, transferSyntaxUid: EXPLICIT };
  const to = { host: '127.0.0.1', port, calledAe: 'ICHOR', callingAe: 'RECORDED' };
  const association = await openAssociation(to, [kind]);
  await association.echo();
  await association.store({ ...kind, sopInstanceUid: UID, dataSet: dataSetOf(ctFile()) });
  await association.release();
  await new Promise((resolve) => recorder.close(resolve));
  return Buffer.concat(said);
}

test('300 mutated associations: nothing uncaught, no connection left, nothing half-written, a good peer is served', async () => {
  await listenAgain({ limits: { requestMs: 300, idleMs: 300, associationsOfOneAddress: 48 } });
  const said = await recordedAssociation();
  const random = createRandom(23);
  const sendMutated = (): Promise<unknown> => {
    const socket = connect(provider.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(mutated(said, random));
    return once(socket.resume(), 'close');
  };
  for (let round = 0; round < 15; round++) await Promise.all(Array.from({ length: 20 }, sendMutated));
  await waitUntil(() => provider.associations === 0);
  expect(await readdir(path.join(root, 'data', 'incoming'))).toEqual([]);
  expect(log.join('\n')).not.toMatch(/Secret|SECRET|TypeError|RangeError|undefined/);
  await recordedAssociation();
});

test('what we send arrives as it is', async () => {
  const dataSet = dataSetOf(ctFile());
  const kind = { sopClassUid: CT, transferSyntaxUid: EXPLICIT };
  const to = { host: '127.0.0.1', port: provider.port, calledAe: 'ICHOR', callingAe: 'ICHOR2' };
  const association = await openAssociation(to, [kind]);
  await association.store({ ...kind, sopInstanceUid: UID, dataSet });
  await expect(association.store({ ...kind, sopInstanceUid: '1.2.3', dataSet })).rejects.toThrow(
    'status a900',
  );
  await association.release();
  expect(held().map((object) => object.sha256)).toEqual([sha256(dataSet)]);
});
