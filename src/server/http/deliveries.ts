import { z } from 'zod';
import { type Archive, currentResult, type HeldStudy } from '../../archive/index.ts';
import type { Destination } from '../delivery/destinations.ts';
import { DELIVERY_STATES, deliveryState, parcelOf, standingWith } from '../delivery/next-delivery.ts';
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
  at: z.iso.datetime().describe('of the last try; of the result, or the end, where none was made yet'),
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
export function deliveryRoutes(app: Api, archive: Archive, destinations: readonly Destination[]): void {
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
        .flatMap((held) => itemsOf(held, destinations))
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

/** What was tried, also for destinations that the configuration has no more, and what is to be. */
function itemsOf(held: HeldStudy, destinations: readonly Destination[]): Item[] {
  const parcel = parcelOf(held);
  if (parcel === undefined) return [];
  const { study, at, deliveries } = parcel;
  const result = currentResult(held);
  const common = { studyInstanceUid: study, ...(result && { result: resultName(result) }) };
  const tried = Object.entries(deliveries).map(([destination, delivery]) => ({
    ...{ ...common, destination, state: deliveryState(delivery), tries: delivery.tries, at: delivery.at },
    ...(delivery.failure && { reason: delivery.failure.text, reasonCode: delivery.failure.code }),
  }));
  const untried = destinations
    .filter(({ name }) => deliveries[name] === undefined)
    .flatMap((one) => {
      const state = standingWith(one, held);
      return state === undefined ? [] : [{ ...common, destination: one.name, state, tries: 0, at }];
    });
  return [...tried, ...untried];
}

const placeOf = ({ at, studyInstanceUid, destination }: Item): Place => [
  -Date.parse(at),
  studyInstanceUid,
  destination,
];
