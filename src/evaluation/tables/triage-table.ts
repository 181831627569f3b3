import { simulateTriage } from '../measures/triage.ts';
import type { EvaluationOptions } from '../options.ts';
import { type Judged, measureOf } from './performance-tables.ts';
import type { Cell, Table } from './table.ts';

/** What the worklist order would have saved, over prevalence. */
export function triageTable(judged: readonly Judged[], model: string, options: EvaluationOptions): Table[] {
  const any = judged.find(
    (one) => one.source === model && one.className === 'anyHemorrhage' && one.level === 'subject',
  );
  if (!any) return [];
  const [sensitivity, specificity] = [measureOf(any, 'sensitivity'), measureOf(any, 'specificity')];
  if (!('value' in sensitivity) || !('value' in specificity)) return [];
  const rates = { sensitivity: sensitivity.value, specificity: specificity.value };
  const load = (options.readingRoom.arrivalsPerHour * options.readingRoom.readingMinutes) / 60;
  // Waits would grow without end, and so would the simulation
  const room = load >= 1 ? { ...options.readingRoom, studies: 1 } : options.readingRoom;
  const minutes = (value: number): string => (load >= 1 || Number.isNaN(value) ? '\u2013' : value.toFixed(1));
  const results = options.prevalences.map((prevalence) =>
    simulateTriage(room, rates, prevalence, options.seed),
  );
  const rows = results.map((found): Cell[] => [
    `${Number((100 * found.prevalence).toFixed(2))}%`,
    minutes(found.inOrder.mean),
    minutes(found.withModel.mean),
    minutes(found.othersWithModel),
    minutes(found.inOrder.ninetieth),
    minutes(found.withModel.ninetieth),
  ]);
  const error = Math.max(...results.map(({ standardError }) => standardError));
  const { arrivalsPerHour, readingMinutes, modelMinutes, studies } = options.readingRoom;
  return [
    {
      id: 'triage',
      title: 'Minutes from arrival to the first look, simulated',
      columns: [
        'Prevalence',
        'In order, with or without hemorrhage: mean',
        'Hemorrhage, flagged first: mean',
        'No hemorrhage, flagged first: mean',
        'In order: 90th percentile',
        'Hemorrhage, flagged first: 90th percentile',
      ],
      rows,
      notes: [
        `One reader; ${arrivalsPerHour} studies an hour (Poisson), readings of ${readingMinutes} minutes (exponential), ${studies} studies; the model needs ${modelMinutes} minutes and flags with the sensitivity and specificity found here, whatever the bleed.`,
        ...(load >= 1
          ? [
              `No minutes are given: ${load.toFixed(1)} times as much arrives as one reader can read, and waits grow without end.`,
            ]
          : [
              `Standard error of the mean in order, of ${studies} simulated studies: ${error.toFixed(1)} minutes.`,
            ]),
      ],
    },
  ];
}
