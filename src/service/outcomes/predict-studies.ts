import type { AcceptedStudy, ReadOptions } from '../../study/index.ts';
import type { OpenModel, StudyOptions } from '../open-model.ts';
import { type PredictOutcome, type StudySource, thrownOutcome } from './outcome.ts';
import { readStudies } from './read-studies.ts';

export interface PredictStudiesOptions extends ReadOptions, Omit<StudyOptions, 'readingMs'> {
  readonly model: OpenModel;
}

/**
 * Reads and predicts every study of a source, one after another. A study that is refused or fails is an outcome and not
 * the end; the only thing thrown is IchorError `aborted`.
 *
 *     for await (const outcome of predictStudies('inbox', { model })) {
 *       if (outcome.kind === 'predicted') console.log(outcome.prediction.anyHemorrhage);
 *       else console.log(outcome.kind, outcome.code, outcome.reason);
 *     }
 */
export async function* predictStudies(
  source: StudySource,
  options: PredictStudiesOptions,
): AsyncGenerator<PredictOutcome, void, undefined> {
  let startedAt = performance.now();
  for await (const read of readStudies(source, options)) {
    const readingMs = performance.now() - startedAt;
    yield read.kind === 'accepted' ? await predictOne(read, { ...options, readingMs }) : read;
    startedAt = performance.now();
  }
}

async function predictOne(
  accepted: AcceptedStudy,
  { model, ...options }: StudyOptions & { readonly model: OpenModel },
): Promise<PredictOutcome> {
  const { study } = accepted;
  try {
    return { kind: 'predicted', study, accepted, ...(await model.predict(accepted, options)) };
  } catch (thrown) {
    return thrownOutcome(thrown, options.signal, study);
  }
}
