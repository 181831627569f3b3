import type { FastifyInstance } from 'fastify';
import { Denied } from './denied.ts';

const WINDOW_MS = 10_000;
/** A page that opens a large study asks some hundred times; a program that goes round in a circle asks more. */
export const MOST_REQUESTS = 4000;

const TOO_MANY_REQUESTS = {
  code: 'too-many-requests',
  text: 'more requests than are answered; wait some seconds',
};

/** So many requests of one address within ten seconds, whatever they ask; counted before anything is looked up. */
export function limitRequests(app: FastifyInstance, most: number): void {
  const counts = new Map<string, number>();
  let endsAt = 0;
  app.addHook('onRequest', async ({ ip }) => {
    const now = Date.now();
    if (now >= endsAt) {
      counts.clear();
      endsAt = now + WINDOW_MS;
    }
    const count = (counts.get(ip) ?? 0) + 1;
    counts.set(ip, count);
    if (count <= most) return;
    const seconds = Math.ceil((endsAt - now) / 1000);
    throw new Denied(429, TOO_MANY_REQUESTS, { 'retry-after': String(seconds) });
  });
}
