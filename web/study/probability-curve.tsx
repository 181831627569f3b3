import { memo, type ReactNode } from 'react';
import type { Prediction } from '../../src/prediction/index.ts';
import { namedPointText, probabilityText } from '../../src/report/index.ts';
import { WORDS } from '../words.ts';
import { sliceProbabilities } from './shown-study.ts';

const words = WORDS.study;
const [WIDTH, HEIGHT, MARGIN] = [1000, 100, 6];

interface Props {
  readonly prediction: Prediction;
  readonly slice: number;
  /** Slices that a reader marked. */
  readonly marked?: ReadonlySet<number>;
  onChoose(slice: number): void;
}

/** Probability of any hemorrhage along the slices, inferior at the left; a click goes to the slice. */
export function ProbabilityCurve({ prediction, slice, marked, onChoose }: Props): ReactNode {
  const probabilities = sliceProbabilities(prediction);
  const step = WIDTH / probabilities.length;
  const threshold = yOf(prediction.operatingPoint);
  return (
    <figure className="curve">
      <figcaption>
        {words.curve}{' '}
        <span className="muted">
          ({words.threshold} {namedPointText(prediction)})
        </span>
      </figcaption>
      <div
        className="bars"
        role="slider"
        tabIndex={0}
        aria-label={words.curve}
        aria-valuemin={1}
        aria-valuemax={probabilities.length}
        aria-valuenow={slice + 1}
        aria-valuetext={words.curveAt(slice + 1, probabilityText(probabilities[slice] ?? 0))}
        onPointerDown={(event) => onChoose(sliceUnder(event, probabilities.length))}
        onPointerMove={(event) => {
          if (event.buttons === 1) onChoose(sliceUnder(event, probabilities.length));
        }}
      >
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <Bars prediction={prediction} slice={slice} />
          {[...(marked ?? [])].map((i) => (
            <path key={i} className="mark" d={`M${(i + 0.15) * step} 0h${step * 0.7}v8h${-step * 0.7}z`} />
          ))}
          <line className="threshold" x1={0} x2={WIDTH} y1={threshold} y2={threshold} />
          <path className="here" d={`M${(slice + 0.5) * step} 0V${HEIGHT}`} />
        </svg>
      </div>
    </figure>
  );
}

const yOf = (probability: number): number => MARGIN + (HEIGHT - 2 * MARGIN) * (1 - probability);

/** Hundreds in a thin series: not drawn anew for each picture that comes. */
const Bars = memo(({ prediction, slice }: Pick<Props, 'prediction' | 'slice'>): ReactNode => {
  const probabilities = sliceProbabilities(prediction);
  const step = WIDTH / probabilities.length;
  return [...probabilities.entries()].map(([i, probability]) => (
    <rect
      key={i}
      className={barClass(probability, prediction.operatingPoint, i === slice)}
      x={i * step + step * 0.1}
      width={step * 0.8}
      y={yOf(probability) - 1}
      height={HEIGHT - MARGIN - yOf(probability) + 1}
    />
  ));
});

const barClass = (probability: number, operatingPoint: number, isHere: boolean): string =>
  [probability >= operatingPoint ? 'above' : 'below', ...(isHere ? ['shown'] : [])].join(' ');

function sliceUnder(event: { clientX: number; currentTarget: Element }, slices: number): number {
  const { left, width } = event.currentTarget.getBoundingClientRect();
  return Math.min(slices - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * slices)));
}
