import { at } from '../../src/base/index.ts';
import type { TrainingReference } from '../../src/network/index.ts';
import {
  isUnlike,
  type SeriesLook,
  type Unlikeness,
  unlikeness,
  upsideDownness,
} from '../../src/prediction/index.ts';
import { fitFacing } from '../../src/training/index.ts';

/** Stands in the model file. */
export const ABOUT =
  '57 patients of CT-ICH 1.0.0 (24 with hemorrhage), as the CNN that was trained on them sees them: thirds of the series, the mean of each of the 512 last maps';

/** A series as the CNN's maps show it, and the row of the table that it counts in. */
export interface Seen {
  readonly row: string;
  readonly look: SeriesLook;
}

interface Found extends Unlikeness {
  readonly row: string;
}

/** What is found of each series of the training, upright and upside down, by a reference without it. */
export function foundLeftOut(
  upright: readonly SeriesLook[],
  upsideDown: readonly SeriesLook[],
  { limit, distances }: { readonly limit: number; readonly distances: readonly number[] },
): Found[] {
  return upright.flatMap((own, i) => {
    const without = (looks: readonly SeriesLook[]) => looks.filter((_, other) => other !== i);
    const facing = fitFacing(without(upright), without(upsideDown));
    return [
      {
        row: 'the 57 of the training, each left out in turn',
        distance: at(distances, i),
        limit,
        upsideDown: upsideDownness(facing, own),
      },
      {
        row: 'the same upside down',
        distance: NaN,
        limit,
        upsideDown: upsideDownness(facing, at(upsideDown, i)),
      },
    ];
  });
}

/** Distances over the limit and how the heads lie, row by row. */
export function tableOf(
  reference: TrainingReference,
  leftOut: readonly Found[],
  others: readonly Seen[],
): string {
  const found = others.map(({ row, look }): Found => ({ row, ...unlikeness(reference, look) }));
  const lines = [...Map.groupBy([...leftOut, ...found], ({ row }) => row)].map(([row, all]) => {
    const flagged = `${all.filter(isUnlike).length} of ${all.length}`;
    return `| ${[row, flagged, ...spreadOf(all.map(({ distance, limit }) => distance / limit)), ...endsOf(all.map(({ upsideDown = 0 }) => upsideDown))].join(' | ')} |`;
  });
  const head = ['series', 'flagged', 'smallest', 'median', 'largest', 'upside down, least', 'most'];
  return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...lines].join('\n');
}

function spreadOf(values: readonly number[]): string[] {
  const rising = values.toSorted((a, b) => a - b);
  return [at(rising, 0), at(rising, Math.floor(rising.length / 2)), at(rising, rising.length - 1)].map(shown);
}

const endsOf = (values: readonly number[]): string[] => [Math.min(...values), Math.max(...values)].map(shown);

const shown = (value: number): string => (Number.isNaN(value) ? '' : value.toFixed(2));
