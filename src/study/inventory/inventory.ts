import {
  IchorError,
  inLanes,
  type ProgressListener,
  RefusedInput,
  type StudyFile,
  throwIfAborted,
} from '../../base/index.ts';
import { counted, createCheck, type StudyCheck } from '../checks/checks.ts';
import { commonRefusal, type Failure, failureChecks } from '../checks/failures.ts';
import type { SliceHeader } from '../headers/slice-header.ts';
import { sliceHeadersOf } from '../headers/slice-headers-of.ts';
import { startOfGzip, startsWithNifti } from '../nifti/nifti-bytes.ts';
import type { PatientIdentity, SourceModules } from '../outcome/identity.ts';
import { type DicomReader, HEAD_BYTES, type OpenObject } from './dicom-reader.ts';
import { isDirectory, missingFromDisc, type NamesOnDisc, namesOnDisc } from './dicomdir.ts';
import { archiveOf, isNamedAsImage, kindOf } from './sniff.ts';

/** The slices that carry one Study Instance UID. */
export interface StudySlices {
  readonly uid: string;
  readonly slices: readonly SliceHeader[];
  readonly identity: PatientIdentity;
  readonly modules: SourceModules;
  /** Paths of files that hold a slice of this series, or seem to by what lies beside them, and cannot be read. */
  lostOf(seriesUid: string): readonly string[];
}

export interface Inventory {
  /** In order of UID. */
  readonly studies: readonly StudySlices[];
  readonly niftiFiles: readonly StudyFile[];
  /** What was found beside a study's slices; of files whose study is unknown, those in its folders. */
  checksFor(study: StudySlices | undefined): StudyCheck[];
}

interface InventoryOptions {
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Found {
  readonly slices: SliceHeader[];
  readonly identities: Map<string, Pick<OpenObject, 'identity' | 'modules'>>;
  readonly nifti: StudyFile[];
  other: StudyFile[];
  readonly failures: Failure[];
  readonly problems: StudyCheck[];
}

const nothingFound = (): Found => ({
  slices: [],
  identities: new Map(),
  nifti: [],
  other: [],
  failures: [],
  problems: [],
});

/** So many files are read at a time: while one is looked into, the next ones come from the disk. */
const READ_AT_A_TIME = 4;

/** Looks into every file once and keeps what its headers say; the bytes of a few files are held at a time. */
export async function takeInventory(
  files: readonly StudyFile[],
  reader: DicomReader,
  options: InventoryOptions,
): Promise<Inventory> {
  const inOrder = files.toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
  const names = namesOnDisc(inOrder);
  const parts: Found[] = [];
  let done = 0;
  await inLanes(inOrder.entries(), READ_AT_A_TIME, async ([index, file]) => {
    throwIfAborted(options.signal);
    const found = nothingFound();
    try {
      await lookInto(file, names, reader, found);
    } catch (thrown) {
      const seriesUid = await reader.seriesUidOf(file);
      found.failures.push({ path: file.path, thrown, ...(seriesUid && { seriesUid }) });
    }
    parts[index] = found;
    options.onProgress?.({ task: 'reading headers', done: ++done, total: inOrder.length });
  });
  const found = joined(parts);
  takeSiblings(found);
  return inventoryOf(found);
}

/** In the order of the files; of a study's identities the first counts. */
const joined = (parts: readonly Found[]): Found => ({
  slices: parts.flatMap(({ slices }) => slices),
  identities: new Map(parts.toReversed().flatMap(({ identities }) => [...identities])),
  nifti: parts.flatMap(({ nifti }) => nifti),
  other: parts.flatMap(({ other }) => other),
  failures: parts.flatMap(({ failures }) => failures),
  problems: parts.flatMap(({ problems }) => problems),
});

async function lookInto(
  file: StudyFile,
  names: NamesOnDisc,
  reader: DicomReader,
  found: Found,
): Promise<void> {
  // A small file is read whole at once; of a large one its beginning tells what it is
  const head = await (file.size <= 4 * HEAD_BYTES ? file.read() : file.read(HEAD_BYTES));
  const kind = kindOf(head);
  if (kind === 'nifti' || (kind === 'gzip' && (await startsWithNifti(head)))) found.nifti.push(file);
  else if (kind === 'dicom') takeObject(file, await reader.look(file, head), names, found);
  else if (archiveOf(head) !== undefined) throw await packed(file, head);
  else if (isNamedAsImage(file.path)) throw misnamed(file);
  else found.other.push(file);
}

/** So many bytes of what a gzip holds tell what it is. */
const GZIP_SNIFF_BYTES = 512;

/** An archive that is not opened: `.tar.gz`, `.dcm.gz`, 7z and the like. */
async function packed({ path }: StudyFile, head: Uint8Array): Promise<RefusedInput> {
  const name = archiveOf(head) ?? '';
  const inside = kindOf(head) === 'gzip' ? await startOfGzip(head, GZIP_SNIFF_BYTES) : new Uint8Array(0);
  const content = kindOf(inside) === 'dicom' ? 'DICOM file' : archiveOf(inside);
  // A zip is opened where it is named, or lies in a folder: this one lies in another zip
  const what =
    content !== undefined ? `${content} packed with gzip` : name.replace('zip archive', 'zip inside another');
  return new RefusedInput('archive', `${path}: it is a ${what}, which is not opened; unpack it first`);
}

/** A file cut off at its beginning, or emptied by a full disk: a slice that the user believes to be there. */
function misnamed({ path, size }: StudyFile): RefusedInput {
  const text = size === 0 ? 'the file is empty' : "its name is an image's, its first bytes are not";
  return new RefusedInput('not-dicom', `${path}: ${text}; fetch the file again from where it came`);
}

/** What is named as the slices beside it are, by other digits, is one of them: emptied, or cut at its beginning. */
function takeSiblings(found: Found): void {
  const patternOf = (path: string) => path.replace(/\d+/g, '#');
  const patterns = new Set(found.slices.map((slice) => patternOf(slice.file.path)));
  const isSibling = (file: StudyFile) => /\d/.test(file.path) && patterns.has(patternOf(file.path));
  const siblings = found.other.filter(isSibling);
  for (const file of siblings) found.failures.push({ path: file.path, thrown: misnamed(file) });
  found.other = found.other.filter((file) => !isSibling(file));
}

function takeObject(file: StudyFile, open: OpenObject, names: NamesOnDisc, found: Found): void {
  if (isDirectory(open.attributes)) {
    found.problems.push(...missingFromDisc(file.path, open.attributes, names()));
    return;
  }
  const headers = sliceHeadersOf(file, open.attributes);
  found.slices.push(...headers);
  for (const { studyInstanceUid } of headers) {
    if (!found.identities.has(studyInstanceUid)) {
      const { identity, modules } = open;
      found.identities.set(studyInstanceUid, { identity, modules });
    }
  }
}

/** Of files that could not be read; where no study was found, the refusal that all of them call for. */
function failuresAsChecks(failures: readonly Failure[], isAll: boolean): StudyCheck[] {
  const refusal = isAll ? commonRefusal(failures) : undefined;
  const isTooLarge = ({ thrown }: Failure) =>
    thrown instanceof IchorError && thrown.code === 'file-too-large';
  const tooLarge = failures.filter(isTooLarge);
  const others = failures.filter((failure) => !isTooLarge(failure));
  return [
    ...failureChecks(others, refusal ?? 'file-unreadable'),
    ...failureChecks(tooLarge, 'file-too-large'),
  ];
}

function inventoryOf(found: Found): Inventory {
  const seriesAlone = seriesAloneInFolders(found.slices);
  const byUid = Map.groupBy(found.slices, (slice) => slice.studyInstanceUid);
  const studies = [...byUid]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([uid, slices]): StudySlices => ({
        uid,
        slices,
        ...(found.identities.get(uid) as Pick<OpenObject, 'identity' | 'modules'>),
        lostOf: (seriesUid) => lostOf(seriesUid, found.failures, seriesAlone),
      }),
    );
  const folders = new Map(
    studies.map((study) => [study, new Set(study.slices.map((s) => folderOf(s.file.path)))]),
  );
  const claimed = new Set(found.slices.map((slice) => folderOf(slice.file.path)));
  return {
    studies,
    niftiFiles: found.nifti,
    checksFor: (study) => {
      const own = study === undefined ? undefined : folders.get(study);
      const concerns = (path: string) =>
        own === undefined || own.has(folderOf(path)) || !claimed.has(folderOf(path));
      const problems = found.problems.filter((check) => (check.files ?? []).some(concerns));
      const failures = found.failures.filter(({ path }) => concerns(path));
      const unread = failuresAsChecks(failures, studies.length === 0 && found.nifti.length === 0);
      return [...unread, ...problems, ...otherFiles(found.other.filter((file) => concerns(file.path)))];
    },
  };
}

/** By folder, the series that all of its slices are of; undefined where there are several. */
function seriesAloneInFolders(slices: readonly SliceHeader[]): ReadonlyMap<string, string | undefined> {
  const alone = new Map<string, string | undefined>();
  for (const { file, seriesInstanceUid } of slices) {
    const folder = folderOf(file.path);
    const isAlone = !alone.has(folder) || alone.get(folder) === seriesInstanceUid;
    alone.set(folder, isAlone ? seriesInstanceUid : undefined);
  }
  return alone;
}

function lostOf(
  seriesUid: string,
  failures: readonly Failure[],
  seriesAlone: ReadonlyMap<string, string | undefined>,
): string[] {
  return failures
    .filter(({ thrown }) => !(thrown instanceof IchorError && thrown.code === 'archive'))
    .filter(({ path, seriesUid: own }) => (own ?? seriesAlone.get(folderOf(path))) === seriesUid)
    .map(({ path }) => path);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function otherFiles(files: readonly StudyFile[]): StudyCheck[] {
  if (files.length === 0) return [];
  const text = `${counted(files.length, 'file')} neither DICOM nor NIfTI, left aside`;
  return [createCheck('other-files', text, { files: files.map((file) => file.path) })];
}
