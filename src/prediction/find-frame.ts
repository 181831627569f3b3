import { floatsOf, joinFloats, type Session, type Tensor } from '../base/index.ts';
import { MODEL_CUTS } from '../network/index.ts';
import type { Volume } from '../volume/index.ts';
import type { ModelParts } from './model-parts.ts';
import { type Chunk, chunkAt } from './volume-chunks.ts';

/** Where the head is, from all slices of a volume; undefined for a CNN that sees whole slices. */
export async function findFrame(
  { profiles: openProfiles, frame: openFrame }: ModelParts,
  volume: Volume,
  chunks: Iterable<Chunk>,
  options?: Parameters<Session['run']>[2],
): Promise<Tensor | undefined> {
  if (openProfiles === undefined || openFrame === undefined) return undefined;
  const session = await openProfiles();
  const found: Float32Array[] = [];
  for (const { tensor } of chunks) {
    const results = await session.run({ hu: tensor }, undefined, options);
    found.push(floatsOf(results, MODEL_CUTS.profiles));
  }
  const data = joinFloats(found);
  const profiles: Tensor = {
    element: 'float32',
    shape: [volume.slices, 2, data.length / volume.slices / 2],
    data,
  };
  const { tensor } = chunkAt(volume, 0, 1);
  const results = await (await openFrame()).run({ hu: tensor, [MODEL_CUTS.profiles]: profiles });
  return results[MODEL_CUTS.frame];
}

/** What a CNN part takes: slices, and where the head is in them where it is cropped to that. */
export const cnnFeeds = (hu: Tensor, frame: Tensor | undefined): Record<string, Tensor> =>
  frame === undefined ? { hu } : { hu, [MODEL_CUTS.frame]: frame };
