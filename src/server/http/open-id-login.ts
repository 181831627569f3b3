import type { FastifyInstance, FastifyRequest } from 'fastify';
import { messageOf } from '../../base/index.ts';
import type { Access } from '../access/access.ts';
import type { OpenId, OpenIdFlow } from '../access/open-id.ts';
import type { Audit } from '../audit/audit.ts';
import { type CookieForm, credentialsOf, setCookie } from './credentials.ts';
import { loginPage } from './login-page.ts';
import { ownPath } from './own-path.ts';

const CALLBACK = '/login/callback';
/** How long a person may take at the provider. */
const FLOW_MS = 600_000;
const MOST_FLOWS = 1000;

const AWAY = 'The identity provider cannot be asked now. Try again soon.';
const NO_FLOW = 'This login was not begun here, or took too long. Begin it again.';
const NO_ROLE = 'You are known, and have no role here. Ask an administrator.';
const NOT_TAKEN = 'The login was not accepted. Begin it again.';

interface BegunFlow extends OpenIdFlow {
  readonly next: string;
  readonly begunAt: number;
}

/** The way to the provider and back; what was begun is kept here by its state, which the browser shows in a cookie too. */
export function openIdRoutes(
  page: FastifyInstance,
  openId: OpenId,
  { access, audit, cookie, publicName, log }: OpenIdLogin,
): void {
  const flows = new Map<string, BegunFlow>();
  const flowCookie: CookieForm = { ...cookie, name: `${cookie.name}-flow` };

  page.get<{ Querystring: { next?: string } }>('/login/begin', async (request, reply) => {
    forgetOld(flows);
    const next = ownPath(request.query.next);
    const begun = await openId
      .begin(`${originOf(request, publicName)}${CALLBACK}`)
      .catch((thrown: unknown) => {
        log(messageOf(thrown));
      });
    if (begun === undefined)
      return reply
        .code(503)
        .type('text/html; charset=utf-8')
        .send(loginPage({ next, fault: AWAY, isOpenId: true }));
    const { url, flow } = begun;
    flows.set(flow.state, { ...flow, next, begunAt: Date.now() });
    return reply.header('set-cookie', setCookie(flow.state, flowCookie)).redirect(url.href, 303);
  });

  page.get(CALLBACK, async (request, reply) => {
    const refuse = (fault: string) =>
      reply
        .code(403)
        .type('text/html; charset=utf-8')
        .send(loginPage({ next: '/', fault, isOpenId: true }));
    // Who was led here by another's login has not its state in his own browser
    const { sessionId: state = '' } = credentialsOf(request.headers, flowCookie);
    const flow = flows.get(state);
    flows.delete(state);
    if (flow === undefined || Date.now() - flow.begunAt > FLOW_MS) return refuse(NO_FLOW);
    const address = new URL(request.url, flow.redirectUri);
    const person = await openId.finish(address, flow).catch((thrown: unknown) => {
      log(messageOf(thrown));
      return 'refused' as const;
    });
    if (person === 'refused' || person === undefined) {
      await audit.tell({ action: 'login-failed', who: 'nobody', address: request.ip });
      return refuse(person === undefined ? NO_ROLE : NOT_TAKEN);
    }
    const { sessionId: old } = credentialsOf(request.headers, cookie);
    const sessionId = await access.enter(person, old);
    await audit.tell({ action: 'logged-in', who: person.name, address: request.ip });
    return reply.header('set-cookie', setCookie(sessionId, cookie)).redirect(flow.next, 303);
  });
}

export interface OpenIdLogin {
  readonly access: Access;
  readonly audit: Audit;
  readonly cookie: CookieForm;
  readonly publicName?: string;
  log(text: string): void;
}

const originOf = ({ protocol, host }: FastifyRequest, publicName: string | undefined): string =>
  publicName === undefined ? `${protocol}://${host}` : `https://${publicName}`;

function forgetOld(flows: Map<string, BegunFlow>): void {
  for (const [state, { begunAt }] of flows)
    if (Date.now() - begunAt > FLOW_MS || flows.size > MOST_FLOWS) flows.delete(state);
}
