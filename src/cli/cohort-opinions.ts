import { HEMORRHAGE_CLASSES } from '../base/index.ts';
import type { KnownLabels, ScanSummary, StudyLabels } from '../cohort/index.ts';
import { OpinionCollector, type OpinionRow, type Opinions } from '../evaluation/index.ts';

/**
 * A cohort's labels as the evaluation's tables take them: the subjects of all scans, and every reader's rows of
 * subjects and slices. Where a scan has no readers, its reference is one by name.
 */
export function opinionsOfScans(scans: readonly ScanSummary[]): Opinions {
  const collector = new OpinionCollector();
  let line = 1;
  for (const scan of scans) {
    const readers = scan.readers ?? { reference: { subject: scan.subject } };
    for (const [reader, labels] of Object.entries(readers)) {
      for (const row of rowsOf(scan, reader, labels)) collector.add(row, ++line);
    }
  }
  return collector.finish();
}

function rowsOf(scan: ScanSummary, reader: string, labels: StudyLabels): OpinionRow[] {
  const subject = rowsOfUnit(scan, reader, scan.subject, labels.subject);
  const slices = (labels.slices ?? []).flatMap((own, i) =>
    rowsOfUnit(scan, reader, scan.slices?.[i] ?? {}, own).map((row) => ({ ...row, slice: i + 1 })),
  );
  return [...subject, ...slices];
}

/** A row a class that both the reference and the reader know. */
function rowsOfUnit(
  { study, patient, covariates }: ScanSummary,
  reader: string,
  reference: KnownLabels,
  said: KnownLabels,
): OpinionRow[] {
  return HEMORRHAGE_CLASSES.flatMap(({ name }): OpinionRow[] => {
    const [truth, decision] = [reference[name], said[name]];
    if (truth === undefined || decision === undefined) return [];
    return [
      {
        ...covariates,
        patient,
        study,
        reader,
        class: name,
        reference: truth ? 1 : 0,
        decision: decision ? 1 : 0,
      },
    ];
  });
}
