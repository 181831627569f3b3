import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.onnx': 'application/octet-stream',
};
/** The policy under which a hospital would serve the page; WebAssembly must be allowed to run. */
const POLICY = "default-src 'self'; img-src 'self' data:; script-src 'self' 'wasm-unsafe-eval'";

/** With these a page is cross-origin isolated: its threads may share memory. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

export interface ServerOptions {
  readonly isIsolated?: boolean;
  /** Content types instead of the right ones, by address. */
  readonly types?: Readonly<Record<string, string>>;
}

/** For tests: a plain web server on loopback, of files by their address. */
export async function servePages(
  files: Readonly<Record<string, string | Uint8Array>>,
  { isIsolated = false, types = {} }: ServerOptions = {},
): Promise<{ readonly port: number; close(): void }> {
  const server: Server = createServer(async (request, response) => {
    const address = new URL(request.url ?? '/', 'http://page').pathname;
    const found = files[address];
    if (found === undefined) return response.writeHead(404).end();
    const body = typeof found === 'string' ? await readFile(found) : found;
    response.writeHead(200, {
      ...(isIsolated && ISOLATION),
      'content-type':
        types[address] ?? TYPES[path.extname(typeof found === 'string' ? found : address)] ?? 'text/plain',
      'content-security-policy': POLICY,
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
