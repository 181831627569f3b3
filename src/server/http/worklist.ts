import { z } from 'zod';
import {
  type Archive,
  currentResult,
  type HeldResult,
  type HeldStudy,
  isAtEnd,
  STUDY_STATE_NAMES,
} from '../../archive/index.ts';
import { HEMORRHAGE_SUBTYPE_NAMES } from '../../base/index.ts';
import { DELIVERY_STATES, deliveryState } from '../delivery/next-delivery.ts';
import { type DriftState, type DriftWatch, outsideSchema, stopReasons } from '../drift/drift-watch.ts';
import { createStandingOrder, type StandingOrder } from '../order/standing-order.ts';
import type { Ranked, TriageFacts } from '../order/triage-order.ts';
import { type Api, problemSchema, studyParams } from './api.ts';
import { personOf, STUDY_NOT_HELD } from './held.ts';
import { pageFrom, pageQuery, pageSchema } from './paging.ts';
import { resultName, verdictOf, verdictSchema } from './verdicts.ts';

const deliverySchema = z.object({
  state: z.enum(DELIVERY_STATES),
  tries: z.number(),
  at: z.iso.datetime(),
  reason: z.string().optional(),
});

/** One row, as `GET /api/worklist` gives it. */
const itemSchema = z.object({
  studyInstanceUid: z.string(),
  state: z.enum(STUDY_STATE_NAMES),
  reason: z.string().optional().describe('why the study is refused, failed or waits again'),
  reasonCode: z.string().optional(),
  rank: z.number(),
  rankReason: z.string(),
  anyHemorrhage: z
    .object({ probability: z.number(), positive: z.boolean() })
    .optional()
    .describe('of the current result'),
  subtypes: z
    .array(z.enum(HEMORRHAGE_SUBTYPE_NAMES))
    .optional()
    .describe('those that reach their operating point in it'),
  disagreement: z.boolean().optional().describe('slices and subject disagree in it'),
  outside: outsideSchema,
  result: z.string().optional().describe('names the current result, as verdicts do'),
  verdict: verdictSchema.optional().describe('the newest on the current result'),
  instances: z.number(),
  urgent: z.boolean(),
  read: z.boolean(),
  receivedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
  deliveries: z
    .record(z.string(), deliverySchema)
    .optional()
    .describe("of the current result, by the destination's name"),
});
export type WorklistItem = z.infer<typeof itemSchema>;

/** The order of an archive's studies, kept while nothing of them changes that it is made from. */
function orderOf(archive: Archive): StandingOrder {
  const { index } = archive;
  const order = createStandingOrder();
  for (const held of index.studies()) order.put(factsOf(held));
  archive.onEntry(({ study }) => {
    const held = index.study(study);
    if (held !== undefined) order.put(factsOf(held));
  });
  return order;
}

/** All studies in the list's order, or a page of them. */
function worklist(
  { index }: Archive,
  ranked: readonly Ranked[],
  query: z.output<typeof pageQuery>,
  drift: DriftState | undefined,
): { readonly items: WorklistItem[]; readonly next?: string } {
  const page = pageFrom(ranked, ({ place }) => place, query);
  const items = page.items.flatMap((one) => {
    const study = index.study(one.study);
    return study === undefined ? [] : [itemOf(study, one, drift)];
  });
  return { ...page, items };
}

function factsOf(held: HeldStudy): TriageFacts {
  const current = currentResult(held);
  // An earlier positive result still lifts its study, while it is predicted anew and where that finds none, until it is read
  const suspecting = current?.positive === true ? current : held.results.findLast(({ positive }) => positive);
  const finding =
    suspecting === undefined || suspecting === current
      ? current
      : { ...suspecting, isTakenBack: current !== undefined };
  const { study, receivedAt, urgent, isRead } = held;
  return { study, receivedAtMs: Date.parse(receivedAt), urgent, isRead, ...(finding && { finding }) };
}

function itemOf(held: HeldStudy, { rank, because }: Ranked, drift: DriftState | undefined): WorklistItem {
  const result = currentResult(held);
  const verdict = verdictOf(held);
  const outside = stopReasons(held, drift);
  return {
    studyInstanceUid: held.study,
    state: held.state,
    ...(held.reason && { reason: held.reason.text, reasonCode: held.reason.code }),
    rank,
    rankReason: because,
    ...(result && {
      anyHemorrhage: { probability: result.probability, positive: result.positive },
      ...(result.subtypes && { subtypes: result.subtypes }),
      disagreement: result.disagreement,
      result: resultName(result),
    }),
    ...(outside.length > 0 && { outside }),
    ...(verdict && { verdict }),
    instances: held.objects.size,
    urgent: held.urgent,
    read: held.isRead,
    receivedAt: held.receivedAt,
    ...(result && { deliveries: deliveriesOf(result) }),
    ...(isAtEnd(held.state) && { finishedAt: held.movedAt }),
  };
}

const deliveriesOf = ({ deliveries }: HeldResult): WorklistItem['deliveries'] =>
  Object.fromEntries(
    Object.entries(deliveries).map(([name, delivery]) => [
      name,
      {
        state: deliveryState(delivery),
        tries: delivery.tries,
        at: delivery.at,
        ...(delivery.failure && { reason: delivery.failure.text }),
      },
    ]),
  );

export function worklistRoutes(app: Api, archive: Archive, drift: DriftWatch): void {
  const order = orderOf(archive);
  app.get(
    '/api/worklist',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'All studies in triage order',
        querystring: pageQuery,
        response: { 200: pageSchema(itemSchema), 400: problemSchema },
      },
    },
    async ({ query }) => worklist(archive, order.at(Date.now()), query, await drift.state()),
  );

  app.post(
    '/api/studies/:study/read',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'Marks a study as read, for all readers',
        params: studyParams,
        response: { 204: z.undefined(), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const { study } = request.params;
      if (archive.index.study(study) === undefined) return reply.code(404).send(STUDY_NOT_HELD);
      await archive.markRead(study, personOf(request));
      return reply.code(204).send();
    },
  );

  app.delete(
    '/api/studies/:study/read',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'Marks a study as unread again, for all readers: it takes its place in the order',
        params: studyParams,
        response: { 204: z.undefined(), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const { study } = request.params;
      if (archive.index.study(study) === undefined) return reply.code(404).send(STUDY_NOT_HELD);
      await archive.markRead(study, personOf(request), 'unread');
      return reply.code(204).send();
    },
  );
}
