import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf, RefusedInput } from '../base/index.ts';
import { readFileMeta } from '../dicom/index.ts';

/** Preamble and file meta information of what we write are far shorter. */
const META_BYTES = 4096;

/** SOP Instance UIDs of the DICOM objects under a folder of results; none where there is no such folder. */
export async function madeInstances(folder: string): Promise<ReadonlySet<string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(unlessGone);
  const files = (found ?? [])
    .filter((entry) => entry.isFile() && entry.name.endsWith('.dcm'))
    .map((entry) => path.join(entry.parentPath, entry.name));
  const instances = await Promise.all(files.map((file) => instanceIn(file).catch(unlessGone)));
  return new Set(instances.flatMap((instance) => instance ?? []));
}

async function instanceIn(file: string): Promise<string> {
  await using handle = await open(file, 'r');
  const head = new Uint8Array(META_BYTES);
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  return readFileMeta(head.subarray(0, bytesRead), { where: path.basename(file) }).sopInstanceUid;
}

/** A result that the journal did not take goes while we look; a damaged one is not sent anywhere, so that it cannot come back. */
function unlessGone(thrown: unknown): undefined {
  if (errnoOf(thrown) !== 'ENOENT' && !(thrown instanceof RefusedInput)) throw thrown;
}
