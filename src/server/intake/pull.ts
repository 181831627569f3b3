import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type Archive, uidSchema } from '../../archive/index.ts';
import { IchorError, messageOf, RefusedInput } from '../../base/index.ts';
import type { Intake } from './intake.ts';
import { keepFile } from './keep-file.ts';
import { boundaryOf, eachPart } from './multipart.ts';

/** An archive that is asked by QIDO-RS and gives by WADO-RS. */
export interface PulledArchive {
  /** For the journal: `pacs`. */
  readonly name: string;
  /** Of its DICOMweb: `https://pacs.example/dicom-web`. */
  readonly url: string;
  /** QIDO-RS keys that a study must have: `{ ModalitiesInStudy: 'CT' }`. */
  readonly match: Readonly<Record<string, string>>;
  /** Studies of today and so many days before. */
  readonly days: number;
  readonly everySeconds: number;
  readonly token?: string;
}

const PER_PAGE = 100;
const ANSWER_MS = 30_000;
const STUDY_MS = 30 * 60_000;
const WHOLE = 'multipart/related; type="application/dicom"; transfer-syntax=*';

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

async function pullAgain(puller: Puller, from: PulledArchive): Promise<void> {
  let isTold = false;
  let toldUnnamed = 0;
  while (!puller.signal.aborted) {
    try {
      const unnamed = await pullOnce(puller, from);
      if (unnamed > toldUnnamed)
        puller.log(`${from.name} names ${unnamed} studies by no UID; they are not fetched`);
      toldUnnamed = unnamed;
      isTold = false;
    } catch (thrown) {
      if (!isTold && !puller.signal.aborted)
        puller.log(`${from.name} cannot be pulled from: ${messageOf(thrown)}`);
      isTold = true;
    }
    await pause(1000 * from.everySeconds, undefined, { signal: puller.signal }).catch(() => undefined);
  }
}

/**
 * All that is new, one study after another; gives how many could not be asked for. Throws where the archive does not answer as it
 * should.
 */
async function pullOnce(puller: Puller, from: PulledArchive): Promise<number> {
  let unnamed = 0;
  for await (const row of studiesOf(from, puller.signal)) {
    const read = rowSchema.safeParse(row);
    // One odd study does not keep the others waiting
    if (!read.success) unnamed++;
    else if (isNew(puller.archive, read.data)) await pullStudy(puller, from, read.data.study);
  }
  return unnamed;
}

/** What retention took away is not fetched again. */
function isNew({ index }: Archive, { study, instances }: z.output<typeof rowSchema>): boolean {
  const held = index.study(study);
  return held === undefined || (held.removedAt === undefined && held.objects.size < instances);
}

const onlyValue = <Value extends z.ZodType>(value: Value) =>
  z.object({ Value: z.tuple([value]) }).transform((one) => one.Value[0]);
const rowSchema = z
  .object({
    '0020000D': onlyValue(uidSchema),
    /** Number of Study Related Instances; without it a study is fetched where nothing of it is held. */
    '00201208': onlyValue(z.coerce.number().int().positive()).optional().catch(undefined),
  })
  .transform((row) => ({ study: row['0020000D'], instances: row['00201208'] ?? 1 }));

async function* studiesOf(from: PulledArchive, signal: AbortSignal): AsyncGenerator<unknown> {
  for (let offset = 0; ; offset += PER_PAGE) {
    const query = new URLSearchParams({
      ...from.match,
      StudyDate: `${dicomDate(from.days)}-${dicomDate(0)}`,
      includefield: 'NumberOfStudyRelatedInstances',
      ...{ limit: String(PER_PAGE), offset: String(offset) },
    });
    const answer = await ask(from, `/studies?${query}`, 'application/dicom+json', ANSWER_MS, signal);
    // Nothing found
    if (answer.status === 204) return;
    const rows = z.array(z.unknown()).parse(await answer.json());
    yield* rows;
    if (rows.length < PER_PAGE) return;
  }
}

/** A date of this machine's calendar, as archives in the same place write it. */
function dicomDate(daysAgo: number): string {
  const day = new Date();
  day.setDate(day.getDate() - daysAgo);
  const parts = [day.getFullYear(), day.getMonth() + 1, day.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('');
}

async function pullStudy({ intake, signal }: Puller, from: PulledArchive, study: string): Promise<void> {
  const answer = await ask(from, `/studies/${study}`, WHOLE, STUDY_MS, signal);
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
  } finally {
    // What is not read of a damaged answer would keep its connection
    body.destroy();
    visit.ended(isWhole);
  }
}

async function ask(
  from: PulledArchive,
  route: string,
  accept: string,
  withinMs: number,
  signal: AbortSignal,
) {
  const answer = await fetch(`${from.url.replace(/\/$/, '')}${route}`, {
    headers: { accept, ...(from.token !== undefined && { authorization: `Bearer ${from.token}` }) },
    signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
    // Another address than the configured one is asked of nobody
    redirect: 'error',
  });
  if (!answer.ok) throw notAsExpected(from, `it answered ${answer.status}`);
  return answer;
}

const notAsExpected = ({ name }: PulledArchive, why: string): IchorError =>
  new IchorError('archive-refused', `${name} did not give what was asked for: ${why}`);
