import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Archive } from '../../archive/index.ts';
import {
  errnoOf,
  IchorError,
  isZip,
  messageOf,
  RefusedInput,
  type StudyFile,
  sizeText,
} from '../../base/index.ts';
import { explainSystemError, findStudyFiles } from '../../files/index.ts';
import type { Intake, ObjectVisit } from '../intake/intake.ts';
import { keepFile } from '../intake/keep-file.ts';
import { boundaryOf, eachPart } from '../intake/multipart.ts';
import { type Api, problemSchema, streamSchema } from './api.ts';

const notKeptSchema = z
  .record(z.string(), z.number())
  .describe('why others were not kept, and how many of each reason; files that are no DICOM among them');

/** What became of an upload's files. */
const answerSchema = z.object({ kept: z.number(), duplicates: z.number(), notKept: notKeptSchema });
type UploadAnswer = z.infer<typeof answerSchema>;
const nothingKeptSchema = problemSchema.extend({ notKept: notKeptSchema.optional() });

const FORM = 'multipart/form-data';
const CONTENT_TYPES = [
  ...['application/zip', 'application/x-zip-compressed', 'application/dicom', 'application/octet-stream'],
  FORM,
];
const MOST_BYTES = 4 * 2 ** 30;
const HTTP_BY_CODE: Readonly<Record<string, number>> = {
  'disk-full': 507,
  'file-too-large': 413,
  'zip-bomb': 413,
};

/** Zips of DICOM files, or such files alone: on the disk first, then looked into by their directory, then kept file by file. */
export function uploadRoutes(app: Api, archive: Archive, intake: Intake): void {
  for (const type of CONTENT_TYPES)
    app.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
  app.post(
    '/api/upload',
    {
      config: { role: 'operator' },
      schema: {
        summary: 'Takes a zip of DICOM files, or one such file; of a form, each of its files',
        consumes: CONTENT_TYPES,
        body: streamSchema,
        response: { 200: answerSchema, '4xx': nothingKeptSchema, '5xx': problemSchema },
      },
    },
    async (request, reply) => {
      const type = request.headers['content-type'] ?? '';
      const isForm = type.toLowerCase().startsWith('multipart/');
      const boundary = isForm ? boundaryOf(type) : undefined;
      if (isForm && boundary === undefined) return reply.code(415).send(NO_BOUNDARY);
      const place = () => path.join(archive.folders.incoming, `${randomUUID()}.upload`);
      const visit = intake.visit(`http ${request.ip}`);
      const { code, answer } = await take(new Upload(place, visit), request.body, boundary);
      return reply.code(code).send(answer);
    },
  );
}

const NO_BOUNDARY = { code: 'multipart-expected', text: 'expected a boundary in the Content-Type of a form' };

async function take(upload: Upload, body: Readable, boundary: string | undefined) {
  try {
    if (boundary === undefined) await upload.keep(body);
    else await keepForm(upload, body, boundary);
    const { answer } = upload;
    upload.ended(true);
    return answer.kept + answer.duplicates > 0
      ? { code: 200, answer }
      : { code: 422, answer: nothingKept(answer) };
  } catch (thrown) {
    upload.ended(false);
    const { code, message } = explainSystemError(thrown, 'take', 'the upload');
    const status = HTTP_BY_CODE[code] ?? (thrown instanceof RefusedInput ? 422 : 500);
    return { code: status, answer: { code, text: message } };
  }
}

/** One file of the form after another. */
async function keepForm(upload: Upload, body: Readable, boundary: string): Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  try {
    await eachPart(body, boundary, (part) => {
      const kept = last.then(() => upload.keep(part));
      last = kept.catch(() => undefined);
      return kept;
    });
  } catch (thrown) {
    if (thrown instanceof IchorError || errnoOf(thrown) !== '') throw thrown;
    throw new RefusedInput('multipart-damaged', `the form does not end as it should: ${messageOf(thrown)}`);
  }
}

function nothingKept({ notKept }: UploadAnswer) {
  const reasons = Object.entries(notKept).map(([code, count]) => `${code}: ${count}`);
  const why = reasons.length === 0 ? 'it holds no file' : reasons.join(', ');
  return { code: 'nothing-kept', text: `no object of the upload could be kept (${why})`, notKept };
}

/** Nothing of what was sent itself is left behind when its sender has the answer. */
class Upload {
  readonly answer: UploadAnswer = { kept: 0, duplicates: 0, notKept: {} };
  readonly #place: () => string;
  readonly #visit: ObjectVisit;
  #bytes = 0;

  constructor(place: () => string, visit: ObjectVisit) {
    this.#place = place;
    this.#visit = visit;
  }

  /** A zip or an object. */
  async keep(sent: AsyncIterable<Uint8Array>): Promise<void> {
    const file = this.#place();
    try {
      // Here before a byte is read: a stream that opens it later may do so after it was removed, where the sender is gone at once
      const handle = await open(file, 'wx');
      await pipeline(this.#limited(sent), handle.createWriteStream());
      const files = await findStudyFiles(file);
      for (const one of files) await refuseNested(one);
      for (const one of files) await this.#keepOne(() => one.read());
    } finally {
      await rm(file, { force: true });
    }
  }

  ended(isWhole: boolean): void {
    this.#visit.ended(isWhole);
  }

  async #keepOne(read: () => Promise<Uint8Array>): Promise<void> {
    const { answer } = this;
    try {
      const bytes = await read();
      const { isDuplicate } = await keepFile(this.#visit, [bytes]);
      answer[isDuplicate ? 'duplicates' : 'kept']++;
    } catch (thrown) {
      // A file that is none or is damaged is counted by its reason; a disk that is full ends the upload
      if (!(thrown instanceof RefusedInput)) throw thrown;
      answer.notKept[thrown.code] = (answer.notKept[thrown.code] ?? 0) + 1;
    }
  }

  async *#limited(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#bytes += chunk.length;
      if (this.#bytes > MOST_BYTES)
        throw new RefusedInput(
          'file-too-large',
          `an upload of more than ${sizeText(MOST_BYTES)} is not taken`,
        );
      yield chunk;
    }
  }
}

/** Before anything is kept. It is never unpacked, so that what it would unpack to is nobody's concern. */
async function refuseNested(file: StudyFile): Promise<void> {
  const start = await file.read(4).catch((thrown: unknown) => {
    // A damaged file is met, and counted, where it is to be kept
    if (thrown instanceof RefusedInput) return new Uint8Array();
    throw thrown;
  });
  if (isZip(start))
    throw new RefusedInput(
      'zip-nested',
      'a zip lies within the zip, of which nothing is kept; send each alone',
    );
}

export const textOf = (thrown: unknown): string =>
  thrown instanceof IchorError ? `${thrown.message} [${thrown.code}]` : messageOf(thrown);
