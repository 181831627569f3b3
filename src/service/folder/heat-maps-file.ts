import { z } from 'zod';
import { HEMORRHAGE_CLASSES } from '../../base/index.ts';
import type { Findings } from '../../prediction/index.ts';

/** `heat-maps.json`: the maps of a prediction for whoever draws them, as the page does. */
export const heatMapsSchema = z.object({
  frame: z
    .object({
      rowStart: z.number(),
      rowSize: z.number(),
      columnStart: z.number(),
      columnSize: z.number(),
    })
    .describe('The part of every slice that the maps cover, pixels from its edge.'),
  maps: z
    .record(z.string(), z.base64())
    .describe('Of a class, inferior to superior: slices x 16 x 16 shares, 32-bit floats, little-endian.'),
});

/** The contents of heat-maps.json. */
export function heatMapsJson({ heatMaps, frame }: Pick<Findings, 'heatMaps' | 'frame'>): string {
  const maps = HEMORRHAGE_CLASSES.flatMap(({ name }) => {
    const map = heatMaps[name];
    return map === undefined ? [] : [[name, littleEndian(map).toString('base64')] as const];
  });
  return `${JSON.stringify({ frame, maps: Object.fromEntries(maps) })}\n`;
}

function littleEndian(values: Float32Array): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeFloatLE(value, 4 * i);
  return bytes;
}
