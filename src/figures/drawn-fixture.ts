import { at } from '../base/index.ts';

type Point = readonly [x: number, y: number];

/** One shape or text of a chart, in px of the whole picture. */
export interface Drawn {
  /** `line`, `symbol`, `rect`, `rule`, `text`, `area`. */
  readonly kind: string;
  /** `mark` of what shows data, `axis-tick`, `axis-label`, `legend-label`, ... */
  readonly role: string;
  /** Where it stands: a rule's first end, a symbol's middle, a text's anchor. */
  readonly from: Point;
  /** The vertices of a path, or the ends of a rule. */
  readonly points: readonly Point[];
  readonly text: string;
  /** Of the axis that it belongs to, counted from 0; -1 outside of axes. */
  readonly axis: number;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Level {
  readonly className: string;
  readonly dx: number;
  readonly dy: number;
  readonly axis: number;
}

const TAG = /<(\/?)(\w+)([^>]*?)(\/?)>([^<]*)/g;

/** Reads a chart back: every leaf of the SVG with its place, through all groups around it. */
export function drawnIn(svg: string): Drawn[] {
  const levels: Level[] = [{ className: '', dx: 0, dy: 0, axis: -1 }];
  const drawn: Drawn[] = [];
  let axes = 0;
  for (const [, closing, tag, written = '', alone, text = ''] of svg.matchAll(TAG)) {
    if (closing) {
      if (tag === 'g') levels.pop();
      continue;
    }
    const attributes = attributesIn(written);
    const above = at(levels, levels.length - 1);
    const [dx, dy] = translationOf(attributes.transform);
    const from: Point = [above.dx + dx, above.dy + dy];
    if (tag === 'g') {
      if (alone) continue;
      const { class: className = above.className } = attributes;
      const axis = /role-axis$/.test(className) && attributes.class ? axes++ : above.axis;
      levels.push({ className, dx: from[0], dy: from[1], axis });
      continue;
    }
    const [, kind = '', role = ''] = /mark-(\w+) role-([\w-]+)/.exec(above.className) ?? [];
    const points = pointsOf(attributes).map(([x, y]): Point => [from[0] + x, from[1] + y]);
    if (!/background|foreground/.test(attributes.class ?? ''))
      drawn.push({ kind, role, from, points, text, axis: above.axis, attributes });
  }
  return drawn;
}

const attributesIn = (written: string): Record<string, string> =>
  Object.fromEntries(
    [...written.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );

function translationOf(transform = ''): Point {
  const [, x = '0', y = '0'] = /^translate\(([^,]+),([^)]+)\)/.exec(transform) ?? [];
  return [Number(x), Number(y)];
}

/** The vertices of a path of straight lines; the two ends of a line. */
function pointsOf({ d, x2, y2 }: Readonly<Record<string, string>>): Point[] {
  if (d === undefined) return [[0, 0], ...(x2 === undefined ? [] : [[Number(x2), Number(y2)] as const])];
  let [x, y] = [0, 0];
  return [...d.matchAll(/([MLHVhv])([\d.e-]+)(?:,([\d.e-]+))?/g)].map(
    ([, letter = '', first, second]): Point => {
      const value = Number(first);
      if (letter === 'h') x += value;
      else if (letter === 'v') y += value;
      else if (letter === 'H') x = value;
      else if (letter === 'V') y = value;
      else [x, y] = [value, Number(second)];
      return [x, y];
    },
  );
}

/** An axis read back: its ticks stand where their labels say. */
export interface DrawnAxis {
  readonly labels: readonly number[];
  /** Of a coordinate in px. */
  readonly valueAt: (px: number) => number;
}

/** Axes that have ticks, the horizontal or the vertical ones, in the order in which they are drawn. */
export function axesOf(drawn: readonly Drawn[], direction: 'horizontal' | 'vertical'): DrawnAxis[] {
  const coordinate = direction === 'horizontal' ? 0 : 1;
  const ticks = drawn.filter(({ role, points }) => {
    const [one, other] = [at(points, 0), at(points, points.length - 1)];
    return role === 'axis-tick' && one[coordinate] === other[coordinate];
  });
  return [...Map.groupBy(ticks, ({ axis }) => axis)].map(([axis, own]) => {
    const labels = drawn
      .filter((one) => one.axis === axis && one.role === 'axis-label')
      .map(({ text }) => Number(text.replace('\u2212', '-')));
    const places = own.map(({ from }) => from[coordinate] - HALF_PIXEL);
    const [first, last] = [at(places, 0), at(places, places.length - 1)];
    const [low, high] = [at(labels, 0), at(labels, labels.length - 1)];
    const valueAt = (px: number): number => low + ((px - first) / (last - first)) * (high - low);
    for (const [i, label] of labels.entries()) {
      const drawnAt = valueAt(at(places, i));
      if (Math.abs(drawnAt - label) > Math.abs(high - low) / 500)
        throw new Error(`the tick called ${label} stands at ${drawnAt}`);
    }
    return { labels, valueAt };
  });
}

/** Axes stand half a pixel aside, so that their lines are sharp. */
const HALF_PIXEL = 0.5;

/** Marks of a kind, each as its points in the units of two axes, rounded to thousandths. */
export function marksOf(
  drawn: readonly Drawn[],
  kind: string,
  { valueAt: xAt }: DrawnAxis,
  { valueAt: yAt }: DrawnAxis,
): Point[][] {
  const thousandths = (value: number): number => Math.round(1000 * value) / 1000 + 0;
  return drawn
    .filter((one) => one.kind === kind && one.role === 'mark')
    .map(({ from, points }) => (kind === 'symbol' ? [from] : points))
    .map((points) => points.map(([x, y]): Point => [thousandths(xAt(x)), thousandths(yAt(y))]));
}
