import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestService, type TestService } from '../http/service-fixture.ts';
import type { Destination } from './destinations.ts';
import { withFirstSight } from './first-sight.ts';

const to = (name: string, rest: { history?: true } = {}): Destination => ({
  ...{ kind: 'fhir', name, url: 'http://127.0.0.1:1', when: 'result' },
  ...rest,
});
const day = (number: number) => new Date(Date.UTC(2026, 10, number));
let service: TestService;
const sinceOf = async (at: Date, ...destinations: Destination[]) =>
  (await withFirstSight(service.archive, destinations, at)).map(({ since }) => since);

beforeEach(async () => {
  service = await openTestService();
});
afterEach(() => service.close());

test('a new destination, and one under a new name, begins with its first start, and keeps that', async () => {
  expect(await sinceOf(day(1), to('ehr'))).toEqual([day(1).toISOString()]);
  await service.receive();
  expect(await sinceOf(day(2), to('ehr'), to('ris'))).toEqual([day(1), day(2)].map((at) => at.toISOString()));
  // Away for a while, or back from a backup: the file of the data folder has it still
  expect(await sinceOf(day(3))).toEqual([]);
  expect(await sinceOf(day(4), to('ris'))).toEqual([day(2).toISOString()]);
});

test('one that is to have the history has no beginning', async () => {
  expect(await sinceOf(day(1), to('ehr', { history: true }))).toEqual([undefined]);
});

test('what waited for a destination before this was kept still waits for it', async () => {
  await service.receive();
  expect(await sinceOf(day(1), to('ehr'))).toEqual([new Date(0).toISOString()]);
  expect(await sinceOf(day(2), to('ehr'), to('new'))).toEqual([
    new Date(0).toISOString(),
    day(2).toISOString(),
  ]);
});
