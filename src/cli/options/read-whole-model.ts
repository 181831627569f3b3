import { createHash } from 'node:crypto';
import { readWhole } from '../../files/index.ts';
import { type Model, readModel } from '../../network/index.ts';

/** A model file with the SHA-256 of its bytes. Throws as readWhole and readModel do. */
export async function readWholeModel(file: string): Promise<{ model: Model; sha256: string }> {
  const bytes = await readWhole(file);
  return { model: readModel(bytes, file), sha256: createHash('sha256').update(bytes).digest('hex') };
}
