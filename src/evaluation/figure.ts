import type { Opinions } from './opinions.ts';
import type { Judged } from './performance-tables.ts';
import type { StudyFilter } from './population.ts';
import type { SubgroupFindings } from './subgroups.ts';

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
