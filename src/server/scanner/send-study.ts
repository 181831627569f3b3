import { at, messageOf } from '../../base/index.ts';
import {
  type DicomPeer,
  type ObjectToSend,
  openAssociation,
  type RequestedAssociation,
} from '../dicom-network/requester.ts';
import type { StudyToSend } from './phantom-study.ts';

/** What became of one object. */
export interface Answer {
  readonly ms: number;
  /** Why it was not taken. */
  readonly refusal?: string;
}

/** Sends a study in one association, object after object; what is refused holds up no other. */
export async function sendStudy(peer: DicomPeer, { slices }: StudyToSend): Promise<Answer[]> {
  const opened = await openAssociation(peer, [at(slices, 0)]).catch((thrown: unknown) => messageOf(thrown));
  if (typeof opened === 'string') return slices.map(() => ({ ms: Number.NaN, refusal: opened }));
  using association = opened;
  const answers: Answer[] = [];
  for (const slice of slices) answers.push(await answerTo(association, slice));
  // Every object has its answer already: a peer that does not say goodbye changes none of them
  await association.release().catch(() => undefined);
  return answers;
}

async function answerTo(association: RequestedAssociation, object: ObjectToSend): Promise<Answer> {
  const startedAt = performance.now();
  const ms = () => performance.now() - startedAt;
  try {
    await association.store(object);
    return { ms: ms() };
  } catch (thrown) {
    return { ms: ms(), refusal: messageOf(thrown) };
  }
}
