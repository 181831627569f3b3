import { ANY_HEMORRHAGE, HEMORRHAGE_CLASSES } from '../../base/index.ts';
import {
  encodeRasterPng,
  type HeatMapScale,
  heatMapLegend,
  heatMapScaleFor,
  html,
  type Insert,
  type Markup,
  pngDataUrl,
  type Raster,
  trusted,
} from '../../figures/index.ts';
import type { Prediction, SliceFrame } from '../../prediction/index.ts';
import { BRAIN_WINDOW, type SliceEdges, sliceEdges } from '../../volume/index.ts';
import type { ReportInput } from '../report-input.ts';
import { heatMapOf, slicePictures } from '../slice-pictures.ts';
import { hasSliceProbabilities, sliceProbability } from '../suspicious-slices.ts';
import { millimetres, probabilityText } from '../wording.ts';

/** Longest side of a picture on the page, px: sharp on paper at 4.4 cm (210 dots an inch). */
const PICTURE_PX = 360;

interface Heat {
  readonly heatMaps: Float32Array;
  readonly scale: HeatMapScale;
  readonly frame?: SliceFrame;
}

/** The maps of any hemorrhage under one scale, so that the slices shown can be compared. */
function heatOf({ heatMaps, frame }: ReportInput, shown: readonly number[]): Heat | undefined {
  const maps = heatMaps?.anyHemorrhage;
  if (maps === undefined) return undefined;
  return {
    heatMaps: maps,
    scale: heatMapScaleFor(shown.map((slice) => heatMapOf(maps, slice))),
    ...(frame && { frame }),
  };
}

function picture(raster: Raster, alt: string, edges: SliceEdges | undefined): Markup {
  const marks =
    edges && html`<span class="edge left">${edges.left}</span><span class="edge right">${edges.right}</span>`;
  return html`<span class="picture"><img src="${pngDataUrl(encodeRasterPng(raster))}" width="${raster.columns}" height="${raster.rows}" alt="${alt}">${marks}</span>`;
}

/** The subtypes at or above the operating point on this slice, abbreviated. */
function sliceSubtypes({ prediction }: ReportInput, slice: number): string {
  const probabilities = prediction.slices[slice]?.probabilities ?? {};
  const found = HEMORRHAGE_CLASSES.filter(
    ({ name }) => name !== ANY_HEMORRHAGE.name && (probabilities[name] ?? 0) >= prediction.operatingPoint,
  );
  return found.map(({ abbreviation }) => abbreviation).join(', ');
}

function pair(input: ReportInput, slice: number, heat: Heat | undefined): Markup {
  const { volume, prediction } = input;
  const edges = sliceEdges(volume.geometry);
  const { plain, withHeatMap } = slicePictures(volume, slice, PICTURE_PX, heat);
  const name = `slice ${slice + 1} of ${volume.slices}`;
  const subtypes = sliceSubtypes(input, slice);
  const empty = heat && heatMapOf(heat.heatMaps, slice).every((share) => share === 0);
  const words: Insert[] = [
    html`<b>Slice ${slice + 1}</b> of ${volume.slices}`,
    ` · ${millimetres(prediction.slices[slice]?.positionMm ?? 0)}`,
    hasSliceProbabilities(prediction) ? probabilityWords(prediction, slice) : undefined,
    subtypes === '' ? undefined : ` · ${subtypes}`,
    empty ? ' · heat map empty' : undefined,
  ];
  return html`<figure class="pair"><div class="pictures">${picture(plain, `${name}, brain window`, edges)}${withHeatMap && picture(withHeatMap, `${name} with heat map`, edges)}</div>
<figcaption>${words}</figcaption></figure>`;
}

function probabilityWords(prediction: Prediction, slice: number): Markup {
  const probability = sliceProbability(prediction, slice);
  const alert = probability >= prediction.operatingPoint ? html` class="alert"` : undefined;
  return html` · <b${alert}>p ${probabilityText(probability)}</b>`;
}

/** The most suspicious slices in the brain window, each beside itself under its heat map, with the colour scale. */
export function montageSection(input: ReportInput, shown: readonly number[]): Markup {
  const heat = heatOf(input, shown);
  const { name, centerHu, widthHu } = BRAIN_WINDOW;
  const low = centerHu - widthHu / 2;
  const legend = heat
    ? html`<div class="legend">${trusted(heatMapLegend(heat.scale))}</div>
<p class="muted">A heat map shows where the network looked for any hemorrhage, relative to the rest of the same slice. It is not a segmentation; a bright spot on a slice with a low probability means little.</p>`
    : html`<p class="muted">Heat maps were not computed.</p>`;
  const sides = sliceEdges(input.volume.geometry) ? undefined : ' The files do not say which side is left.';
  const [title, order] = hasSliceProbabilities(input.prediction)
    ? ['Most suspicious slices', 'Highest probability first']
    : ['Slices', 'This model says nothing of single slices: these are spread evenly over the head'];
  return html`<section class="montage-section"><h2>${title}</h2>
<p class="muted">${order}; ${name} window, ${low} to ${low + widthHu} HU.${sides}</p>
${legend}<div class="montage">${shown.map((slice) => pair(input, slice, heat))}</div></section>`;
}
