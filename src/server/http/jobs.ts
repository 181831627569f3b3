import { z } from 'zod';
import type { Archive, HeldStudy, JobBoard } from '../../archive/index.ts';
import { codeOf } from '../../base/index.ts';
import { type Api, problemSchema } from './api.ts';
import { pageQuery, pageSchema, sortedPage } from './paging.ts';

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
  tries: z.number().describe('how often it was predicted without a result'),
  failedAt: z.iso.datetime(),
});

const AWAY = { code: 'database-unreachable', text: 'the database that counts them does not answer' };

/** The queue: what the database counts, and what was given up and may be asked for once more. */
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
      const page = sortedPage(failed, ({ movedAt, study }) => [-Date.parse(movedAt), study], query);
      return { ...page, items: page.items.map(failedOf) };
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

const failedOf = ({ study, reason, tries, losses, movedAt }: HeldStudy): z.infer<typeof failedSchema> => ({
  studyInstanceUid: study,
  ...(reason && { reasonCode: reason.code, reason: reason.text }),
  tries: tries + losses,
  failedAt: movedAt,
});
