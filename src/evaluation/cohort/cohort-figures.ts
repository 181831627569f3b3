import { HEMORRHAGE_CLASSES } from '../../base/index.ts';
import type { ScanSummary } from '../../cohort/index.ts';
import { countBarsChart, forestChart, valueHistogram } from '../../figures/index.ts';
import type { Table } from '../tables/table.ts';
import { countClass, type ScanGroup } from './distribution-tables.ts';

export interface CohortFigure {
  readonly id: string;
  readonly caption: string;
  readonly svg: string;
}

/** What the tables say, drawn; a figure without data is left out. */
export async function cohortFigures(
  groups: readonly ScanGroup[],
  agreement: readonly Table[],
): Promise<CohortFigure[]> {
  const scans = groups.flatMap((group) => group.scans);
  const figures = [
    countsFigure(groups, 'subjects'),
    countsFigure(groups, 'slices'),
    histogramFigure(scans, 'age', 'age (years)', ({ covariates }) => numberIn(covariates.age)),
    histogramFigure(scans, 'slice-counts', 'slices of a scan', ({ sliceCount }) => sliceCount),
    histogramFigure(
      scans,
      'spacing',
      'spacing between slices (mm)',
      (scan) => scan.provenance?.sliceSpacingMm,
    ),
    ...agreement.map(agreementFigure),
  ];
  return (await Promise.all(figures)).filter((figure) => figure !== undefined);
}

async function countsFigure(
  groups: readonly ScanGroup[],
  unit: 'subjects' | 'slices',
): Promise<CohortFigure | undefined> {
  const rows = HEMORRHAGE_CLASSES.map(({ name, label }) => ({
    label,
    counts: groups.map(({ scans }) => countClass(scans, name)[unit].positive),
  }));
  if (rows.every(({ counts }) => counts.every((count) => count === 0))) return undefined;
  const caption = `Positive ${unit} by class and part`;
  const series = groups.map(({ name }) => name);
  const svg = await countBarsChart({ id: `positive-${unit}`, measure: `positive ${unit}`, series, rows });
  return { id: `positive-${unit}`, caption, svg };
}

async function histogramFigure(
  scans: readonly ScanSummary[],
  id: string,
  measure: string,
  value: (scan: ScanSummary) => number | undefined,
): Promise<CohortFigure | undefined> {
  const of = (bleeds: boolean) =>
    scans.filter(({ subject }) => subject.anyHemorrhage === bleeds).flatMap((scan) => value(scan) ?? []);
  const groups = [
    { label: 'without hemorrhage', values: of(false) },
    { label: 'with hemorrhage', values: of(true) },
  ].filter(({ values }) => values.length > 0);
  if (groups.length === 0) return undefined;
  const shown = groups.reduce((sum, { values }) => sum + values.length, 0);
  const missing = scans.length - shown;
  const rest =
    missing === 0 ? '' : `; ${missing} of ${scans.length} are not shown, without a number or a label`;
  return { id, caption: `Scans by ${measure}${rest}`, svg: await valueHistogram({ id, measure, groups }) };
}

function numberIn(text: string | undefined): number | undefined {
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** The kappas of the agreement table with their intervals. */
async function agreementFigure(table: Table): Promise<CohortFigure | undefined> {
  const rows = table.rows.flatMap((row) => {
    const kappa = row.at(-1);
    if (typeof kappa !== 'object' || !('value' in kappa) || !Number.isFinite(kappa.low)) return [];
    return [{ label: row.slice(0, 3).join(', '), estimate: kappa.value, low: kappa.low, high: kappa.high }];
  });
  if (rows.length === 0) return undefined;
  const svg = await forestChart({ id: table.id, measure: '\u03ba', rows });
  return { id: table.id, caption: table.title, svg };
}
