import { patientKey, studyKey } from './cohort.ts';
import type { CohortCheck } from './cohort-checks.ts';
import type { CohortStudy, StudyLabels } from './cohort-study.ts';
import type { ImportOptions } from './importer.ts';
import { readCohort } from './importers.ts';
import { isStore, storedScans } from './store/open-store.ts';
import { labelsOfMarks, type Provenance, type ScanRecord } from './store/scan-record.ts';

/** A scan as tables and splits see it, from a store or from a data set's own label files. */
export interface ScanSummary extends StudyLabels {
  readonly study: string;
  /** Unique over data sets. */
  readonly patient: string;
  readonly source: string;
  readonly readers?: Readonly<Record<string, StudyLabels>>;
  readonly covariates: Readonly<Record<string, string>>;
  /** Known once the scan is imported. */
  readonly provenance?: Provenance;
  readonly sliceCount?: number;
}

export interface CohortSummary {
  readonly scans: readonly ScanSummary[];
  /** What the label files showed; nothing of a store, whose import told it. */
  readonly checks: readonly CohortCheck[];
}

/** The scans of a place: a store, a data set's folder or a manifest. Throws as readCohort and storedScans do. */
export async function summariseCohort(place: string, options: ImportOptions = {}): Promise<CohortSummary> {
  if (await isStore(place)) return { scans: (await storedScans(place)).map(ofRecord), checks: [] };
  const { studies, checks } = await readCohort(place, options);
  return { scans: studies.map(ofStudy), checks };
}

function ofStudy(study: CohortStudy): ScanSummary {
  const { source, subject, slices, readers, covariates } = study;
  return {
    study: studyKey(study),
    patient: patientKey(study),
    source,
    subject,
    covariates,
    ...(slices && { slices, sliceCount: slices.length }),
    ...(readers && { readers }),
  };
}

function ofRecord({
  study,
  patient,
  source,
  labels,
  readers,
  covariates,
  provenance,
  slices,
}: ScanRecord): ScanSummary {
  return {
    study,
    patient,
    source,
    covariates,
    provenance,
    sliceCount: slices,
    ...labelsOfRecord(labels),
    ...(readers && {
      readers: Object.fromEntries(
        Object.entries(readers).map(([reader, own]) => [reader, labelsOfRecord(own)] as const),
      ),
    }),
  };
}

const labelsOfRecord = ({ subject, slices }: ScanRecord['labels']): StudyLabels => ({
  subject: labelsOfMarks(subject),
  ...(slices && { slices: slices.map(labelsOfMarks) }),
});
