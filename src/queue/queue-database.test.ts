import { expect, test, vi } from 'vitest';
import { parentDatabase } from './queue-database.ts';

test('a worker whose parent is gone says so', async () => {
  const parent = process as Required<Pick<NodeJS.Process, 'send'>>;
  const send = vi.spyOn(parent, 'send').mockImplementation((...given: unknown[]) => {
    const sent = given.at(-1) as (failed: Error) => void;
    sent(new Error('Channel closed'));
    return false;
  });
  const { db } = parentDatabase().options as { db: { executeSql(text: string): Promise<unknown> } };
  const asked = db.executeSql('select 1');
  send.mockRestore();
  await expect(asked).rejects.toMatchObject({ code: 'queue-unreachable' });
});
