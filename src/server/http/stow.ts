import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { KeptObject } from '../../archive/index.ts';
import { messageOf } from '../../base/index.ts';
import { STATUS, statusOf } from '../dicom-network/statuses.ts';
import type { AnnouncedObject } from '../dicom-network/visit.ts';
import type { Intake, ObjectVisit } from '../intake/intake.ts';
import { keepFile } from '../intake/keep-file.ts';
import { boundaryOf, eachPart } from '../intake/multipart.ts';
import { type Api, bytesOf, problemSchema, streamSchema, studyParams } from './api.ts';
import { addressOf, baseOf, DICOM_JSON } from './dicomweb-answers.ts';

/** What its file meta information said of a part that was not kept; undefined where that could not be read. */
interface Failure {
  readonly failedStatus: number;
  readonly announced?: AnnouncedObject;
}
type PartResult = { readonly kept: KeptObject } | Failure;

/** STOW-RS (PS3.18 10.5): each object is on the disk before it stands in the answer. */
export function stowRoutes(app: Api, intake: Intake): void {
  app.addContentTypeParser(MULTIPART, (_request, payload, done) => done(null, payload));
  for (const url of ['/dicomweb/studies', '/dicomweb/studies/:study'])
    app.post(
      url,
      {
        config: { role: 'operator' },
        schema: {
          summary: 'STOW-RS: stores objects',
          consumes: [MULTIPART],
          params: studyParams.partial(),
          body: streamSchema,
          response: {
            ...{ 200: STORED, 202: STORED, 409: STORED, 507: STORED },
            ...{ 400: problemSchema, 415: problemSchema },
          },
        },
      },
      async (request, reply) => {
        const boundary = boundaryOf(request.headers['content-type'] ?? '');
        if (boundary === undefined) return reply.code(415).send(NO_BOUNDARY);
        const taken = await takeParts(
          request.body,
          boundary,
          intake.visit(`http ${request.ip}`),
          request.params.study,
        );
        if (!('results' in taken)) return reply.code(400).send(taken);
        return reply
          .code(codeOf(taken.results))
          .type(DICOM_JSON)
          .send(JSON.stringify(answerOf(taken.results, request)));
      },
    );
}

const MULTIPART = 'multipart/related';
const STORED = bytesOf('what was stored, and what was not', DICOM_JSON);

type Taken = { readonly results: readonly PartResult[] } | z.infer<typeof problemSchema>;

async function takeParts(
  body: NodeJS.ReadableStream,
  boundary: string,
  visit: ObjectVisit,
  study: string | undefined,
): Promise<Taken> {
  let results: PartResult[] | undefined;
  try {
    results = await eachPart(body, boundary, (part) => takePart(part, visit, study));
    return results.length === 0 ? NO_PARTS : { results };
  } catch (thrown) {
    return { code: 'multipart-damaged', text: messageOf(thrown) };
  } finally {
    visit.ended(results !== undefined);
  }
}

async function takePart(
  part: AsyncIterable<Uint8Array>,
  visit: ObjectVisit,
  study: string | undefined,
): Promise<PartResult> {
  let announced: AnnouncedObject | undefined;
  const noting: Pick<ObjectVisit, 'receive' | 'notKept'> = {
    receive: (object) => {
      announced = object;
      return visit.receive(object);
    },
    notKept: (reason) => visit.notKept(reason),
  };
  try {
    return { kept: await keepFile(noting, part, study) };
  } catch (thrown) {
    return { failedStatus: statusOf(thrown), ...(announced && { announced }) };
  }
}

const NO_BOUNDARY = { code: 'multipart-expected', text: 'expected multipart/related with a boundary' };
const NO_PARTS = { code: 'multipart-empty', text: 'no object was sent' };

const codeOf = (results: readonly PartResult[]): 200 | 202 | 409 | 507 => {
  const kept = results.filter((result) => 'kept' in result).length;
  if (kept === results.length) return 200;
  if (kept > 0) return 202;
  const isFull = results.every(
    (result) => 'failedStatus' in result && result.failedStatus === STATUS.outOfResources,
  );
  return isFull ? 507 : 409;
};

/**
 * DICOM JSON (PS3.18 F) of a Store Instances Response (PS3.18 I.2): an object that failed is named by what was announced of it, one
 * of which nothing could be read stands among the other failures.
 */
function answerOf(results: readonly PartResult[], request: FastifyRequest) {
  const kept = results.flatMap((result) => ('kept' in result ? [result.kept] : []));
  const failed = results.flatMap((result) => ('failedStatus' in result ? [result] : []));
  const [study, ...others] = new Set(kept.map((one) => one.study));
  const isOfOne = study !== undefined && others.length === 0;
  return {
    [TAGS.retrieveUrl]: isOfOne ? text('UR', `${baseOf(request)}/studies/${study}`) : { vr: 'UR' },
    ...sequence(
      TAGS.stored,
      kept.map((one) => ({
        ...reference(one.sopClass, one.instance),
        [TAGS.retrieveUrl]: text('UR', addressOf(request, one)),
      })),
    ),
    ...sequence(
      TAGS.failed,
      failed.flatMap(({ announced, failedStatus }) =>
        announced === undefined
          ? []
          : [{ ...reference(announced.sopClassUid, announced.sopInstanceUid), ...reason(failedStatus) }],
      ),
    ),
    ...sequence(
      TAGS.otherFailures,
      failed.flatMap(({ announced, failedStatus }) =>
        announced === undefined ? [reason(failedStatus)] : [],
      ),
    ),
  };
}

const TAGS = {
  retrieveUrl: '00081190',
  stored: '00081199',
  failed: '00081198',
  otherFailures: '0008119A',
} as const;
const text = (vr: string, value: string | number) => ({ vr, Value: [value] });
const reason = (status: number) => ({ '00081197': text('US', status) });
const reference = (sopClass: string, instance: string) => ({
  '00081150': text('UI', sopClass),
  '00081155': text('UI', instance),
});
const sequence = (tag: string, items: readonly object[]) =>
  items.length === 0 ? {} : { [tag]: { vr: 'SQ', Value: items } };
