/** A worker of the tests: squares numbers, slowly enough to be killed meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import { openQueue } from './job-queue.ts';
import { parentDatabase } from './queue-database.ts';

const queue = await openQueue<{ number: number }, { square: number }>(parentDatabase(), {
  kind: 'squares',
  silentSeconds: 10,
  tries: 10,
});
await queue.work(async ({ id, payload }) => {
  process.send?.({ holds: id });
  await pause(400);
  return { square: payload.number ** 2 };
});
await queue.close();
process.disconnect();
