import { HEMORRHAGE_CLASSES, type HemorrhageName } from '../../base/index.ts';
import type { KnownLabels, ScanSummary, StudyLabels } from '../../cohort/index.ts';
import { asCovariates, type OpinionRow } from '../opinions/opinion-row.ts';
import { OpinionCollector, type Opinions } from '../opinions/opinions.ts';

/** The subjects' reference standard, with age, sex and what else is told of them: for demographics. */
export function opinionsOfReference(scans: readonly ScanSummary[]): Opinions {
  return collected(
    scans.map((scan) => {
      const { anyHemorrhage } = scan.subject;
      return rowOf(scan, 'reference', 'anyHemorrhage', anyHemorrhage, anyHemorrhage);
    }),
  );
}

/** What every reader says of subjects and slices; of scans that several have read. */
export function opinionsOfReaders(scans: readonly ScanSummary[]): Opinions {
  const rows = scans.flatMap((scan) =>
    Object.entries(scan.readers ?? {}).flatMap(([reader, labels]) => rowsOfReader(scan, reader, labels)),
  );
  return collected(rows);
}

function collected(rows: readonly OpinionRow[]): Opinions {
  const collector = new OpinionCollector();
  for (const [i, row] of rows.entries()) collector.add(row, i + 1);
  return collector.finish();
}

function rowsOfReader(scan: ScanSummary, reader: string, labels: StudyLabels): OpinionRow[] {
  const subject = rowsOfUnit(scan, reader, scan.subject, labels.subject);
  const slices = (labels.slices ?? []).flatMap((own, i) =>
    rowsOfUnit(scan, reader, scan.slices?.[i] ?? {}, own).map((row) => ({ ...row, slice: i + 1 })),
  );
  return [...subject, ...slices];
}

/** A row a class that the reader knows, whether or not the majority does: on a tie it knows none. */
function rowsOfUnit(
  scan: ScanSummary,
  reader: string,
  reference: KnownLabels,
  said: KnownLabels,
): OpinionRow[] {
  return HEMORRHAGE_CLASSES.filter(({ name }) => said[name] !== undefined).map(({ name }) =>
    rowOf(scan, reader, name, reference[name], said[name]),
  );
}

function rowOf(
  { study, patient, covariates }: ScanSummary,
  reader: string,
  name: HemorrhageName,
  truth: boolean | undefined,
  said: boolean | undefined,
): OpinionRow {
  return {
    ...asCovariates(covariates),
    patient,
    study,
    reader,
    class: name,
    ...(truth !== undefined && { reference: truth ? 1 : 0 }),
    ...(said !== undefined && { decision: said ? 1 : 0 }),
  };
}
