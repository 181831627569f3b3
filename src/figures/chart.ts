import { parse, textMetrics, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import type { TopLevelSpec } from 'vega-lite';
import { compile } from 'vega-lite';
import { at } from '../base/index.ts';
import { escapeMarkup } from './markup.ts';
import { CHART_CONFIG, FONT_STACK, INK, seriesStyle } from './theme.ts';

/** What every chart takes besides its data. */
export interface ChartFrame {
  /** Unique on the page that the chart goes into; keeps two charts' clip paths apart. Letters, digits, `-`. */
  readonly id?: string;
  /** Drawn above the chart; absent: no title. */
  readonly title?: string;
  /** Read aloud instead of the picture; each chart has a fitting one of its own. */
  readonly description?: string;
  /** Of the plot, without axes, px. */
  readonly widthPx?: number;
  readonly heightPx?: number;
}

type WithoutFrame<Spec> = Spec extends unknown ? Omit<Spec, '$schema' | 'config'> : never;

/** A Vega-Lite specification; the theme is added when it is drawn. */
export type ChartSpec = WithoutFrame<TopLevelSpec>;
export type Layer = Extract<ChartSpec, { layer: unknown }>['layer'][number];

// a canvas package that happens to be installed would measure text, and so place labels, differently
textMetrics.canvas(false);

/** Numbers the ids from 1 in this picture: vega counts on through the whole process. */
function ownIds(svg: string, prefix: string): string {
  const ids = [...new Set([...svg.matchAll(/ id="([^"]+)"/g)].map((match) => at(match, 1)))];
  return ids.reduce(
    (text, id, i) =>
      text
        .replaceAll(`id="${id}"`, `id="${prefix}-${i + 1}"`)
        .replaceAll(`url(#${id})`, `url(#${prefix}-${i + 1})`),
    svg,
  );
}

/** What the page needs not carry: the font once instead of on every label, no roles inside of one image. */
const LEFT_OUT = [
  / font-family="[^"]*"/g,
  / (aria-hidden|role|pointer-events)="[^"]*"/g,
  /<path class="(background|foreground)" d="(M0,0h0v0h0Z)?"( display="none")?\/>/g,
];

/** Marks the picture as one image with a text alternative. */
function describe(svg: string, description: string): string {
  const lean = LEFT_OUT.reduce((text, pattern) => text.replace(pattern, ''), svg);
  const root = [
    '<svg xmlns="http://www.w3.org/2000/svg" role="img"',
    `aria-label="${escapeMarkup(description)}" font-family="${escapeMarkup(FONT_STACK)}" width`,
  ];
  return lean.replace(/<svg [^>]*? width/, () => root.join(' '));
}

/** A Vega-Lite specification as an SVG text; the same specification gives the same bytes. */
export async function renderChart(spec: ChartSpec, frame: ChartFrame, description: string): Promise<string> {
  const compiled = compile({ ...spec, config: CHART_CONFIG } as TopLevelSpec);
  // Vega makes code of a chart's expressions, which a page's content security policy forbids; read, they give the same
  const view = new View(parse(compiled.spec, undefined, { ast: true }), {
    renderer: 'none',
    expr: expressionInterpreter,
  });
  try {
    const svg = await view.toSVG();
    return describe(ownIds(svg, frame.id ?? 'chart'), frame.description ?? description);
  } finally {
    view.finalize();
  }
}

/** Title and size as Vega-Lite wants them. */
export function framed(frame: ChartFrame, widthPx: number, heightPx: number) {
  return { ...titled(frame), width: frame.widthPx ?? widthPx, height: frame.heightPx ?? heightPx };
}

/** The title alone: of charts made of panels. */
export function titled({ title }: ChartFrame): { title: string } | Record<never, never> {
  return title === undefined ? {} : { title };
}

/** A quantitative axis from 0 to 1. */
export function unitAxis(title: string) {
  return {
    type: 'quantitative' as const,
    title,
    scale: { domain: [0, 1], nice: false },
    axis: { values: [0, 0.2, 0.4, 0.6, 0.8, 1], format: '.1f', labelOverlap: false },
  };
}

/** Colour and dash by the field `label`, in the order given; one legend for both. */
export function seriesEncoding(labels: readonly string[]) {
  const scale = <T>(range: T[]) => ({ domain: [...labels], range });
  const legend = labels.length > 1 ? {} : null;
  return {
    color: {
      field: 'label',
      type: 'nominal' as const,
      sort: null,
      scale: scale(labels.map((_, i) => seriesStyle(i).color)),
      legend,
    },
    strokeDash: {
      field: 'label',
      type: 'nominal' as const,
      sort: null,
      scale: scale(labels.map((_, i) => [...seriesStyle(i).dash])),
      legend,
    },
  };
}

/** A thin grey line from corner to corner: chance, or perfect calibration. */
export function diagonal(): Layer {
  return {
    data: {
      values: [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
    },
    mark: { type: 'line', color: INK.axis, strokeWidth: 1, strokeDash: [3, 3] },
    encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
  };
}
