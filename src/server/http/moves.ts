import { z } from 'zod';
import {
  type Archive,
  areSlicesGone,
  type HeldStudy,
  isAtEnd,
  type Reason,
  type StudyState,
} from '../../archive/index.ts';
import { type Api, problemSchema, studyParams } from './api.ts';
import { personOf, STUDY_NOT_HELD } from './held.ts';

/** Where a person moves a study, and from which states. */
interface Move {
  readonly name: string;
  readonly summary: string;
  mayLeave(held: HeldStudy): boolean;
  readonly to: StudyState;
  readonly reason?: Reason;
  /** Where it may not. */
  otherwise(held: HeldStudy): Reason;
}

const UNDER_WAY = { code: 'study-under-way', text: 'the study is being received or predicted' };
const NOT_QUEUED = { code: 'study-not-queued', text: 'the study is neither waiting nor being predicted' };
const SLICES_GONE = {
  code: 'slices-removed',
  text: 'the slices of the study were removed, as retention asks, and its result stays; send all of them again to have it predicted',
};

const MOVES: readonly Move[] = [
  {
    name: 'predict',
    summary: 'Predicts a study once more',
    mayLeave: (held) => isAtEnd(held.state) && !areSlicesGone(held),
    to: 'queued',
    otherwise: (held) => (areSlicesGone(held) ? SLICES_GONE : UNDER_WAY),
  },
  {
    name: 'cancel',
    summary: 'Takes a study out of the queue, or from the worker that predicts it',
    mayLeave: ({ state }) => state === 'queued' || state === 'predicting',
    to: 'failed',
    reason: { code: 'cancelled', text: 'a person took the study out of the queue' },
    otherwise: () => NOT_QUEUED,
  },
];

/** What a person may ask for a study in the queue or at its end. */
export function moveRoutes(app: Api, archive: Archive): void {
  for (const { name, summary, mayLeave, to, reason, otherwise } of MOVES)
    app.post(
      `/api/studies/:study/${name}`,
      {
        config: { role: 'operator' },
        schema: {
          summary,
          params: studyParams,
          response: { 202: z.undefined(), 404: problemSchema, 409: problemSchema },
        },
      },
      async (request, reply) => {
        const { study } = request.params;
        const held = archive.index.study(study);
        if (held === undefined) return reply.code(404).send(STUDY_NOT_HELD);
        const isMoved =
          mayLeave(held) && (await archive.move(study, held.state, to, personOf(request), reason));
        return isMoved ? reply.code(202).send() : reply.code(409).send(otherwise(held));
      },
    );
}
