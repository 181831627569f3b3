import { FAINTEST_PROBABILITY, heatMapOpacity, sliceHeatMap } from '../../src/figures/index.ts';
import { WORDS } from '../words.ts';
import type { PaintedMap } from './painted-slice.ts';
import type { ShownStudy } from './shown-study.ts';
import type { View } from './view.ts';

/** The map of the chosen class on the shown slice, or why none is drawn. */
export type SliceMap = { readonly map: PaintedMap } | { readonly why: string } | undefined;

/** Faded by the slice's probability, as in every report. Undefined where the reader turned maps off, and until they are there. */
export function sliceMap({ heatMaps, frame, prediction, unread, volume }: ShownStudy, view: View): SliceMap {
  if (!view.isMapShown || unread?.has(view.slice)) return undefined;
  if (heatMaps === undefined || frame === undefined) return undefined;
  const maps = heatMaps[view.mapClass];
  if (maps === undefined) return { why: WORDS.study.mapNone };
  const probability = prediction.slices[view.slice]?.probabilities[view.mapClass] ?? 0;
  if (probability < FAINTEST_PROBABILITY) return { why: WORDS.study.mapFaint };
  return {
    map: {
      shares: sliceHeatMap(maps, volume.slices, view.slice),
      opacity: heatMapOpacity(probability) * view.mapOpacity,
      frame: {
        left: frame.columnStart,
        top: frame.rowStart,
        width: frame.columnSize,
        height: frame.rowSize,
      },
    },
  };
}
