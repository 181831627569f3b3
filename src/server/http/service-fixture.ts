/** Fixture of tests: the routes without a port, over an archive of its own that takes studies as a sender's. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance, RouteOptions } from 'fastify';
import {
  type Archive,
  type JobBoard,
  jobBoard,
  openArchive,
  type ResultToKeep,
} from '../../archive/index.ts';
import { IchorError } from '../../base/index.ts';
import { CT_IMAGE, ctFile } from '../../dicom/ct-fixture.ts';
import { readFileMeta } from '../../dicom/index.ts';
import { type AccessOptions, openAccess } from '../access/access.ts';
import { type Audit, openAudit } from '../audit/audit.ts';
import { createDriftWatch } from '../drift/drift-watch.ts';
import { createIntake } from '../intake/intake.ts';
import { createHttp, type HttpParts } from './app.ts';
import { createMetrics } from './watch.ts';

export const STUDY = String(CT_IMAGE.StudyInstanceUID);
export const INSTANCE = String(CT_IMAGE.SOPInstanceUID);

/** As where the database is away. */
const NO_DATABASE: JobBoard = jobBoard(async () => {
  throw new IchorError('database-unreachable', 'the tests of routes have no database');
});

export interface TestService {
  readonly root: string;
  readonly archive: Archive;
  readonly app: FastifyInstance;
  /** `GET /dicomweb/studies`: as they are described to OpenAPI. */
  readonly routes: readonly string[];
  /** All, the page's and the login's too. */
  readonly audit: Audit;
  readonly registered: readonly RouteOptions[];
  readonly log: readonly string[];
  /** Takes an object of a study; gives its data set. */
  receive(instance?: string, file?: Uint8Array): Promise<Uint8Array>;
  /** Takes the study to `done` with this result. */
  predict(
    result?: Partial<ResultToKeep['facts']>,
    files?: ResultToKeep['files'],
    study?: string,
  ): Promise<void>;
  close(): Promise<void>;
}

/** Over a data folder that is there already, or over a new one; it goes when the service is closed. */
export async function openTestService(
  parts: Partial<HttpParts> = {},
  access: Partial<AccessOptions> = {},
  data?: string,
): Promise<TestService> {
  const root = data ?? (await mkdtemp(path.join(tmpdir(), 'ichor-http-')));
  const archive = await openArchive(root);
  const said: string[] = [];
  const log = (text: string) => said.push(text);
  const intake = createIntake(archive, { kept: () => undefined, notKept: () => undefined, log });
  const metrics = createMetrics(archive);
  const pageFolder = path.join(root, 'none');
  const audit = await openAudit(root, log);
  const times = { longestMs: 60_000, idleMs: 60_000 };
  const app = createHttp({
    ...{
      archive,
      drift: createDriftWatch(archive),
      board: NO_DATABASE,
      intake,
      metrics,
      pageFolder,
      callingAe: 'ICHOR',
      isReady: () => true,
      log,
      isSecure: false,
    },
    audit,
    access: await openAccess({ data: root, isLocal: true, ...times, ...access }),
    ...parts,
  });
  const registered: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    if (route.method !== 'HEAD') registered.push(route);
  });
  await app.ready();
  const routes = registered
    .filter(({ schema }) => schema?.hide !== true)
    .map(({ method, url }) => `${String(method).toLowerCase()} ${url.replaceAll(/:(\w+)|(\*)/g, '{$1$2}')}`);
  return {
    ...{ root, archive, app, routes, registered, log: said, audit },
    receive: (instance = INSTANCE, file = ctFile({ SOPInstanceUID: instance })) => receive(archive, file),
    predict: (result, files, study) => predict(archive, study, result, files),
    close: async () => {
      await app.close();
      await intake.close();
      await audit.close();
      await archive.close();
      await rm(root, { recursive: true });
    },
  };
}

async function receive(archive: Archive, file: Uint8Array): Promise<Uint8Array> {
  const meta = readFileMeta(file, { where: 'test' });
  const dataSet = file.subarray(meta.dataSetStart);
  const object = await archive.receive({ ...meta, from: 'test' });
  await object.write(dataSet);
  await object.keep();
  return dataSet;
}

async function predict(
  archive: Archive,
  study = STUDY,
  result: Partial<ResultToKeep['facts']> = {},
  files: ResultToKeep['files'] = {},
): Promise<void> {
  const from = archive.index.study(study)?.state ?? 'receiving';
  await archive.move(study, from, 'queued', 'test');
  await archive.move(study, 'queued', 'predicting', 'test');
  const facts = { model: 'a'.repeat(64), probability: 0.7, positive: true, disagreement: false, ...result };
  await archive.finish(study, 'test', { facts, files: { 'prediction.json': '{"schema":"test"}', ...files } });
}
