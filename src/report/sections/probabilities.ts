import { ANY_HEMORRHAGE, HEMORRHAGE_SUBTYPES, type HemorrhageClass } from '../../base/index.ts';
import { html, type Markup } from '../../figures/index.ts';
import { type Prediction, thresholdOf } from '../../prediction/index.ts';
import { operatingPointText, probabilityText } from '../wording.ts';

type Verdict = Prediction['anyHemorrhage'];

/** A bar as long as the probability, with a tick at the threshold. */
function bar({ probability, positive }: Verdict, threshold: number): Markup {
  const width = (100 * probability).toFixed(1);
  const tick = (100 * threshold).toFixed(1);
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="8" fill="#e9edf1"/><rect width="${width}" height="8" fill="${positive ? '#b3261e' : '#0b3c6f'}"/><rect x="${tick}" width="0.6" height="8" fill="#1b2127"/></svg>`;
}

function row(kind: HemorrhageClass, verdict: Verdict, prediction: Prediction): Markup {
  const threshold = thresholdOf(prediction, kind.name);
  return html`<tr${verdict.positive ? html` class="positive"` : undefined}>
<th scope="row">${kind.label} <span class="abbreviation">${kind.abbreviation}</span></th>
<td class="number">${probabilityText(verdict.probability)}${calibratedText(verdict)}</td>
<td class="bar-cell">${bar(verdict, threshold)}</td>
<td>${verdict.positive ? 'positive, from' : 'below'} ${operatingPointText(threshold)}</td></tr>`;
}

/** Where the model has a calibration: what it makes of the probability. */
const calibratedText = ({ calibrated }: Verdict): Markup | undefined =>
  calibrated === undefined
    ? undefined
    : html` <span class="muted">calibrated ${probabilityText(calibrated)}</span>`;

/** The subject's probabilities: any hemorrhage, then the five subtypes or why there are none. */
export function probabilitiesSection(prediction: Prediction): Markup {
  const { anyHemorrhage, subtypes, subtypesReason } = prediction;
  const subtypeRows = subtypes
    ? HEMORRHAGE_SUBTYPES.map((kind) => row(kind, subtypes[kind.name], prediction))
    : html`<tr><th scope="row">Five subtypes</th><td colspan="3" class="muted">${subtypesReason ?? 'not computed'}</td></tr>`;
  return html`<section><h2>Probabilities of the subject</h2>
<table class="probabilities"><thead><tr><th scope="col">Hemorrhage</th><th scope="col" class="number">Probability</th><th scope="col"><span class="hidden">Bar</span></th><th scope="col">Threshold</th></tr></thead>
<tbody>${row(ANY_HEMORRHAGE, anyHemorrhage, prediction)}${subtypeRows}</tbody></table></section>`;
}
