import { HEMORRHAGE_SUBTYPES } from '../../base/index.ts';
import { html, type Markup } from '../../figures/index.ts';
import type { Prediction } from '../../prediction/index.ts';
import { hasSliceProbabilities, positiveSlices } from '../suspicious-slices.ts';
import { counted, listed, operatingPointText, probabilityText, sliceRanges } from '../wording.ts';

/** The subtypes at or above the operating point, in words; empty where none is or none was asked for. */
function positiveSubtypes({ subtypes }: Pick<Prediction, 'subtypes'>): string[] {
  if (subtypes === null) return [];
  return HEMORRHAGE_SUBTYPES.filter(({ name }) => subtypes[name].positive).map(({ label }) =>
    label.toLowerCase(),
  );
}

/** The finding in one line, the same on the page, on the terminal and in the summary. */
export function findingLine(
  prediction: Pick<Prediction, 'anyHemorrhage' | 'operatingPoint' | 'subtypes'>,
): string {
  const { anyHemorrhage, operatingPoint } = prediction;
  const probability = `probability ${probabilityText(anyHemorrhage.probability)}`;
  const point = `operating point ${operatingPointText(operatingPoint)}`;
  if (!anyHemorrhage.positive)
    return `No intracranial hemorrhage found (${probability}, below the ${point}).`;
  const kinds = positiveSubtypes(prediction);
  const which = kinds.length > 0 ? listed(kinds) : 'no subtype reached the operating point';
  return `Intracranial hemorrhage suspected: ${which} (${probability}, ${point}).`;
}

/** What the slices say by themselves, which may differ from the subject. */
export function slicesLine(prediction: Prediction): string {
  if (!hasSliceProbabilities(prediction)) return 'This model says nothing of single slices.';
  const positive = positiveSlices(prediction);
  const point = operatingPointText(prediction.operatingPoint);
  const total = counted(prediction.slices.length, 'slice');
  if (positive.length === 0) return `None of ${total} reaches ${point} by itself.`;
  const which = `${positive.length === 1 ? 'slice' : 'slices'} ${sliceRanges(positive)}`;
  return `${positive.length} of ${total} ${positive.length === 1 ? 'reaches' : 'reach'} ${point} by ${positive.length === 1 ? 'itself' : 'themselves'}: ${which}, counted from the most inferior.`;
}

const NOT_EXCLUDED = 'A probability below the operating point does not exclude hemorrhage.';

export function findingSection(prediction: Prediction): Markup {
  const { positive } = prediction.anyHemorrhage;
  return html`<section class="finding ${positive ? 'positive' : 'negative'}">
<p class="verdict">${positive ? 'ICH positive' : 'ICH negative'}</p>
<p class="line">${findingLine(prediction)}</p>
<p class="more">${slicesLine(prediction)} ${positive ? undefined : NOT_EXCLUDED}</p>
</section>`;
}
