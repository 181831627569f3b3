import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openTestService, type TestService } from '../src/server/http/service-fixture.ts';
import { openOpenId } from '../src/server/index.ts';
import { startBrowser } from './support/browser.ts';

let provider: Server;
let service: TestService;
let issuer = '';
let groups: string[] = [];
let ours = '';
/** Whether the provider tells groups only where it is asked for them. */
let isTerse = false;
const USUAL = { roleClaim: 'groups', scope: 'openid profile email' };
let asked = USUAL;

beforeEach(() => open());

async function open(): Promise<void> {
  // It warns of its own defaults
  for (const name of ['info', 'warn'] as const) vi.spyOn(console, name).mockImplementation(() => undefined);
  const free = await openTestService();
  ours = await free.app.listen({ host: '127.0.0.1', port: 0 });
  await free.close();
  const { server, address } = await startProvider(`${ours}/login/callback`);
  provider = server;
  issuer = address;
  const roles = { reader: ['radiology'], administrator: ['radiology-it'] };
  const openId = await openOpenId({ issuer, clientId: 'ichor', ...asked, roles });
  service = await openTestService({ openId }, { isLocal: false });
  await service.app.listen({ host: '127.0.0.1', port: Number(new URL(ours).port) });
}

afterEach(() => close());

async function close(): Promise<void> {
  vi.restoreAllMocks();
  await service.close();
  provider.close();
}

/** A real provider, whose login takes any name. */
async function startProvider(redirectUri: string): Promise<{ server: Server; address: string }> {
  const first = await import('node:http').then(({ createServer }) => createServer().listen(0, '127.0.0.1'));
  await new Promise((resolve) => first.once('listening', resolve));
  const address = `http://127.0.0.1:${(first.address() as AddressInfo).port}`;
  const real = new Provider(address, {
    clients: [
      {
        client_id: 'ichor',
        token_endpoint_auth_method: 'none',
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: {
      openid: ['sub'],
      profile: ['preferred_username', 'groups'],
      email: ['email'],
      realm: ['preferred_username', 'realm_access'],
    },
    scopes: ['openid', 'profile', 'email', 'realm'],
    conformIdTokenClaims: isTerse,
    pkce: { required: () => true },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, preferred_username: id, groups, realm_access: { roles: groups } }),
    }),
    features: { devInteractions: { enabled: true } },
  });
  first.on('request', real.callback());
  return { server: first, address };
}

/** A browser's jar of one host's cookies. */
class Browser {
  readonly cookies = new Map<string, Map<string, string>>();

  async go(address: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(address);
    const jar = this.cookies.get(host) ?? new Map<string, string>();
    this.cookies.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(address, {
      ...init,
      headers: { ...init.headers, cookie },
      redirect: 'manual',
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    return answer;
  }

  /** Follows, and fills in the provider's forms, until our callback is next. */
  async logIn(person: string, next = '/'): Promise<string> {
    const begun = await this.go(`${ours}/login/begin?next=${encodeURIComponent(next)}`);
    let address = begun.headers.get('location') ?? '';
    for (let i = 0; i < 12 && !address.startsWith(ours); i++) {
      const answer = await this.go(address);
      const to = answer.headers.get('location');
      if (to !== null) address = new URL(to, address).href;
      else {
        const text = await answer.text();
        const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1] ?? '';
        const body = new URLSearchParams({
          prompt,
          ...(prompt === 'login' && { login: person, password: 'x' }),
        });
        const action = /action="([^"]+)"/.exec(text)?.[1] ?? '';
        const posted = await this.go(new URL(action, address).href, { method: 'POST', body });
        address = new URL(posted.headers.get('location') ?? '', address).href;
      }
    }
    return address;
  }
}

test.each([false, true])(
  'a person of a listed group logs in and is led to where he was (terse: %s)',
  async (terse) => {
    await close();
    isTerse = terse;
    await open();
    groups = ['cooks', 'radiology', 'radiology-it'];
    const browser = new Browser();
    const back = await browser.logIn('anna.berg', '/#study/1.2.3');
    const answer = await browser.go(back);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/#study/1.2.3']);
    const me = await browser.go(`${ours}/api/me`);
    expect(await me.json()).toEqual({ name: 'anna.berg', role: 'administrator', by: 'session' });
    // The address back serves once
    expect((await browser.go(back)).status).toBe(403);
  },
);

test('a real browser comes back from the provider to the study that its address named', async () => {
  groups = ['radiology'];
  const real = await startBrowser();
  try {
    const page = await real.newPage();
    await page.goto(`${ours}/login#study/1.2.3`);
    await page.getByRole('link', { name: 'Log in with the account of your house' }).click();
    await page.locator('[name=login]').fill('anna.berg');
    await page.locator('[name=password]').fill('x');
    await page.locator('[type=submit]').click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${ours}/#study/1.2.3`);
  } finally {
    await real.close();
  }
}, 60_000);

test.each([false, true])(
  'a claim within another gives the role, asked for by a scope of its own (terse: %s)',
  async (terse) => {
    await close();
    [isTerse, asked] = [terse, { roleClaim: 'realm_access.roles', scope: 'openid realm' }];
    await open();
    asked = USUAL;
    groups = ['radiology'];
    const browser = new Browser();
    const answer = await browser.go(await browser.logIn('anna.berg'));
    expect(answer.status).toBe(303);
    const me = await browser.go(`${ours}/api/me`);
    expect(await me.json()).toEqual({ name: 'anna.berg', role: 'reader', by: 'session' });
  },
);

test('who is in no listed group, or brings the address of another login, does not get in', async () => {
  groups = ['cooks'];
  const browser = new Browser();
  const refused = await browser.go(await browser.logIn('bert'));
  expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('no role here')]);
  groups = ['radiology'];
  const victim = new Browser();
  await victim.go(`${ours}/login/begin`);
  const stolen = await new Browser().logIn('mallory');
  expect((await victim.go(stolen)).status).toBe(403);
  expect((await new Browser().go(stolen)).status).toBe(403);
  expect((await victim.go(`${ours}/api/me`)).status).toBe(401);
});

test('a provider that is away is told on the login page, and is asked again', async () => {
  await service.close();
  const openId = await openOpenId({
    issuer: 'http://127.0.0.1:1',
    clientId: 'ichor',
    ...USUAL,
    roles: {},
  });
  service = await openTestService({ openId }, { isLocal: false });
  const answer = await service.app.inject('/login/begin');
  expect([answer.statusCode, answer.body]).toEqual([503, expect.stringContaining('cannot be asked now')]);
  expect(service.log.join()).toContain('the identity provider 127.0.0.1:1 cannot be asked');
});
