import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../base/index.ts';
import { type FileMeta, readFileMeta } from '../../dicom/index.ts';
import { readWhole } from '../../files/index.ts';

/** A DICOM object of a result, as it lies there. */
export interface ResultObject extends FileMeta {
  readonly file: Uint8Array;
}

/** Where the DICOM objects of a result's folder lie, in the same order each time; none where the source allows none. */
export async function objectFilesOf(folder: string): Promise<string[]> {
  const dicom = path.join(folder, 'dicom');
  const names = await readdir(dicom).catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  return names
    .filter((name) => name.endsWith('.dcm'))
    .toSorted()
    .map((name) => path.join(dicom, name));
}

/** All of a result's folder, in that order. */
export async function resultObjects(folder: string): Promise<ResultObject[]> {
  const files = await objectFilesOf(folder);
  return Promise.all(
    files.map(async (place) => {
      const file = await readWhole(place);
      return { ...readFileMeta(file, { where: path.basename(place) }), file };
    }),
  );
}
