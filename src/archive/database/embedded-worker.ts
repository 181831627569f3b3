/** The thread in which the embedded database runs: it computes for seconds when it is made, and senders must not wait for that. */
import { PGlite } from '@electric-sql/pglite';
import { IchorError } from '../../base/index.ts';
import { threadWork } from '../../threads/index.ts';

let pglite: PGlite | undefined;

export const open = threadWork(async (folder: string) => {
  pglite = await PGlite.create(folder);
});

export const query = threadWork(async ({ text, values }: { text: string; values: readonly unknown[] }) => {
  if (pglite === undefined) throw new IchorError('database-unreachable', 'no embedded database is open');
  const { rows, affectedRows = 0 } = await pglite.query(text, [...values]);
  return { rows, affectedRows };
});

export const close = threadWork(async () => {
  await pglite?.close();
});
