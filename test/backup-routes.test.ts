// Backup, wipe, restore: every route of the OpenAPI file that shows something gives the same answer.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { backUp, restore } from '../src/archive/index.ts';
import { CT_IMAGE, ctFile } from '../src/dicom/ct-fixture.ts';
import { INSTANCE, openTestService, STUDY, type TestService } from '../src/server/http/service-fixture.ts';
import { addToken, addUser } from '../src/server/index.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-backup-routes-'));
});
afterEach(() => rm(root, { recursive: true }));
const at = (name: string) => path.join(root, name);

/** What stands for each part of a route's path. */
const VALUES: Readonly<Record<string, string>> = {
  study: STUDY,
  series: String(CT_IMAGE.SeriesInstanceUID),
  instance: INSTANCE,
  frames: '1',
  '*': 'prediction.json',
};
/** Each is its moment's: of this process, of who asks, or a stream without an end. */
const OF_THE_MOMENT = new Set(['/metrics', '/api/events', '/api/audit']);

const openApiSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

async function answersOf(service: TestService, token: string): Promise<Map<string, string>> {
  const ask = (url: string) => service.app.inject({ url, headers: { authorization: `Bearer ${token}` } });
  const { paths } = openApiSchema.parse((await ask('/api/openapi.json')).json());
  const answers = new Map<string, string>();
  for (const [route, methods] of Object.entries(paths)) {
    if (!('get' in methods) || OF_THE_MOMENT.has(route)) continue;
    const given: typeof VALUES = route.includes('/bulkdata/') ? { ...VALUES, '*': '7FE00010' } : VALUES;
    const url = route.replaceAll(/\{([^}]+)\}/g, (_, name: string) => given[name] ?? name);
    const { statusCode, headers, rawPayload } = await ask(url);
    // Several parts are parted by a random text
    const boundary = /boundary="?([^";]+)/.exec(String(headers['content-type']))?.[1] ?? '\0';
    const text = rawPayload.toString('latin1').replaceAll(boundary, 'boundary');
    // Days are counted from now
    answers.set(route, `${statusCode} ${text.replace(/"since":"[^"]+"/, '')}`);
  }
  return answers;
}

async function populate(service: TestService): Promise<string> {
  await addUser(service.root, 'anna', 'administrator', 'seven quiet herons');
  const token = await addToken(service.root, 'walk', 'administrator', 1);
  await service.receive();
  await service.predict({}, { 'dicom/report.dcm': ctFile({ SOPInstanceUID: '1.2.826.0.1.9.1' }) });
  const [first] = service.archive.index.study(STUDY)?.results ?? [];
  await service.archive.judge(STUDY, first?.folder ?? '', 'anna', { opinion: 'agree' });
  await service.archive.markRead(STUDY, 'anna');
  await service.archive.tried(STUDY, first?.folder ?? '', 'pacs');
  await service.receive('1.2.3.4.1', ctFile({ StudyInstanceUID: '1.2.3.4', SOPInstanceUID: '1.2.3.4.1' }));
  await service.archive.move('1.2.3.4', 'receiving', 'queued', 'test');
  await service.archive.move('1.2.3.4', 'queued', 'predicting', 'test');
  await service.archive.move('1.2.3.4', 'predicting', 'failed', 'test', { code: 'x', text: 'given up' });
  const period = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
  const accepted = { ...period, acceptedAt: period.to, by: 'anna' };
  await writeFile(path.join(service.root, 'drift-reference.json'), JSON.stringify(accepted));
  return token;
}

test('backup, wipe, restore: every route gives the same answer, and the trail goes on', async () => {
  const service = await openTestService({}, {}, at('data'));
  const token = await populate(service);
  const before = await answersOf(service, token);
  const trail = () => ({ url: '/api/audit', headers: { authorization: `Bearer ${token}` } });
  const told = (await service.app.inject(trail())).json().items;
  expect(await backUp(at('data'), at('backup'))).toEqual({ studies: 2, objects: 2, results: 1 });
  await service.close();
  expect(await restore(at('backup'), at('data'))).toEqual({ studies: 2, objects: 2, results: 1 });
  const again = await openTestService({}, {}, at('data'));
  const after = await answersOf(again, token);
  expect([...after.keys()].length).toBeGreaterThan(20);
  for (const [route, answer] of before) expect(after.get(route), route).toBe(answer);
  // None of them is the same by being refused
  const refused = [...before].filter(([, answer]) => !answer.startsWith('2')).map(([route]) => route);
  expect(refused).toEqual(['/api/jobs']);
  expect((await again.app.inject(trail())).json().items.slice(-told.length)).toEqual(told);
  await again.close();
});
