import { expect, test } from 'vitest';
import { heatMapsJson, heatMapsSchema } from './heat-maps-file.ts';

test('maps are read back as they were, class by class', () => {
  const frame = { rowStart: -3, rowSize: 60, columnStart: 2, columnSize: 50 };
  const map = Float32Array.from({ length: 512 }, (_, i) => i / 1000);
  const read = heatMapsSchema.parse(JSON.parse(heatMapsJson({ frame, heatMaps: { anyHemorrhage: map } })));
  expect(read.frame).toEqual(frame);
  expect(Object.keys(read.maps)).toEqual(['anyHemorrhage']);
  const bytes = Buffer.from(read.maps.anyHemorrhage ?? '', 'base64');
  expect(Array.from(map, (_, i) => bytes.readFloatLE(4 * i))).toEqual([...map]);
});
