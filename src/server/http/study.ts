import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Archive, currentResult, type HeldStudy } from '../../archive/index.ts';
import { heldStudy, STUDY_NOT_HELD } from './held.ts';

/** What a page shows of one study. */
export interface StudyDetails {
  readonly studyInstanceUid: string;
  readonly state: HeldStudy['state'];
  readonly reason?: { readonly code: string; readonly text: string };
  /** With the size of the file that is given for each. */
  readonly objects: readonly { readonly sopInstanceUid: string; readonly bytes: number }[];
  /** Names of the current result's files, with forward slashes; none while there is none or a new one is made. */
  readonly files: readonly string[];
}

/** By the ending of a result's file. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.html': 'text/html; charset=utf-8',
  '.png': 'image/png',
  '.dcm': 'application/dicom',
};

const NO_OBJECT = { code: 'object-not-held', text: 'no object of this UID is held in the study' };
const NO_FILE = { code: 'file-not-held', text: "the study's current result has no file of this name" };

/** One study: what is held of it, its objects as they were sent, the files of its current result. */
export function studyRoutes(app: FastifyInstance, archive: Archive): void {
  app.get<{ Params: { study: string } }>('/api/studies/:study', async ({ params }, reply) => {
    const held = heldStudy(archive, params.study);
    return held === undefined ? reply.code(404).send(STUDY_NOT_HELD) : await detailsOf(archive, held);
  });

  app.get<{ Params: { study: string; instance: string } }>(
    '/api/studies/:study/objects/:instance',
    async ({ params }, reply) => {
      const file = heldStudy(archive, params.study) && archive.pathOf(params.study, params.instance);
      if (file === undefined) return reply.code(404).send(NO_OBJECT);
      return reply.type('application/dicom').send(createReadStream(file));
    },
  );

  app.get<{ Params: { study: string; '*': string } }>(
    '/api/studies/:study/results/*',
    async ({ params }, reply) => {
      const held = heldStudy(archive, params.study);
      const names = held === undefined ? [] : await resultFiles(archive, held);
      // Only a name that was listed is opened: a path that climbs out is on no list
      const name = names.find((one) => one === params['*']);
      if (held === undefined || name === undefined) return reply.code(404).send(NO_FILE);
      const type = CONTENT_TYPES[path.extname(name)] ?? 'application/octet-stream';
      return reply.type(type).send(createReadStream(path.join(resultFolder(archive, held), name)));
    },
  );
}

async function detailsOf(archive: Archive, held: HeldStudy): Promise<StudyDetails> {
  return {
    studyInstanceUid: held.study,
    state: held.state,
    ...(held.reason && { reason: held.reason }),
    objects: await Promise.all([...held.objects.keys()].map((instance) => objectOf(archive, held, instance))),
    files: await resultFiles(archive, held),
  };
}

async function objectOf(archive: Archive, { study }: HeldStudy, instance: string) {
  const file = archive.pathOf(study, instance) ?? '';
  return { sopInstanceUid: instance, bytes: (await stat(file)).size };
}

const resultFolder = (archive: Archive, held: HeldStudy): string =>
  path.join(archive.folders.root, currentResult(held)?.folder ?? '');

async function resultFiles(archive: Archive, held: HeldStudy): Promise<string[]> {
  if (currentResult(held) === undefined) return [];
  const folder = resultFolder(archive, held);
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}
