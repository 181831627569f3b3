/** Rows of invented patients, for the scripts that measure how often intervals hold the truth. */
import type { Random } from '../../src/base/index.ts';
import type { JudgedRows } from '../../src/evaluation/index.ts';

/** Rows from which the truth is read where it has no formula. */
export const TRUTH_ROWS = 400_000;

/** Patients of a class, rows of each, and how far the classes lie apart; rows of a patient share half of their variance. */
export interface Design {
  readonly positives: number;
  readonly negatives: number;
  readonly rowsEach: number;
  readonly distance: number;
}

export const design = (positives: number, negatives: number, rowsEach: number, distance: number): Design => ({
  positives,
  negatives,
  rowsEach,
  distance,
});
export function draw(
  { positives, negatives, rowsEach, distance }: Design,
  random: Random,
  times = 1,
): JudgedRows {
  const patientCount = times * (positives + negatives);
  const patients = Uint32Array.from({ length: rowsEach * patientCount }, (_, k) => Math.floor(k / rowsEach));
  const positive = Uint8Array.from(patients, (patient) => Number(patient < times * positives));
  const effects = Float64Array.from({ length: patientCount }, () => random.normal());
  const values = Float64Array.from(patients, (patient, k) => {
    const own = random.normal();
    const error = rowsEach === 1 ? own : ((effects[patient] ?? 0) + own) / Math.SQRT2;
    // calibrated where the classes are as many
    return 1 / (1 + Math.exp(distance * (distance / 2 - (positive[k] ?? 0) * distance - error)));
  });
  return { values, positive, patients, patientCount };
}
