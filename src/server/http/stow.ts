import { Dicer } from '@fastify/busboy';
import type { FastifyInstance } from 'fastify';
import { type KeptObject, uidSchema } from '../../archive/index.ts';
import { messageOf } from '../../base/index.ts';
import { STATUS, statusOf } from '../dicom-network/statuses.ts';
import type { Intake } from '../intake/intake.ts';
import { keepFile } from '../intake/keep-file.ts';

type PartResult = { readonly kept: KeptObject } | { readonly failedStatus: number };

/** STOW-RS (PS3.18 10.5): each object is on the disk before it stands in the answer. */
export function stowRoutes(app: FastifyInstance, intake: Intake): void {
  app.addContentTypeParser('multipart/related', (_request, payload, done) => done(null, payload));
  app.post<{ Params: { study?: string }; Body: NodeJS.ReadableStream }>(
    '/dicomweb/studies/:study?',
    async (request, reply) => {
      const { study } = request.params;
      const boundary = boundaryOf(request.headers['content-type'] ?? '');
      if (boundary === undefined) return reply.code(415).send(NO_BOUNDARY);
      if (study !== undefined && !uidSchema.safeParse(study).success) return reply.code(400).send(NO_UID);
      const visit = intake.visit(`http ${request.ip}`);
      let results: PartResult[] | undefined;
      try {
        results = await eachPart(request.body, boundary, async (part): Promise<PartResult> => {
          try {
            return { kept: await keepFile(visit, part, study) };
          } catch (thrown) {
            return { failedStatus: statusOf(thrown) };
          }
        });
      } catch (thrown) {
        return await reply.code(400).send({ code: 'multipart-damaged', text: messageOf(thrown) });
      } finally {
        visit.ended(results !== undefined);
      }
      if (results.length === 0) return reply.code(400).send(NO_PARTS);
      return reply
        .code(codeOf(results))
        .type('application/dicom+json')
        .send(JSON.stringify(answerOf(results)));
    },
  );
}

const NO_BOUNDARY = { code: 'multipart-expected', text: 'expected multipart/related with a boundary' };
const NO_PARTS = { code: 'multipart-empty', text: 'no object was sent' };
const NO_UID = { code: 'study-not-held', text: 'the path has no Study Instance UID' };

/** Quoted or not (RFC 2046 5.1.1). */
function boundaryOf(contentType: string): string | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  return quoted ?? plain;
}

/** Part after part: the next one is not read before this one is kept, nor is the network. Throws where the parts do not end. */
function eachPart<Result>(
  body: NodeJS.ReadableStream,
  boundary: string,
  take: (part: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<Result[]> {
  return new Promise((resolve, reject) => {
    const taking: Promise<Result>[] = [];
    const dicer = new Dicer({ boundary });
    dicer.on('part', (part) => {
      const taken = take(part);
      // What is not read of a refused part would keep the next one waiting
      taking.push(taken.finally(() => part.resume()));
    });
    dicer.on('finish', () => Promise.all(taking).then(resolve, reject));
    dicer.on('error', reject);
    body.on('error', reject);
    body.on('aborted', () => reject(new Error('the sender went away')));
    body.pipe(dicer);
  });
}

const codeOf = (results: readonly PartResult[]): number => {
  const kept = results.filter((result) => 'kept' in result).length;
  if (kept === results.length) return 200;
  if (kept > 0) return 202;
  const isFull = results.every(
    (result) => 'failedStatus' in result && result.failedStatus === STATUS.outOfResources,
  );
  return isFull ? 507 : 409;
};

/** DICOM JSON (PS3.18 F) of a Store Instances Response (PS3.18 I.2). */
function answerOf(results: readonly PartResult[]) {
  const kept = results.flatMap((result) => ('kept' in result ? [result.kept] : []));
  const failed = results.flatMap((result) => ('failedStatus' in result ? [result.failedStatus] : []));
  const text = (vr: string, value: string | number) => ({ vr, Value: [value] });
  return {
    ...(kept.length > 0 && {
      '00081199': {
        vr: 'SQ',
        Value: kept.map(({ sopClass, instance }) => ({
          '00081150': text('UI', sopClass),
          '00081155': text('UI', instance),
        })),
      },
    }),
    ...(failed.length > 0 && {
      '00081198': { vr: 'SQ', Value: failed.map((status) => ({ '00081197': text('US', status) })) },
    }),
  };
}
