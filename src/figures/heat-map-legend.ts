import type { HeatMapScale } from './heat-map-colors.ts';
import { HEAT_MAP_CELLS, heatMapColor } from './heat-map-colors.ts';
import { escapeMarkup } from './markup.ts';
import { FONT_STACK, INK } from './theme.ts';

/** What the ends of the scale mean, in words for a legend or a caption. */
export function heatMapScaleText(scale: HeatMapScale): { readonly low: string; readonly high: string } {
  const times = Math.round(scale.highestShare * HEAT_MAP_CELLS ** 2);
  const percent = Number((100 * scale.highestShare).toPrecision(3));
  return {
    low: '0',
    high: `${percent} % of the slice's importance per cell (${times} times the even share)`,
  };
}

/** The colours over mid grey, as they look on brain in the brain window, as an SVG text. */
export function heatMapLegend(scale: HeatMapScale, title = 'importance'): string {
  const width = 420;
  const bar = { x: 76, y: 4, width: 150, height: 12 };
  const { low, high } = heatMapScaleText(scale);
  const steps = 50;
  const cells = Array.from({ length: steps }, (_, i) => {
    const [red, green, blue, alpha] = heatMapColor((i + 0.5) / steps);
    const x = bar.x + (i * bar.width) / steps;
    const fill = `fill="rgb(${red},${green},${blue})" fill-opacity="${(alpha / 255).toFixed(3)}"`;
    return `<rect x="${x}" y="${bar.y}" width="${bar.width / steps}" height="${bar.height}" ${fill}/>`;
  });
  const text = (x: number, y: number, anchor: string, words: string) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${INK.text}">${escapeMarkup(words)}</text>`;
  const backdrop = `<rect x="${bar.x}" y="${bar.y}" width="${bar.width}" height="${bar.height}" fill="#6e6e6e"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeMarkup(`Colour scale: ${title} from ${low} (transparent) to ${high} (red)`)}"`,
    ` width="${width}" height="34" viewBox="0 0 ${width} 34" font-family='${FONT_STACK}' font-size="10.5">`,
    backdrop,
    ...cells,
    text(bar.x - 8, 14, 'end', title),
    text(bar.x, 29, 'start', `${low} (transparent)`),
    text(bar.x + bar.width + 8, 14, 'start', high.split(' (')[0] as string),
    text(bar.x + bar.width + 8, 29, 'start', `(${high.split(' (')[1]}`),
    '</svg>',
  ].join('');
}
