import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback } from '../dicom-network/provider.ts';

/**
 * On loopback without users a page of another site must not reach us: neither under a name that leads here (DNS rebinding,
 * seen by Host) nor from where it is (seen by Origin and Sec-Fetch-Site).
 */
export function guardLoopback(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!isOurs(request))
      await reply.code(403).send({ code: 'other-origin', text: 'asked from another site' });
  });
}

function isOurs({ headers }: FastifyRequest): boolean {
  const origin = headers.origin;
  const site = headers['sec-fetch-site'];
  if (!isLoopback(hostnameOf(`http://${headers.host ?? ''}`))) return false;
  if (origin !== undefined && hostOf(origin) !== headers.host) return false;
  return site === undefined || site === 'same-origin' || site === 'none';
}

const urlOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);
const hostOf = (text: string): string | undefined => urlOf(text)?.host;
const hostnameOf = (text: string): string => urlOf(text)?.hostname.replace(/^\[|\]$/g, '') ?? '';

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (_, reply) => void reply.headers(HEADERS));
}
