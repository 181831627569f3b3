import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { DEFAULT_OPTIONS, type EvaluationOptions } from './options.ts';
import { outputFiles } from './output-files.ts';
import { readOpinions } from './read-opinions.ts';
import { cellText, type Table, tableCsv, tableLatex, tableMarkdown, toFourDigits } from './table.ts';
import { simulateTriage } from './triage.ts';

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
    expect(tables.get('triage')?.rows[0]?.slice(1)).toEqual(Array(6).fill('\u2013'));
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
      message: 'There is no reader Dr B; readers in the input: none.',
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
    expect(found.othersWithModel).toBeGreaterThan(found.othersInOrder);
    // first come, first served: M/M/1 at load 5/6 waits load / (rate - arrivals) = 50 minutes on average
    expect(found.inOrder.mean).toBeGreaterThan(25);
    expect(found.inOrder.mean).toBeLessThan(100);
  });

  it('changes nothing with a model that flags nothing', () => {
    const room = { arrivalsPerHour: 5, readingMinutes: 10, modelMinutes: 0, studies: 500 };
    const found = simulateTriage(room, { sensitivity: 0, specificity: 1 }, 0.3, 2);
    expect(found.withModel).toEqual(found.inOrder);
  });
});
