import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAudit } from './audit.ts';
import type { AuditEvent } from './audit-entry.ts';
import { auditFile, auditHeadFile, readAudit, verifyAudit } from './audit-file.ts';
import { ToldLately } from './told-lately.ts';

let data = '';
const log: string[] = [];
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'ichor-audit-'));
  log.length = 0;
});
afterEach(() => rm(data, { recursive: true }));

const saw = (study: string): AuditEvent => ({
  action: 'saw',
  who: 'anna',
  what: 'GET /api/studies/:study',
  study,
});

async function keepFour(): Promise<void> {
  const audit = await openAudit(data, (line) => log.push(line));
  for (const study of ['1.1', '1.2', '1.3', '1.4']) await audit.tell(saw(study));
  await audit.close();
}
const lines = async () => (await readFile(auditFile(data), 'utf8')).split('\n').slice(0, -1);
const rewrite = (kept: readonly string[]) =>
  writeFile(auditFile(data), kept.map((line) => `${line}\n`).join(''));
const fault = () =>
  verifyAudit(data).then(
    () => 'none',
    (thrown) => `${thrown.code}: ${thrown.message}`,
  );

test('a whole trail is told with its length and last checksum', async () => {
  expect(await fault()).toMatch(/^audit-missing/);
  await keepFour();
  const sum = /"sum":"([0-9a-f]{64})"/.exec((await lines()).at(-1) ?? '')?.[1];
  expect(await verifyAudit(data)).toEqual({ lines: 4, sum });
});

test.each([
  [
    'changed',
    (all: string[]) => all.with(1, (all[1] ?? '').replace('anna', 'bert')),
    /journal-broken: .*line 2/,
  ],
  ['removed', (all: string[]) => all.toSpliced(1, 1), /journal-broken: .*line 2/],
  ['removed at the start', (all: string[]) => all.slice(1), /journal-broken: .*line 1/],
  ['put in', (all: string[]) => all.toSpliced(2, 0, all[1] ?? ''), /journal-broken: .*line 3/],
  ['exchanged', (all: string[]) => [0, 2, 1, 3].map((i) => all[i] ?? ''), /journal-broken: .*line 2/],
  ['cut off the end', (all: string[]) => all.slice(0, 3), /audit-cut: .*3 lines and not the 4/],
] as const)('a line that was %s is found', async (_, change, told) => {
  await keepFour();
  await rewrite(change(await lines()));
  expect(await fault()).toMatch(told);
});

test('a trail that is gone, and a last line that is half, are found', async () => {
  await keepFour();
  const whole = await readFile(auditFile(data), 'utf8');
  await writeFile(auditFile(data), whole.slice(0, -20));
  expect(await fault()).toMatch(/^audit-cut/);
  await rm(auditFile(data));
  expect(await fault()).toMatch(/^audit-cut: the audit trail is gone/);
});

test('lines after the kept length are taken; a stopped process loses none', async () => {
  await keepFour();
  const head = await readFile(auditHeadFile(data), 'utf8');
  const audit = await openAudit(data, () => undefined);
  await audit.tell(saw('1.5'));
  await audit.close();
  await writeFile(auditHeadFile(data), head);
  expect((await verifyAudit(data)).lines).toBe(5);
});

test('a damaged trail is set aside at the start, and a new one says so', async () => {
  await keepFour();
  await rewrite((await lines()).toSpliced(1, 1));
  await appendFile(auditFile(data), '');
  const audit = await openAudit(data, (line) => log.push(line));
  await audit.tell(saw('1.5'));
  await audit.close();
  expect(log.join()).toContain('the audit trail is damaged and was set aside');
  expect((await readdir(data)).filter((name) => name.includes('damaged'))).toHaveLength(1);
  const found = await readAudit(data, { most: 10 });
  expect(found.map(({ action, state }) => [action, state])).toEqual([
    ['saw', undefined],
    ['started', 'damaged before'],
  ]);
  expect((await verifyAudit(data)).lines).toBe(2);
});

test('what matches is read, newest first, in pages', async () => {
  await keepFour();
  const studies = async (query: Partial<Parameters<typeof readAudit>[1]>) =>
    (await readAudit(data, { most: 2, ...query })).map(({ study, line }) => `${line} ${study}`);
  expect(await studies({})).toEqual(['4 1.4', '3 1.3']);
  expect(await studies({ before: 3 })).toEqual(['2 1.2', '1 1.1']);
  expect(await studies({ study: '1.1' })).toEqual(['1 1.1']);
  expect(await studies({ who: 'bert' })).toEqual([]);
});

test('accounts that changed while the service stood still are told at its next start, once', async () => {
  const user = {
    name: 'anna',
    role: 'reader',
    password: 'x',
    disabled: false,
    changedAt: '2026-01-01T00:00:00Z',
  } as const;
  const restart = async (accounts: Parameters<Awaited<ReturnType<typeof openAudit>>['tellAccounts']>[0]) => {
    const audit = await openAudit(data, () => undefined);
    await audit.tellAccounts(accounts);
    await audit.close();
  };
  await restart({ users: [user], tokens: [] });
  await restart({ users: [user], tokens: [] });
  await restart({ users: [{ ...user, disabled: true }], tokens: [] });
  await restart({ users: [], tokens: [] });
  const told = (await readAudit(data, { most: 10 })).map(({ account, state }) => `${account}: ${state}`);
  expect(told.toReversed()).toEqual([
    'user anna: reader, password of 2026-01-01T00:00:00Z',
    'user anna: reader, disabled, password of 2026-01-01T00:00:00Z',
    'user anna: removed',
  ]);
  expect(await readFile(auditFile(data), 'utf8')).not.toContain('"x"');
});

test('the same thing is new again when its time is over', () => {
  const lately = new ToldLately();
  const asked = [0, 5, 10, 11].map((now) => lately.isNew('anna saw', 10, now));
  expect(asked).toEqual([true, false, true, false]);
});
