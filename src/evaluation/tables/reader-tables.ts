import { isEmpty, summarise } from '../../statistics/index.ts';
import { CLASS_NAMES } from '../opinions/opinion-row.ts';
import { classLabel, type Judged, measureOf } from './performance-tables.ts';
import type { Cell, Table } from './table.ts';

/** Mean and standard deviation (n - 1) over the readers, as the paper's Table 3. */
export function readerMeans(judged: readonly Judged[]): Table[] {
  const names = ['accuracy', 'sensitivity', 'specificity', 'f1', 'oneThresholdAuc'] as const;
  const readers = judged.filter((one) => one.decisionsOnly && one.level === 'subject');
  const rows = CLASS_NAMES.flatMap((className) => {
    const own = readers.filter((one) => one.className === className);
    if (own.length < 2) return [];
    return [
      [classLabel(className), own.length, ...names.map((name) => meanAndDeviation(own, name))] as Cell[],
    ];
  });
  if (rows.length === 0) return [];
  return [
    {
      id: 'reader-means',
      title: 'Readers: mean \u00b1 standard deviation',
      columns: ['Class', 'Readers', 'Accuracy', 'Sensitivity', 'Specificity', 'F1', 'One-threshold AUC'],
      rows,
      notes: [
        'Standard deviation over the readers, with n \u2013 1; each reader counts on the cases that they read.',
      ],
    },
  ];
}

function meanAndDeviation(
  judged: readonly Judged[],
  name: 'accuracy' | 'sensitivity' | 'specificity' | 'f1' | 'oneThresholdAuc',
): Cell {
  const values = judged.map((one) => measureOf(one, name)).filter((m) => 'value' in m);
  if (values.length < judged.length) return { empty: 'a reader has no value' };
  const summary = summarise(values.map((m) => m.value));
  if (isEmpty(summary) || typeof summary.standardDeviation !== 'number') return { empty: 'one reader only' };
  return `${summary.mean.toFixed(2)} \u00b1 ${summary.standardDeviation.toFixed(2)}`;
}
