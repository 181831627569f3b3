import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { IchorError } from '../../base/index.ts';
import { givenRoutes } from './view.ts';

const FILES = [
  { path: 'IM1', size: 3, read: async () => Uint8Array.of(1, 2, 3) },
  { path: 'IM2', size: 9, read: () => Promise.reject(new IchorError('file-unreadable', 'IM2: no')) },
];

function offered() {
  const app = Fastify();
  const token = givenRoutes(app, FILES);
  const ask = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
  return { ask, bearer: { authorization: `Bearer ${token}` } };
}

const cookieOf = (answer: { headers: Record<string, unknown> }) => ({
  cookie: String(answer.headers['set-cookie']).split(';')[0] ?? '',
});

test('the token opens the study once; its browser reads on by its cookie, and after a reload', async () => {
  const { ask, bearer } = offered();
  const opened = await ask('/local/given', bearer);
  expect(opened.json()).toEqual([
    { path: 'IM1', bytes: 3 },
    { path: 'IM2', bytes: 9 },
  ]);
  expect(opened.headers['set-cookie']).toMatch(/; HttpOnly; SameSite=Strict; Path=\/local\/given$/);
  const cookie = cookieOf(opened);
  expect([...(await ask('/local/given/0', cookie)).rawPayload]).toEqual([1, 2, 3]);
  expect((await ask('/local/given', { ...cookie, ...bearer })).statusCode).toBe(200);
  expect((await ask('/local/given', bearer)).statusCode).toBe(401);
});

test('without the token, or with another one, nothing is told', async () => {
  const { ask } = offered();
  for (const headers of [{}, { authorization: 'Bearer x' }, { cookie: 'ichor-view=x' }])
    for (const url of ['/local/given', '/local/given/0']) {
      const { statusCode, body } = await ask(url, headers);
      expect(statusCode).toBe(401);
      expect(body).not.toContain('IM1');
    }
});

test('a file that cannot be read is told as that, and one that is not there', async () => {
  const { ask, bearer } = offered();
  const cookie = cookieOf(await ask('/local/given', bearer));
  const broken = await ask('/local/given/1', cookie);
  expect([broken.statusCode, broken.json()]).toEqual([422, { code: 'file-unreadable', text: 'IM2: no' }]);
  expect((await ask('/local/given/2', cookie)).statusCode).toBe(404);
});
