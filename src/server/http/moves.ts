import { z } from 'zod';
import { type Archive, isAtEnd, type Reason, type StudyState } from '../../archive/index.ts';
import { type Api, problemSchema, studyParams } from './api.ts';
import { personOf, STUDY_NOT_HELD } from './held.ts';

/** Where a person moves a study, and from which states. */
interface Move {
  readonly name: string;
  readonly summary: string;
  mayLeave(state: StudyState): boolean;
  readonly to: StudyState;
  readonly reason?: Reason;
  /** Where it may not. */
  readonly otherwise: Reason;
}

const MOVES: readonly Move[] = [
  {
    name: 'predict',
    summary: 'Predicts a study once more',
    mayLeave: isAtEnd,
    to: 'queued',
    otherwise: { code: 'study-under-way', text: 'the study is being received or predicted' },
  },
  {
    name: 'cancel',
    summary: 'Takes a study out of the queue, or from the worker that predicts it',
    mayLeave: (state) => state === 'queued' || state === 'predicting',
    to: 'failed',
    reason: { code: 'cancelled', text: 'a person took the study out of the queue' },
    otherwise: { code: 'study-not-queued', text: 'the study is neither waiting nor being predicted' },
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
        const from = archive.index.study(study)?.state;
        if (from === undefined) return reply.code(404).send(STUDY_NOT_HELD);
        const isMoved = mayLeave(from) && (await archive.move(study, from, to, personOf(request), reason));
        return isMoved ? reply.code(202).send() : reply.code(409).send(otherwise);
      },
    );
}
