import { afterEach, beforeEach, expect, test } from 'vitest';
import { addToken, addUser } from '../access/manage.ts';
import { readAudit } from '../audit/audit-file.ts';
import { openTestService, STUDY, type TestService } from './service-fixture.ts';

let service: TestService;
beforeEach(async () => {
  service = await openTestService();
});
afterEach(() => service.close());

const trail = async () =>
  (await readAudit(service.root, { most: 100 }))
    .toReversed()
    .map(({ action, who, what, study }) => [action, who, what, study].filter(Boolean).join(' '));

test('who saw, changed and exported what stands in the trail before the answer goes out', async () => {
  await service.receive();
  await service.predict();
  await service.app.inject('/api/worklist');
  await service.app.inject('/api/worklist');
  await service.app.inject(`/api/studies/${STUDY}`);
  for (let i = 0; i < 2; i++) await service.app.inject({ method: 'POST', url: `/api/studies/${STUDY}/read` });
  await service.app.inject('/api/studies/1.2.3');
  await service.app.inject('/health/live');
  await service.app.inject('/api/verdicts/export');
  expect(await trail()).toEqual([
    'saw local user GET /api/worklist',
    `saw local user GET /api/studies/:study ${STUDY}`,
    `changed local user POST /api/studies/:study/read ${STUDY}`,
    `changed local user POST /api/studies/:study/read ${STUDY}`,
    'exported local user GET /api/verdicts/export',
  ]);
});

test('logins, their failures and what was denied stand there, and nothing that was typed', async () => {
  await addUser(service.root, 'anna', 'administrator', 'seven quiet herons');
  const token = await addToken(service.root, 'ris', 'reader', 1);
  const login = (name: string, password: string) =>
    service.app.inject({
      method: 'POST',
      url: '/login',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ name, password }).toString(),
    });
  await login('anna', 'Secret wrong word');
  await login('Secret typed as name', 'x');
  const { cookies } = await login('anna', 'seven quiet herons');
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const authorization = `Bearer ${token}`;
  await service.app.inject({ url: '/api/audit', headers: { authorization } });
  await service.app.inject({ url: '/api/studies/Secret', headers: {} });
  const page = await service.app.inject({ url: '/api/audit?limit=2&who=nobody', headers: { cookie } });
  expect(page.json().items.map(({ action }: { action: string }) => action)).toEqual([
    'denied',
    'login-failed',
  ]);
  await service.app.inject({ method: 'POST', url: '/api/logout', headers: { cookie } });
  expect(await trail()).toEqual([
    'login-failed anna',
    'login-failed nobody',
    'logged-in anna',
    'denied ris GET /api/audit',
    'denied nobody GET /api/studies/:study',
    'saw anna GET /api/audit',
    'logged-out anna',
  ]);
  expect(JSON.stringify(await readAudit(service.root, { most: 100 }))).not.toMatch(/Secret|herons|ichor_/);
});

test('the trail is read in pages', async () => {
  for (let i = 0; i < 5; i++) await service.audit.tell({ action: 'saw', who: `a${i}` });
  const ask = async (query: string) => (await service.app.inject(`/api/audit?limit=2${query}`)).json();
  const first = await ask('');
  const second = await ask(`&after=${first.next}`);
  const lines = [...first.items, ...second.items].map(({ line }: { line: number }) => line);
  expect(lines).toEqual([5, 4, 3, 2]);
});

test('where the trail takes no line, reading goes on and nothing is exported', async () => {
  await service.audit.close();
  expect((await service.app.inject('/api/worklist')).statusCode).toBe(200);
  const refused = await service.app.inject('/api/verdicts/export');
  expect(refused.statusCode).toBe(500);
  expect(service.log.join()).toContain('the audit trail takes no line');
});
