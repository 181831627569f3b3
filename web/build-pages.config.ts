// npm run build:web: the service's page, in dist/web, where `ichor serve` looks for it.
// npm run build:local [-- FOLDER]: the page that needs no server of ours, as files for any web server; in out/local.
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'vite';
import { bundleConfig } from './bundle.config.ts';

const { resolve } = createRequire(import.meta.url);
const root = path.resolve(import.meta.dirname, '..');

/** What is fetched beside the bundles: decoders of compressed slices, ONNX Runtime. */
const CODECS = [path.join(path.dirname(resolve('dcmjs-codecs')), 'dcmjs-native-codecs.wasm')];
const RUNTIME = ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify'].flatMap((name) =>
  ['mjs', 'wasm'].map((ending) =>
    path.join(path.dirname(resolve('onnxruntime-web/wasm')), `${name}.${ending}`),
  ),
);

/** The worklist and its studies, into a folder that is emptied first; the service predicts, so no model is in it. */
export async function buildServicePage(folder: string): Promise<void> {
  await build(bundleConfig('web/service/index.html', folder));
  await copyInto(path.join(folder, 'wasm'), CODECS);
}

/** The page without a server, into a folder that is emptied first. */
export async function buildLocalPage(folder: string): Promise<void> {
  await build(bundleConfig('web/local/index.html', folder));
  await copyInto(path.join(folder, 'wasm'), [...CODECS, ...RUNTIME]);
  await copyInto(path.join(folder, 'models'), [path.join(root, 'models', 'default.onnx')]);
  await writeOfflineWorker(folder);
}

async function copyInto(folder: string, files: readonly string[]): Promise<void> {
  for (const file of files) await cp(file, path.join(folder, path.basename(file)));
}

/** It names every file, so that a later version of the page fetches them anew. */
async function writeOfflineWorker(folder: string): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const parts = ['./', ...files.map((file) => path.relative(folder, file)).sort()];
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const source = await readFile(path.join(import.meta.dirname, 'local', 'offline-worker.js'), 'utf8');
  const text = source.replace('__PARTS__', JSON.stringify(parts)).replace('__VERSION__', version);
  await writeFile(path.join(folder, 'offline-worker.js'), text);
}

const PAGES = {
  service: { make: buildServicePage, folder: 'dist/web' },
  local: { make: buildLocalPage, folder: 'out/local' },
} as const;

if (import.meta.main) {
  const [name, given] = process.argv.slice(2);
  const page = PAGES[name === 'local' ? 'local' : 'service'];
  const folder =
    given === undefined ? path.join(root, page.folder) : path.resolve(process.env.INIT_CWD ?? root, given);
  await page.make(folder);
  process.stdout.write(`${folder} is built\n`);
}
