import type { ReactNode } from 'react';
import { HEMORRHAGE_CLASSES } from '../../src/base/index.ts';
import type { Prediction } from '../../src/prediction/index.ts';
import {
  type CardFigure,
  figuresAt,
  findingLine,
  findingState,
  missesLine,
  namedPointText,
  probabilityText,
  slicesLine,
} from '../../src/report/index.ts';
import type { RefusedStudy } from '../../src/study/index.ts';
import { InTurn } from '../in-turn.tsx';
import { WORDS } from '../words.ts';
import { keyed } from './actions.ts';

interface Props {
  readonly prediction: Prediction;
  readonly figures: readonly CardFigure[];
  readonly warning?: ReactNode;
  /** Below all that the model says. */
  readonly footer?: ReactNode;
  readonly children?: ReactNode;
}

/** What was found, in words and numbers; the same sentences as in the report. */
export function FindingsPanel({ prediction, figures, warning, footer, children }: Props): ReactNode {
  return (
    <aside className="findings" aria-label={WORDS.study.findings}>
      <InTurn>
        <Finding prediction={prediction} warning={warning} />
        <Probabilities prediction={prediction} />
        {children}
        <Basis prediction={prediction} figures={figures} />
        {footer}
      </InTurn>
    </aside>
  );
}

function Finding({ prediction, warning }: Pick<Props, 'prediction' | 'warning'>): ReactNode {
  const misses = missesLine(prediction);
  return (
    <>
      <p className="print-only">{WORDS.study.printed}</p>
      <p className={`verdict ${findingState(prediction)}`}>{findingLine(prediction)}</p>
      <p>{slicesLine(prediction)}</p>
      {misses !== undefined && <p className="muted">{misses}</p>}
      {warning}
    </>
  );
}

/** What it rests on. */
function Basis({ prediction, figures }: Pick<Props, 'prediction' | 'figures'>): ReactNode {
  const { model, software, checks } = prediction;
  // What a reader of one study asks of a model: how often it misses, how often it is wrong, where it speaks
  const first = figuresAt(figures, prediction);
  return (
    <>
      <h2>{WORDS.study.checks}</h2>
      <Checks checks={checks} />
      <h2>{WORDS.study.model}</h2>
      <p className="muted">
        {model.name}, {software.name} {software.version}
      </p>
      <Figures figures={first} />
      {figures.length > 0 && first.length === 0 && (
        <p className="muted">{WORDS.study.noFigures(namedPointText(prediction))}</p>
      )}
      {figures.length > 0 && (
        <details>
          <summary id="figures" {...keyed('M')}>
            {WORDS.study.moreFigures}
          </summary>
          <Figures figures={figures.filter((figure) => !first.includes(figure))} />
        </details>
      )}
    </>
  );
}

function Figures({ figures }: { figures: readonly CardFigure[] }): ReactNode {
  return (
    <dl className="figures">
      {figures.map(({ label, value, measured }) => (
        <div key={`${label} ${measured}`} title={measured}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Probabilities({ prediction }: { prediction: Prediction }): ReactNode {
  const { anyHemorrhage, subtypes, subtypesReason } = prediction;
  const verdicts = { anyHemorrhage, ...subtypes };
  return (
    <>
      <h2>{WORDS.study.probabilities}</h2>
      <table className="probabilities">
        <tbody>
          {HEMORRHAGE_CLASSES.filter(({ name }) => verdicts[name] !== undefined).map(({ name, label }) => {
            const { probability = 0, positive = false } = verdicts[name] ?? {};
            return (
              <tr key={name} className={positive ? 'above' : 'below'}>
                <th scope="row">{label}</th>
                <td>
                  <meter min={0} max={1} value={probability} aria-label={label} />
                </td>
                <td className="number">{probabilityText(probability)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {subtypes === null && <p className="muted">{subtypesReason ?? WORDS.study.subtypesNone}</p>}
    </>
  );
}

/** The words of a check as the report has them; what was refused or warned stands out. */
export function Checks({ checks }: { checks: Prediction['checks'] | RefusedStudy['checks'] }): ReactNode {
  if (checks.length === 0) return <p className="muted">{WORDS.study.checksNone}</p>;
  return (
    <ul className="checks">
      {[...checks.entries()].map(([i, { code, severity, text }]) => (
        <li key={i} className={severity} data-code={code}>
          <b>{severity}</b> {text}
        </li>
      ))}
    </ul>
  );
}
