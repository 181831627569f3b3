import { escapeMarkup } from '../figures/index.ts';
import type { Evaluation } from './evaluate.ts';
import { EXAMPLE_RULE, type ExamplePicture } from './examples.ts';
import { cellText, type Table } from './table.ts';

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; margin: 0 auto; max-width: 1180px; padding: 24px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 20px; margin: 40px 0 8px; border-top: 1px solid #d5dae0; padding-top: 16px; }
nav a { margin-right: 14px; white-space: nowrap; } a { color: #0b5cad; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; margin: 4px 0; }
caption { text-align: left; font-weight: 600; padding: 14px 0 4px; } th, td { text-align: left; vertical-align: top; padding: 4px 10px 4px 0; border-bottom: 1px solid #e6e9ed; }
th { border-bottom: 2px solid #9aa4af; } td { font-variant-numeric: tabular-nums; } td.empty { color: #68727d; font-style: italic; }
tr.group td { border-top: 2px solid #c4ccd4; } .note { color: #4a535d; font-size: 13px; margin: 2px 0; max-width: 80ch; }
.figures { display: flex; flex-wrap: wrap; gap: 20px 28px; align-items: flex-start; } figure { margin: 8px 0; width: min-content; } figcaption { font-size: 13px; color: #4a535d; }
.warning { background: #fff6e0; border-left: 4px solid #d39b00; padding: 8px 12px; } details { margin: 10px 0; } summary { cursor: pointer; font-weight: 600; }
@media print { body { max-width: none; } details { display: block; } }
`;

const EXAMPLES_TITLE = 'Where the model looked';

function examplesHtml(pictures: readonly ExamplePicture[], id: string): string {
  if (pictures.length === 0) return '';
  const figures = pictures.map(({ example, dataUrl }) => {
    const caption = escapeMarkup(`Study ${example.study}, slice ${example.slice}: ${example.reason}.`);
    return `<figure><img src="${escapeMarkup(dataUrl)}" width="250" alt="${caption}"><figcaption>${caption}</figcaption></figure>`;
  });
  return `<section id="${id}"><h2>${EXAMPLES_TITLE}</h2><p class="note">${escapeMarkup(EXAMPLE_RULE)}</p><div class="figures">${figures.join('')}</div></section>`;
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
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title><style>${STYLE}</style></head><body>
<h1>${escapeMarkup(title)}</h1>
<p>Set ${escapeMarkup(options.reportOn)}, threshold ${options.threshold}, ${(100 * options.confidence).toFixed(0)}% intervals, ${options.replicates} resamples of patients.</p>
<p class="warning">Research software, not a medical device. An empty cell says why it is empty.</p>
<nav>${links.map((text) => `<a href="#${anchor(text)}">${escapeMarkup(text)}</a>`).join(' ')}</nav>
${body.join('\n')}
${examplesHtml(pictures, anchor(EXAMPLES_TITLE))}
<section id="methods"><h2>Methods</h2><p style="max-width: 80ch">${escapeMarkup(evaluation.methods)}</p></section>
<section id="checklists"><h2>Checklists</h2>${checklists.map((table) => `<details><summary>${escapeMarkup(table.title)}</summary>${tableHtml(table)}</details>`).join('\n')}</section>
</body></html>
`;
}

/** Long tables that stand beside a shorter one are folded. */
const FOLDED = /^(exact-intervals|prevalence|alone-and-mixed|.*-confusion)$/;

function placedTable(table: Table): string {
  if (!FOLDED.test(table.id)) return tableHtml(table);
  return `<details><summary>${escapeMarkup(table.title)}</summary>${tableHtml(table)}</details>`;
}

function tableHtml(table: Table): string {
  let before = '';
  const rows = table.rows.map((row) => {
    const first = cellText(row[0] ?? '');
    const group = table.columns[0] === 'Class' && before !== '' && first !== before ? ' class="group"' : '';
    before = first;
    const cells = row.map((cell) => {
      const empty = typeof cell === 'object' && 'empty' in cell ? ' class="empty"' : '';
      return `<td${empty}>${escapeMarkup(cellText(cell))}</td>`;
    });
    return `<tr${group}>${cells.join('')}</tr>`;
  });
  const head = table.columns.map((column) => `<th scope="col">${escapeMarkup(column)}</th>`).join('');
  const notes = table.notes.map((note) => `<p class="note">${escapeMarkup(note)}</p>`).join('');
  return `<div class="wide"><table><caption>${escapeMarkup(table.title)}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>${notes}`;
}
