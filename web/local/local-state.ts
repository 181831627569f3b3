/** What the page without a server knows, and how each message of its engine changes it. Pure. */
import type { ProgressEvent } from '../../src/base/index.ts';
import type { ModelSummary } from '../../src/report/index.ts';
import type { RefusedStudy } from '../../src/study/index.ts';
import { WORDS } from '../words.ts';
import type { FromEngine, PredictedStudy } from './engine-messages.ts';

export interface ListedStudy {
  readonly study: number;
  /** The study's UID or its file's name. */
  readonly name: string;
  readonly outcome:
    | { readonly kind: 'predicting' }
    | { readonly kind: 'refused'; readonly checks: RefusedStudy['checks'] }
    | { readonly kind: 'failed'; readonly code: string; readonly text: string }
    /** Without a volume its pictures are not kept. */
    | {
        readonly kind: 'predicted';
        readonly shown: Omit<PredictedStudy, 'volume'> & Partial<PredictedStudy>;
      };
}

export interface LocalState {
  readonly studies: readonly ListedStudy[];
  readonly chosen?: number;
  readonly isWorking: boolean;
  readonly progress?: ProgressEvent;
  readonly deviceNote?: string;
  readonly model?: ModelSummary;
  /** Of the page as a whole: a fault, or that it was stopped. */
  readonly told?: { readonly isFault: boolean; readonly text: string; readonly code?: string };
  readonly report?: { readonly study: number; readonly page: string };
}

export type LocalEvent =
  | FromEngine
  | { readonly kind: 'started' }
  | { readonly kind: 'chosen'; readonly study: number }
  | { readonly kind: 'told'; readonly text: string; readonly code: string }
  | { readonly kind: 'report-taken' };

export const STARTING_STATE: LocalState = { studies: [], isWorking: false };

/** Volumes are kept up to here; beyond, those read first give way. */
const KEPT_VOLUME_BYTES = 700e6;

export function changeLocal(state: LocalState, event: LocalEvent): LocalState {
  const { told: _, progress: __, ...untold } = state;
  switch (event.kind) {
    case 'started':
      return { ...untold, isWorking: true };
    case 'opened':
      return { ...state, deviceNote: event.deviceNote, model: event.model };
    case 'progress':
      return { ...state, progress: event.event };
    case 'read':
      return listed(state, { study: event.study, name: event.info.name, outcome: { kind: 'predicting' } });
    case 'refused': {
      const { kind, checks, study } = event;
      return listed(state, { study, name: event.info?.name ?? '', outcome: { kind, checks } });
    }
    case 'predicted':
      return { ...withOutcome(state, event.study, event), chosen: state.chosen ?? event.study };
    case 'failed':
      return event.study === undefined
        ? { ...endedStudies(untold, event), told: { isFault: true, text: event.text, code: event.code } }
        : withOutcome(state, event.study, event);
    case 'done': {
      if (event.wasStopped) return { ...endedStudies(untold, STOPPED), isWorking: false, told: STOPPED };
      return { ...untold, isWorking: false, ...(state.told && { told: state.told }) };
    }
    case 'chosen':
      return { ...state, chosen: event.study };
    case 'told':
      return {
        ...endedStudies(untold, event),
        isWorking: false,
        told: { isFault: true, text: event.text, code: event.code },
      };
    case 'report':
      return { ...state, report: event };
    case 'report-taken': {
      const { report: ___, ...rest } = state;
      return rest;
    }
  }
}

const listed = (state: LocalState, study: ListedStudy): LocalState => ({
  ...state,
  studies: [...state.studies, study],
});

function withOutcome(state: LocalState, study: number, outcome: ListedStudy['outcome']): LocalState {
  const studies = state.studies.map((one) => (one.study === study ? { ...one, outcome } : one));
  return { ...state, studies: withoutOldVolumes(studies, state.chosen ?? study) };
}

const STOPPED = { isFault: false, code: 'aborted', text: WORDS.local.stoppedStudy } as const;

/** What was under way when the engine failed has failed with it. */
const endedStudies = (state: LocalState, { code, text }: { code: string; text: string }): LocalState => ({
  ...state,
  studies: state.studies.map((one) =>
    one.outcome.kind === 'predicting' ? { ...one, outcome: { kind: 'failed', code, text } } : one,
  ),
});

/** Keeps the newest volumes, and the shown one. */
function withoutOldVolumes(studies: readonly ListedStudy[], chosen: number): readonly ListedStudy[] {
  let bytes = 0;
  return studies
    .toReversed()
    .map((one) => {
      const { outcome } = one;
      if (outcome.kind !== 'predicted' || outcome.shown.volume === undefined) return one;
      bytes += outcome.shown.volume.hu.byteLength;
      if (bytes <= KEPT_VOLUME_BYTES || one.study === chosen) return one;
      const { volume: _, ...shown } = outcome.shown;
      return { ...one, outcome: { ...outcome, shown } };
    })
    .toReversed();
}
