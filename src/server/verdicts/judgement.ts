import type { HeldResult, HeldStudy, HeldVerdict, Opinion } from '../../archive/index.ts';

/** A verdict with the result that it is on. */
export interface Judgement {
  readonly verdict: HeldVerdict;
  readonly result: HeldResult;
}

/** All of a study, the oldest first. */
export function judgementsOf({ verdicts, results }: HeldStudy): Judgement[] {
  const byFolder = new Map(results.map((result) => [result.folder, result]));
  return verdicts.flatMap((verdict) => {
    const result = byFolder.get(verdict.folder);
    return result === undefined ? [] : [{ verdict, result }];
  });
}

/** Whether there is a hemorrhage, as the reader says. */
export const saysHemorrhage = ({ opinion }: Opinion, positive: boolean): boolean =>
  opinion === 'agree' ? positive : !positive;

/** Why an opinion cannot be so; undefined where it can. */
export function contradictionIn(opinion: Opinion, positive: boolean, held: HeldStudy): string | undefined {
  const { subtypes = {}, slices = [], sliceNumbers = [] } = opinion;
  const names = Object.entries(subtypes).flatMap(([name, isThere]) => (isThere ? [name] : []));
  if (!saysHemorrhage(opinion, positive)) {
    if (names.length > 0)
      return `it says that there is no hemorrhage, and names ${names.join(', ')}; agree with the hemorrhage and correct its subtypes, or name none`;
    if (slices.length + sliceNumbers.length > 0)
      return 'it says that there is no hemorrhage, and marks slices with one';
  }
  const strangers = slices.filter((slice) => !held.objects.has(slice));
  return strangers.length > 0
    ? `it marks slices that the study does not have (${strangers.length}); expected their SOP Instance UIDs`
    : undefined;
}
