import { type ReactNode, useEffect, useState } from 'react';
import { z } from 'zod';
import { WORDS } from '../words.ts';
import { ask } from './ask.ts';
import { percent } from './texts.ts';

const summarySchema = z.object({
  positive: z.object({ studies: z.number(), judged: z.number(), disagreed: z.number() }),
  falseAlertShare: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
});
export type Summary = z.infer<typeof summarySchema>;

/** How often an alert was false, in the readers' own words: whoever hides it is not trusted. Asked anew with the list. */
export function FalseAlerts({ answeredAt }: { answeredAt: number | undefined }): ReactNode {
  const [summary, setSummary] = useState<Summary>();
  useEffect(() => {
    if (answeredAt === undefined) return;
    const ending = new AbortController();
    ask(summarySchema, 'api/verdicts/summary?days=30', ending.signal).then(setSummary, () => {
      // A lost service is told by the list itself; a figure that may be old is not shown
      if (!ending.signal.aborted) setSummary(undefined);
    });
    return () => ending.abort();
  }, [answeredAt]);
  return <p className="false-alerts">{summary && falseAlertsText(summary)}</p>;
}

function falseAlertsText({ positive, falseAlertShare }: Summary): string {
  const { judged, disagreed, studies } = positive;
  if (falseAlertShare === null) return WORDS.worklist.alertsUnjudged(studies);
  const { value, low, high } = falseAlertShare;
  return WORDS.worklist.alerts(disagreed, judged, percent(value), `${percent(low)} to ${percent(high)}`);
}
