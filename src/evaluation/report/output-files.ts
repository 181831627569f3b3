import type { Evaluation } from '../evaluate.ts';
import type { ExamplePicture } from '../figures/examples.ts';
import type { Opinions } from '../opinions/opinions.ts';
import { tableLatex } from '../tables/latex.ts';
import { tableCsv, tableMarkdown } from '../tables/table.ts';
import { checklistTables } from './checklists.ts';
import { reportPage } from './report-page.ts';

/** A file of an evaluation: where in its folder, and its text. */
export interface OutputFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The report, every table as CSV, Markdown and LaTeX, every figure as SVG, and the methods paragraph.
 * @param pictures heat maps of the slices that `exampleSlices` names, drawn by who has the model
 */
export function outputFiles(
  evaluation: Evaluation,
  opinions: Opinions,
  pictures: readonly ExamplePicture[] = [],
): OutputFile[] {
  const checklists = checklistTables(evaluation, opinions);
  const tables = [...evaluation.sections.flatMap((section) => section.tables), ...checklists];
  const figures = evaluation.sections.flatMap((section) => section.figures);
  return [
    { path: 'report.html', text: reportPage(evaluation, checklists, pictures) },
    { path: 'methods.txt', text: `${evaluation.methods}\n` },
    ...tables.flatMap((table) => [
      { path: `tables/${table.id}.csv`, text: tableCsv(table) },
      { path: `tables/${table.id}.md`, text: tableMarkdown(table) },
      { path: `tables/${table.id}.tex`, text: tableLatex(table) },
    ]),
    ...figures.map((figure) => ({ path: `figures/${figure.id}.svg`, text: figure.svg })),
  ];
}
