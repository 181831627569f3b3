import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { uidSchema } from '../../archive/index.ts';
import { messageOf } from '../../base/index.ts';
import type { Audit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-entry.ts';
import { ToldLately } from '../audit/told-lately.ts';
import { personOf } from './held.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a request of the route is in the audit trail; unless stated: to ask is to see, all else is to change. */
    audit?: 'saw' | 'exported' | 'nothing';
  }
}

/** How long the same person, route and study are one line; each change is one of its own. */
const ONE_LINE_MS = { saw: 600_000, exported: 600_000, denied: 60_000, changed: 0 } as const;
type Told = keyof typeof ONE_LINE_MS;

/** Every answer that shows or changes something stands in the trail before it goes out. */
export function auditRequests(app: FastifyInstance, audit: Audit, log: (text: string) => void): void {
  const lately = new ToldLately();
  app.addHook('onSend', async (request, reply, payload) => {
    // A file that cannot be opened fails while the line is written: whoever sends the stream tells of it afterwards
    if (payload instanceof Readable) payload.on('error', () => undefined);
    const action = actionOf(request, reply);
    if (action === undefined) return payload;
    const event = eventOf(request, action);
    const key = [event.action, event.who, event.what, event.study, action === 'denied' && event.address].join(
      ' ',
    );
    if (!lately.isNew(key, ONE_LINE_MS[action])) return payload;
    try {
      await audit.tell(event);
    } catch (thrown) {
      lately.forget(key);
      log(`the audit trail takes no line: ${messageOf(thrown)}`);
      // Who reads goes on reading, for patients wait; nothing leaves the house untold
      if (action === 'exported') throw thrown;
    }
    return payload;
  });
}

function actionOf(request: FastifyRequest, { statusCode }: FastifyReply): Told | undefined {
  const { method, routeOptions, is404, caller } = request;
  const { role, audit } = routeOptions.config;
  if (audit === 'nothing') return undefined;
  if (statusCode === 401 || statusCode === 403) return 'denied';
  if (statusCode >= 400 || is404 || role === 'anyone') return undefined;
  // Led to the login
  if (caller === undefined) return 'denied';
  if (method !== 'GET' && method !== 'HEAD') return 'changed';
  return audit ?? 'saw';
}

function eventOf(request: FastifyRequest, action: Told): AuditEvent {
  const { method, routeOptions, params, ip } = request;
  // Of a request that was denied nothing was checked
  const study = action === 'denied' ? undefined : studyOf(params);
  const what = `${method} ${routeOptions.url ?? '(no route)'}`;
  // Whose connection is gone already has no address
  return { action, who: personOf(request), what, ...(ip && { address: ip }), ...(study && { study }) };
}

function studyOf(params: unknown): string | undefined {
  const named = typeof params === 'object' && params !== null && 'study' in params ? params.study : undefined;
  return uidSchema.safeParse(named).data;
}
