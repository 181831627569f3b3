import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Table, tableLatex } from '../src/evaluation/index.ts';

const hasLatex = spawnSync('kpsewhich', ['booktabs.sty'], { stdio: 'ignore' }).status === 0;

/** Pages of a document that holds the tables, and what pdflatex complains about. */
async function compiled(tables: readonly Table[]): Promise<{ complaints: string[]; pages: number }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ichor-latex-'));
  try {
    const text = [
      '\\documentclass{article}\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}',
      '\\usepackage{booktabs,graphicx}\\begin{document}',
      ...tables.map(tableLatex),
      '\\end{document}',
    ].join('\n');
    await writeFile(path.join(folder, 'tables.tex'), text);
    execFileSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'tables.tex'], {
      cwd: folder,
      stdio: 'ignore',
    });
    const log = await readFile(path.join(folder, 'tables.log'), 'latin1');
    const complaints = log.split('\n').filter((line) => /too large for page|^!|Missing character/.test(line));
    return { complaints, pages: Number(/\((\d+) pages?/.exec(log)?.[1]) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Every sign from a space to Latin Extended-A, what the escapes name, and what pdflatex has no letter for. */
const SIGNS = [
  ...Array.from({ length: 0x180 - 0x20 }, (_, k) => String.fromCodePoint(0x20 + k)),
  ...'\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u03b1\u03b2\u03ba\u03bc\u03c7\u2192\u2212\u221e\u2248\u2260\u2264\u2265\u4e2d\u0416\u200b\u{1f9e0}\u0301',
];

const table = (rows: Table['rows'], notes: readonly string[] = []): Table => ({
  id: 't',
  title: 'Readers & co. 50% of #1_{x}^2 ~ \\input{x} $y$ \u221e',
  columns: ['Reader_1', 'Where'],
  rows,
  notes,
});

describe.skipIf(!hasLatex)('LaTeX tables (needs pdflatex: Debian texlive-latex-recommended)', () => {
  it('compile whatever a name holds', async () => {
    const rows = Array.from({ length: Math.ceil(SIGNS.length / 30) }, (_, k) => [
      SIGNS.slice(30 * k, 30 * k + 30).join(''),
      `${k}`,
    ]);
    const starts = SIGNS.map((sign) => [sign, sign]);
    const found = await compiled([table(starts), table(rows, ['a note with \\ and ~ and \u2264'])]);
    expect(found.complaints).toEqual([]);
  }, 60_000);

  it('fit their pages, however many rows and lines they have', async () => {
    const long =
      'A sentence of a checklist that goes on and on, with commas, over several lines of its cell. ';
    const rows = Array.from({ length: 90 }, (_, k) => [`item ${k}`, k % 3 === 0 ? long.repeat(3) : long]);
    const wide = Array.from({ length: 130 }, (_, k) => [`reader ${k}`, '0.93 (0.90 to 0.96)']);
    const starts = SIGNS.map((sign) => [sign, sign]);
    const found = await compiled([table(starts), table(rows, [long.repeat(4)]), table(wide)]);
    expect(found.complaints).toEqual([]);
    expect(found.pages).toBeGreaterThan(5);
  }, 60_000);
});

it('a tall table comes in parts, its notes under the last', () => {
  const rows = Array.from({ length: 100 }, (_, k) => [`reader ${k}`, '1']);
  const latex = tableLatex(table(rows, ['a note']));
  const parts = latex.split('\\begin{table}').slice(1);
  expect(parts).toHaveLength(4);
  expect(parts.map((part) => part.includes('a note'))).toEqual([false, false, false, true]);
  expect(latex).toContain('(part 2 of 4)');
  expect(latex.match(/reader \d+ &/g)).toHaveLength(100);
});
