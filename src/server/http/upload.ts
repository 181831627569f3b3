import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Archive } from '../../archive/index.ts';
import { IchorError, messageOf, RefusedInput, sizeText } from '../../base/index.ts';
import { explainSystemError, findStudyFiles } from '../../files/index.ts';
import type { Intake, ObjectVisit } from '../intake/intake.ts';
import { keepFile } from '../intake/keep-file.ts';
import { type Api, problemSchema, streamSchema } from './api.ts';

/** What became of an upload's files. */
const answerSchema = z.object({
  kept: z.number(),
  duplicates: z.number(),
  notKept: z
    .record(z.string(), z.number())
    .describe('why others were not kept, and how many of each reason; files that are no DICOM among them'),
});
type UploadAnswer = z.infer<typeof answerSchema>;

const CONTENT_TYPES = ['application/zip', 'application/dicom', 'application/octet-stream'];
const MOST_BYTES = 4 * 2 ** 30;
const HTTP_BY_CODE: Readonly<Record<string, number>> = {
  'disk-full': 507,
  'file-too-large': 413,
  'zip-bomb': 413,
};

/** A zip of DICOM files, or one such file: on the disk first, then looked into by its directory, then kept file by file. */
export function uploadRoutes(app: Api, archive: Archive, intake: Intake): void {
  for (const type of CONTENT_TYPES)
    app.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
  app.post(
    '/api/upload',
    {
      config: { role: 'operator' },
      schema: {
        summary: 'Takes a zip of DICOM files, or one such file',
        consumes: [...CONTENT_TYPES],
        body: streamSchema,
        response: { 200: answerSchema, '4xx': problemSchema, '5xx': problemSchema },
      },
    },
    async (request, reply) => {
      const file = path.join(archive.folders.incoming, `${randomUUID()}.upload`);
      const visit = intake.visit(`http ${request.ip}`);
      const { code, answer } = await take(file, request.body, visit);
      return reply.code(code).send(answer);
    },
  );
}

/** Nothing of the upload itself is left behind when its sender has the answer. */
async function take(file: string, body: Readable, visit: ObjectVisit) {
  let isWhole = false;
  try {
    await pipeline(limited(body), createWriteStream(file, { flags: 'wx' }));
    const answer = await keepAll(file, visit);
    isWhole = true;
    return { code: 200, answer };
  } catch (thrown) {
    const { code, message } = explainSystemError(thrown, 'take', 'the upload');
    const status = HTTP_BY_CODE[code] ?? (thrown instanceof RefusedInput ? 422 : 500);
    return { code: status, answer: { code, text: message } };
  } finally {
    visit.ended(isWhole);
    await rm(file, { force: true });
  }
}

async function* limited(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES)
      throw new RefusedInput('file-too-large', `an upload of more than ${sizeText(MOST_BYTES)} is not taken`);
    yield chunk;
  }
}

async function keepAll(file: string, visit: ObjectVisit): Promise<UploadAnswer> {
  const answer: UploadAnswer = { kept: 0, duplicates: 0, notKept: {} };
  for (const one of await findStudyFiles(file)) {
    try {
      const { isDuplicate } = await keepFile(visit, [await one.read()]);
      answer[isDuplicate ? 'duplicates' : 'kept']++;
    } catch (thrown) {
      // A file that is none or is damaged is counted by its reason; a disk that is full ends the upload
      if (!(thrown instanceof RefusedInput)) throw thrown;
      answer.notKept[thrown.code] = (answer.notKept[thrown.code] ?? 0) + 1;
    }
  }
  return answer;
}

export const textOf = (thrown: unknown): string =>
  thrown instanceof IchorError ? `${thrown.message} [${thrown.code}]` : messageOf(thrown);
