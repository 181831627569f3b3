import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic, { type FastifyStaticOptions } from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { PAGE_PARTS } from './page-parts.ts';

/** Where `npm run build:web` puts the pages, in a clone and in the installed package alike. */
export const PAGE_FOLDER = fileURLToPath(new URL('../../../dist/web/', import.meta.url));

/** The page without a server; `local` is its folder among the built pages too. */
const LOCAL_PAGE = '/local/';

/** Scripts and styles of ours alone; WebAssembly runs the decoders of compressed slices. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = { 'content-security-policy': POLICY, 'cache-control': 'no-cache' };

/** With these two a page's threads may share memory. For the page that predicts alone: they hinder links to others. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

const OPTIONS: Pick<FastifyStaticOptions, 'setHeaders'> = {
  setHeaders: (reply) => {
    reply.headers({ ...HEADERS, ...(reply.request.url.startsWith(LOCAL_PAGE) && ISOLATION) });
  },
};

/** The worklist's page at `/`, the page without a server at `/local/`; where they were not built, one line that says how. */
export function pageRoutes(app: FastifyInstance, folder: string): void {
  app.register(async (page) => {
    page.addHook('onRoute', (route) => {
      // Who is not logged in is led from the page to the login; what it is built of says nothing
      const isPage = ['/', '/local', LOCAL_PAGE].includes(route.url) || route.url.endsWith('.html');
      route.config = { ...route.config, role: isPage ? 'reader' : 'anyone', audit: 'nothing' };
      route.schema = { ...route.schema, hide: true };
    });
    if (existsSync(folder)) builtPages(page, folder);
    else page.get('/', (_, reply) => reply.code(404).send(NOT_BUILT));
  });
}

function builtPages(app: FastifyInstance, folder: string): void {
  app.register(fastifyStatic, { ...OPTIONS, root: folder, wildcard: false });
  app.get(LOCAL_PAGE.slice(0, -1), (_, reply) => reply.redirect(LOCAL_PAGE, 301));
  partRoutes(app, '/', PAGE_PARTS.service);
  partRoutes(app, LOCAL_PAGE, PAGE_PARTS.local);
}

/** The page without a server alone. */
export function localPageRoutes(app: FastifyInstance, folder: string): void {
  app.register(fastifyStatic, { ...OPTIONS, root: path.join(folder, LOCAL_PAGE), prefix: LOCAL_PAGE });
  partRoutes(app, LOCAL_PAGE, PAGE_PARTS.local);
}

/** From where they lie: a second copy of the model and of WebAssembly would be most of the package. */
function partRoutes(app: FastifyInstance, page: string, parts: Readonly<Record<string, string>>): void {
  for (const [name, file] of Object.entries(parts))
    app.get(`${page}${name}`, (_, reply) => reply.sendFile(path.basename(file), path.dirname(file)));
}

const NOT_BUILT = {
  code: 'page-not-built',
  text: 'the page is not built in this clone: npm run build:web, then start the service again',
};
