import { z } from 'zod';
import { codeOf, messageOf, RefusedInput } from '../../base/index.ts';
import type { DriftState, DriftWatch } from '../drift/drift-watch.ts';
import { figuresOf } from '../drift/figures.ts';
import { type Api, problemSchema } from './api.ts';
import { personOf } from './held.ts';

const streamSchema = z.object({
  name: z.string(),
  side: z.enum(['in', 'out']).describe('what comes in, or what goes out'),
  referenceStudies: z.number(),
  recentStudies: z.number(),
  p: z.number().optional().describe('absent where there are too few values'),
  adjustedP: z.number().optional().describe('by Benjamini and Hochberg among the streams of its side'),
  alarm: z.boolean(),
  text: z.string(),
});

const driftSchema = z.object({
  reference: z
    .object({
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      acceptedAt: z.iso.datetime(),
      by: z.string(),
      studies: z.number(),
    })
    .nullable()
    .describe('the period that was accepted; null while there is none, and nothing is watched'),
  recent: z
    .object({ studies: z.number(), from: z.iso.datetime(), to: z.iso.datetime() })
    .nullable()
    .describe('the studies of the last look; null before the first'),
  streams: z.array(streamSchema),
  acknowledged: z
    .object({ at: z.iso.datetime(), by: z.string(), comment: z.string(), streams: z.array(z.string()) })
    .optional()
    .describe('who has seen which alarms, and what is done about them'),
  stopped: z
    .boolean()
    .describe('an alarm of what comes in stands: recent results are outside of what was checked'),
});

const figuresSchema = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      text: z.string(),
      labels: z.array(z.string()).describe('kinds, or where each bin of numbers begins'),
      reference: z.array(z.number()).describe('share of the studies of the reference period'),
      recent: z.array(z.number()).describe('share of the recent studies'),
    }),
  ),
});

const acknowledgeSchema = z.strictObject({ comment: z.string().max(1000) });

const periodSchema = z
  .strictObject({ from: z.iso.datetime(), to: z.iso.datetime() })
  .refine(({ from, to }) => from < to, { error: 'from must be earlier than to' });

function driftOf(state: DriftState | undefined): z.infer<typeof driftSchema> {
  if (state === undefined) return { reference: null, recent: null, streams: [], stopped: false };
  const { period, reference, recent, streams, acknowledged } = state;
  const [first, last] = [recent[0], recent.at(-1)];
  return {
    reference: { ...period, studies: reference.length },
    recent: first && last ? { studies: recent.length, from: first.endedAt, to: last.endedAt } : null,
    streams: [...streams],
    ...(acknowledged && { acknowledged }),
    stopped: streams.some(({ alarm, side }) => alarm && side === 'in'),
  };
}

function refusalOf(thrown: unknown): z.infer<typeof problemSchema> {
  if (!(thrown instanceof RefusedInput)) throw thrown;
  return { code: codeOf(thrown), text: messageOf(thrown) };
}

/** Drift against the reference period. */
export function driftRoutes(app: Api, watch: DriftWatch): void {
  app.get(
    '/api/drift',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'What comes in and goes out, against the accepted reference period',
        response: { 200: driftSchema },
      },
    },
    async () => driftOf(await watch.state()),
  );

  app.post(
    '/api/drift/reference',
    {
      config: { role: 'administrator' },
      schema: {
        summary: 'Accepts a period of studies as the reference',
        body: periodSchema,
        response: { 201: driftSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      try {
        return reply.code(201).send(driftOf(await watch.accept(request.body, personOf(request))));
      } catch (thrown) {
        return reply.code(409).send(refusalOf(thrown));
      }
    },
  );

  app.get(
    '/api/drift/figures',
    {
      config: { role: 'reader' },
      schema: {
        summary: 'How the values of each stream lie, recent ones beside the reference period',
        response: { 200: figuresSchema },
      },
    },
    async () => {
      const state = await watch.state();
      const figures = state === undefined ? [] : figuresOf(state.reference, state.recent);
      return figuresSchema.parse({ items: figures });
    },
  );

  app.post(
    '/api/drift/acknowledge',
    {
      config: { role: 'administrator' },
      schema: {
        summary: 'Says that the alarms that stand were seen, and what is done; marks of studies stay',
        body: acknowledgeSchema,
        response: { 201: driftSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      try {
        const state = await watch.acknowledge(request.body.comment, personOf(request));
        return reply.code(201).send(driftOf(state));
      } catch (thrown) {
        return reply.code(409).send(refusalOf(thrown));
      }
    },
  );
}
