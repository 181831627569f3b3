/** What the page and its engine's worker say to each other. */
import type { ProgressEvent } from '../../src/base/index.ts';
import type { NamedFile } from '../../src/files-web/index.ts';
import type { ModelSummary, ReportInput } from '../../src/report/index.ts';
import type { RefusedStudy, StudyInfo } from '../../src/study/index.ts';
import type { Volume } from '../../src/volume/index.ts';
import type { OfferedFile } from '../fetched-file.ts';
import type { ShownMaps, ShownStudy } from '../study/shown-study.ts';

/** What a user gave to the page, or what `ichor view` offers. */
export type GivenFiles =
  | { readonly from: 'user'; readonly named: readonly NamedFile[] }
  | { readonly from: 'view'; readonly offered: readonly OfferedFile[] };

/** A study with the volume that it was predicted from. */
export type PredictedStudy = Pick<ShownStudy, 'prediction'> & ShownMaps & { readonly volume: Volume };

/** `study` counts the studies of a page's life, from 0. */
export type ToEngine =
  | { readonly kind: 'predict'; readonly files: GivenFiles }
  | { readonly kind: 'stop' }
  | { readonly kind: 'report'; readonly study: number; readonly input: ReportInput };

export type FromEngine =
  | { readonly kind: 'opened'; readonly deviceNote: string; readonly model: ModelSummary }
  | { readonly kind: 'progress'; readonly event: ProgressEvent }
  | { readonly kind: 'read'; readonly study: number; readonly info: StudyInfo }
  | {
      readonly kind: 'refused';
      readonly study: number;
      readonly info?: StudyInfo;
      readonly checks: RefusedStudy['checks'];
    }
  | { readonly kind: 'predicted'; readonly study: number; readonly shown: PredictedStudy }
  /** Without a study it is the model or the worker that failed. */
  | { readonly kind: 'failed'; readonly study?: number; readonly code: string; readonly text: string }
  | { readonly kind: 'report'; readonly study: number; readonly page: string }
  /** All that was given has an outcome, or the user stopped it. */
  | { readonly kind: 'done'; readonly wasStopped: boolean };
