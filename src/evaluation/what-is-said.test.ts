import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { readOpinions } from './opinions/read-opinions.ts';
import { TEMPLATE_CSV } from './opinions/template.ts';
import { DEFAULT_OPTIONS, type EvaluationOptions } from './options.ts';
import { outputFiles } from './report/output-files.ts';
import { tableLatex } from './tables/latex.ts';
import { cellText, shownRows, tableCsv, toFourDigits } from './tables/table.ts';

const HEADER = 'patient,study,class,reference,reader,probability,decision,source,hospital';

async function evaluated(lines: readonly string[], options: Partial<EvaluationOptions> = {}) {
  const opinions = await readOpinions(Readable.from([`${[HEADER, ...lines].join('\n')}\n`]));
  const readingRoom = { ...DEFAULT_OPTIONS.readingRoom, studies: 2000 };
  const evaluation = await evaluate(opinions, {
    ...DEFAULT_OPTIONS,
    replicates: 50,
    readingRoom,
    ...options,
  });
  const files = new Map(outputFiles(evaluation, opinions).map(({ path, text }) => [path, text]));
  const tables = new Map(
    evaluation.sections.flatMap(({ tables: own }) => own).map((table) => [table.id, table]),
  );
  return { evaluation, opinions, files, tables };
}

/** 24 subjects, every other with hemorrhage; `say` gives what stands in a row's two columns of opinion. */
const subjects = (reader: string, say: (k: number, positive: number) => string): string[] =>
  Array.from({ length: 24 }, (_, k) => {
    const positive = k % 2;
    return `P${k},S${k},anyHemorrhage,${positive},${reader},${say(k, positive)},CT-ICH 1.0.0,${1 + (k % 3)}`;
  });

const model = subjects('model', (k, positive) => `${((k * 7) % 10) / 20 + 0.2 * positive},`);
const reader = (name: string, wrong: number) =>
  subjects(name, (k, positive) => `,${Number(positive === 1) ^ Number(k < wrong)}`);

describe('what stands on top of a report', () => {
  it('is what was found, in a line', async () => {
    const { headlines } = (await evaluated(model)).evaluation;
    expect(headlines).toHaveLength(1);
    expect(headlines[0]).toMatch(
      /^model, any hemorrhage, subjects: 12 of 24 positive, AUC 0\.\d\d \(.* sensitivity 0\.\d\d .* specificity .* at 0\.5$/,
    );
  });

  it('tells of probabilities that point the wrong way, and of nothing where they do not', async () => {
    const inverted = subjects('model', (k, positive) => `${0.7 - ((k * 7) % 10) / 20 - 0.2 * positive},`);
    const [first] = (await evaluated(inverted)).evaluation.warnings;
    expect(first).toMatch(/^The AUC of model for any hemorrhage at subject level is 0\.1.*, below 0\.5/);
    expect((await evaluated(model)).evaluation.warnings.join()).not.toMatch(/below 0\.5/);
  });

  it('tells of a model judged on data that its card names', async () => {
    const madeWith = { model: ['CT-ICH 1.0.0, 57 patients'] };
    const { evaluation, files } = await evaluated(model, { madeWith });
    expect(evaluation.warnings[0]).toMatch(/^model names CT-ICH 1\.0\.0 among the data/);
    expect(files.get('report.html')).toContain('<p class="warning">model names CT-ICH');
  });

  it('tells of few patients of a class, and what rests on them', async () => {
    const few = (await evaluated(model)).evaluation.warnings;
    expect(few).toEqual([
      expect.stringMatching(/^Few patients are positive.*Brier.*subject level \(12\)\.$/),
    ]);
    const many = Array.from({ length: 8 }, (_, k) =>
      model.map((line) => line.replace(/P(\d+),S/, `P${k}-$1,S${k}-`)),
    );
    expect((await evaluated(many.flat())).evaluation.warnings).toEqual([]);
  });

  it('tells of an AUC near 1', async () => {
    const near = subjects('model', (k, positive) => `${k === 1 ? 0.3 : 0.1 + k / 100 + 0.5 * positive},`);
    expect((await evaluated(near)).evaluation.warnings.at(-1)).toMatch(
      /^So near to 1 .* model, any hemorrhage/,
    );
  });

  it('tells of few patients with a positive row, where patients share rows', async () => {
    const shared = model.map((line, k) => line.replace(`P${k},`, `P${Math.floor(k / 4)},`));
    expect((await evaluated(shared)).evaluation.warnings).toEqual([
      expect.stringMatching(/any hemorrhage at subject level \(6\)\. Below 10 patients rely on the counts/),
    ]);
  });
});

describe('reports of readers', () => {
  it('need no model', async () => {
    const { evaluation, tables, files } = await evaluated([...reader('A', 2), ...reader('B', 5)]);
    expect(evaluation.headlines.map((line) => line.slice(0, 2))).toEqual(['A,', 'B,']);
    expect(tables.get('agreement')?.rows[0]?.slice(2, 5)).toEqual(['A and B', 24, '88%']);
    expect(evaluation.methods).not.toMatch(/probability of at least|operating point/);
    expect(files.get('report.html')).toContain('Evaluation of the readers');
  });

  it('give mean and deviation of each group, one who stands alone apart', async () => {
    const all = [...model, ...reader('JRT 1', 2), ...reader('JRT 2', 4), ...reader('SR', 0)];
    const rows = (await evaluated(all)).tables.get('reader-means')?.rows;
    expect(rows?.map((row) => row.slice(1, 4))).toEqual([
      ['JRT', 2, '0.88 \u00b1 0.06'],
      ['all', 3, '0.92 \u00b1 0.08'],
    ]);
  });
});

it('several other models: p values are corrected, and numbers for programs', async () => {
  const rival = (name: string, step: number) =>
    subjects(name, (k, positive) => `${((k * step) % 11) / 20 + 0.2 * positive},`);
  const table = (await evaluated([...model, ...rival('b', 3), ...rival('c', 5)])).tables.get('model-pairs');
  const [first, second] = (table?.rows ?? []).map((row) =>
    row.slice(-2).map((cell) => Number(cellText(cell))),
  );
  const smaller = Math.min(first?.[0] ?? 1, second?.[0] ?? 1);
  expect(table?.columns.slice(-2)).toEqual(['p, paired', 'p, Holm']);
  expect(Math.min(first?.[1] ?? 0, second?.[1] ?? 0)).toBeCloseTo(Math.min(1, 2 * smaller), 2);
  expect(tableCsv(table ?? { id: '', title: '', columns: [], rows: [], notes: [] })).toMatch(
    /,0\.\d{6,},0\.\d{6,}\r\n/,
  );
});

it('whole numbers of few kinds are counted, and others where the user says so', async () => {
  const { tables } = await evaluated(model);
  expect(tables.get('demographics')?.rows.map(([name]) => name)).toContain('hospital: 2');
  // eight wards are many: numbers, unless they are called codes
  const wards = model.map((line, k) => line.replace(/\d+$/, String(101 + (k % 8))));
  const rowsOf = async (options: Partial<EvaluationOptions>) =>
    (await evaluated(wards, options)).tables.get('demographics')?.rows.map(([name]) => name);
  expect(await rowsOf({})).toContain('hospital');
  expect(await rowsOf({ categorical: ['hospital'] })).toContain('hospital: 107');
});

it('the methods name how near to 0 and 1 probabilities are taken, and readers in a figure have intervals', async () => {
  const { evaluation } = await evaluated([...model, ...reader('R1', 3)]);
  expect(evaluation.methods).toContain('the logit of the probability, taken no closer to 0 or 1 than 1e-7');
  const figures = evaluation.sections.flatMap((section) => section.figures);
  const roc = figures.find(({ id }) => id === 'roc-subject-anyHemorrhage');
  expect(roc?.caption).toMatch(/Crosses: intervals of readers\.$/);
});

it('predictive values of subtypes say among whom they hold', async () => {
  const subtypes = model.map((line) => line.replace('anyHemorrhage', 'subdural'));
  const notes = async (lines: readonly string[]) =>
    (await evaluated(lines)).tables.get('subject-level-predictive')?.notes.join(' ');
  const said = 'Predictive values of subtypes hold among subjects with hemorrhage.';
  expect(await notes([...model, ...subtypes])).toContain(said);
  expect(await notes(model)).not.toContain(said);
});

it('checklists state what the report holds, and leave the rest to the authors', async () => {
  const claim = (await evaluated(model)).files.get('tables/claim.csv') ?? '';
  expect(claim).toContain(
    'Level at which partitions are disjoint,for the authors: the input has one set only',
  );
  expect(claim).toContain('Failure analysis,for the authors');
  expect(claim).toContain('tables of performance on subjects, with intervals');
  expect(claim).toContain('for the authors: the model; figures by Ichor');
  const stard = (await evaluated(model)).files.get('tables/stard-ai.csv') ?? '';
  expect(stard).not.toContain('others chosen on set');
});

it('the cells of a column have one number of decimals', () => {
  const narrow = { value: 0.99512, low: 0.99502, high: 0.99522 };
  const wide = { value: 0.5, low: 0.25, high: 0.75 };
  const rows = [
    [narrow, 1, 12, toFourDigits(0.5)],
    [wide, 0.25, 3, toFourDigits(0.12345)],
    [{ empty: 'no positives' }, 0.5, 4, 'decisions'],
  ];
  const columns = ['AUC', 'Mean', 'Rows', 'Threshold'];
  expect(shownRows({ id: 't', title: 't', columns, rows, notes: [] })).toEqual([
    ['0.9951 (0.9950 to 0.9952)', '1.00', '12', '0.5000'],
    ['0.5000 (0.2500 to 0.7500)', '0.25', '3', '0.1235'],
    ['\u2013 (no positives)', '0.50', '4', 'decisions'],
  ]);
});

it('LaTeX takes any name', () => {
  const rows = [['R_1 & co. #2 50% {x} ~^\\ \u2265 \u221e \u4e2d \u201cq\u201d |']];
  const latex = tableLatex({ id: 't', title: 'T', columns: ['Reader'], rows, notes: [] });
  expect(latex).toContain(
    "R\\_1 \\& co. \\#2 50\\% \\{x\\} \\textasciitilde{}\\textasciicircum{}\\textbackslash{} $\\geq$ $\\infty$ [U+4E2D] ``q'' \\textbar{}",
  );
});

it('the template is read', async () => {
  const { models, readers, excluded } = await readOpinions(Readable.from([TEMPLATE_CSV]));
  expect([models, readers, excluded.length]).toEqual([['my model'], ['trainee 1', 'trainee 2'], 1]);
});
