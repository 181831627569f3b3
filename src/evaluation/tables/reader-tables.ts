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
    const groups = groupsOf(own);
    const rowOf = (group: string, members: readonly Judged[]): Cell[] => [
      classLabel(className),
      group,
      members.length,
      ...names.map((name) => meanAndDeviation(members, name)),
    ];
    const byAid = [...Map.groupBy(own, ({ aid }) => aid)];
    const some = groups.size <= byAid.length ? [] : [...groups].filter(([, members]) => members.length > 1);
    return [
      ...some.map(([group, members]) => rowOf(group, members)),
      ...byAid
        .filter(([, members]) => members.length > 1)
        .map(([aid, members]) => rowOf(withAid('all', aid), members)),
    ];
  });
  if (rows.length === 0) return [];
  return [
    {
      id: 'reader-means',
      title: 'Readers: mean \u00b1 standard deviation',
      columns: [
        'Class',
        'Group',
        'Readers',
        'Accuracy',
        'Sensitivity',
        'Specificity',
        'F1',
        'One-threshold AUC',
      ],
      rows,
      notes: [
        'Standard deviation over the readers, with n \u2013 1; each reader counts on the cases that they read. A group is the readers whose names differ only in a number or letter at the end (JRT 1, JRT 2); a reader alone is in the table of performance.',
      ],
    },
  ];
}

/** Readers by their names without the number or letter at the end. */
function groupsOf(readers: readonly Judged[]): ReadonlyMap<string, readonly Judged[]> {
  return Map.groupBy(readers, ({ source, aid }) => {
    const name = aid === undefined ? source : source.slice(0, -withAid('', aid).length);
    return withAid(name.replace(/[\s_-]*(\d+|\b[A-Z])$/, '') || name, aid);
  });
}

const withAid = (name: string, aid: string | undefined): string =>
  aid === undefined ? name : `${name} with ${aid}`;

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
