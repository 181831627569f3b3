// npm run build:web: the service's page, in dist/web, where `ichor serve` looks for it.
// npm run build:local [-- FOLDER]: the page that needs no server of ours, as files for any web server; in out/local.
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { PAGE_PARTS } from '../src/server/index.ts';
import { bundleConfig } from './bundle.config.ts';

const root = path.resolve(import.meta.dirname, '..');
const PARTS = Object.entries(PAGE_PARTS.local);

/** The worklist and its studies alone, into a folder that is emptied first. */
export async function buildWorklist(folder: string): Promise<void> {
  await build(bundleConfig('web/service/index.html', folder));
}

/**
 * The worklist and its studies, into a folder that is emptied first; in `local/` the page without a server, which the
 * service offers too. What lies beside bundles is not copied: the service offers it from where it lies.
 */
export async function buildServicePage(folder: string): Promise<void> {
  await buildWorklist(folder);
  const local = path.join(folder, 'local');
  await build(bundleConfig('web/local/index.html', local));
  await writeOfflineWorker(local);
}

/** The page without a server, whole, into a folder that is emptied first. */
export async function buildLocalPage(folder: string): Promise<void> {
  await build(bundleConfig('web/local/index.html', folder));
  for (const [name, file] of PARTS) await cp(file, path.join(folder, name));
  await writeOfflineWorker(folder);
}

/** It names every file, and what all of them hold: a browser fetches them anew where any has changed, the model alone too. */
async function writeOfflineWorker(folder: string): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const names = [...files.map((file) => path.relative(folder, file)), ...PARTS.map(([name]) => name)];
  const parts = ['./', ...new Set(names.sort())];
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const source = await readFile(path.join(import.meta.dirname, 'local', 'offline-worker.js'), 'utf8');
  const text = source
    .replace('__PARTS__', JSON.stringify(parts))
    .replace('__VERSION__', `${version}-${await digestOf(files)}`);
  await writeFile(path.join(folder, 'offline-worker.js'), text);
}

/** Of the page's own files, and of those beside it. */
async function digestOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...files.toSorted(), ...PARTS.map(([, part]) => part)])
    hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
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
