import type { TrainingReference } from '../../src/network/index.ts';
import { unlikeness } from '../../src/prediction/index.ts';

/** Stands in the model file. */
export const ABOUT =
  '57 patients of CT-ICH 1.0.0 (24 with hemorrhage), as the CNN that was trained on them sees them: thirds of the series, the mean of each of the 512 last maps';

/** A series as the CNN's maps show it, and the row of the table that it counts in. */
export interface Seen {
  readonly row: string;
  readonly parts: Float32Array;
}

/** Distances over the limit, row by row. */
export function tableOf(
  reference: TrainingReference,
  leftOut: readonly number[],
  others: readonly Seen[],
): string {
  const distances = others.map(({ row, parts }) => ({
    row,
    distance: unlikeness(reference, parts).distance,
  }));
  const rows = [
    ...leftOut.map((distance) => ({ row: 'the 57 of the training, each left out in turn', distance })),
    ...distances,
  ];
  const lines = [...Map.groupBy(rows, ({ row }) => row)].map(([row, all]) => {
    const over = all.map(({ distance }) => distance / reference.limit).sort((a, b) => a - b);
    const shown = [over[0], over[Math.floor(over.length / 2)], over.at(-1)].map((x) => (x ?? 0).toFixed(2));
    return `| ${row} | ${over.filter((x) => x > 1).length} of ${over.length} | ${shown.join(' | ')} |`;
  });
  return ['| series | flagged | smallest | median | largest |', '|---|---|---|---|---|', ...lines].join('\n');
}
