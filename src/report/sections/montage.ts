import { ANY_HEMORRHAGE, HEMORRHAGE_CLASSES } from '../../base/index.ts';
import {
  encodeRasterPng,
  FAINTEST_PROBABILITY,
  heatMapCells,
  heatMapLegend,
  heatMapScale,
  html,
  type Insert,
  type Markup,
  pngDataUrl,
  type Raster,
  sliceHeatMap,
  trusted,
} from '../../figures/index.ts';
import { type Prediction, thresholdOf } from '../../prediction/index.ts';
import {
  BRAIN_WINDOW,
  type DisplayWindow,
  type SliceEdges,
  SUBDURAL_WINDOW,
  sliceEdges,
} from '../../volume/index.ts';
import type { ReportInput } from '../report-input.ts';
import { sliceHeat, slicePictures, subduralPicture, whyNoHeatMap } from '../slice-pictures.ts';
import { hasSliceProbabilities, positiveSlices, sliceProbability, topSlice } from '../suspicious-slices.ts';
import { millimetres, probabilityText } from '../wording.ts';

/** Longest side of a picture on the page, px: sharp on paper at 4.3 cm, that of the top slice at 6 cm (210 dots an inch). */
const PICTURE_PX = 360;
const TOP_PICTURE_PX = 500;

interface PictureText {
  readonly alt: string;
  readonly edges: SliceEdges | undefined;
}

const EDGES = ['left', 'right', 'top', 'bottom'] as const;

function picture(raster: Raster, { alt, edges }: PictureText): Markup {
  const marks = edges && EDGES.map((edge) => html`<span class="edge ${edge}">${edges[edge]}</span>`);
  return html`<span class="picture"><img src="${pngDataUrl(encodeRasterPng(raster))}" width="${raster.columns}" height="${raster.rows}" alt="${alt}">${marks}</span>`;
}

/** The subtypes at or above their threshold on this slice, abbreviated. */
function sliceSubtypes({ prediction }: ReportInput, slice: number): string {
  const probabilities = prediction.slices[slice]?.probabilities ?? {};
  const found = HEMORRHAGE_CLASSES.filter(
    ({ name }) => name !== ANY_HEMORRHAGE.name && (probabilities[name] ?? 0) >= thresholdOf(prediction, name),
  );
  return found.map(({ abbreviation }) => abbreviation).join(', ');
}

/** One slice: brain window, subdural window and heat map, or in its place why there is none. */
function sliceFigure(input: ReportInput, slice: number, isTop: boolean): Markup {
  const { volume, prediction } = input;
  const edges = sliceEdges(volume.geometry);
  const heat = sliceHeat(input, slice);
  const sidePx = isTop ? TOP_PICTURE_PX : PICTURE_PX;
  const drawn = slicePictures(volume, slice, sidePx, heat);
  const name = `slice ${slice + 1} of ${volume.slices}`;
  const subtypes = sliceSubtypes(input, slice);
  const missing = heat && whyNoHeatMap(heat);
  const words: Insert[] = [
    html`<b>Slice ${slice + 1}</b> of ${volume.slices}`,
    ` · ${millimetres(prediction.slices[slice]?.positionMm ?? 0)}`,
    hasSliceProbabilities(prediction) ? probabilityWords(prediction, slice) : undefined,
    subtypes === '' ? undefined : ` · ${subtypes}`,
    isTop ? ' · the highest probability' : undefined,
  ];
  const mapped = drawn.withHeatMap && missing === undefined ? drawn.withHeatMap : undefined;
  return html`<figure class="slice${isTop ? ' top' : ''}"><div class="pictures">${picture(drawn.plain, { alt: `${name}, brain window`, edges })}${picture(subduralPicture(volume, slice, sidePx), { alt: `${name}, subdural window`, edges })}${mapped ? picture(mapped, { alt: `${name} with heat map`, edges }) : html`<span class="picture none">${missing}</span>`}</div>
<figcaption>${words}</figcaption></figure>`;
}

function probabilityWords(prediction: Prediction, slice: number): Markup {
  const probability = sliceProbability(prediction, slice);
  const alert = probability >= prediction.operatingPoint ? html` class="alert"` : undefined;
  return html` · <b${alert}>p ${probabilityText(probability)}</b>`;
}

const windowText = ({ name, centerHu, widthHu }: DisplayWindow): string =>
  `${name} window (${centerHu - widthHu / 2} to ${centerHu + widthHu / 2} HU)`;

function titleOf(prediction: Prediction): string {
  if (!hasSliceProbabilities(prediction)) return 'Slices';
  return positiveSlices(prediction).length > 0
    ? 'Most suspicious slices'
    : 'Nothing suspicious: no slice reaches the threshold; those with the highest probability';
}

const HEAT_MAP_WORDS = `A heat map shows where the network looked for any hemorrhage, relative to the rest of the same slice, and fades with the slice's probability; below ${FAINTEST_PROBABILITY} none is drawn. It is not a segmentation. The scale is the same for all studies.`;

/** The slices shown, from inferior to superior, the one with the highest probability larger, with the colour scale. */
export function montageSection(input: ReportInput, shown: readonly number[]): Markup {
  const { prediction, heatMaps, volume } = input;
  const top = topSlice(prediction, shown);
  const maps = heatMaps?.anyHemorrhage;
  const legend = maps
    ? html`<div class="legend">${trusted(heatMapLegend(heatMapScale(heatMapCells(sliceHeatMap(maps, volume.slices, 0)))))}</div>
<p class="muted">${HEAT_MAP_WORDS}</p>`
    : html`<p class="muted">Heat maps were not computed.</p>`;
  const sides = sliceEdges(volume.geometry) ? undefined : ' The files do not say which side is left.';
  const order = hasSliceProbabilities(prediction)
    ? 'From inferior to superior'
    : 'This model says nothing of single slices: these are spread evenly over the head';
  return html`<section class="montage-section"><h2>${titleOf(prediction)}</h2>
<p class="muted">${order}. From left to right: ${windowText(BRAIN_WINDOW)}, ${windowText(SUBDURAL_WINDOW)}, heat map.${sides}</p>
${legend}<div class="montage">${shown.map((slice) => sliceFigure(input, slice, slice === top))}</div></section>`;
}
