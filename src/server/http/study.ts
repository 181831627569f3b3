import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  type Archive,
  currentFolder,
  currentResult,
  type HeldStudy,
  STUDY_STATE_NAMES,
  uidSchema,
} from '../../archive/index.ts';
import { earlierReportIn } from '../../service/index.ts';
import { type DriftWatch, outsideSchema, stopReasons } from '../drift/drift-watch.ts';
import { type Api, bytesOf, problemSchema, studyParams } from './api.ts';
import { checkRemoval, sendFile } from './file-stream.ts';
import { STUDY_NOT_HELD } from './held.ts';
import { ohifStudy } from './ohif.ts';
import { resultName, verdictOf, verdictSchema } from './verdicts.ts';

/** What a page shows of one study. */
const detailsSchema = z.object({
  studyInstanceUid: z.string(),
  state: z.enum(STUDY_STATE_NAMES),
  reason: problemSchema.optional(),
  result: z.string().optional().describe('names the current result, as verdicts do'),
  outside: outsideSchema,
  verdict: verdictSchema.optional().describe('the newest on the current result'),
  objects: z
    .array(z.object({ sopInstanceUid: z.string(), bytes: z.number() }))
    .describe('with the size of the file that is given for each'),
  removedAt: z.iso
    .datetime()
    .optional()
    .describe(
      'since when its slices are gone, as retention asks, until as many have come again; what came late is among the objects',
    ),
  ohif: z.string().optional().describe('where OHIF shows the study, where OHIF is served'),
  files: z
    .array(z.string())
    .describe(
      "names of the current result's files, or of those that say why the study was refused, with forward slashes; none while a new result is made",
    ),
});
type StudyDetails = z.infer<typeof detailsSchema>;

/** By the ending of a result's file. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.html': 'text/html; charset=utf-8',
  '.png': 'image/png',
  '.dcm': 'application/dicom',
};
const OTHER_TYPE = 'application/octet-stream';
/** A report is opened in a window of its own. Its style and pictures are in it; nothing in it may run, and it is of no origin. */
const HTML_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

const NO_OBJECT = { code: 'object-not-held', text: 'no object of this UID is held in the study' };
const NO_FILE = { code: 'file-not-held', text: 'the study has no result with a file of this name' };

/** One study: what is held of it, its objects as they were sent, the files of its current result. */
export function studyRoutes(app: Api, archive: Archive, drift: DriftWatch, hasOhif: boolean): void {
  app.get(
    '/api/studies/:study',
    {
      config: { role: 'reader' },
      schema: {
        summary: "Where a study is and why, its objects, its current result's files",
        params: studyParams,
        response: { 200: detailsSchema, 404: problemSchema },
      },
    },
    async ({ params }, reply) => {
      const held = archive.index.study(params.study);
      if (held === undefined) return reply.code(404).send(STUDY_NOT_HELD);
      const outside = stopReasons(held, await drift.state());
      return await detailsOf(archive, held, { outside, hasOhif });
    },
  );

  app.get(
    '/api/studies/:study/objects/:instance',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'The newest version of an object, as a DICOM file',
        params: studyParams.extend({ instance: uidSchema }),
        response: { 200: bytesOf('the object', 'application/dicom'), 404: problemSchema },
      },
    },
    async ({ params }, reply) => {
      const file = archive.pathOf(params.study, params.instance);
      if (file === undefined) return reply.code(404).send(NO_OBJECT);
      return sendFile(reply.type('application/dicom'), file, checkRemoval(archive, params.study));
    },
  );

  app.get(
    '/api/studies/:study/results/*',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'A file of the current result',
        params: studyParams.extend({ '*': z.string().max(200) }),
        response: {
          200: bytesOf('the file', ...Object.values(CONTENT_TYPES), OTHER_TYPE),
          404: problemSchema,
        },
      },
    },
    async ({ params }, reply) => {
      const held = archive.index.study(params.study);
      const names = held === undefined ? [] : await resultFiles(archive, held);
      // Only a name that was listed is opened: a path that climbs out is on no list
      const name = names.find((one) => one === params['*']);
      if (held === undefined || name === undefined) return reply.code(404).send(NO_FILE);
      const type = CONTENT_TYPES[path.extname(name)] ?? OTHER_TYPE;
      if (type === CONTENT_TYPES['.html']) reply.header('content-security-policy', HTML_POLICY);
      return sendFile(reply.type(type), path.join(resultFolder(archive, held), name));
    },
  );

  app.get(
    '/api/studies/:study/earlier-report',
    {
      config: { role: 'reader' },
      schema: {
        summary:
          'The DICOM report of the newest result or refusal, also while another one is made that replaces it',
        params: studyParams,
        response: { 200: bytesOf('the report', 'application/dicom'), 404: problemSchema },
      },
    },
    async ({ params }, reply) => {
      const folder = archive.index.study(params.study)?.newestFolder;
      const report = folder && (await earlierReportIn(path.join(archive.folders.root, folder)));
      if (!report) return reply.code(404).send(NO_FILE);
      return reply.type('application/dicom').send(report);
    },
  );
}

async function detailsOf(
  archive: Archive,
  held: HeldStudy,
  { outside, hasOhif }: { readonly outside: readonly string[]; readonly hasOhif: boolean },
): Promise<StudyDetails> {
  const result = currentResult(held);
  const verdict = verdictOf(held);
  return {
    studyInstanceUid: held.study,
    state: held.state,
    ...(held.reason && { reason: held.reason }),
    ...(result && { result: resultName(result) }),
    ...(outside.length > 0 && { outside: [...outside] }),
    ...(verdict && { verdict }),
    objects: await Promise.all([...held.objects.keys()].map((instance) => objectOf(archive, held, instance))),
    ...(held.removedAt !== undefined && { removedAt: held.removedAt }),
    ...(hasOhif && { ohif: ohifStudy(held.study) }),
    files: await resultFiles(archive, held),
  };
}

async function objectOf(archive: Archive, { study }: HeldStudy, instance: string) {
  const file = archive.pathOf(study, instance) ?? '';
  return { sopInstanceUid: instance, bytes: (await stat(file)).size };
}

const resultFolder = (archive: Archive, held: HeldStudy): string =>
  path.join(archive.folders.root, currentFolder(held) ?? '');

async function resultFiles(archive: Archive, held: HeldStudy): Promise<string[]> {
  if (currentFolder(held) === undefined) return [];
  const folder = resultFolder(archive, held);
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}
