import { afterEach, expect, test } from 'vitest';
import { addToken, addUser } from '../access/manage.ts';
import { openTestService, type TestService } from './service-fixture.ts';

let service: TestService;
afterEach(() => service.close());
const statusOf = async (url: string, headers = {}) => (await service.app.inject({ url, headers })).statusCode;

test('metrics take the token of a reader, health needs none', async () => {
  service = await openTestService({}, { isLocal: false });
  await addUser(service.root, 'anna', 'administrator', 'seven quiet herons');
  const token = await addToken(service.root, 'prometheus', 'reader', 1);
  expect(await statusOf('/metrics')).toBe(401);
  expect(await statusOf('/metrics', { authorization: `Bearer ${token}` })).toBe(200);
  expect(await statusOf('/health/live')).toBe(200);
  expect(await statusOf('/health/ready')).toBe(200);
});

test('metrics that are configured open need none', async () => {
  service = await openTestService({ openMetrics: true }, { isLocal: false });
  expect(await statusOf('/metrics')).toBe(200);
});
