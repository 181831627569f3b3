import type { ReactNode } from 'react';
import { findingState, probabilityText } from '../../src/report/index.ts';
import { keyed } from '../study/actions.ts';
import { Checks } from '../study/findings-panel.tsx';
import { WORDS } from '../words.ts';
import type { ListedStudy, LocalState } from './local-state.ts';

interface Props {
  readonly state: LocalState;
  onChoose(study: number): void;
}

/** In the order in which they were given; each with what came of it. */
export function StudyList({ state: { studies, chosen }, onChoose }: Props): ReactNode {
  return (
    <ol className="studies">
      {studies.map((one) => (
        <li key={one.study} data-state={stateOf(one)}>
          {one.outcome.kind === 'predicted' ? (
            <button
              type="button"
              {...keyed('N B')}
              aria-current={one.study === chosen}
              onClick={() => onChoose(one.study)}
            >
              <Row one={one} />
            </button>
          ) : (
            <Row one={one} />
          )}
          {one.outcome.kind === 'refused' && <Checks checks={one.outcome.checks} />}
          {one.outcome.kind === 'failed' && (
            <p className="fault">
              {one.outcome.text} ({one.outcome.code})
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}

function Row({ one }: { one: ListedStudy }): ReactNode {
  const state = stateOf(one);
  return (
    <>
      <span className={`badge ${state}`}>{WORDS.states[state]}</span>
      {one.outcome.kind === 'predicted' && (
        <span className="number">
          {probabilityText(one.outcome.shown.prediction.anyHemorrhage.probability)}
        </span>
      )}
      <span className="name" title={one.name}>
        {one.name}
      </span>
    </>
  );
}

const stateOf = ({ outcome }: ListedStudy): keyof typeof WORDS.states =>
  outcome.kind === 'predicted' ? findingState(outcome.shown.prediction) : outcome.kind;
