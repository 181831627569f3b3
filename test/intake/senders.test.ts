/** Other people's senders and a scripted one before `ichor serve`: what it keeps is what went over the wire, byte for byte. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readArchive } from '../../src/archive/index.ts';
import { at, sha256 } from '../../src/base/index.ts';
import { dataSetOf } from '../../src/dicom/ct-fixture.ts';
import { readFileMeta } from '../../src/dicom/index.ts';
import { createPhantom } from '../../src/phantom/index.ts';
import { phantomStudy } from '../../src/server/index.ts';
import { type Orthanc, startOrthanc } from '../results-in-pacs/orthanc.ts';
import { createPlaces } from '../support/places.ts';
import { scriptedPeer } from '../support/scripted-peer.ts';
import { eventually, type Served, startServing } from '../support/served.ts';
import { INTAKE_STUDY, type MadeObjects, makeObjects, type SentObject } from './objects.ts';
import { recordWire, type WireRecorder } from './wire-recorder.ts';

const run = promisify(execFile);
const CT = '1.2.840.10008.5.1.4.1.1.2';
const place = createPlaces('intake');

/** Of what was started, in the order in which it is to end. */
const endings: (() => unknown)[] = [];
let data = '';
let folder = '';
let made: MadeObjects;
let orthanc: Orthanc;
let served: Served;
let wire: WireRecorder;
beforeAll(async () => {
  folder = await place();
  data = path.join(folder, 'data');
  await mkdir(path.join(folder, 'objects'));
  made = await makeObjects(path.join(folder, 'objects'));
  orthanc = await startOrthanc(folder);
  endings.push(() => orthanc.stop());
  served = await startServing(data, '--destination', `pacs=ORTHANC@127.0.0.1:${orthanc.dicomPort}`);
  endings.push(async () => expect(await served.end('SIGTERM')).toBe(0));
  wire = await recordWire(served.dicomPort);
  endings.unshift(() => wire.close());
});
afterAll(async () => {
  for (const end of endings) await end();
});

/** What journal and disk say of an object, and in how many versions it is there: one where no byte was ever altered. */
async function kept(study: string, instance: string) {
  const archive = await readArchive(data);
  const files = (await readdir(path.join(data, 'objects', study))).filter((name) =>
    name.startsWith(`${instance}.`),
  );
  const onDisk = await readFile(path.join(data, 'objects', study, files[0] ?? ''));
  const { sha256: inJournal, transferSyntax } = archive.index.study(study)?.objects.get(instance) ?? {};
  return { files: files.length, inJournal, onDisk: sha256(dataSetOf(onDisk)), transferSyntax };
}

const asSent = (dataSet: Uint8Array, transferSyntax: string) => {
  const sha = sha256(dataSet);
  return { files: 1, inJournal: sha, onDisk: sha, transferSyntax };
};

const onWire = (instance: string): Uint8Array => {
  const dataSet = wire.dataSets.get(instance);
  if (dataSet === undefined) throw new Error(`${instance} was not sent`);
  return dataSet;
};

test('storescu in six syntaxes', async () => {
  for (const { option, file, instance, transferSyntax, name } of made.forStorescu) {
    await run('storescu', ['-aec', 'ICHOR', option, '127.0.0.1', String(wire.port), file]);
    expect(await kept(INTAKE_STUDY, instance), name).toEqual(asSent(onWire(instance), transferSyntax));
  }
  expect(made.forStorescu).toHaveLength(6);
});

const PIECES = [1, 2, 3, 4, 5, 6, 7, 8];
const UNIT_BYTES = [4096, 16_384, 65_536, 131_072];

test('a scripted sender: twelve syntaxes, units of 4 to 128 kB in one to eight pieces', async () => {
  for (const { name, instance, transferSyntax, bytes } of made.all) {
    const dataSet = dataSetOf(bytes);
    const peer = await scriptedPeer(served.dicomPort);
    await peer.associate([{ id: 1, abstractSyntax: CT, transferSyntaxes: [transferSyntax] }]);
    for (const unitBytes of UNIT_BYTES)
      for (const piecesInUnit of PIECES) {
        const pieceBytes = Math.floor(unitBytes / piecesInUnit) - 6;
        const cut = { pieceBytes, piecesInUnit };
        const status = await peer.store({ sopClassUid: CT, sopInstanceUid: instance }, dataSet, cut);
        expect(status, `${name} in ${piecesInUnit} pieces of ${pieceBytes} bytes`).toBe(0);
      }
    peer.abort();
    expect(await kept(INTAKE_STUDY, instance), name).toEqual(asSent(dataSet, transferSyntax));
  }
  const syntaxes = new Set(made.all.map(({ transferSyntax }) => transferSyntax));
  expect(syntaxes.size).toBe(12);
});

test('STOW-RS by curl, with a length and in chunks', async () => {
  const stored = made.all.filter(({ name }) => name !== 'deflated').map(renamed);
  const parts = stored.flatMap(({ bytes }) => [
    Buffer.from('\r\n--ichor-part\r\nContent-Type: application/dicom\r\n\r\n'),
    bytes,
  ]);
  const body = path.join(folder, 'stow.body');
  await writeFile(body, Buffer.concat([...parts, Buffer.from('\r\n--ichor-part--\r\n')]));
  const type = 'Content-Type: multipart/related; type="application/dicom"; boundary=ichor-part';
  for (const how of [[], ['-H', 'Transfer-Encoding: chunked']]) {
    const url = `${served.url}/dicomweb/studies`;
    const { stdout } = await run('curl', ['-sS', '-H', type, ...how, '--data-binary', `@${body}`, url]);
    expect(JSON.parse(stdout)['00081199'].Value).toHaveLength(stored.length);
    for (const { instance, bytes, transferSyntax, name } of stored)
      expect(await kept(INTAKE_STUDY, instance), name).toEqual(asSent(dataSetOf(bytes), transferSyntax));
  }
});

/** The same under a UID of its own; a deflated one's UID does not stand there as text. */
function renamed(object: SentObject): SentObject {
  const bytes = Buffer.from(object.bytes);
  const instance = object.instance.replace('.23.', '.24.');
  for (let found = bytes.indexOf(object.instance); found >= 0; found = bytes.indexOf(object.instance))
    bytes.write(instance, found, 'latin1');
  return { ...object, instance, bytes };
}

const idSchema = z.looseObject({ ParentStudy: z.string() });

test('Orthanc sends a study; the results come back into it, byte for byte', async () => {
  const head = createPhantom({ seed: 2, bleeds: [{ subtype: 'intraparenchymal', volumeMl: 30 }] });
  const { study, slices, files } = phantomStudy(head, 2);
  const orthancUrl = `http://127.0.0.1:${orthanc.httpPort}`;
  const ask = async (route: string, method: string, body: string | Uint8Array<ArrayBuffer>) => {
    const answer = await fetch(`${orthancUrl}${route}`, { method, body });
    expect(answer.status, await answer.clone().text()).toBe(200);
    return answer.text();
  };
  let parent = '';
  for (const { bytes } of files)
    parent = idSchema.parse(JSON.parse(await ask('/instances', 'POST', new Uint8Array(bytes)))).ParentStudy;
  await ask('/modalities/ichor', 'PUT', JSON.stringify({ AET: 'ICHOR', Host: '127.0.0.1', Port: wire.port }));
  await ask('/modalities/ichor/store', 'POST', parent);
  for (const { sopInstanceUid, dataSet, transferSyntaxUid } of slices) {
    const sent = onWire(sopInstanceUid);
    expect(await kept(study, sopInstanceUid)).toEqual(asSent(sent, transferSyntaxUid));
    expect(sha256(sent)).toBe(sha256(dataSet));
  }

  const rows = () => served.worklist();
  await eventually(
    rows,
    (now) => now.some((row) => row.studyInstanceUid === study && row.state === 'done'),
    200,
  );
  const results = path.join(data, 'results', study);
  const objects = path.join(results, at(await readdir(results), 0), 'dicom');
  const names = (await readdir(objects)).filter((name) => name.endsWith('.dcm'));
  expect(names).toEqual(expect.arrayContaining(['report.dcm', 'segmentation.dcm']));
  for (const name of names) {
    const ours = await readFile(path.join(objects, name));
    const { sopInstanceUid } = readFileMeta(ours, { where: name });
    const back = await eventually(
      () => orthanc.find(sopInstanceUid),
      (file) => file !== undefined,
    );
    expect(sha256(dataSetOf(back ?? new Uint8Array())), name).toBe(sha256(dataSetOf(ours)));
  }
});
