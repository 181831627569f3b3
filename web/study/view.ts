/** What is shown of a study, and how each action changes it. Pure: the page draws it, the tests hold it. */
import type { HemorrhageName } from '../../src/base/index.ts';
import { BRAIN_WINDOW, type DisplayWindow, STROKE_WINDOW, SUBDURAL_WINDOW } from '../../src/volume/index.ts';
import type { ClassCurve } from './shown-study.ts';

/** As radiologists set it for bone of the skull; the network's own bone window is wider. */
const BONE_VIEW: DisplayWindow = { name: 'bone', centerHu: 480, widthHu: 2500 };
const WIDE_VIEW: DisplayWindow = { name: 'wide', centerHu: 600, widthHu: 2800 };

/** In the order of the keys 1 to 5. */
export const WINDOW_PRESETS: readonly DisplayWindow[] = [
  BRAIN_WINDOW,
  SUBDURAL_WINDOW,
  BONE_VIEW,
  STROKE_WINDOW,
  WIDE_VIEW,
];

/** What a drag of the main button does. */
export const TOOLS = ['scroll', 'window', 'pan', 'zoom', 'length'] as const;
export type Tool = (typeof TOOLS)[number];

export interface View {
  /** From 0, inferior to superior. */
  readonly slice: number;
  readonly displayWindow: DisplayWindow;
  /** 1 fits the slice into the window. */
  readonly zoom: number;
  /** CSS pixels by which the slice's centre lies right of and below the window's. */
  readonly panX: number;
  readonly panY: number;
  readonly tool: Tool;
  readonly isMapShown: boolean;
  readonly mapClass: HemorrhageName;
  /** From 0 to 1, on top of the fading by the slice's probability. */
  readonly mapOpacity: number;
  /** Neighbouring HU are interpolated before windowing. */
  readonly isSmooth: boolean;
}

export const ZOOM_LIMITS = { least: 0.5, most: 16 } as const;
export const NARROWEST_HU = 2;

export function startingView(slice: number, isMapShown = true): View {
  return {
    slice,
    displayWindow: BRAIN_WINDOW,
    zoom: 1,
    panX: 0,
    panY: 0,
    tool: 'scroll',
    isMapShown,
    mapClass: 'anyHemorrhage',
    mapOpacity: 1,
    isSmooth: true,
  };
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Another slice, kept inside the series. */
export const toSlice = (view: View, slice: number, slices: number): View => ({
  ...view,
  slice: clamp(Math.round(slice), 0, slices - 1),
});

/** Zooms about a point, CSS pixels from the window's centre: what lies under it stays there. */
export function zoomAbout(view: View, factor: number, x: number, y: number): View {
  const zoom = clamp(view.zoom * factor, ZOOM_LIMITS.least, ZOOM_LIMITS.most);
  const real = zoom / view.zoom;
  return { ...view, zoom, panX: x - (x - view.panX) * real, panY: y - (y - view.panY) * real };
}

export const panBy = (view: View, dx: number, dy: number): View => ({
  ...view,
  panX: view.panX + dx,
  panY: view.panY + dy,
});

interface Finger {
  readonly x: number;
  readonly y: number;
}

/**
 * One of two fingers moved, CSS pixels from the window's centre: their distance zooms, about where their middle was, and their
 * middle pans. What lies under the middle stays under it, in however many steps each of them moves.
 */
export function pinched(view: View, from: Finger, to: Finger, still: Finger): View {
  const apart = ({ x, y }: Finger): number => Math.max(1, Math.hypot(x - still.x, y - still.y));
  const zoomed = zoomAbout(view, apart(to) / apart(from), (from.x + still.x) / 2, (from.y + still.y) / 2);
  return panBy(zoomed, (to.x - from.x) / 2, (to.y - from.y) / 2);
}

/** To the right is wider, upward is brighter; a pixel is worth more in a wide window. */
export function windowBy(view: View, dx: number, dy: number): View {
  const { centerHu, widthHu } = view.displayWindow;
  const huPerPx = Math.max(0.5, widthHu / 300);
  return {
    ...view,
    displayWindow: {
      name: 'own',
      centerHu: Math.round(centerHu + dy * huPerPx),
      widthHu: Math.max(NARROWEST_HU, Math.round(widthHu + dx * huPerPx)),
    },
  };
}

/** In tenths, so that steps up and down meet. */
export const mapOpacityBy = (view: View, by: number): View => ({
  ...view,
  mapOpacity: clamp(Math.round(10 * (view.mapOpacity + by)) / 10, 0.1, 1),
});

export const fitted = (view: View): View => ({ ...view, zoom: 1, panX: 0, panY: 0 });

/** The nearest slice before (-1) or after (1) this one whose probability reaches the threshold. */
export function nextSuspicious(
  { slice }: View,
  { probabilities, threshold }: Pick<ClassCurve, 'probabilities' | 'threshold'>,
  step: 1 | -1,
): number | undefined {
  for (let i = slice + step; i >= 0 && i < probabilities.length; i += step)
    if ((probabilities[i] ?? 0) >= threshold) return i;
  return undefined;
}
