/**
 * One prediction as a page and pictures; a batch as a page and a table. Texts and bytes, nothing is written here.
 *
 * @example
 * await writeFile('report.html', await reportPage({ prediction, volume, heatMaps }));
 */

// A batch

export { batchPage } from './batch-page.ts';
export type { BatchFinding, BatchRow, FoundCheck } from './batch-row.ts';
export { batchFinding, batchText, checkText, furtherChecks } from './batch-row.ts';
export { batchTable } from './batch-table.ts';

// Key images

export type { KeyImage } from './key-images.ts';
export { drawKeyImages, KEY_IMAGE_NAME, keyImages } from './key-images.ts';

// What a report is made from

export { figuresAt, modelSummary } from './model-summary.ts';
export type { CardFigure, ModelSummary, ReportInput, ShownIdentity } from './report-input.ts';

// The page

export { reportPage } from './report-page.ts';

// The finding in words

export { findingState } from './finding-state.ts';
export { findingLine, missesLine, slicesLine } from './sections/finding.ts';
export { namedPointText, probabilityText, thresholdText } from './wording.ts';

// The slice that is looked at first

export { firstSlice, previewPicture } from './preview.ts';

// Pictures of slices

export type { Heat, SlicePictures } from './slice-pictures.ts';
export { sliceHeat, slicePictures } from './slice-pictures.ts';
