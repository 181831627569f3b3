import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../../base/index.ts';
import type { Weights } from '../../network/index.ts';
import { importMobileNet } from '../../pretrained/index.ts';

/** MobileNetV1 1.0 224 as Google published it for TensorFlow.js: its convolutions up to conv_pw_11, names and numbers. */
const PUBLISHED_SHA256 = '12b1d150ee7861a5e89af77c8d3537abaf9c2cd90b52b9fe17f42f4593e60b3e';

/** ImageNet's weights from a folder in TensorFlow.js' layers format. Throws `weights-mismatch`, `starting-weights-unlike`. */
export async function readImageNetStart(folder: string): Promise<Weights> {
  const model: unknown = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8'));
  const weights = await importMobileNet(model, (shard) => readFile(path.join(folder, shard)));
  refuseOtherStart(weights, folder);
  return weights;
}

/** Weights of the same shapes would train as well, and the result would be called this recipe's. */
export function refuseOtherStart(weights: Weights, folder: string): void {
  const hash = createHash('sha256');
  for (const [name, { data }] of Object.entries(weights))
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const found = hash.digest('hex');
  if (found === PUBLISHED_SHA256) return;
  const text = `${folder} holds weights of SHA-256 ${found}, and the recipe starts from MobileNetV1 1.0 224 of ${PUBLISHED_SHA256}; give these`;
  throw new UsageError('starting-weights-unlike', text);
}
