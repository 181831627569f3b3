import { unzipSync, zipSync } from 'fflate';
import { sql } from 'kysely';
import { z } from 'zod';
import type { FileContent } from '../../files/index.ts';
import { factsSchema } from '../entries.ts';
import { objectName } from '../folders.ts';
import type { Database } from './tables.ts';

/** A study that a worker took; the number tells it from an earlier or later taking of the same study. */
export interface Job {
  readonly study: string;
  readonly number: number;
  /** Folder of the study's newest result or refusal before, under the archive's own; absent where there is none. */
  readonly earlierResult?: string;
}

const reasonSchema = z.object({ code: z.string(), text: z.string() });

/** What a worker says became of a study. */
export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('predicted'), facts: factsSchema }),
  z.object({ kind: z.literal('refused'), reason: reasonSchema }),
  z.object({ kind: z.enum(['failed', 'stopped']), reason: reasonSchema }),
]);
export type JobOutcome = z.infer<typeof outcomeSchema>;
type Files = Readonly<Record<string, FileContent>>;

/** A job as its worker left it. */
export interface TakenJob extends Job {
  readonly worker: string;
  /** Since it was heard of, by the database's clock. */
  readonly silentSeconds: number;
  readonly progress: number;
  readonly outcome?: JobOutcome;
}

interface JobCounts {
  /** May be taken now. */
  readonly waiting: number;
  /** Wait for their next try. */
  readonly later: number;
  readonly taken: number;
  /** Of the one that has waited longest. */
  readonly oldestWaitingAt?: string;
}

/** Jobs in the database, for the service and for workers anywhere. Each call throws where the database does not answer. */
export interface JobBoard {
  /** The next study, for that worker alone; undefined where none waits. */
  take(worker: string): Promise<Job | undefined>;
  /** False where the job is no longer that worker's: it is to stop. */
  heard(job: Job, worker: string, progress: number): Promise<boolean>;
  /** Hands in what became of it; false, and nothing changed, where the job is no longer that worker's. */
  handIn(job: Job, worker: string, outcome: JobOutcome, files?: Files): Promise<boolean>;
  taken(): Promise<readonly TakenJob[]>;
  /** What was handed in with an outcome. */
  filesOf(job: Job): Promise<Files>;
  counts(): Promise<JobCounts>;
  /** JSON, for workers elsewhere: what results are held to. */
  tellStopRule(json: string): Promise<void>;
  /** As it was told last; undefined where it is null, or never was. */
  stopRule(): Promise<unknown>;
  /** Under the folder of objects: the newest of each of the study's instances. */
  objectsOf(study: string): Promise<readonly string[]>;
}

/** Asks for the database each time: it may be away, and another one when it is back. */
export function jobBoard(database: () => Promise<Database>): JobBoard {
  const ofWorker = async ({ study, number }: Job, worker: string) =>
    (await database())
      .updateTable('job')
      .where('study', '=', study)
      .where('number', '=', number)
      .where('worker', '=', worker);
  return {
    take: async (worker) => take(await database(), worker),
    heard: async (job, worker, progress) => {
      const { numUpdatedRows } = await (await ofWorker(job, worker))
        .set({ heard_at: sql<string>`now()`, progress })
        .executeTakeFirst();
      return numUpdatedRows > 0;
    },
    handIn: async (job, worker, outcome, files) => {
      const { numUpdatedRows } = await (await ofWorker(job, worker))
        .set({
          heard_at: sql<string>`now()`,
          outcome: JSON.stringify(outcome),
          files: files === undefined ? null : zipOf(files),
        })
        .executeTakeFirst();
      return numUpdatedRows > 0;
    },
    taken: async () => taken(await database()),
    filesOf: async ({ study, number }) => {
      const row = await (await database())
        .selectFrom('job')
        .select('files')
        .where('study', '=', study)
        .where('number', '=', number)
        .executeTakeFirst();
      return row?.files == null ? {} : unzipSync(new Uint8Array(row.files));
    },
    counts: async () => counts(await database()),
    tellStopRule: async (rule) =>
      (await database()).transaction().execute(async (transaction) => {
        await transaction.deleteFrom('stop_rule').execute();
        await transaction.insertInto('stop_rule').values({ rule }).execute();
      }),
    stopRule: async () =>
      (await (await database()).selectFrom('stop_rule').select('rule').executeTakeFirst())?.rule ?? undefined,
    objectsOf: async (study) => {
      const rows = await (await database())
        .selectFrom('object')
        .select(['study', 'instance', 'sha256'])
        .where('study', '=', study)
        .orderBy('instance')
        .execute();
      return rows.map(objectName);
    },
  };
}

/** Two workers that ask at once get two studies: a row that one is taking is skipped by the other. */
async function take(database: Database, worker: string): Promise<Job | undefined> {
  const row = await database
    .updateTable('job')
    .set({ worker, heard_at: sql<string>`now()`, progress: 0 })
    .where('study', '=', ({ selectFrom }) =>
      selectFrom('job')
        .select('study')
        .where('worker', 'is', null)
        .where('not_before', '<=', sql<string>`now()`)
        .orderBy('priority', 'desc')
        .orderBy('received_at')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['study', 'number', 'earlier_result'])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { study, number, earlier_result: earlierResult } = row;
  return { study, number, ...(earlierResult !== null && { earlierResult }) };
}

async function taken(database: Database): Promise<TakenJob[]> {
  const rows = await database
    .selectFrom('job')
    .select(['study', 'number', 'worker', 'progress', 'outcome'])
    .select(sql<number>`extract(epoch from now() - heard_at)::double precision`.as('silent'))
    .where('worker', 'is not', null)
    .execute();
  return rows.map(({ study, number, worker, progress, outcome, silent }) => ({
    ...{ study, number, worker: worker ?? '', silentSeconds: silent, progress: progress ?? 0 },
    ...(outcome != null && { outcome: outcomeSchema.parse(outcome) }),
  }));
}

async function counts(database: Database): Promise<JobCounts> {
  const { waiting, later, taken, oldest } = await database
    .selectFrom('job')
    .select([
      sql<number>`(count(*) filter (where worker is null and not_before <= now()))::integer`.as('waiting'),
      sql<number>`(count(*) filter (where worker is null and not_before > now()))::integer`.as('later'),
      sql<number>`(count(*) filter (where worker is not null))::integer`.as('taken'),
      sql<Date | null>`min(received_at) filter (where worker is null)`.as('oldest'),
    ])
    .executeTakeFirstOrThrow();
  return { waiting, later, taken, ...(oldest && { oldestWaitingAt: oldest.toISOString() }) };
}

/** Stored, not compressed: pictures are compressed already, and the rest is small. */
function zipOf(files: Files): Uint8Array {
  const encoder = new TextEncoder();
  const contents = Object.entries(files).map(([name, content]) => [
    name,
    typeof content === 'string' ? encoder.encode(content) : content,
  ]);
  return zipSync(Object.fromEntries(contents), { level: 0 });
}
