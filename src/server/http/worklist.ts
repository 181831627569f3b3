import type { FastifyInstance } from 'fastify';
import {
  type Archive,
  type HeldResult,
  type HeldStudy,
  type StudyState,
  uidSchema,
} from '../../archive/index.ts';
import { type TriageFacts, triageOrder } from '../order/triage-order.ts';

/** One row, as `GET /api/worklist` gives it. */
export interface WorklistItem {
  readonly studyInstanceUid: string;
  readonly state: StudyState;
  /** Why the study is refused, failed or waits again. */
  readonly reason?: string;
  readonly reasonCode?: string;
  readonly rank: number;
  readonly rankReason: string;
  /** Of the current result. */
  readonly anyHemorrhage?: { readonly probability: number; readonly positive: boolean };
  /** Slices and subject disagree in it. */
  readonly disagreement?: boolean;
  readonly instances: number;
  readonly urgent: boolean;
  readonly read: boolean;
  readonly receivedAt: string;
  readonly finishedAt?: string;
  /** Of the current result, by the destination's name. */
  readonly deliveries?: Readonly<Record<string, DeliveryState>>;
}

export interface DeliveryState {
  readonly state: 'delivered' | 'waiting';
  readonly tries: number;
  readonly at: string;
  readonly reason?: string;
}

/** All studies in the list's order. */
export function worklist(studies: Iterable<HeldStudy>, nowMs: number): WorklistItem[] {
  const held = new Map([...studies].map((one) => [one.study, one]));
  const ranked = triageOrder([...held.values()].map(factsOf), nowMs);
  return ranked.flatMap(({ study, rank, because }) => {
    const one = held.get(study);
    return one === undefined ? [] : [itemOf(one, rank, because)];
  });
}

/** A result counts only while nothing newer is on its way: an old negative one must not stand for new slices. */
export const currentResult = ({ state, results }: HeldStudy) =>
  state === 'done' ? results.at(-1) : undefined;

function factsOf(held: HeldStudy): TriageFacts {
  // An old positive result still lifts its study while it is predicted anew
  const result = currentResult(held) ?? held.results.findLast(({ positive }) => positive);
  const { study, receivedAt, urgent, isRead } = held;
  return { study, receivedAtMs: Date.parse(receivedAt), urgent, isRead, ...(result && { finding: result }) };
}

function itemOf(held: HeldStudy, rank: number, rankReason: string): WorklistItem {
  const result = currentResult(held);
  return {
    studyInstanceUid: held.study,
    state: held.state,
    ...(held.reason && { reason: held.reason.text, reasonCode: held.reason.code }),
    rank,
    rankReason,
    ...(result && {
      anyHemorrhage: { probability: result.probability, positive: result.positive },
      disagreement: result.disagreement,
    }),
    instances: held.objects.size,
    urgent: held.urgent,
    read: held.isRead,
    receivedAt: held.receivedAt,
    ...(result && { deliveries: deliveriesOf(result) }),
    ...(isEnd(held.state) && { finishedAt: held.movedAt }),
  };
}

const deliveriesOf = ({ deliveries }: HeldResult): Record<string, DeliveryState> =>
  Object.fromEntries(
    Object.entries(deliveries).map(([name, { at, tries, failure }]) => [
      name,
      {
        state: failure === undefined ? 'delivered' : 'waiting',
        tries,
        at,
        ...(failure && { reason: failure.text }),
      },
    ]),
  );

const isEnd = (state: StudyState): boolean => state === 'done' || state === 'refused' || state === 'failed';

/** The local person: there are no users yet. */
const BY = 'local user';
const AGAIN_FROM: readonly StudyState[] = ['done', 'refused', 'failed'];

export function worklistRoutes(app: FastifyInstance, archive: Archive): void {
  app.get('/api/worklist', async () => ({ items: worklist(archive.index.studies(), Date.now()) }));
  app.post<{ Params: { study: string } }>('/api/studies/:study/read', async (request, reply) => {
    const { study } = request.params;
    if (!isHeld(archive, study)) return reply.code(404).send(NOT_HELD);
    await archive.markRead(study, BY);
    return reply.code(204).send();
  });
  app.post<{ Params: { study: string } }>('/api/studies/:study/predict', async (request, reply) => {
    const { study } = request.params;
    const from = archive.index.study(study)?.state;
    if (!isHeld(archive, study) || from === undefined) return reply.code(404).send(NOT_HELD);
    const isQueued = AGAIN_FROM.includes(from) && (await archive.move(study, from, 'queued', BY));
    return isQueued ? reply.code(202).send() : reply.code(409).send(UNDER_WAY);
  });
}

const NOT_HELD = { code: 'study-not-held', text: 'no study of this UID is held' };
const UNDER_WAY = { code: 'study-under-way', text: 'the study is being received or predicted' };

const isHeld = (archive: Archive, study: string): boolean =>
  uidSchema.safeParse(study).success && archive.index.study(study) !== undefined;
