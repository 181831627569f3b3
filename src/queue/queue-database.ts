import type { ChildProcess } from 'node:child_process';
import { PGlite } from '@electric-sql/pglite';
import { type ConstructorOptions, fromPglite } from 'pg-boss';
import { IchorError, messageOf } from '../base/index.ts';
import { lockQueueFolder } from './queue-lock.ts';

/** Where the jobs are kept: a PostgreSQL server that any machine reaches, or one embedded in this process. */
export interface QueueDatabase {
  readonly options: Pick<ConstructorOptions, 'connectionString' | 'db' | 'backend'>;
  /** Lets a child process that was forked with `serialization: 'advanced'` use the embedded one, see parentDatabase. */
  serve(child: ChildProcess): void;
  close(): Promise<void>;
}

export const isPostgresUrl = (where: string): boolean => /^postgres(ql)?:\/\//.test(where);

/**
 * Opens `postgres://user@host/database`, or a folder of the embedded PGlite, which one process at a time owns. Throws
 * IchorError `queue-unreachable`, UsageError `queue-in-use`.
 */
export async function openDatabase(where: string): Promise<QueueDatabase> {
  if (isPostgresUrl(where))
    return { options: { connectionString: where }, serve: () => undefined, close: async () => undefined };
  const unlock = await lockQueueFolder(where);
  const pglite = await PGlite.create(where).catch(async (thrown: unknown) => {
    await unlock();
    throw new IchorError(
      'queue-unreachable',
      `the embedded queue in ${where} cannot be opened (${messageOf(thrown)})`,
      { cause: thrown },
    );
  });
  const db = fromPglite(pglite);
  return {
    options: { db, backend: 'pglite' },
    serve: (child) => serveDatabase(child, db),
    close: async () => {
      await pglite.close();
      await unlock();
    },
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

interface Waiting {
  resolve(answer: { rows: unknown[] }): void;
  reject(error: Error): void;
}

/** The embedded database of the process that forked this one. Throws IchorError `queue-unreachable`. */
export function parentDatabase(): QueueDatabase {
  if (process.send === undefined)
    throw new IchorError('queue-unreachable', 'this process was not forked by one that owns a queue');
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  const answered = (message: Answer): void => {
    if (message.queue !== 'answer') return;
    const question = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error !== undefined) question?.reject(new IchorError('queue-failed', message.error));
    else question?.resolve({ rows: message.rows ?? [] });
  };
  const orphaned = (): void => {
    for (const { reject } of waiting.values()) reject(ownerGone());
    waiting.clear();
  };
  process.on('message', answered);
  process.on('disconnect', orphaned);
  const executeSql = (text: string, values?: unknown[]) =>
    new Promise<{ rows: unknown[] }>((resolve, reject) => {
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      const question: Question = { queue: 'execute', id, text, values };
      process.send?.(question, undefined, undefined, (failed) => {
        if (failed === null) return;
        waiting.delete(id);
        reject(ownerGone(failed));
      });
    });
  return {
    options: { db: { executeSql }, backend: 'pglite' },
    serve: () => undefined,
    close: async () => {
      process.off('message', answered);
      process.off('disconnect', orphaned);
    },
  };
}

const ownerGone = (cause?: Error): IchorError =>
  new IchorError('queue-unreachable', 'the process that owns the queue is gone', { cause });
