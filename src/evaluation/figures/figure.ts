import type { ThresholdPoint } from '../../statistics/index.ts';
import type { Opinions } from '../opinions/opinions.ts';
import type { Judged } from '../tables/performance-tables.ts';
import type { SubgroupFindings } from '../tables/subgroups.ts';

/** A chart of the report. */
export interface Figure {
  readonly id: string;
  readonly part: 'subject' | 'slice' | 'calibration' | 'subgroups';
  readonly caption: string;
  readonly svg: string;
}

export interface FigureInput {
  readonly opinions: Opinions;
  readonly model: string;
  readonly judged: readonly Judged[];
  readonly groups: SubgroupFindings;
  readonly threshold: number;
}

/** The thinned curve of each who gives probabilities, where both classes are there: several charts draw it. */
export type CurvePoints = ReadonlyMap<Judged, readonly ThresholdPoint[]>;

/** What the charts of one level are drawn from. */
export interface LevelInput extends FigureInput {
  readonly points: CurvePoints;
}
