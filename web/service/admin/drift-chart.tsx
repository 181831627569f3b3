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
/** So many kinds are named, each under its bars; of more the first and the last. */
const MOST_NAMED = 3;

/** Two bars a label: the reference period's share and the recent one. The table beside it says the same in words. */
export function DriftChart({ figure, isAlarm }: { figure: ChartFigure; isAlarm: boolean }): ReactNode {
  const { labels, reference, recent } = figure;
  const highest = Math.max(...reference, ...recent, 0.01);
  const isNamed = labels.length <= MOST_NAMED;
  const step = WIDTH / Math.max(1, labels.length);
  const bar = (shares: readonly number[], i: number, side: 0 | 1) => {
    const height = (HEIGHT * (shares[i] ?? 0)) / highest;
    return { x: i * step + (side * step) / 2, y: HEIGHT - height, width: step / 2 - 1, height };
  };
  if (![...reference, ...recent].some((share) => share > 0)) return null;
  return (
    <div className="chart-box">
      <svg
        className="chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
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
      <span className={`chart-labels ${isNamed ? '' : 'ends'}`} aria-hidden="true">
        {(isNamed ? labels : [labels[0], labels.at(-1)]).map((label) => (
          <span key={label} title={label}>
            {label}
          </span>
        ))}
      </span>
    </div>
  );
}
