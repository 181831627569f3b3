import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { UsageError } from '../../base/index.ts';
import { baseOf } from './dicomweb-answers.ts';

/** Where OHIF's pages are: `/ohif/viewer?StudyInstanceUIDs=1.2.3`. */
export const OHIF_PAGE = '/ohif/';

/** Of a study in it. */
export const ohifStudy = (study: string): string => `${OHIF_PAGE}viewer?StudyInstanceUIDs=${study}`;

/** Of its build, not given: ours in their place, workers that would keep old pages, pages that log in elsewhere. */
const NOT_SERVED = [
  'index.html',
  'app-config.js',
  '*service-worker.js',
  'sw.js',
  'silent-refresh.html',
  'google.js',
];

/**
 * The built OHIF viewer before the DICOMweb of the same host. Its build looks for its files at the root, so they lie there;
 * its pages are below `/ohif/`. Throws UsageError `not-ohif` where the folder does not hold a build of it.
 */
export function ohifRoutes(app: FastifyInstance, folder: string): void {
  const index = ohifIndex(folder);
  const headers = { 'content-security-policy': policyOf(index), 'cache-control': 'no-cache' };
  app.register(async (viewer) => {
    viewer.addHook('onRoute', (route) => {
      // Who is not logged in is led from the page to the login; what it is built of says nothing
      const role = route.url.startsWith(OHIF_PAGE) ? 'reader' : 'anyone';
      route.config = { ...route.config, role, audit: 'nothing' };
      route.schema = { ...route.schema, hide: true };
    });
    viewer.register(fastifyStatic, {
      root: path.resolve(folder),
      wildcard: false,
      globIgnore: NOT_SERVED,
      decorateReply: false,
      setHeaders: (reply) => void reply.headers(headers),
    });
    viewer.get('/app-config.js', (request, reply) =>
      reply
        .headers(headers)
        .type('text/javascript')
        .send(ohifSettings(baseOf(request))),
    );
    viewer.get(`${OHIF_PAGE}*`, (_, reply) => reply.headers(headers).type('text/html').send(index));
  });
}

/** The first page of OHIF's build, without the worker that would keep it. Throws as ohifRoutes does. */
export function ohifIndex(folder: string): string {
  const file = path.join(folder, 'index.html');
  const index = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (index.includes('"/app-config.js"'))
    return index.replace(/<script[^>]*init-service-worker[^>]*><\/script>/, '');
  throw new UsageError(
    'not-ohif',
    `${folder} holds no page of OHIF, expected the folder dist of npm's @ohif/app (npm pack @ohif/app)`,
  );
}

/**
 * Scripts of OHIF's build alone, the ones within its page by their hashes. Its reader of segmentations makes functions of
 * text, and its styles are made while it runs: its pages may do both, ours may not.
 */
function policyOf(index: string): string {
  const inline = [...index.matchAll(/<script>(.*?)<\/script>/gs)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'self'",
    `script-src 'self' 'unsafe-eval' ${inline.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** OHIF's `app-config.js` before a DICOMweb at this address, for pages below `/ohif/` of the same host. */
export function ohifSettings(dicomWeb: string): string {
  const configuration = {
    friendlyName: 'Ichor, research use only',
    name: 'ichor',
    qidoRoot: dicomWeb,
    wadoRoot: dicomWeb,
    qidoSupportsIncludeField: false,
    imageRendering: 'wadors',
    thumbnailRendering: 'wadors',
    enableStudyLazyLoad: true,
    supportsFuzzyMatching: false,
    supportsWildcard: true,
    bulkDataURI: { enabled: true },
  };
  const settings = {
    routerBasename: OHIF_PAGE.slice(0, -1),
    extensions: [],
    modes: [],
    customizationService: {},
    showStudyList: true,
    maxNumberOfWebWorkers: 3,
    disableConfirmationPrompts: true,
    investigationalUseDialog: { option: 'always' },
    defaultDataSourceName: 'ichor',
    dataSources: [
      {
        namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
        sourceName: 'ichor',
        configuration,
      },
    ],
  };
  return `window.config = ${JSON.stringify(settings)};\n`;
}
