import type { ReactNode } from 'react';
import { WORDS } from '../../words.ts';
import { percent } from '../texts.ts';

export interface ChartFigure {
  readonly text: string;
  readonly labels: readonly string[];
  readonly reference: readonly number[];
  readonly recent: readonly number[];
}

const [WIDTH, HEIGHT] = [220, 44];

/** Two bars a label: the reference period's share and the recent one. The table beside it says the same in words. */
export function DriftChart({ figure, isAlarm }: { figure: ChartFigure; isAlarm: boolean }): ReactNode {
  const { labels, reference, recent } = figure;
  const highest = Math.max(...reference, ...recent, 0.01);
  const step = WIDTH / Math.max(1, labels.length);
  const bar = (shares: readonly number[], i: number, side: 0 | 1) => {
    const height = (HEIGHT * (shares[i] ?? 0)) / highest;
    return { x: i * step + (side * step) / 2, y: HEIGHT - height, width: step / 2 - 1, height };
  };
  return (
    <svg
      className="chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`${figure.text}: ${WORDS.admin.drift.chart}`}
    >
      {[...labels.entries()].map(([i, label]) => (
        <g key={label}>
          <title>
            {label}: {percent(reference[i] ?? 0)}, {percent(recent[i] ?? 0)}
          </title>
          <rect className="reference" {...bar(reference, i, 0)} />
          <rect className={`recent ${isAlarm ? 'alarm' : ''}`} {...bar(recent, i, 1)} />
        </g>
      ))}
    </svg>
  );
}
