import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readAudit } from '../audit/audit-file.ts';
import { openTestService, STUDY, type TestService } from './service-fixture.ts';

const PASSWORD = 'seven quiet herons';
const OTHER = 'nine loud cormorants';

let service: TestService;
beforeEach(async () => {
  service = await openTestService();
});
afterEach(() => service.close());

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
const ask = async (method: Method, url: string, payload?: object, token?: string) => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await service.app.inject({ method, url, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
};
const login = async (name: string, password: string) => {
  const { statusCode, cookies } = await service.app.inject({
    method: 'POST',
    url: '/login',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ name, password }).toString(),
  });
  return { status: statusCode, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
};
/** The first administrator, made by whoever sits at the machine, and a token of that role. */
async function firstAdministrator(): Promise<string> {
  await ask('POST', '/api/users', { name: 'anna', role: 'administrator', password: PASSWORD });
  const { cookie } = await login('anna', PASSWORD);
  const made = await service.app.inject({
    method: 'POST',
    url: '/api/tokens',
    headers: { cookie },
    payload: { name: 'page', role: 'administrator' },
  });
  return made.json().token;
}

test('an administrator adds, lists and changes people, who then log in or do not', async () => {
  const token = await firstAdministrator();
  const added = await ask('POST', '/api/users', { name: 'bert', role: 'reader', password: OTHER }, token);
  expect([added.status, added.body]).toMatchObject([201, { name: 'bert', role: 'reader', disabled: false }]);
  const { body } = await ask('GET', '/api/users?limit=1', undefined, token);
  const rest = await ask('GET', `/api/users?limit=1&after=${body.next}`, undefined, token);
  expect([...body.items, ...rest.body.items]).toMatchObject([{ name: 'anna' }, { name: 'bert' }]);
  expect(JSON.stringify([body, rest.body, added.body])).not.toMatch(/argon2|herons|cormorants/);
  const { cookie } = await login('bert', OTHER);
  const roleNow = async () => (await service.app.inject({ url: '/api/me', headers: { cookie } })).json().role;
  expect(await roleNow()).toBe('reader');
  await ask('PATCH', '/api/users/BERT', { role: 'operator' }, token);
  expect(await roleNow()).toBe('operator');
  await ask('PATCH', '/api/users/bert', { password: PASSWORD }, token);
  expect(await roleNow()).toBeUndefined();
  expect([(await login('bert', OTHER)).status, (await login('bert', PASSWORD)).status]).toEqual([401, 303]);
  await ask('PATCH', '/api/users/bert', { disabled: true }, token);
  expect((await login('bert', PASSWORD)).status).toBe(401);
});

test('who is disabled, or whose token is revoked, hears of no change any more', async () => {
  const token = await firstAdministrator();
  await ask('POST', '/api/users', { name: 'bert', role: 'reader', password: OTHER }, token);
  const { cookie } = await login('bert', OTHER);
  const made = await ask('POST', '/api/tokens', { name: 'ris', role: 'reader' }, token);
  // Resolves when the service ends the stream
  const streams = [{ cookie }, { authorization: `Bearer ${made.body.token}` }].map((headers) =>
    service.app.inject({ url: '/api/events', headers }),
  );
  await pause(100);
  await ask('PATCH', '/api/users/bert', { disabled: true }, token);
  await ask('DELETE', '/api/tokens/ris', undefined, token);
  await service.receive();
  for (const { statusCode, body } of await Promise.all(streams)) {
    expect(statusCode).toBe(200);
    expect(body).toContain('"changed":[]');
    expect(body).not.toContain(STUDY);
  }
});

test('a token is shown once, lists without itself, and serves until it is revoked', async () => {
  const token = await firstAdministrator();
  const made = await ask('POST', '/api/tokens', { name: 'ris', role: 'reader', days: 2 }, token);
  expect(made.status).toBe(201);
  const { addedAt, expiresAt } = made.body;
  expect(Math.round((Date.parse(expiresAt) - Date.parse(addedAt)) / 86_400_000)).toBe(2);
  const listed = await ask('GET', '/api/tokens', undefined, token);
  expect(listed.body.items).toEqual([
    expect.objectContaining({ name: 'page' }),
    { name: 'ris', role: 'reader', addedAt, expiresAt },
  ]);
  const me = () => ask('GET', '/api/me', undefined, made.body.token);
  expect((await me()).body).toMatchObject({ name: 'ris', role: 'reader' });
  expect((await ask('DELETE', '/api/tokens/ris', undefined, token)).status).toBe(204);
  expect((await me()).status).toBe(401);
});

test('the trail says who changed which account, before the machine can be taken for it', async () => {
  const token = await firstAdministrator();
  await ask('POST', '/api/users', { name: 'bert', role: 'reader', password: OTHER }, token);
  await ask('PATCH', '/api/users/bert', { disabled: true }, token);
  await ask('DELETE', '/api/tokens/page', undefined, token);
  const trail = (await readAudit(service.root, { most: 100 })).toReversed();
  const told = trail
    .filter(({ action }) => action === 'account-changed')
    .map(({ who, account, state }) => `${who}: ${account} ${state?.split(' ')[0]}`);
  expect(told).toEqual([
    'local user: user anna administrator,',
    'anna: token page administrator',
    'page: user bert reader,',
    'page: user bert reader,',
    'page: token page removed',
  ]);
  expect(JSON.stringify(trail)).not.toMatch(/herons|cormorants|argon2|ichor_/);
});

const REFUSED = [
  ['a name that is taken', 'POST', '/api/users', { name: 'ANNA', role: 'reader', password: OTHER }, 409],
  ['a name that is none', 'POST', '/api/users', { name: '../x', role: 'reader', password: OTHER }, 400],
  ['a weak password', 'POST', '/api/users', { name: 'bert', role: 'reader', password: 'short' }, 400],
  ['a role that is none', 'POST', '/api/users', { name: 'bert', role: 'anyone', password: OTHER }, 400],
  ['a key that is not known', 'PATCH', '/api/users/anna', { admin: true }, 400],
  ['no change', 'PATCH', '/api/users/anna', {}, 400],
  ['an unknown person', 'PATCH', '/api/users/carl', { role: 'reader' }, 404],
  ['the last administrator as a reader', 'PATCH', '/api/users/anna', { role: 'reader' }, 409],
  ['the last administrator disabled', 'PATCH', '/api/users/anna', { disabled: true }, 409],
  ['a token that is there', 'POST', '/api/tokens', { name: 'page', role: 'reader' }, 409],
  ['a token without an end', 'POST', '/api/tokens', { name: 'ris', role: 'reader', days: 1e6 }, 400],
  ['an unknown token', 'DELETE', '/api/tokens/ris', undefined, 404],
] as const;

test('what cannot be is refused, and nothing changes', async () => {
  const token = await firstAdministrator();
  const before = await ask('GET', '/api/users', undefined, token);
  for (const [what, method, url, payload, status] of REFUSED) {
    const answer = await ask(method, url, payload, token);
    expect(answer.status, what).toBe(status);
    expect(answer.body.text).not.toMatch(/cormorants|short/);
  }
  expect((await ask('GET', '/api/users', undefined, token)).body).toEqual(before.body);
});

test('the first person must be an administrator, else nobody could log in as one', async () => {
  const answer = await ask('POST', '/api/users', { name: 'bert', role: 'reader', password: OTHER });
  expect([answer.status, answer.body.code]).toEqual([409, 'last-administrator']);
  expect((await ask('GET', '/api/me')).body).toMatchObject({ by: 'machine' });
});
