import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addToken, addUser, changeUser, revokeToken } from '../access/manage.ts';
import { PERSON_ROLES, type Role } from '../access/roles.ts';
import { openSessions } from '../access/sessions.ts';
import { openTestService, STUDY, type TestService } from './service-fixture.ts';

const PASSWORD = 'seven quiet herons';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let service: TestService;
beforeEach(async () => {
  service = await openTestService();
  await addUser(service.root, 'anna', 'administrator', PASSWORD);
});
afterEach(() => service.close());

const login = (fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  service.app.inject({
    method: 'POST',
    url: '/login',
    headers: { ...FORM, ...headers },
    payload: new URLSearchParams({ name: 'anna', password: PASSWORD, ...fields }).toString(),
  });
const cookieOf = (answer: { cookies: { name: string; value: string }[] }) =>
  answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
const me = (headers: Record<string, string>) => service.app.inject({ url: '/api/me', headers });
const withRole = async (role: (typeof PERSON_ROLES)[number]) => ({
  authorization: `Bearer ${await addToken(service.root, `a-${role}`, role, 1)}`,
});

test('a page that shows one person does nothing with the session of another', async () => {
  await addUser(service.root, 'zoe', 'administrator', PASSWORD);
  const cookie = cookieOf(await login({ name: 'zoe' }));
  const asked = async (reader: string) => {
    const answer = await me({ cookie, 'x-ichor-reader': encodeURIComponent(reader) });
    return [answer.statusCode, answer.json().code ?? answer.json().name];
  };
  expect(await asked('zoe')).toEqual([200, 'zoe']);
  expect(await asked('anna')).toEqual([409, 'another-reader']);
  expect((await me({ cookie })).statusCode).toBe(200);
});

test('every route states its role, and answers 401 or 403 to nobody, to the wrong and to the too weak', async () => {
  const shown = {
    reader: await withRole('reader'),
    operator: await withRole('operator'),
    administrator: await withRole('administrator'),
  };
  const wrong: Record<string, string>[] = [
    {},
    { authorization: 'Bearer ichor_wrong' },
    { authorization: 'Basic YW5uYTp3cm9uZw==' },
    { cookie: 'ichor=wrong' },
    { authorization: 'Bearer ichor_wrong', cookie: cookieOf(await login()) },
  ];
  const statuses = new Map<string, number[]>();
  for (const { method, url, config } of service.registered) {
    const least: Role | undefined = config?.role;
    expect(least, `${method} ${url}`).toBeDefined();
    if (least === 'anyone' || least === undefined) continue;
    const at = {
      method: String(method) as 'GET',
      url: url.replaceAll(/:\w+\??/g, '1.2.3').replace('*', 'x'),
    };
    const asked = async (headers: Record<string, string>) =>
      (await service.app.inject({ ...at, headers })).statusCode;
    const name = `${method} ${url}`;
    for (const headers of wrong) expect(await asked(headers), name).toBe(401);
    const weaker = PERSON_ROLES.slice(0, PERSON_ROLES.indexOf(least));
    for (const role of weaker) expect(await asked(shown[role]), name).toBe(403);
    // A stream has no end to wait for
    if (url === '/api/events') continue;
    const enough = PERSON_ROLES.slice(PERSON_ROLES.indexOf(least));
    statuses.set(name, []);
    for (const role of enough) statuses.get(name)?.push(await asked(shown[role]));
  }
  expect(statuses.size).toBeGreaterThan(8);
  for (const [name, found] of statuses)
    for (const status of found) expect([401, 403], name).not.toContain(status);
});

test('a login opens a session that a logout ends; the session before it ends too', async () => {
  const first = await login({ next: '/?study=1.2.3' });
  expect([first.statusCode, first.headers.location]).toEqual([303, '/?study=1.2.3']);
  expect(first.headers['set-cookie']).toMatch(/^ichor=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  expect((await me({ cookie: cookieOf(first) })).json()).toEqual({
    name: 'anna',
    role: 'administrator',
    by: 'session',
  });
  // Fixation: an identifier that was there before a login is worth nothing after it
  const second = await login({}, { cookie: cookieOf(first) });
  expect(cookieOf(second)).not.toBe(cookieOf(first));
  expect((await me({ cookie: cookieOf(first) })).statusCode).toBe(401);
  const planted = await login({}, { cookie: 'ichor=planted' });
  expect(cookieOf(planted)).not.toContain('planted');
  expect((await me({ cookie: 'ichor=planted' })).statusCode).toBe(401);
  const out = await service.app.inject({
    method: 'POST',
    url: '/api/logout',
    headers: { cookie: cookieOf(second) },
  });
  expect([out.statusCode, (await me({ cookie: cookieOf(second) })).statusCode]).toEqual([204, 401]);
});

test('a session ends with a new password, with the account, and after its time', async () => {
  const session = async () => ({ cookie: cookieOf(await login()) });
  const before = await session();
  await changeUser(service.root, 'anna', { password: `${PASSWORD} fly` });
  expect((await me(before)).statusCode).toBe(401);
  expect((await login()).statusCode).toBe(401);
  await changeUser(service.root, 'anna', { password: PASSWORD });
  const again = await session();
  await changeUser(service.root, 'ANNA', { disabled: true });
  expect((await me(again)).statusCode).toBe(401);
  expect((await login()).statusCode).toBe(401);
  await changeUser(service.root, 'anna', { disabled: false });
  expect((await login()).statusCode).toBe(303);
  await service.close();
  service = await openTestService({}, { idleMs: -1 });
  await addUser(service.root, 'anna', 'reader', PASSWORD);
  expect((await me(await session())).statusCode).toBe(401);
});

test('what a page asks of itself, with nobody at it, does not put off the end of an idle session', async () => {
  await service.close();
  const idleMs = 60_000;
  service = await openTestService({}, { longestMs: 3_600_000, idleMs });
  await addUser(service.root, 'anna', 'administrator', PASSWORD);
  const statusAfter = async (ms: number, headers: Record<string, string>) => {
    vi.setSystemTime(Date.now() + ms);
    return (await me(headers)).statusCode;
  };
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const used = { cookie: cookieOf(await login()) };
    expect(await statusAfter(40_000, used)).toBe(200);
    expect(await statusAfter(40_000, used)).toBe(200);
    const alone = { ...used, 'x-ichor-unattended': 'true' };
    expect(await statusAfter(40_000, alone)).toBe(200);
    expect(await statusAfter(40_000, alone)).toBe(401);
  } finally {
    vi.useRealTimers();
  }
});

test('after a restart the time of a page that nobody uses begins, and ends', async () => {
  const data = await mkdtemp(path.join(tmpdir(), 'ichor-sessions-'));
  const times = { longestMs: 1e9, idleMs: 60_000 };
  await addUser(data, 'anna', 'reader', PASSWORD);
  const id = await (await openSessions(data, times)).open({ name: 'anna' });
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const later = await openSessions(data, times);
    expect(later.find(id, false)).toMatchObject({ name: 'anna' });
    vi.setSystemTime(Date.now() + 70_000);
    expect(later.find(id, false)).toBeUndefined();
  } finally {
    vi.useRealTimers();
    await rm(data, { recursive: true });
  }
});

test('a token serves until it is revoked or over, also as the password of Basic', async () => {
  const headers = await withRole('reader');
  expect((await me(headers)).json()).toEqual({ name: 'a-reader', role: 'reader', by: 'token' });
  const basic = Buffer.from(`any:${headers.authorization.slice(7)}`).toString('base64');
  expect((await me({ authorization: `Basic ${basic}` })).statusCode).toBe(200);
  await revokeToken(service.root, 'a-reader');
  expect((await me(headers)).statusCode).toBe(401);
  const over = await addToken(service.root, 'over', 'reader', 0);
  expect((await me({ authorization: `Bearer ${over}` })).statusCode).toBe(401);
});

test('guessing is slowed down, and a name that is not known looks like a wrong password', async () => {
  const known = await login({ password: 'wrong' });
  const unknown = await login({ name: 'nobody', password: 'wrong' });
  expect([known.statusCode, unknown.statusCode]).toEqual([401, 401]);
  expect(known.body).toBe(unknown.body);
  for (let i = 0; i < 4; i++) await login({ password: 'wrong' });
  const waiting = await login();
  expect([waiting.statusCode, Number(waiting.headers['retry-after']) > 800]).toEqual([429, true]);
  expect(waiting.headers['set-cookie']).toBeUndefined();
});

test.each([
  ['//evil.example'],
  ['/\\evil.example'],
  ['https://evil.example'],
  ['/\r\nset-cookie: a=b'],
  ['"><script>'],
])('after a login nobody is led to %j', async (next) => {
  expect((await login({ next })).headers.location).toBe('/');
  const page = await service.app.inject(`/login?next=${encodeURIComponent(next)}`);
  expect(page.body).toContain('name="next" value="/"');
});

test.each([
  ['POST', { origin: 'http://evil.example' }],
  ['POST', { 'sec-fetch-site': 'cross-site' }],
  ['POST', { 'sec-fetch-site': 'same-site' }],
  ['POST', { origin: 'null' }],
] as const)('a page of another site changes nothing: %s %j', async (method, headers) => {
  const cookie = cookieOf(await login());
  const answer = await service.app.inject({
    method,
    url: '/api/studies/1.2.3/read',
    headers: { ...headers, cookie },
  });
  expect([answer.statusCode, answer.json().code]).toEqual([403, 'other-origin']);
  expect((await login({}, headers)).statusCode).toBe(403);
});

test('a person who is not logged in is led from the page to the login, with a policy that allows no script', async () => {
  const page = await service.app.inject({ url: '/', headers: { accept: 'text/html' } });
  expect([page.statusCode, page.headers.location]).toEqual([303, '/login?next=%2F']);
  const { headers } = await service.app.inject('/login');
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' });
  // Under no-referrer a browser sends `Origin: null` with the login's form
  expect(headers['referrer-policy']).toBe('same-origin');
});

test('where TLS ends at us or at the proxy the cookie is bound to host and TLS, and another name is not ours', async () => {
  await service.close();
  service = await openTestService({ isSecure: true, publicName: 'ct.example' });
  await addUser(service.root, 'anna', 'reader', PASSWORD);
  const answer = await login({}, { host: 'ct.example', origin: 'https://ct.example' });
  expect(answer.headers['set-cookie']).toMatch(/^__Host-ichor=\S+; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  expect(answer.headers['strict-transport-security']).toBe('max-age=15768000');
  expect((await login({}, { host: 'evil.example' })).statusCode).toBe(403);
});

test('without users this machine is the administrator, under its own name alone', async () => {
  await service.close();
  service = await openTestService();
  expect((await me({ host: '127.0.0.1:8080' })).json()).toMatchObject({
    role: 'administrator',
    by: 'machine',
  });
  expect((await me({ host: 'evil.example' })).statusCode).toBe(403);
  expect((await me({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
  await service.close();
  service = await openTestService({}, { isLocal: false });
  expect((await me({})).statusCode).toBe(401);
});

test('who is denied and closes the connection at once gets no further than who waits', async () => {
  await service.receive();
  await service.predict();
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = service.app.server.address() as AddressInfo;
  for (let i = 0; i < 24; i++) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(
      `POST /api/studies/${STUDY}/read HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 0\r\n\r\n`,
    );
    if (i % 3 === 0) socket.destroy();
    else if (i % 3 === 1) setImmediate(() => socket.destroy());
    else socket.end();
    await after(20);
  }
  expect(service.archive.index.study(STUDY)?.isRead).toBe(false);
  expect(service.log).toEqual([]);
});
