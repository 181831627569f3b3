import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createPhantom, type Phantom, type PhantomOptions, phantomDicom } from '../../src/phantom/index.ts';

const ONE_BLEED: PhantomOptions['bleeds'] = [{ subtype: 'intraparenchymal', volumeMl: 30 }];

/** Writes a small phantom study, 256 x 256, as DICOM files; the folder and what is in it. */
export async function writePhantomStudy(folder: string, seed = 2, bleeds = ONE_BLEED): Promise<Phantom> {
  const phantom = createPhantom({ seed, bleeds, side: 256 });
  await mkdir(folder, { recursive: true });
  for (const { name, bytes } of phantomDicom(phantom)) await writeFile(path.join(folder, name), bytes);
  return phantom;
}
