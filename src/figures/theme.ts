import type { Config } from 'vega-lite';
import { at } from '../base/index.ts';

/** Fonts that every system has; nothing is downloaded. */
export const FONT_STACK = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", Arial, sans-serif';

/** Text and lines on white; contrast against white 16:1, 6:1, 3.2:1 and none (grid). */
export const INK = { text: '#1b2127', muted: '#59636e', axis: '#8a939c', grid: '#e3e7eb' } as const;

/** What the eye should go to: the operating point and what lies above it. 5.9:1 on white. */
export const ALERT = '#b3261e';

/**
 * Line colours and dashes, told apart by colour-blind readers and, by lightness and dash, in a grey print
 * (after Okabe and Ito 2008, the light ones darkened to 3:1 on white).
 */
export const SERIES_STYLES: readonly { readonly color: string; readonly dash: readonly number[] }[] = [
  { color: '#0b3c6f', dash: [] },
  { color: '#c25400', dash: [6, 3] },
  { color: '#007a5a', dash: [2, 2] },
  { color: '#a6437f', dash: [8, 3, 2, 3] },
  { color: '#3182bd', dash: [4, 2] },
  { color: '#3f3f3f', dash: [1, 1.5] },
];

/** The style of the i-th series; after the last it starts anew. */
export function seriesStyle(index: number): (typeof SERIES_STYLES)[number] {
  return at(SERIES_STYLES, index % SERIES_STYLES.length);
}

/** One look for every chart. */
export const CHART_CONFIG: Config = {
  aria: false,
  background: 'white',
  font: FONT_STACK,
  padding: 4,
  view: { stroke: null },
  title: { anchor: 'start', fontSize: 12, fontWeight: 600, color: INK.text, offset: 8 },
  axis: {
    labelFontSize: 10,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    labelColor: INK.text,
    titleColor: INK.text,
    domainColor: INK.axis,
    tickColor: INK.axis,
    gridColor: INK.grid,
    tickSize: 4,
    titlePadding: 8,
  },
  legend: {
    labelFontSize: 10.5,
    labelColor: INK.text,
    // Vega guesses text widths without a screen, and guesses them too wide
    labelLimit: 640,
    title: null,
    orient: 'bottom',
    direction: 'horizontal',
    columns: 3,
    // two legends one below the other: Vega reads it, Vega-Lite's type forbids it
    layout: { bottom: { direction: 'vertical', anchor: 'start' } } as unknown as never,
    symbolType: 'stroke',
    symbolFillColor: 'transparent',
    symbolOpacity: 1,
    symbolStrokeWidth: 2,
    symbolSize: 300,
    rowPadding: 3,
    columnPadding: 16,
  },
  text: { font: FONT_STACK, fontSize: 10, color: INK.text },
};
