import type { Opinions } from '../opinions/opinions.ts';
import type { StudyFilter } from '../opinions/population.ts';
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
  readonly filter: StudyFilter;
  readonly threshold: number;
}
