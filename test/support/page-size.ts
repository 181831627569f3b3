import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** Of what a page has asked for of its own `assets/`, in the folder that it was built in. */
export function compressedBytes(requests: readonly string[], built: string): number {
  const names = requests.flatMap((url) => /\/assets\/([^/?]+)$/.exec(new URL(url).pathname)?.[1] ?? []);
  const files = [...new Set(names)].map((name) => readFileSync(path.join(built, 'assets', name)));
  return files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
}
