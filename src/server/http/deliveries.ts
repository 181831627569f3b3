import { z } from 'zod';
import { type Archive, currentResult, type HeldStudy } from '../../archive/index.ts';
import { DELIVERY_STATES, deliveryState, type Parcel, parcelOf } from '../delivery/next-delivery.ts';
import type { Place } from '../order/place.ts';
import { type Api, problemSchema, studyParams } from './api.ts';
import { personOf, STUDY_NOT_HELD } from './held.ts';
import { pageQuery, pageSchema, sortedPage } from './paging.ts';
import { resultName } from './verdicts.ts';

const itemSchema = z.object({
  studyInstanceUid: z.string(),
  destination: z.string(),
  state: z.enum(DELIVERY_STATES).describe('given-up: it refused too often, and waits for a person'),
  tries: z.number(),
  at: z.iso.datetime().describe('of the last try'),
  result: z.string().optional().describe('absent where the study has none: it was refused, or failed'),
  reason: z.string().optional(),
  reasonCode: z.string().optional(),
});
type Item = z.infer<typeof itemSchema>;

const NO_DELIVERY = {
  code: 'nothing-to-requeue',
  text: 'no delivery of this study to that destination has failed',
};

/** Where results stand with their destinations; what was given up a person can put back. */
export function deliveryRoutes(app: Api, archive: Archive): void {
  app.get(
    '/api/deliveries',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'What destinations took, wait for, or refused too often; the newest first',
        querystring: pageQuery.extend({ state: z.enum(DELIVERY_STATES).optional() }),
        response: { 200: pageSchema(itemSchema) },
      },
    },
    async ({ query }) => {
      const items = [...archive.index.studies()]
        .flatMap(itemsOf)
        .filter(({ state }) => state === (query.state ?? state));
      return sortedPage(items, placeOf, query);
    },
  );

  app.post(
    '/api/studies/:study/deliveries/:destination/requeue',
    {
      config: { role: 'operator' },
      schema: {
        summary: 'Has a destination tried again at once',
        params: studyParams.extend({ destination: z.string().max(32) }),
        response: { 202: z.undefined(), 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const { study, destination } = request.params;
      const held = archive.index.study(study);
      if (held === undefined) return reply.code(404).send(STUDY_NOT_HELD);
      const parcel = parcelOf(held);
      const last = parcel?.deliveries[destination];
      if (parcel === undefined || last === undefined || deliveryState(last) === 'delivered')
        return reply.code(409).send(NO_DELIVERY);
      await archive.requeue(study, parcel.folder, destination, personOf(request));
      return reply.code(202).send();
    },
  );
}

function itemsOf(held: HeldStudy): Item[] {
  const parcel = parcelOf(held);
  return parcel === undefined ? [] : told(held, parcel);
}

function told(held: HeldStudy, { study, deliveries }: Parcel): Item[] {
  const result = currentResult(held);
  return Object.entries(deliveries).map(([destination, delivery]) => ({
    studyInstanceUid: study,
    destination,
    state: deliveryState(delivery),
    tries: delivery.tries,
    at: delivery.at,
    ...(result && { result: resultName(result) }),
    ...(delivery.failure && { reason: delivery.failure.text, reasonCode: delivery.failure.code }),
  }));
}

const placeOf = ({ at, studyInstanceUid, destination }: Item): Place => [
  -Date.parse(at),
  studyInstanceUid,
  destination,
];
