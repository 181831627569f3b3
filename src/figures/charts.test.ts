/** What charts draw, read back from their SVG in the units of their axes. */
import { expect, test } from 'vitest';
import { at } from '../base/index.ts';
import { calibrationChart } from './calibration-chart.ts';
import { countBarsChart } from './count-bars-chart.ts';
import { axesOf, drawnIn, marksOf } from './drawn-fixture.ts';
import { forestChart } from './forest-chart.ts';
import { probabilityHistogram } from './probability-histogram.ts';
import { precisionRecallChart, rocChart } from './roc-chart.ts';
import { sliceProbabilityChart } from './slice-probability-chart.ts';
import { trainingCurvesChart } from './training-curves-chart.ts';
import { valueHistogram } from './value-histogram.ts';

/** A chart read back; the axes of its first panel. */
async function readBack(svg: Promise<string>) {
  const drawn = drawnIn(await svg);
  const [horizontal, vertical] = [axesOf(drawn, 'horizontal'), axesOf(drawn, 'vertical')];
  const marks = (kind: string, panel = 0) =>
    marksOf(drawn, kind, horizontal[panel] ?? at(horizontal, 0), vertical[panel] ?? at(vertical, 0));
  const texts = drawn.filter(({ kind }) => kind === 'text').map(({ text }) => text);
  return { drawn, horizontal, vertical, marks, texts };
}

const UNIT = [0, 0.2, 0.4, 0.6, 0.8, 1];

test('ROC: curve, band, chance, readers and operating point stand where their figures say', async () => {
  const points = [
    { x: 0, y: 0, low: 0, high: 0.1 },
    { x: 0.25, y: 0.8, low: 0.6, high: 0.9 },
    { x: 1, y: 1, low: 1, high: 1 },
  ];
  const interval = { x: [0.05, 0.2], y: [0.5, 0.85] } as const;
  const readers = [{ label: 'reader', x: 0.1, y: 0.7, interval }];
  const operatingPoint = { label: 'at 0.5', x: 0.25, y: 0.8 };
  const { horizontal, vertical, marks, texts } = await readBack(
    rocChart({ curves: [{ label: 'model', points }], readers, operatingPoint }),
  );
  expect([at(horizontal, 0).labels, at(vertical, 0).labels]).toEqual([UNIT, UNIT]);
  expect(marks('line')).toEqual([
    [
      [0, 0],
      [1, 1],
    ],
    [
      [0, 0],
      [0.25, 0.8],
      [1, 1],
    ],
  ]);
  expect(marks('area')).toEqual([
    [
      [0, 0],
      [0.25, 0.6],
      [1, 1],
      [1, 1],
      [0.25, 0.9],
      [0, 0.1],
    ],
  ]);
  expect(marks('symbol')).toEqual([[[0.1, 0.7]], [[0.25, 0.8]]]);
  expect(marks('rule')).toEqual([
    [
      [0.05, 0.7],
      [0.2, 0.7],
    ],
    [
      [0.1, 0.5],
      [0.1, 0.85],
    ],
  ]);
  expect(texts).toEqual(expect.arrayContaining(['1 \u2212 specificity', 'sensitivity', 'reader', 'at 0.5']));
});

test('precision and recall: steps that go down before they go right, and the line of a guess', async () => {
  const points = [
    { x: 0, y: 1 },
    { x: 0.5, y: 0.75 },
    { x: 1, y: 0.5 },
  ];
  const { marks } = await readBack(
    precisionRecallChart({ curves: [{ label: 'model', points }], prevalence: 0.25 }),
  );
  expect(marks('line')).toEqual([
    [
      [0, 1],
      [0, 0.75],
      [0.5, 0.75],
      [0.5, 0.5],
      [1, 0.5],
    ],
  ]);
  expect(marks('rule')).toEqual([
    [
      [1, 0.25],
      [0, 0.25],
    ],
  ]);
});

test('calibration: a dot a bin, its interval, and the larger a bin the larger its dot', async () => {
  const bins = [
    { predicted: 0.1, observed: 0.2, low: 0.1, high: 0.4, count: 0 },
    { predicted: 0.6, observed: 0.5, count: 40 },
  ];
  const { drawn, marks } = await readBack(calibrationChart({ bins }));
  expect(marks('symbol')).toEqual([[[0.1, 0.2]], [[0.6, 0.5]]]);
  expect(marks('rule').map((ends) => ends.toSorted((a, b) => a[1] - b[1]))).toEqual([
    [
      [0.1, 0.1],
      [0.1, 0.4],
    ],
  ]);
  expect(marks('line')).toContainEqual([
    [0.1, 0.2],
    [0.6, 0.5],
  ]);
  const radii = drawn
    .filter(({ kind, role }) => kind === 'symbol' && role === 'mark')
    .map(({ attributes }) => Number(/^M([\d.]+)/.exec(attributes.d ?? '')?.[1]));
  // Vega's sizes are areas: from 20 to 160
  expect((at(radii, 1) / at(radii, 0)) ** 2).toBeCloseTo(8, 1);
});

test('forest: a row an estimate in the order given, its interval, its figures, and what it is compared with', async () => {
  const rows = [
    { label: 'model', estimate: 0.9, low: 0.85, high: 0.95 },
    { label: 'model', estimate: 0.6, low: 0.5, high: 0.7 },
  ];
  const chart = { measure: 'AUC', rows, range: [0.4, 1] as const, reference: 0.5 };
  const { drawn, horizontal, texts } = await readBack(forestChart(chart));
  const xAt = at(horizontal, 0).valueAt;
  const marks = drawn.filter(({ role }) => role === 'mark');
  const squares = marks.filter(({ kind }) => kind === 'symbol').map(({ from }) => from);
  expect(squares.map(([x]) => Number(xAt(x).toFixed(3)))).toEqual([0.9, 0.6]);
  expect(at(squares, 0)[1]).toBeLessThan(at(squares, 1)[1]);
  const rules = marks.filter(({ kind }) => kind === 'rule').map(({ points }) => points);
  const ends = rules.map((points) =>
    points.map(([x]) => Number(xAt(x).toFixed(3))).toSorted((a, b) => a - b),
  );
  expect(ends).toEqual([
    [0.5, 0.5],
    [0.85, 0.95],
    [0.5, 0.7],
  ]);
  expect(at(rules, 1)[0]?.[1]).toBe(at(squares, 0)[1]);
  expect(texts).toEqual(expect.arrayContaining(['0.90 (0.85 to 0.95)', '0.60 (0.50 to 0.70)', 'AUC']));
});

/** A bar's left and right end and its height, in units of the axes. */
const barsOf = (rectangles: readonly (readonly (readonly [number, number])[])[]) =>
  rectangles.map((corners) => {
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    return [Math.min(...xs), Math.max(...xs), Math.max(...ys)];
  });

test('probabilities: bars of the right bins and heights, 1 in the last bin, and the operating point', async () => {
  const groups = [{ label: 'negative', probabilities: [0, 0.24, 0.25, 0.26, 1] }];
  const { marks, texts } = await readBack(probabilityHistogram({ groups, bins: 4, operatingPoint: 0.5 }));
  expect(barsOf(marks('rect'))).toEqual([
    [0, 0.25, 2],
    [0.25, 0.5, 2],
    [0.5, 0.75, 0],
    [0.75, 1, 1],
  ]);
  expect(marks('rule')[0]?.map(([x]) => x)).toEqual([0.5, 0.5]);
  expect(texts).toContain('negative (5)');
});

test('values: bars count what lies in them, each group on its own axis', async () => {
  const groups = [
    { label: 'without', values: [0, 1, 12, 40] },
    { label: 'with', values: [35, 36] },
  ];
  const { marks } = await readBack(valueHistogram({ measure: 'age (years)', groups, bins: 4 }));
  // A pixel is left free between bars
  const whole = (panel: number) => barsOf(marks('rect', panel)).map((bar) => bar.map(Math.round));
  expect(whole(0)).toHaveLength(4);
  expect(whole(0).slice(0, 3)).toEqual([
    [0, 10, 2],
    [10, 20, 1],
    [30, 40, 1],
  ]);
  expect(whole(1)[3]).toEqual([30, 40, 2]);
});

test('counts: bars as long as their counts on an axis that begins at 0', async () => {
  const rows = [
    { label: 'any', counts: [40, 10] },
    { label: 'epidural', counts: [20, 0] },
  ];
  const chart = countBarsChart({ measure: 'subjects', series: ['training', 'test'], rows });
  const { drawn, horizontal } = await readBack(chart);
  const { labels, valueAt } = at(horizontal, 0);
  expect(labels[0]).toBe(0);
  const bars = drawn
    .filter(({ kind, role }) => kind === 'rect' && role === 'mark')
    .map(({ points }) => points);
  const ends = bars.map((points) => points.map(([x]) => Math.round(10 * valueAt(x)) / 10 + 0));
  expect(ends.map((xs) => [Math.min(...xs), Math.max(...xs)])).toEqual([
    [0, 40],
    [0, 10],
    [0, 20],
    [0, 0],
  ]);
});

test('slices: a point a slice at its position, the operating point across, marks over the slices shown', async () => {
  const positionsMm = [-10, 0, 10, 20];
  const series = [
    { label: 'any', probabilities: [0.1, 0.6, 0.9, 0.3] },
    { label: 'subdural', probabilities: [0, 0.5, 0.8, 0.2] },
  ];
  const { horizontal, vertical, marks, texts } = await readBack(
    sliceProbabilityChart({ positionsMm, series, operatingPoint: 0.5, markedSlices: [2] }),
  );
  expect(at(vertical, 0).labels).toEqual(UNIT);
  const points = positionsMm.map((x, i) => [x, series[0]?.probabilities[i]]);
  expect(marks('line')).toContainEqual(points);
  expect(marks('line')).toContainEqual(positionsMm.map((x, i) => [x, series[1]?.probabilities[i]]));
  const dots = marks('symbol').flat();
  expect(dots.slice(0, 4)).toEqual(points);
  expect(dots.slice(4).map(([x]) => x)).toEqual([10]);
  expect(at(dots, 4)[1]).toBeGreaterThan(1);
  expect(
    new Set(
      marks('rule')
        .flat()
        .map(([, y]) => y),
    ),
  ).toEqual(new Set([0.5]));
  expect(at(horizontal, 0).labels).toEqual(expect.arrayContaining([-10, 20]));
  expect(texts).toContain('threshold 0.5');
});

test('slices at a low threshold: the line stands clear of the base, each slice on its side, ticks at their logits', async () => {
  const positionsMm = [0, 5, 10];
  const series = [{ label: 'any', probabilities: [0.0009, 0.0027, 0.97] }];
  const chart = { positionsMm, series, operatingPoint: 0.00162, heightPx: 200 };
  const drawn = drawnIn(await sliceProbabilityChart(chart));
  const tops = (kind: string, role: string) =>
    drawn.filter((one) => one.kind === kind && one.role === role).flatMap(({ from }) => from[1]);
  const yLabels = drawn.filter(({ role, text }) => role === 'axis-label' && /^0\.\d+$/.test(text));
  expect(yLabels.map(({ text }) => Number(text))).toEqual([0.001, 0.01, 0.1, 0.5, 0.9, 0.99]);
  const [threshold = Number.NaN] = tops('rule', 'mark');
  const [below = Number.NaN, above = Number.NaN, highest = Number.NaN] = tops('symbol', 'mark');
  expect([below - threshold, threshold - above].map((px) => px > 4)).toEqual([true, true]);
  // The axis goes from 0.0001 to 0.999
  const logit = (p: number): number => Math.log(p / (1 - p));
  const px = (200 * (logit(0.97) - logit(0.0027))) / (logit(0.999) - logit(0.0001));
  expect(above - highest).toBeCloseTo(px, 1);
  const texts = drawn.map(({ text }) => text);
  expect(texts).toEqual(expect.arrayContaining(['threshold 0.00162', 'probability (logit scale)']));
});

test('training: curves of each panel over the epochs, and the epoch whose weights were kept', async () => {
  const loss = [0.9, 0.5, 0.4].map((value, i) => ({ epoch: i + 1, value }));
  const auc = [0.6, 0.7, 0.75].map((value, i) => ({ epoch: i + 1, value }));
  const panels = [
    { measure: 'loss', curves: [{ label: 'training', points: loss }] },
    { measure: 'AUC', curves: [{ label: 'validation', points: auc }], range: [0.5, 1] as const },
  ];
  const { marks } = await readBack(trainingCurvesChart({ panels, bestEpoch: 2 }));
  expect(marks('line')[0]).toEqual(loss.map(({ epoch, value }) => [epoch, value]));
  expect(marks('line', 1)[1]).toEqual(auc.map(({ epoch, value }) => [epoch, value]));
  expect(marks('rule').map((ends) => ends.map(([x]) => x))).toEqual([
    [2, 2],
    [2, 2],
  ]);
});

test('training curves: a curve has the same colour in every panel', async () => {
  const points = [
    { epoch: 1, value: 0.7 },
    { epoch: 2, value: 0.6 },
  ];
  const training = { label: 'training', points };
  const validation = { label: 'validation', points };
  const panels = [
    { measure: 'loss', curves: [training, validation] },
    { measure: 'AUC', curves: [validation] },
  ];
  const svg = await trainingCurvesChart({ panels });
  const strokes = [...svg.matchAll(/<path[^>]* stroke="([^"]+)" stroke-width="1.75"/g)];
  const [ofTraining, ofValidation, ofAuc] = strokes.map(([, color]) => color);
  expect(strokes).toHaveLength(3);
  expect(ofAuc).toBe(ofValidation);
  expect(ofAuc).not.toBe(ofTraining);
});
