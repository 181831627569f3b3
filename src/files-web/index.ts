/**
 * What a user gives to a page, as files of a study: the page's own `findStudyFiles`.
 *
 *     input.onchange = async () => read(await chosenFiles(input.files));
 *     page.ondrop = async (event) => read(await droppedFiles(event.dataTransfer));
 */

// Chosen in a dialogue

export { chosenFiles } from './chosen-files.ts';

// Dropped on the page

export { droppedFiles } from './dropped-files.ts';
