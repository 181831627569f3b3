import { setTimeout as pause } from 'node:timers/promises';
import Fastify from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { withSchemas } from './api.ts';
import { changesSchema, eventRoutes } from './events.ts';
import { openTestService, STUDY, type TestService } from './service-fixture.ts';

let service: TestService;
let app: ReturnType<typeof withSchemas>;
let url = '';
beforeEach(async () => {
  service = await openTestService();
  app = withSchemas(Fastify({ forceCloseConnections: true }));
  app.decorateRequest('mayStill', () => true);
  eventRoutes(app, service.archive, { connections: 2, heartbeatMs: 300, gatherMs: 20, mostMs: 60_000 });
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/events`;
});
afterEach(async () => {
  await app.close();
  await service.close();
});

/** The events of one connection, heartbeats as undefined. */
async function listen(lastSeen?: number) {
  const ending = new AbortController();
  const headers = lastSeen === undefined ? {} : { 'last-event-id': String(lastSeen) };
  const response = await fetch(url, { headers, signal: ending.signal });
  const stream = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async () => {
    while (!text.includes('\n\n')) text += (await stream?.read())?.value ?? '';
    const end = text.indexOf('\n\n');
    const [event, rest] = [text.slice(0, end), text.slice(end + 2)];
    text = rest;
    const [, id, data] = /^id: (\d+)\nevent: changes\ndata: (.*)$/.exec(event) ?? [];
    return id === undefined || data === undefined
      ? undefined
      : { id: Number(id), ...z.parse(changesSchema, JSON.parse(data)) };
  };
  const nextChange = async () => {
    for (;;) {
      const event = await next();
      if (event !== undefined) return event;
    }
  };
  return { status: response.status, next, nextChange, close: () => ending.abort() };
}

test('a change is told, and who comes back is told all that has changed since', async () => {
  const listener = await listen();
  expect(await listener.next()).toEqual({ id: 0, changed: [] });
  await service.receive();
  expect(await listener.nextChange()).toEqual({
    id: 1,
    changed: [{ studyInstanceUid: STUDY, state: 'receiving' }],
  });
  listener.close();
  await service.predict();
  const back = await listen(1);
  const { line } = service.archive.position;
  expect(await back.next()).toEqual({ id: line, changed: [{ studyInstanceUid: STUDY, state: 'done' }] });
  const upToDate = await listen(line);
  expect(await upToDate.next()).toEqual({ id: line, changed: [] });
});

test('who saw another journal is told of all', async () => {
  await service.receive();
  expect((await (await listen(99)).next())?.changed).toHaveLength(1);
});

test('silence has a heartbeat', async () => {
  const listener = await listen();
  await listener.next();
  expect(await listener.next()).toBeUndefined();
});

test('no more listen than may, and one that went makes room', async () => {
  const [first] = [await listen(), await listen()];
  expect((await listen()).status).toBe(503);
  first.close();
  await pause(200);
  expect((await listen()).status).toBe(200);
});

test('a last event that is none is refused', async () => {
  expect((await fetch(url, { headers: { 'last-event-id': 'x' } })).status).toBe(400);
});
