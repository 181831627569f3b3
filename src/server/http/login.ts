import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Access } from '../access/access.ts';
import { userOf } from '../access/manage.ts';
import type { OpenId } from '../access/open-id.ts';
import { PERSON_ROLES } from '../access/roles.ts';
import type { Audit } from '../audit/audit.ts';
import type { Api } from './api.ts';
import { type CookieForm, clearCookie, credentialsOf, setCookie } from './credentials.ts';
import { LOGIN_POLICY, LOGIN_STYLE, loginPage } from './login-page.ts';
import { type OpenIdLogin, openIdRoutes } from './open-id-login.ts';
import { ownPath } from './own-path.ts';

const MOST_FORM_BYTES = 4096;

const formSchema = z.object({
  name: z.string().max(200),
  password: z.string().max(1024),
  next: z.string().max(2000).optional(),
});

export interface Login extends OpenIdLogin {
  /** Where people have accounts elsewhere. */
  readonly openId?: OpenId;
}

/** The login page and what its form sends; a page of its own, so that the worklist's needs no form. */
export function loginRoutes(app: FastifyInstance, login: Login): void {
  const { access, audit, cookie, openId } = login;
  const isOpenId = openId !== undefined;
  app.register(async (page) => {
    page.addHook('onRoute', (route) => {
      route.config = { ...route.config, role: 'anyone', audit: 'nothing' };
      route.schema = { ...route.schema, hide: true };
    });
    page.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: MOST_FORM_BYTES },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    page.addHook('onRequest', async (_, reply) => void reply.header('content-security-policy', LOGIN_POLICY));

    page.get('/login.css', (_, reply) => reply.type('text/css').send(LOGIN_STYLE));

    page.get<{ Querystring: { next?: string } }>('/login', async ({ query }, reply) =>
      reply.type('text/html; charset=utf-8').send(loginPage({ next: ownPath(query.next), isOpenId })),
    );

    if (openId !== undefined) openIdRoutes(page, openId, login);

    page.post('/login', async (request, reply) => {
      const form = formSchema.safeParse(request.body);
      const { name, password, next } = form.data ?? { name: '', password: '' };
      const { sessionId: old } = credentialsOf(request.headers, cookie);
      const result = await access.login(name, password, request.ip, old);
      const isIn = result !== undefined && 'sessionId' in result;
      const isToWait = result !== undefined && !isIn;
      // A password may have been typed as the name; who has to wait was told of often enough
      const who = userOf(access.accounts(), name)?.name ?? 'nobody';
      if (!isToWait)
        await audit.tell({ action: isIn ? 'logged-in' : 'login-failed', who, address: request.ip });
      if (isIn)
        return reply.header('set-cookie', setCookie(result.sessionId, cookie)).redirect(ownPath(next), 303);
      if (isToWait) reply.header('retry-after', result.waitSeconds);
      const fault = isToWait
        ? `Too many logins have failed. Wait ${waitText(result.waitSeconds)}, then try again.`
        : 'Name or password is wrong, or the account is disabled.';
      return reply
        .code(isToWait ? 429 : 401)
        .type('text/html; charset=utf-8')
        .send(loginPage({ next: ownPath(next), fault, isOpenId }));
    });
  });
}

const waitText = (seconds: number): string =>
  seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;

const callerSchema = z.object({
  name: z.string(),
  role: z.enum(PERSON_ROLES),
  by: z.enum(['machine', 'session', 'token']).describe('machine: loopback without users'),
});

export function callerRoutes(app: Api, access: Access, audit: Audit, cookie: CookieForm): void {
  app.get(
    '/api/me',
    {
      config: { role: 'reader', audit: 'nothing' },
      schema: { summary: 'Who asks, and with which role', response: { 200: callerSchema } },
    },
    async ({ caller }) => callerSchema.parse(caller),
  );

  app.post(
    '/api/logout',
    {
      config: { role: 'anyone' },
      schema: { summary: 'Ends the session of the cookie', response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      const { sessionId } = credentialsOf(request.headers, cookie);
      if (sessionId !== undefined) await access.logout(sessionId);
      if (request.caller !== undefined)
        await audit.tell({ action: 'logged-out', who: request.caller.name, address: request.ip });
      return reply.header('set-cookie', clearCookie(cookie)).code(204).send();
    },
  );
}
