import path from 'node:path';
import { z } from 'zod';
import type { Archive } from '../../archive/index.ts';
import { readTextIfThere, writeFileWhole } from '../../files/index.ts';
import type { Destination } from './destinations.ts';

/** When the service first started with a destination of a name: in the data folder, so that backups have it. */
const FILE = 'destinations.json';
const seenSchema = z.record(z.string(), z.iso.datetime());
/** Before all results. */
const ALWAYS = new Date(0).toISOString();

export type SeenDestination = Destination & {
  /** Results before it are not for it; absent where all are. */
  readonly since?: string;
};

/**
 * Each destination with the time from which on it gets results: that of its first start here, so that a new one, or one under a
 * new name, does not get the whole history; `history: true` has no such time. A service that kept none of this yet takes all
 * that it has for old, so that nothing is lost that waits for one.
 */
export async function withFirstSight(
  { folders, index }: Archive,
  destinations: readonly Destination[],
  now = new Date(),
): Promise<readonly SeenDestination[]> {
  const file = path.join(folders.root, FILE);
  const text = await readTextIfThere(file);
  const isOlder = text === undefined && [...index.studies()].length > 0;
  const before = text === undefined ? {} : seenSchema.parse(JSON.parse(text));
  const found = isOlder ? ALWAYS : now.toISOString();
  const isNew = destinations.filter(({ name }) => before[name] === undefined);
  const seen = { ...before, ...Object.fromEntries(isNew.map(({ name }) => [name, found])) };
  if (text === undefined || isNew.length > 0)
    await writeFileWhole(file, `${JSON.stringify(seen, undefined, 2)}\n`);
  return destinations.map((one) => {
    const since = seen[one.name];
    return one.history === true || since === undefined ? one : { ...one, since };
  });
}
