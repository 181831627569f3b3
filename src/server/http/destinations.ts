import { z } from 'zod';
import type { Archive, HeldStudy } from '../../archive/index.ts';
import type { Destination } from '../delivery/destinations.ts';
import { type DELIVERY_STATES, parcelOf, standingWith } from '../delivery/next-delivery.ts';
import { findingOf } from '../doctor/finding.ts';
import { destination as checkDestination } from '../doctor/network-checks.ts';
import { type Api, problemSchema } from './api.ts';
import { personOf } from './held.ts';
import { pageQuery, pageSchema, sortedPage } from './paging.ts';

const count = z.number().describe('studies');
const destinationSchema = z.object({
  name: z.string(),
  kind: z.string(),
  address: z.string().describe('host and port; of a web address without its path, which may be a secret'),
  when: z.string().describe('which outcomes it gets'),
  studies: z.object({ delivered: count, waiting: count, 'given-up': count } satisfies Record<
    (typeof DELIVERY_STATES)[number],
    typeof count
  >),
  lastDeliveredAt: z.iso.datetime().optional(),
  lastFailure: z.object({ at: z.iso.datetime(), code: z.string(), text: z.string() }).optional(),
});

const checkSchema = z.object({
  well: z.boolean(),
  text: z.string(),
  code: z.string().optional().describe('of docs/errors.md, where it is not well'),
});
const requeuedSchema = z.object({ requeued: z.number().describe('studies') });

const params = z.object({ destination: z.string().max(32) });
const UNKNOWN = { code: 'destination-unknown', text: 'the configuration has no destination of this name' };

/** Who gets results, how it stands with each, and what a person can do about it. */
export function destinationRoutes(
  app: Api,
  archive: Archive,
  destinations: readonly Destination[],
  callingAe: string,
): void {
  const named = (name: string) => destinations.find((one) => one.name === name);

  app.get(
    '/api/destinations',
    {
      config: { role: 'administrator' },
      schema: {
        summary: 'Who gets results, and how it stands with each; by name',
        querystring: pageQuery,
        response: { 200: pageSchema(destinationSchema), 400: problemSchema },
      },
    },
    async ({ query }) => {
      const page = sortedPage(destinations, ({ name }) => [name], query);
      const held = [...archive.index.studies()];
      return { ...page, items: page.items.map((destination) => shown(destination, held)) };
    },
  );

  app.post(
    '/api/destinations/:destination/check',
    {
      config: { role: 'administrator' },
      schema: {
        summary: 'Whether a destination answers now',
        params,
        response: { 200: checkSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const destination = named(request.params.destination);
      if (destination === undefined) return reply.code(404).send(UNKNOWN);
      const { state, text, code } = await findingOf(destination.name, () =>
        checkDestination(destination, callingAe),
      );
      return { well: state === 'well', text, ...(code !== undefined && { code }) };
    },
  );

  app.post(
    '/api/destinations/:destination/requeue',
    {
      config: { role: 'operator' },
      schema: {
        summary: 'Has all that a destination refused too often tried again at once',
        params,
        response: { 202: requeuedSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const destination = named(request.params.destination);
      if (destination === undefined) return reply.code(404).send(UNKNOWN);
      const parcels = [...archive.index.studies()]
        .filter((held) => standingWith(destination, held) === 'given-up')
        .flatMap((held) => parcelOf(held) ?? []);
      for (const { study, folder } of parcels)
        await archive.requeue(study, folder, destination.name, personOf(request));
      return reply.code(202).send({ requeued: parcels.length });
    },
  );
}

function shown(destination: Destination, held: readonly HeldStudy[]): z.infer<typeof destinationSchema> {
  const { name, kind = 'dicom', when } = destination;
  const studies = { delivered: 0, waiting: 0, 'given-up': 0 };
  for (const study of held) {
    const standing = standingWith(destination, study);
    if (standing !== undefined) studies[standing]++;
  }
  const tries = held
    .flatMap((study) => parcelOf(study)?.deliveries[name] ?? [])
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const delivered = tries.findLast(({ failure }) => failure === undefined);
  const failed = tries.findLast(({ failure }) => failure !== undefined);
  return {
    ...{ name, kind, address: addressOf(destination), when, studies },
    ...(delivered && { lastDeliveredAt: delivered.at }),
    ...(failed?.failure && { lastFailure: { at: failed.at, ...failed.failure } }),
  };
}

const addressOf = (destination: Destination): string =>
  'url' in destination ? new URL(destination.url).origin : `${destination.host}:${destination.port}`;
