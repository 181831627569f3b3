import { heatMapLegend, html, type Markup, trusted } from '../../figures/index.ts';
import type { Evaluation } from '../evaluate.ts';
import { EXAMPLE_RULE, type ExamplePicture } from '../figures/examples.ts';
import type { Table } from '../tables/table.ts';
import { foldedTable, galleryHtml, tableHtml, tablesPage } from './tables-page.ts';

interface PageSection {
  readonly title: string;
  readonly body: Markup;
}

/** The report as one HTML page without outside references; texts of the input are escaped. */
export function reportPage(
  { sections, model, options, methods, warnings }: Evaluation,
  checklists: readonly Table[],
  pictures: readonly ExamplePicture[] = [],
): string {
  const all: readonly PageSection[] = [
    ...sections.map(({ title, tables, figures }) => ({
      title,
      body: html`${tables.map(placedTable)}${galleryHtml(figures)}`,
    })),
    ...(pictures.length === 0 ? [] : [{ title: 'Where the model looked', body: examplesHtml(pictures) }]),
    { title: 'Methods', body: html`<p style="max-width: 80ch">${methods}</p>` },
    { title: 'Checklists', body: html`${checklists.map(foldedTable)}` },
  ];
  return tablesPage(
    `Evaluation of ${model || 'the readers'}`,
    html`<p>Set ${options.reportOn}, threshold ${options.threshold}, ${Number((100 * options.confidence).toFixed(2))}% intervals, ${options.replicates} resamples of patients.</p>
${warnings.map((text) => html`<p class="warning">${text}</p>\n`)}<p class="note">An empty cell says why it is empty.</p>
<nav>${all.map(({ title }) => html`<a href="#${anchor(title)}">${title}</a> `)}</nav>
${all.map(({ title, body }) => html`<section id="${anchor(title)}"><h2>${title}</h2>${body}</section>\n`)}`,
  );
}

const anchor = (text: string): string => text.toLowerCase().replace(/[^a-z]+/g, '-');

/** Long tables that stand beside a shorter one are folded. */
const FOLDED = /^(exact-intervals|folds|prevalence|alone-and-mixed|.*-confusion)$/;

const placedTable = (table: Table): Markup => (FOLDED.test(table.id) ? foldedTable(table) : tableHtml(table));

function examplesHtml(pictures: readonly ExamplePicture[]): Markup {
  const figures = pictures.map(({ example, dataUrl }) => {
    const caption = `Study ${example.study}, slice ${example.slice}: ${example.reason}.`;
    return html`<figure><img src="${dataUrl}" width="250" alt="${caption}"><figcaption>${caption}</figcaption></figure>`;
  });
  const scale = pictures.find((picture) => picture.scale)?.scale;
  return html`<p class="note">${EXAMPLE_RULE}</p>${scale && trusted(heatMapLegend(scale))}<div class="figures">${figures}</div>`;
}
