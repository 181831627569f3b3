import { at } from '../../base/index.ts';
import { counted, createCheck, type StudyCheck } from '../checks/checks.ts';
import { normalOf, placesText, SAME_PLACE_MM, stackOf } from '../geometry/stack.ts';
import { dot, medianOf } from '../geometry/vectors.ts';
import { kernelGroups } from '../headers/kernels.ts';
import { type PlacedSlice, pathsOf } from '../headers/slice-header.ts';

/** A place nearer to a slice than this share of the usual step is shown by it. */
const SHOWN_SHARE = 0.6;

/**
 * The largest group of one kernel stays, of two as large the soft one; of others what lies where none that stays does: scanners reconstruct the skull
 * base with a kernel of its own, or the whole head twice.
 */
export function ofOneKernel(slices: readonly PlacedSlice[], checks: StudyCheck[]): readonly PlacedSlice[] {
  const [largest, ...others] = kernelGroups(slices);
  if (largest === undefined || others.length === 0) return slices;
  const normal = normalOf(at(largest, 0));
  const place = (slice: PlacedSlice) => dot(slice.imagePositionPatient, normal);
  const nearestMm = SHOWN_SHARE * usualStepMm(largest);
  const kept = [...largest];
  for (const group of others) {
    const [filling, shown]: [PlacedSlice[], PlacedSlice[]] = [[], []];
    for (const slice of group.toSorted((a, b) => place(a) - place(b))) {
      const isShown = kept.some((other) => Math.abs(place(other) - place(slice)) < nearestMm);
      (isShown ? shown : filling).push(slice);
      if (!isShown) kept.push(slice);
    }
    checks.push(...kernelCheck('kernel-changes', filling, 'kept', largest));
    checks.push(...kernelCheck('mixed-kernel', shown, 'left out', largest));
  }
  return kept;
}

function usualStepMm(slices: readonly PlacedSlice[]): number {
  const steps = stackOf(slices).normalStepsMm.filter((mm) => mm > SAME_PLACE_MM);
  return steps.length > 0 ? medianOf(steps) : 0;
}

function kernelCheck(
  code: 'kernel-changes' | 'mixed-kernel',
  slices: readonly PlacedSlice[],
  fate: string,
  largest: readonly PlacedSlice[],
): StudyCheck[] {
  const kernelOf = ([slice]: readonly PlacedSlice[]) => slice?.kernel || 'not given';
  if (slices.length === 0) return [];
  const text = `${counted(slices.length, 'slice')} of kernel ${kernelOf(slices)} ${fate}, at ${placesText(slices)}; the others have ${kernelOf(largest)}`;
  return [createCheck(code, text, { files: pathsOf(slices) })];
}
