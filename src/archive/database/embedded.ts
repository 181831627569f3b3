import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { PGliteDialect, type PGliteDialectConfig } from 'kysely';
import { openThreads } from '../../threads/index.ts';

type Embedded = Exclude<PGliteDialectConfig['pglite'], (...args: never) => unknown>;
type Query = Parameters<Embedded['query']>;

/** PGlite in a folder, on a thread of its own. Kysely asks one question after another, so that a transaction is three of them. */
export async function embeddedDialect(folder: string): Promise<PGliteDialect> {
  await mkdir(path.dirname(folder), { recursive: true });
  const thread = openThreads<typeof import('./embedded-worker.ts')>('./embedded-worker', import.meta.url, 1);
  const ask = (text: string, values: readonly unknown[] = []) => thread.ask('query', { text, values });
  const query = async <Row>(...[text, values]: Query) => {
    const { rows, affectedRows } = await ask(text, values);
    return { rows: rows as Row[], affectedRows, fields: [] };
  };
  const close = async (): Promise<void> => {
    pglite.closed = true;
    try {
      await thread.ask('close', undefined);
    } finally {
      await thread[Symbol.asyncDispose]();
    }
  };
  const transaction: Embedded['transaction'] = async (work) => {
    await ask('begin');
    try {
      const result = await work({ query, rollback: async () => void (await ask('rollback')) });
      await ask('commit');
      return result;
    } catch (thrown) {
      await ask('rollback');
      throw thrown;
    }
  };
  const pglite: Embedded = {
    closed: false,
    ready: true,
    waitReady: Promise.resolve(),
    query,
    transaction,
    close,
  };
  try {
    await thread.ask('open', folder);
  } catch (thrown) {
    await thread[Symbol.asyncDispose]();
    throw thrown;
  }
  return new PGliteDialect({ pglite });
}
