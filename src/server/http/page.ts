import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where `npm run build:web` puts the page, in a clone and in the installed package alike. */
export const PAGE_FOLDER = fileURLToPath(new URL('../../../dist/web/', import.meta.url));

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

/** The worklist's page at `/`; where it was not built, one line that says how. */
export function pageRoutes(app: FastifyInstance, folder: string): void {
  app.register(async (page) => {
    page.addHook('onRoute', (route) => {
      // Who is not logged in is led from the page to the login; what it is built of says nothing
      const isPage = route.url === '/' || route.url.endsWith('.html');
      route.config = { ...route.config, role: isPage ? 'reader' : 'anyone' };
      route.schema = { ...route.schema, hide: true };
    });
    if (!existsSync(folder)) page.get('/', (_, reply) => reply.code(404).send(NOT_BUILT));
    else
      page.register(fastifyStatic, {
        root: folder,
        wildcard: false,
        setHeaders: (reply) => {
          reply.header('content-security-policy', POLICY);
          reply.header('cache-control', 'no-cache');
        },
      });
  });
}

const NOT_BUILT = {
  code: 'page-not-built',
  text: 'the page is not built in this clone: npm run build:web, then start the service again',
};
