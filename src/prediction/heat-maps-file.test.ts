import { expect, test } from 'vitest';
import { heatMapsJson, readHeatMaps } from './heat-maps-file.ts';

test('maps are read back as they were, class by class', () => {
  const frame = { rowStart: -3, rowSize: 60, columnStart: 2, columnSize: 50 };
  const map = Float32Array.from({ length: 512 }, (_, i) => i / 1000);
  const written = JSON.parse(heatMapsJson({ frame, heatMaps: { anyHemorrhage: map } }));
  const read = readHeatMaps(written);
  expect(read.frame).toEqual(frame);
  expect(Object.keys(read.heatMaps)).toEqual(['anyHemorrhage']);
  expect(Array.from(read.heatMaps.anyHemorrhage ?? [])).toEqual([...map]);
  const bytes = Buffer.from(written.maps.anyHemorrhage, 'base64');
  expect(Array.from(map, (_, i) => bytes.readFloatLE(4 * i))).toEqual([...map]);
});
