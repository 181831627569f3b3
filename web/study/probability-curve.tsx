import { memo, type ReactNode, useMemo } from 'react';
import { type ProbabilityScale, probabilityScale } from '../../src/figures/index.ts';
import { probabilityText } from '../../src/report/index.ts';
import { classText, WORDS } from '../words.ts';
import type { ClassCurve } from './shown-study.ts';

const words = WORDS.study;
const [WIDTH, HEIGHT, MARGIN] = [1000, 100, 6];

interface Props {
  /** The same object while nothing of it changes. */
  readonly curve: ClassCurve;
  readonly slice: number;
  /** What is to be known of the shown slice: beside the picture, for nothing may lie on it. */
  readonly note: string | undefined;
  /** Slices that a reader marked. */
  readonly marked?: ReadonlySet<number>;
  onChoose(slice: number): void;
}

/** Probability of the chosen class along the slices, inferior at the left; a click goes to the slice. */
export function ProbabilityCurve({ curve, slice, note, marked, onChoose }: Props): ReactNode {
  const { probabilities, thresholdText } = curve;
  const title = words.curve(classText(curve.name));
  const step = WIDTH / probabilities.length;
  const scale = useMemo(() => probabilityScale(curve.threshold), [curve]);
  const threshold = yOf(scale, curve.threshold);
  return (
    <figure className="curve">
      <figcaption>
        <span className="of">
          {title}{' '}
          <span className="muted">
            ({words.threshold} {thresholdText}
            {scale.kind === 'logit' && `, ${words.logitScale}`})
          </span>
        </span>
        {note !== undefined && <span className="note">{note}</span>}
      </figcaption>
      <Ticks scale={scale} />
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
          <Bars curve={curve} scale={scale} />
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

const yOf = ({ shareOf }: ProbabilityScale, probability: number): number =>
  MARGIN + (HEIGHT - 2 * MARGIN) * (1 - shareOf(probability));

/** Left of the bars: which probability stands how high. */
const Ticks = ({ scale }: { readonly scale: ProbabilityScale }): ReactNode => (
  <div className="ticks" aria-hidden="true">
    {scale.ticks.map((tick) => (
      <span key={tick} style={{ top: `${(100 * yOf(scale, tick)) / HEIGHT}%` }}>
        {tick}
      </span>
    ))}
  </div>
);

/** Two shapes, however many bars: hundreds of elements would keep the page from answering while they are styled and laid out. */
const Bars = memo(
  ({ curve, scale }: Pick<Props, 'curve'> & { readonly scale: ProbabilityScale }): ReactNode => {
    const { probabilities, threshold } = curve;
    const step = WIDTH / probabilities.length;
    const shapes = { below: '', above: '' };
    // A model may say nothing of single slices
    for (const [i, probability = 0] of probabilities.entries()) {
      const top = yOf(scale, probability) - 1;
      shapes[probability >= threshold ? 'above' : 'below'] += barAt((i + 0.1) * step, top, step * 0.8);
    }
    return Object.entries(shapes).map(([side, d]) => <path key={side} className={side} d={d} />);
  },
);

const barAt = (left: number, top: number, width: number): string =>
  `M${left.toFixed(2)} ${top.toFixed(2)}h${width.toFixed(2)}V${HEIGHT - MARGIN}h${(-width).toFixed(2)}z`;

function sliceUnder(event: { clientX: number; currentTarget: Element }, slices: number): number {
  const { left, width } = event.currentTarget.getBoundingClientRect();
  return Math.min(slices - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * slices)));
}
