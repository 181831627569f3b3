import { floatsOf, joinFloats, type Session, type Tensor } from '../base/index.ts';
import { MODEL_CUTS, MODEL_PORTS } from '../network/index.ts';
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

/** Where a CNN part looks, beside the slices: the head where they are cropped to it, how many are seen as one. */
export interface Sight {
  readonly frame: Tensor | undefined;
  /** Absent for networks that see slices as they are. */
  readonly perSlab?: number | undefined;
}

/** What a CNN part takes. */
export const cnnFeeds = (hu: Tensor, { frame, perSlab }: Sight): Record<string, Tensor> => ({
  hu,
  ...(frame && { [MODEL_CUTS.frame]: frame }),
  ...(perSlab && {
    [MODEL_PORTS.slicesPerSlab]: { element: 'int64', shape: [], data: BigInt64Array.of(BigInt(perSlab)) },
  }),
});
