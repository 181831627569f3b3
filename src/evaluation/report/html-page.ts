import { escapeMarkup } from '../../figures/index.ts';
import { cellText, type Table } from '../tables/table.ts';

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
@media print {
  body { max-width: none; font-size: 11px; } .wide { overflow: visible; } table { font-size: 8.5px; } th, td { padding: 2px 5px 2px 0; }
  tr, figure { break-inside: avoid; } caption, h2, summary { break-after: avoid; } .note { font-size: 9.5px; } details::details-content { content-visibility: visible; block-size: auto; }
}
`;

/** A page without outside references. @param body markup, escaped by whoever wrote it */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title><style>${STYLE}</style></head><body>
<h1>${escapeMarkup(title)}</h1>
${body}
</body></html>
`;
}

/** A table with its caption and notes; rows of one class stand together. */
export function tableHtml(table: Table): string {
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
