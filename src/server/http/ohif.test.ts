import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { ohifIndex } from './ohif.ts';
import { openTestService, STUDY } from './service-fixture.ts';

/** As OHIF's build: its script by hash, its configuration, a worker that would keep pages. */
const INDEX = `<!doctype html><script>window.PUBLIC_URL="/"</script><script src="/app-config.js"></script>
<script type="module" src="/init-service-worker.js"></script><script defer src="/app.bundle.js"></script>`;

let dist = '';
beforeEach(async () => {
  dist = await mkdtemp(path.join(tmpdir(), 'ichor-ohif-'));
  await mkdir(path.join(dist, 'assets'));
  for (const [name, text] of [
    ['index.html', INDEX],
    ['app.bundle.js', '"the viewer"'],
    ['app-config.js', '"of the build"'],
    ['sw.js', '"keeps pages"'],
    ['assets/favicon.ico', ''],
  ] as const)
    await writeFile(path.join(dist, name), text);
});
afterEach(async () => {
  await rm(dist, { recursive: true });
});

async function served(ohif?: string) {
  const service = await openTestService(ohif === undefined ? {} : { ohif });
  onTestFinished(() => service.close());
  return service;
}

test('the viewer is told of the DICOMweb of its own host; its page keeps no old pages', async () => {
  const { app } = await served(dist);
  const config = await app.inject({ url: '/app-config.js', headers: { host: 'localhost:8080' } });
  const settings = z
    .object({
      routerBasename: z.string(),
      dataSources: z.tuple([z.looseObject({ configuration: z.unknown() })]),
    })
    .parse(JSON.parse(config.body.replace(/^window.config = |;\n$/g, '')));
  expect(settings.routerBasename).toBe('/ohif');
  expect(settings.dataSources[0].configuration).toMatchObject({
    qidoRoot: 'http://localhost:8080/dicomweb',
    wadoRoot: 'http://localhost:8080/dicomweb',
  });
  const page = await app.inject(`/ohif/viewer?StudyInstanceUIDs=${STUDY}`);
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain('/app.bundle.js');
  expect(page.body).not.toContain('service-worker');
  // OpenSSL's own: printf 'window.PUBLIC_URL="/"' | openssl dgst -sha256 -binary | base64
  expect(page.headers['content-security-policy']).toContain(
    "script-src 'self' 'unsafe-eval' 'sha256-iDPt/Ua3DNNwIdzDqulCGYDYPv58ixnA75eez8NxOJg='",
  );
  expect((await app.inject('/app.bundle.js')).body).toBe('"the viewer"');
  expect((await app.inject('/sw.js')).statusCode).toBe(404);
  // The worklist's own page is held as strictly as before
  expect((await app.inject('/')).headers['content-security-policy']).not.toContain('unsafe-eval');
});

test.each([true, false])('a study tells where OHIF shows it, where OHIF is served: %s', async (isServed) => {
  const { app, receive } = await served(isServed ? dist : undefined);
  await receive();
  const ohif = `/ohif/viewer?StudyInstanceUIDs=${STUDY}`;
  expect((await app.inject(`/api/studies/${STUDY}`)).json().ohif).toBe(isServed ? ohif : undefined);
  expect((await app.inject(ohif)).statusCode).toBe(isServed ? 200 : 404);
});

test('a folder that holds no build of OHIF is refused by name', () => {
  expect(() => ohifIndex(path.join(dist, 'assets'))).toThrow(expect.objectContaining({ code: 'not-ohif' }));
});
