import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as pause } from 'node:timers/promises';
import type { Archive } from '../../archive/index.ts';
import { codeOf, messageOf, RefusedInput } from '../../base/index.ts';
import {
  instancesOf,
  type NamedStudy,
  notAsExpected,
  type PulledArchive,
  studiesOf,
  wholeStudy,
} from './archive-questions.ts';
import type { Intake } from './intake.ts';
import { keepFile } from './keep-file.ts';
import { boundaryOf, eachPart } from './multipart.ts';

/** An archive that names more objects than it gives, each time, is not asked for them again before it names others. */
const MOST_SHORT_PULLS = 3;

/** Fetches, from time to time, what archives have and we have not. */
export function pullFrom(
  archive: Archive,
  intake: Intake,
  pulled: readonly PulledArchive[],
  log: (text: string) => void,
): { close(): Promise<void> } {
  const ending = new AbortController();
  const pulling = pulled.map((one) => pullAgain({ archive, intake, log, signal: ending.signal }, one));
  return {
    close: async () => {
      ending.abort();
      await Promise.all(pulling);
    },
  };
}

interface Puller {
  readonly archive: Archive;
  readonly intake: Intake;
  readonly signal: AbortSignal;
  log(text: string): void;
}

/** What came of a study when the archive named so many objects of it. */
interface Seen {
  readonly named: number;
  /** Nothing more is to be had. */
  readonly isWhole: boolean;
  readonly pulls: number;
}

async function pullAgain(puller: Puller, from: PulledArchive): Promise<void> {
  let told: string | undefined;
  let toldUnnamed = 0;
  let seen: ReadonlyMap<string, Seen> = new Map();
  while (!puller.signal.aborted) {
    try {
      const { unnamed, now, fault } = await pullOnce(puller, from, seen);
      seen = now;
      if (unnamed > toldUnnamed)
        puller.log(`${from.name} names ${unnamed} studies by no UID; they are not fetched`);
      toldUnnamed = unnamed;
      if (fault !== undefined) throw fault;
      told = undefined;
    } catch (thrown) {
      const text = `${from.name} cannot be pulled from: ${messageOf(thrown)}`;
      if (told !== text && !puller.signal.aborted) puller.log(text);
      told = text;
    }
    await pause(1000 * from.everySeconds, undefined, { signal: puller.signal }).catch(() => undefined);
  }
}

/**
 * All that is new, one study after another: one that cannot be had keeps no other waiting. Throws where the archive does not answer
 * as it should, or where nothing can be kept.
 */
async function pullOnce(puller: Puller, from: PulledArchive, before: ReadonlyMap<string, Seen>) {
  let unnamed = 0;
  let fault: unknown;
  const now = new Map<string, Seen>();
  for await (const named of studiesOf(from, puller.signal)) {
    if (named === undefined) unnamed++;
    else
      try {
        const seen = await pullIfNew(puller, from, named, before.get(named.study));
        if (seen !== undefined) now.set(named.study, seen);
      } catch (thrown) {
        if (codeOf(thrown) !== 'archive-refused') throw thrown;
        fault ??= thrown;
      }
  }
  return { unnamed, now, fault };
}

async function pullIfNew(
  puller: Puller,
  from: PulledArchive,
  { study, instances: named }: NamedStudy,
  before: Seen | undefined,
): Promise<Seen | undefined> {
  if (!isNew(puller.archive, { study, instances: named })) return undefined;
  const last = before?.named === named ? before : { named, isWhole: false, pulls: 0 };
  if (last.isWhole || last.pulls >= MOST_SHORT_PULLS) return last;
  if (await isAllKnown(puller, from, study)) return { ...last, isWhole: true };
  const given = await pullStudy(puller, from, study);
  return { named, isWhole: given >= named, pulls: last.pulls + 1 };
}

/** What retention took away is not fetched again. */
function isNew({ index }: Archive, { study, instances }: NamedStudy): boolean {
  const held = index.study(study);
  return held === undefined || (held.removedAt === undefined && held.objects.size < instances);
}

/** Whether what the archive has more than we is what it got from us; false where it does not tell what it has. */
async function isAllKnown({ archive, signal }: Puller, from: PulledArchive, study: string): Promise<boolean> {
  const made = await archive.made(study);
  const held = archive.index.study(study)?.objects;
  if (made.size === 0 || held === undefined) return false;
  try {
    let count = 0;
    for await (const instance of instancesOf(from, study, signal)) {
      if (instance === undefined || !(held.has(instance) || made.has(instance))) return false;
      count++;
    }
    return count > 0;
  } catch {
    // Asked for as a whole, it is told what is wrong with it
    return false;
  }
}

/** How many objects the archive gave; what is not kept of them is counted too. */
async function pullStudy({ intake, signal }: Puller, from: PulledArchive, study: string): Promise<number> {
  const answer = await wholeStudy(from, study, signal);
  const boundary = boundaryOf(answer.headers.get('content-type') ?? '');
  if (boundary === undefined || answer.body === null)
    throw notAsExpected(from, 'it gave a study in another form than multipart/related');
  const visit = intake.visit(`pulled from ${from.name}`);
  const body = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>);
  let isWhole = false;
  try {
    const faults = await eachPart(body, boundary, (part) =>
      keepFile(visit, part, study).then(
        () => undefined,
        (thrown: unknown) => thrown,
      ),
    );
    // What is refused is counted by who keeps it; a full disk ends the pull, which is tried again
    const fault = faults.find((thrown) => thrown !== undefined && !(thrown instanceof RefusedInput));
    if (fault !== undefined) throw fault;
    isWhole = true;
    return faults.length;
  } finally {
    // What is not read of a damaged answer would keep its connection
    body.destroy();
    visit.ended(isWhole);
  }
}
