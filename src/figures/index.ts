/**
 * Charts, heat-map colours, pictures and the shell of pages; numbers in, texts and PNG bytes out, the same bytes each time.
 *
 * @example
 * const svg = await forestChart({ measure: 'AUC', rows: [{ label: 'subject', estimate: 0.9, low: 0.85, high: 0.94 }] });
 */

// Charts as SVG texts

export type { CalibrationBin, CalibrationChart } from './calibration-chart.ts';
export { calibrationChart } from './calibration-chart.ts';
export type { ChartFrame } from './chart.ts';
export type { CountBarsChart } from './count-bars-chart.ts';
export { countBarsChart } from './count-bars-chart.ts';
export type { ForestChart, ForestRow } from './forest-chart.ts';
export { forestChart } from './forest-chart.ts';
export type { ProbabilityHistogram } from './probability-histogram.ts';
export { probabilityHistogram } from './probability-histogram.ts';
export type { ProbabilityScale } from './probability-scale.ts';
export { probabilityScale } from './probability-scale.ts';
export type {
  Curve,
  CurvePoint,
  NamedPoint,
  PointInterval,
  PrecisionRecallChart,
  RocChart,
} from './roc-chart.ts';
export { precisionRecallChart, rocChart } from './roc-chart.ts';
export type { SliceProbabilities, SliceProbabilityChart } from './slice-probability-chart.ts';
export { sliceProbabilityChart } from './slice-probability-chart.ts';
export type { TrainingCurve, TrainingCurvesChart, TrainingPanel } from './training-curves-chart.ts';
export { trainingCurvesChart } from './training-curves-chart.ts';
export type { ValueHistogram } from './value-histogram.ts';
export { valueHistogram } from './value-histogram.ts';
export type { WaitingChart, WaitingCurve } from './waiting-chart.ts';
export { waitingChart } from './waiting-chart.ts';

// The look that all share

export { ALERT, FONT_STACK, INK, SERIES_STYLES, seriesStyle } from './theme.ts';

// Pages: the shell that all share, and markup that is safe to put into it

export type { Insert, Markup } from './html.ts';
export { html, trusted } from './html.ts';
export { escapeMarkup } from './markup.ts';
export type { PageForm } from './page.ts';
export { page } from './page.ts';

// Heat maps: colours, legend

export type { HeatMapScale } from './heat-map-colors.ts';
export {
  colorHeatMap,
  FAINTEST_PROBABILITY,
  heatMapCells,
  heatMapColor,
  heatMapOpacity,
  heatMapScale,
  sliceHeatMap,
} from './heat-map-colors.ts';
export { heatMapLegend, heatMapScaleText } from './heat-map-legend.ts';
export { drawHeatMapLegend } from './heat-map-raster-legend.ts';

// Pictures: overlay, montage, burned-in text

export type { MontageOptions, Raster, RasterPlace, RgbColor } from './raster.ts';
export { createRaster, montage, overlay, paste, rasterFromGrey, resizeRaster } from './raster.ts';
export type { RasterText } from './raster-text.ts';
export { drawText, rasterTextWidth } from './raster-text.ts';

// PNG files

export type { PngTexts } from './png.ts';
export { encodeGreyPng, encodeRasterPng, encodeRgbaPng, pngDataUrl } from './png.ts';
