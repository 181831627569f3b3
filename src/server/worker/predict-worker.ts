/**
 * The process that reads and predicts, one study at a time, as `predictor.ts` tells it: what it computes, and a fault that
 * ends it, leave the process that receives alone.
 */
import {
  codeOf,
  HEMORRHAGE_SUBTYPE_NAMES,
  IchorError,
  messageOf,
  type ProgressListener,
} from '../../base/index.ts';
import { findStudyFiles } from '../../files/index.ts';
import { operatingPointOf, triagePointOf } from '../../network/index.ts';
import { modelSummary, previewPicture } from '../../report/index.ts';
import {
  earlierReportIn,
  type OpenModel,
  openModel,
  type PredictedOutcome,
  predictStudies,
  refusalFiles,
  type StudyFilesOptions,
  studyFiles,
} from '../../service/index.ts';
import { outsideByRule } from '../drift/outside.ts';
import type {
  FromPredictor,
  PredictorOptions,
  StudyToPredict,
  Told,
  ToPredictor,
} from './predict-messages.ts';
import { seenFacts } from './seen-facts.ts';

/** Of the study under way. */
let stop = new AbortController();
let model: OpenModel | undefined;
let operatingPoint: number | string | undefined;

/** Who is gone hears nothing: `disconnect` ends this process. */
const reply = (answer: FromPredictor): void =>
  void process.send?.(answer, undefined, undefined, () => undefined);

process.on('message', async (message: ToPredictor) => {
  if (message.ask === 'stop') stop.abort();
  else if (message.ask === 'open') await open(message.options);
  else reply({ answer: 'told', told: await tell(message) });
});
// Signals are for the process that receives: it tells this one when to end
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
// Who asked is gone; what is being computed has no end of its own that could be waited for
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

async function open({ operatingPoint: asked, ...options }: PredictorOptions): Promise<void> {
  try {
    model = await openModel(options);
    operatingPoint = triagePointOf(model.card, asked);
    // A name that the model does not have ends the start
    operatingPointOf(model.card, operatingPoint);
    reply({ answer: 'open' });
  } catch (thrown) {
    reply({ answer: 'not-open', reason: reasonOf(thrown) });
  }
}

async function tell({ paths, earlierResult, stopRule }: StudyToPredict): Promise<Told> {
  stop = new AbortController();
  const onProgress: ProgressListener = ({ done, total }) => {
    if (total !== undefined && total > 0) reply({ answer: 'progress', progress: done / total });
  };
  try {
    if (model === undefined) throw new IchorError('runtime-closed', 'no model is open');
    const files = (await Promise.all(paths.map((path) => findStudyFiles(path)))).flat();
    const point = operatingPoint === undefined ? {} : { operatingPoint };
    const options = { model, signal: stop.signal, onProgress, ...point };
    for await (const outcome of predictStudies(files, options)) {
      if (outcome.kind !== 'predicted' && outcome.kind !== 'refused')
        return { kind: outcome.kind, reason: { code: outcome.code, text: outcome.reason } };
      const earlierReport = earlierResult === undefined ? undefined : await earlierReportIn(earlierResult);
      if (outcome.kind === 'predicted') return await predicted(outcome, model, { earlierReport, stopRule });
      const { contents } = refusalFiles(model, outcome, { dicom: true, earlierReport });
      return { kind: 'refused', reason: { code: outcome.code, text: outcome.reason }, files: contents };
    }
    throw new IchorError('study-failed', 'nothing was said of the study');
  } catch (thrown) {
    return { kind: 'failed', reason: reasonOf(thrown) };
  }
}

async function predicted(
  outcome: PredictedOutcome,
  { sha256, card }: OpenModel,
  { earlierReport, stopRule }: Pick<StudyToPredict, 'stopRule'> & Pick<StudyFilesOptions, 'earlierReport'>,
): Promise<Told> {
  const { prediction } = outcome;
  const { probability, positive } = prediction.anyHemorrhage;
  const disagreement = prediction.disagreement !== undefined;
  const seen = seenFacts(prediction, outcome.accepted.volume);
  const outside = stopRule === undefined ? [] : outsideByRule(seen, stopRule);
  const { contents } = await studyFiles(outcome, { dicom: true, heatMaps: true, earlierReport, outside });
  const { subtypes: found } = prediction;
  const facts = {
    model: sha256,
    probability,
    positive,
    disagreement,
    seen,
    ...(found && { subtypes: HEMORRHAGE_SUBTYPE_NAMES.filter((name) => found[name].positive) }),
  };
  // What the model reached, as it stood when this result was made
  const files = {
    ...contents,
    'model-card.json': `${JSON.stringify(modelSummary(card))}\n`,
    'preview.png': previewPicture(outcome.accepted.volume, prediction),
  };
  return { kind: 'predicted', result: { facts, files } };
}

const reasonOf = (thrown: unknown) => ({
  code: codeOf(thrown),
  text: messageOf(thrown),
});
