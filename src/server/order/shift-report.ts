import { galleryHtml, type Table, tableCsv, tableHtml, tablesPage } from '../../evaluation/index.ts';
import { html, waitingChart } from '../../figures/index.ts';
import type { Rates, Shift, SimulatedShift } from './simulate-shift.ts';

export interface ShiftReport {
  /** What was found, a line each. */
  readonly lines: readonly string[];
  /** By name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Table, chart and page of a simulated shift. @param source of the rates, in words */
export async function shiftReport(
  shift: Shift,
  rates: Rates,
  source: string,
  found: SimulatedShift,
): Promise<ShiftReport> {
  const table = tableOf(shift, rates, source, found);
  const { inOrder, triage } = found;
  const svg = await waitingChart({
    id: 'waits',
    mostMinutes: Math.max(triage.others.ninetieth, inOrder.others.ninetieth) * 1.5,
    curves: [
      { label: 'hemorrhage, first come first served', waits: inOrder.ofBleeding },
      { label: 'hemorrhage, by triage', waits: triage.ofBleeding },
      { label: 'no hemorrhage, first come first served', waits: inOrder.ofOthers },
      { label: 'no hemorrhage, by triage', waits: triage.ofOthers },
    ],
  });
  const lines = linesOf(shift, found);
  const body = html`${lines.map((line) => html`<p>${line}</p>\n`)}${tableHtml(table)}${galleryHtml([{ svg, caption: 'Studies that still wait for their reading.' }])}`;
  return {
    lines,
    files: {
      'shift.html': tablesPage('What the order of the worklist does to waits', body),
      'shift.csv': tableCsv(table),
      'shift.svg': svg,
    },
  };
}

const minutes = (value: number): string => value.toFixed(1);

function linesOf(shift: Shift, { inOrder, triage, passedOver }: SimulatedShift): string[] {
  const share = triage.bleeding.mean / inOrder.bleeding.mean;
  return [
    `Studies with hemorrhage wait ${minutes(triage.bleeding.mean)} minutes on average in the order of triage and ${minutes(inOrder.bleeding.mean)} first come first served, ${(100 * share).toFixed(0)} % of it.`,
    `Studies without wait ${minutes(triage.others.mean)} and ${minutes(inOrder.others.mean)} minutes.`,
    Number.isFinite(shift.capMinutes)
      ? `Studies over the cap of ${shift.capMinutes} minutes were passed over by a later one ${passedOver} times.`
      : 'The list had no cap.',
  ];
}

function tableOf(shift: Shift, rates: Rates, source: string, found: SimulatedShift): Table {
  const { inOrder, triage, formula } = found;
  const row = (who: 'bleeding' | 'others', named: string) => [
    named,
    minutes(inOrder[who].mean),
    minutes(inOrder[who].ninetieth),
    minutes(triage[who].mean),
    minutes(triage[who].ninetieth),
    `${((100 * triage[who].mean) / inOrder[who].mean).toFixed(0)}%`,
    minutes(formula.inOrder),
    minutes(formula[who]),
  ];
  return {
    id: 'shift',
    title: 'Minutes from arrival to the beginning of the reading',
    columns: [
      'Studies',
      'First come first served: mean',
      '90th percentile',
      'Triage: mean',
      '90th percentile',
      'Triage, of first come first served',
      'Formula, first come first served: mean',
      'Formula, flagged first without a cap: mean',
    ],
    rows: [row('bleeding', 'with hemorrhage'), row('others', 'without hemorrhage')],
    notes: [
      `Simulated: ${shift.studies} studies, ${100 * shift.prevalence} % with hemorrhage, Poisson arrivals, exponential readings of ${shift.readingMinutes} minutes by one reader who reads ${100 * shift.utilisation} % of the time, seed ${shift.seed}. The reader takes the first of the list that ichor serve keeps. A result is there ${shift.modelMinutes} minutes after its study.`,
      `Flagged with a sensitivity of ${rates.sensitivity.toFixed(3)} and a specificity of ${rates.specificity.toFixed(3)}: ${source}. Every bleed is as likely to be found as any other, and no request is urgent.`,
      `The longest wait is ${minutes(inOrder.longest)} minutes first come first served and ${minutes(triage.longest)} by triage. Cap: ${Number.isFinite(shift.capMinutes) ? `who has waited ${shift.capMinutes} minutes stands first` : 'none'}.`,
      'Formula: Cobham 1954, two classes of priority without interruption and a model that answers at once.',
    ],
  };
}
