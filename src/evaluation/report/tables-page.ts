import { html, type Markup, page, trusted } from '../../figures/index.ts';
import { shownRows, type Table } from '../tables/table.ts';

/** What pages of tables and figures add to the look of every page. */
const STYLE = `
h2 { font-size: 18px; margin: 36px 0 8px; } nav a { margin-right: 14px; white-space: nowrap; }
.wide { overflow-x: auto; } table { width: auto; margin: 4px 0; }
caption { color: inherit; font-size: 13px; font-weight: 600; padding: 14px 0 4px; }
thead th { color: inherit; font-size: inherit; font-weight: 600; border-bottom: 2px solid #9aa4af; }
td { font-variant-numeric: tabular-nums; } td.empty { color: var(--muted); font-style: italic; }
tr.group td { border-top: 2px solid #c4ccd4; } .note { color: var(--muted); font-size: 13px; margin: 2px 0; max-width: 80ch; }
.figures { display: flex; flex-wrap: wrap; gap: 20px 28px; align-items: flex-start; }
figure { margin: 8px 0; width: min-content; } figure svg { max-width: none; }
details { margin: 10px 0; } summary { cursor: pointer; font-weight: 600; }
@media print {
  .wide { overflow: visible; } table { font-size: 8.5px; } th, td { padding: 2px 5px 2px 0; } caption, summary { break-after: avoid; }
  .note { font-size: 9.5px; } figure svg { max-width: 100%; } details::details-content { content-visibility: visible; block-size: auto; }
}
`;

/** A page of tables and figures: wide, printed whole, what is folded included. */
export const tablesPage = (title: string, sections: Markup): string =>
  page({ title, style: STYLE, widthPx: 1252 }, sections);

/** A table with its caption and notes; rows of one class stand together. */
export function tableHtml(table: Table): Markup {
  const { title, columns, rows, notes } = table;
  const shown = shownRows(table);
  const startsGroup = (i: number): boolean =>
    columns[0] === 'Class' && i > 0 && shown[i]?.[0] !== shown[i - 1]?.[0];
  const lines = shown.map((texts, i) => {
    const cells = texts.map((text, k) => {
      const cell = rows[i]?.[k];
      const isEmpty = typeof cell === 'object' && 'empty' in cell;
      return isEmpty ? html`<td class="empty">${text}</td>` : html`<td>${text}</td>`;
    });
    return startsGroup(i) ? html`<tr class="group">${cells}</tr>\n` : html`<tr>${cells}</tr>\n`;
  });
  return html`<div class="wide"><table><caption>${title}</caption><thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead><tbody>${lines}</tbody></table></div>${notes.map((note) => html`<p class="note">${note}</p>`)}
`;
}

/** A table behind its title. */
export const foldedTable = (table: Table): Markup =>
  html`<details><summary>${table.title}</summary>${tableHtml(table)}</details>\n`;

/** Charts with their captions, side by side. @param figures SVG of our own making */
export const galleryHtml = (figures: readonly { readonly svg: string; readonly caption: string }[]): Markup =>
  html`<div class="figures">${figures.map(
    ({ svg, caption }) => html`<figure>${trusted(svg)}<figcaption>${caption}</figcaption></figure>\n`,
  )}</div>`;
