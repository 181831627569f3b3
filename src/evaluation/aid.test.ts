import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { readOpinions } from './opinions/read-opinions.ts';
import { DEFAULT_OPTIONS, type EvaluationOptions } from './options.ts';
import { type Cell, cellText } from './tables/table.ts';

interface GoldenStudy {
  name: string;
  positive: number[];
  patients: number[];
  /** Of the readers with help, then of the same alone. */
  calls: number[][];
  readers: number;
  margin: number;
  found: Record<
    string,
    {
      difference: number;
      interval: number[];
      p: number;
      df: number;
      notInferior: number;
      readers: number;
      interaction: number;
      errors: number[];
    }
  >;
}

/** From R 4.2: ../statistics/golden/readers.R. */
const { studies }: { studies: GoldenStudy[] } = JSON.parse(
  readFileSync(new URL('../statistics/golden/readers.json', import.meta.url), 'utf8'),
);
const FIGURES: Readonly<Record<string, string>> = {
  sensitivity: 'Sensitivity',
  specificity: 'Specificity',
  auc: 'One-threshold AUC',
};

const csv = ({ positive, patients, calls, readers }: GoldenStudy): string =>
  [
    'patient,study,class,reference,reader,aid,decision',
    ...calls.flatMap((own, k) =>
      own.map(
        (call, row) =>
          `P${patients[row]},S${row},anyHemorrhage,${positive[row]},JRT ${(k % readers) + 1},${k < readers ? 'Ichor' : ''},${call}`,
      ),
    ),
  ].join('\n');

async function evaluated(text: string, options: Partial<EvaluationOptions> = {}) {
  const opinions = await readOpinions(Readable.from([`${text}\n`]));
  const evaluation = await evaluate(opinions, {
    ...DEFAULT_OPTIONS,
    replicates: 0,
    readingRoom: { ...DEFAULT_OPTIONS.readingRoom, studies: 500 },
    ...options,
  });
  const tables = new Map(
    evaluation.sections.flatMap(({ tables: own }) => own).map((table) => [table.id, table]),
  );
  return { evaluation, opinions, tables };
}

const differenceOf = (cell: Cell | undefined): number =>
  typeof cell === 'object' && 'value' in cell ? cell.value : Number.NaN;
const exactOf = (cell: Cell | undefined): number =>
  typeof cell === 'object' && 'exact' in cell ? cell.exact : Number.NaN;

describe.each(studies.map((study) => [study.name, study] as const))('%s', (_, study) => {
  it('is as R has it, with components and margin', async () => {
    const { tables, evaluation } = await evaluated(csv(study), { margin: study.margin });
    expect(evaluation.methods).toContain('Readers with and without help');
    for (const [name, expected] of Object.entries(study.found)) {
      const rowOf = (id: string) => tables.get(id)?.rows.find((cells) => cells[4] === FIGURES[name]) ?? [];
      const row = rowOf('aid');
      expect(row.slice(0, 4)).toEqual(['Any hemorrhage', 'Ichor', study.readers, study.positive.length]);
      const difference = row[7] as { value: number; low: number; high: number };
      expect([
        difference.value,
        difference.low,
        difference.high,
        exactOf(row[8]),
        exactOf(row[12]),
      ]).toBeAllClose([expected.difference, ...expected.interval, expected.p, expected.notInferior], {
        absolute: 1e-10,
        relative: 1e-8,
      });
      expect(row[9]).toBe(expected.df.toFixed(1));
      const variances = rowOf('aid-variances').slice(5).map(exactOf);
      expect(variances).toBeAllClose([expected.readers, expected.interaction, ...expected.errors], {
        absolute: 1e-10,
        relative: 1e-8,
      });
    }
  });
});

describe('readers with help', () => {
  const [study] = studies;
  if (study === undefined) throw new Error('there are golden studies');

  it('are left out where they decided one way and rated the other', async () => {
    const cases = Array.from({ length: 30 }, (_, row) => ({ row, bleeds: Number(row % 3 === 0) }));
    const lines = [1, 2, 3].flatMap((reader) =>
      cases.flatMap(({ row, bleeds }) => {
        const start = `P${row},S${row},anyHemorrhage,${bleeds},R${reader}`;
        const decided = row % 7 === reader ? 1 - bleeds : bleeds;
        const rated = reader === 3 ? `,,${decided}` : `,${bleeds ? 0.8 : 0.2},`;
        return [`${start},${rated}`, `${start},Ichor,,${decided}`];
      }),
    );
    const { tables } = await evaluated(
      ['patient,study,class,reference,reader,aid,probability,decision', ...lines].join('\n'),
    );
    // One reader is left, and one alone is no study of readers
    expect(tables.get('aid')).toBeUndefined();
    expect(tables.get('aid-left-out')?.rows).toEqual([
      ['R1', 'Ichor', 'decisions', 'probabilities'],
      ['R2', 'Ichor', 'decisions', 'probabilities'],
    ]);
  });

  it('are sources of their own, a group of their own, and no part of the readers without', async () => {
    const { opinions, tables } = await evaluated(csv(study));
    expect(opinions.readers).toEqual(['JRT 1', 'JRT 2', 'JRT 3', 'JRT 4']);
    expect(opinions.aided.map(({ source }) => source)).toContain('JRT 1 with Ichor');
    const means = tables.get('reader-means')?.rows.map((row) => row.slice(1, 3));
    expect(means).toEqual([
      ['all', 4],
      ['all with Ichor', 4],
    ]);
    expect(tables.get('agreement')?.rows).toHaveLength(7);
    expect(tables.get('aid')?.columns.at(-1)).toBe('p, fixed');
  });

  it('may give ratings; the model of the report is another', async () => {
    const rated = csv(study)
      .replace('decision', 'probability')
      .replace(/,([01])$/gm, (_, call) => `,0.${call}7`);
    const lines = study.positive.map(
      (one, row) => `P${row},S${row},anyHemorrhage,${one},Ichor,,0.${1 + one}`,
    );
    const { evaluation, tables } = await evaluated([rated, ...lines].join('\n'));
    expect(evaluation.model).toBe('Ichor');
    const rows = tables.get('aid')?.rows.map((row) => [row[4], differenceOf(row[7])]);
    expect(rows).toEqual([['AUC', expect.closeTo(study.found.auc?.difference ?? 0, 10)]]);
    expect((await evaluated(rated)).evaluation.model).toBe('');
  });

  it('without a reader who read both ways have no such table', async () => {
    const apart = csv(study).replace(/JRT (\d),Ichor/g, 'SRT $1,Ichor');
    expect((await evaluated(apart)).tables.has('aid')).toBe(false);
    const none = await evaluated(csv(study).replace(/,1,JRT/g, ',0,JRT'));
    expect(cellText(none.tables.get('aid')?.rows[0]?.[5] ?? '')).toContain('fewer than two positives');
  });
});
