import type { HeatMapScale } from './heat-map-colors.ts';
import { heatMapColor } from './heat-map-colors.ts';
import { escapeMarkup } from './markup.ts';
import { FONT_STACK, INK } from './theme.ts';

const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;

/** What the ends of the scale mean, in words for a legend or a caption. */
export function heatMapScaleText({ cells, highestShare }: HeatMapScale): {
  readonly high: string;
  readonly meaning: string;
} {
  const even = percent(1 / cells ** 2);
  return {
    high: percent(highestShare),
    meaning: `share of the slice's importance in one of ${cells} x ${cells} cells (spread evenly: ${even})`,
  };
}

const BAR = { x: 70, y: 3, width: 150, height: 12, steps: 50 };
const SIZE = { width: 640, height: 32 };

/** The colours over mid grey, as they look on brain in the brain window. */
function colorBar(): string {
  const { x, y, width, height, steps } = BAR;
  const rect = (left: number, wide: number, paint: string) =>
    `<rect x="${left}" y="${y}" width="${wide}" height="${height}" ${paint}/>`;
  const cells = Array.from({ length: steps }, (_, i) => {
    const [red, green, blue, alpha] = heatMapColor((i + 0.5) / steps);
    const paint = `fill="rgb(${red},${green},${blue})" fill-opacity="${(alpha / 255).toFixed(3)}"`;
    return rect(x + (i * width) / steps, width / steps, `${paint} shape-rendering="crispEdges"`);
  });
  return rect(x, width, 'fill="#6e6e6e"') + cells.join('');
}

/** The colour scale of a display of heat maps as an SVG text: from transparent to red, with what the ends mean. */
export function heatMapLegend(scale: HeatMapScale, title = 'importance'): string {
  const { high, meaning } = heatMapScaleText(scale);
  const text = (x: number, y: number, anchor: string, words: string) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${INK.text}">${escapeMarkup(words)}</text>`;
  const label = `Colour scale of the heat maps: ${title} from 0 (transparent) to ${high} or more (red), ${meaning}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeMarkup(label)}"`,
    ` width="${SIZE.width}" height="${SIZE.height}" viewBox="0 0 ${SIZE.width} ${SIZE.height}"`,
    ` font-family="${escapeMarkup(FONT_STACK)}" font-size="10.5">`,
    colorBar(),
    text(BAR.x - 8, 13, 'end', title),
    text(BAR.x, 28, 'start', 'low: 0'),
    text(BAR.x + BAR.width, 28, 'end', `high: ${high} or more`),
    text(BAR.x + BAR.width + 12, 13, 'start', meaning),
    '</svg>',
  ].join('');
}
