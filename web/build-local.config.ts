// npm run build:local [-- FOLDER]: the page that needs no server of ours, as files for any web server; by default in
// out/local.
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'vite';
import { bundleConfig } from './bundle.config.ts';

const { resolve } = createRequire(import.meta.url);
const root = path.resolve(import.meta.dirname, '..');

/** What is fetched beside the bundle: ONNX Runtime, the decoders of compressed slices. */
function wasmFiles(): readonly string[] {
  const onnx = path.dirname(resolve('onnxruntime-web/wasm'));
  const builds = ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify'];
  const ofOnnx = builds.flatMap((name) =>
    ['mjs', 'wasm'].map((ending) => path.join(onnx, `${name}.${ending}`)),
  );
  return [...ofOnnx, path.join(path.dirname(resolve('dcmjs-codecs')), 'dcmjs-native-codecs.wasm')];
}

/** Builds the page into a folder, which it empties first. */
export async function buildLocalPage(folder: string): Promise<void> {
  await build(bundleConfig('web/local/index.html', folder));
  for (const file of wasmFiles()) await cp(file, path.join(folder, 'wasm', path.basename(file)));
  await cp(path.join(root, 'models', 'default.onnx'), path.join(folder, 'models', 'default.onnx'));
  await writeOfflineWorker(folder);
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

if (import.meta.main) {
  const [given] = process.argv.slice(2);
  const folder = path.resolve(process.env.INIT_CWD ?? root, given ?? path.join(root, 'out', 'local'));
  await buildLocalPage(folder);
  process.stdout.write(`${folder} is ready for any web server; it needs no other\n`);
}
