import { memo, type ReactNode } from 'react';
import { probabilityText } from '../../src/report/index.ts';
import { classText, WORDS } from '../words.ts';
import type { ClassCurve } from './shown-study.ts';

const words = WORDS.study;
const [WIDTH, HEIGHT, MARGIN] = [1000, 100, 6];

interface Props {
  /** The same object while nothing of it changes. */
  readonly curve: ClassCurve;
  readonly slice: number;
  /** Slices that a reader marked. */
  readonly marked?: ReadonlySet<number>;
  onChoose(slice: number): void;
}

/** Probability of the chosen class along the slices, inferior at the left; a click goes to the slice. */
export function ProbabilityCurve({ curve, slice, marked, onChoose }: Props): ReactNode {
  const { probabilities, thresholdText } = curve;
  const title = words.curve(classText(curve.name));
  const step = WIDTH / probabilities.length;
  const threshold = yOf(curve.threshold);
  return (
    <figure className="curve">
      <figcaption>
        {title}{' '}
        <span className="muted">
          ({words.threshold} {thresholdText})
        </span>
      </figcaption>
      <div
        className="bars"
        role="slider"
        tabIndex={0}
        aria-label={title}
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
          <Bars curve={curve} slice={slice} />
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
const Bars = memo(({ curve, slice }: Pick<Props, 'curve' | 'slice'>): ReactNode => {
  const step = WIDTH / curve.probabilities.length;
  // A model may say nothing of single slices
  return [...curve.probabilities.entries()].map(([i, probability = 0]) => (
    <rect
      key={i}
      className={barClass(probability, curve.threshold, i === slice)}
      x={i * step + step * 0.1}
      width={step * 0.8}
      y={yOf(probability) - 1}
      height={HEIGHT - MARGIN - yOf(probability) + 1}
    />
  ));
});

const barClass = (probability: number, threshold: number, isHere: boolean): string =>
  [probability >= threshold ? 'above' : 'below', ...(isHere ? ['shown'] : [])].join(' ');

function sliceUnder(event: { clientX: number; currentTarget: Element }, slices: number): number {
  const { left, width } = event.currentTarget.getBoundingClientRect();
  return Math.min(slices - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * slices)));
}
