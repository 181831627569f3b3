import { HEMORRHAGE_CLASSES, type HemorrhageName } from '../../base/index.ts';
import type { KnownLabels, Provenance, ScanSummary } from '../../cohort/index.ts';
import type { Cell, Table } from '../tables/table.ts';

/** Scans under a heading: a part of a split, or all. */
export interface ScanGroup {
  readonly name: string;
  readonly scans: readonly ScanSummary[];
}

interface Count {
  readonly positive: number;
  readonly negative: number;
  readonly unlabelled: number;
}

/**
 * Subjects and slices by class and part, total (positive : negative), as the paper counts them: subtypes among the
 * subjects with hemorrhage and their slices (supplementary Table 2).
 */
export function distributionTable(groups: readonly ScanGroup[]): Table {
  const rows = HEMORRHAGE_CLASSES.map(({ name, abbreviation }): Cell[] => [
    abbreviation,
    ...groups.flatMap(({ scans }) => {
      const { subjects, slices } = countClass(scans, name);
      return [countText(subjects), countText(slices)];
    }),
  ]);
  const unlabelled = HEMORRHAGE_CLASSES.flatMap(({ name, label }) => {
    const count = groups.reduce((sum, { scans }) => sum + countClass(scans, name).subjects.unlabelled, 0);
    return count === 0 ? [] : [`${label}: ${count} subjects are not labelled and not counted.`];
  });
  return {
    id: 'distribution',
    title: 'Subjects and slices by class: total (positive:negative)',
    columns: ['', ...groups.flatMap(({ name }) => [`${name}: subjects`, `${name}: slices`])],
    rows,
    notes: ['Subtypes are counted among the subjects with hemorrhage and their slices.', ...unlabelled],
  };
}

/** Subjects and slices of a class among those on which it is judged. */
export function countClass(scans: readonly ScanSummary[], name: HemorrhageName) {
  const judged = name === 'anyHemorrhage' ? scans : scans.filter(({ subject }) => subject.anyHemorrhage);
  return {
    subjects: countLabels(
      judged.map(({ subject }) => subject),
      name,
    ),
    slices: countLabels(
      judged.flatMap(({ slices }) => slices ?? []),
      name,
    ),
  };
}

function countLabels(labels: readonly KnownLabels[], name: HemorrhageName): Count {
  const of = (value: boolean | undefined) =>
    labels.reduce((sum, own) => sum + Number(own[name] === value), 0);
  return { positive: of(true), negative: of(false), unlabelled: of(undefined) };
}

const countText = ({ positive, negative }: Count): string =>
  positive + negative === 0 ? '\u2013' : `${positive + negative} (${positive}:${negative})`;

/** How the scans of each source were made (supplementary Table 1); known of imported scans alone. */
export function protocolTable(scans: readonly ScanSummary[]): Table {
  const bySource = [...Map.groupBy(scans, ({ source }) => source)];
  const rows = PROTOCOL_ROWS.map(({ label, value }): Cell[] => [
    label,
    ...bySource.map(([, own]) => value(own) || '\u2013'),
  ]);
  const unread = scans.filter(({ provenance }) => provenance === undefined).length;
  const notes =
    unread > 0
      ? [`${unread} of ${scans.length} scans are not imported: nothing is known of their making.`]
      : [];
  return {
    id: 'protocol',
    title: 'How the scans were made',
    columns: ['', ...bySource.map(([source]) => source)],
    rows,
    notes,
  };
}

const PROTOCOL_ROWS: readonly {
  readonly label: string;
  readonly value: (scans: readonly ScanSummary[]) => string;
}[] = [
  { label: 'Scans', value: (scans) => String(scans.length) },
  { label: 'Patients', value: (scans) => String(new Set(scans.map(({ patient }) => patient)).size) },
  { label: 'Manufacturer', value: namesOf((made) => made.manufacturer) },
  { label: 'Scanner model', value: namesOf((made) => made.model) },
  { label: 'Kernel', value: namesOf((made) => made.kernel) },
  { label: 'Slice thickness (mm)', value: rangeOf(({ provenance }) => provenance?.sliceThicknessMm) },
  { label: 'Spacing between slices (mm)', value: rangeOf(({ provenance }) => provenance?.sliceSpacingMm) },
  { label: 'Number of slices', value: rangeOf(({ sliceCount }) => sliceCount) },
  { label: 'Exposure time (ms)', value: rangeOf(({ provenance }) => provenance?.exposureMs) },
];

/** The ten most frequent names, with their scans. */
function namesOf(name: (made: Provenance) => string | undefined) {
  return (scans: readonly ScanSummary[]): string => {
    const known = scans.flatMap(({ provenance }) => (provenance && name(provenance)) ?? []);
    const counts = [...Map.groupBy(known, (own) => own)].sort((a, b) => b[1].length - a[1].length);
    const shown = counts.slice(0, 10).map(([own, all]) => `${own} (${all.length})`);
    return [...shown, ...(counts.length > 10 ? [`${counts.length - 10} more`] : [])].join(', ');
  };
}

function rangeOf(value: (scan: ScanSummary) => number | undefined) {
  return (scans: readonly ScanSummary[]): string => {
    const known = scans.flatMap((scan) => value(scan) ?? []);
    if (known.length === 0) return '';
    const [low, high] = known.reduce(([least, most], v) => [Math.min(least, v), Math.max(most, v)] as const, [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ] as readonly [number, number]);
    const shown = (v: number) => String(Number(v.toFixed(3)));
    return low === high ? shown(low) : `${shown(low)}\u2013${shown(high)}`;
  };
}
