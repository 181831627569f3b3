import { z } from 'zod';
import type { Archive, HeldStudy, JobBoard, StudyState } from '../../archive/index.ts';
import { codeOf } from '../../base/index.ts';
import { type Api, problemSchema, studyParams } from './api.ts';
import { personOf, STUDY_NOT_HELD } from './held.ts';
import { pageFrom, pageQuery, pageSchema } from './paging.ts';

const jobsSchema = z.object({
  waiting: z.number().describe('studies that a worker may take now'),
  later: z.number().describe('studies that wait for their next try'),
  oldestWaitingAt: z.iso.datetime().optional(),
  underWay: z.array(
    z.object({
      studyInstanceUid: z.string(),
      worker: z.string(),
      progress: z.number().describe('from 0 to 1'),
      silentSeconds: z.number(),
    }),
  ),
});

const failedSchema = z.object({
  studyInstanceUid: z.string(),
  reasonCode: z.string().optional(),
  reason: z.string().optional(),
  tries: z.number(),
  failedAt: z.iso.datetime(),
});

const CANCEL_FROM: readonly StudyState[] = ['queued', 'predicting'];
const CANCELLED = { code: 'cancelled', text: 'a person took the study out of the queue' };
const AWAY = { code: 'database-unreachable', text: 'the database that counts them does not answer' };
const NOT_QUEUED = { code: 'study-not-queued', text: 'the study is neither waiting nor being predicted' };

/** The queue: what the database counts, what was given up and may be asked for once more, and what a person stops. */
export function jobRoutes(app: Api, archive: Archive, board: JobBoard): void {
  app.get(
    '/api/jobs',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'The queue: how many wait, who predicts what',
        response: { 200: jobsSchema, 503: problemSchema },
      },
    },
    async (_request, reply) => {
      try {
        return await queueOf(board);
      } catch (thrown) {
        if (codeOf(thrown) !== 'database-unreachable') throw thrown;
        return await reply.code(503).header('retry-after', '5').send(AWAY);
      }
    },
  );

  app.get(
    '/api/jobs/failed',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'Studies that were given up, with the reason; the newest first',
        querystring: pageQuery,
        response: { 200: pageSchema(failedSchema), 400: problemSchema },
      },
    },
    async ({ query }) => {
      const failed = [...archive.index.studies()].filter(({ state }) => state === 'failed');
      const sorted = failed.toSorted((a, b) => Date.parse(b.movedAt) - Date.parse(a.movedAt));
      const page = pageFrom(sorted, ({ movedAt, study }) => [-Date.parse(movedAt), study], query);
      return { ...page, items: page.items.map(failedOf) };
    },
  );

  app.post(
    '/api/studies/:study/cancel',
    {
      config: { role: 'operator' },
      schema: {
        summary: 'Takes a study out of the queue, or from the worker that predicts it',
        params: studyParams,
        response: { 202: z.undefined(), 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const { study } = request.params;
      const from = archive.index.study(study)?.state;
      if (from === undefined) return reply.code(404).send(STUDY_NOT_HELD);
      const isCancelled =
        CANCEL_FROM.includes(from) &&
        (await archive.move(study, from, 'failed', personOf(request), CANCELLED));
      return isCancelled ? reply.code(202).send() : reply.code(409).send(NOT_QUEUED);
    },
  );
}

async function queueOf(board: JobBoard): Promise<z.infer<typeof jobsSchema>> {
  const { taken: _, ...counts } = await board.counts();
  const underWay = (await board.taken()).map(({ study, worker, progress, silentSeconds }) => ({
    ...{ studyInstanceUid: study, worker, progress, silentSeconds },
  }));
  return { ...counts, underWay };
}

const failedOf = ({ study, reason, tries, movedAt }: HeldStudy): z.infer<typeof failedSchema> => ({
  studyInstanceUid: study,
  ...(reason && { reasonCode: reason.code, reason: reason.text }),
  tries,
  failedAt: movedAt,
});
