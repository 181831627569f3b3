import { HEMORRHAGE_CLASSES } from '../../base/index.ts';
import { html, type Markup, sliceProbabilityChart, trusted } from '../../figures/index.ts';
import type { Prediction } from '../../prediction/index.ts';

/** The classes that have a probability on every slice, any hemorrhage first. */
function curvesOf(prediction: Prediction) {
  return HEMORRHAGE_CLASSES.flatMap(({ name, label }) => {
    const probabilities = prediction.slices.flatMap((slice) => slice.probabilities[name] ?? []);
    return probabilities.length === prediction.slices.length ? [{ label, probabilities }] : [];
  });
}

/** The curve of probability along the slices, those of the montage marked. */
export async function sliceCurveSection(prediction: Prediction, shown: readonly number[]): Promise<Markup> {
  const series = curvesOf(prediction);
  if (series.length === 0)
    return html`<section><h2>Along the slices</h2>
<p class="muted">This model gives no probabilities of slices.</p></section>`;
  const chart = await sliceProbabilityChart({
    id: 'slices',
    positionsMm: prediction.slices.map((slice) => slice.positionMm),
    positionTitle: 'position along the head, mm (inferior to superior)',
    series,
    operatingPoint: prediction.operatingPoint,
    markedSlices: shown,
    widthPx: 620,
    heightPx: 210,
  });
  return html`<section><h2>Along the slices</h2>
<figure class="chart">${trusted(chart)}<figcaption>Probability of each slice. Triangles: the slices shown below.</figcaption></figure></section>`;
}
