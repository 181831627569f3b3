import type { ReactNode } from 'react';
import { probabilityText } from '../../src/report/index.ts';
import { WORDS } from '../words.ts';
import { NamedPane } from './named-pane.tsx';
import type { Size } from './placement.ts';
import type { Prior, PriorsOnPage } from './prior.ts';
import { SliceView } from './slice-view.tsx';
import type { View } from './view.ts';

interface Props {
  readonly prior: PriorsOnPage;
  readonly view: View | undefined;
  readonly fittedMm: Size | undefined;
  readonly isActive: boolean;
  onActive(): void;
  onChange(change: (view: View) => View): void;
}

const words = WORDS.prior;

/** The prior's slices, without a map; or how far it is read, or why it cannot be. */
export function PriorPane({ prior, view, fittedMm, isActive, onActive, onChange }: Props): ReactNode {
  const { chosen, pane, fault, progress } = prior;
  if (chosen === undefined) return null;
  const name = priorName(chosen);
  return (
    <NamedPane name={name} kind="prior" isActive={isActive} onActive={onActive}>
      {pane !== undefined && view !== undefined ? (
        <SliceView pane={pane} view={view} fittedMm={fittedMm} name={name} onChange={onChange} />
      ) : (
        <div className="slice-view waiting">
          {fault === undefined ? (
            <p role="status">
              {words.reading}
              <progress aria-label={words.reading} value={progress?.done} max={progress?.total} />
            </p>
          ) : (
            <p className="fault" role="alert">
              {words.unreadable} {fault}
            </p>
          )}
        </div>
      )}
    </NamedPane>
  );
}

function priorName({ studyDate, studyTime, anyHemorrhage }: Prior): string {
  const when = studyTime === undefined ? studyDate : `${studyDate}, ${studyTime}`;
  if (anyHemorrhage === undefined) return `${words.title} ${when}`;
  const { positive, probability } = anyHemorrhage;
  return `${words.title} ${when}: ${WORDS.states[positive ? 'positive' : 'below']}, ${probabilityText(probability)}`;
}
