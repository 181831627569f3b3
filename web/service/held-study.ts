/** A study as the service holds it: its files, its result. */
import { z } from 'zod';
import { predictionSchema } from '../../src/prediction/index.ts';
import type { ModelSummary } from '../../src/report/index.ts';
import type { ShownStudy } from '../study/shown-study.ts';
import { ask, send } from './ask.ts';
import { resultAddress, studyAddress } from './study-address.ts';
import { type Opinion, type Verdict, verdictSchema } from './verdict.ts';
import { STUDY_STATES } from './worklist-items.ts';

const heldStudySchema = z.object({
  studyInstanceUid: z.string(),
  state: z.enum(STUDY_STATES),
  reason: z.object({ code: z.string(), text: z.string() }).optional(),
  objects: z.array(z.object({ sopInstanceUid: z.string(), bytes: z.number() })),
  /** Since when its slices are gone; what came late is among the objects. */
  removedAt: z.string().optional(),
  /** Names the current result, as verdicts do. */
  result: z.string().optional(),
  verdict: verdictSchema.optional(),
  /** Where OHIF shows it, where OHIF is served. */
  ohif: z.string().optional(),
  /** Names of the current result's files. */
  files: z.array(z.string()),
});
export type HeldStudy = z.infer<typeof heldStudySchema>;

export const askStudy = (study: string): Promise<HeldStudy> => ask(heldStudySchema, studyAddress(study));

/** For all readers: a study that was read leaves the top of the list, and stays in it; an unread one takes its place again. */
export async function markRead(study: string, isRead: boolean): Promise<void> {
  await send(isRead ? 'POST' : 'DELETE', `${studyAddress(study)}/read`);
}

/** On the result that was seen: the service refuses it where a newer one is there. */
export async function sendVerdict(
  { studyInstanceUid, result }: HeldStudy,
  opinion: Opinion,
): Promise<Verdict> {
  const response = await send('POST', `${studyAddress(studyInstanceUid)}/verdict`, { result, ...opinion });
  return verdictSchema.parse(await response.json());
}

const countingSchema = z.object({ verdict: verdictSchema.optional() });

/** The reader's own; gives the one that counts then. */
export async function withdrawVerdict({ studyInstanceUid, at }: Verdict): Promise<Verdict | undefined> {
  const query = new URLSearchParams({ at });
  const response = await send('DELETE', `${studyAddress(studyInstanceUid)}/verdict?${query}`);
  return countingSchema.parse(await response.json()).verdict;
}

export const askPrediction = (study: string): Promise<ShownStudy['prediction']> =>
  ask(predictionSchema, resultAddress(study, 'prediction.json'));

const figureSchema = z.object({ label: z.string(), value: z.string(), measured: z.string() });
const modelSchema = z.object({ figures: z.array(figureSchema), notes: z.array(z.string()) });

/** What the model's card says, where the result has it. */
export async function askModel({ studyInstanceUid, files }: HeldStudy): Promise<ModelSummary | undefined> {
  if (!files.includes('model-card.json')) return undefined;
  return ask(modelSchema, resultAddress(studyInstanceUid, 'model-card.json'));
}
