import path from 'node:path';
import { explainSystemError } from '../files/index.ts';
import { entrySchema } from './entries.ts';
import { type ArchiveFolders, archiveFolders, objectPath } from './folders.ts';
import { readJournal } from './journal.ts';
import { StudyIndex } from './study-index.ts';

/** What an archive held when it was read: nothing of it can be changed here. */
export interface ReadArchive {
  readonly folders: ArchiveFolders;
  readonly index: Pick<StudyIndex, 'studies' | 'study'>;
  /** Where the newest of each of a study's objects lies. */
  paths(study: string): string[];
}

/** Reads an archive's journal, also while a service has it open. Throws IchorError `journal-broken`, UsageError where there is none. */
export async function readArchive(root: string): Promise<ReadArchive> {
  const folders = archiveFolders(path.resolve(root));
  const index = new StudyIndex();
  const onEntry = index.apply.bind(index);
  await readJournal(folders.journal, { schema: entrySchema, onEntry }).catch((thrown: unknown) => {
    throw explainSystemError(thrown, 'read', folders.journal);
  });
  const paths = (study: string) =>
    [...(index.study(study)?.objects.values() ?? [])].map((object) => objectPath(folders, object));
  return { folders, index, paths };
}
