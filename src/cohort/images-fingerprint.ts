import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { StudyImages } from './cohort-study.ts';
import { sha256 } from './file-digests.ts';

/** SHA-256 of the paths, sizes and times of change of all files of a study's images, none of which is read. */
export async function fingerprintOfImages({ paths }: StudyImages): Promise<string> {
  const lines: string[] = [];
  for (const place of paths) for (const line of await linesOf(path.resolve(place))) lines.push(line);
  return sha256(lines.join('\n'));
}

async function linesOf(place: string): Promise<string[]> {
  // What is not there is told by whoever reads it
  const found = await stat(place).catch(() => undefined);
  if (found === undefined) return [`${place} missing`];
  if (!found.isDirectory()) return [`${place} ${found.size} ${found.mtimeMs}`];
  const names = await readdir(place).catch((): string[] => []);
  const within = await Promise.all(names.sort().map((name) => linesOf(path.join(place, name))));
  return within.flat();
}
