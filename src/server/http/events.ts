import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type Archive, STUDY_STATE_NAMES } from '../../archive/index.ts';
import { createBell } from '../bell.ts';
import { type Api, bytesOf, problemSchema } from './api.ts';

/** What one event says: whoever shows the list asks for it anew. */
export const changesSchema = z.object({
  changed: z.array(
    z.object({
      studyInstanceUid: z.string(),
      state: z.enum(STUDY_STATE_NAMES).optional().describe('absent where it is not held any more'),
    }),
  ),
});
type Changes = z.infer<typeof changesSchema>;

export interface EventLimits {
  readonly connections: number;
  /** Without an event, a line says that the connection stands. */
  readonly heartbeatMs: number;
  /** Changes within this time are one event. */
  readonly gatherMs: number;
  /** Then the connection is closed, and its client comes back. */
  readonly mostMs: number;
}

const EVENT_LIMITS: EventLimits = {
  connections: 64,
  heartbeatMs: 15_000,
  gatherMs: 250,
  mostMs: 600_000,
};

const TOO_MANY = {
  code: 'too-many-listeners',
  text: 'as many are listening as may; ask for the list instead',
};

/**
 * What changes, as server-sent events. An event's id is a line of the journal: who comes back with it (Last-Event-ID) gets
 * all that has changed since, whatever happened to the service meanwhile.
 */
export function eventRoutes(app: Api, archive: Archive, limits: EventLimits = EVENT_LIMITS): void {
  let open = 0;
  app.get(
    '/api/events',
    {
      config: { role: 'reader', isUnattended: true },
      schema: {
        summary: 'Changes of studies, as server-sent events (`changes`)',
        headers: z.object({ 'last-event-id': z.coerce.number().int().min(0).optional() }),
        response: { 200: bytesOf('the events', 'text/event-stream'), 503: problemSchema },
      },
    },
    async (request, reply) => {
      if (open >= limits.connections) return reply.code(503).header('retry-after', '30').send(TOO_MANY);
      open++;
      const ending = new AbortController();
      reply.raw.once('close', () => {
        open--;
        ending.abort();
      });
      const goesOn = () => !ending.signal.aborted && request.mayStill();
      const texts = changesFrom(archive, request.headers['last-event-id'], limits, ending.signal, goesOn);
      return reply
        .headers({ 'x-accel-buffering': 'no' })
        .type('text/event-stream; charset=utf-8')
        .send(Readable.from(texts, { objectMode: false }));
    },
  );
}

/** A slow client gets fewer and larger events: what changes meanwhile is gathered. Who may see is asked before each. */
async function* changesFrom(
  archive: Archive,
  lastSeen: number | undefined,
  { heartbeatMs, gatherMs, mostMs }: EventLimits,
  signal: AbortSignal,
  goesOn: () => boolean,
): AsyncGenerator<string> {
  const changed = new Set(changedSince(archive, lastSeen));
  const bell = createBell();
  const stopListening = archive.onEntry(({ study }) => {
    changed.add(study);
    bell.ring();
  });
  signal.addEventListener('abort', () => bell.ring());
  const end = Date.now() + mostMs;
  try {
    yield eventText(archive, takeAll(changed));
    while (Date.now() < end) {
      if (changed.size === 0) await bell.wait(heartbeatMs);
      if (changed.size > 0) await pause(gatherMs);
      if (!goesOn()) return;
      yield changed.size > 0 ? eventText(archive, takeAll(changed)) : HEARTBEAT;
    }
  } finally {
    stopListening();
  }
}

/** A comment, which clients pass over. */
const HEARTBEAT = ':\n\n';

function takeAll(changed: Set<string>): string[] {
  const taken = [...changed];
  changed.clear();
  return taken;
}

/** A line that the journal does not have yet is another journal's: everything has changed. */
function* changedSince({ index, position }: Archive, line: number | undefined): Generator<string> {
  if (line === undefined) return;
  const since = line > position.line ? 0 : line;
  for (const held of index.studies()) if (held.line > since) yield held.study;
}

function eventText({ index, position }: Archive, studies: readonly string[]): string {
  const changes: Changes = {
    changed: studies.map((study) => ({ studyInstanceUid: study, state: index.study(study)?.state })),
  };
  return `id: ${position.line}\nevent: changes\ndata: ${JSON.stringify(changes)}\n\n`;
}
