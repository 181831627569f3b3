import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../base/index.ts';
import { evaluate } from './evaluate.ts';
import { readOpinions } from './opinions/read-opinions.ts';
import { DEFAULT_OPTIONS, type EvaluationOptions } from './options.ts';
import { outputFiles } from './report/output-files.ts';
import { tableLatex } from './tables/latex.ts';
import { cellText, type Table, tableCsv } from './tables/table.ts';

const OPTIONS: EvaluationOptions = {
  ...DEFAULT_OPTIONS,
  replicates: 60,
  readingRoom: { ...DEFAULT_OPTIONS.readingRoom, studies: 500 },
};
const HEADER = 'patient,study,slice,class,reference,reader,probability,decision,set,fold,thickness';

async function evaluated(lines: readonly string[], options: Partial<EvaluationOptions> = {}) {
  const opinions = await readOpinions(Readable.from([`${[HEADER, ...lines].join('\n')}\n`]));
  const evaluation = await evaluate(opinions, { ...OPTIONS, ...options });
  const all = evaluation.sections.flatMap((section) => section.tables);
  return { evaluation, opinions, tables: new Map(all.map((table) => [table.id, table])) };
}

/** The row that starts with these texts. */
const rowOf = (table: Table | undefined, start: readonly string[]) =>
  table?.rows.find((cells) => start.every((text, k) => cellText(cells[k] ?? '') === text));

function cell(table: Table | undefined, start: readonly string[], column: string): string {
  return cellText(rowOf(table, start)?.[table?.columns.indexOf(column) ?? -1] ?? 'no such cell');
}

/** With all digits: tables round. */
function rawLow(table: Table | undefined, start: readonly string[], column: string): unknown {
  const raw = rowOf(table, start)?.[table?.columns.indexOf(column) ?? -1];
  return typeof raw === 'object' && 'low' in raw ? raw.low : undefined;
}

/** Two models and two readers on studies, `each` of one patient. */
function cohort(each: number, studies = 48): string[] {
  const random = createRandom(12);
  return Array.from({ length: studies }, (_, k) => {
    const truth = k % 2;
    const head = `P${Math.floor(k / each)},S${k},,anyHemorrhage,${truth}`;
    const tail = `,${k % 3},${[5, 10, 1][k % 3]}`;
    const p = (skill: number) => (1 / (1 + Math.exp(-random.normal(skill * (truth - 0.5))))).toFixed(4);
    const call = (right: number) => Number(random.chance(truth === 1 ? right : 1 - right));
    return [
      `${head},model,${p(2)},,${tail}`,
      `${head},rival,${p(1)},,${tail}`,
      `${head},Dr A,,${call(0.9)},${tail}`,
      `${head},Dr B,,${call(0.8)},${tail}`,
    ];
  }).flat();
}

describe('patients with several studies', () => {
  it('are compared by patient wherever those with one study are compared by row', async () => {
    const [once, twice] = [await evaluated(cohort(1)), await evaluated(cohort(2))];
    for (const [id, start, column] of [
      ['model-pairs', ['Any hemorrhage', 'subject', 'rival'], 'Difference'],
      ['model-and-readers', ['Any hemorrhage', 'Dr A'], 'Sensitivity difference at the operating point'],
      ['model-against-all-readers', ['Any hemorrhage'], 'Difference, fixed readers'],
      ['subgroups', ['all'], 'Sensitivity'],
      ['prevalence', ['Any hemorrhage', 'model', '10%'], 'PPV'],
    ] as const) {
      const cells = [once, twice].map(({ tables }) => cell(tables.get(id), start, column));
      for (const text of cells)
        expect(text, `${id}: ${text}`).toMatch(/^-?\d\.\d+ \(-?\d\.\d+ to \d\.\d+\)$/);
      expect(cells[0]?.slice(0, 4), id).toBe(cells[1]?.slice(0, 4));
      const [low, lowByPatient] = [once, twice].map(({ tables }) => rawLow(tables.get(id), start, column));
      expect(low, id).not.toBe(lowByPatient);
    }
  });

  it('keep an interval where all rows are right', async () => {
    const lines = cohort(2).filter((line) => line.includes(',model,'));
    const right = lines.map((line) =>
      line.replace(/,0\.\d+,/, line.includes('Hemorrhage,1') ? ',0.9,' : ',0.1,'),
    );
    const { tables, evaluation } = await evaluated(right);
    // Wilson on the 24 patients, each of whom has one positive study of two: 24 / (24 + 1.96^2)
    const found = cell(tables.get('subject-level'), ['Any hemorrhage', 'model'], 'Sensitivity');
    expect(found).toBe('1.00 (0.86 to 1.00)');
    expect(evaluation.methods).toMatch(/each patient as one trial/);
  });
});

describe('values without an interval', () => {
  it('stay, with the reason, where nothing is resampled', async () => {
    const { tables, evaluation } = await evaluated(cohort(1), { replicates: 0 });
    const f1 = cell(tables.get('subject-level'), ['Any hemorrhage', 'model'], 'F1');
    expect(f1).toMatch(/^0\.\d\d \(no interval: not resampled\)$/);
    expect(tableCsv(tables.get('subject-level') as Table)).toMatch(/no interval: not resampled/);
    expect(evaluation.methods).toMatch(/Patients were not resampled/);
  });

  it('stay where a fold has one positive', async () => {
    const lines = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map(
      (study, k) => `${study},${study},,anyHemorrhage,${Number(k < 3)},model,${(9 - k) / 10},,,${k % 2},`,
    );
    const { tables } = await evaluated(lines);
    const folds = tables.get('folds');
    expect(cell(folds, ['Any hemorrhage', 'subject', 'pooled'], 'Rows')).toBe('8');
    expect(cell(folds, ['Any hemorrhage', 'subject', '1'], 'AUC')).toMatch(/^1.00 \(no interval: a variance/);
  });
});

describe('the cascade', () => {
  const any = (study: string, truth: number, p: number) =>
    `${study},${study},,anyHemorrhage,${truth},model,${p},,,,`;
  const subdural = (study: string, truth: number, p: number) =>
    `${study},${study},,subdural,${truth},model,${p},,,,`;

  it('is judged on all subjects, those without hemorrhage having no subtype', async () => {
    const { tables } = await evaluated([
      any('A', 1, 0.9),
      subdural('A', 1, 0.8),
      any('B', 1, 0.9),
      subdural('B', 0, 0.7),
      any('C', 0, 0.2),
    ]);
    const counts = ['True positive', 'False positive', 'True negative', 'False negative'].map((column) =>
      cell(tables.get('cascade-subject-level-confusion'), ['Subdural', 'model, cascade'], column),
    );
    expect(counts).toEqual(['1', '1', '1', '0']);
  });

  it('says why it is not judged where a called subject has no subtype', async () => {
    const { tables, evaluation } = await evaluated([
      any('A', 1, 0.9),
      subdural('A', 1, 0.8),
      any('C', 0, 0.7),
    ]);
    expect(cell(tables.get('cascade-left-out'), ['Subdural'], 'Why')).toMatch(/on 1 subjects/);
    expect(evaluation.methods).not.toMatch(/cascade was judged/);
  });
});

describe('log loss as RSNA weighs it', () => {
  const names = [
    'anyHemorrhage',
    'intraparenchymal',
    'intraventricular',
    'subdural',
    'epidural',
    'subarachnoid',
  ];
  const slices = ['A', 'B', 'C'].flatMap((study, k) =>
    names.map(
      (name, c) => `${study},${study},1,${name},${Number(k === 0 && c < 2)},model,${c === 0 ? 0.5 : 0.2},,,,`,
    ),
  );
  const note = async (lines: string[]) =>
    (await evaluated(lines)).tables.get('slice-level-probabilities')?.notes.join(' ');

  it('is of all slices, not of those of subjects with hemorrhage', async () => {
    const subtype = -(2 * Math.log(0.8) + Math.log(0.2)) / 3;
    const expected = (2 * Math.log(2) + subtype + 4 * -Math.log(0.8)) / 7;
    expect(await note(slices)).toContain(`log loss ${expected.toFixed(4)} over all 3 slices`);
  });

  it('is not given where a class lacks slices', async () => {
    expect(await note(slices.filter((line) => !line.startsWith('C,C,1,epidural')))).toMatch(
      /no log loss as RSNA/,
    );
  });
});

describe('figures and tables', () => {
  it('draw all models, the band of the first and the readers by name', async () => {
    const { evaluation, opinions } = await evaluated(cohort(1));
    const files = new Map(outputFiles(evaluation, opinions).map((file) => [file.path, file.text]));
    const roc = files.get('figures/roc-subject-anyHemorrhage.svg') ?? '';
    for (const name of ['model, AUC 0.', 'rival, AUC 0.', 'Dr A', 'Dr B', 'model at 0.5'])
      expect(roc).toContain(name);
    expect(roc).toContain('mark-area');
    expect(evaluation.judged[0]?.performance.band.at(-1)).toMatchObject({
      falsePositiveRate: 1,
      low: 1,
      high: 1,
    });
  });

  it('order numbers by size and escape what LaTeX cannot read', async () => {
    const { tables } = await evaluated(cohort(1));
    const groups = tables.get('subgroups')?.rows.map(([name]) => name);
    expect(groups?.slice(1, 4)).toEqual(['thickness: 1', 'thickness: 5', 'thickness: 10']);
    const table: Table = {
      id: 't',
      title: 'T',
      columns: ['p'],
      rows: [['< 0.001 (\u03c7\u00b2)']],
      notes: [],
    };
    expect(tableLatex(table)).toContain('$<$ 0.001 ($\\chi$\\textsuperscript{2}) \\\\');
    expect(cellText({ value: -0.001, low: -0.2, high: 0.2 })).toBe('0.00 (-0.20 to 0.20)');
  });
});
