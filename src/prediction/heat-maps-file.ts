import { z } from 'zod';
import { base64, fromBase64, HEMORRHAGE_CLASSES } from '../base/index.ts';
import type { Findings } from './findings.ts';

/** `heat-maps.json`: the maps of a prediction for whoever draws them, as the page does. */
const heatMapsSchema = z.object({
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
    .describe(
      'Of a class, inferior to superior: slices x side x side shares (16, unless the model has finer maps), 32-bit floats, little-endian.',
    ),
});

type Maps = Pick<Findings, 'heatMaps' | 'frame'>;
const FLOAT_BYTES = 4;

/** The contents of heat-maps.json. */
export function heatMapsJson({ heatMaps, frame }: Maps): string {
  const maps = HEMORRHAGE_CLASSES.flatMap(({ name }) => {
    const map = heatMaps[name];
    return map === undefined ? [] : [[name, textOf(map)] as const];
  });
  return `${JSON.stringify({ frame, maps: Object.fromEntries(maps) })}\n`;
}

/** Reads what heatMapsJson wrote, parsed. Throws where it has another form. */
export function readHeatMaps(parsed: unknown): Maps {
  const { frame, maps } = heatMapsSchema.parse(parsed);
  const heatMaps = Object.entries(maps).map(([name, text]) => [name, floatsIn(text)]);
  return { frame, heatMaps: Object.fromEntries(heatMaps) };
}

function textOf(values: Float32Array): string {
  const view = new DataView(new ArrayBuffer(FLOAT_BYTES * values.length));
  for (const [i, value] of values.entries()) view.setFloat32(FLOAT_BYTES * i, value, true);
  return base64(new Uint8Array(view.buffer));
}

function floatsIn(text: string): Float32Array {
  const view = new DataView(fromBase64(text).buffer);
  return Float32Array.from({ length: view.byteLength / FLOAT_BYTES }, (_, i) =>
    view.getFloat32(FLOAT_BYTES * i, true),
  );
}
