import { currentResult, currentVerdict, type HeldStudy } from '../../archive/index.ts';
import { isEmpty, wilson } from '../../statistics/index.ts';

/** Current results of one finding, and what readers said of them. */
export interface Judged {
  readonly studies: number;
  readonly judged: number;
  readonly disagreed: number;
}

export interface FalseAlerts {
  readonly since: string;
  readonly positive: Judged;
  readonly negative: Judged;
  /** Of the positive ones that were judged, those that readers disagreed with; null where none was judged. */
  readonly falseAlertShare: { readonly value: number; readonly low: number; readonly high: number } | null;
}

/** What readers said of the results since then. */
export function falseAlerts(studies: Iterable<HeldStudy>, since: Date): FalseAlerts {
  const start = since.toISOString();
  const recent = [...studies].filter((held) => (currentResult(held)?.at ?? '') >= start);
  const of = (finding: boolean): Judged => {
    const own = recent.filter((held) => currentResult(held)?.positive === finding);
    const verdicts = own.flatMap((held) => currentVerdict(held) ?? []);
    const disagreed = verdicts.filter(({ opinion }) => opinion === 'disagree').length;
    return { studies: own.length, judged: verdicts.length, disagreed };
  };
  const positive = of(true);
  const share = wilson(positive.disagreed, positive.judged);
  return {
    since: start,
    positive,
    negative: of(false),
    falseAlertShare: isEmpty(share) ? null : { value: share.value, low: share.low, high: share.high },
  };
}
