/**
 * Objects received and kept: files and a journal are the truth, the index is made anew from the journal at each start.
 *
 *     const archive = await openArchive('ichor-data');
 *     const object = await archive.receive({ sopClassUid, sopInstanceUid, transferSyntaxUid, from: 'http 127.0.0.1' });
 *     await object.write(dataSet);
 *     await object.keep(); // from here on the sender may be told
 */

// The archive

export type { Archive, ResultToKeep } from './archive.ts';
export { openArchive } from './archive.ts';
export type { Arrival, IncomingObject, KeptObject } from './incoming-object.ts';

// Read, and not changed

export type { ReadArchive } from './read-archive.ts';
export { readArchive } from './read-archive.ts';

// A journal for others

export type { Journal, JournalLength, JournalPosition } from './journal.ts';
export { journalLength, openJournal, readJournal, sumOfLine } from './journal.ts';
export { newestEntries } from './newest-entries.ts';

// Where objects lie, and onto the disk for good

export { metadataFiles, objectPath, syncFolder } from './folders.ts';

// Backup and restore

export type { CopiedArchive } from './backup.ts';
export { backUp, restore } from './backup.ts';
export { dataSetSha256, digestOfFolder } from './files-digest.ts';

// The index in a database

export type { IndexInDatabase } from './database/follow-index.ts';
export { followIndex } from './database/follow-index.ts';
export type { Job, JobBoard, JobOutcome, TakenJob } from './database/jobs.ts';
export { jobBoard } from './database/jobs.ts';
export { openDatabase } from './database/open-database.ts';

// What is known of studies

export type { Entry, Opinion, ResultFacts } from './entries.ts';
export { opinionSchema, uidSchema } from './entries.ts';
export type {
  Delivery,
  HeldObject,
  HeldResult,
  HeldStudy,
  HeldVerdict,
  Reason,
} from './held-study.ts';
export { areSlicesGone, currentEnding, currentFolder, currentResult, currentVerdict } from './held-study.ts';
export type { StudyState } from './study-states.ts';
export { isAtEnd, NO_TRY, STUDY_STATE_NAMES, STUDY_STATES, WORKER_LOST } from './study-states.ts';
