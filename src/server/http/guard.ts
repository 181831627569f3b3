import type { BlockList } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Access, Caller } from '../access/access.ts';
import { mayUse } from '../access/roles.ts';
import { isLoopback } from '../dicom-network/provider.ts';
import { type CookieForm, credentialsOf } from './credentials.ts';
import { Denied } from './denied.ts';
import { isListed } from './http-server.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; undefined where nobody is known and the route lets anyone in. */
    caller: Caller | undefined;
    /** Whether who asked might ask it now too: accounts and sessions end while an answer is still going out. */
    mayStill(): boolean;
  }
}

export interface GuardOptions {
  readonly access: Access;
  readonly cookie: CookieForm;
  /** The name that browsers know us by, where a proxy stands before us. */
  readonly publicName?: string;
  /** Whom alone we answer, where a proxy stands before us. */
  readonly proxies?: BlockList;
}

export const OTHER_ORIGIN = { code: 'other-origin', text: 'asked from another site' };
const NOT_BY_PROXY = { code: 'not-by-proxy', text: 'only the proxy is answered here' };
const ANOTHER_READER = {
  code: 'another-reader',
  text: 'somebody else is logged in now than this page shows; load the page again',
};
const LOGIN_NEEDED = {
  code: 'login-needed',
  text: 'a login or a token is needed; nobody, or a wrong one, was shown',
};
const ROLE_TOO_WEAK = { code: 'role-too-weak', text: 'the role of this login or token does not suffice' };

/** One place decides who may ask what: each route says its least role, and one that says none is the administrators'. */
export function guardRoutes(
  app: FastifyInstance,
  { access, cookie, publicName, proxies }: GuardOptions,
): void {
  app.decorateRequest('caller', undefined);
  app.decorateRequest('mayStill', function () {
    return mayAsk(access.callerOf(credentialsOf(this.headers, cookie), false), this);
  });
  app.addHook('onRequest', async (request) => {
    if (proxies !== undefined && !isListed(proxies, request.socket.remoteAddress ?? ''))
      throw new Denied(403, NOT_BY_PROXY);
    const credentials = credentialsOf(request.headers, cookie);
    // A browser of itself sends no token: where one is shown, no other page can have made the request
    if (credentials.token === undefined && !isOurs(request, access.isOpen, publicName))
      throw new Denied(403, OTHER_ORIGIN);
    if (request.is404) return;
    request.caller = access.callerOf(credentials, isAttended(request));
    if (isAnother(request.caller, request)) throw new Denied(409, ANOTHER_READER);
    if (mayAsk(request.caller, request)) return;
    if (request.caller !== undefined) throw new Denied(403, ROLE_TOO_WEAK);
    throw askForLogin(request);
  });
}

/** A page asks for news and listens on, whether anybody looks at it or not: that must not keep a session from ending. */
const isAttended = ({ headers, routeOptions }: FastifyRequest): boolean =>
  headers['x-ichor-unattended'] === undefined && routeOptions.config.isUnattended !== true;

/** Whether a page that shows one person asks with the session of another, who logged in in another tab. */
function isAnother(caller: Caller | undefined, { headers }: FastifyRequest): boolean {
  const shown = headers['x-ichor-reader'];
  return caller !== undefined && shown !== undefined && shown !== encodeURIComponent(caller.name);
}

function mayAsk(caller: Caller | undefined, { routeOptions }: FastifyRequest): boolean {
  const least = routeOptions.config.role ?? 'administrator';
  return least === 'anyone' || (caller !== undefined && mayUse(caller.role, least));
}

/** A person at a browser is led to the login page, a program is told. */
function askForLogin({ method, headers, url }: FastifyRequest): Denied {
  const isPerson = method === 'GET' && (headers.accept ?? '').includes('text/html');
  if (isPerson) return new Denied(303, LOGIN_NEEDED, { location: `/login?next=${encodeURIComponent(url)}` });
  return new Denied(401, LOGIN_NEEDED, { 'www-authenticate': 'Bearer realm="ichor"' });
}

const READING = ['GET', 'HEAD'];

/**
 * Whether a page of another site can have made the request. While there are no users, such a page must not reach us at all,
 * neither under a name that leads here (DNS rebinding, seen by Host) nor from where it is (seen by Origin and
 * Sec-Fetch-Site). With users it has no session under another name, and its requests may not change anything.
 */
export function isOurs({ headers, method }: FastifyRequest, isOpen: boolean, publicName?: string): boolean {
  const { origin, host = '' } = headers;
  const hostname = hostnameOf(`http://${host}`);
  if (isOpen && !isLoopback(hostname)) return false;
  if (publicName !== undefined && hostname !== publicName && !isLoopback(hostname)) return false;
  if (!isOpen && READING.includes(method)) return true;
  const site = headers['sec-fetch-site'];
  if (origin !== undefined && hostOf(origin) !== host) return false;
  return site === undefined || site === 'same-origin' || site === 'none';
}

const urlOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);
const hostOf = (text: string): string | undefined => urlOf(text)?.host;
const hostnameOf = (text: string): string => urlOf(text)?.hostname.replace(/^\[|\]$/g, '') ?? '';

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // With none at all a browser hides its origin from us too, and the login's form is refused
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
/** A browser that came by TLS once comes by TLS only, for half a year. */
const STRICT_TRANSPORT = { 'strict-transport-security': 'max-age=15768000' };

export function addSecurityHeaders(app: FastifyInstance, isSecure: boolean): void {
  const headers = { ...HEADERS, ...(isSecure && STRICT_TRANSPORT) };
  app.addHook('onRequest', async (_, reply) => void reply.headers(headers));
}
