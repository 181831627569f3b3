import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type IchorError, messageOf, UsageError } from '../base/index.ts';
import { explainSystemError, type FileContent, writeFilesWhole } from '../files/index.ts';
import { lockQueueFolder } from '../queue/index.ts';
import { type Entry, entrySchema, type Opinion, type ResultFacts } from './entries.ts';
import { digestOfFiles, sha256Of } from './files-digest.ts';
import {
  type ArchiveFolders,
  archiveFolders,
  makeSyncedFolder,
  metadataFiles,
  objectPath,
  syncFolder,
} from './folders.ts';
import { removeHalfWritten } from './half-written.ts';
import { areSlicesGone, currentResult, type HeldObject, type Reason } from './held-study.ts';
import { type Arrival, type IncomingObject, openIncoming } from './incoming-object.ts';
import { type Journal, type JournalPosition, openJournal } from './journal.ts';
import { madeInstances } from './made-objects.ts';
import { removeFiles, removeFolder } from './secure-removal.ts';
import { StudyIndex } from './study-index.ts';
import type { StudyState } from './study-states.ts';

/** What an archive tells of a prediction, and the files that show it. */
export interface ResultToKeep {
  readonly facts: Omit<ResultFacts, 'folder' | 'sha256' | 'filesSha256'>;
  /** By name, with folders; `prediction.json` among them. */
  readonly files: Readonly<Record<string, FileContent>>;
}

/** What rules say of a study. */
export interface Sorting {
  /** Those that held, by name. */
  readonly rules: readonly string[];
  readonly urgent: boolean;
  readonly destinations?: readonly string[];
}

/** Objects received and kept, and what became of their studies. */
export interface Archive {
  readonly folders: ArchiveFolders;
  /** What is known now; nothing of it was not on the disk before. */
  readonly index: Pick<StudyIndex, 'studies' | 'study'>;
  /** Throws as IncomingObject says. */
  receive(arrival: Arrival): Promise<IncomingObject>;
  /** False where the study was no longer in `from`, or is to be queued without its slices: then nothing has changed. */
  move(study: string, from: StudyState, to: StudyState, by: string, reason?: Reason): Promise<boolean>;
  /** Keeps a prediction as the study's current result; false, and nothing kept, where it is not being predicted any more. */
  finish(study: string, by: string, result: ResultToKeep): Promise<boolean>;
  /** As finish, of a study that was refused, with the files that say why. */
  refuse(study: string, by: string, reason: Reason, files: ResultToKeep['files']): Promise<boolean>;
  /** A person has read the study, or takes that back; false where it is not held, or was marked so before. */
  markRead(study: string, by: string, event?: 'read' | 'unread'): Promise<boolean>;
  /** Keeps a reader's verdict on the result in that folder; false where it is not the study's current one. */
  judge(study: string, folder: string, by: string, opinion: Opinion): Promise<boolean>;
  /** That person's verdict of that moment counts no more; false where there is none that counts. */
  withdraw(study: string, by: string, verdictAt: string): Promise<boolean>;
  /** Tells of a try to hand the result in that folder to a destination; without a failure it has taken all. */
  tried(study: string, folder: string, destination: string, failure?: Reason): Promise<void>;
  /** A person asks that a destination be tried again at once, as if it never had been; false where the study is not held. */
  requeue(study: string, folder: string, destination: string, by: string): Promise<boolean>;
  /** What the rules say of a study: how urgent it is, and who gets its results. */
  sort(study: string, sorting: Sorting): Promise<void>;
  /** Takes a study's objects away for good, where it is at an end; false where it is not, or has none. Its results stay. */
  remove(study: string, by: string, because: string): Promise<boolean>;
  /** How often this process took a study's objects away: who reads them meanwhile may read zeros. */
  removals(study: string): number;
  /** Why nothing more is taken before a restart; undefined while all is well. */
  readonly fault: IchorError | undefined;
  /** SOP Instance UIDs of the objects that were made here of a study: of its results, also earlier ones, and its refusals. */
  made(study: string): Promise<ReadonlySet<string>>;
  /** Where the newest of each of a study's objects lies, for reading. */
  paths(study: string): string[];
  /** Where the newest version of one object lies; undefined where it is not held. */
  pathOf(study: string, instance: string): string | undefined;
  /** The journal's last line of which the index knows, with its checksum. */
  readonly position: JournalPosition;
  /** Called after each entry, when the index has it. Returns what ends it. */
  onEntry(listener: (entry: Entry) => void): () => void;
  close(): Promise<void>;
}

/**
 * Opens the archive in a folder, which one process at a time owns; makes it where it is not. What was being received and
 * never acknowledged, or written and never told of, is removed. Throws IchorError `journal-broken`, UsageError `archive-in-use`.
 */
export async function openArchive(root: string): Promise<Archive> {
  const folders = await makeFolders(path.resolve(root));
  const unlock = await lock(folders.root);
  try {
    return await open(folders, unlock);
  } catch (thrown) {
    await unlock();
    throw thrown;
  }
}

async function makeFolders(root: string): Promise<ArchiveFolders> {
  const folders = archiveFolders(root);
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
    for (const folder of [folders.incoming, folders.objects, folders.results]) await makeSyncedFolder(folder);
  } catch (thrown) {
    throw explainSystemError(thrown, 'write', root);
  }
  return folders;
}

async function lock(root: string): Promise<() => Promise<void>> {
  try {
    return await lockQueueFolder(path.join(root, 'archive'));
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw explainSystemError(thrown, 'write', root);
    throw new UsageError('archive-in-use', `another process serves this folder: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

async function open(folders: ArchiveFolders, unlock: () => Promise<void>): Promise<Archive> {
  const index = new StudyIndex();
  const listeners = new Set<(entry: Entry) => void>();
  const onEntry = (entry: Entry, line: number): boolean => {
    const hasEffect = index.apply(entry, line);
    for (const listener of listeners) listener(entry);
    return hasEffect;
  };
  const journal = await openJournal(folders.journal, { schema: entrySchema, onEntry });
  await syncFolder(folders.root);
  await removeHalfWritten(folders, index);
  for (const study of await readdir(folders.objects)) {
    if (index.study(study)?.removedAt === undefined) continue;
    const late = index.versions(study).map((object) => objectPath(folders, object));
    await removeFolder(path.join(folders.objects, study), new Set(late));
  }
  await removeStaleMetadata(folders, index);
  return new FolderArchive(folders, index, journal, listeners, unlock);
}

/** Attributes of objects that a removal which was cut off left, or a reader that was late. */
async function removeStaleMetadata(folders: ArchiveFolders, index: StudyIndex): Promise<void> {
  const names = existsSync(folders.metadata) ? await readdir(folders.metadata) : [];
  const stale: string[] = [];
  for (const name of names) {
    const file = path.join(folders.metadata, name);
    const removedAt = index.study(path.parse(name).name)?.removedAt;
    if (removedAt !== undefined && (await stat(file)).mtimeMs <= Date.parse(removedAt)) stale.push(file);
  }
  await removeFiles(stale);
}

class FolderArchive implements Archive {
  readonly folders: ArchiveFolders;
  readonly index: StudyIndex;
  readonly #journal: Journal<Entry>;
  readonly #listeners: Set<(entry: Entry) => void>;
  readonly #unlock: () => Promise<void>;
  readonly #removing = new Map<string, Promise<void>>();
  readonly #removals = new Map<string, number>();

  constructor(
    folders: ArchiveFolders,
    index: StudyIndex,
    journal: Journal<Entry>,
    listeners: Set<(entry: Entry) => void>,
    unlock: () => Promise<void>,
  ) {
    this.folders = folders;
    this.index = index;
    this.#journal = journal;
    this.#listeners = listeners;
    this.#unlock = unlock;
  }

  receive(arrival: Arrival): Promise<IncomingObject> {
    return openIncoming(arrival, this.folders, {
      holds: (study, instance, sha256) => this.index.holds(study, instance, sha256),
      hasMade: async (study, instance) => (await this.made(study)).has(instance),
      received: async (entry) => void (await this.#journal.append(entry)),
      mayBePlaced: async (study) => void (await this.#removing.get(study)),
    });
  }

  async move(study: string, from: StudyState, to: StudyState, by: string, reason?: Reason): Promise<boolean> {
    const before = this.index.study(study);
    if (before?.state !== from || (to === 'queued' && areSlicesGone(before))) return false;
    const at = new Date().toISOString();
    return this.#journal.append({ event: 'moved', at, study, from, to, by, ...reason });
  }

  async finish(study: string, by: string, { facts, files }: ResultToKeep): Promise<boolean> {
    if (this.index.study(study)?.state !== 'predicting') return false;
    const { at, ...kept } = await this.#keep(study, files);
    const result = { ...facts, ...kept, sha256: sha256Of(files['prediction.json'] ?? '') };
    return this.#append({ event: 'finished', at, study, by, result }, kept.folder);
  }

  async refuse(study: string, by: string, reason: Reason, files: ResultToKeep['files']): Promise<boolean> {
    const move = { from: 'predicting', to: 'refused' } as const;
    if (Object.keys(files).length === 0) return this.move(study, move.from, move.to, by, reason);
    if (this.index.study(study)?.state !== move.from) return false;
    const { at, ...kept } = await this.#keep(study, files);
    return this.#append({ event: 'moved', at, study, ...move, by, ...reason, ...kept }, kept.folder);
  }

  /** Writes the files of what becomes of a study into a folder of its moment, before anything is told of it. */
  async #keep(study: string, files: ResultToKeep['files']) {
    // A worker hands in again and again what is not taken: each time its files would be left here
    if (this.fault !== undefined) throw this.fault;
    const at = new Date().toISOString();
    const name = path.join(study, at.replaceAll(':', '-'));
    await writeFilesWhole(path.join(this.folders.results, name), files);
    await syncResult(this.folders, name, Object.keys(files));
    return { at, folder: path.join('results', name), filesSha256: digestOfFiles(files) };
  }

  /** What the journal finds without effect leaves no files. */
  async #append(entry: Entry, folder: string): Promise<boolean> {
    const isKept = await this.#journal.append(entry);
    if (!isKept) await rm(path.join(this.folders.root, folder), { recursive: true });
    return isKept;
  }

  async markRead(study: string, by: string, event: 'read' | 'unread' = 'read'): Promise<boolean> {
    if (this.index.study(study) === undefined) return false;
    return this.#journal.append({ event, at: new Date().toISOString(), study, by });
  }

  async judge(study: string, folder: string, by: string, opinion: Opinion): Promise<boolean> {
    const held = this.index.study(study);
    if (held === undefined || currentResult(held)?.folder !== folder) return false;
    return this.#journal.append({
      ...opinion,
      event: 'verdict',
      at: new Date().toISOString(),
      study,
      by,
      folder,
    });
  }

  withdraw(study: string, by: string, verdictAt: string): Promise<boolean> {
    const at = new Date().toISOString();
    return this.#journal.append({ event: 'withdrawn', at, study, by, verdictAt });
  }

  requeue(study: string, folder: string, destination: string, by: string): Promise<boolean> {
    const at = new Date().toISOString();
    return this.#journal.append({ event: 'requeued', at, study, by, folder, destination });
  }

  async tried(study: string, folder: string, destination: string, failure?: Reason): Promise<void> {
    const at = new Date().toISOString();
    const told = failure === undefined ? {} : { failure };
    await this.#journal.append({ event: 'delivery', at, study, folder, destination, ...told });
  }

  get position(): JournalPosition {
    return this.#journal.position;
  }

  async sort(study: string, { rules, urgent, destinations }: Sorting): Promise<void> {
    const at = new Date().toISOString();
    const told = destinations === undefined ? {} : { destinations: [...destinations] };
    await this.#journal.append({ event: 'sorted', at, study, rules: [...rules], urgent, ...told });
  }

  async remove(study: string, by: string, because: string): Promise<boolean> {
    const objects = this.index.versions(study).map((object) => objectPath(this.folders, object));
    const { promise, resolve } = Promise.withResolvers<void>();
    // An object that is sent again meanwhile is not to be taken for one that goes
    this.#removing.set(study, promise);
    try {
      const at = new Date().toISOString();
      if (!(await this.#journal.append({ event: 'removed', at, study, by, because }))) return false;
      this.#removals.set(study, this.removals(study) + 1);
      await removeFiles([...objects, ...Object.values(metadataFiles(this.folders, study))]);
      return true;
    } finally {
      this.#removing.delete(study);
      resolve();
    }
  }

  removals(study: string): number {
    return this.#removals.get(study) ?? 0;
  }

  get fault(): IchorError | undefined {
    return this.#journal.fault;
  }

  pathOf(study: string, instance: string): string | undefined {
    const held = this.index.study(study)?.objects.get(instance);
    return held && objectPath(this.folders, held);
  }

  paths(study: string): string[] {
    const held: Iterable<HeldObject> = this.index.study(study)?.objects.values() ?? [];
    return [...held].map((object) => objectPath(this.folders, object));
  }

  made(study: string): Promise<ReadonlySet<string>> {
    return madeInstances(path.join(this.folders.results, study));
  }

  onEntry(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#journal.close();
    await this.#unlock();
  }
}

/** Every folder that the result's files needed, from the deepest up. */
async function syncResult(
  { results }: ArchiveFolders,
  name: string,
  files: readonly string[],
): Promise<void> {
  const inside = new Set(files.map((file) => path.dirname(path.join(name, file))));
  for (const folder of [...inside, name, path.dirname(name), '.'])
    await syncFolder(path.join(results, folder));
}
