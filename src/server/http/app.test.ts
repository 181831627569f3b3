import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { ROLES } from '../access/roles.ts';
import { openTestService, type TestService } from './service-fixture.ts';

let service: TestService;
beforeEach(async () => {
  service = await openTestService();
});
afterEach(() => service.close());

const descriptionSchema = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ summary: z.string(), 'x-least-role': z.enum(ROLES) })),
  ),
});

test('the description names every route but the page, each with its least role', async () => {
  const described = descriptionSchema.parse((await service.app.inject('/api/openapi.json')).json());
  const named = Object.entries(described.paths).flatMap(([url, methods]) =>
    Object.keys(methods).map((method) => `${method} ${url}`),
  );
  expect(named.length).toBeGreaterThan(9);
  expect(named.toSorted()).toEqual(service.routes.toSorted());
});

test.each([
  ['a UID that is none', 'GET', '/api/studies/Secret', 400, 'bad-request'],
  ['a page of another list', 'GET', '/api/worklist?after=Secret', 400, 'bad-request'],
  ['a page without rows', 'GET', '/api/worklist?limit=0', 400, 'bad-request'],
  ['no body', 'POST', '/api/upload', 400, 'bad-request'],
  ['a study that is not held', 'POST', '/api/studies/1.2.3/read', 404, 'study-not-held'],
] as const)('%s is refused, and not repeated', async (_, method, url, status, code) => {
  const answer = await service.app.inject({ method, url });
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  expect(answer.body + service.log.join()).not.toContain('Secret');
});
