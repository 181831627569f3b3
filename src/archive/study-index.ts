import type {
  DeliveryEntry,
  Entry,
  FinishedEntry,
  MovedEntry,
  ReceivedEntry,
  RemovedEntry,
  RequeuedEntry,
  SortedEntry,
  VerdictEntry,
  WithdrawnEntry,
} from './entries.ts';
import {
  currentResult,
  type Delivery,
  type Ending,
  type HeldObject,
  type HeldResult,
  type HeldStudy,
  type HeldVerdict,
  isSlice,
  slicesOf,
  WITHOUT_RESULT,
} from './held-study.ts';
import { isAtEnd, mayMove, NO_TRY, WORKER_LOST } from './study-states.ts';

/** All studies that are held, from the journal alone: what is written here can be made anew at any time. */
export class StudyIndex {
  readonly #studies = new Map<string, GrowingStudy>();
  /** What many objects of a study share is kept once: memory grows with what is held. */
  readonly #shared = createSharedTexts();

  /** In order of arrival. */
  studies(): Iterable<HeldStudy> {
    return this.#studies.values();
  }

  study(uid: string): HeldStudy | undefined {
    return this.#studies.get(uid);
  }

  /** Whether this very data set is held. */
  holds(study: string, instance: string, sha256: string): boolean {
    const held = this.#studies.get(study);
    return held !== undefined && isKnown(held, instance, sha256);
  }

  /** Every version of a study's objects, newest or replaced. */
  versions(uid: string): { readonly study: string; readonly instance: string; readonly sha256: string }[] {
    const { objects, replaced } = this.#studies.get(uid) ?? { objects: new Map(), replaced: new Map() };
    const old = [...replaced].map(([sha256, instance]) => ({ study: uid, instance, sha256 }));
    return [...objects.values(), ...old];
  }

  /** Whether anything changed. In the order of the journal, with its line; the same entries give the same index. */
  apply(entry: Entry, line: number): boolean {
    const before = this.#studies.get(entry.study);
    const after = entry.event === 'received' ? this.#withObject(before, entry) : changed(before, entry, line);
    if (after === undefined || after === before) return false;
    this.#studies.set(entry.study, { ...after, line });
    return true;
  }

  #withObject(
    before: GrowingStudy | undefined,
    { event, ...received }: ReceivedEntry,
  ): GrowingStudy | undefined {
    if (before !== undefined && isKnown(before, received.instance, received.sha256)) return before;
    const object = this.#withSharedTexts(received);
    const held = before ?? newStudy(object);
    const replaced = held.objects.get(object.instance);
    if (replaced !== undefined) held.replaced.set(replaced.sha256, replaced.instance);
    held.objects.set(object.instance, object);
    const grown: GrowingStudy = {
      ...held,
      urgent: held.urgent || object.urgent === true,
      ...(object.expected !== undefined && object.expected <= MOST_EXPECTED && { expected: object.expected }),
      lastArrivalAt: object.at,
    };
    return startsAgain(grown, object, replaced) ? receivedAnew(grown, object.at) : grown;
  }

  #withSharedTexts(object: HeldObject): HeldObject {
    return {
      ...object,
      study: this.#shared(object.study),
      series: this.#shared(object.series),
      sopClass: this.#shared(object.sopClass),
      transferSyntax: this.#shared(object.transferSyntax),
      from: this.#shared(object.from),
    };
  }
}

function createSharedTexts(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    if (!known.has(text)) known.set(text, text);
    return known.get(text) ?? text;
  };
}

/** The one map of a study grows: a copy of it for each slice would cost the square of their number. */
interface GrowingStudy extends HeldStudy {
  readonly objects: Map<string, HeldObject>;
  /** Earlier versions of its objects, from sha256 to instance: a sender that repeats one of them brings nothing new. */
  readonly replaced: Map<string, string>;
}

/** No study has more instances: what says so is wrong. */
const MOST_EXPECTED = 100_000;

const isKnown = ({ objects, replaced }: GrowingStudy, instance: string, sha256: string): boolean =>
  objects.get(instance)?.sha256 === sha256 || replaced.has(sha256);

/**
 * Whether a prediction that was made, or is being made, is no longer one of all that counts. What retention took away is predicted
 * again when as many slices have come again: a few late ones are not to stand in the place of a result that outlives its slices.
 */
function startsAgain(grown: GrowingStudy, object: HeldObject, replaced: HeldObject | undefined): boolean {
  const wasSlice = replaced !== undefined && isSlice(replaced);
  if (object.companion === true && !wasSlice) return false;
  return grown.removedSlices === undefined || slicesOf(grown).length >= grown.removedSlices;
}

function receivedAnew(grown: GrowingStudy, at: string): GrowingStudy {
  const { reason: _, removedAt: __, removedSlices: ___, ...kept } = grown;
  return { ...kept, state: 'receiving', isRead: false, tries: 0, losses: 0, movedAt: at };
}

const newStudy = ({ study, at }: HeldObject): GrowingStudy => ({
  study,
  state: 'receiving',
  objects: new Map(),
  replaced: new Map(),
  receivedAt: at,
  lastArrivalAt: at,
  movedAt: at,
  urgent: false,
  isRead: false,
  tries: 0,
  losses: 0,
  line: 0,
  results: [],
  verdicts: [],
});

/** Undefined where the entry has no effect: the study is no longer where who wrote it had seen it. */
function changed(
  before: GrowingStudy | undefined,
  entry: Exclude<Entry, ReceivedEntry>,
  line: number,
): GrowingStudy | undefined {
  if (before === undefined) return undefined;
  if (entry.event === 'read') return before.isRead ? undefined : { ...before, isRead: true };
  if (entry.event === 'unread') return before.isRead ? { ...before, isRead: false } : undefined;
  if (entry.event === 'delivery') return tried(before, entry);
  if (entry.event === 'requeued') return requeued(before, entry);
  if (entry.event === 'verdict') return judged(before, entry);
  if (entry.event === 'withdrawn') return withdrawn(before, entry);
  if (entry.event === 'removed') return removed(before, entry);
  if (entry.event === 'sorted') return sorted(before, entry);
  return entry.event === 'moved' ? moved(before, entry, line) : finished(before, entry);
}

function moved(
  before: GrowingStudy,
  { from, to, at, code, text, folder, filesSha256 }: MovedEntry,
  line: number,
): GrowingStudy | undefined {
  if (before.state !== from || !mayMove(from, to)) return undefined;
  const { reason: _, ...kept } = before;
  const tries = before.tries + Number(to === 'predicting') - Number(NO_TRY.has(code));
  const reason = code === undefined ? {} : { reason: { code, text: text ?? code } };
  const queued = to === 'queued' ? { queuedByLine: line } : {};
  const name = folder ?? `endings/${before.study}/${at}`;
  const hasFiles = folder !== undefined;
  const ending = { folder: name, hasFiles, ...(filesSha256 && { filesSha256 }), at, deliveries: {} };
  return {
    ...kept,
    ...reason,
    ...queued,
    ...(WITHOUT_RESULT.has(to) && { ending }),
    ...(folder !== undefined && { newestFolder: folder }),
    state: to,
    movedAt: at,
    tries,
    losses: before.losses + Number(code === WORKER_LOST.code),
  };
}

function finished(before: GrowingStudy, { at, result }: FinishedEntry): GrowingStudy | undefined {
  if (before.state !== 'predicting') return undefined;
  const { reason: _, ...kept } = before;
  return {
    ...kept,
    state: 'done',
    movedAt: at,
    results: [...before.results, { ...result, at, deliveries: {} }],
    newestFolder: result.folder,
  };
}

function tried(before: GrowingStudy, entry: DeliveryEntry): GrowingStudy {
  const { at, folder, destination, failure } = entry;
  return withDelivery(before, folder, destination, (last) => ({
    at,
    tries: (last?.tries ?? 0) + 1,
    ...(failure && { failure }),
  }));
}

function requeued(before: GrowingStudy, { at, folder, destination }: RequeuedEntry): GrowingStudy {
  return withDelivery(before, folder, destination, (last) => last && { ...last, at, tries: 0 });
}

function withDelivery(
  before: GrowingStudy,
  folder: string,
  destination: string,
  next: (last: Delivery | undefined) => Delivery | undefined,
): GrowingStudy {
  const changed = <Told extends HeldResult | Ending>(told: Told): Told => {
    const delivery = next(told.deliveries[destination]);
    if (told.folder !== folder || delivery === undefined) return told;
    return { ...told, deliveries: { ...told.deliveries, [destination]: delivery } };
  };
  const { ending, results } = before;
  return { ...before, results: results.map(changed), ...(ending && { ending: changed(ending) }) };
}

function removed(before: GrowingStudy, { at }: RemovedEntry): GrowingStudy | undefined {
  if (!isAtEnd(before.state) || before.objects.size === 0) return undefined;
  // What came late and went again is less than the result was made from
  const removedSlices = Math.max(before.removedSlices ?? 0, slicesOf(before).length);
  return { ...before, objects: new Map(), replaced: new Map(), removedAt: at, removedSlices };
}

function sorted(before: GrowingStudy, { urgent, destinations }: SortedEntry): GrowingStudy {
  const { destinations: _, ...kept } = before;
  return { ...kept, urgent: before.urgent || urgent, ...(destinations && { destinations }) };
}

function judged(before: GrowingStudy, { event: _, ...verdict }: VerdictEntry): GrowingStudy | undefined {
  if (currentResult(before)?.folder !== verdict.folder) return undefined;
  return { ...before, verdicts: [...before.verdicts, verdict] };
}

function withdrawn(before: GrowingStudy, { at, by, verdictAt }: WithdrawnEntry): GrowingStudy | undefined {
  const isIt = (verdict: HeldVerdict): boolean => isStanding(verdict, by, verdictAt);
  if (!before.verdicts.some(isIt)) return undefined;
  const verdicts = before.verdicts.map((verdict) =>
    isIt(verdict) ? { ...verdict, withdrawnAt: at } : verdict,
  );
  return { ...before, verdicts };
}

/** Whether it is that person's of that moment, and was not taken back. */
const isStanding = (verdict: HeldVerdict, by: string, at: string): boolean =>
  verdict.by === by && verdict.at === at && verdict.withdrawnAt === undefined;
