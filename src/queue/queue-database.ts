import type { ChildProcess } from 'node:child_process';
import { PGlite } from '@electric-sql/pglite';
import { type ConstructorOptions, fromPglite } from 'pg-boss';
import { IchorError, messageOf } from '../base/index.ts';

/** Where the jobs are kept: a PostgreSQL server that any machine reaches, or one embedded in this process. */
export interface QueueDatabase {
  readonly options: Pick<ConstructorOptions, 'connectionString' | 'db' | 'backend'>;
  /** Lets a child process that was forked with `serialization: 'advanced'` use the embedded one, see parentDatabase. */
  serve(child: ChildProcess): void;
  close(): Promise<void>;
}

/**
 * Opens `postgres://user@host/database`, or a folder of the embedded PGlite, which one process at a time may own.
 * Throws IchorError `queue-unreachable`.
 */
export async function openDatabase(where: string): Promise<QueueDatabase> {
  if (/^postgres(ql)?:\/\//.test(where))
    return { options: { connectionString: where }, serve: () => undefined, close: async () => undefined };
  const pglite = await PGlite.create(where).catch((thrown: unknown) => {
    throw new IchorError(
      'queue-unreachable',
      `the embedded queue in ${where} cannot be opened (${messageOf(thrown)}); one process at a time may own it`,
      { cause: thrown },
    );
  });
  const db = fromPglite(pglite);
  return {
    options: { db, backend: 'pglite' },
    serve: (child) => serveDatabase(child, db),
    close: () => pglite.close(),
  };
}

type Database = ReturnType<typeof fromPglite>;

interface Question {
  readonly queue: 'execute';
  readonly id: number;
  readonly text: string;
  readonly values: unknown[] | undefined;
}
interface Answer {
  readonly queue: 'answer';
  readonly id: number;
  readonly rows?: unknown[];
  readonly error?: string;
}

function serveDatabase(child: ChildProcess, db: Database): void {
  child.on('message', async (message: Question) => {
    if (message.queue !== 'execute') return;
    const { id, text, values } = message;
    const answer = await db.executeSql(text, values).then(
      ({ rows }): Answer => ({ queue: 'answer', id, rows }),
      (thrown: unknown): Answer => ({ queue: 'answer', id, error: messageOf(thrown) }),
    );
    if (child.connected) child.send(answer);
  });
}

/** The embedded database of the process that forked this one. Throws IchorError `queue-unreachable`. */
export function parentDatabase(): QueueDatabase {
  if (process.send === undefined)
    throw new IchorError('queue-unreachable', 'this process was not forked by one that owns a queue');
  const waiting = new Map<
    number,
    { resolve(answer: { rows: unknown[] }): void; reject(error: Error): void }
  >();
  let asked = 0;
  process.on('message', (message: Answer) => {
    if (message.queue !== 'answer') return;
    const question = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error !== undefined) question?.reject(new IchorError('queue-failed', message.error));
    else question?.resolve({ rows: message.rows ?? [] });
  });
  const executeSql = (text: string, values?: unknown[]) =>
    new Promise<{ rows: unknown[] }>((resolve, reject) => {
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      const question: Question = { queue: 'execute', id, text, values };
      process.send?.(question, undefined, undefined, (failed) => {
        if (failed === null) return;
        waiting.delete(id);
        reject(
          new IchorError('queue-unreachable', 'the process that owns the queue is gone', { cause: failed }),
        );
      });
    });
  return {
    options: { db: { executeSql }, backend: 'pglite' },
    serve: () => undefined,
    close: async () => undefined,
  };
}
