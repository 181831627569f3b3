/**
 * Which integer counts fit the rounded rates that the paper prints (Ye et al. 2019, Tables 3, S3 and S4)?
 *
 *     node bench/paper-numbers.ts > docs/paper-numbers.md
 *
 * Positives and negatives are those of supplementary Table 2. A row fits where true positives and true negatives exist
 * whose accuracy, sensitivity, specificity and F1 all round to what is printed; of one-threshold sources (readers, and
 * the 2-D rivals, whose subjects are positive as soon as one slice is) the AUC too, as (sensitivity + specificity) / 2.
 */
import { PAPER_TABLES } from '../src/experiment/index.ts';

interface Row {
  readonly table: string;
  readonly className: string;
  readonly source: string;
  /** Accuracy, sensitivity, specificity, F1, AUC as printed. */
  readonly printed: readonly [number, number, number, number, number];
  readonly oneThreshold: boolean;
}

interface Fit {
  readonly truePositives: number;
  readonly trueNegatives: number;
}

/** Positives and negatives of the test set, supplementary Table 2. */
const SUBJECTS: Readonly<Record<string, readonly [number, number]>> = {
  ICH: [194, 105],
  CPH: [145, 49],
  SAH: [86, 108],
  EDH: [13, 181],
  SDH: [36, 158],
  IVH: [67, 127],
};
const SLICES: Readonly<Record<string, readonly [number, number]>> = {
  ICH: [5208, 2799],
  CPH: [982, 4226],
  SAH: [811, 4397],
  EDH: [108, 5100],
  SDH: [422, 4786],
  IVH: [583, 4625],
};

const TABLE_3 = `
ICH|Model (Sub-Lab)|.99 .98 .99 .99 1|0
ICH|Model (Sli-Lab)|.99 .99 .99 .99 1|0
ICH|JRT 1|.94 .91 1 .95 .96|1
ICH|JRT 2|.97 .97 .97 .98 .97|1
ICH|JRT 3|.97 .95 1 .97 .97|1
ICH|SR|1 1 1 1 1|1
CPH|Model (Sub-Lab)|.88 .90 .82 .92 .94|0
CPH|Model (Sli-Lab)|.90 .92 .83 .93 .94|0
CPH|JRT 1|.84 .79 1 .88 .89|1
CPH|JRT 2|.92 .92 .90 .94 .91|1
CPH|JRT 3|.87 .86 .90 .91 .88|1
CPH|SR|.95 .98 .86 .97 .92|1
SAH|Model (Sub-Lab)|.75 .65 .82 .70 .82|0
SAH|Model (Sli-Lab)|.83 .69 .94 .78 .89|0
SAH|JRT 1|.62 .19 .96 .30 .57|1
SAH|JRT 2|.81 .58 1 .74 .79|1
SAH|JRT 3|.65 .27 .95 .40 .61|1
SAH|SR|.96 .95 .96 .95 .96|1
EDH|Model (Sub-Lab)|.92 .69 .94 .55 .90|0
EDH|Model (Sli-Lab)|.96 .69 .98 .72 .94|0
EDH|JRT 1|.97 .54 1 .73 .77|1
EDH|JRT 2|.98 .77 1 .87 .88|1
EDH|JRT 3|.96 .85 .97 .73 .91|1
EDH|SR|.99 .92 1 .96 .96|1
SDH|Model (Sub-Lab)|.87 .61 .93 .64 .91|0
SDH|Model (Sli-Lab)|.94 .86 .96 .84 .96|0
SDH|JRT 1|.88 .53 .96 .62 .75|1
SDH|JRT 2|.94 .75 .99 .83 .87|1
SDH|JRT 3|.91 .50 1 .67 .75|1
SDH|SR|.98 .94 .99 .96 .97|1
IVH|Model (Sub-Lab)|.84 .66 .94 .74 .84|0
IVH|Model (Sli-Lab)|.91 .84 .95 .87 .93|0
IVH|JRT 1|.83 .57 .97 .70 .77|1
IVH|JRT 2|.92 .82 .98 .88 .90|1
IVH|JRT 3|.88 .72 .97 .81 .84|1
IVH|SR|.96 1 .94 .94 .97|1`;

/** Rows that Table 3 has as well. */
const IN_TABLE_3 = ['CNN-RNN (Sub-Lab)', 'CNN-RNN (Sli-Lab)'];
/** Their subjects' AUC is that of one threshold. */
const BY_SLICE = ['2D VGG16', 'GoogleNet'];

function supplementRows(table: string, level: 'subject' | 'slice', left: readonly string[]): Row[] {
  return PAPER_TABLES[level]
    .filter(({ network }) => !left.includes(network))
    .map(({ className, network, printed }) => ({
      table,
      className,
      source: network,
      printed,
      oneThreshold: level === 'subject' && BY_SLICE.includes(network),
    }));
}

function rowsOf(table: string, text: string): Row[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [className, source, figures, flag] = line.split('|') as [string, string, string, string];
      return {
        table,
        className,
        source,
        printed: figures.split(' ').map(Number) as unknown as Row['printed'],
        oneThreshold: flag === '1',
      };
    });
}

/** Rounds to two digits, a half either way: the paper's rounding is not known. */
const prints = (value: number, printed: number): boolean => Math.abs(value - printed) <= 0.005 + 1e-12;

function fitsOf(row: Row, positives: number, negatives: number): Fit[] {
  const [accuracy, sensitivity, specificity, f1, area] = row.printed;
  const counts = (among: number, rate: number): number[] =>
    Array.from({ length: among + 1 }, (_, k) => k).filter((k) => prints(k / among, rate));
  return counts(positives, sensitivity).flatMap((truePositives) =>
    counts(negatives, specificity)
      .map((trueNegatives) => ({ truePositives, trueNegatives }))
      .filter(({ trueNegatives }) => {
        const errors = positives - truePositives + negatives - trueNegatives;
        const own = (truePositives / positives + trueNegatives / negatives) / 2;
        return (
          prints((truePositives + trueNegatives) / (positives + negatives), accuracy) &&
          prints((2 * truePositives) / (2 * truePositives + errors), f1) &&
          (!row.oneThreshold || prints(own, area))
        );
      }),
  );
}

/** Which of the printed figures keep a row from fitting: those without which it would fit. */
function culprits(row: Row, positives: number, negatives: number): string {
  const names = ['accuracy', 'sensitivity', 'specificity', 'F1', 'AUC'];
  const without = names.filter((_, left) => {
    if (left === 4 && !row.oneThreshold) return false;
    return fitsWithout(row, positives, negatives, left);
  });
  return without.length === 0
    ? 'no single figure is to blame'
    : `would fit without its ${without.join(', or without its ')}`;
}

function fitsWithout(row: Row, positives: number, negatives: number, left: number): boolean {
  for (let tp = 0; tp <= positives; tp++) {
    for (let tn = 0; tn <= negatives; tn++) {
      const [se, sp] = [tp / positives, tn / negatives];
      const values = [
        (tp + tn) / (positives + negatives),
        se,
        sp,
        (2 * tp) / (2 * tp + positives - tp + negatives - tn),
        (se + sp) / 2,
      ];
      if (
        values.every(
          (value, k) =>
            k === left || (k === 4 && !row.oneThreshold) || prints(value, row.printed[k] as number),
        )
      )
        return true;
    }
  }
  return false;
}

const range = (values: readonly number[]): string => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? String(low) : `${low}\u2013${high}`;
};

function line(row: Row, positives: number, negatives: number): string {
  const fits = fitsOf(row, positives, negatives);
  const verdict = fits.length === 0 ? '**none**' : fits.length === 1 ? 'unique' : `${fits.length} fits`;
  const errors =
    fits.length === 0
      ? culprits(row, positives, negatives)
      : `${range(fits.map((f) => positives - f.truePositives))} missed, ${range(fits.map((f) => negatives - f.trueNegatives))} false alarms`;
  return `| ${row.className} | ${row.source} | ${row.printed.map((n) => n.toFixed(2)).join(' ')} | ${positives}:${negatives} | ${verdict} | ${errors} |`;
}

const HEAD =
  '| Class | Source | Printed: accuracy, sensitivity, specificity, F1, AUC | Positive:negative | Counts | Errors |\n|---|---|---|---|---|---|';

function tableText(
  rows: readonly Row[],
  counts: Readonly<Record<string, readonly [number, number]>>,
): string {
  return [HEAD, ...rows.map((row) => line(row, ...(counts[row.className] as [number, number])))].join('\n');
}

function summaryText(
  name: string,
  rows: readonly Row[],
  counts: Readonly<Record<string, readonly [number, number]>>,
): string {
  const numbers = rows.map((row) => fitsOf(row, ...(counts[row.className] as [number, number])).length);
  const [none, one] = [numbers.filter((n) => n === 0).length, numbers.filter((n) => n === 1).length];
  return `${name}: ${rows.length} rows; ${one} fit uniquely, ${rows.length - one - none} in several ways, ${none} not at all.`;
}

/** The trainees' printed means and deviations against those of the counts that fit. */
function readerMeans(rows: readonly Row[]): string {
  const printed: Record<string, string> = {
    ICH: '.96±.02 .94±.03 .99±.02 .96±.02 .97±.01',
    CPH: '.88±.04 .86±.07 .93±.06 .91±.03 .89±.02',
    SAH: '.69±.10 .35±.21 .97±.03 .48±.23 .66±.12',
    EDH: '.97±.01 .72±.16 .99±.02 .78±.08 .85±.07',
    SDH: '.91±.03 .59±.14 .98±.02 .71±.11 .79±.07',
    IVH: '.88±.05 .70±.13 .97±.01 .80±.09 .84±.07',
  };
  const lines = Object.entries(printed).flatMap(([className, text]) => {
    const [p, n] = SUBJECTS[className] as [number, number];
    const options = ['JRT 1', 'JRT 2', 'JRT 3'].map((source) => {
      const row = rows.find((r) => r.className === className && r.source === source) as Row;
      return fitsOf(row, p, n).map(({ truePositives: tp, trueNegatives: tn }) => [
        (tp + tn) / (p + n),
        tp / p,
        tn / n,
        (2 * tp) / (2 * tp + p - tp + n - tn),
        (tp / p + tn / n) / 2,
      ]);
    });
    return ['accuracy', 'sensitivity', 'specificity', 'F1', 'AUC'].map((name, k) => {
      const [mean, deviation] = (text.split(' ')[k] as string).split('±').map(Number) as [number, number];
      const rounded = roundedFits(rows, className, k, mean, deviation);
      if (options.some((o) => o.length === 0)) {
        const verdict = `a trainee's row fits no counts; ${rounded ? 'fits' : 'does not fit'} the printed rates`;
        return `| ${className} | ${name} | ${mean.toFixed(2)} ± ${deviation.toFixed(2)} | ${verdict} |`;
      }
      const [a, b, c] = options as [number[][], number[][], number[][]];
      const found = a.flatMap((x) =>
        b.flatMap((y) =>
          c.map((z) => {
            const v = [x[k], y[k], z[k]] as [number, number, number];
            const m = (v[0] + v[1] + v[2]) / 3;
            const ss = v.reduce((sum, value) => sum + (value - m) ** 2, 0);
            return { m, n1: Math.sqrt(ss / 2), n: Math.sqrt(ss / 3) };
          }),
        ),
      );
      const both = (key: 'n1' | 'n') => found.some((f) => prints(f.m, mean) && prints(f[key], deviation));
      const instead = rounded
        ? 'only from the rates as printed, already rounded'
        : both('n')
          ? 'only with n instead of n – 1'
          : 'does not fit';
      const verdict = both('n1') ? 'fits, n – 1' : `${instead}; the counts give ${nearest(found)}`;
      return `| ${className} | ${name} | ${mean.toFixed(2)} ± ${deviation.toFixed(2)} | ${verdict} |`;
    });
  });
  return ['| Class | Figure | Printed | From the counts |', '|---|---|---|---|', ...lines].join('\n');
}

/** True where mean and deviation (n - 1) follow from the trainees' rates as the table prints them. */
function roundedFits(
  rows: readonly Row[],
  className: string,
  figure: number,
  mean: number,
  deviation: number,
): boolean {
  const values = ['JRT 1', 'JRT 2', 'JRT 3'].map(
    (source) =>
      (rows.find((r) => r.className === className && r.source === source) as Row).printed[figure] as number,
  );
  const own = values.reduce((sum, value) => sum + value, 0) / 3;
  const squares = values.reduce((sum, value) => sum + (value - own) ** 2, 0);
  return prints(own, mean) && prints(Math.sqrt(squares / 2), deviation);
}

function nearest(found: readonly { m: number; n1: number }[]): string {
  const first = found[0] as { m: number; n1: number };
  return `${first.m.toFixed(3)} ± ${first.n1.toFixed(3)}`;
}

/** Slices with hemorrhage in the test set, by the rows of Table S4: the supplement does not print them. */
function positiveSlices(rows: readonly Row[]): string {
  const all = 8007;
  const fitting: number[] = [];
  for (let positives = Math.ceil(0.2 * all); positives <= 0.4 * all; positives++) {
    if (rows.every((row) => fitsOf(row, positives, all - positives).length > 0)) fitting.push(positives);
  }
  const share = (n: number): string => `${((100 * n) / all).toFixed(1)}%`;
  return fitting.length === 0
    ? 'no number of positive slices between 20% and 40% of the 8007 fits all three rows'
    : `all three rows fit ${fitting[0]} to ${fitting.at(-1)} positive slices (${share(fitting[0] as number)} to ${share(fitting.at(-1) as number)} of 8007)`;
}

const t3 = rowsOf('3', TABLE_3);
const s3 = supplementRows('S3', 'subject', IN_TABLE_3);
const s4 = supplementRows('S4', 'slice', []);
const s4Subtypes = s4.filter((row) => row.className !== 'ICH');
const s4Any = s4.filter((row) => row.className === 'ICH');

console.log(`# The paper's own numbers

Made by \`node bench/paper-numbers.ts > docs/paper-numbers.md\`.

Ye et al. (2019) print rates rounded to two digits, not counts. Supplementary Table 2 has the positives and negatives of
the test set. For each row we searched all counts of true positives and true negatives for those whose rates round to
what is printed (a half may round either way). Of sources with one threshold (readers; the 2-D rivals at subject level)
the AUC has to fit too, as (sensitivity + specificity) / 2; of the others the AUC cannot be checked from counts.

- ${summaryText('Table 3', t3, SUBJECTS)}
- ${summaryText('Table S3, rows not in Table 3', s3, SUBJECTS)}
- ${summaryText('Table S4, subtypes', s4Subtypes, SLICES)}
- ${summaryText('Table S4, ICH with the 5208:2799 of Table S2', s4Any, SLICES)} See below.

## Table 3, subjects
${tableText(t3, SUBJECTS)}

## Table S3, subjects (rows that Table 3 does not have)
${tableText(s3, SUBJECTS)}

## Table S4, slices
${tableText(s4, SLICES)}

## The trainees' means and standard deviations (Table 3)
${readerMeans(t3)}
`);
console.log(`## Other figures

What does not add up:
- Table S2 gives the two-type test slices as 8007 (5208:2799), but 5208 is the number of all slices of ICH-positive
  subjects (the five-type rows' total), not of slices with hemorrhage: the text says that 23% of the slices are positive,
  and 5208 of 8007 is ${((100 * 5208) / 8007).toFixed(0)}%. No row of Table S4 for ICH fits 5208:2799; ${positiveSlices(s4Any)}.
- Table S2, SAH, training slices: printed total 39189, but 5629 + 33649 = ${5629 + 33649}, the total of the other subtypes.
- Text: the model found 17, 10 and 5 ICH cases that the three trainees missed, "respectively". Trainee 2's sensitivity of
  0.97 leaves 5 or 6 missed cases, trainee 3's of 0.95 leaves 9 or 10: the 10 and the 5 belong to trainees 3 and 2.
- Text: the model finds 14 of 16, 21 of 23 and 45 of 50 SAH cases of the three trainees, "respectively". The
  sensitivities 0.19, 0.58 and 0.27 of 86 cases are 16, 50 and 23: the last two are exchanged.
- Text: the sensitivity of Sub-Lab is "consistently lower" than that of Sli-Lab for all five subtypes. For EDH both are 0.69.
- Table 3's means of the trainees: those that the counts cannot give mostly follow from the rates after rounding (SAH
  sensitivity: 16, 50 and 23 of 86 have the mean 0.345, which prints as 0.34; the rounded rates give 0.35).
- Discussion: F1 is said not to depend on prevalence. It does, through the PPV.

What adds up: 2102 + 511 + 516 = ${2102 + 511 + 516} scans less 293 are ${3129 - 293}; 2255 + 282 + 299 = ${2255 + 282 + 299} subjects;
1461 + 181 + 194 = ${1461 + 181 + 194} with ICH; 794 + 101 + 105 = ${794 + 101 + 105} without; 60995 + 7619 + 8007 = ${60995 + 7619 + 8007} slices;
448 + 552 = ${448 + 552} and 1195 + 641 = ${1195 + 641} by sex; 94 of 1461 is ${((100 * 94) / 1461).toFixed(1)}% and 758 of 39278 is ${((100 * 758) / 39278).toFixed(1)}% EDH;
11 of 86 is ${((100 * 11) / 86).toFixed(0)}%, 30 of 86 is ${((100 * 30) / 86).toFixed(0)}%, 45 of 86 is ${((100 * 45) / 86).toFixed(0)}%; (17 + 10 + 5) / 3 is ${(32 / 3).toFixed(1)};
14 of 16, 21 of 23 and 45 of 50 are ${(((14 / 16 + 21 / 23 + 45 / 50) / 3) * 100).toFixed(0)}% on average; one false negative and one false positive give 0.99 four times.`);
