import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { StudyState } from '../study-states.ts';

/** What the database holds of the index. Times are PostgreSQL's, which gives dates. */
export interface IndexTables {
  position: PositionRow;
  study: StudyRow;
  object: ObjectRow;
  result: ResultRow;
  delivery: DeliveryRow;
  job: JobRow;
  stop_rule: StopRuleRow;
}
export type Database = Kysely<IndexTables>;

/** One row: up to which line of the journal the database follows, and that line's checksum. */
export interface PositionRow {
  readonly line: number;
  readonly sum: string;
}

export interface StudyRow {
  readonly study: string;
  readonly state: StudyState;
  readonly reason_code: string | null;
  readonly reason_text: string | null;
  readonly received_at: Date | string;
  readonly last_arrival_at: Date | string;
  readonly moved_at: Date | string;
  readonly urgent: boolean;
  readonly is_read: boolean;
  readonly expected: number | null;
  readonly tries: number;
  readonly instances: number;
}

export interface ObjectRow {
  readonly study: string;
  readonly instance: string;
  readonly series: string;
  readonly sop_class: string;
  readonly transfer_syntax: string;
  readonly modality: string | null;
  readonly sha256: string;
  readonly bytes: number;
  readonly sender: string;
  readonly received_at: Date | string;
}

export interface ResultRow {
  readonly folder: string;
  readonly study: string;
  readonly made_at: Date | string;
  readonly sha256: string;
  readonly model: string;
  readonly probability: number;
  readonly positive: boolean;
  readonly disagreement: boolean;
  readonly is_current: boolean;
}

export interface DeliveryRow {
  readonly folder: string;
  readonly destination: string;
  readonly tried_at: Date | string;
  readonly tries: number;
  readonly failure_code: string | null;
  readonly failure_text: string | null;
}

/**
 * A study that waits for a worker or is with one. From the journal: the first six columns. What a worker says of it: the
 * others, which nobody misses when the database is made anew, since the study is then taken once more.
 */
export interface JobRow {
  readonly study: string;
  /** The journal's line that queued the study: a worker that comes late, with an earlier number, changes nothing. */
  readonly number: number;
  /** Higher ones first. */
  readonly priority: number;
  readonly received_at: Date | string;
  readonly not_before: Date | string;
  /** Folder of the study's newest result or refusal before: a new report takes the place of the one there. */
  readonly earlier_result: string | null;
  readonly worker: string | null;
  readonly heard_at: Date | string | null;
  /** From 0 to 1. */
  readonly progress: number | null;
  /** What became of the study: JSON. */
  readonly outcome: unknown;
  /** The result's files, as a zip. */
  readonly files: Uint8Array | null;
}

/** One row: what results are held to, JSON, for workers elsewhere. */
export interface StopRuleRow {
  readonly rule: unknown;
}

const FIRST_INDEX = `
  create table position (line integer not null, sum text not null);
  create table study (
    study text primary key, state text not null, reason_code text, reason_text text,
    received_at timestamptz not null, last_arrival_at timestamptz not null, moved_at timestamptz not null,
    urgent boolean not null, is_read boolean not null, expected integer, tries integer not null, instances integer not null
  );
  create index study_by_state on study (state, moved_at);
  create index study_by_arrival on study (received_at);
  create table object (
    study text not null, instance text not null, series text not null, sop_class text not null,
    transfer_syntax text not null, modality text, sha256 text not null, bytes integer not null, sender text not null,
    received_at timestamptz not null, primary key (study, instance)
  );
  create table result (
    folder text primary key, study text not null, made_at timestamptz not null, sha256 text not null, model text not null,
    probability double precision not null, positive boolean not null, disagreement boolean not null,
    is_current boolean not null
  );
  create index result_by_study on result (study);
  create unique index one_current_result on result (study, model) where is_current;
  create table delivery (
    folder text not null, destination text not null, tried_at timestamptz not null, tries integer not null,
    failure_code text, failure_text text, primary key (folder, destination)
  );
  create table job (
    study text primary key, number integer not null, priority integer not null, received_at timestamptz not null,
    not_before timestamptz not null, worker text, heard_at timestamptz, progress real, outcome jsonb, files bytea
  );
  create index job_waiting on job (priority desc, received_at) where worker is null
`;

const EARLIER_RESULT = `
  alter table job add column earlier_result text;
  update job set earlier_result =
    (select folder from result where result.study = job.study order by made_at desc limit 1)
`;

/** The name is the order; what was released is never changed. The views belong to whoever reports, by any program. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-index': migration(FIRST_INDEX),
  '0002-earlier-result': migration(EARLIER_RESULT),
  '0003-stop-rule': migration('create table stop_rule (rule jsonb not null)'),
};

function migration(statements: string): Migration {
  return {
    up: async (database: Kysely<unknown>) => {
      for (const statement of statements.split(';')) await sql.raw(statement).execute(database);
    },
  };
}
