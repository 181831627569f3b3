import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../base/index.ts';
import { type FileMeta, readFileMeta } from '../../dicom/index.ts';
import { readWhole } from '../../files/index.ts';

/** A DICOM object of a result, as it lies there. */
export interface ResultObject extends FileMeta {
  readonly file: Uint8Array;
}

/** All of a result's folder, in the same order each time; none where the source allows none. */
export async function resultObjects(folder: string): Promise<ResultObject[]> {
  const dicom = path.join(folder, 'dicom');
  const names = await readdir(dicom).catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  const files = names.filter((name) => name.endsWith('.dcm')).toSorted();
  return Promise.all(
    files.map(async (name) => {
      const file = await readWhole(path.join(dicom, name));
      return { ...readFileMeta(file, { where: name }), file };
    }),
  );
}
