import { type HeatMapScale, heatMapColor } from './heat-map-colors.ts';
import { heatMapScaleText } from './heat-map-legend.ts';
import type { Raster } from './raster.ts';
import { drawText, rasterTextWidth } from './raster-text.ts';

const BAR = { width: 160, height: 10, behind: 0x6e };
const CAPITAL_PX = 9;

/** Burns the colour scale of a heat map into a picture, in place, its lower left corner at (row, column). */
export function drawHeatMapLegend(raster: Raster, scale: HeatMapScale, row: number, column: number): void {
  const low = 'heat map: low';
  const start = Math.ceil(column + rasterTextWidth(low, CAPITAL_PX) + 8);
  const high = fitting(heatMapScaleText(scale).high, raster.columns - start - BAR.width - 8);
  drawText(raster, { text: low, row, column, capitalPx: CAPITAL_PX });
  drawText(raster, { text: high, row, column: start + BAR.width + 8, capitalPx: CAPITAL_PX });
  for (let i = 0; i < BAR.width && start + i < raster.columns; i++) {
    const [red, green, blue, alpha] = heatMapColor((i + 0.5) / BAR.width);
    const over = (color: number) => BAR.behind + ((color - BAR.behind) * alpha) / 255;
    for (let up = 0; up < BAR.height && row - up >= 0; up++)
      raster.rgb.set([over(red), over(green), over(blue)], 3 * ((row - up) * raster.columns + start + i));
  }
}

/** The upper end in words: all of them where there is room. */
function fitting(high: string, width: number): string {
  const whole = `high (${high} or more of the slice's importance in a cell)`;
  return rasterTextWidth(whole, CAPITAL_PX) <= width ? whole : `high (${high} or more)`;
}
