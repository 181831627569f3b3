/** A worker of the tests, of the PostgreSQL that it is told or its parent's queue: squares numbers, slowly enough to be killed. */
import { setTimeout as pause } from 'node:timers/promises';
import { openQueue } from './job-queue.ts';
import { openDatabase, parentDatabase } from './queue-database.ts';

const [kind = '', url] = process.argv.slice(2);
const database = url === undefined ? parentDatabase() : await openDatabase(url);
const queue = await openQueue<{ number: number }, { square: number }>(database, {
  kind,
  silentSeconds: 10,
  tries: 10,
});
await queue.work(async ({ id, payload }) => {
  process.send?.({ holds: id });
  await pause(400);
  return { square: payload.number ** 2 };
});
await queue.close();
await database.close();
process.disconnect();
