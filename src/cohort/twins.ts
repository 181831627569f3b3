import { patientKey, studyKey } from './cohort.ts';
import { type CohortCheck, cohortCheck } from './cohort-checks.ts';
import type { CohortStudy } from './cohort-study.ts';
import type { ScanRecord } from './store/scan-record.ts';

/** A study as patientKey and studyKey name it. */
interface NamedStudy {
  readonly study: string;
  readonly patient: string;
}

const twinText = (one: NamedStudy, other: NamedStudy): string =>
  `study ${one.study} of patient ${one.patient} has the same images as study ${other.study} of patient ${other.patient}`;

const named = (study: CohortStudy): NamedStudy => ({ study: studyKey(study), patient: patientKey(study) });

/**
 * A check for each study whose images another patient of its source has too, by where they lie. What two sources share
 * is told by the column patientSource.
 */
export function twinsByPlace(studies: readonly CohortStudy[]): Map<CohortStudy, CohortCheck> {
  const byPlace = Map.groupBy(studies, ({ source, images }) => [source, ...images.paths].join('\n'));
  const pairs = [...byPlace.values()].flatMap((alike) =>
    alike.flatMap((study) => {
      const other = alike.find((one) => patientKey(one) !== patientKey(study));
      return other === undefined ? [] : [[study, other] as const];
    }),
  );
  const code = 'images-of-two-patients';
  return new Map(
    pairs.map(([study, other]) => {
      const text = twinText(named(study), named(other));
      return [study, cohortCheck(code, text, study.study, study.source)];
    }),
  );
}

/** Finds scans of two patients of a source that are alike in every voxel, as they come. */
export function createTwinWatch(stored: readonly ScanRecord[]) {
  const keyOf = ({ source, sha256 }: ScanRecord): string => `${source} ${sha256}`;
  const byVoxels = new Map(stored.map((scan) => [keyOf(scan), scan]));
  return {
    /** The other patient's scan, and what is to be said of each; undefined where there is none. */
    find: (scan: ScanRecord): readonly (readonly [ScanRecord, CohortCheck])[] => {
      const other = byVoxels.get(keyOf(scan));
      // Its own older record may have another patient: a code that was corrected
      if (other === undefined || other.patient === scan.patient || other.study === scan.study) {
        byVoxels.set(keyOf(scan), scan);
        return [];
      }
      return [
        [other, cohortCheck('images-of-two-patients', twinText(other, scan))],
        [scan, cohortCheck('images-of-two-patients', twinText(scan, other))],
      ];
    },
  };
}
