/**
 * What a user gives to a page, as files of a study: the page's own `findStudyFiles`.
 *
 *     input.onchange = async () => read(await chosenFiles(input.files));
 *     page.ondrop = async (event) => read(await droppedFiles(event.dataTransfer));
 */

// Chosen in a dialogue

export { chosenFiles, namedChoice } from './chosen-files.ts';

// Dropped on the page

export { droppedFiles, namedDrop } from './dropped-files.ts';

// In two steps, where the files are read in a worker

export type { NamedFile } from './chosen-files.ts';
export { studyFiles } from './chosen-files.ts';
