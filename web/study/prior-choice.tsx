import type { ReactNode } from 'react';
import { WORDS } from '../words.ts';
import { keyed } from './actions.ts';
import { olderPrior, type PriorsOnPage, switchPrior } from './prior.ts';
import type { SideBySide } from './side-by-side.ts';

interface Props {
  readonly prior: PriorsOnPage;
  readonly sides: SideBySide;
  onLink(): void;
  onActive(): void;
}

const words = WORDS.prior;

/** Whether a prior stands beside the study, which, and whether the two scroll together. */
export function PriorChoice({ prior, sides, onLink, onActive }: Props): ReactNode {
  const { priors, chosen, reason } = prior;
  if (priors === undefined || priors.length === 0)
    return (
      <fieldset>
        <legend>{words.title}</legend>
        <span className="muted">{priors === undefined ? words.asking : whyNone(reason)}</span>
      </fieldset>
    );
  return (
    <fieldset>
      <legend>{words.title}</legend>
      <button
        type="button"
        aria-pressed={chosen !== undefined}
        {...keyed('o')}
        onClick={() => switchPrior(prior)}
      >
        {words.beside}
      </button>
      {chosen !== undefined && (
        <>
          {priors.length > 1 && (
            <button type="button" {...keyed('y')} onClick={() => olderPrior(prior)}>
              {words.older}
            </button>
          )}
          <button type="button" aria-pressed={sides.isLinked} {...keyed('g')} onClick={onLink}>
            {words.linked}
          </button>
          <button type="button" aria-pressed={sides.active === 'prior'} {...keyed('q')} onClick={onActive}>
            {words.keysHere}
          </button>
        </>
      )}
    </fieldset>
  );
}

const whyNone = (reason: string | undefined): string =>
  reason === undefined ? words.none : words.unknown(reason);
