import { mayBeSlice } from '../study/index.ts';
import type { ReceivedEntry, ResultFacts, VerdictEntry } from './entries.ts';
import type { StudyState } from './study-states.ts';

/** Why a study is where it is. */
export interface Reason {
  readonly code: string;
  readonly text: string;
}

/** An object that is held. */
export type HeldObject = Omit<ReceivedEntry, 'event'>;

/** One result; the last one of a study is its current one. */
export interface HeldResult extends ResultFacts {
  readonly at: string;
  /** By the destination's name; one that was not tried yet is absent. */
  readonly deliveries: Readonly<Record<string, Delivery>>;
}

/** What a reader said of a result, and when. */
export interface HeldVerdict extends Omit<VerdictEntry, 'event'> {
  /** Since when it counts no more, where who gave it took it back. */
  readonly withdrawnAt?: string;
}

/** What there is to tell of a study that has no result: it was refused, or failed. */
export interface Ending {
  /** Names it to destinations, as a result's folder does. */
  readonly folder: string;
  /** Whether files lie there that say why. */
  readonly hasFiles: boolean;
  readonly filesSha256?: string;
  readonly at: string;
  readonly deliveries: Readonly<Record<string, Delivery>>;
}

/** Where a result stands with a destination, by the last try. */
export interface Delivery {
  readonly at: string;
  readonly tries: number;
  /** Absent where the destination has taken all. */
  readonly failure?: Reason;
}

/** What is known of a study. Changed by journal entries only. */
export interface HeldStudy {
  readonly study: string;
  readonly state: StudyState;
  readonly reason?: Reason;
  /** The newest of each SOP Instance UID, in order of arrival. */
  readonly objects: ReadonlyMap<string, HeldObject>;
  /** Of the first object. */
  readonly receivedAt: string;
  /** Of the last new one. */
  readonly lastArrivalAt: string;
  readonly movedAt: string;
  /** Any of its objects was sent as urgent. */
  readonly urgent: boolean;
  /** A person said so since its last new slice. */
  readonly isRead: boolean;
  /** Instances that it is to have, as its last object told that tells. */
  readonly expected?: number;
  /** How often a worker took it since its last new slice, but for what was no fault of the study. */
  readonly tries: number;
  /** How often whoever predicted it was not heard of again, since its last new slice. */
  readonly losses: number;
  /** Since when its slices are gone, as retention asks, until as many have come again. */
  readonly removedAt?: string;
  /** How many they were. */
  readonly removedSlices?: number;
  /** Who gets its results, by the rules; all destinations where it is absent. */
  readonly destinations?: readonly string[];
  /** The journal's line that changed it last. */
  readonly line: number;
  /** The line that queued it last: what a worker then does is told by it from what another did before. */
  readonly queuedByLine?: number;
  /** Oldest first. */
  readonly results: readonly HeldResult[];
  /** Of a study that was refused or failed. */
  readonly ending?: Ending;
  /** Where the files of its newest result or refusal lie, whatever became of it since: a new one takes its place. */
  readonly newestFolder?: string;
  /** Of any result, the oldest first. */
  readonly verdicts: readonly HeldVerdict[];
}

export const WITHOUT_RESULT: ReadonlySet<StudyState> = new Set(['refused', 'failed']);

/** Where the files lie that say what became of a study last: its current result's, or those of its refusal. */
export function currentFolder(held: HeldStudy): string | undefined {
  const ending = currentEnding(held);
  return ending?.hasFiles === true ? ending.folder : currentResult(held)?.folder;
}

/** As currentResult, of a study that was refused or failed. */
export const currentEnding = ({ state, ending }: HeldStudy): Ending | undefined =>
  WITHOUT_RESULT.has(state) ? ending : undefined;

/** By what its entry says: also of those from before entries said `companion`. */
export const isSlice = ({ sopClass, modality }: Pick<HeldObject, 'sopClass' | 'modality'>): boolean =>
  mayBeSlice(sopClass, modality);

/** The newest versions of what may be predicted. */
export const slicesOf = ({ objects }: Pick<HeldStudy, 'objects'>): HeldObject[] =>
  [...objects.values()].filter(isSlice);

/** Retention took them: a prediction would find no study, or a part of one, and hide the result that there is. */
export const areSlicesGone = ({ removedAt }: HeldStudy): boolean => removedAt !== undefined;

/** A result counts only while nothing newer is on its way: an old negative one must not stand for new slices. */
export const currentResult = ({ state, results }: HeldStudy): HeldResult | undefined =>
  state === 'done' ? results.at(-1) : undefined;

/** The newest word on the current result that was not taken back: earlier results had others. */
export function currentVerdict(held: HeldStudy): HeldVerdict | undefined {
  const folder = currentResult(held)?.folder;
  return held.verdicts.findLast((verdict) => verdict.folder === folder && verdict.withdrawnAt === undefined);
}
