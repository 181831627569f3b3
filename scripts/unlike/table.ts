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
  /** The skull's edges are blurred, which is said as `unlike-training` too. */
  readonly isBlurred: boolean;
}

interface Found extends Unlikeness, Pick<Seen, 'row' | 'isBlurred'> {}

export const looksOf = (seen: readonly Seen[]): SeriesLook[] => seen.map(({ look }) => look);

/** What is found of each series of the training, upright and upside down, by a reference without it. */
export function foundLeftOut(
  upright: readonly Seen[],
  upsideDown: readonly Seen[],
  { limit, distances }: { readonly limit: number; readonly distances: readonly number[] },
): Found[] {
  return upright.flatMap(({ look, isBlurred }, i) => {
    const without = (seen: readonly Seen[]) => looksOf(seen.filter((_, other) => other !== i));
    const turned = at(upsideDown, i);
    const facing = fitFacing(without(upright), without(upsideDown));
    return [
      {
        row: 'the 57 of the training, each left out in turn',
        distance: at(distances, i),
        limit,
        upsideDown: upsideDownness(facing, look),
        isBlurred,
      },
      {
        row: 'the same upside down',
        distance: NaN,
        limit,
        upsideDown: upsideDownness(facing, turned.look),
        isBlurred: turned.isBlurred,
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
  const found = others.map(({ look, ...rest }): Found => ({ ...rest, ...unlikeness(reference, look) }));
  const lines = [...Map.groupBy([...leftOut, ...found], ({ row }) => row)].map(([row, all]) => {
    const flagged = `${all.filter((one) => one.isBlurred || isUnlike(one)).length} of ${all.length}`;
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
