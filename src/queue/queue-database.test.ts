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

test('a question under way when the parent goes is answered so', async () => {
  const parent = process as Required<Pick<NodeJS.Process, 'send'>>;
  const send = vi.spyOn(parent, 'send').mockReturnValue(true);
  const database = parentDatabase();
  const { db } = database.options as { db: { executeSql(text: string): Promise<unknown> } };
  const asked = db.executeSql('select 1');
  send.mockRestore();
  for (const orphaned of process.listeners('disconnect').slice(-1)) orphaned();
  await expect(asked).rejects.toMatchObject({ code: 'queue-unreachable' });
  await database.close();
});
