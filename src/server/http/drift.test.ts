import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestService, type TestService } from './service-fixture.ts';

let service: TestService;
beforeEach(async () => {
  service = await openTestService();
});
afterEach(() => service.close());

const accept = (payload: object) =>
  service.app.inject({ method: 'POST', url: '/api/drift/reference', payload });

test('without a reference period nothing is watched', async () => {
  expect((await service.app.inject('/api/drift')).json()).toEqual({
    reference: null,
    recent: null,
    streams: [],
    stopped: false,
  });
  expect((await service.app.inject('/metrics')).body).toContain('# TYPE ichor_drift_alarm gauge');
});

test('a period without enough studies, and one that ends before it begins, are refused', async () => {
  const [from, to] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];
  const small = await accept({ from, to });
  expect([small.statusCode, small.json().code]).toEqual([409, 'reference-too-small']);
  const turned = await accept({ from: to, to: from });
  expect([turned.statusCode, turned.json().code]).toEqual([400, 'bad-request']);
});
