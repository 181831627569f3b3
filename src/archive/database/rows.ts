import { type Kysely, sql } from 'kysely';
import { currentResult, type HeldObject, type HeldResult, type HeldStudy } from '../held-study.ts';
import type { DeliveryRow, IndexTables, JobRow, ObjectRow, ResultRow, StudyRow } from './tables.ts';

/** A study that changed, with the objects that came since it was written last. */
export interface ChangedStudy {
  readonly held: HeldStudy;
  readonly objects: readonly HeldObject[];
  /** These are all that it has: others were removed. */
  readonly isWhole: boolean;
}

/** Of PostgreSQL's integer: an object of 2 GiB and more stands with this. Views of others forbid another type. */
const MOST_INTEGER = 2 ** 31 - 1;

/** After a fault, a try waits so long times the tries and losses that were. */
const RETRY_AFTER_MS = 10_000;

/**
 * Studies as they are now, with their results and jobs. What is there already is replaced, so that writing a study twice is
 * writing it once. In a transaction: a study and its job change together.
 */
export async function writeStudies(
  database: Kysely<IndexTables>,
  changed: readonly ChangedStudy[],
): Promise<void> {
  const held = changed.map((one) => one.held);
  await upsert(database, 'study', ['study'], held.map(studyRow));
  const whole = changed.filter(({ isWhole }) => isWhole).map((one) => one.held.study);
  if (whole.length > 0) await database.deleteFrom('object').where('study', 'in', whole).execute();
  await upsert(
    database,
    'object',
    ['study', 'instance'],
    changed.flatMap(({ objects }) => objects.map(objectRow)),
  );
  await upsert(database, 'result', ['folder'], held.flatMap(resultRows));
  await upsert(database, 'delivery', ['folder', 'destination'], held.flatMap(deliveryRows));
  await writeJobs(database, held);
}

function studyRow(held: HeldStudy): StudyRow {
  return {
    study: held.study,
    state: held.state,
    reason_code: held.reason?.code ?? null,
    reason_text: held.reason?.text ?? null,
    received_at: held.receivedAt,
    last_arrival_at: held.lastArrivalAt,
    moved_at: held.movedAt,
    urgent: held.urgent,
    is_read: held.isRead,
    expected: held.expected ?? null,
    tries: held.tries,
    instances: held.objects.size,
  };
}

const objectRow = (object: HeldObject): ObjectRow => ({
  study: object.study,
  instance: object.instance,
  series: object.series,
  sop_class: object.sopClass,
  transfer_syntax: object.transferSyntax,
  modality: object.modality ?? null,
  sha256: object.sha256,
  bytes: Math.min(object.bytes, MOST_INTEGER),
  sender: object.from,
  received_at: object.at,
});

/** Oldest first: the one that was current gives way before the next one stands. */
const resultRows = (held: HeldStudy): ResultRow[] =>
  held.results.map((result) => ({
    folder: result.folder,
    study: held.study,
    made_at: result.at,
    sha256: result.sha256,
    model: result.model,
    probability: result.probability,
    positive: result.positive,
    disagreement: result.disagreement,
    is_current: result === currentResult(held),
  }));

const deliveryRows = ({ results }: HeldStudy): DeliveryRow[] => results.flatMap(deliveriesOf);
const deliveriesOf = ({ folder, deliveries }: HeldResult): DeliveryRow[] =>
  Object.entries(deliveries).map(([destination, { at, tries, failure }]) => ({
    ...{ folder, destination, tried_at: at, tries },
    ...{ failure_code: failure?.code ?? null, failure_text: failure?.text ?? null },
  }));

/** All rows as one value, however many they are. */
async function upsert<Row extends object>(
  database: Kysely<IndexTables>,
  name: keyof IndexTables,
  key: readonly (keyof Row & string)[],
  rows: readonly Row[],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const list = sql.join(columns.map((column) => sql.ref(column)));
  const replaced = columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`);
  await sql`
    insert into ${sql.table(name)} (${list})
    select ${list} from jsonb_populate_recordset(null::${sql.table(name)}, ${jsonText(rows)}::jsonb)
    on conflict (${sql.join(key.map((column) => sql.ref(column)))}) do update set ${sql.join(replaced)}
  `.execute(database);
}

/** Senders' texts as PostgreSQL takes them: it has no NUL, and no half of a surrogate pair. */
const jsonText = (rows: readonly object[]): string =>
  JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value,
  );

/** A queued study has a job that nobody has taken; one that is being predicted keeps its job; all others have none. */
async function writeJobs(database: Kysely<IndexTables>, held: readonly HeldStudy[]): Promise<void> {
  const over = held.filter(({ state }) => state !== 'queued' && state !== 'predicting');
  if (over.length > 0)
    await database
      .deleteFrom('job')
      .where(
        'study',
        'in',
        over.map(({ study }) => study),
      )
      .execute();
  const jobs = held.filter(({ state }) => state === 'queued').map(jobOf);
  if (jobs.length === 0) return;
  await sql`
    insert into job (study, number, priority, received_at, earlier_result, not_before)
    select study, number, priority, received_at, earlier_result, now() + make_interval(secs => delay)
    from jsonb_to_recordset(${jsonText(jobs)}::jsonb)
      as new (study text, number integer, priority integer, received_at timestamptz,
        earlier_result text, delay double precision)
    on conflict (study) do update set number = excluded.number, priority = excluded.priority,
      received_at = excluded.received_at, earlier_result = excluded.earlier_result, not_before = excluded.not_before,
      worker = null, heard_at = null, progress = null, outcome = null, files = null
    where job.number <> excluded.number
  `.execute(database);
}

type NewJob = Pick<JobRow, 'study' | 'number' | 'priority' | 'received_at' | 'earlier_result'> & {
  readonly delay: number;
};

/** The delay is told in seconds from now, so that clocks of two machines need not agree. */
function jobOf(held: HeldStudy): NewJob {
  const { study, queuedByLine: number = 0, receivedAt: received_at, newestFolder = null } = held;
  const delay = delayMs(held) / 1000;
  return { study, number, priority: priorityOf(held), received_at, earlier_result: newestFolder, delay };
}

function delayMs({ reason, movedAt, tries, losses }: HeldStudy): number {
  if (reason === undefined) return 0;
  return Math.max(0, Date.parse(movedAt) + RETRY_AFTER_MS * (tries + losses) - Date.now());
}

/** Urgent requests first, then what an earlier result suspects; within both, who came first. */
const priorityOf = ({ urgent, results }: HeldStudy): number =>
  urgent ? 2 : Number(results.some(({ positive }) => positive));
