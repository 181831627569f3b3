import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import Fastify from 'fastify';
import { type BleedSettings, createPhantom } from '../../src/phantom/index.ts';
import { ohifRoutes } from '../../src/server/index.ts';
import { openModel } from '../../src/service/index.ts';
import { type AcceptedStudy, readStudy } from '../../src/study/index.ts';
import { writeAll } from '../support/places.ts';
import { eventually, startServing } from '../support/served.ts';
import { ohifFolder } from './ohif.ts';
import { startOrthanc } from './orthanc.ts';
import { classicFiles, tilted } from './source-series.ts';
import { run } from './tools.ts';

/** An archive with OHIF before it; it holds a tilted study with a bleed and its results, and one that is a CT alone. */
export interface ArchiveWithOhif {
  readonly address: string;
  readonly withResults: string;
  readonly alone: string;
  /** Where the files of the results lie for others to read. */
  readonly results: string;
  close(): Promise<void>;
}

/** Debian's Orthanc by its DICOMweb; the results are sent to it. */
export async function orthancWithOhif(folder: string): Promise<ArchiveWithOhif> {
  const { accepted, studies } = await writeSources(folder);
  await using model = await openModel();
  const predicted = await model.predict(accepted);
  const objects = predicted.dicomObjects(new Date(2026, 0, 2, 3, 4, 5));
  const results = path.join(folder, 'results');
  await writeAll(results, objects.files);
  const orthanc = await startOrthanc(folder);
  for (const place of ['withResults', 'alone', 'results'])
    await sendTo('ORTHANC', orthanc.dicomPort, path.join(folder, place));
  const { address, close } = await serveOhif(orthanc.httpPort);
  return {
    ...studies,
    address,
    results,
    close: async () => {
      await close();
      orthanc.stop();
    },
  };
}

/** `ichor serve --ohif`, which predicts one study itself; a rule says that the other is not to be. */
export async function ichorWithOhif(folder: string): Promise<ArchiveWithOhif> {
  const { studies } = await writeSources(folder);
  const config = path.join(folder, 'ichor.json');
  const rules = [{ name: 'alone', when: { sender: 'ALONE' }, predict: false }];
  await writeAll(folder, { 'ichor.json': JSON.stringify({ rules }) });
  const data = path.join(folder, 'data');
  const served = await startServing(data, '--config', config, '--ohif', await ohifFolder());
  for (const [title, place] of [
    ['ALONE', 'alone'],
    ['CT1', 'withResults'],
  ] as const)
    await sendTo('ICHOR', served.dicomPort, path.join(folder, place), title);
  await eventually(
    served.worklist,
    (rows) =>
      rows.some(
        ({ state, studyInstanceUid }) => state === 'done' && studyInstanceUid === studies.withResults,
      ),
    240,
  );
  const made = path.join(data, 'results', studies.withResults);
  const newest = (await readdir(made)).toSorted().at(-1) ?? '';
  return {
    ...studies,
    address: served.url,
    results: path.join(made, newest, 'dicom'),
    close: async () => void (await served.end('SIGTERM')),
  };
}

/** Both studies as files, and their UIDs. */
async function writeSources(folder: string) {
  const [withResults, alone] = await Promise.all([
    writeSource(path.join(folder, 'withResults'), 2, [{ subtype: 'intraparenchymal', volumeMl: 30 }]),
    writeSource(path.join(folder, 'alone'), 3, []),
  ]);
  const uidOf = (study: AcceptedStudy) => study.study.studyInstanceUid ?? '';
  return { accepted: withResults, studies: { withResults: uidOf(withResults), alone: uidOf(alone) } };
}

async function writeSource(folder: string, seed: number, bleeds: readonly BleedSettings[]) {
  const files = classicFiles(tilted(createPhantom({ seed, bleeds, side: 256 }), 15));
  for (const [i, file] of files.entries()) await writeAll(folder, { [`${i}.dcm`]: await file.read() });
  return readStudy(files);
}

const sendTo = (title: string, port: number, folder: string, calling = 'STORESCU') =>
  run('storescu', [
    ...['-R', '-aet', calling, '-aec', title, '127.0.0.1', String(port)],
    ...['+sd', '+sp', '*.dcm', folder],
  ]);

/** OHIF on loopback; what it asks of DICOMweb is passed on, under the page's own host, by which the archive names objects. */
async function serveOhif(archivePort: number) {
  const app = Fastify({ forceCloseConnections: true });
  ohifRoutes(app, await ohifFolder());
  app.get('/dicomweb/*', (asked, reply) => {
    reply.hijack();
    const { url, headers } = asked.raw;
    const passedOn = request({ host: '127.0.0.1', port: archivePort, path: url, headers }, (said) => {
      reply.raw.writeHead(said.statusCode ?? 502, said.headers);
      said.pipe(reply.raw);
    });
    passedOn.on('error', () => reply.raw.destroy());
    passedOn.end();
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return { address, close: () => app.close() };
}
