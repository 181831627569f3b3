// CSV, read as a stream

export type { CsvForm, CsvSeparator, OnCsvRow } from './csv.ts';
export { freeCell, readCsv, readCsvFile } from './csv.ts';

// Finding: const files = await findStudyFiles('study-folder'); const bytes = await files[0].read();

export type { FindOptions } from './find-study-files.ts';
export { findStudyFiles } from './find-study-files.ts';

// Work on a folder that other processes write to too

export { withFolderLock } from './folder-lock.ts';

// JSON lines whose last one may be cut

export type { JsonLines, JsonLinesForm } from './json-lines.ts';
export { jsonLines } from './json-lines.ts';

// Reading whole files, also those that may not be there

export { readIfThere, readText, readTextIfThere, readWhole } from './read.ts';

// Errors of the operating system, in one clear line

export { explainSystemError } from './system-errors.ts';

// Writing: whole files or none

export type { FileContent } from './write.ts';
export { PARTIAL, refuseUnwritable, writeFilesWhole, writeFileWhole } from './write.ts';
