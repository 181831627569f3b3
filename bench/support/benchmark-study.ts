import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createPhantom, phantomDicom } from '../../src/phantom/index.ts';

/**
 * A phantom study of 512 x 512 with so many slices, as DICOM files; its own slices again and again, 5 mm apart. Another seed is
 * another head and another study.
 */
export async function writeBenchmarkStudy(folder: string, slices: number, seed = 5): Promise<void> {
  const phantom = createPhantom({ seed, bleeds: [{ subtype: 'intraparenchymal' }] });
  const { volume } = phantom;
  const size = volume.rows * volume.columns;
  const hu = new Int16Array(slices * size);
  const from = (slice: number) => (slice % volume.slices) * size;
  for (let slice = 0; slice < slices; slice++)
    hu.set(volume.hu.subarray(from(slice), from(slice) + size), slice * size);
  const stepMm = slices > 40 ? 0.5 : 5;
  const [x, y] = volume.geometry.imagePositionsPatient[0] as readonly [number, number, number];
  const geometry = {
    ...volume.geometry,
    sliceSpacingMm: stepMm,
    imagePositionsPatient: Array.from({ length: slices }, (_, i) => [x, y, i * stepMm] as const),
  };
  const scan = { ...phantom.scan, slices, sliceSpacingMm: stepMm };
  await mkdir(folder, { recursive: true });
  for (const { name, bytes } of phantomDicom({
    ...phantom,
    scan,
    volume: { ...volume, hu, slices, geometry },
  }))
    await writeFile(path.join(folder, name), bytes);
}
