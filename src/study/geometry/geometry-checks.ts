import { at, largestOf } from '../../base/index.ts';
import { counted, createCheck, mmText, type StudyCheck } from '../checks/checks.ts';
import { pathsOf } from '../headers/slice-header.ts';
import { SAME_PLACE_MM, type Stack } from './stack.ts';
import { medianOf } from './vectors.ts';

/** What geometry is taken as it is; published in docs/reading-studies.md. */
export const GEOMETRY_RULES = {
  /** Steps that differ less are even, mm. */
  evenStepsMm: 0.1,
  /** A step this many times the usual one of its thickness lacks a slice, unless the slices are thick enough to meet. */
  missingSliceFactor: 1.5,
  /** More tissue than this missing in one place is refused, mm. */
  largestGapMm: 15,
  /** A larger share of the covered length missing altogether is refused. */
  largestGapShare: 0.2,
  /** Slices nearer than this to the line of the others lie on it, mm. */
  shiftMm: 5,
  /** A smaller tilt is none, degrees. */
  tiltDegrees: 0.5,
  /** Gantries tilt by up to 30 degrees. */
  largestTiltDegrees: 45,
  /** A head is about 130 mm or more from its base to its top. */
  coverageMm: 80,
  /** Thinner slices are noisier than what the paper's networks see, mm. */
  thinMm: 2,
  /** Rows and columns whose spacings differ by a smaller share are square. */
  squareShare: 0.001,
} as const;

type Rule = (stack: Stack) => readonly StudyCheck[];

/** All that is to be said of a stack's geometry, in the order of this table. */
export function checkGeometry(stack: Stack): StudyCheck[] {
  const rules: readonly Rule[] = [
    shear,
    tilt,
    tiltTag,
    shifted,
    turned,
    unevenSteps,
    mixedThickness,
    overlaps,
    gaps,
    coverage,
    thinness,
    squareness,
  ];
  return rules.flatMap((rule) => rule(stack));
}

const degreesText = (degrees: number) => `${Number(degrees.toFixed(1))} degrees`;

function shear(stack: Stack): StudyCheck[] {
  if (stack.tiltDegrees <= GEOMETRY_RULES.largestTiltDegrees) return [];
  const limit = degreesText(GEOMETRY_RULES.largestTiltDegrees);
  const text = `the slices are stacked ${degreesText(stack.tiltDegrees)} off their normal, up to ${limit} is a head CT's`;
  return [createCheck('stack-sheared', text)];
}

function tilt(stack: Stack): StudyCheck[] {
  if (stack.tiltDegrees < GEOMETRY_RULES.tiltDegrees) return [];
  return [
    createCheck(
      'gantry-tilt',
      `gantry tilted by ${degreesText(stack.tiltDegrees)}, by the slices' positions`,
    ),
  ];
}

function tiltTag(stack: Stack): StudyCheck[] {
  const wrong = stack.slices.filter(
    (slice) =>
      slice.gantryTiltDegrees !== undefined &&
      Math.abs(Math.abs(slice.gantryTiltDegrees) - stack.tiltDegrees) > GEOMETRY_RULES.tiltDegrees,
  );
  if (wrong.length === 0) return [];
  const said = degreesText(Math.abs(wrong[0]?.gantryTiltDegrees ?? 0));
  const text = `Gantry/Detector Tilt says ${said}, the slices' positions say ${degreesText(stack.tiltDegrees)}: the positions count`;
  return [createCheck('tilt-tag-disagrees', text, { files: pathsOf(wrong) })];
}

function shifted(stack: Stack): StudyCheck[] {
  const off = indicesWhere(stack.shiftsMm, (mm) => mm > GEOMETRY_RULES.shiftMm);
  if (off.length === 0) return [];
  const furthest = largestOf(off.map((i) => at(stack.shiftsMm, i)));
  const text = `${counted(off.length, 'slice')} up to ${mmText(furthest)} beside the line of the others`;
  return [createCheck('slice-shifted', text, { files: filesAt(stack, off), slices: off })];
}

/** The usual picture: right at its left edge, anterior at its top. */
function turned(stack: Stack): StudyCheck[] {
  const first = stack.slices[0];
  if (first === undefined || (first.rowDirection[0] > 0.7 && first.columnDirection[1] > 0.5)) return [];
  const text = `rows run along (${roundedText(first.rowDirection)}), columns along (${roundedText(first.columnDirection)}): the picture is shown as it was stored, and predicted upright`;
  return [createCheck('unusual-orientation', text)];
}

function roundedText(direction: readonly number[]): string {
  return direction.map((part) => Number(part.toFixed(2))).join(', ');
}

/** Runs of like steps in words: `13 steps of 4.22 mm, 1 of 1.14 mm, 13 of 7.38 mm`. */
export function stepsText(stepsMm: readonly number[]): string {
  const runs: { mm: number; count: number }[] = [];
  for (const mm of stepsMm) {
    const run = runs.find((r) => Math.abs(r.mm - mm) <= GEOMETRY_RULES.evenStepsMm);
    if (run === undefined) runs.push({ mm, count: 1 });
    else run.count++;
  }
  const shown = runs
    .slice(0, 8)
    .map((run, i) => `${run.count}${i === 0 ? ' of the steps' : ''} of ${mmText(run.mm)}`);
  return shown.join(', ') + (runs.length > 8 ? `, and ${runs.length - 8} others` : '');
}

function unevenSteps(stack: Stack): StudyCheck[] {
  const usual = medianOf(stack.stepsMm);
  const uneven = indicesWhere(stack.stepsMm, (mm) => Math.abs(mm - usual) > GEOMETRY_RULES.evenStepsMm);
  if (uneven.length === 0) return [];
  const ends = uneven.flatMap((i) => [i, i + 1]);
  const slices = [...new Set(ends)];
  return [
    createCheck('uneven-steps', `uneven steps from slice to slice: ${stepsText(stack.stepsMm)}`, {
      files: filesAt(stack, slices),
      slices,
    }),
  ];
}

function mixedThickness(stack: Stack): StudyCheck[] {
  const known = stack.slices.filter(({ sliceThicknessMm }) => sliceThicknessMm !== undefined);
  const groups = [...Map.groupBy(known, ({ sliceThicknessMm = 0 }) => sliceThicknessMm)];
  if (groups.length < 2) return [];
  const kinds = groups.map(([mm, slices]) => `${slices.length} of ${mmText(mm)}`).join(', ');
  const [, ...fewer] = groups.map(([, slices]) => slices).sort((a, b) => b.length - a.length);
  const files = pathsOf(fewer.flat());
  return [createCheck('mixed-thickness', `slices of several thicknesses: ${kinds}`, { files })];
}

/** The thickness that each step spans: the mean of its two slices' tags; the usual step where there is none. */
function spannedMm({ slices, normalStepsMm }: Stack): number[] {
  const usual = medianOf(normalStepsMm);
  return normalStepsMm.map((_, step) => {
    const [a, b] = [slices[step]?.sliceThicknessMm, slices[step + 1]?.sliceThicknessMm];
    return a === undefined || b === undefined ? usual : (a + b) / 2;
  });
}

function overlaps(stack: Stack): StudyCheck[] {
  const lapsMm = spannedMm(stack).map((spanned, i) => spanned - at(stack.normalStepsMm, i));
  const lapping = indicesWhere(
    stack.normalStepsMm,
    (mm, i) => mm > SAME_PLACE_MM && at(lapsMm, i) > GEOMETRY_RULES.evenStepsMm,
  );
  if (lapping.length === 0) return [];
  const most = largestOf(lapping.map((i) => at(lapsMm, i)));
  const text = `${counted(lapping.length, 'pair')} of neighbouring slices with an overlap of up to ${mmText(most)}`;
  return [createCheck('slices-overlap', text, lapping.length <= 8 ? concerning(stack, lapping) : {})];
}

/** For each step the usual one among those between slices as thick as its two. */
function usualStepsMm(stack: Stack, spanned: readonly number[]): number[] {
  const byThickness = new Map([...new Set(spanned)].map((mm) => [mm, usualStepMm(stack, spanned, mm)]));
  return spanned.map((thickness) => byThickness.get(thickness) as number);
}

function usualStepMm(stack: Stack, spanned: readonly number[], thickness: number): number {
  const alike = stack.normalStepsMm.filter(
    (mm, i) => mm > SAME_PLACE_MM && Math.abs(at(spanned, i) - thickness) < GEOMETRY_RULES.evenStepsMm,
  );
  return alike.length >= 3 ? medianOf(alike) : Math.max(thickness, medianOf(stack.normalStepsMm));
}

function gaps(stack: Stack): StudyCheck[] {
  const spanned = spannedMm(stack);
  const usual = usualStepsMm(stack, spanned);
  const missing = indicesWhere(
    stack.normalStepsMm,
    (mm, i) => mm > GEOMETRY_RULES.missingSliceFactor * at(usual, i) && !meet(stack, mm, at(spanned, i)),
  );
  const even = evenGap(stack, spanned, new Set(missing));
  if (missing.length === 0) return even;
  const excess = missing.map((i) => at(stack.normalStepsMm, i) - Math.max(at(usual, i), at(spanned, i)));
  const named = missing.map((i) => missingCheck(stack, i, at(usual, i)));
  return [...even, ...named, ...tooLarge(stack, missing, excess)];
}

/**
 * Whether no tissue lies between two slices of a scan without one usual step, as where a part was scanned once more
 * between the first slices. In a scan with one, a slice that overlaps its neighbours can be missing too.
 */
function meet({ normalStepsMm }: Stack, stepMm: number, spannedMm: number): boolean {
  const usual = medianOf(normalStepsMm);
  const isUsual = (mm: number) => Math.abs(mm - usual) <= GEOMETRY_RULES.evenStepsMm;
  const isEven = normalStepsMm.filter(isUsual).length > normalStepsMm.length / 2;
  return !isEven && stepMm <= spannedMm + GEOMETRY_RULES.evenStepsMm;
}

/** A scan with gaps by design: the tissue left out between the slices that are not lacking a neighbour. */
function evenGap(stack: Stack, spanned: readonly number[], missing: ReadonlySet<number>): StudyCheck[] {
  const unseen = stack.normalStepsMm.map((mm, i) => Math.max(0, mm - at(spanned, i)));
  const designed = medianOf(unseen.filter((_, i) => !missing.has(i)));
  if (!(designed > GEOMETRY_RULES.evenStepsMm)) return [];
  const text = `${mmText(designed)} of tissue between neighbouring slices of ${mmText(at(spanned, 0))} are on no slice`;
  return [createCheck('slices-apart', text)];
}

function missingCheck(stack: Stack, step: number, usual: number): StudyCheck {
  const mm = at(stack.normalStepsMm, step);
  const lost = Math.max(1, Math.round(mm / usual) - 1);
  const between = `slices ${step + 1} and ${step + 2} lie ${mmText(mm)} apart, usual are ${mmText(usual)}`;
  return createCheck(
    'slices-missing',
    `${between}: about ${counted(lost, 'slice')} missing`,
    concerning(stack, [step]),
  );
}

function tooLarge(stack: Stack, missing: readonly number[], excess: readonly number[]): StudyCheck[] {
  const { largestGapMm, largestGapShare } = GEOMETRY_RULES;
  const largest = largestOf(excess);
  const share = excess.reduce((a, b) => a + b, 0) / stack.normalStepsMm.reduce((a, b) => a + b, 0);
  if (largest <= largestGapMm && share <= largestGapShare) return [];
  const text =
    `${mmText(largest)} of tissue missing in one place and ${Math.round(share * 100)}% altogether; ` +
    `up to ${mmText(largestGapMm)} and ${largestGapShare * 100}% are accepted`;
  return [createCheck('gap-too-large', text, concerning(stack, missing))];
}

function coverage(stack: Stack): StudyCheck[] {
  const [lowest = 0, highest = 0] = [stack.placesMm[0], stack.placesMm.at(-1)];
  const covered = highest - lowest + (stack.slices[0]?.sliceThicknessMm ?? 0);
  if (covered >= GEOMETRY_RULES.coverageMm) return [];
  const text = `the slices cover ${mmText(covered)}, a whole head about 130 mm or more`;
  return [createCheck('short-coverage', text)];
}

function thinness(stack: Stack): StudyCheck[] {
  const tags = stack.slices.flatMap(({ sliceThicknessMm }) => sliceThicknessMm ?? []);
  const mm = medianOf(tags.length > 0 ? tags : stack.normalStepsMm);
  if (!(mm < GEOMETRY_RULES.thinMm)) return [];
  const text = `the slices are ${mmText(mm)} thick, models are usually trained on about 5 mm: thin slices are noisy, and noise imitates blood`;
  return [createCheck('slices-thin', text)];
}

function squareness(stack: Stack): StudyCheck[] {
  const spacing = stack.slices[0]?.pixelSpacingMm;
  if (spacing === undefined) return [];
  const { row, column } = spacing;
  if (Math.abs(row / column - 1) <= GEOMETRY_RULES.squareShare) return [];
  const text = `rows lie ${row} mm apart, columns ${column} mm; the pixels are kept as they are`;
  return [createCheck('pixels-not-square', text)];
}

function concerning(stack: Stack, steps: readonly number[]) {
  const slices = [...new Set(steps.flatMap((i) => [i, i + 1]))];
  return { files: filesAt(stack, slices), slices };
}

function filesAt(stack: Stack, slices: readonly number[]): string[] {
  return pathsOf(slices.flatMap((i) => stack.slices[i] ?? []));
}

function indicesWhere(values: readonly number[], holds: (value: number, index: number) => boolean): number[] {
  return values.flatMap((value, i) => (holds(value, i) ? [i] : []));
}
