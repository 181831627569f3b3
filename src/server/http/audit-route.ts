import { z } from 'zod';
import { uidSchema } from '../../archive/index.ts';
import type { Audit } from '../audit/audit.ts';
import { auditEntrySchema } from '../audit/audit-entry.ts';
import { type Api, problemSchema } from './api.ts';
import { pageFrom, pageQuery, pageSchema } from './paging.ts';

const MOST_LINES = 1000;

const querySchema = pageQuery.extend({
  study: uidSchema.optional().describe('only lines of this study'),
  who: z.string().max(64).optional().describe('only lines of this user or token'),
});
const lineSchema = auditEntrySchema.extend({
  line: z.number().describe('from 1, in the order of the trail'),
});

/** The audit trail, newest first. */
export function auditRoute(app: Api, audit: Audit): void {
  app.get(
    '/api/audit',
    {
      config: { role: 'administrator' },
      schema: {
        summary: 'Who saw, changed and exported what, newest first',
        querystring: querySchema,
        response: { 200: pageSchema(lineSchema), 400: problemSchema },
      },
    },
    async ({ query: { study, who, after, limit = MOST_LINES } }) => {
      const [last] = after ?? [];
      const before = last === undefined ? undefined : -Number(last);
      const found = await audit.newest({ study, who, before, most: limit + 1 });
      return pageFrom(found, ({ line }) => [-line], { limit, after });
    },
  );
}
