import type { FastifyInstance } from 'fastify';
import {
  type Archive,
  currentResult,
  type HeldResult,
  type HeldStudy,
  type StudyState,
} from '../../archive/index.ts';
import { type TriageFacts, triageOrder } from '../order/triage-order.ts';
import { heldStudy, STUDY_NOT_HELD } from './held.ts';

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
    if (heldStudy(archive, study) === undefined) return reply.code(404).send(STUDY_NOT_HELD);
    await archive.markRead(study, BY);
    return reply.code(204).send();
  });
  app.post<{ Params: { study: string } }>('/api/studies/:study/predict', async (request, reply) => {
    const { study } = request.params;
    const from = heldStudy(archive, study)?.state;
    if (from === undefined) return reply.code(404).send(STUDY_NOT_HELD);
    const isQueued = AGAIN_FROM.includes(from) && (await archive.move(study, from, 'queued', BY));
    return isQueued ? reply.code(202).send() : reply.code(409).send(UNDER_WAY);
  });
}

const UNDER_WAY = { code: 'study-under-way', text: 'the study is being received or predicted' };
