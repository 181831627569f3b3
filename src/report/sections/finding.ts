import { HEMORRHAGE_SUBTYPES } from '../../base/index.ts';
import { html, type Markup } from '../../figures/index.ts';
import type { Prediction } from '../../prediction/index.ts';
import { type FindingState, findingState, STATE_WORDS } from '../finding-state.ts';
import { hasSliceProbabilities, positiveSlices } from '../suspicious-slices.ts';
import {
  counted,
  listed,
  namedPointText,
  operatingPointText,
  probabilityText,
  slicesText,
  thresholdText,
} from '../wording.ts';

/** The subtypes at or above their threshold, in words; empty where none is or none was asked for. */
function positiveSubtypes({ subtypes }: Pick<Prediction, 'subtypes'>): string[] {
  if (subtypes === null) return [];
  return HEMORRHAGE_SUBTYPES.filter(({ name }) => subtypes[name].positive).map(({ label }) =>
    label.toLowerCase(),
  );
}

/** What a headline needs of a prediction. */
type Headline = Pick<
  Prediction,
  'anyHemorrhage' | 'operatingPoint' | 'operatingPointName' | 'subtypeThreshold' | 'subtypes' | 'disagreement'
>;

/** The finding in one line, the same on the page, on the terminal and in the summary. */
export const findingLine = (prediction: Headline): string =>
  FINDING_LINES[findingState(prediction)](prediction);

const FINDING_LINES: Readonly<Record<FindingState, (prediction: Headline) => string>> = {
  positive: (prediction) => `${suspectedText(prediction)}.`,
  disagreement: (prediction) =>
    prediction.anyHemorrhage.positive
      ? `${suspectedText(prediction)}, but no slice reaches the threshold by itself. Look at ${slicesToLookAt(prediction)} first.`
      : `Slices and subject disagree: look at ${slicesToLookAt(prediction)}. The subject is below the threshold (${probabilityAndThreshold(prediction)}), but these reach it by themselves.`,
  below: (prediction) =>
    `Below the threshold: no intracranial hemorrhage found (${probabilityAndThreshold(prediction)}).`,
};

const probabilityAndThreshold = (prediction: Headline): string =>
  `probability ${probabilityText(prediction.anyHemorrhage.probability)}, threshold ${namedPointText(prediction)}`;

function suspectedText(prediction: Headline): string {
  const kinds = positiveSubtypes(prediction);
  // All subtypes have the same one
  const which =
    kinds.length > 0 ? listed(kinds) : `no subtype reaches ${thresholdText(prediction, 'intraparenchymal')}`;
  return `Intracranial hemorrhage suspected: ${which} (${probabilityAndThreshold(prediction)})`;
}

const slicesToLookAt = ({ disagreement }: Headline): string => slicesText(disagreement?.slices ?? []);

/** What the slices say by themselves, which may differ from the subject. */
export function slicesLine(prediction: Prediction): string {
  if (!hasSliceProbabilities(prediction)) return 'This model says nothing of single slices.';
  const positive = positiveSlices(prediction);
  const threshold = `the threshold of ${operatingPointText(prediction.operatingPoint)}`;
  const total = counted(prediction.slices.length, 'slice');
  if (positive.length === 0) return `None of ${total} reaches ${threshold} by itself.`;
  const [reach, selves] = positive.length === 1 ? ['reaches', 'itself'] : ['reach', 'themselves'];
  return `${positive.length} of ${total} ${reach} ${threshold} by ${selves}: ${slicesText(positive)}, counted from the most inferior.`;
}

const NOT_EXCLUDED = 'A probability below the threshold does not exclude hemorrhage.';

/** What the operating point missed where it was measured. */
export const missesLine = ({ operatingPointName, operatingPointMisses }: Prediction): string | undefined =>
  operatingPointMisses === undefined
    ? undefined
    : `Operating point ${operatingPointName}. ${operatingPointMisses}`;

function missesMarkup(prediction: Prediction): Markup | undefined {
  const line = missesLine(prediction);
  return line === undefined ? undefined : html`<p class="more">${line}</p>\n`;
}

export function findingSection(prediction: Prediction): Markup {
  const state = findingState(prediction);
  return html`<section class="finding ${state}">
<p class="verdict">ICH: ${STATE_WORDS[state]}</p>
<p class="line">${findingLine(prediction)}</p>
<p class="more">${slicesLine(prediction)} ${prediction.anyHemorrhage.positive ? undefined : NOT_EXCLUDED}</p>
${missesMarkup(prediction)}</section>`;
}
