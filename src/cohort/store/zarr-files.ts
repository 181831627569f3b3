import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as zarr from 'zarrita';
import { IchorError, messageOf } from '../../base/index.ts';
import { explainSystemError, writeFileWhole } from '../../files/index.ts';
import { STORED_SIDE } from './training-store.ts';

/** Byte shuffle and the fastest level of Zstandard: of the codecs tried the smallest files at little time. */
const CODECS = [
  { name: 'bytes', configuration: { endian: 'little' } },
  {
    name: 'blosc',
    configuration: { cname: 'zstd', clevel: 1, shuffle: 'shuffle', typesize: 2, blocksize: 0 },
  },
];

/** Zarr v3 names the shuffles, the codec's library numbers them. */
const SHUFFLES: Readonly<Record<string, number>> = { noshuffle: 0, shuffle: 1, bitshuffle: 2 };

const bloscByNumber = zarr.registry.get('blosc');
zarr.registry.set('blosc', async () => {
  const blosc = await bloscByNumber?.();
  if (blosc === undefined) throw new IchorError('codec-missing', 'zarrita has no blosc codec');
  const fromConfig: typeof blosc.fromConfig = (config, meta) => {
    const { shuffle, ...rest } = config as { readonly shuffle: string | number };
    return blosc.fromConfig({ ...rest, shuffle: SHUFFLES[shuffle] ?? shuffle }, meta);
  };
  return { ...(blosc.kind && { kind: blosc.kind }), fromConfig };
});

/** A folder as Zarr's keys and values; each file is written whole or not at all. */
const filesOf = (folder: string) => ({
  get: (key: string) => readFile(path.join(folder, key)).catch(undefinedIfMissing),
  set: (key: string, value: Uint8Array) => writeFileWhole(path.join(folder, key), value),
});

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw explainSystemError(error, 'read', error.path ?? 'the store');
}

/** The store's root as a Zarr group, so that any Zarr reader opens it. */
export async function writeGroup(folder: string, attributes: Readonly<Record<string, unknown>>) {
  await zarr.create(zarr.root(filesOf(folder)), { attributes: { ...attributes } });
}

/** Attributes of the root; undefined where there is no store. */
export async function readGroup(folder: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const isThere = await readFile(path.join(folder, 'zarr.json')).catch(undefinedIfMissing);
  if (isThere === undefined) return undefined;
  return (await zarr.open.v3(zarr.root(filesOf(folder)), { kind: 'group' })).attrs;
}

/** One scan as one array in one chunk: HU [slices, 256, 256]. Returns the chunk's bytes on the disk. */
export async function writeScan(
  folder: string,
  array: string,
  hu: Int16Array,
  attributes: Readonly<Record<string, unknown>>,
): Promise<number> {
  const shape = [hu.length / STORED_SIDE ** 2, STORED_SIDE, STORED_SIDE];
  const created = await zarr.create(zarr.root(filesOf(folder)).resolve(array), {
    shape,
    chunkShape: shape,
    dtype: 'int16',
    codecs: CODECS,
    fillValue: 0,
    dimensionNames: ['slice', 'row', 'column'],
    attributes: { ...attributes },
  });
  const stride = [STORED_SIDE ** 2, STORED_SIDE, 1];
  await zarr.set(created, null, { data: hu, shape, stride });
  return (await stat(path.join(folder, array, 'c', '0', '0', '0'))).size;
}

/** HU of one scan. Throws IchorError `store-corrupt` where the array is missing or damaged. */
export async function readScan(folder: string, array: string): Promise<Int16Array> {
  try {
    const opened = await zarr.open.v3(zarr.root(filesOf(folder)).resolve(array), { kind: 'array' });
    if (!opened.is('int16')) throw new TypeError(`its values are ${opened.dtype}, int16 was expected`);
    const { data } = await opened.getChunk([0, 0, 0]);
    return data as Int16Array;
  } catch (thrown) {
    if (thrown instanceof IchorError) throw thrown;
    const text = `${array} of the store cannot be read (${messageOf(thrown)}): delete its line in scans.jsonl and import again`;
    throw new IchorError('store-corrupt', text, { cause: thrown });
  }
}
