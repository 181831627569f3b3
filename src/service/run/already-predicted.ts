import { operatingPointOf } from '../../network/index.ts';
import { recordedStudies } from '../folder/study-rows.ts';
import type { OpenModel } from '../open-model.ts';

/** The keys of the studies that `out` has a prediction of, by this model at this operating point. */
export async function alreadyPredicted(
  out: string,
  { model, operatingPoint }: { model: OpenModel; operatingPoint?: number | string | undefined },
): Promise<ReadonlySet<string>> {
  const { probability } = operatingPointOf(model.card, operatingPoint);
  const keys = (await recordedStudies(out)).flatMap(({ record }) => {
    if (record === 'damaged' || record.outcome !== 'predicted') return [];
    const alike = record.model.sha256 === model.sha256 && record.operatingPoint === probability;
    return alike ? [record.studyKey] : [];
  });
  return new Set(keys);
}
