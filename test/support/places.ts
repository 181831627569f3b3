import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

/** Empty folders that are gone when the test file ends. */
export function createPlaces(name: string): () => Promise<string> {
  const made: string[] = [];
  afterAll(async () => {
    for (const place of made) await rm(place, { recursive: true, force: true });
  });
  return async () => {
    const place = await mkdtemp(path.join(tmpdir(), `ichor-${name}-`));
    made.push(place);
    return place;
  };
}

/** Writes files by their paths below a folder. */
export async function writeAll(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
}
