import { rm } from 'node:fs/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { Pool } from 'pg';
import { IchorError, messageOf } from '../../base/index.ts';
import { isPostgresUrl } from '../../queue/index.ts';
import { embeddedDialect } from './embedded.ts';
import { type Database, type IndexTables, MIGRATIONS } from './tables.ts';

/** Everything of ours lies in this schema, so that it can be made anew. */
const SCHEMA = 'ichor';
const MOST_CONNECTIONS = 8;
const CONNECT_MS = 5000;
/** A server that falls silent, or a firewall that forgets a connection, ends no question: large results have this time. */
const QUESTION_MS = 120_000;

/** Opens `postgres://user@host/database`, or a folder of the embedded PGlite, and brings its tables up to date. */
export async function openDatabase(where: string, questionMs = QUESTION_MS): Promise<Database> {
  const database = isPostgresUrl(where) ? postgres(where, questionMs) : await embedded(where);
  try {
    await migrate(database);
    return database;
  } catch (thrown) {
    await database.destroy();
    throw thrown;
  }
}

/** Takes away all that is in it: what opens it next fills it anew. */
export async function emptyDatabase(where: string): Promise<void> {
  if (!isPostgresUrl(where)) return rm(where, { recursive: true, force: true });
  const database = postgres(where);
  try {
    await sql.raw(`drop schema if exists ${SCHEMA} cascade`).execute(database);
  } finally {
    await database.destroy();
  }
}

function postgres(url: string, questionMs = QUESTION_MS): Database {
  const pool = new Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: questionMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: CONNECT_MS,
    options: `-c search_path=${SCHEMA}`,
  });
  // A connection that was cut is replaced; what a question meets is thrown by the question. The pool hears of idle ones
  // alone, and an error that nobody hears ends the process
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<IndexTables>({ dialect: new PostgresDialect({ pool }) });
}

async function embedded(folder: string): Promise<Database> {
  const database = new Kysely<IndexTables>({ dialect: await embeddedDialect(folder) });
  await sql.raw(`set search_path to ${SCHEMA}`).execute(database);
  return database;
}

async function migrate(database: Database): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableSchema: SCHEMA,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** Why a database does not answer, for people: its URL may hold a password, and is not told. */
export const databaseAway = (cause: unknown): IchorError =>
  new IchorError(
    'database-unreachable',
    `the index's database does not answer (${messageOf(cause)}); what arrives is kept, and is in the database once it is back`,
    { cause },
  );

/** PostgreSQL's classes of errors: what lies there is not what we wrote (42: a table is missing, 23: a rule, XX: damage). */
const DAMAGE = /^(42|23|XX)/;
const codeIn = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';

/** Whether making it anew would help: an embedded one is ours alone, a server may only be away. */
export const isDamaged = (where: string, thrown: unknown): boolean =>
  !isPostgresUrl(where) || DAMAGE.test(codeIn(thrown)) || messageOf(thrown).includes('corrupted migrations');
