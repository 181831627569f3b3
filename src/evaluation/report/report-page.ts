import { escapeMarkup, heatMapLegend } from '../../figures/index.ts';
import type { Evaluation } from '../evaluate.ts';
import { EXAMPLE_RULE, type ExamplePicture } from '../figures/examples.ts';
import type { Table } from '../tables/table.ts';
import { htmlPage, tableHtml } from './html-page.ts';

const EXAMPLES_TITLE = 'Where the model looked';

function examplesHtml(pictures: readonly ExamplePicture[], id: string): string {
  if (pictures.length === 0) return '';
  const figures = pictures.map(({ example, dataUrl }) => {
    const caption = escapeMarkup(`Study ${example.study}, slice ${example.slice}: ${example.reason}.`);
    return `<figure><img src="${escapeMarkup(dataUrl)}" width="250" alt="${caption}"><figcaption>${caption}</figcaption></figure>`;
  });
  const scale = pictures.find((picture) => picture.scale)?.scale;
  const legend = scale ? heatMapLegend(scale) : '';
  return `<section id="${id}"><h2>${EXAMPLES_TITLE}</h2><p class="note">${escapeMarkup(EXAMPLE_RULE)}</p>${legend}<div class="figures">${figures.join('')}</div></section>`;
}

/** The report as one HTML page without outside references; texts of the input are escaped. */
export function reportPage(
  evaluation: Evaluation,
  checklists: readonly Table[],
  pictures: readonly ExamplePicture[] = [],
): string {
  const { sections, model, options } = evaluation;
  const title = `Evaluation of ${model}`;
  const anchor = (text: string): string => text.toLowerCase().replace(/[^a-z]+/g, '-');
  const shown = pictures.length === 0 ? [] : [EXAMPLES_TITLE];
  const links = [...sections.map((section) => section.title), ...shown, 'Methods', 'Checklists'];
  const body = sections.map(
    (section) => `<section id="${anchor(section.title)}"><h2>${escapeMarkup(section.title)}</h2>
${section.tables.map(placedTable).join('\n')}
<div class="figures">${section.figures.map((f) => `<figure>${f.svg}<figcaption>${escapeMarkup(f.caption)}</figcaption></figure>`).join('\n')}</div></section>`,
  );
  return htmlPage(
    title,
    `<p>Set ${escapeMarkup(options.reportOn)}, threshold ${options.threshold}, ${Number((100 * options.confidence).toFixed(2))}% intervals, ${options.replicates} resamples of patients.</p>
<p class="warning">Research software, not a medical device. An empty cell says why it is empty.</p>
<nav>${links.map((text) => `<a href="#${anchor(text)}">${escapeMarkup(text)}</a>`).join(' ')}</nav>
${body.join('\n')}
${examplesHtml(pictures, anchor(EXAMPLES_TITLE))}
<section id="methods"><h2>Methods</h2><p style="max-width: 80ch">${escapeMarkup(evaluation.methods)}</p></section>
<section id="checklists"><h2>Checklists</h2>${checklists.map((table) => `<details><summary>${escapeMarkup(table.title)}</summary>${tableHtml(table)}</details>`).join('\n')}</section>`,
  );
}

/** Long tables that stand beside a shorter one are folded. */
const FOLDED = /^(exact-intervals|folds|prevalence|alone-and-mixed|.*-confusion)$/;

function placedTable(table: Table): string {
  if (!FOLDED.test(table.id)) return tableHtml(table);
  return `<details><summary>${escapeMarkup(table.title)}</summary>${tableHtml(table)}</details>`;
}
