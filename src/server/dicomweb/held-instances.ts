import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type Archive, currentFolder, type HeldStudy, metadataFiles } from '../../archive/index.ts';
import { RefusedInput } from '../../base/index.ts';
import { type DicomJson, dicomJson, readFileMeta } from '../../dicom/index.ts';
import { readTextIfThere, readWhole, writeFilesWhole } from '../../files/index.ts';
import { objectFilesOf } from '../delivery/result-objects.ts';
import { textIn } from './attributes.ts';

/** An object that is held, received or made here. */
export interface HeldInstance {
  readonly file: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly sopClass: string;
  readonly transferSyntax: string;
  /** All attributes; long values have an address relative to the instance's own. */
  readonly attributes: DicomJson;
}

/** The instances of each study, their attributes read once. */
export interface HeldInstances {
  /** Received ones in order of arrival, then those of the current result. */
  of(held: HeldStudy): Promise<readonly HeldInstance[]>;
}

type HeldArchive = Pick<Archive, 'folders' | 'index' | 'paths'>;

/** Of the studies asked for last, as text parsed: a viewer asks for one series after another. */
const STUDIES_IN_MEMORY = 8;

/** What changes with the instances of a study, and with nothing else. */
export const versionOf = (held: HeldStudy): string =>
  [held.lastArrivalAt, held.objects.size, currentFolder(held) ?? ''].join(' ');

/** Keeps what it reads under `metadata/`, which can be made anew at any time. */
export function createHeldInstances(archive: HeldArchive): HeldInstances {
  const known = new Map<
    string,
    { readonly version: string; readonly read: Promise<readonly HeldInstance[]> }
  >();
  return {
    of: (held) => {
      const version = versionOf(held);
      const before = known.get(held.study);
      known.delete(held.study);
      const read = before?.version === version ? before.read : readInstances(archive, held);
      known.set(held.study, { version, read });
      read.catch(() => known.delete(held.study));
      for (const [oldest] of known) if (known.size > STUDIES_IN_MEMORY) known.delete(oldest);
      return read;
    },
  };
}

async function readInstances(archive: HeldArchive, held: HeldStudy): Promise<HeldInstance[]> {
  const { root } = archive.folders;
  const file = metadataFiles(archive.folders, held.study).instances;
  const kept = await keptIn(file);
  const files = [...archive.paths(held.study), ...(await ownObjects(root, held))];
  const instances: HeldInstance[] = [];
  for (const object of files) {
    const name = path.relative(root, object);
    instances.push({ ...(kept.get(name) ?? (await readInstance(object))), file: object });
  }
  const isNew = files.length !== kept.size || files.some((one) => !kept.has(path.relative(root, one)));
  if (isNew) await keepMetadata(archive, held, file, linesOf(root, instances));
  return instances;
}

/** Objects that we made of the current result or refusal, as their destinations get them. */
async function ownObjects(root: string, held: HeldStudy): Promise<string[]> {
  const folder = currentFolder(held);
  return folder === undefined ? [] : await objectFilesOf(path.join(root, folder));
}

async function readInstance(file: string): Promise<Omit<HeldInstance, 'file'>> {
  const bytes = await readWhole(file);
  const { transferSyntaxUid, sopClassUid, sopInstanceUid } = readFileMeta(bytes, { where: WHERE });
  const attributes = attributesOf(bytes);
  return {
    study: textIn(attributes, 'StudyInstanceUID') ?? '',
    series: textIn(attributes, 'SeriesInstanceUID') ?? '',
    instance: sopInstanceUid,
    sopClass: sopClassUid,
    transferSyntax: transferSyntaxUid,
    attributes,
  };
}

/** What is damaged behind its first attributes was taken all the same, and is shown by these. */
function attributesOf(bytes: Uint8Array): DicomJson {
  const options = { where: WHERE, bulkDataUri: (place: string) => `bulkdata/${place}` };
  try {
    return dicomJson(bytes, options);
  } catch (thrown) {
    if (!(thrown instanceof RefusedInput)) throw thrown;
    return dicomJson(bytes, { ...options, beforePixels: true });
  }
}

const WHERE = 'an object that is held';
/** By the file's name under the root; one line an instance. */
async function keptIn(file: string): Promise<ReadonlyMap<string, HeldInstance>> {
  const text = (await readTextIfThere(file)) ?? '';
  const lines: HeldInstance[] = text.split('\n').flatMap((line) => (line === '' ? [] : JSON.parse(line)));
  return new Map(lines.map((line) => [line.file, line]));
}

function linesOf(root: string, instances: readonly HeldInstance[]): string {
  const lines = instances.map((one) => JSON.stringify({ ...one, file: path.relative(root, one.file) }));
  return `${lines.join('\n')}\n`;
}

/** Keeps what was read of a study, unless it has changed meanwhile: retention may have taken it away. */
export async function keepMetadata(
  { index }: Pick<Archive, 'index'>,
  held: HeldStudy,
  file: string,
  text: string,
): Promise<void> {
  await writeFilesWhole(path.dirname(file), { [path.basename(file)]: text });
  const now = index.study(held.study);
  if (now === undefined || versionOf(now) !== versionOf(held)) await rm(file, { force: true });
}
