import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type Archive, openArchive } from '../../archive/index.ts';
import { createIntake, type Intake } from '../intake/intake.ts';
import { ROLES } from './api.ts';
import { createHttp } from './app.ts';
import { createMetrics } from './watch.ts';

const log: string[] = [];
let root = '';
let archive: Archive;
let intake: Intake;
let app: FastifyInstance;
let routes: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-app-'));
  archive = await openArchive(root);
  const say = (text: string) => log.push(text);
  intake = createIntake(archive, { kept: () => undefined, notKept: () => undefined, log: say });
  const metrics = createMetrics(archive);
  app = createHttp({
    archive,
    intake,
    metrics,
    pageFolder: path.join(root, 'none'),
    isReady: () => true,
    log: say,
  });
  routes = [];
  app.addHook('onRoute', ({ method, url }) => {
    if (method !== 'HEAD')
      routes.push(`${String(method).toLowerCase()} ${url.replaceAll(/:(\w+)|(\*)/g, '{$1$2}')}`);
  });
  await app.ready();
});
afterEach(async () => {
  await app.close();
  await intake.close();
  await archive.close();
  await rm(root, { recursive: true });
});

const descriptionSchema = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ summary: z.string(), 'x-least-role': z.enum(ROLES) })),
  ),
});

test('the description names every route but the page, each with its least role', async () => {
  const described = descriptionSchema.parse((await app.inject('/api/openapi.json')).json());
  const named = Object.entries(described.paths).flatMap(([url, methods]) =>
    Object.keys(methods).map((method) => `${method} ${url}`),
  );
  expect(named.length).toBeGreaterThan(9);
  expect(named.toSorted()).toEqual(routes.filter((route) => route !== 'get /').toSorted());
});

test.each([
  ['a UID that is none', 'GET', '/api/studies/Secret', 400, 'bad-request'],
  ['a page of another list', 'GET', '/api/worklist?after=Secret', 400, 'bad-request'],
  ['a page without rows', 'GET', '/api/worklist?limit=0', 400, 'bad-request'],
  ['no body', 'POST', '/api/upload', 400, 'bad-request'],
  ['a study that is not held', 'POST', '/api/studies/1.2.3/read', 404, 'study-not-held'],
] as const)('%s is refused, and not repeated', async (_, method, url, status, code) => {
  const answer = await app.inject({ method, url });
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  expect(answer.body + log.join()).not.toContain('Secret');
});
