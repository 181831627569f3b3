import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { simulateTriage } from './measures/triage.ts';
import { readOpinions } from './opinions/read-opinions.ts';
import { DEFAULT_OPTIONS, type EvaluationOptions } from './options.ts';
import { outputFiles } from './report/output-files.ts';
import { tableLatex } from './tables/latex.ts';
import { cellText, type Table, tableCsv, tableMarkdown, toFourDigits } from './tables/table.ts';

const OPTIONS: EvaluationOptions = {
  ...DEFAULT_OPTIONS,
  replicates: 50,
  readingRoom: { ...DEFAULT_OPTIONS.readingRoom, studies: 2000 },
};

async function evaluated(lines: readonly string[], options: Partial<EvaluationOptions> = {}) {
  const header = 'patient,study,slice,class,reference,reader,probability,decision,set,excluded,sex';
  const opinions = await readOpinions(Readable.from([`${[header, ...lines].join('\n')}\n`]));
  const evaluation = await evaluate(opinions, { ...OPTIONS, ...options });
  const tables = new Map(
    evaluation.sections.flatMap((section) => section.tables).map((table) => [table.id, table]),
  );
  return { evaluation, opinions, tables };
}

/** A cell by the texts that its row starts with. */
function cell(table: Table | undefined, start: readonly string[], column: string): string {
  const row = table?.rows.find((cells) => start.every((text, k) => cellText(cells[k] ?? '') === text));
  return cellText(row?.[table?.columns.indexOf(column) ?? -1] ?? 'no such cell');
}

/** Rows of the paper's test set: readers with the counts that fit its Table 3 (docs/paper-numbers.md). */
function paperReaders(
  className: string,
  positives: number,
  negatives: number,
  errors: readonly [missed: number, alarms: number][],
): string[] {
  return Array.from({ length: positives + negatives }, (_, k) => {
    const positive = k < positives;
    const head = (name: string, reference: number) => `P${k},S${k},,${name},${reference}`;
    const readers = errors.map(([missed, alarms], r) => {
      const called = positive ? k >= missed : k - positives < alarms;
      return `${head(className, Number(positive))},JRT ${r + 1},,${Number(called)},,,`;
    });
    return [
      `${head('anyHemorrhage', 1)},model,0.9,,,,`,
      `${head(className, Number(positive))},model,${positive ? (k < 12 ? 0.3 : 0.8) : 0.1 + 0.5 * Number(k % 6 === 0)},,,,`,
      ...readers,
    ];
  }).flat();
}

describe("the paper's Table 3 from counts", () => {
  it('gives the rows of the trainees, their means and deviations for parenchymal hemorrhage', async () => {
    const { tables } = await evaluated(
      paperReaders('intraparenchymal', 145, 49, [
        [31, 0],
        [11, 5],
        [20, 5],
      ]),
    );
    const main = tables.get('subject-level');
    const printed = {
      'JRT 1': ['0.84', '0.79', '1.00', '0.88', '0.89'],
      'JRT 2': ['0.92', '0.92', '0.90', '0.94', '0.91'],
      'JRT 3': ['0.87', '0.86', '0.90', '0.91', '0.88'],
    };
    for (const [reader, figures] of Object.entries(printed)) {
      const columns = ['Accuracy', 'Sensitivity', 'Specificity', 'F1', 'One-threshold AUC'];
      const found = columns.map((column) => cell(main, ['Intraparenchymal', reader], column).slice(0, 4));
      expect(found, reader).toEqual(figures);
    }
    const means = tables.get('reader-means');
    expect(cell(means, ['Intraparenchymal'], 'Sensitivity')).toBe('0.86 \u00b1 0.07');
    expect(cell(means, ['Intraparenchymal'], 'Specificity')).toBe('0.93 \u00b1 0.06');
    expect(cell(means, ['Intraparenchymal'], 'F1')).toBe('0.91 \u00b1 0.03');
  });
});

const subject = (study: string, className: string, reference: number, reader: string, p: string, set = '') =>
  `${study},${study},,${className},${reference},${reader},${p},,${set},,`;

describe('populations', () => {
  const lines = [
    ['A', 1, 0.9, 1, 0.8],
    ['B', 1, 0.2, 1, 0.7],
    ['C', 1, 0.8, 0, 0.6],
    ['D', 0, 0.1, 0, 0.9],
    ['E', 0, 0.6, 0, 0.9],
    ['F', 1, 0.7, 0, 0.1],
  ].flatMap(([study, any, p, subdural, q]) => [
    subject(String(study), 'anyHemorrhage', Number(any), 'model', `${p}`),
    subject(String(study), 'subdural', Number(subdural), 'model', `${q}`),
  ]);

  it('judge subtypes on reference-positive subjects, ungated, and the cascade on all', async () => {
    const { tables } = await evaluated(lines);
    const counts = (table: Table | undefined, source: string) =>
      ['True positive', 'False positive', 'True negative', 'False negative'].map((c) =>
        cell(table, ['Subdural', source], c),
      );
    expect(counts(tables.get('subject-level-confusion'), 'model')).toEqual(['2', '1', '1', '0']);
    // B is called negative first: its subdural bleed is lost; E is called positive: a false alarm more; D is not asked
    expect(counts(tables.get('cascade-subject-level-confusion'), 'model, cascade')).toEqual([
      '1',
      '2',
      '2',
      '1',
    ]);
  });

  it('take the maximum over slices of a model that speaks of slices only', async () => {
    const slices = ['A', 'B', 'C', 'D', 'E', 'F'].flatMap((study, k) =>
      [1, 2].map(
        (slice) =>
          `${study},${study},${slice},anyHemorrhage,${Number(k % 2 === 0)},flat,${0.1 * k + 0.2 * slice},,,,`,
      ),
    );
    const { tables } = await evaluated([...lines, ...slices], { model: 'model' });
    const name = 'flat, maximum over slices';
    // Readers and subgroups ask it on subjects, whoever names it
    expect((await evaluated([...lines, ...slices], { model: 'flat' })).evaluation.model).toBe(name);
    // subjects' maxima: 0.4 0.5 0.6 0.7 0.8 0.9
    expect(cell(tables.get('subject-level-confusion'), ['Any hemorrhage', name], 'False negative')).toBe('1');
    expect(cell(tables.get('subject-level-confusion'), ['Any hemorrhage', name], 'False positive')).toBe('2');
  });

  it('give no waits where more arrives than can be read', async () => {
    const readingRoom = { ...OPTIONS.readingRoom, arrivalsPerHour: 12, readingMinutes: 10 };
    const { tables } = await evaluated(lines, { readingRoom });
    expect(tables.get('triage')?.rows[0]?.slice(1)).toEqual(Array(5).fill('\u2013'));
    expect(tables.get('triage')?.notes.at(-1)).toContain('2.0 times as much arrives');
  });

  it('tell of patients in two sets, and of subjects without the blood of their slices', async () => {
    const more = [
      'A,A2,,anyHemorrhage,1,model,0.9,,validation,,',
      'Z,Z,,anyHemorrhage,0,model,0.2,,,,',
      'Z,Z,1,anyHemorrhage,1,model,0.2,,,,',
    ];
    const notes = (await evaluated([...lines, ...more])).tables.get('flow')?.notes.join(' ');
    expect(notes).toContain('1 patients of set test are in another set too');
    expect(notes).toContain(
      'The reference of 1 subjects is without a hemorrhage that their slices have, first Z',
    );
  });

  it('refuse a model that leaves rows out, and unknown sets and models', async () => {
    await expect(evaluated([...lines, 'G,G,,anyHemorrhage,1,Dr A,,1,,,'])).rejects.toMatchObject({
      code: 'missing-row',
      message: expect.stringMatching(
        /model says nothing of anyHemorrhage on 1 of 7 all subjects, first on study G/,
      ),
    });
    await expect(evaluated(lines, { reportOn: 'external' })).rejects.toMatchObject({ code: 'unknown-set' });
    await expect(evaluated(['A,A,,subdural,1,model,0.9,,,,'])).rejects.toMatchObject({
      code: 'no-hemorrhage-labels',
    });
    await expect(evaluated(lines, { chooseOn: 'validaton' })).rejects.toMatchObject({ code: 'unknown-set' });
    await expect(evaluated(lines, { model: 'other' })).rejects.toMatchObject({ code: 'unknown-model' });
    await expect(evaluated(lines, { readers: ['Dr B'] })).rejects.toMatchObject({
      code: 'unknown-reader',
      message: 'there is no reader Dr B; readers in the input: none',
    });
  });

  it('tell of a reference that names a subtype and no hemorrhage', async () => {
    const odd = [
      subject('G', 'anyHemorrhage', 0, 'model', '0.5'),
      subject('G', 'subdural', 1, 'model', '0.5'),
    ];
    const { tables } = await evaluated([...lines, ...odd]);
    expect(tables.get('flow')?.notes[0]).toMatch(/subtype but no hemorrhage on 1 rows, first in study G/);
    expect((await evaluated(lines)).tables.get('flow')?.notes).toEqual([]);
  });

  it('leave a study that nobody labelled for any hemorrhage out of Table 1, and count it', async () => {
    const { tables } = await evaluated([...lines, subject('G', 'subdural', 1, 'model', '0.5')]);
    const table = tables.get('demographics');
    expect(table?.rows[0]?.slice(0, 3)).toEqual(['Studies', 2, 4]);
    expect(table?.notes.at(-1)).toBe('1 studies are not labelled for any hemorrhage and not counted.');
  });

  it('say why a cell is empty', async () => {
    const only = ['A', 'B', 'C'].map((study) => subject(study, 'anyHemorrhage', 1, 'model', '0.9'));
    const { tables } = await evaluated(only);
    expect(cell(tables.get('subject-level'), ['Any hemorrhage', 'model'], 'AUC')).toMatch(/no negatives/);
    expect(cell(tables.get('subject-level'), ['Any hemorrhage', 'model'], 'Specificity')).toMatch(
      /no negatives/,
    );
    expect(cell(tables.get('subject-level-predictive'), ['Any hemorrhage', 'model'], 'NPV')).toMatch(
      /nothing was called negative/,
    );
  });

  it('give no width to a perfect separation', async () => {
    const apart = Array.from({ length: 8 }, (_, k) =>
      subject(`S${k}`, 'anyHemorrhage', k % 2, 'model', `${0.2 + 0.5 * (k % 2)}`),
    );
    const { tables } = await evaluated(apart);
    expect(cell(tables.get('subject-level'), ['Any hemorrhage', 'model'], 'AUC')).toMatch(
      /^1.00 \(no interval/,
    );
    expect(
      cell(tables.get('subject-level-probabilities'), ['Any hemorrhage', 'model'], 'Calibration slope'),
    ).toMatch(/separated/);
  });

  it('cluster the slices of a patient', async () => {
    const slices = Array.from(
      { length: 40 },
      (_, k) =>
        `P${k >> 2},P${k >> 2},${(k % 4) + 1},anyHemorrhage,${k % 3 === 0 ? 1 : 0},model,${((k * 7) % 10) / 10},,,,`,
    );
    const { evaluation } = await evaluated(slices);
    const judged = evaluation.judged.find((one) => one.level === 'slice' && one.source === 'model');
    expect(judged?.performance.measures.auc?.method).toBe('Obuchowski');
    expect(judged?.performance.measures.sensitivity?.method).toBe('patient bootstrap');
    expect(judged?.performance.patients).toBe(10);
  });
});

describe('agreement of readers', () => {
  it('takes a pair on the rows that both have read, and all on those that all have', async () => {
    const says = (reader: string, decisions: string) =>
      [...decisions].flatMap((decision, k) =>
        decision === '-' ? [] : [`S${k},S${k},,anyHemorrhage,${k % 2},${reader},,${decision},,,`],
      );
    const model = Array.from({ length: 8 }, (_, k) =>
      subject(`S${k}`, 'anyHemorrhage', k % 2, 'model', '0.5'),
    );
    const { tables } = await evaluated([
      ...model,
      ...says('A', '01010101'),
      ...says('B', '01011010'),
      ...says('C', '0101----'),
    ]);
    const rows = tables.get('agreement')?.rows.map((row) => row.slice(2, 5));
    expect(rows).toEqual([
      ['A and B', 8, '50%'],
      ['A and C', 4, '100%'],
      ['B and C', 4, '100%'],
      ['all 3 (Fleiss)', 4, ''],
    ]);
  });
});

describe('who speaks where', () => {
  const decisions = (reader: string, studies: readonly number[], set = '') =>
    studies.map((k) => `S${k},S${k},,anyHemorrhage,${k % 2},${reader},,${Number(k % 3 > 0)},${set},,`);
  const model = Array.from({ length: 12 }, (_, k) =>
    subject(`S${k}`, 'anyHemorrhage', k % 2, 'model', `0.${(k * 7) % 10}`),
  );
  const all = [...Array(12).keys()];

  it('a reader of another set alone takes no part, in the tables or in the text', async () => {
    const two = [...model, ...decisions('A', all), ...decisions('B', all.slice(2))];
    const other = subject('V', 'anyHemorrhage', 1, 'model', '0.9', 'validation');
    const third = 'V,V,,anyHemorrhage,1,C,,1,validation,,';
    const { tables, evaluation } = await evaluated([...two, other, third]);
    expect(tables.get('model-against-all-readers')?.rows[0]?.slice(1, 3)).toEqual([2, 10]);
    expect(evaluation.methods).toMatch(/^Performance was computed on set test for model, A, B\./);
  });

  it('readers without a case in common are said to have none', async () => {
    const { tables } = await evaluated([
      ...model,
      ...decisions('A', all.slice(0, 4)),
      ...decisions('B', all.slice(4, 8)),
      ...decisions('C', all.slice(8)),
    ]);
    const why = (id: string, start: string[], column: string) => cell(tables.get(id), start, column);
    const differ = why('model-against-all-readers', ['Any hemorrhage', '3'], 'Difference, random readers');
    expect(differ).toContain('no case that all have read');
    expect(tables.get('agreement')?.rows.map((row) => cellText(row.at(-1) ?? ''))).toEqual([
      '\u2013 (no row that all have read)',
    ]);
  });

  it('a model of slices alone is compared and drawn on slices, whoever speaks of subjects', async () => {
    const slices = (name: string, k: number, p: number) =>
      [1, 2].map((slice) => `S${k},S${k},${slice},anyHemorrhage,${k % 2},${name},${p / slice},,,,`);
    const lines = all.flatMap((k) => [
      ...slices('A', k, ((k * 7) % 10) / 10),
      ...slices('B', k, (k % 5) / 5),
    ]);
    const { tables, evaluation } = await evaluated([...lines, ...decisions('Dr', all)]);
    expect(tables.get('model-pairs')?.rows.map((row) => row.slice(1, 3))).toEqual([
      ['slice', 'B'],
      ['subject', 'B, maximum over slices'],
    ]);
    const figures = evaluation.sections.flatMap((section) => section.figures.map(({ id }) => id));
    expect(figures).toEqual(expect.arrayContaining(['roc-subject-anyHemorrhage', 'roc-slice-anyHemorrhage']));
  });

  it('a class that the model gives on slices alone is not compared with a reader of subjects', async () => {
    const subdural = all.flatMap((k) => [
      `S${k},S${k},1,subdural,${k % 2},model,0.5,,,,`,
      `S${k},S${k},,subdural,${k % 2},Dr,,1,,,`,
    ]);
    const { tables } = await evaluated([...model, ...decisions('Dr', all), ...subdural]);
    expect(tables.get('model-and-readers')?.rows.map(([name]) => name)).toEqual(['Any hemorrhage']);
  });

  it('calls are at the threshold that they were made with, readers decide', async () => {
    const lines = [...model, ...decisions('Dr', all), subject('S1', 'subdural', 1, 'model', '0.4')];
    const rest = [3, 5, 7, 9, 11].map((k) => subject(`S${k}`, 'subdural', 0, 'model', '0.4'));
    const called = [2, 4, 6, 8].map((k) => subject(`S${k}`, 'subdural', 0, 'model', '0.4'));
    const { tables } = await evaluated([...lines, ...rest, ...called], { threshold: 0.3 });
    const threshold = (id: string, source: string, name: string) =>
      cell(tables.get(id), [name, source], 'Threshold');
    expect(threshold('cascade-subject-level-confusion', 'model, cascade', 'Subdural')).toBe('0.3');
    expect(threshold('subject-level-confusion', 'model', 'Any hemorrhage')).toBe('0.3');
    expect(threshold('subject-level-confusion', 'Dr', 'Any hemorrhage')).toBe('decisions');
  });

  it('a subtype that nobody looked for is not absent, a covariate is told with how many have it', async () => {
    const labelled = ['intraparenchymal', 'intraventricular', 'epidural', 'subarachnoid'];
    const of = (k: number, names: readonly string[]) => [
      subject(`S${k}`, 'subdural', 1, 'model', '0.8'),
      ...names.map((name) => subject(`S${k}`, name, 0, 'model', '0.2')),
    ];
    const aged = `${subject('S0', 'anyHemorrhage', 0, 'model', '0.0').slice(0, -1)},f`;
    const { tables } = await evaluated([aged, ...model.slice(1), ...of(1, labelled), ...of(3, ['epidural'])]);
    expect(cell(tables.get('subgroups'), ['one subtype'], 'Studies')).toBe('1');
    expect(cell(tables.get('alone-and-mixed'), ['Subdural', 'alone'], 'Cases')).toBe('1');
    expect(tables.get('demographics')?.rows[1]?.[0]).toBe('sex (known of 1): f');
  });
});

describe('output', () => {
  it('says where there is nothing of subjects', async () => {
    const slices = [0, 1].map((truth) => `S${truth},S${truth},3,anyHemorrhage,${truth},model,0.${truth},,,,`);
    const { tables } = await evaluated(slices);
    expect(tables.get('flow')?.notes).toEqual([
      'Every row is of a slice: subjects, whose rows have no slice, are not judged.',
    ]);
  });

  it('chooses operating points on one set and applies them to another', async () => {
    const lines = Array.from({ length: 24 }, (_, k) =>
      subject(
        `S${k}`,
        'anyHemorrhage',
        k % 2,
        'model',
        `${(k % 2) * 0.3 + (k % 12) / 24}`,
        k < 12 ? 'validation' : 'test',
      ),
    );
    const { tables, evaluation } = await evaluated(lines);
    const table = tables.get('operating-points');
    expect(table?.columns).toContain('Sensitivity on test');
    expect(table?.notes[0]).toMatch(/Chosen on set validation, applied unchanged to set test/);
    expect(evaluation.methods).toMatch(/were chosen on set validation/);
    expect(evaluation.methods).not.toMatch(/Tests are two-sided/);
    expect(cellText(table?.rows[0]?.[2] ?? '')).toBe('0.425');
    const third = { id: 't', title: '', columns: ['Threshold'], rows: [[toFourDigits(1 / 3)]], notes: [] };
    expect(tableCsv(third)).toBe(`Threshold\r\n${1 / 3}\r\n`);
    expect(tableMarkdown(third)).toContain('| 0.3333 |');
    expect((await evaluated(lines, { chooseOn: 'test' })).tables.get('operating-points')?.notes[0]).toMatch(
      /optimistic/,
    );
  });

  it('holds report, tables in three forms, figures and methods, and escapes hostile texts', async () => {
    const lines = Array.from({ length: 12 }, (_, k) =>
      subject(`S${k}`, 'anyHemorrhage', k % 2, '<script>alert(1)</script>', `${k / 12}`),
    );
    const { evaluation, opinions } = await evaluated(lines);
    const files = new Map(outputFiles(evaluation, opinions).map((file) => [file.path, file.text]));
    expect(files.get('report.html')).not.toContain('<script>alert');
    expect(files.get('report.html')).toContain('&lt;script&gt;alert');
    for (const path of [
      'methods.txt',
      'tables/subject-level.csv',
      'tables/claim.md',
      'tables/flow.tex',
      'figures/roc-subject-anyHemorrhage.svg',
    ]) {
      expect(files.has(path), path).toBe(true);
    }
  });

  it('writes cells so that CSV, Markdown and LaTeX read them back', () => {
    const table: Table = {
      id: 't',
      title: 'A & B',
      columns: ['=x', 'AUC'],
      rows: [
        ['a|b, "c"', { value: 0.5, low: 0.25, high: 0.75 }],
        ['50%', { empty: 'no positives' }],
      ],
      notes: [],
    };
    expect(tableCsv(table)).toBe(
      '\'=x,AUC,AUC low,AUC high,AUC note\r\n"a|b, ""c""",0.5,0.25,0.75,\r\n50%,,,,no positives\r\n',
    );
    expect(tableMarkdown(table)).toContain('| a\\|b, "c" | 0.50 (0.25 to 0.75) |');
    expect(tableLatex(table)).toContain('50\\% & -- (no positives) \\\\');
  });
});

describe('triage', () => {
  it('shortens the wait of hemorrhages and lengthens that of the others', () => {
    const room = { arrivalsPerHour: 5, readingMinutes: 10, modelMinutes: 0.5, studies: 5000 };
    const found = simulateTriage(room, { sensitivity: 0.95, specificity: 0.9 }, 0.1, 1);
    expect(found.withModel.mean).toBeLessThan(0.5 * found.inOrder.mean);
    expect(found.othersWithModel).toBeGreaterThan(found.inOrder.mean);
  });

  it.each([
    [5, 50],
    [3, 10],
  ])(
    'of %i studies an hour is that of the queue M/M/1, to its standard error',
    (arrivalsPerHour, minutes) => {
      const room = { ...DEFAULT_OPTIONS.readingRoom, arrivalsPerHour };
      const { inOrder, standardError } = simulateTriage(room, { sensitivity: 1, specificity: 1 }, 0.1, 1);
      // load / (rate of readings - arrivals)
      expect(Math.abs(inOrder.mean - minutes)).toBeLessThan(3 * standardError);
      expect(standardError).toBeLessThan(0.05 * minutes);
      const load = arrivalsPerHour / 6;
      expect(inOrder.ninetieth / ((10 * Math.log(load / 0.1)) / (1 - load))).toBeCloseTo(1, 1);
    },
  );

  it('changes nothing with a model that flags nothing', () => {
    const room = { arrivalsPerHour: 5, readingMinutes: 10, modelMinutes: 0, studies: 500 };
    const found = simulateTriage(room, { sensitivity: 0, specificity: 1 }, 1, 2);
    expect(found.withModel).toEqual(found.inOrder);
  });
});
