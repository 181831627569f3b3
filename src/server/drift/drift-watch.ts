import path from 'node:path';
import { z } from 'zod';
import {
  type Archive,
  type Entry,
  type HeldStudy,
  type StudyState,
  syncFolder,
} from '../../archive/index.ts';
import { IchorError, RefusedInput } from '../../base/index.ts';
import { readTextIfThere, writeFileWhole } from '../../files/index.ts';
import { driftFactsOf } from './facts.ts';
import { type DriftLook, lookForDrift } from './look.ts';
import { knownRange, outsideOf, type StopRule } from './outside.ts';
import { STREAMS } from './streams.ts';

const acceptedSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  acceptedAt: z.iso.datetime(),
  by: z.string(),
});
/** The reference period, and who accepted it. */
export type AcceptedPeriod = z.infer<typeof acceptedSchema>;

const acknowledgedSchema = z.object({
  at: z.iso.datetime(),
  by: z.string(),
  comment: z.string(),
  /** The alarms that stood. */
  streams: z.array(z.string()),
  /** Of the reference that they stood against: another one begins anew. */
  acceptedAt: z.iso.datetime(),
});
/** A person has seen these alarms, and says what is done about them; marks of studies stay. */
export type AcknowledgedAlarms = z.infer<typeof acknowledgedSchema>;

export interface DriftState extends DriftLook {
  readonly period: AcceptedPeriod;
  /** As it stands for the next study; the same object until something changes. */
  readonly rule: StopRule;
  readonly acknowledged?: AcknowledgedAlarms;
}

/** Watches what comes in and goes out against the period that somebody accepted. */
export interface DriftWatch {
  /** Undefined while no reference period was accepted. Throws IchorError `drift-reference-broken`. */
  state(): Promise<DriftState | undefined>;
  /** Throws RefusedInput `reference-too-small`. */
  accept(period: { readonly from: string; readonly to: string }, by: string): Promise<DriftState>;
  /** Throws RefusedInput `nothing-to-acknowledge`. */
  acknowledge(comment: string, by: string): Promise<DriftState>;
}

const FILE = 'drift-reference.json';
const SEEN_FILE = 'drift-acknowledged.json';
/** Below this nothing could be told from chance. */
const FEWEST_STUDIES = 200;

const WITH_FACTS: readonly StudyState[] = ['done', 'refused'];

const CHANGING_FACTS: readonly Entry['event'][] = ['finished', 'verdict', 'withdrawn'];

/** Whether it changes the facts of a study that has ended; what still arrives, waits or is predicted has none, and is much. */
const changesFacts = (entry: Entry): boolean =>
  entry.event === 'moved'
    ? WITH_FACTS.includes(entry.from) || WITH_FACTS.includes(entry.to)
    : CHANGING_FACTS.includes(entry.event);

export function createDriftWatch(archive: Pick<Archive, 'folders' | 'index' | 'onEntry'>): DriftWatch {
  const file = path.join(archive.folders.root, FILE);
  const seenFile = path.join(archive.folders.root, SEEN_FILE);
  let period: AcceptedPeriod | undefined;
  let acknowledged: AcknowledgedAlarms | undefined;
  let isLoaded = false;
  let known: DriftState | undefined;
  archive.onEntry((entry) => {
    if (changesFacts(entry)) known = undefined;
  });
  const stateOf = (accepted: AcceptedPeriod): DriftState => {
    const facts = [...archive.index.studies()].flatMap((held) => driftFactsOf(held) ?? []);
    const look = lookForDrift(facts, accepted);
    const isOfThis = acknowledged?.acceptedAt === accepted.acceptedAt;
    return {
      ...{ ...look, period: accepted, rule: stopRuleOf(look) },
      ...(isOfThis && acknowledged && { acknowledged }),
    };
  };
  const current = async (): Promise<DriftState | undefined> => {
    if (!isLoaded) {
      period = await readKept(file, acceptedSchema);
      acknowledged = await readKept(seenFile, acknowledgedSchema);
    }
    isLoaded = true;
    if (period === undefined) return undefined;
    known ??= stateOf(period);
    return known;
  };
  const keep = async (where: string, what: object): Promise<void> => {
    await writeFileWhole(where, `${JSON.stringify(what, undefined, 1)}\n`);
    await syncFolder(archive.folders.root);
  };
  return {
    state: current,
    acknowledge: async (comment, by) => {
      const state = await current();
      const streams = (state?.streams ?? []).filter(({ alarm }) => alarm).map(({ name }) => name);
      if (state === undefined || streams.length === 0)
        throw new RefusedInput('nothing-to-acknowledge', 'no alarm of drift stands');
      const { acceptedAt } = state.period;
      acknowledged = { at: new Date().toISOString(), by, comment, streams, acceptedAt };
      await keep(seenFile, acknowledged);
      known = { ...state, acknowledged };
      return known;
    },
    accept: async ({ from, to }, by) => {
      const accepted = { from, to, acceptedAt: new Date().toISOString(), by };
      const state = stateOf(accepted);
      if (state.reference.length < FEWEST_STUDIES)
        throw new RefusedInput(
          'reference-too-small',
          `${state.reference.length} studies ended in that period, at least ${FEWEST_STUDIES} are needed: take a longer one`,
        );
      await keep(file, accepted);
      period = accepted;
      isLoaded = true;
      known = state;
      return state;
    },
  };
}

async function readKept<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readTextIfThere(file);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const advice = 'restore it from a backup, or delete it and accept or acknowledge again';
    throw new IchorError('drift-reference-broken', `${path.basename(file)} is damaged: ${advice}`, { cause });
  }
}

/** What the stop rule says of a study, as routes give it. */
export const outsideSchema = z
  .array(z.string())
  .optional()
  .describe('why the result lies outside of what was checked; it changes no rank');

/**
 * The stop rule: why a study's result lies outside of what was checked, a sentence each. Its own series is like none of the
 * reference period, or the recent studies as a whole differ in what comes in. It hides nothing and changes no rank.
 */
export function stopReasons(held: HeldStudy, state: DriftState | undefined): string[] {
  const facts = driftFactsOf(held);
  if (state === undefined || facts === undefined || facts.refusal !== undefined) return [];
  const [first] = state.recent;
  const isRecent = first !== undefined && facts.endedAt >= first.endedAt;
  const { range, recent } = state.rule;
  return [...outsideOf(facts, range), ...(isRecent ? recent : [])];
}

function stopRuleOf({ reference, streams }: DriftLook): StopRule {
  const alarms = streams.filter(({ alarm, side }) => alarm && side === 'in');
  const recent = alarms.map(
    ({ name }) =>
      `the recent studies as a whole differ from the reference period in ${STREAMS.find((stream) => stream.name === name)?.text ?? name}`,
  );
  return { range: knownRange(reference), recent };
}
