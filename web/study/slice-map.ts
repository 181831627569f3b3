import { useMemo } from 'react';
import { FAINTEST_PROBABILITY, heatMapOpacity, sliceHeatMap } from '../../src/figures/index.ts';
import { classText, WORDS } from '../words.ts';
import type { PaintedMap } from './painted-slice.ts';
import type { ShownMaps, ShownStudy } from './shown-study.ts';
import type { View } from './view.ts';

/** The map of the chosen class on the shown slice, or why none is drawn. */
export type SliceMap = { readonly map: PaintedMap } | { readonly why: string } | undefined;

/**
 * Undefined where the reader turned maps off, and until they are there; the same one until something of it changes, so that
 * pictures that come meanwhile draw no map anew.
 */
export function useSliceMap({ heatMaps, frame, prediction, unread }: ShownStudy, view: View): SliceMap {
  const isUnread = unread?.has(view.slice) ?? false;
  return useMemo(() => {
    if (heatMaps === undefined || frame === undefined) return undefined;
    return view.isMapShown && !isUnread ? sliceMap({ heatMaps, frame }, prediction, view) : undefined;
  }, [heatMaps, frame, prediction, isUnread, view]);
}

/** Faded by the slice's probability, as in every report. */
export function sliceMap(
  { heatMaps, frame }: ShownMaps,
  { slices }: ShownStudy['prediction'],
  { slice, mapClass, mapOpacity }: View,
): SliceMap {
  const maps = heatMaps[mapClass];
  if (maps === undefined) return { why: WORDS.study.mapNone };
  const probability = slices[slice]?.probabilities[mapClass];
  if (probability === undefined) return { why: WORDS.study.mapUnsaid };
  if (probability < FAINTEST_PROBABILITY) return { why: WORDS.study.mapFaint(classText(mapClass)) };
  return {
    map: {
      shares: sliceHeatMap(maps, slices.length, slice),
      opacity: heatMapOpacity(probability) * mapOpacity,
      frame: {
        left: frame.columnStart,
        top: frame.rowStart,
        width: frame.columnSize,
        height: frame.rowSize,
      },
    },
  };
}
